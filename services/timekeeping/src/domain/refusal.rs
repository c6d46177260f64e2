//! Why something can't be done with time, though the request is well formed.

use caseload_domain::name::TimeEntryName;
use time::OffsetDateTime;

use super::state::State;

/// Why something can't be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The entry does not stand where this can be done.
    #[error("is {}, and can't become {to}", .from.as_str())]
    WrongState {
        /// Where it stands.
        from: State,
        /// Where it was to go.
        to: &'static str,
    },
    /// The paralegal has other time then.
    #[error("overlaps other time of the paralegal")]
    Overlaps {
        /// The other entry; a running timer's is the one that it becomes. None when it is not the caller's to know.
        other: Option<TimeEntryName>,
    },
    /// The paralegal has a timer running.
    #[error("a timer of the paralegal runs already")]
    TimerRunning,
    /// The task was not the paralegal's all that time.
    #[error("the task was not assigned to the paralegal all that time")]
    NotAssigned {
        /// From when it was theirs, of the assignment that comes nearest. None: never accepted.
        from: Option<OffsetDateTime>,
        /// Until when. None: it still is.
        until: Option<OffsetDateTime>,
    },
    /// Something that submission requires is not there.
    #[error("{0}")]
    Incomplete(Lacking),
    /// The caller would decide on time that they worked, recorded or submitted.
    #[error("is the caller's own time, and somebody else must decide on it")]
    OwnTime,
}

/// What submission requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    /// What was done is not said.
    #[error("lacks a narrative")]
    Narrative,
    /// No activity code is given.
    #[error("lacks a UTBMS activity code")]
    ActivityCode,
    /// It is shorter than a second.
    #[error("is shorter than a second")]
    Time,
}

impl Refusal {
    /// The stable reason, as `google.rpc.ErrorInfo` carries it.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "WRONG_STATE",
            Self::Overlaps { .. } => "TIME_OVERLAPS",
            Self::TimerRunning => "TIMER_RUNNING",
            Self::NotAssigned { .. } => "NOT_ASSIGNED",
            Self::Incomplete(_) => "SUBMISSION_INCOMPLETE",
            Self::OwnTime => "OWN_TIME",
        }
    }
}
