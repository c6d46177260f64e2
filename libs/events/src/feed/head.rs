//! Watches how far the log is numbered, once for all followers.

use std::sync::Arc;
use std::time::Duration;

use caseload_database::Database;
use caseload_runtime::{CancellationToken, Worker, WorkerError};
use tokio::sync::watch;

use super::log::{Head, Log};
use crate::pace::Backoff;
use crate::wake;

/// The shortest and the longest wait for numbers that another process gives.
const SOONEST: Duration = Duration::from_millis(25);
const LATEST: Duration = Duration::from_millis(100);

/// What the followers of this process know of the log's end.
#[derive(Debug, Clone)]
pub(super) struct Watch(Arc<watch::Sender<Seen>>);

/// What the watcher has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing yet: each follower goes by what it read itself.
    Nothing,
    /// The log's end.
    Head(Head),
    /// The service drains: streams end.
    Drained,
}

impl Default for Watch {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Seen::Nothing)))
    }
}

impl Watch {
    pub(super) fn subscribe(&self) -> watch::Receiver<Seen> {
        self.0.subscribe()
    }

    fn set(&self, seen: Seen) {
        self.0.send_if_modified(|last| {
            let news = *last != seen;
            *last = seen;
            news
        });
    }
}

pub(super) fn worker(log: Log, db: Database, watch: Watch) -> Worker {
    Worker::new("event-feed", move |stop| {
        run(log.clone(), db.clone(), watch.clone(), stop)
    })
}

async fn run(
    log: Log,
    db: Database,
    watch: Watch,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
    let mut numbered = db.listen(wake::NUMBERED);
    let mut backoff = Backoff::new(SOONEST, LATEST);
    while !stop.is_cancelled() {
        numbered.forget();
        let head = Seen::Head(log.head().await?);
        if *watch.0.borrow() != head {
            watch.set(head);
            backoff.reset();
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = numbered.given() => {}
            () = tokio::time::sleep(backoff.wait()) => {}
        }
    }
    watch.set(Seen::Drained);
    Ok(())
}
