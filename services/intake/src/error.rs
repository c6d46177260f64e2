//! What can go wrong, and the status that a caller sees of it: the one place where the two meet.

use caseload_database::DatabaseError;
use caseload_proto::parse::Violations;
use caseload_proto::status::{DOMAIN, Reason, internal, not_found, status, status_with};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::domain::acceptance::Obstacle;
use crate::domain::conflict_hold::HOLD_REASON;
use crate::domain::document::Mismatch;
use crate::domain::transition::WrongState;
use crate::storage::StoreError;

/// What went wrong in a unit of work.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// It is not there, or not the caller's to see.
    #[error("{0} was not found")]
    NotFound(String),
    /// It is not in a state from which this can be done.
    #[error(transparent)]
    WrongState(#[from] WrongState),
    /// A field says what can't be, as only the database could tell.
    #[error("{field} {why}")]
    Invalid {
        /// The path of the field.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Fields say what can't be, or lack what must be there, as only the database could tell.
    #[error("the request lacks something, or says what can't be")]
    Violated(Violations),
    /// A value that must be unique is taken.
    #[error("{0} is taken already")]
    Taken(&'static str),
    /// It can't be done as things are.
    #[error("{}", .0.words())]
    Refused(Refusal),
    /// A request can't be accepted.
    #[error("the request can't be accepted")]
    Obstacles {
        /// The request.
        request: String,
        /// Everything that stands in the way.
        obstacles: Vec<Obstacle>,
    },
    /// What is uploaded is not what it was declared to be.
    #[error(transparent)]
    Content(#[from] Mismatch),
    /// What a store has is not what was uploaded.
    #[error("the stored content is damaged")]
    ContentDamaged,
    /// A store of documents.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database.
    #[error(transparent)]
    Database(DatabaseError),
    /// A row says what it can't: a defect of ours.
    #[error("a stored row can't be read: {0}")]
    Damaged(String),
}

/// Why something can't be done as things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The firm is suspended.
    FirmSuspended,
    /// The matter's conflict check is neither clear nor waived.
    ConflictUnresolved,
    /// The matter is closed.
    MatterClosed,
    /// The request holds no task.
    RequestEmpty,
    /// The request is no draft any more.
    RequestNotDraft,
    /// Requests name the attorney that is to go.
    AttorneyNamed,
    /// A watch can't go on from where it was.
    WatchTokenExpired,
    /// A delivery holds a version of the document.
    DocumentDelivered,
    /// Others have uploaded versions of the document.
    DocumentOfOthers,
    /// The document has as many versions as it may.
    DocumentVersionsFull,
    /// The version has more bytes than one may have.
    DocumentTooLarge,
    /// There is no room left for so many bytes.
    DocumentStorageFull,
    /// The upload took so long that it was given up.
    UploadExpired,
    /// No store is configured where the firm's documents must be kept.
    ResidencyUnavailable,
    /// The firm wants a lawyer of its own to accept.
    AttorneyAcceptanceRequired,
}

impl Refusal {
    const fn reason(self) -> Reason {
        Reason::new(match self {
            Self::FirmSuspended => Obstacle::FirmSuspended.reason(),
            Self::ConflictUnresolved => Obstacle::ConflictUnresolved.reason(),
            Self::MatterClosed => "MATTER_CLOSED",
            Self::RequestEmpty => "REQUEST_EMPTY",
            Self::RequestNotDraft => "REQUEST_NOT_DRAFT",
            Self::AttorneyNamed => "SUPERVISING_ATTORNEY_NAMED",
            Self::WatchTokenExpired => "WATCH_TOKEN_EXPIRED",
            Self::DocumentDelivered => "DOCUMENT_DELIVERED",
            Self::DocumentOfOthers => "DOCUMENT_OF_OTHERS",
            Self::DocumentVersionsFull => "DOCUMENT_VERSIONS_FULL",
            Self::DocumentTooLarge => "DOCUMENT_TOO_LARGE",
            Self::DocumentStorageFull => "DOCUMENT_STORAGE_FULL",
            Self::UploadExpired => "UPLOAD_EXPIRED",
            Self::ResidencyUnavailable => "RESIDENCY_UNAVAILABLE",
            Self::AttorneyAcceptanceRequired => "ATTORNEY_ACCEPTANCE_REQUIRED",
        })
    }

    const fn words(self) -> &'static str {
        match self {
            Self::FirmSuspended => Obstacle::FirmSuspended.words(),
            Self::ConflictUnresolved => HOLD_REASON,
            Self::MatterClosed => "the matter is closed",
            Self::RequestEmpty => "the request holds no task",
            Self::RequestNotDraft => "the request is not a draft any more",
            Self::WatchTokenExpired => {
                "the watch can't go on from this token: read anew, and watch without one"
            }
            Self::DocumentDelivered => "a delivery holds a version of the document",
            Self::DocumentOfOthers => "others have uploaded versions of the document",
            Self::DocumentVersionsFull => "the document has as many versions as it may",
            Self::DocumentTooLarge => "the version has more bytes than the firm's may have",
            Self::DocumentStorageFull => "the firm stores as many bytes as it may",
            Self::UploadExpired => "the upload took so long that it was given up",
            Self::ResidencyUnavailable => {
                "no store is configured where the firm's documents must be kept"
            }
            Self::AttorneyAcceptanceRequired => {
                "the firm has what is delivered to it accepted by a lawyer of its own"
            }
            Self::AttorneyNamed => {
                "requests name a supervising attorney that the list leaves out; keep it, marked inactive"
            }
        }
    }
}

impl IntakeError {
    /// What a field points to is not there: a violation of the request, not the absence of what was asked for.
    pub(crate) fn in_field(self, field: &'static str) -> Self {
        match self {
            Self::NotFound(name) => Self::Invalid {
                field,
                why: format!("names {name}, which was not found"),
            },
            error => error,
        }
    }
}

impl From<DatabaseError> for IntakeError {
    fn from(error: DatabaseError) -> Self {
        match &error {
            DatabaseError::Unique { constraint } => match constraint.as_str() {
                "firm_codes_taken" => Self::Taken("firm.code"),
                "request_template_names_taken" => Self::Taken("request_template.display_name"),
                "matter_external_ids_taken" => Self::Taken("matter.external_ids"),
                _ => Self::Database(error),
            },
            DatabaseError::ForeignKey { constraint } => match constraint.as_str() {
                "requests_supervising_attorney" => Self::Refused(Refusal::AttorneyNamed),
                _ => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}

impl From<sqlx::Error> for IntakeError {
    fn from(error: sqlx::Error) -> Self {
        DatabaseError::from(error).into()
    }
}

impl From<IntakeError> for Status {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::NotFound(name) => not_found(name),
            IntakeError::WrongState(wrong) => status_with(
                Code::FailedPrecondition,
                Reason::WRONG_STATE,
                wrong.to_string(),
                [("from", wrong.from.to_owned()), ("to", wrong.to.to_owned())],
            ),
            IntakeError::Invalid { field, why } => {
                let mut violations = Violations::new();
                violations.add(field, why);
                refuse(violations)
            }
            IntakeError::Violated(violations) => refuse(violations),
            IntakeError::Taken(field) => status_with(
                Code::AlreadyExists,
                Reason::ALREADY_EXISTS,
                error.to_string(),
                [("field", field.to_owned())],
            ),
            IntakeError::Refused(refusal) => {
                status(Code::FailedPrecondition, refusal.reason(), refusal.words())
            }
            IntakeError::Obstacles { request, obstacles } => {
                stands_in_the_way(&request, &obstacles)
            }
            IntakeError::Content(mismatch) => {
                let reason = Reason::new(match mismatch {
                    Mismatch::Size => "DOCUMENT_SIZE_MISMATCH",
                    Mismatch::Hash => "DOCUMENT_HASH_MISMATCH",
                });
                status(Code::InvalidArgument, reason, mismatch.to_string())
            }
            IntakeError::ContentDamaged | IntakeError::Store(StoreError::Missing) => {
                tracing::error!(%error, "content that was uploaded can't be read");
                let message = "what is stored is not what was uploaded";
                status(Code::DataLoss, Reason::new("DOCUMENT_DAMAGED"), message)
            }
            IntakeError::Store(error) => {
                let source = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(%error, source, "a store of documents is not available");
                let message = "the store of documents is not available";
                status(Code::Unavailable, Reason::UNAVAILABLE, message)
            }
            IntakeError::Database(error) => error.into(),
            IntakeError::Damaged(_) => internal(error),
        }
    }
}

fn refuse(violations: Violations) -> Status {
    violations
        .finish::<()>(None)
        .map_or_else(|status| status, internal_of_nothing)
}

fn internal_of_nothing((): ()) -> Status {
    internal("a violation was noted and not told")
}

fn stands_in_the_way(request: &str, obstacles: &[Obstacle]) -> Status {
    let reason = obstacles.first().map_or("", |obstacle| obstacle.reason());
    let mut details =
        ErrorDetails::with_error_info(reason, DOMAIN, std::collections::HashMap::new());
    for obstacle in obstacles {
        details.add_precondition_failure_violation(obstacle.reason(), request, obstacle.words());
    }
    let words: Vec<_> = obstacles.iter().map(|obstacle| obstacle.words()).collect();
    let message = format!("the request can't be accepted: {}", words.join("; "));
    Status::with_error_details(Code::FailedPrecondition, message, details)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_state_names_both_states() {
        let status = Status::from(IntakeError::from(WrongState {
            what: "request",
            from: "draft",
            to: "accepted",
        }));
        assert_eq!(status.code(), Code::FailedPrecondition);
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.reason, "WRONG_STATE");
        assert_eq!(
            (info.metadata["from"].as_str(), info.metadata["to"].as_str()),
            ("draft", "accepted")
        );
        assert!(status.message().contains("draft") && status.message().contains("accepted"));
    }

    #[test]
    fn everything_that_stands_in_the_way_is_told() {
        let status = Status::from(IntakeError::Obstacles {
            request: "firms/a/requests/b".to_owned(),
            obstacles: vec![Obstacle::ConflictUnresolved, Obstacle::ConsentMissing],
        });
        let violations = status
            .get_details_precondition_failure()
            .unwrap()
            .violations;
        let kinds: Vec<_> = violations
            .iter()
            .map(|violation| violation.r#type.as_str())
            .collect();
        assert_eq!(kinds, ["CONFLICT_UNRESOLVED", "CONSENT_MISSING"]);
    }

    #[test]
    fn a_field_that_only_the_database_could_judge_is_a_violation_like_others() {
        let status = Status::from(IntakeError::Invalid {
            field: "request.matter",
            why: "was not found".to_owned(),
        });
        assert_eq!(status.code(), Code::InvalidArgument);
        let violations = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!(violations[0].field, "request.matter");
    }

    #[test]
    fn a_damaged_row_tells_the_caller_nothing() {
        let status = Status::from(IntakeError::Damaged("secret".to_owned()));
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("secret"));
    }
}
