//! Who does something, by what, and when: what the audit log and the event log say of every change.

use caseload_database::audit::{self, Change};
use caseload_database::{DatabaseError, Transaction};
use caseload_domain::FirmId;
use caseload_runtime::{Call, clock};
use prost::{Message, Name};
use time::OffsetDateTime;

use crate::{Draft, append};

/// A resource as the audit log keeps it: none where it was not, or is no more.
pub type Record = Option<serde_json::Value>;

/// Who does something, by what, and when.
#[derive(Debug, Clone)]
pub struct Act {
    /// The token's subject, or `system:` and the name of a part of the service.
    pub actor: String,
    /// The caller's address, where it is known.
    pub remote: Option<String>,
    /// The full name of the method, or the name of the part of the service.
    pub method: &'static str,
    /// When, by the suite's clock.
    pub now: OffsetDateTime,
}

impl From<&Call> for Act {
    /// What a caller does now.
    fn from(call: &Call) -> Self {
        Self {
            actor: call.caller.actor().to_owned(),
            remote: call.caller.remote.clone(),
            method: call.method,
            now: clock::now(),
        }
    }
}

impl Act {
    /// What a part of the service, a worker or a projection, does by itself.
    pub fn system(part: &'static str, now: OffsetDateTime) -> Self {
        Self {
            actor: format!("system:{part}"),
            remote: None,
            method: part,
            now,
        }
    }

    /// Puts a change on record. `firm` is none for what belongs to no firm.
    pub async fn record(
        &self,
        tx: &mut Transaction,
        firm: Option<FirmId>,
        resource: String,
        before: Record,
        after: Record,
    ) -> Result<(), DatabaseError> {
        let change = Change {
            actor: &self.actor,
            remote: self.remote.as_deref(),
            firm,
            method: self.method,
            resource,
            before,
            after,
        };
        audit::record(tx, change).await
    }

    /// Tells the other services. The resource's row must be held, so that its events keep their order.
    pub async fn announce<P: Message + Name>(
        &self,
        tx: &mut Transaction,
        firm: Option<FirmId>,
        aggregate: String,
        payload: &P,
    ) -> Result<(), DatabaseError> {
        let draft = Draft {
            firm,
            aggregate,
            actor: &self.actor,
            payload,
        };
        append(tx, draft).await.map(drop)
    }
}
