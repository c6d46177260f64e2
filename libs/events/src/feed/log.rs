//! Reading the log, with the narrow role that may read nothing else.

use caseload_database::{Database, DatabaseError};
use caseload_domain::{EventId, FirmId};
use prost_types::Any;
use sqlx::PgPool;

use crate::Event;
use crate::event::type_url;

/// How many events one answer carries, at most.
const EVENTS_AT_ONCE: i64 = 256;
/// How many bytes of payload one answer carries, at most, unless one event alone has more.
const BYTES_AT_ONCE: i64 = 512 * 1024;

/// The end of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) epoch: String,
    pub(super) seq: i64,
}

/// The log as the feed's role sees it: numbered events, of every firm.
#[derive(Debug, Clone)]
pub(super) struct Log {
    pool: PgPool,
}

impl Log {
    pub(super) fn of(db: &Database) -> Result<Self, DatabaseError> {
        Ok(Self {
            pool: db.feed()?.clone(),
        })
    }

    /// How far the log is numbered.
    pub(super) async fn head(&self) -> Result<Head, sqlx::Error> {
        let head = sqlx::query!(r#"select seq, epoch::text as "epoch!" from event_head"#)
            .fetch_one(&self.pool)
            .await?;
        Ok(Head {
            epoch: head.epoch,
            seq: head.seq,
        })
    }

    /// The events after a position, in order: at least one when there is one, and no more than an answer carries.
    pub(super) async fn after(&self, position: i64) -> Result<Vec<Event>, sqlx::Error> {
        let rows = sqlx::query!(
            r#"select seq as "seq!", event_id as "event_id!", type as "type_name!", firm_id,
                      aggregate as "aggregate!", actor as "actor!", traceparent as "traceparent!",
                      occur_time as "occur_time!", payload as "payload!"
               from (select *, sum(octet_length(payload)) over (order by seq) as bytes
                     from event_log
                     where seq > $1 and seq <= $1 + $2) as next
               where bytes <= $3 or seq = $1 + 1
               order by seq"#,
            position,
            EVENTS_AT_ONCE,
            BYTES_AT_ONCE,
        )
        .fetch_all(&self.pool)
        .await?;
        let event = rows.into_iter().map(|row| Event {
            id: EventId(row.event_id),
            payload: Any {
                type_url: type_url(&row.type_name),
                value: row.payload,
            },
            type_name: row.type_name,
            firm: row.firm_id.map(FirmId),
            aggregate: row.aggregate,
            position: row.seq,
            occur_time: row.occur_time,
            actor: row.actor,
            traceparent: row.traceparent,
        });
        Ok(event.collect())
    }
}
