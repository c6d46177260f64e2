//! The answers that are kept for requests sent again, forgotten once nobody will send them again.
//!
//! Every service has the table, so every served process has the worker; a lease lets one replica do it at a time. It
//! uses a connection of its own for as long as it sweeps, which is a moment in an hour.

use std::time::Duration;

use caseload_database::{Database, DatabaseConfig, DatabaseError, retry};
use rand::RngExt as _;
use tokio_util::sync::CancellationToken;

use crate::worker::{Worker, WorkerError};

/// How long an answer is kept.
const KEPT: Duration = Duration::from_hours(7 * 24);
/// How often old ones are looked for.
const EVERY: Duration = Duration::from_hours(1);
/// How many are forgotten in one transaction.
const AT_ONCE: u16 = 1_000;

/// The worker. It never makes the service unready: nothing is lost when it sweeps an hour later.
pub(super) fn worker(database: &DatabaseConfig) -> Worker {
    let config = DatabaseConfig {
        max_connections: 1,
        feed_url: None,
        ..database.clone()
    };
    Worker::new("retry-sweep", move |stop| run(config.clone(), stop))
}

async fn run(config: DatabaseConfig, stop: CancellationToken) -> Result<(), WorkerError> {
    loop {
        // Never at the start, and replicas at different times.
        let pause = EVERY.mul_f64(rand::rng().random_range(0.5..=1.0));
        if stop
            .run_until_cancelled(tokio::time::sleep(pause))
            .await
            .is_none()
        {
            return Ok(());
        }
        // Each transaction is a task of its own, so that none is cut in half.
        match stop.run_until_cancelled(sweep(&config)).await {
            None => return Ok(()),
            Some(Ok(0)) => {}
            Some(Ok(count)) => tracing::info!(count, "old answers to requests were forgotten"),
            Some(Err(error)) => {
                tracing::warn!(%error, "old answers to requests were not forgotten");
            }
        }
    }
}

async fn sweep(config: &DatabaseConfig) -> Result<u64, DatabaseError> {
    let database = Database::connect(config).await?;
    let swept = retry::sweep(&database, KEPT, AT_ONCE).await;
    database.close().await;
    swept
}
