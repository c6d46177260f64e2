//! Expires offers that nobody answered in time. One replica does it at a time, under a lease.

use std::time::Duration;

use caseload_database::lease::Lease;
use caseload_database::{Database, DatabaseError, Transaction};
use caseload_domain::Scope;
use caseload_domain::name::AssignmentName;
use caseload_events::Act;
use caseload_runtime::{CancellationToken, Worker, WorkerError, clock};

use crate::domain::assignment::Step;
use crate::error::Error;
use crate::store::{assignments, work};
use crate::work::moves::{self, Move};

/// The lease's name, and the actor's.
const NAME: &str = "assignment.offer-expiry";
/// How many offers are expired in one transaction.
const BATCH: i64 = 100;

/// The worker: it looks for offers whose time is over once in an interval.
pub fn worker(db: Database, interval: Duration) -> Worker {
    Worker::new(NAME, move |stop| run(db.clone(), interval, stop))
}

async fn run(db: Database, interval: Duration, stop: CancellationToken) -> Result<(), WorkerError> {
    let lasts = (interval * 3).max(Duration::from_secs(10));
    while !stop.is_cancelled() {
        match Lease::take(&db, NAME, lasts).await? {
            Some(lease) => {
                let held = hold(&db, &lease, interval, &stop).await;
                match held {
                    // Somebody else has it by now, and goes on where this one stopped.
                    Err(Error::Database(DatabaseError::LeaseLost(_))) => {}
                    Err(error) => return Err(error.into()),
                    Ok(()) => lease.release().await?,
                }
            }
            None => pause(interval, &stop).await,
        }
    }
    Ok(())
}

/// Sweeps for as long as the lease is held.
async fn hold(
    db: &Database,
    lease: &Lease,
    interval: Duration,
    stop: &CancellationToken,
) -> Result<(), Error> {
    while !stop.is_cancelled() {
        lease.renew().await?;
        if sweep(db, lease).await? < BATCH {
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

/// How an offer whose time is over ends. Nobody can accept a task that intake holds, so that not to have done so does
/// not count against whoever it was offered to: it is taken back, and can be offered to them again.
async fn ending(tx: &mut Transaction, name: AssignmentName) -> Result<Move, Error> {
    let offer = assignments::find(tx, name).await?;
    let state = match offer {
        Some(offer) => work::state(tx, offer.task_name()).await?,
        None => None,
    };
    Ok(match state {
        Some(state) if !state.is_assignable() => Move::release("the task was held"),
        _ => Move::plain(Step::Expire, String::new()),
    })
}

/// Ends some of the offers whose time is over, and says how many.
async fn sweep(db: &Database, lease: &Lease) -> Result<i64, Error> {
    let lease = lease.clone();
    db.run(Scope::AllFirms, move |tx| {
        Box::pin(async move {
            lease.fence(tx).await?;
            let act = Act::system(NAME, clock::now());
            let mut ended = 0;
            for name in assignments::overdue(tx, act.now, BATCH).await? {
                let change = ending(tx, name).await?;
                moves::step(tx, &act, name, &change).await?;
                ended += 1;
            }
            Ok(ended)
        })
    })
    .await
}
