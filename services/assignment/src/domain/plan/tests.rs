//! What plans come to on facts small enough to see through.

use std::time::Duration as Limit;

use caseload_domain::name::TaskName;
use time::Duration;

use super::super::examples::{HOUR, NOW, hourly, paralegal, task};
use super::super::load::{Commitment as Committed, Load};
use super::super::paralegal::Paralegal;
use super::super::task::Task;
use super::*;

fn effort() -> Effort {
    Effort {
        time_limit: Limit::from_mins(10),
        moves: 20_000,
        seed: 1,
    }
}

fn facts(tasks: Vec<Task>, roster: Vec<Paralegal>) -> Facts {
    Facts {
        tasks,
        roster,
        ..Facts::default()
    }
}

fn plan(facts: &Facts, wishes: &Wishes) -> Result<Proposal, NoPlan> {
    propose(&Policy::default(), NOW, facts, wishes, &effort())
}

fn paid(dollars: i64) -> Paralegal {
    let mut who = paralegal();
    who.profile.pay.hourly = Some(hourly(dollars));
    who
}

fn pairs(proposal: &Proposal) -> Vec<(TaskName, ParalegalId)> {
    proposal
        .assignments
        .iter()
        .map(|one| (one.task, one.paralegal))
        .collect()
}

#[test]
fn a_task_goes_to_whom_it_costs_least_and_the_plan_is_proven() {
    let (cheap, dear) = (paid(30), paid(50));
    let facts = facts(vec![task()], vec![dear, cheap.clone()]);
    let proposal = plan(&facts, &Wishes::default()).expect("a plan");
    assert_eq!(pairs(&proposal), [(facts.tasks[0].name, cheap.id)]);
    assert_eq!(proposal.lower_bound, proposal.cost().total());
}

#[test]
fn work_that_one_person_could_not_do_in_time_is_spread() {
    // Three tasks of fifteen hours, due in a week of forty.
    let tasks: Vec<Task> = (0..3)
        .map(|_| Task {
            effort: 15 * HOUR,
            ..task()
        })
        .collect();
    let (cheap, dear) = (paid(30), paid(90));
    let facts = facts(tasks, vec![cheap.clone(), dear]);
    let proposal = plan(&facts, &Wishes::default()).expect("a plan");
    assert_eq!(proposal.assignments.len(), 3);
    let his = proposal
        .assignments
        .iter()
        .filter(|one| one.paralegal == cheap.id);
    assert_eq!(his.count(), 2);
}

#[test]
fn what_finds_no_room_is_left_out_with_its_penalty_and_the_rest_is_placed() {
    let tasks: Vec<Task> = (0..3)
        .map(|_| Task {
            effort: 15 * HOUR,
            ..task()
        })
        .collect();
    let facts = facts(tasks, vec![paid(30)]);
    let proposal = plan(&facts, &Wishes::default()).expect("a plan");
    assert_eq!(proposal.assignments.len(), 2);
    assert_eq!(proposal.unplaced[0].reason, UnplacedReason::NoRoom);
    assert_eq!(proposal.penalty(), 100_000 + 15 * 50_000);
    assert!(proposal.lower_bound <= proposal.cost().total() + proposal.penalty());
}

#[test]
fn urgent_work_is_placed_before_other_work_when_not_all_of_it_can_be() {
    let mut tasks: Vec<Task> = (0..3)
        .map(|_| Task {
            effort: 30 * HOUR,
            ..task()
        })
        .collect();
    tasks[1].priority = caseload_domain::work::Priority::Urgent;
    let facts = facts(tasks, vec![paid(30)]);
    let proposal = plan(&facts, &Wishes::default()).expect("a plan");
    assert_eq!(
        pairs(&proposal),
        [(facts.tasks[1].name, facts.roster[0].id)]
    );
}

