//! The units of work of `ConflictService`.

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::ConflictCheckName;
use caseload_domain::{ParalegalId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::parse::Violations;

use super::contract::{Viewer, answer};
use crate::api::listing::Listing;
use crate::domain::conflict::{CheckMove, ConflictCheck, Findings, Resolution};
use crate::error::IntakeError;
use crate::store::conflicts::Filter;
use crate::store::{self, Keys};
use crate::work;

/// Intake follows assignment, and may be behind.
const NOT_KNOWN: &str =
    "is not a paralegal that is known here; try again in a moment if they were taken on just now";

pub(super) async fn get(
    tx: &mut Transaction,
    name: ConflictCheckName,
    viewer: Viewer,
) -> Result<v1::ConflictCheck, IntakeError> {
    let check = store::conflicts::get(tx, name).await?;
    let mut checks = answers(tx, &[check], &Keys::one(name.firm, name.id), viewer).await?;
    checks
        .pop()
        .ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    filter: Filter,
    viewer: Viewer,
) -> Result<v1::ListConflictChecksResponse, IntakeError> {
    let mut keys = store::conflicts::page(tx, &filter, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let checks = store::conflicts::load(tx, &keys).await?;
    Ok(v1::ListConflictChecksResponse {
        conflict_checks: answers(tx, &checks, &keys, viewer).await?,
        next_page_token,
    })
}

/// Checks as the caller may see them. What an officer sees is of two firms, and is read in the scope of every firm.
async fn answers(
    tx: &mut Transaction,
    checks: &[ConflictCheck],
    keys: &Keys,
    viewer: Viewer,
) -> Result<Vec<v1::ConflictCheck>, IntakeError> {
    if viewer != Viewer::Officer {
        return Ok(checks.iter().map(|check| answer(check, None)).collect());
    }
    tx.set_scope(Scope::AllFirms).await?;
    let mut findings = store::conflicts::findings(tx, keys).await?;
    Ok(checks
        .iter()
        .map(|check| {
            answer(
                check,
                Some(&findings.remove(&check.id.0).unwrap_or_default()),
            )
        })
        .collect())
}

pub(super) async fn resolve(
    tx: &mut Transaction,
    act: Act,
    name: ConflictCheckName,
    etag: String,
    mut resolution: Resolution,
) -> Result<v1::ConflictCheck, IntakeError> {
    known(tx, &resolution.screened).await?;
    resolution.screened.sort();
    resolution.screened.dedup();
    // The matter is held before its check, as by everyone who writes both.
    let matter = store::conflicts::get(tx, name).await?.matter_name();
    let mut matter = store::matters::lock(tx, matter).await?;
    let current = store::conflicts::lock_current(tx, matter.name).await?;
    let mut check = match current {
        Some(current) if current.id == name.id => current,
        _ => store::conflicts::get(tx, name).await?,
    };
    etag::check(&etag, check.version)?;
    check.state = check.state.after(CheckMove::Decide(resolution.decision))?;
    check.resolve_time = Some(act.now);
    check.waiver_expire_time = resolution
        .waiver
        .as_ref()
        .and_then(|waiver| waiver.expire_time);
    work::conflicts::keep(tx, &act, &mut check).await?;

    let caller = tx.scope();
    tx.set_scope(Scope::AllFirms).await?;
    store::conflicts::resolve(tx, &check, &resolution, &act.actor, act.now).await?;
    let keys = Keys::one(check.firm, check.id);
    let findings = store::conflicts::findings(tx, &keys)
        .await?
        .remove(&check.id.0);
    tx.set_scope(caller).await?;
    work::holds::follow(tx, &act, &check).await?;

    let screened = resolution.screened;
    if screened != matter.screened {
        let before = store::matters::record(tx, matter.name).await?;
        store::matters::screen(tx, matter.name, check.id, &screened).await?;
        matter.screened = screened;
        store::matters::save(tx, &mut matter, act.now).await?;
        work::matters::tell_of_screens(tx, &act, &matter, before).await?;
    }
    Ok(answer(
        &check,
        Some(&findings.unwrap_or_else(Findings::default)),
    ))
}

/// A screen keeps someone off: a name that nobody has would keep off nobody.
async fn known(tx: &mut Transaction, paralegals: &[ParalegalId]) -> Result<(), IntakeError> {
    let known = store::paralegals::known(tx, paralegals).await?;
    let mut violations = Violations::new();
    for (at, paralegal) in paralegals.iter().enumerate() {
        let there = known.contains(paralegal);
        violations.check(&format!("screened_paralegals[{at}]"), there, NOT_KNOWN);
    }
    if violations.is_empty() {
        Ok(())
    } else {
        Err(IntakeError::Violated(violations))
    }
}
