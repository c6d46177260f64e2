//! The units of work of `FirmService`.

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::MatterName;
use caseload_domain::{ConsentId, FirmId};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;

use super::{consents, contract};
use crate::api::listing::Listing;
use crate::domain::consent::{Consent, ConsentReach, ConsentTerms};
use crate::domain::firm::{Firm, FirmProfilePatch, FirmState};
use crate::error::IntakeError;
use crate::store::consents::Filter;
use crate::store::{self, Keys};
use crate::work;

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    firm: Firm,
    consents: Vec<Consent>,
) -> Result<v1::Firm, IntakeError> {
    for consent in &consents {
        given_by_today(&firm, &consent.terms, &act, "firm.consents.grant_date")?;
    }
    work::firms::create(tx, &act, &firm).await?;
    for consent in &consents {
        work::consents::create(tx, &act, firm.id, consent).await?;
    }
    Ok(contract::answer(&firm, &consents))
}

/// A firm as it is answered.
async fn answer(tx: &mut Transaction, firm: &Firm) -> Result<v1::Firm, IntakeError> {
    let mut consents = store::consents::newest(tx, &[firm.id.0]).await?;
    let consents = consents.remove(&firm.id.0).unwrap_or_default();
    Ok(contract::answer(firm, &consents))
}

pub(super) async fn get(tx: &mut Transaction, id: FirmId) -> Result<v1::Firm, IntakeError> {
    let firm = store::firms::get(tx, id).await?;
    answer(tx, &firm).await
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
    let mut consents = store::consents::newest(tx, &keys.ids).await?;
    let mut answer = |firm: &Firm| {
        let consents = consents.remove(&firm.id.0).unwrap_or_default();
        contract::answer(firm, &consents)
    };
    Ok(v1::ListFirmsResponse {
        firms: firms.iter().map(&mut answer).collect(),
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
    answer(tx, &firm).await
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
    answer(tx, &firm).await
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
    answer(tx, &firm).await
}

pub(super) async fn record_consent(
    tx: &mut Transaction,
    act: Act,
    id: FirmId,
    etag: String,
    terms: ConsentTerms,
) -> Result<v1::Firm, IntakeError> {
    let mut firm = hold(tx, id, &etag).await?;
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
    work::consents::create(tx, &act, id, &consent).await?;
    work::firms::keep(tx, &act, &mut firm).await?;
    answer(tx, &firm).await
}

pub(super) async fn revoke_consent(
    tx: &mut Transaction,
    act: Act,
    id: FirmId,
    etag: String,
    consent: ConsentId,
) -> Result<v1::Firm, IntakeError> {
    let mut firm = hold(tx, id, &etag).await?;
    // A consent ends once: a repeat leaves the time at which it did.
    if store::consents::get(tx, id, consent)
        .await?
        .revoke_time
        .is_none()
    {
        work::consents::revoke(tx, &act, id, consent).await?;
        work::firms::keep(tx, &act, &mut firm).await?;
    }
    answer(tx, &firm).await
}

pub(super) async fn list_consents(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    filter: Filter,
) -> Result<v1::ListConsentsResponse, IntakeError> {
    let firm = store::firms::get(tx, filter.firm).await?.id;
    let ids = store::consents::page(tx, &filter, listing.page()).await?;
    let mut keys: Keys = ids.into_iter().map(|id| (firm.0, id)).collect();
    let next_page_token = listing.cut(&db, &mut keys)?;
    let consents = store::consents::load(tx, firm, &keys.ids).await?;
    Ok(v1::ListConsentsResponse {
        consents: consents
            .iter()
            .map(|consent| consents::answer(firm, consent))
            .collect(),
        next_page_token,
    })
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
