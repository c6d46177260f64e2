//! Checking matters for conflicts. A check looks into every firm, so it leaves the caller's scope for its duration.

use std::collections::BTreeSet;

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{ConflictCheckId, Scope};
use caseload_events::Act;
use time::OffsetDateTime;

use crate::domain::conflict::{self, CheckMove, ConflictCheck};
use crate::domain::matter::Matter;
use crate::error::IntakeError;
use crate::store::{self, Keys};

/// Compares a matter with those of all other firms, and answers the check that counts from now on: the one that was
/// there where it stands, else a new one.
pub(crate) async fn check(
    tx: &mut Transaction,
    act: &Act,
    matter: &Matter,
) -> Result<ConflictCheck, IntakeError> {
    store::conflicts::take_turn(tx, &matter.facts.conflict_names()).await?;
    recheck(tx, act, matter.name).await
}

/// The same, when the turn of the names was taken before.
pub(crate) async fn recheck(
    tx: &mut Transaction,
    act: &Act,
    matter: MatterName,
) -> Result<ConflictCheck, IntakeError> {
    let caller = tx.scope();
    tx.set_scope(Scope::AllFirms).await?;
    let check = compare(tx, act, matter).await?;
    tx.set_scope(caller).await?;
    Ok(check)
}

async fn compare(
    tx: &mut Transaction,
    act: &Act,
    matter: MatterName,
) -> Result<ConflictCheck, IntakeError> {
    let found = store::conflicts::find(tx, matter).await?;
    if let Some(mut current) = store::conflicts::lock_current(tx, matter).await? {
        let mut findings =
            store::conflicts::findings(tx, &Keys::one(current.firm, current.id)).await?;
        let known = findings
            .remove(&current.id.0)
            .unwrap_or_default()
            .collisions;
        if current.stands(&known, &found, act.now) {
            return Ok(current);
        }
        current.state = current.state.after(CheckMove::Supersede)?;
        keep(tx, act, &mut current).await?;
    }
    let result = conflict::result(&found);
    let check = ConflictCheck {
        firm: matter.firm,
        id: ConflictCheckId::generate(),
        matter: matter.id,
        state: result.initial_state(),
        result,
        resolve_time: None,
        waiver_expire_time: None,
        version: 1,
        create_time: act.now,
        update_time: act.now,
    };
    store::conflicts::insert(tx, &check, &found).await?;
    let after = store::conflicts::record(tx, check.name()).await?;
    act.record(tx, Some(check.firm), check.name().to_string(), None, after)
        .await?;
    Ok(check)
}

/// Checks the other firms' matters that this one collides with now, or did before, and that were checked before.
///
/// It is not the caller's doing as far as those firms can tell: their audit log names this service.
pub(crate) async fn recheck_others(
    tx: &mut Transaction,
    now: OffsetDateTime,
    matter: MatterName,
) -> Result<(), IntakeError> {
    let caller = tx.scope();
    tx.set_scope(Scope::AllFirms).await?;
    let found = store::conflicts::find(tx, matter).await?;
    let mut others: BTreeSet<_> = found
        .iter()
        .map(|collision| collision.other_matter)
        .collect();
    others.extend(store::conflicts::found_by(tx, matter).await?);
    let act = Act::system("conflicts", now);
    for other in others {
        if store::conflicts::lock_current(tx, other).await?.is_some() {
            compare(tx, &act, other).await?;
        }
    }
    tx.set_scope(caller).await?;
    Ok(())
}

/// Writes a check that is held and has changed.
pub(crate) async fn keep(
    tx: &mut Transaction,
    act: &Act,
    check: &mut ConflictCheck,
) -> Result<(), IntakeError> {
    let name = check.name();
    let before = store::conflicts::record(tx, name).await?;
    store::conflicts::save(tx, check, act.now).await?;
    let after = store::conflicts::record(tx, name).await?;
    Ok(act
        .record(tx, Some(check.firm), name.to_string(), before, after)
        .await?)
}
