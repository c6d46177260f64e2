//! The units of work of `FirmService`.

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::MatterName;
use caseload_domain::{ConsentId, FirmId};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;

use super::contract::answer;
use crate::api::listing::Listing;
use crate::domain::consent::{Consent, ConsentReach, ConsentTerms};
use crate::domain::firm::{Firm, FirmProfilePatch, FirmState, MOST_CONSENTS};
use crate::error::{IntakeError, Refusal};
use crate::store::{self, Keys};
use crate::work;

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    firm: Firm,
) -> Result<v1::Firm, IntakeError> {
    for consent in &firm.consents {
        given_by_today(&firm, &consent.terms, &act, "firm.consents.grant_date")?;
    }
    work::firms::create(tx, &act, &firm).await?;
    Ok(answer(&firm))
}

pub(super) async fn get(tx: &mut Transaction, id: FirmId) -> Result<v1::Firm, IntakeError> {
    Ok(answer(&store::firms::get(tx, id).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    states: Vec<FirmState>,
) -> Result<v1::ListFirmsResponse, IntakeError> {
    let ids = store::firms::page(tx, listing.page(), &states).await?;
    let mut keys: Keys = ids.into_iter().map(|id| (id, id)).collect();
    let next_page_token = listing.cut(&db, &mut keys)?;
    let firms = store::firms::load(tx, &keys.ids).await?;
    Ok(v1::ListFirmsResponse {
        firms: firms.iter().map(answer).collect(),
        next_page_token,
    })
}

/// Holds a firm for a caller that knows it as it is.
async fn hold(tx: &mut Transaction, id: FirmId, given_etag: &str) -> Result<Firm, IntakeError> {
    let firm = store::firms::lock(tx, id).await?;
    etag::check(given_etag, firm.version)?;
    Ok(firm)
}

pub(super) async fn update(
    tx: &mut Transaction,
    act: Act,
    id: FirmId,
    etag: String,
    patch: FirmProfilePatch,
) -> Result<v1::Firm, IntakeError> {
    let mut firm = hold(tx, id, &etag).await?;
    patch.apply(&mut firm.profile);
    work::firms::keep(tx, &act, &mut firm).await?;
    Ok(answer(&firm))
}

pub(super) async fn suspend(
    tx: &mut Transaction,
    act: Act,
    id: FirmId,
    etag: String,
    reason: String,
) -> Result<v1::Firm, IntakeError> {
    let mut firm = hold(tx, id, &etag).await?;
    firm.suspend(reason)?;
    work::firms::keep(tx, &act, &mut firm).await?;
    Ok(answer(&firm))
}

pub(super) async fn reinstate(
    tx: &mut Transaction,
    act: Act,
    id: FirmId,
    etag: String,
) -> Result<v1::Firm, IntakeError> {
    let mut firm = hold(tx, id, &etag).await?;
    firm.reinstate()?;
    work::firms::keep(tx, &act, &mut firm).await?;
    Ok(answer(&firm))
}

pub(super) async fn record_consent(
    tx: &mut Transaction,
    act: Act,
    id: FirmId,
    etag: String,
    terms: ConsentTerms,
) -> Result<v1::Firm, IntakeError> {
    let mut firm = hold(tx, id, &etag).await?;
    if firm.consents.len() >= MOST_CONSENTS {
        return Err(IntakeError::Refused(Refusal::ConsentsFull));
    }
    given_by_today(&firm, &terms, &act, "consent.grant_date")?;
    if let ConsentReach::Matter(matter) = &terms.reach {
        let there = store::matters::get(tx, MatterName::new(id, *matter)).await;
        there.map_err(|error| error.in_field("consent.scope.matter"))?;
    }
    let consent = Consent {
        id: ConsentId::generate(),
        terms,
        recorded_by: act.actor.clone(),
        record_time: act.now,
        revoke_time: None,
    };
    store::consents::insert(tx, id, &consent).await?;
    firm.consents.push(consent);
    work::firms::keep(tx, &act, &mut firm).await?;
    Ok(answer(&firm))
}

pub(super) async fn revoke_consent(
    tx: &mut Transaction,
    act: Act,
    id: FirmId,
    etag: String,
    consent: ConsentId,
) -> Result<v1::Firm, IntakeError> {
    let mut firm = hold(tx, id, &etag).await?;
    let held = firm.consents.iter_mut().find(|held| held.id == consent);
    let held = held.ok_or_else(|| IntakeError::NotFound(format!("consent {consent}")))?;
    // A consent ends once: a repeat leaves the time at which it did.
    if held.revoke_time.is_none() {
        held.revoke_time = Some(act.now);
        store::consents::revoke(tx, id, consent, act.now).await?;
        work::firms::keep(tx, &act, &mut firm).await?;
    }
    Ok(answer(&firm))
}

/// Nobody consents in the future.
fn given_by_today(
    firm: &Firm,
    terms: &ConsentTerms,
    act: &Act,
    field: &'static str,
) -> Result<(), IntakeError> {
    if terms.grant_date <= firm.today(act.now) {
        Ok(())
    } else {
        Err(IntakeError::Invalid {
            field,
            why: "is in the future".to_owned(),
        })
    }
}
