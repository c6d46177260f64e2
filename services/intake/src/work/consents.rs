//! Writing consents. Each has a record of its own, so that a firm's does not grow with them.

use caseload_database::Transaction;
use caseload_domain::{ConsentId, FirmId};
use caseload_events::Act;

use crate::domain::consent::Consent;
use crate::error::IntakeError;
use crate::store;

/// Puts a consent on file.
pub(crate) async fn create(
    tx: &mut Transaction,
    act: &Act,
    firm: FirmId,
    consent: &Consent,
) -> Result<(), IntakeError> {
    store::consents::insert(tx, firm, consent).await?;
    let after = store::consents::record(tx, firm, consent.id).await?;
    Ok(act
        .record(tx, Some(firm), resource(firm, consent.id), None, after)
        .await?)
}

/// Ends a consent.
pub(crate) async fn revoke(
    tx: &mut Transaction,
    act: &Act,
    firm: FirmId,
    id: ConsentId,
) -> Result<(), IntakeError> {
    let before = store::consents::record(tx, firm, id).await?;
    store::consents::revoke(tx, firm, id, act.now).await?;
    let after = store::consents::record(tx, firm, id).await?;
    Ok(act
        .record(tx, Some(firm), resource(firm, id), before, after)
        .await?)
}

/// A consent as the audit log names it.
fn resource(firm: FirmId, id: ConsentId) -> String {
    format!("firms/{firm}/consents/{id}")
}
