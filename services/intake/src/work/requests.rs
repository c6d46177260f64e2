//! Writing requests.

use caseload_database::Transaction;
use caseload_events::{Act, Record};
use caseload_proto::caseload::intake::v1::RequestChanged;

use super::snapshot;
use crate::domain::request::Request;
use crate::error::IntakeError;
use crate::store;

/// Writes a new request.
pub(crate) async fn create(
    tx: &mut Transaction,
    act: &Act,
    request: &Request,
) -> Result<(), IntakeError> {
    store::requests::insert(tx, request).await?;
    tell(tx, act, request, None).await
}

/// Writes a request that is held and has changed.
pub(crate) async fn keep(
    tx: &mut Transaction,
    act: &Act,
    request: &mut Request,
) -> Result<(), IntakeError> {
    let before = store::requests::record(tx, request.name).await?;
    store::requests::save(tx, request, act.now).await?;
    tell(tx, act, request, before).await
}

async fn tell(
    tx: &mut Transaction,
    act: &Act,
    request: &Request,
    before: Record,
) -> Result<(), IntakeError> {
    let (firm, name) = (request.name.firm, request.name.to_string());
    let after = store::requests::record(tx, request.name).await?;
    act.record(tx, Some(firm), name.clone(), before, after)
        .await?;
    let changed = RequestChanged {
        request: Some(snapshot::request(request)),
    };
    Ok(act.announce(tx, Some(firm), name, &changed).await?)
}
