//! Numbers committed events, so that readers can follow the log without missing one.

use std::time::Duration;

use caseload_database::{Database, DatabaseError};
use caseload_domain::Scope;
use caseload_runtime::{CancellationToken, Worker, WorkerError};
use opentelemetry::metrics::Counter;

use crate::pace::Backoff;
use crate::wake;

/// How many events are numbered in one transaction, at most.
const AT_ONCE: i64 = 500;
/// The shortest and the longest wait for what another process appended and did not number: its own sequencer hears
/// of it at once, so there is such a thing only when that process has died.
const SOONEST: Duration = Duration::from_millis(25);
const LATEST: Duration = Duration::from_millis(500);

/// The worker that numbers a service's events. Run it in every replica: they take turns at the log's head.
pub fn sequencer(db: Database) -> Worker {
    Worker::new("event-sequencer", move |stop| run(db.clone(), stop))
}

async fn run(db: Database, stop: CancellationToken) -> Result<(), WorkerError> {
    let numbered: Counter<u64> = opentelemetry::global::meter("caseload.events")
        .u64_counter("caseload.events.numbered")
        .with_description("Events that this process has given their position")
        .build();
    let mut appended = db.listen(wake::APPENDED);
    let mut backoff = Backoff::new(SOONEST, LATEST);
    while !stop.is_cancelled() {
        // What is appended from here on wakes the wait below.
        appended.forget();
        let count = number(&db).await?;
        numbered.add(count, &[]);
        if count > 0 {
            backoff.reset();
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = appended.given() => backoff.reset(),
            () = tokio::time::sleep(backoff.wait()) => {}
        }
    }
    Ok(())
}

/// Numbers what is committed and has no number yet, in the order of ids, and answers how many events that was.
///
/// The head's row lock is what makes it right: who holds it sees every number given before, and what commits while
/// it is held has to wait for the next turn.
pub(crate) async fn number(db: &Database) -> Result<u64, DatabaseError> {
    db.run(Scope::AllFirms, |tx| {
        Box::pin(async move {
            // Locking the head writes to it: a quiet log is only read.
            let waiting = sqlx::query_scalar!(
                r#"select exists (select from event_log where seq is null) as "waiting!""#
            )
            .fetch_one(tx.connection())
            .await?;
            if !waiting {
                return Ok(0);
            }
            let head = sqlx::query_scalar!("select seq from event_head for update")
                .fetch_one(tx.connection())
                .await?;
            let count = sqlx::query!(
                "with next as (
                     select id, row_number() over (order by id) as place
                     from event_log
                     where seq is null
                     order by id
                     limit $2
                 )
                 update event_log set seq = $1 + next.place from next where event_log.id = next.id",
                head,
                AT_ONCE,
            )
            .execute(tx.connection())
            .await?
            .rows_affected();
            if count > 0 {
                sqlx::query!("update event_head set seq = seq + $1", count.cast_signed())
                    .execute(tx.connection())
                    .await?;
                tx.signal(wake::NUMBERED);
            }
            Ok(count)
        })
    })
    .await
}
