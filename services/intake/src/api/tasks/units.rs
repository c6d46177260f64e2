//! The units of work of `TaskService`.

use std::collections::BTreeMap;

use caseload_database::{Database, Transaction, etag};
use caseload_domain::Currency;
use caseload_domain::name::{MatterName, RequestName, TaskName};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;

use super::contract::{Viewer, answer};
use crate::api::listing::Listing;
use crate::domain::dependency::closes_circle;
use crate::domain::request::{Request, RequestState};
use crate::domain::task::{Standing, Task, TaskFacts, TaskMove, TaskPatch, TaskState};
use crate::error::{IntakeError, Refusal};
use crate::store;
use crate::store::tasks::Filter;
use crate::work;
use crate::work::tasks::Known;

/// The most tasks of a request.
const MOST_TASKS: usize = 1_000;

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    name: TaskName,
    of: RequestName,
    mut patch: TaskPatch,
) -> Result<v1::Task, IntakeError> {
    let request = store::requests::lock(tx, of).await;
    let request = request.map_err(|error| error.in_field("task.request"))?;
    if request.state != RequestState::Draft {
        return Err(IntakeError::Refused(Refusal::RequestNotDraft));
    }
    if patch.practice_area.is_none() {
        let matter = store::matters::get(tx, MatterName::new(of.firm, request.matter)).await?;
        patch.practice_area = Some(matter.facts.practice_area);
    }
    let facts = patch
        .complete()
        .ok_or_else(|| IntakeError::Damaged("a parsed task lacks a field".to_owned()))?;
    let siblings = store::tasks::lock_of_request(tx, of).await?;
    if siblings.len() >= MOST_TASKS {
        return Err(IntakeError::Invalid {
            field: "task.request",
            why: format!("has {MOST_TASKS} tasks, and can't have more"),
        });
    }
    let currency = store::firms::get(tx, of.firm).await?.currency;
    fits(name, currency, &facts, &siblings)?;
    let task = Task {
        name,
        request: of.id,
        matter: request.matter,
        currency,
        facts,
        standing: Standing::in_state(TaskState::Pending),
        hold_reason: String::new(),
        cancel_reason: String::new(),
        worker: None,
        accepted_milestones: Vec::new(),
        version: 1,
        create_time: act.now,
        update_time: act.now,
    };
    work::tasks::create(tx, &act, &task).await?;
    Ok(answer(&task, Viewer::All))
}

/// What a task says must fit together, its firm, and the other tasks of its request.
fn fits(
    name: TaskName,
    currency: Currency,
    facts: &TaskFacts,
    siblings: &[Task],
) -> Result<(), IntakeError> {
    if let Some((field, why)) = facts.contradiction() {
        return Err(IntakeError::Invalid {
            field,
            why: why.to_owned(),
        });
    }
    in_currency(facts, currency)?;
    let waits: BTreeMap<_, _> = siblings
        .iter()
        .map(|task| (task.name.id, task.facts.depends_on.clone()))
        .collect();
    let stranger = facts
        .depends_on
        .iter()
        .find(|id| **id != name.id && !waits.contains_key(id));
    if let Some(stranger) = stranger {
        return Err(IntakeError::Invalid {
            field: "task.depends_on",
            why: format!(
                "names {}, which is not a task of the same request",
                TaskName::new(name.firm, *stranger)
            ),
        });
    }
    if closes_circle(name.id, &facts.depends_on, &waits) {
        return Err(IntakeError::Invalid {
            field: "task.depends_on",
            why: "would make the task wait for itself".to_owned(),
        });
    }
    Ok(())
}

/// A firm pays in its own currency.
fn in_currency(facts: &TaskFacts, currency: Currency) -> Result<(), IntakeError> {
    let budget = facts.budget.as_ref().and_then(|budget| budget.amount);
    let amounts = [
        ("task.pricing", facts.pricing.currency()),
        ("task.budget.amount", budget.map(|amount| amount.currency)),
    ];
    for (field, found) in amounts {
        if let Some(found) = found.filter(|found| *found != currency) {
            return Err(IntakeError::Invalid {
                field,
                why: format!("is in {found}, and the firm is billed in {currency}"),
            });
        }
    }
    Ok(())
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
    listing: Listing,
    filter: Filter,
    viewer: Viewer,
) -> Result<v1::ListTasksResponse, IntakeError> {
    let mut keys = store::tasks::page(tx, &filter, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
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
    patch.apply(&mut task.facts);
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
    task.go(TaskMove::Hold)?;
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
    task.go(TaskMove::Resume)?;
    task.hold_reason.clear();
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
    work::progress::cancel(&mut task, &reason)?;
    work::tasks::keep(tx, &act, &mut task, Known::of(&request)).await?;
    if request.state == RequestState::Accepted {
        work::progress::advance(tx, &act, &mut request).await?;
    }
    Ok(answer(&task, Viewer::All))
}
