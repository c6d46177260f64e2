//! What holds of every answer, tried on many small problems against every plan there is.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod small;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use caseload_matching::{
    Answer, Commitment, InvalidProblem, LeftOut, Options, Person, Plan, Problem, Stopped, Task,
    Violation, WhyLeftOut, Window, check, solve,
};
use proptest::prelude::*;

fn options(moves: u64) -> Options<'static> {
    Options {
        time_limit: Duration::from_mins(10),
        moves,
        ..Options::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_plan_keeps_every_limit_and_the_best_there_is_lies_between_its_bound_and_its_cost(
        small in small::small(), seed: u64,
    ) {
        let problem = small.problem();
        let answer = solve(&problem, &Options { seed, ..options(3_000) });
        let checked = check(&problem, &answer.plan);
        prop_assert_eq!(checked, Ok((answer.cost, answer.missing)));
        let (missing, best) = small::brute_force(&problem);
        prop_assert!((answer.missing, answer.cost) >= (missing, best));
        if missing == 0 {
            prop_assert!(answer.bound <= best, "bound {} over the best {}", answer.bound, best);
        }
        if answer.missing == 0 {
            prop_assert!(answer.bound <= answer.cost);
            if answer.stopped == Stopped::Proven {
                prop_assert_eq!(answer.cost, best);
            }
        }
    }

    #[test]
    fn a_seed_decides_the_answer(small in small::small(), seed: u64) {
        let problem = small.problem();
        let again = || solve(&problem, &Options { seed, ..options(2_000) });
        let (one, other) = (again(), again());
        prop_assert_eq!(&one.plan, &other.plan);
        prop_assert_eq!(one.bound, other.bound);
    }

    #[test]
    fn an_answer_is_no_worse_than_where_it_began(small in small::small(), seed: u64) {
        let problem = small.problem();
        let before = solve(&problem, &Options { seed, ..options(2_000) });
        let after = solve(&problem, &Options { start: Some(&before.plan), ..options(0) });
        prop_assert!((after.missing, after.cost) <= (before.missing, before.cost));
    }

    #[test]
    fn what_is_left_out_is_told_with_a_reason_that_holds(small in small::small()) {
        let problem = small.problem();
        let answer = solve(&problem, &options(2_000));
        for left in &answer.left_out {
            prop_assert_eq!(answer.plan.of(left.task), None);
            let placeable = small::people(&problem).into_iter().any(|person| {
                let mut plan = answer.plan.clone();
                plan.set(left.task, Some(person));
                check(&problem, &plan).is_ok()
            });
            prop_assert_eq!(placeable, left.why == WhyLeftOut::TooCostly);
        }
        let placed = (0..problem.task_count()).count() - answer.left_out.len();
        let given = small::tasks(&problem).into_iter().filter(|task| answer.plan.of(*task).is_some());
        prop_assert_eq!(placed, given.count());
    }
}

#[test]
fn nearly_every_small_problem_is_solved_to_the_best_there_is() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let (mut best, mut tried) = (0, 0);
    for _ in 0..300 {
        let problem = small::small()
            .new_tree(&mut runner)
            .expect("a problem")
            .current()
            .problem();
        let answer = solve(&problem, &options(20_000));
        tried += 1;
        best += usize::from((answer.missing, answer.cost) == small::brute_force(&problem));
    }
    assert!(best * 100 >= tried * 97, "only {best} of {tried}");
}

/// One person of ten hours over two periods, who has so much to do already.
fn one_person(
    committed: &[Commitment],
) -> (caseload_matching::Builder, caseload_matching::PersonIndex) {
    let mut problem = Problem::builder(2);
    let person = problem.person(Person {
        capacity: vec![5, 5],
        task_limit: Some(3),
    });
    for one in committed {
        problem.commit(person, *one);
    }
    (problem, person)
}

fn task(first: usize, last: usize, penalty: i64) -> Task {
    Task {
        window: Window::new(first, last),
        left_out: LeftOut::Costs(penalty),
    }
}

fn why(answer: &Answer) -> Vec<WhyLeftOut> {
    answer.left_out.iter().map(|left| left.why).collect()
}

#[test]
fn work_that_is_due_early_does_not_use_time_that_comes_late() {
    let (mut problem, person) = one_person(&[]);
    let (one, other) = (problem.task(task(0, 0, 100)), problem.task(task(0, 0, 50)));
    problem.pair(one, person, 4, 1);
    problem.pair(other, person, 4, 1);
    let problem = problem.build().expect("a problem");
    let answer = solve(&problem, &options(1_000));
    assert_eq!(answer.plan.of(one), Some(person));
    assert_eq!(why(&answer), [WhyLeftOut::NoRoom]);
    let mut both = answer.plan.clone();
    both.set(other, Some(person));
    assert_eq!(
        check(&problem, &both),
        Err(vec![Violation::Late(person, 0)])
    );
}

#[test]
fn commitments_take_time_and_places_and_one_that_is_late_takes_the_next_room() {
    let early = Commitment {
        effort: 7,
        window: Window::new(0, 0),
    };
    let (mut problem, person) = one_person(&[early]);
    let (early, late, more) = (
        problem.task(task(0, 0, 9)),
        problem.task(task(0, 1, 9)),
        problem.task(task(0, 1, 9)),
    );
    problem.pair(early, person, 1, 1);
    problem.pair(late, person, 2, 1);
    problem.pair(more, person, 2, 1);
    let answer = solve(&problem.build().expect("a problem"), &options(1_000));
    // Three hours are left; two tasks of the three that fit by count do not fit by time.
    assert_eq!(answer.left_out.len(), 1);
    assert_eq!(answer.cost, 1 + 1 + 9);
}

