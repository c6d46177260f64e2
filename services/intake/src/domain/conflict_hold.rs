//! What an unresolved conflict lets be done (ABA Model Rules 1.7 and 1.16). Nothing new is begun until an officer has
//! decided. Work under way goes on, since a court's deadline does not wait; an officer's block stops it too.

use super::task::TaskState;
use super::words::words;

words! {
    /// Who put a task on hold.
    pub enum HoldCause {
        /// The firm or a coordinator, who can take it off again.
        Caller = "caller",
        /// A conflict check. It goes with its cause alone.
        Conflict = "conflict",
    }
}

/// What may be done on a matter, as its conflict check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clearance {
    /// Everything.
    Free,
    /// What was begun goes on.
    NothingNew,
    /// Nothing.
    Nothing,
}

/// Why a task is on hold for a conflict, as everyone reads it: no more than a firm may know.
pub const HOLD_REASON: &str = "the matter is under review";

impl Clearance {
    /// Whether a task can't stay in a state.
    pub const fn stops(self, state: TaskState) -> bool {
        match self {
            Self::Free => false,
            Self::NothingNew => matches!(state, TaskState::Open),
            Self::Nothing => matches!(
                state,
                TaskState::Open
                    | TaskState::Assigned
                    | TaskState::InProgress
                    | TaskState::RevisionRequested
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::task::{Standing, TaskMove};

    #[test]
    fn what_is_stopped_can_be_held_and_what_is_over_or_waits_is_left_alone() {
        for state in TaskState::ALL {
            assert!(!Clearance::Free.stops(*state));
            for clearance in [Clearance::NothingNew, Clearance::Nothing] {
                if clearance.stops(*state) {
                    assert!(Standing::in_state(*state).after(TaskMove::Hold).is_ok());
                }
            }
            if Clearance::NothingNew.stops(*state) {
                assert!(Clearance::Nothing.stops(*state));
            }
        }
        for waits in [
            TaskState::Pending,
            TaskState::Delivered,
            TaskState::Accepted,
        ] {
            assert!(!Clearance::Nothing.stops(waits));
        }
    }
}
