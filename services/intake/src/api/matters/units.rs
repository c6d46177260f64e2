//! The units of work of `MatterService`.

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::MatterName;
use caseload_events::Act;
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;

use super::contract::answer;
use crate::api::listing::Listing;
use crate::domain::matter::{Matter, MatterPatch};
use crate::domain::party::Party;
use crate::error::IntakeError;
use crate::store;
use crate::store::matters::Filter;
use crate::work;

/// The most parties of a matter.
pub(super) const MOST_PARTIES: usize = 500;

/// Whether a matter is closed or opened again.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    Close,
    Reopen,
}

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    mut matter: Matter,
    threshold: Score,
) -> Result<v1::Matter, IntakeError> {
    work::firms::sending(tx, matter.name.firm).await?;
    work::matters::create(tx, &act, &mut matter, threshold).await?;
    Ok(answer(&matter))
}

pub(super) async fn get(tx: &mut Transaction, name: MatterName) -> Result<v1::Matter, IntakeError> {
    Ok(answer(&store::matters::get(tx, name).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    filter: Filter,
) -> Result<v1::ListMattersResponse, IntakeError> {
    let mut keys = store::matters::page(tx, &filter, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let matters = store::matters::load(tx, &keys).await?;
    Ok(v1::ListMattersResponse {
        matters: matters.iter().map(answer).collect(),
        next_page_token,
    })
}

/// Holds a matter for a caller that knows it as it is.
pub(super) async fn hold(
    tx: &mut Transaction,
    name: MatterName,
    given_etag: &str,
) -> Result<Matter, IntakeError> {
    let matter = store::matters::lock(tx, name).await?;
    etag::check(given_etag, matter.version)?;
    Ok(matter)
}

pub(super) async fn update(
    tx: &mut Transaction,
    act: Act,
    name: MatterName,
    etag: String,
    patch: MatterPatch,
    threshold: Score,
) -> Result<v1::Matter, IntakeError> {
    let mut matter = hold(tx, name, &etag).await?;
    let before = matter.facts.clone();
    patch.apply(&mut matter.facts);
    known_parties(&before.parties, &matter.facts.parties)?;
    work::matters::keep(tx, &act, &mut matter, &before, threshold).await?;
    Ok(answer(&matter))
}

/// A party that comes with an id is one that the matter has.
pub(super) fn known_parties(before: &[Party], after: &[Party]) -> Result<(), IntakeError> {
    let known =
        |party: &&Party| party.id.is_none() || before.iter().any(|there| there.id == party.id);
    match after.iter().find(|party| !known(party)) {
        None => Ok(()),
        Some(stranger) => Err(IntakeError::Invalid {
            field: "matter.parties.party_id",
            why: format!(
                "is not one of the matter's: the one of {:?}",
                stranger.display_name
            ),
        }),
    }
}

pub(super) async fn add_party(
    tx: &mut Transaction,
    act: Act,
    name: MatterName,
    etag: String,
    party: Party,
    threshold: Score,
) -> Result<v1::Matter, IntakeError> {
    let mut matter = hold(tx, name, &etag).await?;
    let before = matter.facts.clone();
    if before.parties.len() >= MOST_PARTIES {
        return Err(IntakeError::Invalid {
            field: "party",
            why: format!("is one too many: a matter has at most {MOST_PARTIES}"),
        });
    }
    matter.facts.parties.push(party);
    work::matters::keep(tx, &act, &mut matter, &before, threshold).await?;
    Ok(answer(&matter))
}

pub(super) async fn turn(
    tx: &mut Transaction,
    act: Act,
    name: MatterName,
    etag: String,
    turn: Turn,
    threshold: Score,
) -> Result<v1::Matter, IntakeError> {
    let mut matter = hold(tx, name, &etag).await?;
    match turn {
        Turn::Close => matter.close()?,
        Turn::Reopen => matter.reopen()?,
    }
    let facts = matter.facts.clone();
    work::matters::keep(tx, &act, &mut matter, &facts, threshold).await?;
    Ok(answer(&matter))
}
