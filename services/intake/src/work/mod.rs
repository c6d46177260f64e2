//! What several methods do in their units of work: writing a resource with its audit record and its event, checking
//! for conflicts, opening what is ready.
//!
//! Rows are held in one order, so that nobody waits in a circle: firm, matter, request, the turn of names, conflict
//! check, tasks, delivery.

pub(crate) mod conflicts;
pub(crate) mod firms;
pub(crate) mod matters;
pub(crate) mod progress;
pub(crate) mod requests;
pub(crate) mod snapshot;
pub(crate) mod tasks;

use caseload_database::audit::{self, Change};
use caseload_database::{DatabaseError, Transaction};
use caseload_domain::FirmId;
use caseload_events::{Draft, append};
use prost::{Message, Name};
use time::OffsetDateTime;

/// Who does something, by which method, and when.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub(crate) actor: String,
    pub(crate) remote: Option<String>,
    pub(crate) method: &'static str,
    pub(crate) now: OffsetDateTime,
}

/// A resource as the audit log keeps it.
pub(crate) type Record = Option<serde_json::Value>;

impl Act {
    /// Something that a part of this service does by itself.
    pub(crate) fn system(part: &'static str, now: OffsetDateTime) -> Self {
        Self {
            actor: format!("system:{part}"),
            remote: None,
            method: part,
            now,
        }
    }

    /// Puts a change on record.
    pub(crate) async fn record(
        &self,
        tx: &mut Transaction,
        firm: FirmId,
        resource: String,
        before: Record,
        after: Record,
    ) -> Result<(), DatabaseError> {
        let change = Change {
            actor: &self.actor,
            remote: self.remote.as_deref(),
            firm: Some(firm),
            method: self.method,
            resource,
            before,
            after,
        };
        audit::record(tx, change).await
    }

    /// Tells the other services. The resource's row must be held.
    pub(crate) async fn announce<P: Message + Name>(
        &self,
        tx: &mut Transaction,
        firm: FirmId,
        aggregate: String,
        payload: &P,
    ) -> Result<(), DatabaseError> {
        let draft = Draft {
            firm: Some(firm),
            aggregate,
            actor: &self.actor,
            payload,
        };
        append(tx, draft).await.map(drop)
    }
}
