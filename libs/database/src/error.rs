//! What can go wrong with the database, and its status as a caller sees it.

use caseload_proto::status::{Reason, internal, status};
use sqlx::error::ErrorKind;
use tonic::{Code, Status};

/// What went wrong. A service maps the constraints that it knows to errors of its own; the rest become a status here.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The database can't be reached, or has no connection to spare.
    #[error("the database is not available")]
    Unavailable,
    /// A statement took longer than it may.
    #[error("the database took too long")]
    Timeout,
    /// Another transaction was in the way: a deadlock, or a serialisation failure. Trying again may do.
    #[error("another change was in the way")]
    Contention,
    /// The request id was used before with another request.
    #[error("the request id was used before with another request")]
    RequestIdReused,
    /// The etag is malformed, or not the resource's current one.
    #[error("the etag is not the current one")]
    EtagMismatch,
    /// The lease is another's by now.
    #[error("the lease {0} was lost")]
    LeaseLost(String),
    /// A unique key is taken.
    #[error("the unique key {constraint} is taken")]
    Unique {
        /// The constraint's name.
        constraint: String,
    },
    /// What a foreign key points to is not there, or what is there is pointed to.
    #[error("the foreign key {constraint} does not hold")]
    ForeignKey {
        /// The constraint's name.
        constraint: String,
    },
    /// A check does not hold.
    #[error("the check {constraint} does not hold")]
    Check {
        /// The constraint's name.
        constraint: String,
    },
    /// An exclusion constraint does not hold.
    #[error("the exclusion {constraint} does not hold")]
    Exclusion {
        /// The constraint's name.
        constraint: String,
    },
    /// The configuration can't be used; the text says why and shows no secret.
    #[error("{0}")]
    Configuration(String),
    /// The schema could not be brought up to date.
    #[error("the migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// An answer kept for a repeated request can't be read any more.
    #[error("the answer that was kept can't be read")]
    Answer(#[from] prost::DecodeError),
    /// A value can't be written as JSON.
    #[error("a value can't be written as JSON")]
    Json(#[from] serde_json::Error),
    /// Anything else: a defect of ours.
    #[error("a query failed")]
    Query(#[source] sqlx::Error),
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                let constraint = || database.constraint().unwrap_or_default().to_owned();
                match database.kind() {
                    ErrorKind::UniqueViolation => {
                        return Self::Unique {
                            constraint: constraint(),
                        };
                    }
                    ErrorKind::ForeignKeyViolation => {
                        return Self::ForeignKey {
                            constraint: constraint(),
                        };
                    }
                    ErrorKind::CheckViolation => {
                        return Self::Check {
                            constraint: constraint(),
                        };
                    }
                    ErrorKind::ExclusionViolation => {
                        return Self::Exclusion {
                            constraint: constraint(),
                        };
                    }
                    _ => {}
                }
                match database.code().as_deref() {
                    // serialization_failure, deadlock_detected, lock_not_available
                    Some("40001" | "40P01" | "55P03") => Self::Contention,
                    // query_canceled, by statement_timeout
                    Some("57014") => Self::Timeout,
                    // connection exceptions, too many connections, shutdowns
                    Some(code)
                        if code.starts_with("08") || code.starts_with("57P") || code == "53300" =>
                    {
                        unavailable(&error)
                    }
                    _ => Self::Query(error),
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => unavailable(&error),
            _ => Self::Query(error),
        }
    }
}

/// The cause goes to the log, once, where it was met.
fn unavailable(error: &sqlx::Error) -> DatabaseError {
    tracing::warn!(%error, "the database is not available");
    DatabaseError::Unavailable
}

impl From<DatabaseError> for Status {
    fn from(error: DatabaseError) -> Self {
        match &error {
            DatabaseError::Unavailable => status(
                Code::Unavailable,
                Reason::UNAVAILABLE,
                "the service is not available at present",
            ),
            DatabaseError::Timeout => status(
                Code::DeadlineExceeded,
                Reason::new("DATABASE_TIMEOUT"),
                "the request took too long",
            ),
            DatabaseError::Contention => status(
                Code::Aborted,
                Reason::new("CONTENTION"),
                "another change was made at the same time; try again",
            ),
            DatabaseError::RequestIdReused => status(
                Code::FailedPrecondition,
                Reason::REQUEST_ID_REUSED,
                "the request id was used before with another request",
            ),
            DatabaseError::EtagMismatch => status(
                Code::Aborted,
                Reason::ETAG_MISMATCH,
                "the resource has changed since the etag was given; read it again",
            ),
            DatabaseError::Unique { constraint } => {
                tracing::info!(constraint, "a unique key was taken");
                status(
                    Code::AlreadyExists,
                    Reason::ALREADY_EXISTS,
                    "it exists already",
                )
            }
            DatabaseError::Query(source) => internal(format_args!("{error}: {source}")),
            DatabaseError::Answer(source) => internal(format_args!("{error}: {source}")),
            DatabaseError::Json(source) => internal(format_args!("{error}: {source}")),
            DatabaseError::LeaseLost(_)
            | DatabaseError::ForeignKey { .. }
            | DatabaseError::Check { .. }
            | DatabaseError::Exclusion { .. }
            | DatabaseError::Configuration(_)
            | DatabaseError::Migration(_) => internal(&error),
        }
    }
}
