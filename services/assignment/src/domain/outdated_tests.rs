//! What makes a plan outdated, and what does not.

use time::Duration;

use super::super::examples::{HOUR, NOW, paralegal, task};
use super::super::plan::{Effort, Wishes, propose};
use super::super::task::{Matter, TaskState};
use super::*;

/// What has moved after `change` of the facts from which one task was planned.
fn moved(change: impl FnOnce(&mut Facts)) -> Vec<(What, String)> {
    let mut facts = Facts {
        tasks: vec![task()],
        roster: vec![paralegal()],
        ..Facts::default()
    };
    let policy = Policy::default();
    let effort = Effort {
        time_limit: std::time::Duration::from_mins(10),
        moves: 1_000,
        seed: 0,
    };
    let proposal = propose(&policy, NOW, &facts, &Wishes::default(), &effort).expect("a plan");
    assert_eq!(proposal.assignments.len(), 1);
    change(&mut facts);
    outdated(&policy, NOW, &proposal.assignments, &facts)
        .into_iter()
        .map(|moved| (moved.what, moved.detail))
        .collect()
}

fn only(what: What, detail: &str) -> Vec<(What, String)> {
    vec![(what, detail.to_owned())]
}

#[test]
fn a_plan_holds_while_nothing_changes() {
    assert_eq!(moved(|_| ()), []);
}

#[test]
fn a_task_that_changed_or_can_not_be_offered_any_more_makes_it_outdated() {
    assert_eq!(
        moved(|facts| facts.tasks[0].version += 1),
        only(What::Task, "has changed")
    );
    let held = moved(|facts| facts.tasks[0].state = TaskState::OnHold);
    assert_eq!(held, only(What::Task, "is on hold by now"));
    let taken = moved(|facts| {
        facts.taken.insert(facts.tasks[0].name);
    });
    assert_eq!(taken, only(What::Task, "has a live assignment by now"));
    let suspended = moved(|facts| {
        facts.suspended.insert(facts.tasks[0].firm());
    });
    assert_eq!(
        suspended,
        only(What::Task, "is of a firm that is suspended by now")
    );
}

#[test]
fn a_matter_or_a_paralegal_that_changed_makes_it_outdated() {
    let matter = moved(|facts| {
        let name = MatterName::new(facts.tasks[0].firm(), facts.tasks[0].matter);
        facts.matters.insert(
            name,
            Matter {
                version: 3,
                screened: Vec::new(),
            },
        );
    });
    assert_eq!(matter, only(What::Matter, "has changed"));
    let paralegal = moved(|facts| facts.roster[0].version += 1);
    assert_eq!(paralegal, only(What::Paralegal, "has changed"));
    assert_eq!(
        moved(|facts| facts.roster.clear()),
        only(What::Paralegal, "has changed")
    );
}

#[test]
fn a_load_that_leaves_no_room_makes_it_outdated_and_one_that_does_not_does_not() {
    let with = |hours: i64, tasks: usize| {
        moved(move |facts| {
            let one = Commitment {
                effort: hours * HOUR,
                due: NOW + Duration::days(2),
            };
            let load = Load {
                commitments: vec![one; tasks],
            };
            facts.loads.insert(facts.roster[0].id, load);
        })
    };
    assert_eq!(with(5, 1), []);
    assert_eq!(
        with(35, 1),
        only(What::Load, "has too little time left by now")
    );
    assert_eq!(with(0, 5), only(What::Load, "has too many tasks by now"));
}

#[test]
fn everything_that_moved_is_told() {
    let all = moved(|facts| {
        facts.tasks[0].state = TaskState::Cancelled;
        facts.roster[0].version += 1;
    });
    assert_eq!(all.len(), 2);
}
