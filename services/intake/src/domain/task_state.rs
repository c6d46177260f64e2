//! Where a task stands, and where it can go.

use super::transition::{self, Transition, WrongState};
use super::words::words;

words! {
    /// Where a task stands.
    pub enum TaskState {
        /// Its request is not accepted, or a task that it waits for is not.
        Pending = "pending",
        /// Ready to be assigned.
        Open = "open",
        /// Offered to a paralegal.
        Assigned = "assigned",
        /// A paralegal has accepted it.
        InProgress = "in_progress",
        /// Delivered, and waiting for the firm.
        Delivered = "delivered",
        /// The firm has asked for a revision.
        RevisionRequested = "revision_requested",
        /// The firm has accepted the delivery.
        Accepted = "accepted",
        /// Held.
        OnHold = "on_hold",
        /// Cancelled.
        Cancelled = "cancelled",
    }
}

/// What moves a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskMove {
    /// Its request is accepted, and what it waits for too.
    Open,
    /// It is offered to a paralegal.
    Offer,
    /// A paralegal accepts it.
    Begin,
    /// Whoever had it does no longer.
    Free,
    /// Work is handed over.
    Deliver,
    /// The firm accepts a part; the rest is still to be done.
    AcceptPart,
    /// The firm accepts the whole.
    Accept,
    /// The firm asks for a revision.
    Revise,
    /// The firm asks for more of a task that nobody has any more.
    Reopen,
    /// It is held.
    Hold,
    /// It is held no longer.
    Resume,
    /// It is cancelled.
    Cancel,
}

impl TaskMove {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Open,
        Self::Offer,
        Self::Begin,
        Self::Free,
        Self::Deliver,
        Self::AcceptPart,
        Self::Accept,
        Self::Revise,
        Self::Reopen,
        Self::Hold,
        Self::Resume,
        Self::Cancel,
    ];

    const fn target(self) -> &'static str {
        match self {
            Self::Open | Self::Free | Self::Reopen => TaskState::Open.as_str(),
            Self::Offer => TaskState::Assigned.as_str(),
            Self::Begin | Self::AcceptPart => TaskState::InProgress.as_str(),
            Self::Deliver => TaskState::Delivered.as_str(),
            Self::Accept => TaskState::Accepted.as_str(),
            Self::Revise => TaskState::RevisionRequested.as_str(),
            Self::Hold => TaskState::OnHold.as_str(),
            Self::Resume => "resumed",
            Self::Cancel => TaskState::Cancelled.as_str(),
        }
    }

    /// Whether it comes from assignment: it moves a task that is on hold as it would had it not been held.
    const fn reaches_through_a_hold(self) -> bool {
        matches!(self, Self::Offer | Self::Begin | Self::Free)
    }
}

/// Where a task can go. Resuming leads back to the state that was held, so it has no line here.
pub const TRANSITIONS: &[Transition<TaskState, TaskMove>] = {
    use TaskMove as By;
    use TaskState::{
        Accepted, Assigned, Cancelled, Delivered, InProgress, OnHold, Open, Pending,
        RevisionRequested,
    };
    &[
        (Pending, By::Open, Open),
        (Pending, By::Cancel, Cancelled),
        (Open, By::Offer, Assigned),
        (Open, By::Begin, InProgress),
        (Open, By::Hold, OnHold),
        (Open, By::Cancel, Cancelled),
        (Assigned, By::Begin, InProgress),
        (Assigned, By::Free, Open),
        (Assigned, By::Hold, OnHold),
        (Assigned, By::Cancel, Cancelled),
        (InProgress, By::Free, Open),
        (InProgress, By::Deliver, Delivered),
        (InProgress, By::Hold, OnHold),
        (InProgress, By::Cancel, Cancelled),
        (Delivered, By::AcceptPart, InProgress),
        (Delivered, By::Accept, Accepted),
        (Delivered, By::Revise, RevisionRequested),
        (Delivered, By::Reopen, Open),
        (RevisionRequested, By::Free, Open),
        (RevisionRequested, By::Deliver, Delivered),
        (RevisionRequested, By::Hold, OnHold),
        (RevisionRequested, By::Cancel, Cancelled),
        (OnHold, By::Cancel, Cancelled),
    ]
};

/// Where a task stands, and while it is on hold, where it would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    state: TaskState,
    held: Option<TaskState>,
}

impl Standing {
    /// A state that is not on hold.
    pub const fn in_state(state: TaskState) -> Self {
        Self { state, held: None }
    }

    /// What a store kept. None when it can't be: on hold without a held state, or a held state without the hold.
    pub fn stored(state: TaskState, held: Option<TaskState>) -> Option<Self> {
        ((state == TaskState::OnHold) == held.is_some()).then_some(Self { state, held })
    }

    /// The state.
    pub const fn state(self) -> TaskState {
        self.state
    }

