//! What assignment's events do to a task.
//!
//! They come in the order in which assignment wrote them, and not in the order in which intake acts: a task may be
//! cancelled before the event of its acceptance arrives. And they may be replayed from the beginning. So an event
//! moves a task only where that is a legal move, and only the assignment that has the task can give it up.

use super::task::{Standing, TaskMove, TaskState, Worker};

/// What happened to an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentStep {
    /// It was offered.
    Offered,
    /// The paralegal has accepted it.
    Accepted,
    /// It is done.
    Completed,
    /// It was declined, expired or was released.
    Ended,
}

/// Where a task stands after an event, and who has it. None when nothing changes.
pub fn follow(
    standing: Standing,
    worker: Option<Worker>,
    about: Worker,
    step: AssignmentStep,
) -> Option<(Standing, Option<Worker>)> {
    let its_own = worker.is_some_and(|worker| worker.assignment == about.assignment);
    match step {
        AssignmentStep::Offered if worker.is_none() => standing
            .after(TaskMove::Offer)
            .ok()
            .map(|to| (to, Some(about))),
        AssignmentStep::Accepted if its_own || worker.is_none() => {
            match standing.after(TaskMove::Begin) {
                Ok(to) => Some((to, Some(about))),
                // Whoever delivered was released, and the task was given on before the delivery was heard of. Whoever
                // has it now takes it up where the firm's verdict leaves it.
                Err(_) if worker.is_none() && standing.state() == TaskState::Delivered => {
                    Some((standing, Some(about)))
                }
                Err(_) => None,
            }
        }
        // Who did the work stays on the task.
        AssignmentStep::Ended if its_own && standing.state() != TaskState::Accepted => {
            Some((standing.after(TaskMove::Free).unwrap_or(standing), None))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use caseload_domain::{AssignmentId, ParalegalId};
    use proptest::prelude::*;

    use super::*;

    fn worker() -> Worker {
        Worker {
            assignment: AssignmentId::generate(),
            paralegal: ParalegalId::generate(),
        }
    }

    const fn standing(state: TaskState) -> Standing {
        Standing::in_state(state)
    }

    #[test]
    fn an_offer_and_its_acceptance_take_an_open_task_into_progress() {
        let own = worker();
        let offered = follow(
            standing(TaskState::Open),
            None,
            own,
            AssignmentStep::Offered,
        );
        assert_eq!(offered, Some((standing(TaskState::Assigned), Some(own))));
        let accepted = follow(
            standing(TaskState::Assigned),
            Some(own),
            own,
            AssignmentStep::Accepted,
        );
        assert_eq!(accepted, Some((standing(TaskState::InProgress), Some(own))));
    }

    #[test]
    fn whoever_gives_a_task_up_leaves_it_open() {
        let own = worker();
        for state in [
            TaskState::Assigned,
            TaskState::InProgress,
            TaskState::RevisionRequested,
        ] {
            let ended = follow(standing(state), Some(own), own, AssignmentStep::Ended);
            assert_eq!(ended, Some((standing(TaskState::Open), None)));
        }
    }

    #[test]
    fn a_delivery_waits_on_though_its_paralegal_is_gone() {
        let own = worker();
        let ended = follow(
            standing(TaskState::Delivered),
            Some(own),
            own,
            AssignmentStep::Ended,
        );
        assert_eq!(ended, Some((standing(TaskState::Delivered), None)));
    }

    #[test]
    fn a_delivery_that_nobody_has_any_more_gets_whoever_accepts_the_task_after() {
        let next = worker();
        let delivered = standing(TaskState::Delivered);
        let accepted = follow(delivered, None, next, AssignmentStep::Accepted);
        assert_eq!(accepted, Some((delivered, Some(next))));
        let taken = follow(delivered, Some(worker()), next, AssignmentStep::Accepted);
        assert_eq!(taken, None);
    }

    #[test]
    fn another_assignments_end_changes_nothing() {
        let (own, other) = (worker(), worker());
        let ended = follow(
            standing(TaskState::InProgress),
            Some(own),
            other,
            AssignmentStep::Ended,
        );
        assert_eq!(ended, None);
    }

    #[test]
    fn a_task_that_is_over_stays_over() {
        let own = worker();
        for step in [AssignmentStep::Offered, AssignmentStep::Accepted] {
            for state in [TaskState::Cancelled, TaskState::Accepted] {
                assert_eq!(follow(standing(state), None, own, step), None);
            }
        }
        let cancelled = standing(TaskState::Cancelled);
        let ended = follow(cancelled, Some(own), own, AssignmentStep::Ended);
        assert_eq!(ended, Some((cancelled, None)));
    }

    #[test]
    fn a_task_on_hold_is_moved_beneath() {
        let own = worker();
        let held = standing(TaskState::InProgress)
            .after(TaskMove::Hold)
            .unwrap();
        let (after, left) = follow(held, Some(own), own, AssignmentStep::Ended).unwrap();
        assert_eq!(after.state(), TaskState::OnHold);
        assert_eq!(after.after(TaskMove::Resume), Ok(standing(TaskState::Open)));
        assert_eq!(left, None);
    }

    proptest! {
        /// The history of a task: offers one after another, each answered, then replayed from the beginning.
        #[test]
        fn a_replay_from_the_beginning_ends_where_it_was(answers in proptest::collection::vec(any::<bool>(), 1..5), last_accepted in any::<bool>()) {
            let mut history = Vec::new();
            for accepted in answers {
                let one = worker();
                history.push((one, AssignmentStep::Offered));
                if accepted {
                    history.push((one, AssignmentStep::Accepted));
                }
                history.push((one, AssignmentStep::Ended));
            }
            let last = worker();
            history.push((last, AssignmentStep::Offered));
            if last_accepted {
                history.push((last, AssignmentStep::Accepted));
            }
            let play = |mut at: (Standing, Option<Worker>)| {
                for (about, step) in &history {
                    at = follow(at.0, at.1, *about, *step).unwrap_or(at);
                }
                at
            };
            let once = play((standing(TaskState::Open), None));
            prop_assert_eq!(once.1, Some(last));
            prop_assert_eq!(play(once), once);
        }
    }
}
