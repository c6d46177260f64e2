//! Who changed what, when, from where, before and after.

use caseload_domain::FirmId;
use uuid::Uuid;

use crate::{DatabaseError, Transaction};

/// A change to put on record.
#[derive(Debug)]
pub struct Change<'a> {
    /// The token's subject, or "system:" and the name of a worker.
    pub actor: &'a str,
    /// The caller's address, when there is one.
    pub remote: Option<&'a str>,
    /// The firm whose data it is; none for what belongs to no firm.
    pub firm: Option<FirmId>,
    /// The full name of the method, or of the worker.
    pub method: &'static str,
    /// The resource's name.
    pub resource: String,
    /// The resource as it was; none for what is new.
    pub before: Option<serde_json::Value>,
    /// The resource as it is; none for what is no more.
    pub after: Option<serde_json::Value>,
}

/// Puts a change on record, in the transaction that makes it.
pub async fn record(tx: &mut Transaction, change: Change<'_>) -> Result<(), DatabaseError> {
    sqlx::query!(
        "insert into audit_log (actor, remote, firm_id, method, resource, before, after)
         values ($1, $2, $3, $4, $5, $6, $7)",
        change.actor,
        change.remote,
        change.firm.map(Uuid::from),
        change.method,
        change.resource,
        change.before,
        change.after,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
