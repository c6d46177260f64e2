//! What a service keeps of another's events.

use caseload_database::{DatabaseError, Transaction};
use futures::future::BoxFuture;
use prost::DecodeError;

use crate::Event;

/// What a service keeps of another's events, and how each changes it.
///
/// Each event takes effect exactly once: the effect and the subscription's cursor are one transaction. Yet a
/// projection may be replayed from the beginning into tables that hold its effect already, so write it as "make it
/// so", not as "add". Events of one service come in order; those of two services come in any order.
pub trait Projection: Send + Sync + 'static {
    /// The service whose log it follows: `intake`.
    fn source(&self) -> &'static str;

    /// Takes in one event. Types that it has no use for, known or not, are `Ok`.
    ///
    /// The transaction is in the scope of the event's firm, or of all firms when the event belongs to none. An error
    /// undoes everything that was done for the event.
    fn apply<'a>(
        &'a self,
        tx: &'a mut Transaction,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ProjectionError>>;
}

/// Why an event could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The database refused, or is away.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The payload is not of the type that it says it is.
    #[error("the payload can't be decoded")]
    Decode(#[from] DecodeError),
    /// The payload says something that can't be.
    #[error("the payload is malformed: {0}")]
    Malformed(String),
}

impl From<sqlx::Error> for ProjectionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}
