//! Where an entry stands, and the one table of how it gets there.

use std::str::FromStr;

use caseload_domain::work::UnknownWord;

use super::refusal::Refusal;

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// A timer that runs.
    Running,
    /// The paralegal's own.
    Draft,
    /// Handed in.
    Submitted,
    /// A fact: billed and paid.
    Approved,
    /// Handed back with a reason.
    Rejected,
    /// Was a fact, and no longer counts.
    Reversed,
}

/// What can happen to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The timer is stopped.
    Stop,
    /// The timer is thrown away.
    Discard,
    /// The entry is changed.
    Revise,
    /// The entry is deleted.
    Delete,
    /// The entry is handed in.
    Submit,
    /// A reviewer approves.
    Approve,
    /// A reviewer rejects.
    Reject,
    /// Approved time is reversed.
    Reverse,
}

/// What is allowed; nothing else is.
const TRANSITIONS: [(State, Step); 9] = [
    (State::Running, Step::Stop),
    (State::Running, Step::Discard),
    (State::Draft, Step::Revise),
    (State::Rejected, Step::Revise),
    (State::Draft, Step::Delete),
    (State::Draft, Step::Submit),
    (State::Submitted, Step::Approve),
    (State::Submitted, Step::Reject),
    (State::Approved, Step::Reverse),
];

impl State {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Running,
        Self::Draft,
        Self::Submitted,
        Self::Approved,
        Self::Rejected,
        Self::Reversed,
    ];

    /// What a firm sees: all that was handed in to it, and never what is still the paralegal's own.
    pub const SEEN_BY_FIRM: [Self; 4] = [
        Self::Submitted,
        Self::Approved,
        Self::Rejected,
        Self::Reversed,
    ];

    /// What a paralegal and the suite's staff see as entries; a running timer is seen as a timer.
    pub const ENTRIES: [Self; 5] = [
        Self::Draft,
        Self::Submitted,
        Self::Approved,
        Self::Rejected,
        Self::Reversed,
    ];

    /// The word that stores, logs and errors use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Reversed => "reversed",
        }
    }

    /// Whether a step is allowed from here; the refusal names both states.
    pub fn allows(self, step: Step) -> Result<(), Refusal> {
        if TRANSITIONS.contains(&(self, step)) {
            Ok(())
        } else {
            Err(Refusal::WrongState {
                from: self,
                to: step.leads_to(),
            })
        }
    }
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Stop,
        Self::Discard,
        Self::Revise,
        Self::Delete,
        Self::Submit,
        Self::Approve,
        Self::Reject,
        Self::Reverse,
    ];

    /// The word of the state that the step leads to; two lead out of the world.
    pub const fn leads_to(self) -> &'static str {
        match self {
            Self::Stop | Self::Revise => State::Draft.as_str(),
            Self::Discard => "discarded",
            Self::Delete => "deleted",
            Self::Submit => State::Submitted.as_str(),
            Self::Approve => State::Approved.as_str(),
            Self::Reject => State::Rejected.as_str(),
            Self::Reverse => State::Reversed.as_str(),
        }
    }
}

impl FromStr for State {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table once more, as a reader would draw it: each state with all that can happen to it.
    fn drawn(state: State) -> &'static [Step] {
        match state {
            State::Running => &[Step::Stop, Step::Discard],
            State::Draft => &[Step::Revise, Step::Delete, Step::Submit],
            State::Submitted => &[Step::Approve, Step::Reject],
            State::Approved => &[Step::Reverse],
            State::Rejected => &[Step::Revise],
            State::Reversed => &[],
        }
    }

    #[test]
    fn every_step_from_every_state_is_allowed_or_refused_as_drawn() {
        for state in State::ALL {
            for step in Step::ALL {
                let allowed = state.allows(step);
                if drawn(state).contains(&step) {
                    assert_eq!(allowed, Ok(()), "{state:?} {step:?}");
                } else {
                    let refusal = Refusal::WrongState {
                        from: state,
                        to: step.leads_to(),
                    };
                    assert_eq!(allowed, Err(refusal), "{state:?} {step:?}");
                }
            }
        }
    }

    #[test]
    fn every_state_can_be_reached_and_only_a_reversal_is_the_end() {
        for state in State::ALL {
            let reached = state == State::Running
                || TRANSITIONS
                    .iter()
                    .any(|(_, step)| step.leads_to() == state.as_str());
            assert!(reached, "{state:?}");
            let ends = TRANSITIONS.iter().all(|(from, _)| *from != state);
            assert_eq!(ends, state == State::Reversed, "{state:?}");
        }
    }

    #[test]
    fn a_state_is_read_by_the_word_it_is_kept_as() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("paused".parse::<State>().is_err());
    }

    #[test]
    fn a_firm_never_sees_what_is_still_the_paralegals_own() {
        for own in [State::Running, State::Draft] {
            assert!(!State::SEEN_BY_FIRM.contains(&own));
        }
    }
}