    /// The state that it would be in had it not been held; none when it is not on hold.
    pub const fn held(self) -> Option<TaskState> {
        self.held
    }

    /// Where a move leads.
    pub fn after(self, by: TaskMove) -> Result<Self, WrongState> {
        let refused = WrongState {
            what: "task",
            from: self.state.as_str(),
            to: by.target(),
        };
        match self.held {
            Some(held) if by == TaskMove::Resume => Ok(Self::in_state(held)),
            Some(held) if by.reaches_through_a_hold() => {
                let held = transition::after(TRANSITIONS, held, by).ok_or(refused)?;
                Ok(Self {
                    held: Some(held),
                    ..self
                })
            }
            _ => {
                let state = transition::after(TRANSITIONS, self.state, by).ok_or(refused)?;
                let held = (by == TaskMove::Hold).then_some(self.state);
                Ok(Self { state, held })
            }
        }
    }

    /// Whether nothing more is to be done.
    pub const fn is_done(self) -> bool {
        matches!(self.state, TaskState::Accepted | TaskState::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(state: TaskState) -> Standing {
        let held = (state == TaskState::OnHold).then_some(TaskState::Open);
        Standing::stored(state, held).unwrap()
    }

    #[test]
    fn every_move_is_in_the_table_or_refused_with_both_states_named() {
        let mut allowed = 0;
        for from in TaskState::ALL
            .iter()
            .filter(|state| **state != TaskState::OnHold)
        {
            for by in TaskMove::ALL {
                match standing(*from).after(by) {
                    Ok(to) => {
                        allowed += 1;
                        assert!(TRANSITIONS.contains(&(*from, by, to.state())));
                        assert!(!standing(*from).is_done(), "{from} is done");
                    }
                    Err(refused) => {
                        assert_eq!((refused.from, refused.to), (from.as_str(), by.target()));
                    }
                }
            }
        }
        assert_eq!(
            allowed + 1,
            TRANSITIONS.len(),
            "and one line is for tasks on hold"
        );
    }

    #[test]
    fn a_task_on_hold_is_resumed_cancelled_or_moved_beneath_by_assignment() {
        for by in TaskMove::ALL {
            let outcome = standing(TaskState::OnHold).after(by);
            match by {
                TaskMove::Resume => assert_eq!(outcome, Ok(standing(TaskState::Open))),
                TaskMove::Cancel => assert_eq!(outcome, Ok(standing(TaskState::Cancelled))),
                TaskMove::Offer | TaskMove::Begin => {
                    let beneath = outcome.unwrap();
                    assert_eq!(beneath.state(), TaskState::OnHold);
                    assert_eq!(
                        beneath.after(TaskMove::Resume),
                        standing(TaskState::Open).after(by)
                    );
                }
                _ => assert_eq!(outcome.unwrap_err().from, "on_hold"),
            }
        }
    }

    /// Every standing and every move: a hold over any state that can be held goes by the state beneath for what comes
    /// from assignment, and by itself for what comes from people.
    #[test]
    fn every_hold_meets_every_move_as_the_state_beneath_or_as_a_hold() {
        for state in TaskState::ALL {
            let Ok(held) = Standing::in_state(*state).after(TaskMove::Hold) else {
                continue;
            };
            for by in TaskMove::ALL {
                let expected = match by {
                    TaskMove::Resume => Ok(Standing::in_state(*state)),
                    TaskMove::Cancel => Ok(Standing::in_state(TaskState::Cancelled)),
                    TaskMove::Offer | TaskMove::Begin | TaskMove::Free => {
                        Standing::in_state(*state)
                            .after(by)
                            .and_then(|beneath| beneath.after(TaskMove::Hold))
                            .map_err(|_| by.target())
                    }
                    _ => Err(by.target()),
                };
                match (held.after(by), expected) {
                    (led, Ok(to)) => assert_eq!(led, Ok(to), "{state} held, {by:?}"),
                    (led, Err(target)) => {
                        let refused = led.unwrap_err();
                        assert_eq!((refused.from, refused.to), ("on_hold", target));
                    }
                }
            }
        }
    }

    #[test]
    fn a_hold_remembers_where_it_was_put() {
        for state in [
            TaskState::Open,
            TaskState::Assigned,
            TaskState::InProgress,
            TaskState::RevisionRequested,
        ] {
            let held = standing(state).after(TaskMove::Hold).unwrap();
            assert_eq!(held.held(), Some(state));
            assert_eq!(held.after(TaskMove::Resume), Ok(standing(state)));
        }
    }

    #[test]
    fn a_store_cannot_hold_half_a_hold() {
        assert_eq!(Standing::stored(TaskState::OnHold, None), None);
        assert_eq!(
            Standing::stored(TaskState::Open, Some(TaskState::Open)),
            None
        );
    }
}
