//! What runs on its own: sweeps, each done by one replica at a time, under a lease.

pub(crate) mod conflicts;
pub(crate) mod documents;
pub(crate) mod due;

use std::time::Duration;

use caseload_database::lease::Lease;
use caseload_database::{Database, DatabaseError};
use caseload_runtime::{CancellationToken, Worker, WorkerError};
use futures::future::BoxFuture;

use crate::error::IntakeError;

/// How a sweep ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Swept {
    /// There may be more to do at once.
    Some,
    /// There is nothing left until later.
    All,
}

/// A worker that sweeps once in an interval, and at once again while there is more to do. The lease has the worker's
/// name; a sweep fences its transaction with it.
pub(crate) fn sweeper<S>(name: &'static str, db: Database, interval: Duration, sweep: S) -> Worker
where
    S: Fn(Database, Lease) -> BoxFuture<'static, Result<Swept, IntakeError>>
        + Clone
        + Send
        + Sync
        + 'static,
{
    Worker::new(name, move |stop| {
        run(name, db.clone(), interval, sweep.clone(), stop)
    })
}

async fn run<S>(
    name: &'static str,
    db: Database,
    interval: Duration,
    sweep: S,
    stop: CancellationToken,
) -> Result<(), WorkerError>
where
    S: Fn(Database, Lease) -> BoxFuture<'static, Result<Swept, IntakeError>>,
{
    let lasts = (interval * 3).max(Duration::from_secs(10));
    while !stop.is_cancelled() {
        let Some(lease) = Lease::take(&db, name, lasts).await? else {
            pause(interval, &stop).await;
            continue;
        };
        match hold(&db, &lease, interval, &sweep, &stop).await {
            // Somebody else has it by now, and goes on where this one stopped.
            Err(IntakeError::Database(DatabaseError::LeaseLost(_))) => {}
            Err(error) => return Err(error.into()),
            Ok(()) => lease.release().await?,
        }
    }
    Ok(())
}

/// Sweeps for as long as the lease is held.
async fn hold<S>(
    db: &Database,
    lease: &Lease,
    interval: Duration,
    sweep: &S,
    stop: &CancellationToken,
) -> Result<(), IntakeError>
where
    S: Fn(Database, Lease) -> BoxFuture<'static, Result<Swept, IntakeError>>,
{
    while !stop.is_cancelled() {
        lease.renew().await?;
        if sweep(db.clone(), lease.clone()).await? == Swept::All {
            pause(interval, stop).await;
        }
    }
    Ok(())
}

async fn pause(interval: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(interval) => {}
        () = stop.cancelled() => {}
    }
}
