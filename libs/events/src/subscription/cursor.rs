//! How far a subscription has come. The row is the subscription's lock: who moves it owns the events it moves over.

use caseload_database::{Database, DatabaseError, Transaction};
use caseload_domain::Scope;

use crate::transport::Place;

/// How far a subscription has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) seq: i64,
    pub(super) epoch: Option<String>,
}

impl Cursor {
    pub(super) fn place(&self) -> Place {
        Place {
            after: self.seq,
            epoch: self.epoch.clone(),
        }
    }
}

/// Where the subscription stands; at the beginning when it is new.
pub(super) async fn load(
    db: &Database,
    subscription: &'static str,
    source: &'static str,
) -> Result<Cursor, DatabaseError> {
    db.run(Scope::AllFirms, move |tx| {
        Box::pin(async move {
            sqlx::query!(
                "insert into event_cursor (subscription, source) values ($1, $2)
                 on conflict (subscription) do nothing",
                subscription,
                source,
            )
            .execute(tx.connection())
            .await?;
            let row = sqlx::query!(
                "select seq, epoch from event_cursor where subscription = $1",
                subscription,
            )
            .fetch_one(tx.connection())
            .await?;
            Ok(Cursor {
                seq: row.seq,
                epoch: row.epoch,
            })
        })
    })
    .await
}

/// Moves the cursor from where it is believed to stand. `false`: another replica has moved it.
///
/// This comes first in the transaction that takes events in. A second replica then waits here for the first to
/// commit and finds the cursor moved, rather than running into what the first has written.
pub(super) async fn advance(
    tx: &mut Transaction,
    subscription: &str,
    epoch: &str,
    from: i64,
    to: i64,
) -> Result<bool, DatabaseError> {
    let moved = sqlx::query!(
        "update event_cursor
         set seq = $4, epoch = $2, update_time = clock_timestamp()
         where subscription = $1 and seq = $3 and (epoch is null or epoch = $2)",
        subscription,
        epoch,
        from,
        to,
    )
    .execute(tx.connection())
    .await?;
    Ok(moved.rows_affected() == 1)
}
