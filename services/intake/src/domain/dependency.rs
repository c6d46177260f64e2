//! What tasks wait for.

use std::collections::{BTreeMap, BTreeSet};

use caseload_domain::TaskId;

use super::task::TaskState;

/// Whether a task that is to wait for these would, over however many steps, wait for itself. `waits` says what every
/// task of the request waits for at present.
pub fn closes_circle(
    task: TaskId,
    depends_on: &[TaskId],
    waits: &BTreeMap<TaskId, Vec<TaskId>>,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut ahead = depends_on.to_vec();
    while let Some(next) = ahead.pop() {
        if next == task {
            return true;
        }
        if seen.insert(next) {
            ahead.extend(waits.get(&next).into_iter().flatten());
        }
    }
    false
}

/// Whether nothing is left to wait for. What is cancelled is waited for no longer.
pub fn nothing_left(depends_on: &[TaskId], states: &BTreeMap<TaskId, TaskState>) -> bool {
    depends_on.iter().all(|task| {
        matches!(
            states.get(task),
            Some(TaskState::Accepted | TaskState::Cancelled)
        )
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use TaskState::{Accepted, Cancelled, Delivered};

    fn ids(count: usize) -> Vec<TaskId> {
        (0..count).map(|_| TaskId::generate()).collect()
    }

    #[test]
    fn a_task_cannot_wait_for_itself_however_far_round() {
        let [a, b, c] = ids(3)[..] else {
            unreachable!()
        };
        let waits = BTreeMap::from([(b, vec![a]), (c, vec![b])]);
        assert!(closes_circle(a, &[a], &waits));
        assert!(closes_circle(a, &[b], &waits));
        assert!(closes_circle(a, &[c], &waits));
        assert!(!closes_circle(c, &[a, b], &waits));
    }

    #[test]
    fn a_task_opens_when_all_it_waits_for_is_accepted_or_cancelled() {
        let [a, b] = ids(2)[..] else { unreachable!() };
        let states = |one, other| BTreeMap::from([(a, one), (b, other)]);
        assert!(nothing_left(&[a, b], &states(Accepted, Cancelled)));
        assert!(!nothing_left(&[a, b], &states(Accepted, Delivered)));
        assert!(nothing_left(&[], &BTreeMap::new()));
        assert!(!nothing_left(&[a], &BTreeMap::new()));
    }

    proptest! {
        /// Edges that are only added when they close no circle leave an order in which everything can be done.
        #[test]
        fn what_is_let_in_can_always_be_done(edges in proptest::collection::vec((0_usize..8, 0_usize..8), 0..40)) {
            let tasks = ids(8);
            let mut waits: BTreeMap<TaskId, Vec<TaskId>> = BTreeMap::new();
            for (from, to) in edges {
                let (from, to) = (tasks[from], tasks[to]);
                if !closes_circle(from, &[to], &waits) {
                    waits.entry(from).or_default().push(to);
                }
            }
            let mut states: BTreeMap<_, _> = tasks.iter().map(|task| (*task, TaskState::Pending)).collect();
            for _ in 0..tasks.len() {
                let ready: Vec<_> = tasks
                    .iter()
                    .filter(|task| states[task] == TaskState::Pending)
                    .filter(|task| nothing_left(waits.get(task).map_or(&[], Vec::as_slice), &states))
                    .copied()
                    .collect();
                for task in ready {
                    states.insert(task, TaskState::Accepted);
                }
            }
            prop_assert!(states.values().all(|state| *state == TaskState::Accepted));
        }
    }
}
