//! The states of an assignment and the one table of its moves.

use std::fmt;

/// Where an assignment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AssignmentState {
    /// Waiting for the paralegal's answer.
    Offered,
    /// The paralegal works on it.
    Accepted,
    /// The firm has accepted the work.
    Completed,
    /// The paralegal declined it.
    Declined,
    /// The paralegal did not answer in time.
    Expired,
    /// Taken back.
    Released,
}

/// What can happen to an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The paralegal takes it.
    Accept,
    /// The paralegal refuses it.
    Decline,
    /// The time to answer is over.
    Expire,
    /// It is taken back.
    Release,
    /// The firm has accepted everything that was to be delivered.
    Complete,
}

/// A move that the table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an assignment that is {from} can't become {to}")]
pub struct IllegalMove {
    /// Where it stands.
    pub from: AssignmentState,
    /// Where it was to go.
    pub to: AssignmentState,
}

/// The table: from where, by what, to where. What is not in it does not happen.
pub const MOVES: [(AssignmentState, Step, AssignmentState); 6] = {
    use AssignmentState::{Accepted, Completed, Declined, Expired, Offered, Released};
    [
        (Offered, Step::Accept, Accepted),
        (Offered, Step::Decline, Declined),
        (Offered, Step::Expire, Expired),
        (Offered, Step::Release, Released),
        (Accepted, Step::Release, Released),
        (Accepted, Step::Complete, Completed),
    ]
};

impl AssignmentState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Offered,
        Self::Accepted,
        Self::Completed,
        Self::Declined,
        Self::Expired,
        Self::Released,
    ];

    /// The word that the store keeps.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Completed => "completed",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Released => "released",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether it holds its task.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }

    /// Where a step leads.
    pub fn after(self, step: Step) -> Result<Self, IllegalMove> {
        MOVES
            .iter()
            .find(|(from, by, _)| *from == self && *by == step)
            .map(|(_, _, to)| *to)
            .ok_or(IllegalMove {
                from: self,
                to: step.aim(),
            })
    }
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Accept,
        Self::Decline,
        Self::Expire,
        Self::Release,
        Self::Complete,
    ];

    /// Where it leads from wherever it is allowed.
    pub const fn aim(self) -> AssignmentState {
        match self {
            Self::Accept => AssignmentState::Accepted,
            Self::Decline => AssignmentState::Declined,
            Self::Expire => AssignmentState::Expired,
            Self::Release => AssignmentState::Released,
            Self::Complete => AssignmentState::Completed,
        }
    }
}

impl fmt::Display for AssignmentState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state_leads_where_the_table_says_or_nowhere() {
        for from in AssignmentState::ALL {
            for step in Step::ALL {
                let written = MOVES
                    .iter()
                    .find(|(state, by, _)| (*state, *by) == (from, step));
                match (written, from.after(step)) {
                    (Some((_, _, to)), Ok(reached)) => assert_eq!(*to, reached),
                    (None, Err(refused)) => {
                        assert_eq!((refused.from, refused.to), (from, step.aim()));
                    }
                    (written, reached) => panic!("{from} by {step:?}: {written:?}, {reached:?}"),
                }
            }
        }
    }

    #[test]
    fn the_table_has_no_move_twice_and_each_leads_where_its_step_aims() {
        for (at, (from, step, to)) in MOVES.iter().enumerate() {
            assert_eq!(step.aim(), *to);
            assert!(
                MOVES[at + 1..]
                    .iter()
                    .all(|(other, by, _)| (other, by) != (from, step))
            );
        }
    }

    #[test]
    fn what_has_ended_has_ended_for_good() {
        for (from, step, to) in MOVES {
            assert!(from.is_live(), "{from} by {step:?} to {to}");
        }
    }

    #[test]
    fn every_state_reads_back_from_its_word() {
        for state in AssignmentState::ALL {
            assert_eq!(AssignmentState::from_word(state.as_str()), Some(state));
        }
    }
}
