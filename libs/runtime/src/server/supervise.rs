//! Workers, started again when they fail.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use rand::RngExt as _;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::worker::{Worker, WorkerError};

/// The pause after a first failure.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A worker that has run for this long after a failure is well again.
const WELL_AFTER: Duration = Duration::from_secs(5);

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
    let (sender, state) = watch::channel(State::Well);
    let name = worker.name.to_string();
    running.spawn(supervise(worker, sender, stop.clone()));
    (name, state)
}

async fn supervise(worker: Worker, state: watch::Sender<State>, stop: CancellationToken) {
    let mut pause = FIRST_PAUSE;
    loop {
        let mut run = std::pin::pin!(once(&worker, &stop));
        let ended = match tokio::time::timeout(WELL_AFTER, run.as_mut()).await {
            Ok(ended) => ended,
            Err(_) => {
                pause = FIRST_PAUSE;
                state.send_replace(State::Well);
                run.await
            }
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
        pause = (pause * 2).min(LONGEST_PAUSE);
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

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_fails_is_told_of_and_started_again() {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let worker = Worker::new("counter", move |stop| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                match run {
                    0 => Err(WorkerError::new("the first time")),
                    1 => panic!("the second time"),
                    _ => {
                        stop.cancelled().await;
                        Ok(())
                    }
                }
            }
        });
        let (running, stop) = (TaskTracker::new(), CancellationToken::new());
        let (_, mut state) = start(worker, &running, &stop);
        let failed = |state: &State| matches!(state, State::Failed(_));
        let why = state.wait_for(failed).await.expect("watched").clone();
        assert_eq!(why, State::Failed("the first time".to_owned()));
        state.changed().await.expect("watched");
        assert_eq!(
            *state.borrow_and_update(),
            State::Failed("it panicked".to_owned())
        );
        state
            .wait_for(|state| *state == State::Well)
            .await
            .expect("watched");
        assert_eq!(runs.load(Ordering::SeqCst), 3);

        stop.cancel();
        running.close();
        running.wait().await;
    }
}
