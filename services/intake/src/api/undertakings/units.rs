//! The units of work of `UndertakingService`.

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::{MatterName, UndertakingName};
use caseload_events::{Act, Record};
use caseload_proto::caseload::intake::v1;

use super::contract::answer;
use crate::api::listing::Listing;
use crate::domain::undertaking::{Revocation, Undertaking, UndertakingTerms};
use crate::error::IntakeError;
use crate::store;
use crate::store::undertakings::Filter;
use crate::work::snapshot;

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    name: UndertakingName,
    terms: UndertakingTerms,
) -> Result<v1::Undertaking, IntakeError> {
    let firm = store::firms::get(tx, name.firm).await?;
    if terms.sign_date > firm.today(act.now) {
        return Err(IntakeError::Invalid {
            field: "undertaking.sign_date",
            why: "is in the future".to_owned(),
        });
    }
    if let Some(matter) = terms.matter {
        let there = store::matters::get(tx, MatterName::new(name.firm, matter)).await;
        there.map_err(|error| error.in_field("undertaking.matter"))?;
    }
    let undertaking = Undertaking {
        name,
        terms,
        recorded_by: act.actor.clone(),
        revocation: None,
        version: 1,
        create_time: act.now,
    };
    store::undertakings::insert(tx, &undertaking).await?;
    tell(tx, &act, &undertaking, None).await?;
    Ok(answer(&undertaking))
}

pub(super) async fn get(
    tx: &mut Transaction,
    name: UndertakingName,
) -> Result<v1::Undertaking, IntakeError> {
    Ok(answer(&store::undertakings::get(tx, name).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    filter: Filter,
) -> Result<v1::ListUndertakingsResponse, IntakeError> {
    let mut keys = store::undertakings::page(tx, &filter, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let undertakings = store::undertakings::load(tx, &keys).await?;
    Ok(v1::ListUndertakingsResponse {
        undertakings: undertakings.iter().map(answer).collect(),
        next_page_token,
    })
}

pub(super) async fn revoke(
    tx: &mut Transaction,
    act: Act,
    name: UndertakingName,
    etag: String,
    reason: String,
) -> Result<v1::Undertaking, IntakeError> {
    let mut undertaking = store::undertakings::lock(tx, name).await?;
    etag::check(&etag, undertaking.version)?;
    undertaking.revoke(Revocation {
        time: act.now,
        by: act.actor.clone(),
        reason,
    })?;
    let before = store::undertakings::record(tx, name).await?;
    store::undertakings::save(tx, &mut undertaking).await?;
    tell(tx, &act, &undertaking, before).await?;
    Ok(answer(&undertaking))
}

async fn tell(
    tx: &mut Transaction,
    act: &Act,
    undertaking: &Undertaking,
    before: Record,
) -> Result<(), IntakeError> {
    let (firm, name) = (undertaking.name.firm, undertaking.name.to_string());
    let after = store::undertakings::record(tx, undertaking.name).await?;
    act.record(tx, Some(firm), name.clone(), before, after)
        .await?;
    let changed = v1::UndertakingChanged {
        undertaking: Some(snapshot::undertaking(undertaking)),
    };
    Ok(act.announce(tx, Some(firm), name, &changed).await?)
}
