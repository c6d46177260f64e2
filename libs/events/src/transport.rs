//! How events get from one service's log to another's subscription.

use futures::future::BoxFuture;
use futures::stream::BoxStream;

use crate::Event;

/// Where a follower stands in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The last position that it has taken in; 0 before the first.
    pub after: i64,
    /// The epoch that the position belongs to; none before the first.
    pub epoch: Option<String>,
}

/// The next events of a log, or none as a sign of life.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The log's epoch.
    pub epoch: String,
    /// The events, their positions dense and ascending.
    pub events: Vec<Event>,
    /// The last position that the log has numbered.
    pub head: i64,
}

/// What a transport brings, for as long as the stream is held.
pub type Batches = BoxStream<'static, Result<Batch, TransportError>>;

/// Carries a service's log to those who follow it.
pub trait Transport: Send + Sync + 'static {
    /// Follows the log of a service (`intake`) from a place.
    fn follow<'a>(
        &'a self,
        source: &'a str,
        place: Place,
    ) -> BoxFuture<'a, Result<Batches, TransportError>>;
}

/// Why a log can't be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The source does not answer, or stopped; it will be back.
    #[error("the source is away: {0}")]
    Away(String),
    /// The log was restored from a backup, and positions no longer mean what the follower believes.
    #[error("the source's log is not the one that was followed: {0}")]
    EpochChanged(String),
    /// The source does not let this service follow it.
    #[error("the source refuses to be followed: {0}")]
    Refused(String),
    /// What arrived is not what the contract says.
    #[error("the source sends what the contract does not allow: {0}")]
    Malformed(String),
}

impl TransportError {
    /// Whether it passes without a person doing something about it.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Away(_))
    }
}
