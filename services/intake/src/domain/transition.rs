//! Moves between states. Each state machine is one table; a move that is not in it is refused.

/// A resource is in a state from which it can't go where it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the {what} is {from} and can't become {to}")]
pub struct WrongState {
    /// What it is: `request`, `task`.
    pub what: &'static str,
    /// The state that it is in.
    pub from: &'static str,
    /// The state that was asked for.
    pub to: &'static str,
}

/// One line of a table: from a state, by a move, to a state.
pub type Transition<S, M> = (S, M, S);

/// Where a move leads from a state; none when the table has no such line.
pub fn after<S: Copy + PartialEq, M: Copy + PartialEq>(
    table: &[Transition<S, M>],
    from: S,
    by: M,
) -> Option<S> {
    table
        .iter()
        .find(|(state, step, _)| *state == from && *step == by)
        .map(|(_, _, to)| *to)
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::super::{conflict_state, delivery, request, task_state};
    use super::*;

    /// Whether a table has one answer to each question, leads from its first state to every other, and out of every
    /// one but the last ones.
    fn is_sound<S, M>(table: &[Transition<S, M>], states: &[S], first: &[S], last: &[S])
    where
        S: Copy + PartialEq + Debug,
        M: Copy + PartialEq + Debug,
    {
        for (at, (from, by, _)) in table.iter().enumerate() {
            let again = table[..at]
                .iter()
                .any(|line| (line.0, line.1) == (*from, *by));
            assert!(!again, "{from:?} by {by:?} is there twice");
        }
        let mut reached = first.to_vec();
        while let Some((_, _, to)) = table
            .iter()
            .find(|(from, _, to)| reached.contains(from) && !reached.contains(to))
        {
            reached.push(*to);
        }
        for state in states {
            assert!(reached.contains(state), "nothing leads to {state:?}");
            let leads_on = table.iter().any(|(from, _, _)| from == state);
            assert_eq!(leads_on, !last.contains(state), "{state:?}");
        }
    }

    #[test]
    fn every_table_reaches_every_state_and_is_stuck_in_the_last_ones_alone() {
        use conflict_state::CheckState;
        use delivery::DeliveryState;
        use request::RequestState;
        use task_state::TaskState;
        is_sound(
            request::TRANSITIONS,
            RequestState::ALL,
            &[RequestState::Draft],
            &[
                RequestState::Declined,
                RequestState::Withdrawn,
                RequestState::Completed,
            ],
        );
        is_sound(
            task_state::TRANSITIONS,
            TaskState::ALL,
            &[TaskState::Pending],
            &[TaskState::Accepted, TaskState::Cancelled],
        );
        is_sound(
            delivery::TRANSITIONS,
            DeliveryState::ALL,
            &[DeliveryState::Submitted],
            &[DeliveryState::Accepted, DeliveryState::RevisionRequested],
        );
        is_sound(
            conflict_state::TRANSITIONS,
            CheckState::ALL,
            &[
                CheckState::Clear,
                CheckState::UnderReview,
                CheckState::Blocked,
            ],
            &[CheckState::Superseded],
        );
    }
}
