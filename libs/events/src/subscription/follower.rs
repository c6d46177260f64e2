//! The worker of a subscription: connects, checks, takes in, and tries again.

use std::sync::Arc;
use std::time::Duration;

use caseload_database::{Database, DatabaseError};
use caseload_runtime::{CancellationToken, WorkerError};
use futures::StreamExt as _;

use super::apply::{self, ApplyError, Portion};
use super::condition::{Health, Meters};
use super::cursor::{self, Cursor};
use crate::pace::Backoff;
use crate::transport::{Batch, TransportError};
use crate::{Event, Pace, Projection, Transport};

/// How many events one transaction takes in, at most: a replay commits seldom, and locks are not held long.
const AT_ONCE: usize = 64;

/// What a subscription is made of.
pub(super) struct Follower {
    pub(super) name: &'static str,
    pub(super) source: &'static str,
    pub(super) transport: Box<dyn Transport>,
    pub(super) db: Database,
    pub(super) projection: Arc<dyn Projection>,
    pub(super) pace: Pace,
    pub(super) health: Health,
}

/// Why following ended.
enum End {
    /// The service stops.
    Stopped,
    /// The source closed the stream, as it does when it drains or a deadline passes.
    Closed,
    /// Another replica, or a person, moved the cursor to where this stream does not lead.
    Elsewhere,
    /// Something that passes by itself.
    Away(String),
    /// Something that needs a person.
    Trouble(String),
}

impl From<TransportError> for End {
    fn from(error: TransportError) -> Self {
        if error.passes() {
            Self::Away(error.to_string())
        } else {
            Self::Trouble(error.to_string())
        }
    }
}

impl From<DatabaseError> for End {
    fn from(error: DatabaseError) -> Self {
        let error = ApplyError::from(error);
        if apply::passes(&error) {
            Self::Away(error.to_string())
        } else {
            Self::Trouble(error.to_string())
        }
    }
}

impl Follower {
    /// Follows until it is stopped, whatever happens.
    pub(super) async fn run(&self, stop: CancellationToken) -> Result<(), WorkerError> {
        let meters = Meters::new(self.name, self.source);
        let mut backoff = Backoff::new(self.pace.retry_first, self.pace.retry_most);
        loop {
            let (wait, away) = match self.follow(&stop, &meters, &mut backoff).await {
                End::Stopped => return Ok(()),
                End::Closed | End::Elsewhere => (backoff.wait_jittered(), None),
                End::Away(why) => (backoff.wait_jittered(), Some(why)),
                End::Trouble(why) => {
                    self.health.stopped(&why);
                    meters.stopped(true);
                    (self.pace.retry_stopped, None)
                }
            };
            if sleep(wait, &stop).await {
                return Ok(());
            }
            // Said only now: where the whole suite stops, the source goes a moment before its follower is told.
            if let Some(why) = away {
                self.health.waiting(&why);
            }
        }
    }

    /// One stream, from where the cursor stands to whatever ends it.
    async fn follow(
        &self,
        stop: &CancellationToken,
        meters: &Meters,
        backoff: &mut Backoff,
    ) -> End {
        let mut cursor = match cursor::load(&self.db, self.name, self.source).await {
            Ok(cursor) => cursor,
            Err(error) => return error.into(),
        };
        let follow = self.transport.follow(self.source, cursor.place());
        let mut batches = match stop.run_until_cancelled(follow).await {
            None => return End::Stopped,
            Some(Ok(batches)) => batches,
            Some(Err(error)) => return error.into(),
        };
        loop {
            // Only the wait is cut short; a transaction never is.
            let next = tokio::time::timeout(self.pace.silence, batches.next());
            let batch = match stop.run_until_cancelled(next).await {
                None => return End::Stopped,
                Some(Err(_)) => return End::Away("it gives no sign of life".to_owned()),
                Some(Ok(None)) => return End::Closed,
                Some(Ok(Some(Err(error)))) => return error.into(),
                Some(Ok(Some(Ok(batch)))) => batch,
            };
            // A sign of life from a log that has more proves nothing of what stopped the subscription before.
            let onward = !batch.events.is_empty() || batch.head <= cursor.seq;
            if let Err(end) = self.take(batch, &mut cursor, stop, meters).await {
                return end;
            }
            backoff.reset();
            if onward {
                self.health.following();
                meters.stopped(false);
            }
        }
    }

    /// Takes a batch in.
    async fn take(
        &self,
        batch: Batch,
        cursor: &mut Cursor,
        stop: &CancellationToken,
        meters: &Meters,
    ) -> Result<(), End> {
        if let Some(known) = cursor.epoch.as_ref().filter(|known| **known != batch.epoch) {
            return Err(TransportError::EpochChanged(format!(
                "its epoch is {}, and {known} was followed",
                batch.epoch
            ))
            .into());
        }
        let events: Arc<[Event]> = batch.events.into();
        let mut at_once = AT_ONCE;
        loop {
            meters.lag(batch.head - cursor.seq);
            let start = events.partition_point(|event| event.position <= cursor.seq);
            let end = events.len().min(start + at_once);
            let portion = events.get(start..end).unwrap_or_default();
            if portion.is_empty() {
                return Ok(());
            }
            dense(cursor.seq, portion)?;
            if stop.is_cancelled() {
                return Err(End::Stopped);
            }
            let to_take = Portion {
                epoch: batch.epoch.clone(),
                events: Arc::clone(&events),
                range: start..end,
            };
            match apply::apply(&self.db, &self.projection, self.name, to_take).await {
                Ok(()) => {
                    meters.applied(portion.len());
                    cursor.seq += portion.len().cast_signed() as i64;
                    cursor.epoch = Some(batch.epoch.clone());
                }
                Err(ApplyError::Moved) => {
                    let moved = cursor::load(&self.db, self.name, self.source).await?;
                    let onward = moved.seq > cursor.seq;
                    *cursor = moved;
                    if !onward {
                        return Err(End::Elsewhere);
                    }
                }
                Err(error) if apply::passes(&error) => return Err(End::Away(error.to_string())),
                // One of several: find out which, and take in those before it.
                Err(_) if portion.len() > 1 => at_once = 1,
                Err(error) => {
                    meters.poisoned();
                    return Err(poison(portion.first(), &error));
                }
            }
        }
    }
}

/// Whether positions follow one another from where the cursor stands.
fn dense(after: i64, events: &[Event]) -> Result<(), End> {
    for (expected, event) in (after + 1..).zip(events) {
        if event.position != expected {
            return Err(End::Trouble(format!(
                "position {expected} is missing: {} came in its place",
                event.position
            )));
        }
    }
    Ok(())
}

fn poison(event: Option<&Event>, error: &ApplyError) -> End {
    let which = event.map_or_else(String::new, |event| {
        format!(
            "event {} ({}, {}) at position {}: ",
            event.id, event.type_name, event.aggregate, event.position
        )
    });
    End::Trouble(format!("{which}{error}"))
}

/// Waits, and answers whether the service stops.
async fn sleep(wait: Duration, stop: &CancellationToken) -> bool {
    stop.run_until_cancelled(tokio::time::sleep(wait))
        .await
        .is_none()
}
