//! What can go wrong, and its status as a caller sees it.

use std::collections::HashMap;

use caseload_database::DatabaseError;
use caseload_domain::name::TimeEntryName;
use caseload_proto::parse::Violations;
use caseload_proto::status::{self, DOMAIN, internal, not_found};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::domain::refusal::Refusal;
use crate::domain::revision::Unfit;
use crate::domain::span::InvalidSpan;

/// What can go wrong with a call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database said no, or nothing.
    #[error(transparent)]
    Database(DatabaseError),
    /// What is named is not there, or not the caller's to see.
    #[error("{0} was not found")]
    NotFound(String),
    /// It can't be done, for each of these reasons, of these entries where they have a name.
    #[error("refused: {0:?}")]
    Refused(Vec<(Option<TimeEntryName>, Refusal)>),
    /// With what is there already, these fields of the request are wrong.
    #[error("invalid: {0:?}")]
    Invalid(Vec<(String, String)>),
    /// A timer came to no span: a defect of ours.
    #[error("a timer came to no span: {0}")]
    Span(#[from] InvalidSpan),
}

/// The exclusion constraint that keeps a paralegal's time apart.
const APART: &str = "time_entries_apart";
/// The unique index that keeps a paralegal to one timer.
const ONE_TIMER: &str = "time_entries_one_timer";

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Exclusion { constraint } if constraint == APART => {
                Refusal::Overlaps { other: None }.into()
            }
            DatabaseError::Unique { constraint } if constraint == ONE_TIMER => {
                Refusal::TimerRunning.into()
            }
            error => Self::Database(error),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![(None, refusal)])
    }
}

impl Error {
    /// One entry can't be dealt with.
    pub(crate) fn of(name: TimeEntryName, refusal: Refusal) -> Self {
        Self::Refused(vec![(Some(name), refusal)])
    }

    /// A revision of an entry can't be made.
    pub(crate) fn unfit(name: TimeEntryName, unfit: Unfit) -> Self {
        match unfit {
            Unfit::Refused(refusal) => Self::of(name, refusal),
            Unfit::Invalid(wrong) => Self::Invalid(
                wrong
                    .into_iter()
                    .map(|(field, why)| (format!("time_entry.{field}"), why))
                    .collect(),
            ),
        }
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Database(error) => error.into(),
            Error::NotFound(name) => not_found(name),
            Error::Refused(refusals) => refused(&refusals),
            Error::Invalid(wrong) => {
                let mut violations = Violations::new();
                for (field, why) in wrong {
                    violations.add(field, why);
                }
                match violations.finish::<()>(None) {
                    Ok(()) => internal("fields were refused without a violation"),
                    Err(status) => status,
                }
            }
            Error::Span(error) => internal(error),
        }
    }
}

/// `FAILED_PRECONDITION`: the first refusal's reason and what is known beside it, and every refusal in the details, of very many
/// as many as an answer can carry.
fn refused(refusals: &[(Option<TimeEntryName>, Refusal)]) -> Status {
    let Some((first_name, first)) = refusals.first() else {
        return internal("refused without a refusal");
    };
    let mut metadata = metadata(first);
    if let Some(name) = first_name {
        metadata.insert("resource".to_owned(), name.to_string());
    }
    let mut details = ErrorDetails::with_error_info(first.reason(), DOMAIN, metadata);
    let subject = |name: &Option<TimeEntryName>| {
        name.map_or_else(|| "the time".to_owned(), |name| name.to_string())
    };
    let sentences = refusals.iter().map(|(name, refusal)| match refusal {
        Refusal::TimerRunning | Refusal::NotAssigned { .. } => refusal.to_string(),
        _ => format!("{} {refusal}", subject(name)),
    });
    let message = status::message(sentences);
    let parts = refusals.iter().map(|(name, refusal)| {
        [
            refusal.reason().to_owned(),
            subject(name),
            refusal.to_string(),
        ]
    });
    for [reason, subject, description] in status::told(parts) {
        details.add_precondition_failure_violation(reason, subject, description);
    }
    Status::with_error_details(Code::FailedPrecondition, message, details)
}

fn metadata(refusal: &Refusal) -> HashMap<String, String> {
    let known: Vec<(&str, Option<String>)> = match refusal {
        Refusal::WrongState { from, to } => {
            vec![
                ("from", Some(from.as_str().to_owned())),
                ("to", Some((*to).to_owned())),
            ]
        }
        Refusal::Overlaps { other } => vec![("overlaps", other.map(|other| other.to_string()))],
        Refusal::NotAssigned { from, until } => {
            vec![
                ("assigned_from", from.and_then(text)),
                ("assigned_until", until.and_then(text)),
            ]
        }
        Refusal::TimerRunning | Refusal::Incomplete(_) | Refusal::OwnTime => Vec::new(),
    };
    known
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

fn text(instant: OffsetDateTime) -> Option<String> {
    instant.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use caseload_domain::{FirmId, TimeEntryId};

    use super::*;
    use crate::domain::refusal::Lacking;
    use crate::domain::state::State;

    fn name() -> TimeEntryName {
        TimeEntryName::new(FirmId::generate(), TimeEntryId::generate())
    }

    fn reason_and_metadata(status: &Status) -> (String, HashMap<String, String>) {
        let info = status.get_error_details().error_info().cloned().unwrap();
        (info.reason, info.metadata)
    }

    #[test]
    fn a_wrong_state_names_both_states() {
        let refusal = Refusal::WrongState {
            from: State::Approved,
            to: "draft",
        };
        let status = Status::from(Error::of(name(), refusal));
        assert_eq!(status.code(), Code::FailedPrecondition);
        let (reason, metadata) = reason_and_metadata(&status);
        assert_eq!(reason, "WRONG_STATE");
        assert_eq!(
            (metadata["from"].as_str(), metadata["to"].as_str()),
            ("approved", "draft")
        );
        assert!(
            status
                .message()
                .contains("is approved, and can't become draft")
        );
    }

    #[test]
    fn of_a_thousand_entries_that_stand_in_the_way_as_many_are_told_as_an_answer_can_carry() {
        let refusals = (0..1000)
            .map(|_| (Some(name()), Refusal::Incomplete(Lacking::Narrative)))
            .collect();
        let status = Status::from(Error::Refused(refusals));
        let failures = status
            .get_error_details()
            .precondition_failure()
            .cloned()
            .unwrap();
        assert!((10..100).contains(&failures.violations.len()));
        assert_eq!(failures.violations[0].r#type, "SUBMISSION_INCOMPLETE");
        assert!(status.message().len() < 1200 && status.message().ends_with(" more"));
    }

    #[test]
    fn what_the_database_refuses_is_told_in_the_words_of_time() {
        let overlap = Error::from(DatabaseError::Exclusion {
            constraint: APART.to_owned(),
        });
        assert_eq!(reason_and_metadata(&overlap.into()).0, "TIME_OVERLAPS");
        let second = Error::from(DatabaseError::Unique {
            constraint: ONE_TIMER.to_owned(),
        });
        assert_eq!(reason_and_metadata(&second.into()).0, "TIMER_RUNNING");
    }
}