#[test]
fn a_task_that_nobody_may_do_says_which_rules_exclude_how_many_and_costs_nothing() {
    let mut impossible = task();
    impossible.jurisdiction = "US-CA".to_owned();
    let mut idle = paid(30);
    idle.active = false;
    let facts = facts(vec![impossible], vec![paid(30), idle]);
    let proposal = plan(&facts, &Wishes::default()).expect("a plan");
    let left = &proposal.unplaced[0];
    assert_eq!(
        (left.reason, left.penalty),
        (UnplacedReason::NobodyEligible, 0)
    );
    assert_eq!(
        left.exclusion_counts,
        [(Rule::Jurisdiction, 2), (Rule::Inactive, 1)]
    );
    assert_eq!(proposal.lower_bound, 0);
}

#[test]
fn what_is_committed_already_takes_time() {
    let mut facts = facts(
        vec![Task {
            effort: 30 * HOUR,
            ..task()
        }],
        vec![paid(30)],
    );
    let busy = Committed {
        effort: 20 * HOUR,
        due: NOW + Duration::days(3),
    };
    facts.loads.insert(
        facts.roster[0].id,
        Load {
            commitments: vec![busy],
        },
    );
    let proposal = plan(&facts, &Wishes::default()).expect("a plan");
    assert_eq!(proposal.unplaced[0].exclusion_counts, [(Rule::Capacity, 1)]);
}

#[test]
fn pins_and_forbidden_pairs_hold() {
    let (cheap, dear) = (paid(30), paid(50));
    let facts = facts(vec![task(), task()], vec![cheap.clone(), dear.clone()]);
    let [one, other] = [facts.tasks[0].name, facts.tasks[1].name];
    let wishes = Wishes {
        pinned: BTreeMap::from([(one, dear.id)]),
        forbidden: [(other, cheap.id)].into(),
    };
    let proposal = plan(&facts, &wishes).expect("a plan");
    assert_eq!(pairs(&proposal), [(one, dear.id), (other, dear.id)]);
    let nobody = Wishes {
        forbidden: [(other, cheap.id), (other, dear.id)].into(),
        ..Wishes::default()
    };
    let proposal = plan(&facts, &nobody).expect("a plan");
    assert_eq!(
        proposal.unplaced[0].exclusion_counts,
        [(Rule::Specification, 2)]
    );
}

#[test]
fn a_pin_that_the_rules_exclude_or_that_does_not_fit_is_refused() {
    let mut idle = paid(30);
    idle.active = false;
    let excluded = facts(vec![task()], vec![idle.clone()]);
    let pin = |facts: &Facts| Wishes {
        pinned: facts
            .tasks
            .iter()
            .map(|task| (task.name, facts.roster[0].id))
            .collect(),
        ..Wishes::default()
    };
    match plan(&excluded, &pin(&excluded)) {
        Err(NoPlan::PinExcluded(_, who, found)) => {
            assert_eq!((who, found[0].rule), (idle.id, Rule::Inactive));
        }
        other => panic!("{other:?}"),
    }
    let tasks = (0..3)
        .map(|_| Task {
            effort: 15 * HOUR,
            ..task()
        })
        .collect();
    let too_many = facts(tasks, vec![paid(30)]);
    assert!(matches!(
        plan(&too_many, &pin(&too_many)),
        Err(NoPlan::PinsDoNotFit(_))
    ));
}

#[test]
fn who_declined_is_not_asked_again_but_when_the_task_is_pinned_to_them() {
    let mut facts = facts(vec![task()], vec![paid(30)]);
    let pair = (facts.tasks[0].name, facts.roster[0].id);
    facts.answered.insert(pair);
    let proposal = plan(&facts, &Wishes::default()).expect("a plan");
    assert_eq!(proposal.unplaced[0].exclusion_counts, [(Rule::Answered, 1)]);
    let wishes = Wishes {
        pinned: BTreeMap::from([pair]),
        ..Wishes::default()
    };
    assert_eq!(pairs(&plan(&facts, &wishes).expect("a plan")), [pair]);
}

#[test]
fn the_same_facts_and_seed_make_the_same_plan() {
    let tasks: Vec<Task> = (1..20)
        .map(|hours| Task {
            effort: hours * HOUR,
            ..task()
        })
        .collect();
    let roster = (30..36).map(paid).collect();
    let facts = facts(tasks, roster);
    let (one, other) = (
        plan(&facts, &Wishes::default()),
        plan(&facts, &Wishes::default()),
    );
    assert_eq!(one.expect("a plan"), other.expect("a plan"));
}
