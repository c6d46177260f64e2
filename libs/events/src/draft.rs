//! Saying what happened, in the transaction that makes it true.

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::{EventId, FirmId};
use caseload_runtime::clock;
use prost::{Message, Name};

use crate::{trace, wake};

/// An event about to be appended.
#[derive(Debug, Clone)]
pub struct Draft<'a, P> {
    /// The firm whose data it is; none for what belongs to no firm.
    pub firm: Option<FirmId>,
    /// The resource that it happens to: `firms/{firm}/tasks/{task}`.
    pub aggregate: String,
    /// Who does it: the token's subject, or `system:` and the name of a worker.
    pub actor: &'a str,
    /// What happens: the resource's state after it, whole.
    pub payload: &'a P,
}

/// Appends an event to this service's log; it is there when the transaction commits, and not otherwise.
///
/// Events of one resource keep their order only when each is appended after its writer has locked the resource's
/// row: lock first, then append. The event carries the trace context of the current span.
pub async fn append<P: Message + Name>(
    tx: &mut Transaction,
    draft: Draft<'_, P>,
) -> Result<EventId, DatabaseError> {
    let id = EventId::generate();
    sqlx::query!(
        "insert into event_log (event_id, type, firm_id, aggregate, actor, traceparent, occur_time, payload)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        P::full_name(),
        draft.firm.map(|firm| firm.0),
        draft.aggregate,
        draft.actor,
        trace::current(),
        clock::now(),
        draft.payload.encode_to_vec(),
    )
    .execute(tx.connection())
    .await?;
    tx.signal(wake::APPENDED);
    Ok(id)
}
