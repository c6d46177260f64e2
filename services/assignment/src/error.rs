//! What can go wrong, and its status as a caller sees it: the one place where they are mapped.

use caseload_database::DatabaseError;
use caseload_domain::money::MoneyError;
use caseload_proto::status::{self, DOMAIN, Reason, internal, not_found, status_with};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::domain::assignment::IllegalMove;
use crate::domain::eligibility::Exclusion;
use crate::domain::facts::NotAssignable;
use crate::domain::outdated::Moved;
use crate::domain::plan::NoPlan;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused, or is away.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The request is bad; the status names every field.
    #[error("the request is invalid")]
    Invalid(Box<Status>),
    /// It is not there, or not the caller's to see.
    #[error("{0} was not found")]
    NotFound(String),
    /// It is in a state from which this can't be done.
    #[error("{resource} is {from} and can't become {to}")]
    WrongState {
        /// What.
        resource: String,
        /// Where it stands.
        from: String,
        /// Where it was to go.
        to: String,
    },
    /// The time to answer the offer is over.
    #[error("the time to answer {0} is over")]
    AnswerTooLate(String),
    /// The task has a live assignment.
    #[error("{0} has a live assignment")]
    TaskTaken(String),
    /// The task's firm is suspended.
    #[error("the firm of {0} is suspended")]
    FirmSuspended(String),
    /// The timekeeper id is another paralegal's.
    #[error("the timekeeper id {0} is another paralegal's")]
    TimekeeperTaken(String),
    /// Rules exclude the paralegal from the task.
    #[error("rules exclude {paralegal} from {task}")]
    Excluded {
        /// The paralegal.
        paralegal: String,
        /// The task.
        task: String,
        /// The rules, with what they found.
        exclusions: Vec<Exclusion>,
    },
    /// What is pinned can't be done.
    #[error("what is pinned to {paralegal} can't be done by them")]
    PinsDoNotFit {
        /// The paralegal.
        paralegal: String,
        /// The rules that exclude them. None: it is too much.
        exclusions: Vec<Exclusion>,
    },
    /// The facts have changed since the plan was made.
    #[error("the facts have changed since {plan} was made")]
    PlanOutdated {
        /// The plan.
        plan: String,
        /// What has changed.
        moved: Vec<Moved>,
    },
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The store holds what it should not: a defect of ours.
    #[error("the store holds what it should not: {0}")]
    Corrupt(String),
    /// Work that was under way was broken off: a defect of ours.
    #[error("the work was broken off: {0}")]
    BrokenOff(#[from] tokio::task::JoinError),
}

impl Error {
    /// A move that the table of a resource's states does not have.
    pub fn illegal(resource: impl Into<String>, refused: IllegalMove) -> Self {
        Self::WrongState {
            resource: resource.into(),
            from: refused.from.to_string(),
            to: refused.to.to_string(),
        }
    }

    /// A task that can't be offered to anybody.
    pub fn not_assignable(task: impl Into<String>, why: NotAssignable) -> Self {
        let task = task.into();
        match why {
            NotAssignable::Taken => Self::TaskTaken(task),
            NotAssignable::Suspended => Self::FirmSuspended(task),
            NotAssignable::State(state) => Self::WrongState {
                resource: task,
                from: state.as_str().to_owned(),
                to: "assigned".to_owned(),
            },
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Invalid(Box::new(status))
    }
}

impl From<NoPlan> for Error {
    fn from(error: NoPlan) -> Self {
        use caseload_domain::name::ParalegalName;
        match error {
            NoPlan::PinExcluded(_, paralegal, exclusions) => Self::PinsDoNotFit {
                paralegal: ParalegalName(paralegal).to_string(),
                exclusions,
            },
            NoPlan::PinsDoNotFit(paralegal) => Self::PinsDoNotFit {
                paralegal: ParalegalName(paralegal).to_string(),
                exclusions: Vec::new(),
            },
            NoPlan::Money(error) => Self::Money(error),
            NoPlan::Problem(invalid) => Self::Corrupt(invalid.to_string()),
        }
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Database(error) => error.into(),
            Error::Invalid(status) => *status,
            Error::NotFound(name) => not_found(name),
            Error::WrongState { from, to, .. } => status_with(
                Code::FailedPrecondition,
                Reason::WRONG_STATE,
                message,
                [("from", from), ("to", to)],
            ),
            Error::AnswerTooLate(_) => failed("ANSWER_TOO_LATE", message),
            Error::TaskTaken(_) => failed("TASK_TAKEN", message),
            Error::FirmSuspended(_) => failed("FIRM_SUSPENDED", message),
            Error::TimekeeperTaken(_) => {
                status_with(Code::AlreadyExists, Reason::ALREADY_EXISTS, message, [])
            }
            Error::Excluded {
                paralegal,
                exclusions,
                ..
            } => violated(
                "PARALEGAL_EXCLUDED",
                &message,
                by_rule(&paralegal, exclusions),
            ),
            Error::PinsDoNotFit {
                paralegal,
                exclusions,
            } => violated("PINS_DO_NOT_FIT", &message, by_rule(&paralegal, exclusions)),
            Error::PlanOutdated { moved, .. } => {
                let moved = moved
                    .into_iter()
                    .map(|moved| (moved.what.as_str().to_owned(), moved.resource, moved.detail));
                violated("PLAN_OUTDATED", &message, moved.collect())
            }
            Error::Money(_) | Error::Corrupt(_) | Error::BrokenOff(_) => internal(message),
        }
    }
}

fn failed(reason: &'static str, message: String) -> Status {
    status_with(Code::FailedPrecondition, Reason::new(reason), message, [])
}

/// Exclusions as violations: type, subject, description.
fn by_rule(paralegal: &str, exclusions: Vec<Exclusion>) -> Vec<(String, String, String)> {
    exclusions
        .into_iter()
        .map(|one| {
            (
                one.rule.as_str().to_uppercase(),
                paralegal.to_owned(),
                one.detail,
            )
        })
        .collect()
}

/// A failed precondition with a `google.rpc.PreconditionFailure` that names each violation.
fn violated(reason: &str, message: &str, violations: Vec<(String, String, String)>) -> Status {
    let named = violations
        .iter()
        .map(|(_, subject, detail)| format!("{subject} {detail}"));
    let named = status::message(named);
    let mut details =
        ErrorDetails::with_error_info(reason, DOMAIN, std::collections::HashMap::new());
    let parts = violations
        .into_iter()
        .map(|(kind, subject, description)| [kind, subject, description]);
    for [kind, subject, description] in status::told(parts) {
        details.add_precondition_failure_violation(kind, subject, description);
    }
    let message = if named.is_empty() {
        message.to_owned()
    } else {
        format!("{message}: {named}")
    };
    Status::with_error_details(Code::FailedPrecondition, message, details)
}
