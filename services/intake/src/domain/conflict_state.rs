//! Where a conflict check stands, and where it can go.

use super::transition::{self, Transition, WrongState};
use super::words::words;

words! {
    /// Where a check stands.
    pub enum CheckState {
        /// Waiting for a conflict officer.
        UnderReview = "under_review",
        /// No conflict.
        Clear = "clear",
        /// A conflict that is waived.
        Waived = "waived",
        /// A conflict that is not.
        Blocked = "blocked",
        /// A newer check has taken its place.
        Superseded = "superseded",
    }

    /// What a comparison found.
    pub enum CheckResult {
        /// Nothing.
        Clear = "clear",
        /// Names that match on opposite sides.
        Possible = "possible",
        /// Both sides of one proceeding.
        Blocked = "blocked",
    }

    /// What an officer decides.
    pub enum Decision {
        /// It is no conflict.
        Clear = "clear",
        /// It is one, and it is waived.
        Waive = "waive",
        /// It is one, and the work can't be taken.
        Block = "block",
    }
}

/// What moves a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckMove {
    /// An officer's decision.
    Decide(Decision),
    /// A newer check.
    Supersede,
}

/// Where a check can go. An officer may think again: what was cleared can be blocked, what was blocked cleared.
pub const TRANSITIONS: &[Transition<CheckState, CheckMove>] = {
    use CheckMove::{Decide, Supersede};
    use CheckState::{Blocked, Clear, Superseded, UnderReview, Waived};
    &[
        (UnderReview, Decide(Decision::Clear), Clear),
        (UnderReview, Decide(Decision::Waive), Waived),
        (UnderReview, Decide(Decision::Block), Blocked),
        (UnderReview, Supersede, Superseded),
        (Clear, Decide(Decision::Waive), Waived),
        (Clear, Decide(Decision::Block), Blocked),
        (Clear, Supersede, Superseded),
        (Waived, Decide(Decision::Clear), Clear),
        (Waived, Decide(Decision::Waive), Waived),
        (Waived, Decide(Decision::Block), Blocked),
        (Waived, Supersede, Superseded),
        (Blocked, Decide(Decision::Clear), Clear),
        (Blocked, Decide(Decision::Waive), Waived),
        (Blocked, Supersede, Superseded),
    ]
};

impl CheckMove {
    const fn target(self) -> CheckState {
        match self {
            Self::Decide(Decision::Clear) => CheckState::Clear,
            Self::Decide(Decision::Waive) => CheckState::Waived,
            Self::Decide(Decision::Block) => CheckState::Blocked,
            Self::Supersede => CheckState::Superseded,
        }
    }
}

impl CheckState {
    /// Where a move leads.
    pub fn after(self, by: CheckMove) -> Result<Self, WrongState> {
        transition::after(TRANSITIONS, self, by).ok_or(WrongState {
            what: "conflict check",
            from: self.as_str(),
            to: by.target().as_str(),
        })
    }
}

impl CheckResult {
    /// Where a check with this result begins.
    pub const fn initial_state(self) -> CheckState {
        match self {
            Self::Clear => CheckState::Clear,
            Self::Possible => CheckState::UnderReview,
            Self::Blocked => CheckState::Blocked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_move_is_in_the_table_or_refused_with_both_states_named() {
        let decisions = Decision::ALL
            .iter()
            .map(|decision| CheckMove::Decide(*decision));
        let moves: Vec<_> = decisions.chain([CheckMove::Supersede]).collect();
        let mut allowed = 0;
        for from in CheckState::ALL {
            for by in &moves {
                match from.after(*by) {
                    Ok(to) => {
                        allowed += 1;
                        assert!(TRANSITIONS.contains(&(*from, *by, to)));
                        assert_eq!(to, by.target());
                    }
                    Err(refused) => {
                        assert_eq!(refused.from, from.as_str());
                        assert_eq!(refused.to, by.target().as_str());
                    }
                }
            }
        }
        assert_eq!(allowed, TRANSITIONS.len());
        assert!(
            moves
                .iter()
                .all(|by| CheckState::Superseded.after(*by).is_err())
        );
    }
}