#[test]
fn a_limit_on_tasks_holds_where_there_is_time_for_more() {
    let (mut problem, person) = one_person(&[]);
    for _ in 0..5 {
        let one = problem.task(task(0, 1, 9));
        problem.pair(one, person, 1, 1);
    }
    let answer = solve(&problem.build().expect("a problem"), &options(1_000));
    assert_eq!(why(&answer), [WhyLeftOut::NoRoom; 2]);
    assert_eq!((answer.cost, answer.bound), (21, 21));
}

#[test]
fn a_pin_holds_even_where_another_is_cheaper_and_a_forbidden_pair_is_never_made() {
    let mut problem = Problem::builder(1);
    let one = problem.person(Person {
        capacity: vec![9],
        task_limit: None,
    });
    let other = problem.person(Person {
        capacity: vec![9],
        task_limit: None,
    });
    let pinned = problem.task(Task {
        window: Window::new(0, 0),
        left_out: LeftOut::Never,
    });
    let forbidden = problem.task(Task {
        window: Window::new(0, 0),
        left_out: LeftOut::Never,
    });
    for (task, person, cost) in [
        (pinned, one, 1),
        (pinned, other, 5),
        (forbidden, one, 1),
        (forbidden, other, 7),
    ] {
        problem.pair(task, person, 1, cost);
    }
    problem.pin(pinned, other);
    problem.forbid(forbidden, one);
    let answer = solve(&problem.build().expect("a problem"), &options(1_000));
    assert_eq!(answer.plan.of(pinned), Some(other));
    assert_eq!(answer.plan.of(forbidden), Some(other));
    assert_eq!(
        (answer.cost, answer.bound, answer.stopped),
        (12, 12, Stopped::Proven)
    );
}

#[test]
fn what_is_no_problem_is_refused_with_what_is_wrong() {
    let person = Person {
        capacity: vec![1],
        task_limit: None,
    };
    let given = task(0, 0, 1);
    let make = |change: &dyn Fn(&mut caseload_matching::Builder)| {
        let mut problem = Problem::builder(1);
        let who = problem.person(person.clone());
        let what = problem.task(given);
        problem.pair(what, who, 1, 1);
        change(&mut problem);
        (problem.build().map(|_| ()), what, who)
    };
    let (_, what, who) = make(&|_| ());
    assert_eq!(
        Problem::builder(0).build().map(|_| ()),
        Err(InvalidProblem::Size)
    );
    assert_eq!(
        make(&|problem| problem.pair(what, who, 1, 2)).0,
        Err(InvalidProblem::Twice(what, who))
    );
    assert_eq!(
        make(&|problem| problem.pair(what, who, -1, 2)).0,
        Err(InvalidProblem::Range)
    );
    assert_eq!(
        make(&|problem| {
            problem.task(task(0, 1, 1));
        })
        .0,
        Err(InvalidProblem::Window)
    );
    assert_eq!(
        make(&|problem| {
            problem.forbid(what, who);
            problem.pin(what, who);
        })
        .0,
        Err(InvalidProblem::Pin(what, who))
    );
    assert_eq!(
        make(&|problem| {
            let other = problem.task(given);
            problem.pair(other, who, 1, 1);
            problem.pin(what, who);
            problem.pin(other, who);
        })
        .0,
        Err(InvalidProblem::PinsDoNotFit(who))
    );
    assert_eq!(
        make(&|problem| {
            problem.person(Person {
                capacity: vec![1, 2],
                task_limit: None,
            });
        })
        .0
        .map_err(|refused| matches!(refused, InvalidProblem::Capacity(_))),
        Err(true)
    );
}

#[test]
fn it_answers_with_what_it_has_when_it_is_cancelled_or_given_no_time() {
    let (problem, cost) = small::large(40, 8);
    let cancel = AtomicBool::new(true);
    for options in [
        Options {
            cancel: Some(&cancel),
            ..options(u64::MAX)
        },
        Options {
            time_limit: Duration::ZERO,
            ..options(u64::MAX)
        },
    ] {
        let answer = solve(&problem, &options);
        assert_eq!(answer.stopped, Stopped::CutOff);
        assert_eq!(
            check(&problem, &answer.plan),
            Ok((answer.cost, answer.missing))
        );
        assert!(answer.bound <= cost);
    }
}

#[test]
fn a_larger_plan_comes_near_its_bound() {
    let (problem, _) = small::large(120, 10);
    let answer = solve(&problem, &options(400_000));
    assert_eq!(answer.missing, 0);
    assert!(answer.gap().expect("complete") < 0.02, "{:?}", answer.gap());
}

#[test]
fn an_empty_problem_has_an_empty_plan() {
    let problem = Problem::builder(1).build().expect("a problem");
    let answer = solve(&problem, &options(10));
    assert_eq!(
        (answer.cost, answer.bound, answer.stopped),
        (0, 0, Stopped::Proven)
    );
    assert_eq!(answer.plan, Plan::empty(&problem));
}
