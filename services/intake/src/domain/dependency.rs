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

/// Things that wait for one another by key, brought into an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// The places of those that can be done, each after what it waits for, else as they stood.
    pub order: Vec<usize>,
    /// The places of those that wait for what is not among them, with the first such key.
    pub strangers: Vec<(usize, String)>,
    /// The places of those that wait for themselves, over however many steps, or for one that does, or for one that
    /// waits for a stranger.
    pub stuck: Vec<usize>,
}

/// Brings things into an order in which each comes after what it waits for. Each is its key, which is unique or empty,
/// and the keys that it waits for.
pub fn in_order(all: &[(&str, &[String])]) -> Order {
    let places: BTreeMap<&str, usize> = all
        .iter()
        .enumerate()
        .filter(|(_, (key, _))| !key.is_empty())
        .map(|(at, (key, _))| (*key, at))
        .collect();
    let mut found = Order::default();
    let mut left = vec![0_usize; all.len()];
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (at, (_, depends_on)) in all.iter().enumerate() {
        for key in *depends_on {
            match places.get(key.as_str()) {
                Some(first) => waiting[*first].push(at),
                None if found.strangers.last().is_none_or(|(last, _)| *last != at) => {
                    found.strangers.push((at, key.clone()));
                }
                None => {}
            }
            left[at] += 1;
        }
    }
    let mut ready: BTreeSet<usize> = (0..all.len()).filter(|at| left[*at] == 0).collect();
    while let Some(next) = ready.pop_first() {
        found.order.push(next);
        for at in &waiting[next] {
            left[*at] -= 1;
            if left[*at] == 0 {
                ready.insert(*at);
            }
        }
    }
    let told = |at: &usize| found.strangers.iter().any(|(stranger, _)| stranger == at);
    found.stuck = (0..all.len())
        .filter(|at| left[*at] > 0 && !told(at))
        .collect();
    found
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

    fn order(all: &[(&str, &[&str])]) -> Order {
        let owned: Vec<(&str, Vec<String>)> = all
            .iter()
            .map(|(key, on)| (*key, on.iter().map(|on| (*on).to_owned()).collect()))
            .collect();
        let borrowed: Vec<_> = owned
            .iter()
            .map(|(key, on)| (*key, on.as_slice()))
            .collect();
        in_order(&borrowed)
    }

    #[test]
    fn what_is_waited_for_comes_first_and_the_rest_stays_as_it_stood() {
        let found = order(&[("c", &["a", "b"]), ("b", &["a"]), ("a", &[]), ("", &[])]);
        assert_eq!(found.order, [2, 1, 0, 3]);
        assert!(found.strangers.is_empty() && found.stuck.is_empty());
    }

    #[test]
    fn who_waits_for_a_stranger_or_in_a_circle_is_told_and_the_others_are_not_held_up() {
        let found = order(&[
            ("a", &["b"]),
            ("b", &["a"]),
            ("c", &["nobody", "nowhere"]),
            ("d", &["c"]),
            ("e", &[]),
            ("f", &["f"]),
        ]);
        assert_eq!(found.order, [4]);
        assert_eq!(found.strangers, [(2, "nobody".to_owned())]);
        assert_eq!(found.stuck, [0, 1, 3, 5]);
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
