//! Requests: what a firm asks to have done on a matter.

use caseload_domain::name::RequestName;
use caseload_domain::{ConflictCheckId, MatterId};
use time::OffsetDateTime;

use super::conflict::CheckState;
use super::transition::{self, Transition, WrongState};
use super::words::{facts, words};

words! {
    /// Where a request stands.
    pub enum RequestState {
        /// The firm is still writing it.
        Draft = "draft",
        /// Sent in.
        Submitted = "submitted",
        /// A coordinator looks at it.
        InReview = "in_review",
        /// The work is done or being done.
        Accepted = "accepted",
        /// Refused.
        Declined = "declined",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Every task is accepted or cancelled.
        Completed = "completed",
    }
}

/// What moves a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestMove {
    /// The firm sends it in.
    Submit,
    /// A coordinator takes it up.
    StartReview,
    /// A coordinator takes it on.
    Accept,
    /// A coordinator refuses it.
    Decline,
    /// The firm takes it back.
    Withdraw,
    /// Its last task is done.
    Complete,
}

impl RequestMove {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Submit,
        Self::StartReview,
        Self::Accept,
        Self::Decline,
        Self::Withdraw,
        Self::Complete,
    ];

    const fn target(self) -> RequestState {
        match self {
            Self::Submit => RequestState::Submitted,
            Self::StartReview => RequestState::InReview,
            Self::Accept => RequestState::Accepted,
            Self::Decline => RequestState::Declined,
            Self::Withdraw => RequestState::Withdrawn,
            Self::Complete => RequestState::Completed,
        }
    }
}

/// Where a request can go.
pub const TRANSITIONS: &[Transition<RequestState, RequestMove>] = {
    use RequestMove::{Accept, Complete, Decline, StartReview, Submit, Withdraw};
    use RequestState::{Accepted, Completed, Declined, Draft, InReview, Submitted, Withdrawn};
    &[
        (Draft, Submit, Submitted),
        (Draft, Withdraw, Withdrawn),
        (Submitted, StartReview, InReview),
        (Submitted, Decline, Declined),
        (Submitted, Withdraw, Withdrawn),
        (InReview, Accept, Accepted),
        (InReview, Decline, Declined),
        (InReview, Withdraw, Withdrawn),
        (Accepted, Complete, Completed),
    ]
};

impl RequestState {
    /// Where a move leads.
    pub fn after(self, by: RequestMove) -> Result<Self, WrongState> {
        transition::after(TRANSITIONS, self, by).ok_or(WrongState {
            what: "request",
            from: self.as_str(),
            to: by.target().as_str(),
        })
    }

    /// Whether nothing becomes of it any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Declined | Self::Withdrawn | Self::Completed)
    }
}

