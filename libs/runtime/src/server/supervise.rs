//! Workers, started again when they fail.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use rand::RngExt as _;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::worker::{Worker, WorkerError};

/// How long things take between a failure and its end.
#[derive(Debug, Clone, Copy)]
struct Pauses {
    /// The pause after a first failure; each further one in a row doubles it.
    first: Duration,
    /// The longest pause.
    longest: Duration,
    /// A worker that has run for this long after a failure is well again.
    well_after: Duration,
}

const PAUSES: Pauses = Pauses {
    first: Duration::from_millis(200),
    longest: Duration::from_secs(30),
    well_after: Duration::from_secs(5),
};

/// How a worker is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// It runs, or it is done for good.
    Well,
    /// It failed lately; this is why.
    Failed(String),
}

/// A worker's name, and how it is.
pub(super) type Watched = (String, watch::Receiver<State>);

/// Starts a worker, to run until `stop` is cancelled.
pub(super) fn start(worker: Worker, running: &TaskTracker, stop: &CancellationToken) -> Watched {
    start_with(PAUSES, worker, running, stop)
}

fn start_with(
    pauses: Pauses,
    worker: Worker,
    running: &TaskTracker,
    stop: &CancellationToken,
) -> Watched {
    let (sender, state) = watch::channel(State::Well);
    let name = worker.name.to_string();
    running.spawn(supervise(pauses, worker, sender, stop.clone()));
    (name, state)
}

async fn supervise(
    pauses: Pauses,
    worker: Worker,
    state: watch::Sender<State>,
    stop: CancellationToken,
) {
    let mut pause = pauses.first;
    loop {
        let mut run = std::pin::pin!(once(&worker, &stop));
        let early = tokio::time::timeout(pauses.well_after, run.as_mut()).await;
        let ended = if let Ok(ended) = early {
            ended
        } else {
            pause = pauses.first;
            state.send_replace(State::Well);
            run.await
        };
        match ended {
            Ok(()) => {
                tracing::debug!(worker = %worker.name, "a worker has ended");
                state.send_replace(State::Well);
                return;
            }
            Err(why) if stop.is_cancelled() => {
                tracing::debug!(worker = %worker.name, error = %why, "a worker failed as it stopped");
                return;
            }
            Err(why) => {
                tracing::error!(worker = %worker.name, error = %why, ?pause, "a worker failed and is started again");
                state.send_replace(State::Failed(why.to_string()));
            }
        }
        let jitter = rand::rng().random_range(0.5..=1.0);
        if stop
            .run_until_cancelled(tokio::time::sleep(pause.mul_f64(jitter)))
            .await
            .is_none()
        {
            return;
        }
        pause = (pause * 2).min(pauses.longest);
    }
}

/// Runs a worker once; a panic is a failure like any other.
async fn once(worker: &Worker, stop: &CancellationToken) -> Result<(), WorkerError> {
    AssertUnwindSafe(worker.run(stop.clone()))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(WorkerError::new("it panicked")))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn a_worker_that_fails_is_told_of_and_started_again() {
        let (runs, turns) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let (counted, turn) = (Arc::clone(&runs), Arc::clone(&turns));
        let worker = Worker::new("counter", move |_| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            let turn = Arc::clone(&turn);
            async move {
                turn.acquire().await?.forget();
                match run {
                    0 => Err(WorkerError::new("the first time")),
                    1 => panic!("the second time"),
                    _ => Ok(()),
                }
            }
        });
        let pauses = Pauses {
            first: Duration::from_millis(1),
            longest: Duration::from_millis(1),
            well_after: Duration::from_hours(1),
        };
        let (running, stop) = (TaskTracker::new(), CancellationToken::new());
        let (_, mut state) = start_with(pauses, worker, &running, &stop);
        for expected in [
            State::Failed("the first time".to_owned()),
            State::Failed("it panicked".to_owned()),
            State::Well,
        ] {
            turns.add_permits(1);
            state
                .wait_for(|state| *state == expected)
                .await
                .expect("the worker is watched");
        }
        running.close();
        running.wait().await;
        assert_eq!(runs.load(Ordering::SeqCst), 3);
    }
}
