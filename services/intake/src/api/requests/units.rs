//! Drafting and reading requests.

use caseload_database::{Database, Transaction, etag};
use caseload_domain::MatterId;
use caseload_domain::name::RequestName;
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;

use super::contract::answer;
use crate::api::listing::Listing;
use crate::domain::request::{Request, RequestFacts, RequestPatch};
use crate::error::IntakeError;
use crate::store;
use crate::store::requests::Filter;
use crate::work;
use crate::work::drafting::{Draft, supervises};

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    name: RequestName,
    matter: MatterId,
    facts: RequestFacts,
) -> Result<v1::Request, IntakeError> {
    let draft = Draft::begin(tx, &act, name, matter, facts).await?;
    Ok(answer(&draft.request))
}

pub(super) async fn get(
    tx: &mut Transaction,
    name: RequestName,
) -> Result<v1::Request, IntakeError> {
    Ok(answer(&store::requests::get(tx, name).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    filter: Filter,
) -> Result<v1::ListRequestsResponse, IntakeError> {
    let mut keys = store::requests::page(tx, &filter, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let requests = store::requests::load(tx, &keys).await?;
    Ok(v1::ListRequestsResponse {
        requests: requests.iter().map(answer).collect(),
        next_page_token,
    })
}

/// Holds a request for a caller that knows it as it is.
pub(super) async fn hold(
    tx: &mut Transaction,
    name: RequestName,
    given_etag: &str,
) -> Result<Request, IntakeError> {
    let request = store::requests::lock(tx, name).await?;
    etag::check(given_etag, request.version)?;
    Ok(request)
}

pub(super) async fn update(
    tx: &mut Transaction,
    act: Act,
    name: RequestName,
    etag: String,
    patch: RequestPatch,
) -> Result<v1::Request, IntakeError> {
    let mut request = hold(tx, name, &etag).await?;
    request.may_change(&patch)?;
    let names_attorney = patch.supervising_attorney_id.is_some();
    patch.apply(&mut request.facts);
    if names_attorney {
        let firm = store::firms::get(tx, name.firm).await?;
        supervises(&firm, &request.facts)?;
    }
    work::requests::keep(tx, &act, &mut request).await?;
    Ok(answer(&request))
}
