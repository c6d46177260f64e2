//! What follows when a request is accepted or one of its tasks is done: others open, and in the end it is completed.

use std::collections::BTreeMap;

use caseload_database::Transaction;
use caseload_domain::TaskId;
use caseload_events::Act;
use caseload_proto::caseload::intake::v1::RequestCompleted;
use time::OffsetDateTime;

use super::tasks::Known;
use super::{requests, tasks};
use crate::domain::dependency::nothing_left;
use crate::domain::request::{Request, RequestMove, RequestState};
use crate::domain::task::{Task, TaskMove, TaskState};
use crate::error::IntakeError;
use crate::store;

/// Opens every task of an accepted request that waits for nothing any more, and completes the request when all its
/// tasks are done. The request is held; its tasks are held here.
pub(crate) async fn advance(
    tx: &mut Transaction,
    act: &Act,
    request: &mut Request,
) -> Result<(), IntakeError> {
    let mut all = store::tasks::lock_of_request(tx, request.name).await?;
    let states: BTreeMap<TaskId, TaskState> = all
        .iter()
        .map(|task| (task.name.id, task.standing.state()))
        .collect();
    for task in &mut all {
        if task.standing.state() == TaskState::Pending
            && nothing_left(&task.facts.depends_on, &states)
        {
            task.go(TaskMove::Open, act.now)?;
            tasks::keep(tx, act, task, Known::ToAll).await?;
        }
    }
    if request.state == RequestState::Accepted && all.iter().all(|task| task.standing.is_done()) {
        request.go(RequestMove::Complete, act.now)?;
        requests::keep(tx, act, request).await?;
        let name = request.name.to_string();
        let completed = RequestCompleted {
            request: name.clone(),
        };
        act.announce(tx, Some(request.name.firm), name, &completed)
            .await?;
    }
    Ok(())
}

/// Cancels every task of a request that comes to nothing. The request is held.
pub(crate) async fn cancel_all(
    tx: &mut Transaction,
    act: &Act,
    request: &Request,
    reason: &str,
) -> Result<(), IntakeError> {
    for mut task in store::tasks::lock_of_request(tx, request.name).await? {
        if !task.standing.is_done() {
            cancel(&mut task, reason, act.now)?;
            tasks::keep(tx, act, &mut task, Known::of(request)).await?;
        }
    }
    Ok(())
}

/// Cancels a task, for a reason.
pub(crate) fn cancel(
    task: &mut Task,
    reason: &str,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    task.go(TaskMove::Cancel, now)?;
    reason.clone_into(&mut task.cancel_reason);
    task.hold_reason.clear();
    Ok(())
}
