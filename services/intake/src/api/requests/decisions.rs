//! Moving requests: what the firm and the coordinators decide.

use caseload_database::Transaction;
use caseload_domain::name::{MatterName, RequestName};
use caseload_events::Act;
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;

use super::contract::answer;
use super::units::hold;
use crate::domain::acceptance::obstacles;
use crate::domain::request::{Request, RequestMove, RequestState};
use crate::domain::task::TaskState;
use crate::error::{IntakeError, Refusal};
use crate::store;
use crate::work;

pub(in crate::api) async fn submit(
    tx: &mut Transaction,
    act: Act,
    name: RequestName,
    etag: String,
    threshold: Score,
) -> Result<v1::Request, IntakeError> {
    let mut request = hold(tx, name, &etag).await?;
    request.go(RequestMove::Submit, act.now)?;
    work::firms::sending(tx, name.firm).await?;
    let matter = store::matters::get(tx, MatterName::new(name.firm, request.matter)).await?;
    if matter.closed {
        return Err(IntakeError::Refused(Refusal::MatterClosed));
    }
    let check = work::conflicts::check(tx, &act, &matter, threshold).await?;
    request.conflict = Some((check.id, check.state));
    let tasks = store::tasks::lock_of_request(tx, name).await?;
    if !tasks
        .iter()
        .any(|task| task.standing.state() != TaskState::Cancelled)
    {
        return Err(IntakeError::Refused(Refusal::RequestEmpty));
    }
    work::requests::keep(tx, &act, &mut request).await?;
    Ok(answer(&request))
}

pub(super) async fn start_review(
    tx: &mut Transaction,
    act: Act,
    name: RequestName,
    etag: String,
) -> Result<v1::Request, IntakeError> {
    let mut request = hold(tx, name, &etag).await?;
    request.go(RequestMove::StartReview, act.now)?;
    work::requests::keep(tx, &act, &mut request).await?;
    Ok(answer(&request))
}

/// Compares a matter once more before its request is accepted, and keeps what is found.
pub(super) async fn check_once_more(
    tx: &mut Transaction,
    act: Act,
    name: RequestName,
    threshold: Score,
) -> Result<(), IntakeError> {
    let request = store::requests::lock(tx, name).await?;
    if request.state == RequestState::InReview {
        check(tx, &act, &request, threshold).await?;
    }
    Ok(())
}

async fn check(
    tx: &mut Transaction,
    act: &Act,
    request: &Request,
    threshold: Score,
) -> Result<crate::domain::conflict::ConflictCheck, IntakeError> {
    let matter =
        store::matters::get(tx, MatterName::new(request.name.firm, request.matter)).await?;
    work::conflicts::check(tx, act, &matter, threshold).await
}

pub(super) async fn accept(
    tx: &mut Transaction,
    act: Act,
    name: RequestName,
    etag: String,
    threshold: Score,
) -> Result<v1::Request, IntakeError> {
    // Held first: a consent that is being revoked, or a firm that is being suspended, is waited for.
    let firm = store::firms::lock(tx, name.firm).await?;
    let mut request = hold(tx, name, &etag).await?;
    request.go(RequestMove::Accept, act.now)?;
    let check = check(tx, &act, &request, threshold).await?;
    let matter = store::matters::get(tx, MatterName::new(name.firm, request.matter)).await?;
    let client = &matter.facts.client_display_name;
    let consents = store::consents::reaching(tx, matter.name, client).await?;
    let obstacles = obstacles(&firm, &consents, client, &request, Some(&check), act.now);
    if !obstacles.is_empty() {
        return Err(IntakeError::Obstacles {
            request: name.to_string(),
            obstacles,
        });
    }
    request.conflict = Some((check.id, check.state));
    work::requests::keep(tx, &act, &mut request).await?;
    work::progress::advance(tx, &act, &mut request).await?;
    Ok(answer(&request))
}

pub(super) async fn decline(
    tx: &mut Transaction,
    act: Act,
    name: RequestName,
    etag: String,
    reason: String,
) -> Result<v1::Request, IntakeError> {
    let mut request = hold(tx, name, &etag).await?;
    request.go(RequestMove::Decline, act.now)?;
    end(tx, act, request, reason, "the request was declined").await
}

pub(super) async fn withdraw(
    tx: &mut Transaction,
    act: Act,
    name: RequestName,
    etag: String,
    reason: String,
) -> Result<v1::Request, IntakeError> {
    let mut request = hold(tx, name, &etag).await?;
    request.go(RequestMove::Withdraw, act.now)?;
    end(tx, act, request, reason, "the request was withdrawn").await
}

async fn end(
    tx: &mut Transaction,
    act: Act,
    mut request: Request,
    reason: String,
    of_tasks: &str,
) -> Result<v1::Request, IntakeError> {
    request.close_reason = reason;
    work::requests::keep(tx, &act, &mut request).await?;
    work::progress::cancel_all(tx, &act, &request, of_tasks).await?;
    Ok(answer(&request))
}
