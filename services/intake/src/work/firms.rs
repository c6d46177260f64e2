//! Writing firms.

use caseload_database::Transaction;
use caseload_domain::FirmId;
use caseload_events::{Act, Record};
use caseload_proto::caseload::intake::v1::FirmChanged;

use super::snapshot;
use crate::domain::firm::Firm;
use crate::error::{IntakeError, Refusal};
use crate::store;

/// A firm that can send work: one that is suspended begins no matter and no request, and submits none. What it has, it
/// reads and keeps up.
pub(crate) async fn sending(tx: &mut Transaction, id: FirmId) -> Result<Firm, IntakeError> {
    let firm = store::firms::get(tx, id).await?;
    if firm.suspended.is_some() {
        return Err(IntakeError::Refused(Refusal::FirmSuspended));
    }
    Ok(firm)
}

/// Writes a new firm.
pub(crate) async fn create(
    tx: &mut Transaction,
    act: &Act,
    firm: &Firm,
) -> Result<(), IntakeError> {
    store::firms::insert(tx, firm).await?;
    tell(tx, act, firm, None).await
}

/// Writes a firm that is held and has changed.
pub(crate) async fn keep(
    tx: &mut Transaction,
    act: &Act,
    firm: &mut Firm,
) -> Result<(), IntakeError> {
    let before = store::firms::record(tx, firm.id).await?;
    store::firms::save(tx, firm, act.now).await?;
    tell(tx, act, firm, before).await
}

async fn tell(
    tx: &mut Transaction,
    act: &Act,
    firm: &Firm,
    before: Record,
) -> Result<(), IntakeError> {
    let name = firm.name().to_string();
    let after = store::firms::record(tx, firm.id).await?;
    act.record(tx, Some(firm.id), name.clone(), before, after)
        .await?;
    let changed = FirmChanged {
        firm: Some(snapshot::firm(firm)),
    };
    Ok(act.announce(tx, Some(firm.id), name, &changed).await?)
}