facts! {
    /// What the firm says of a request.
    pub struct RequestFacts / RequestPatch {
        /// What is asked for, in one line.
        title: String,
        /// What else is to be known.
        description: String,
        /// Who stays responsible; none when not named yet.
        supervising_attorney_id: Option<String>,
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Which one.
    pub name: RequestName,
    /// The matter that it is on.
    pub matter: MatterId,
    /// What the firm says of it.
    pub facts: RequestFacts,
    /// Where it stands.
    pub state: RequestState,
    /// Why it was declined or withdrawn; empty when it was not.
    pub close_reason: String,
    /// The matter's newest conflict check, where there is one.
    pub conflict: Option<(ConflictCheckId, CheckState)>,
    /// When it was submitted.
    pub submit_time: Option<OffsetDateTime>,
    /// When it was accepted.
    pub accept_time: Option<OffsetDateTime>,
    /// When it was declined, withdrawn or completed.
    pub end_time: Option<OffsetDateTime>,
    /// Changes with every change.
    pub version: i64,
    /// When it was begun.
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    pub update_time: OffsetDateTime,
}

impl Request {
    /// Moves it, and notes when.
    pub fn go(&mut self, by: RequestMove, now: OffsetDateTime) -> Result<(), WrongState> {
        self.state = self.state.after(by)?;
        match self.state {
            RequestState::Submitted => self.submit_time = Some(now),
            RequestState::Accepted => self.accept_time = Some(now),
            state if state.is_over() => self.end_time = Some(now),
            _ => {}
        }
        Ok(())
    }

    /// Whether a change of these fields may be made: the supervising attorney until it is over, the others in a draft.
    pub fn may_change(&self, patch: &RequestPatch) -> Result<(), WrongState> {
        let only_attorney = patch.title.is_none() && patch.description.is_none();
        let changeable =
            self.state == RequestState::Draft || (only_attorney && !self.state.is_over());
        if changeable {
            Ok(())
        } else {
            Err(WrongState {
                what: "request",
                from: self.state.as_str(),
                to: "changed",
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use caseload_domain::{FirmId, RequestId};

    use super::*;

    fn request(state: RequestState) -> Request {
        Request {
            name: RequestName::new(FirmId::generate(), RequestId::generate()),
            matter: MatterId::generate(),
            facts: RequestFacts {
                title: "Research".to_owned(),
                description: String::new(),
                supervising_attorney_id: None,
            },
            state,
            close_reason: String::new(),
            conflict: None,
            submit_time: None,
            accept_time: None,
            end_time: None,
            version: 1,
            create_time: OffsetDateTime::UNIX_EPOCH,
            update_time: OffsetDateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn every_move_is_in_the_table_or_refused_with_both_states_named() {
        let mut allowed = 0;
        for from in RequestState::ALL {
            for by in RequestMove::ALL {
                match from.after(by) {
                    Ok(to) => {
                        allowed += 1;
                        assert!(TRANSITIONS.contains(&(*from, by, to)));
                        assert_eq!(to, by.target());
                        assert!(!from.is_over(), "{from} is over");
                    }
                    Err(refused) => {
                        assert_eq!(refused.what, "request");
                        assert_eq!(refused.from, from.as_str());
                        assert_eq!(refused.to, by.target().as_str());
                    }
                }
            }
        }
        assert_eq!(
            allowed,
            TRANSITIONS.len(),
            "each line of the table is reached once"
        );
    }

    #[test]
    fn the_road_to_completion_notes_its_times() {
        let mut request = request(RequestState::Draft);
        let at = |hour| OffsetDateTime::UNIX_EPOCH + time::Duration::hours(hour);
        for (hour, by) in [
            (1, RequestMove::Submit),
            (2, RequestMove::StartReview),
            (3, RequestMove::Accept),
            (4, RequestMove::Complete),
        ] {
            request.go(by, at(hour)).unwrap();
        }
        assert_eq!(request.state, RequestState::Completed);
        assert_eq!(request.submit_time, Some(at(1)));
        assert_eq!(request.accept_time, Some(at(3)));
        assert_eq!(request.end_time, Some(at(4)));
    }

    #[test]
    fn a_refused_move_changes_nothing() {
        let mut request = request(RequestState::Draft);
        let before = request.clone();
        assert!(
            request
                .go(RequestMove::Accept, OffsetDateTime::UNIX_EPOCH)
                .is_err()
        );
        assert_eq!(request, before);
    }

    #[test]
    fn a_draft_can_be_changed_and_later_the_attorney_alone_until_the_end() {
        let title = RequestPatch {
            title: Some("Other".to_owned()),
            ..RequestPatch::default()
        };
        let attorney = RequestPatch {
            supervising_attorney_id: Some(Some("roe".to_owned())),
            ..RequestPatch::default()
        };
        for state in RequestState::ALL {
            let request = request(*state);
            assert_eq!(
                request.may_change(&title).is_ok(),
                *state == RequestState::Draft
            );
            assert_eq!(request.may_change(&attorney).is_ok(), !state.is_over());
        }
    }
}
