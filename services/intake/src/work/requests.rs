//! Writing requests.

use caseload_database::Transaction;
use caseload_events::Act;

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
    let after = store::requests::record(tx, request.name).await?;
    let name = request.name.to_string();
    Ok(act
        .record(tx, Some(request.name.firm), name, None, after)
        .await?)
}

/// Writes a request that is held and has changed.
pub(crate) async fn keep(
    tx: &mut Transaction,
    act: &Act,
    request: &mut Request,
) -> Result<(), IntakeError> {
    let before = store::requests::record(tx, request.name).await?;
    store::requests::save(tx, request, act.now).await?;
    let after = store::requests::record(tx, request.name).await?;
    let name = request.name.to_string();
    Ok(act
        .record(tx, Some(request.name.firm), name, before, after)
        .await?)
}
