//! The units of work of `TaskService`.

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::{RequestName, TaskName};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;

use super::answer::{Viewer, answer};
use crate::api::listing::Listing;
use crate::domain::request::{Request, RequestState};
use crate::domain::task::{Task, TaskMove, TaskPatch};
use crate::error::IntakeError;
use crate::store;
use crate::store::tasks::{Filter, Place};
use crate::work;
use crate::work::drafting::{Draft, fits};
use crate::work::tasks::Known;

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    name: TaskName,
    of: RequestName,
    patch: TaskPatch,
) -> Result<v1::Task, IntakeError> {
    let mut draft = Draft::hold(tx, of).await?;
    let task = draft.add(tx, &act, name, patch).await?;
    Ok(answer(&task, Viewer::All))
}

pub(super) async fn get(
    tx: &mut Transaction,
    name: TaskName,
    viewer: Viewer,
) -> Result<v1::Task, IntakeError> {
    Ok(answer(&store::tasks::get(tx, name).await?, viewer))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing<Place>,
    filter: Filter,
    viewer: Viewer,
) -> Result<v1::ListTasksResponse, IntakeError> {
    let mut places = store::tasks::page(tx, &filter, listing.page()).await?;
    let next_page_token = listing.cut_keys(&db, &mut places)?;
    let keys = places.into_iter().map(Place::key).collect();
    let tasks = store::tasks::load(tx, &keys).await?;
    Ok(v1::ListTasksResponse {
        tasks: tasks.iter().map(|task| answer(task, viewer)).collect(),
        next_page_token,
    })
}

/// Holds a task and, before it, its request, for a caller that knows the task as it is.
async fn with_request(
    tx: &mut Transaction,
    name: TaskName,
    given_etag: &str,
) -> Result<(Request, Task), IntakeError> {
    let of = store::tasks::get(tx, name).await?.request;
    let request = store::requests::lock(tx, RequestName::new(name.firm, of)).await?;
    let task = store::tasks::lock(tx, name).await?;
    etag::check(given_etag, task.version)?;
    Ok((request, task))
}

pub(super) async fn update(
    tx: &mut Transaction,
    act: Act,
    name: TaskName,
    etag: String,
    patch: TaskPatch,
) -> Result<v1::Task, IntakeError> {
    let (request, mut task) = with_request(tx, name, &etag).await?;
    task.may_change(&patch, request.state == RequestState::Draft)?;
    let changed = task.facts.change(patch);
    changed.map_err(|(field, why)| IntakeError::Invalid {
        field,
        why: why.to_owned(),
    })?;
    let siblings = store::tasks::lock_of_request(tx, request.name).await?;
    fits(name, task.currency, &task.facts, &siblings)?;
    work::tasks::keep(tx, &act, &mut task, Known::of(&request)).await?;
    Ok(answer(&task, Viewer::All))
}

pub(super) async fn hold(
    tx: &mut Transaction,
    act: Act,
    name: TaskName,
    etag: String,
    reason: String,
) -> Result<v1::Task, IntakeError> {
    let mut task = store::tasks::lock(tx, name).await?;
    etag::check(&etag, task.version)?;
    task.go(TaskMove::Hold, act.now)?;
    task.hold_reason = reason;
    work::tasks::keep(tx, &act, &mut task, Known::ToAll).await?;
    Ok(answer(&task, Viewer::All))
}

pub(super) async fn resume(
    tx: &mut Transaction,
    act: Act,
    name: TaskName,
    etag: String,
) -> Result<v1::Task, IntakeError> {
    let mut task = store::tasks::lock(tx, name).await?;
    etag::check(&etag, task.version)?;
    work::holds::resume(tx, &mut task, act.now).await?;
    work::tasks::keep(tx, &act, &mut task, Known::ToAll).await?;
    Ok(answer(&task, Viewer::All))
}

pub(super) async fn cancel(
    tx: &mut Transaction,
    act: Act,
    name: TaskName,
    etag: String,
    reason: String,
) -> Result<v1::Task, IntakeError> {
    let (mut request, mut task) = with_request(tx, name, &etag).await?;
    work::progress::cancel(&mut task, &reason, act.now)?;
    work::tasks::keep(tx, &act, &mut task, Known::of(&request)).await?;
    if request.state == RequestState::Accepted {
        work::progress::advance(tx, &act, &mut request).await?;
    }
    Ok(answer(&task, Viewer::All))
}
