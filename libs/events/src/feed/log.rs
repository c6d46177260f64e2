//! Reading the log, with the narrow role that may read nothing else.

use caseload_database::{Database, DatabaseError};
use caseload_domain::{EventId, FirmId};
use prost_types::Any;
use sqlx::PgPool;
use sqlx::types::Uuid;
use time::OffsetDateTime;

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

/// An event as the log keeps it.
struct Row {
    seq: i64,
    event_id: Uuid,
    type_name: String,
    firm_id: Option<Uuid>,
    aggregate: String,
    actor: String,
    traceparent: String,
    occur_time: OffsetDateTime,
    payload: Vec<u8>,
}

impl From<Row> for Event {
    fn from(row: Row) -> Self {
        Self {
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
        }
    }
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
        let rows = sqlx::query_as!(
            Row,
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
        Ok(rows.into_iter().map(Event::from).collect())
    }

    /// Whether a numbered event is still there.
    pub(super) async fn holds(&self, position: i64) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar!(
            r#"select exists (select from event_log where seq = $1) as "holds!""#,
            position,
        )
        .fetch_one(&self.pool)
        .await
    }

    /// One firm's events after a position and up to another, in order: at least one when there is one, and no more
    /// than an answer carries.
    pub(super) async fn of_firm(
        &self,
        firm: FirmId,
        after: i64,
        up_to: i64,
    ) -> Result<Vec<Event>, sqlx::Error> {
        let rows = sqlx::query_as!(
            Row,
            r#"select seq as "seq!", event_id as "event_id!", type as "type_name!", firm_id,
                      aggregate as "aggregate!", actor as "actor!", traceparent as "traceparent!",
                      occur_time as "occur_time!", payload as "payload!"
               from (select *, sum(octet_length(payload)) over (order by seq) as bytes,
                            row_number() over (order by seq) as place
                     from (select * from event_log
                           where firm_id = $1 and seq > $2 and seq <= $3
                           order by seq limit $4) as few) as next
               where bytes <= $5 or place = 1
               order by seq"#,
            firm.0,
            after,
            up_to,
            EVENTS_AT_ONCE,
            BYTES_AT_ONCE,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Event::from).collect())
    }
}
