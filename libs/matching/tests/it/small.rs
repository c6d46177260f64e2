//! Problems small enough to try every plan, and one that is not.

use caseload_matching::{
    Commitment, LeftOut, Options, Person, PersonIndex, Plan, Problem, Task, TaskIndex, Window,
    check, solve,
};
use proptest::prelude::*;

/// A small problem in the making.
#[derive(Debug, Clone)]
pub(crate) struct Small {
    periods: usize,
    people: Vec<(Vec<i64>, Option<u32>)>,
    tasks: Vec<(usize, usize, Option<i64>)>,
    /// By task and person: effort, cost, whether there is a pair.
    pairs: Vec<Vec<(i64, i64, bool)>>,
    commitments: Vec<(usize, i64, usize, usize)>,
    forbidden: Vec<(usize, usize)>,
    pin: Option<(usize, usize)>,
}

fn window(one: usize, other: usize) -> Window {
    Window::new(one.min(other), one.max(other))
}

pub(crate) fn small() -> impl Strategy<Value = Small> {
    (1..=3_usize, 1..=3_usize, 1..=6_usize).prop_flat_map(|(periods, people, tasks)| {
        let person = (
            prop::collection::vec(0..=12_i64, periods),
            prop::option::weighted(0.3, 0..=4_u32),
        );
        let penalty = prop::option::weighted(0.6, -5..=60_i64);
        let task = (0..periods, 0..periods, penalty);
        let pair = (0..=9_i64, -10..=40_i64, prop::bool::weighted(0.8));
        (
            prop::collection::vec(person, people),
            prop::collection::vec(task, tasks),
            prop::collection::vec(prop::collection::vec(pair, people), tasks),
            prop::collection::vec((0..people, 0..=8_i64, 0..periods, 0..periods), 0..=2),
            prop::collection::vec((0..tasks, 0..people), 0..=1),
            prop::option::weighted(0.2, (0..tasks, 0..people)),
        )
            .prop_map(
                move |(people, tasks, pairs, commitments, forbidden, pin)| Small {
                    periods,
                    people,
                    tasks,
                    pairs,
                    commitments,
                    forbidden,
                    pin,
                },
            )
    })
}

impl Small {
    /// The problem; without its pin when that does not fit.
    pub(crate) fn problem(&self) -> Problem {
        self.build(self.pin)
            .or_else(|| self.build(None))
            .expect("a problem without a pin is one")
    }

    fn build(&self, pin: Option<(usize, usize)>) -> Option<Problem> {
        let mut problem = Problem::builder(self.periods);
        let people: Vec<PersonIndex> = self
            .people
            .iter()
            .map(|(capacity, task_limit)| {
                problem.person(Person {
                    capacity: capacity.clone(),
                    task_limit: *task_limit,
                })
            })
            .collect();
        let tasks: Vec<TaskIndex> = self
            .tasks
            .iter()
            .map(|(one, other, penalty)| {
                problem.task(Task {
                    window: window(*one, *other),
                    left_out: penalty.map_or(LeftOut::Never, LeftOut::Costs),
                })
            })
            .collect();
        for (task, row) in tasks.iter().zip(&self.pairs) {
            for (person, (effort, cost, there)) in people.iter().zip(row) {
                if *there {
                    problem.pair(*task, *person, *effort, *cost);
                }
            }
        }
        for (person, effort, one, other) in &self.commitments {
            let window = window(*one, *other);
            problem.commit(
                people[*person],
                Commitment {
                    effort: *effort,
                    window,
                },
            );
        }
        for (task, person) in &self.forbidden {
            problem.forbid(tasks[*task], people[*person]);
        }
        if let Some((task, person)) = pin {
            problem.pin(tasks[task], people[person]);
        }
        problem.build().ok()
    }
}

pub(crate) fn tasks(problem: &Problem) -> Vec<TaskIndex> {
    let mut made = Problem::builder(1);
    let task = Task {
        window: Window::new(0, 0),
        left_out: LeftOut::Never,
    };
    (0..problem.task_count()).map(|_| made.task(task)).collect()
}

pub(crate) fn people(problem: &Problem) -> Vec<PersonIndex> {
    let mut made = Problem::builder(1);
    let person = Person {
        capacity: vec![0],
        task_limit: None,
    };
    (0..problem.person_count())
        .map(|_| made.person(person.clone()))
        .collect()
}

/// The fewest tasks missing and the least cost of every plan there is.
pub(crate) fn brute_force(problem: &Problem) -> (usize, i64) {
    fn go(
        problem: &Problem,
        (tasks, people): (&[TaskIndex], &[PersonIndex]),
        plan: &mut Plan,
        best: &mut Option<(usize, i64)>,
    ) {
        let Some((task, rest)) = tasks.split_first() else {
            if let Ok((cost, missing)) = check(problem, plan) {
                let this = (missing, cost);
                *best = Some(best.map_or(this, |best| best.min(this)));
            }
            return;
        };
        for person in people.iter().copied().map(Some).chain([None]) {
            plan.set(*task, person);
            go(problem, (rest, people), plan, best);
        }
    }
    let mut best = None;
    let (tasks, people) = (tasks(problem), people(problem));
    go(
        problem,
        (&tasks, &people),
        &mut Plan::empty(problem),
        &mut best,
    );
    best.expect("the plan of the pins alone is one")
}

/// A problem of the hard kind, in which cost and effort run against each other, and the cost of a plan for it.
pub(crate) fn large(task_count: usize, person_count: usize) -> (Problem, i64) {
    let mut state = 42_u64;
    let mut below = |end: i64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        i64::try_from(state >> 33).expect("31 bits") % end
    };
    let efforts: Vec<Vec<i64>> = (0..task_count)
        .map(|_| (0..person_count).map(|_| 1 + below(100)).collect())
        .collect();
    let mut problem = Problem::builder(1);
    let people: Vec<PersonIndex> = (0..person_count)
        .map(|person| {
            let all: i64 = efforts.iter().map(|row| row[person]).sum();
            let capacity = all * 8 / 10 / i64::try_from(person_count).expect("small");
            problem.person(Person {
                capacity: vec![capacity],
                task_limit: None,
            })
        })
        .collect();
    for row in &efforts {
        let task = problem.task(Task {
            window: Window::new(0, 0),
            left_out: LeftOut::Never,
        });
        for (person, effort) in people.iter().zip(row) {
            problem.pair(task, *person, *effort, 111 - effort + below(21) - 10);
        }
    }
    let problem = problem.build().expect("a problem");
    let answer = solve(
        &problem,
        &Options {
            moves: 200_000,
            time_limit: std::time::Duration::from_mins(10),
            ..Options::default()
        },
    );
    assert_eq!(answer.missing, 0);
    (problem, answer.cost)
}
