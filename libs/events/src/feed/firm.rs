//! One firm's events, followed within this process: what a service shows to those who watch it.

use std::collections::VecDeque;
use std::time::Duration;

use caseload_domain::FirmId;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::Feed;
use super::head::Seen;
use super::log::{Head, Log};
use crate::{Event, Place};

/// Why a log can't be followed within its own service.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The place is in another log, which was restored from a backup since, or what came after it is gone.
    #[error("the log does not go on from that place")]
    Lost,
    /// The database does not answer.
    #[error("the log can't be read: {0}")]
    Unavailable(#[from] sqlx::Error),
}

/// What comes next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Something happened.
    Event(Box<Event>),
    /// Nothing did for a while. The place may have moved on, past what happened to other firms.
    Quiet,
    /// The service drains: nothing more comes.
    Drained,
}

/// One firm's events from a place on, each once and in order.
///
/// At most one batch of them is held at a time, and the next is read when that is told: a reader that is slow costs no
/// memory.
#[derive(Debug)]
pub struct FirmEvents {
    log: Log,
    seen: watch::Receiver<Seen>,
    firm: FirmId,
    head: Head,
    /// Up to where it is told.
    position: i64,
    /// Up to where the log is read.
    read: i64,
    ready: VecDeque<Event>,
}

impl Feed {
    /// Follows one firm's events: from a place that [`FirmEvents::place`] gave, or from now on.
    pub async fn of_firm(
        &self,
        firm: FirmId,
        from: Option<Place>,
    ) -> Result<FirmEvents, FollowError> {
        // Seen before the head is read: what is numbered after that wakes the first wait.
        let seen = self.watch.subscribe();
        let head = self.log.head().await?;
        let position = match from {
            None => head.seq,
            Some(place) => {
                let there = place.epoch.as_ref() == Some(&head.epoch)
                    && (place.after == head.seq
                        || place.after < head.seq && self.log.holds(place.after + 1).await?);
                if !there {
                    return Err(FollowError::Lost);
                }
                place.after
            }
        };
        Ok(FirmEvents {
            log: self.log.clone(),
            seen,
            firm,
            head,
            position,
            read: position,
            ready: VecDeque::new(),
        })
    }
}

impl FirmEvents {
    /// Where to go on from: after all that was told.
    pub fn place(&self) -> Place {
        Place {
            after: self.position,
            epoch: Some(self.head.epoch.clone()),
        }
    }

    /// The next event, waited for so long.
    pub async fn next(&mut self, patience: Duration) -> Result<Next, FollowError> {
        let until = Instant::now() + patience;
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.position = event.position;
                return Ok(Next::Event(Box::new(event)));
            }
            self.position = self.read;
            let seen = self.seen.borrow_and_update().clone();
            match seen {
                Seen::Drained => return Ok(Next::Drained),
                Seen::Head(head) if head.epoch != self.head.epoch => {
                    // What was seen may be older than what was read when the watch began.
                    if self.log.head().await?.epoch != self.head.epoch {
                        return Err(FollowError::Lost);
                    }
                }
                Seen::Head(head) => self.head.seq = self.head.seq.max(head.seq),
                Seen::Nothing => {}
            }
            if self.head.seq > self.read {
                self.read_on().await?;
                continue;
            }
            if Instant::now() >= until {
                return Ok(Next::Quiet);
            }
            match timeout_at(until, self.seen.changed()).await {
                Ok(Ok(())) => {}
                // The worker is gone.
                Ok(Err(_)) => return Ok(Next::Drained),
                Err(_) => return Ok(Next::Quiet),
            }
        }
    }

    /// Reads the firm's next events up to the head. That is all of them: numbers are given under a lock and in order,
    /// so what is not there up to the head will never be.
    async fn read_on(&mut self) -> Result<(), FollowError> {
        let events = self
            .log
            .of_firm(self.firm, self.read, self.head.seq)
            .await?;
        self.read = events.last().map_or(self.head.seq, |last| last.position);
        self.ready = events.into();
        Ok(())
    }
}
