//! Writing tasks.

use caseload_database::Transaction;
use caseload_events::Act;
use caseload_proto::caseload::intake::v1::TaskChanged;

use super::{holds, snapshot};
use crate::domain::task::Task;
use crate::error::IntakeError;
use crate::store;

/// Whether the other services know of a task: from when its request is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// They do, and are told of every change.
    ToAll,
    /// Its request is the firm's own still.
    ToTheFirm,
}

impl Known {
    /// What becomes known of the tasks of a request.
    pub(crate) fn of(request: &crate::domain::request::Request) -> Self {
        if request.accept_time.is_some() {
            Self::ToAll
        } else {
            Self::ToTheFirm
        }
    }
}

/// Writes a new task.
pub(crate) async fn create(
    tx: &mut Transaction,
    act: &Act,
    task: &Task,
) -> Result<(), IntakeError> {
    store::tasks::insert(tx, task).await?;
    let after = store::tasks::record(tx, task.name).await?;
    let name = task.name.to_string();
    Ok(act
        .record(tx, Some(task.name.firm), name, None, after)
        .await?)
}

/// Writes a task that is held and has changed, on hold where its matter's conflict check stops it.
pub(crate) async fn keep(
    tx: &mut Transaction,
    act: &Act,
    task: &mut Task,
    known: Known,
) -> Result<(), IntakeError> {
    let (firm, name) = (task.name.firm, task.name.to_string());
    holds::hold_back(tx, task, act.now).await?;
    let before = store::tasks::record(tx, task.name).await?;
    store::tasks::save(tx, task, act.now).await?;
    let after = store::tasks::record(tx, task.name).await?;
    act.record(tx, Some(firm), name.clone(), before, after)
        .await?;
    if known == Known::ToAll {
        let changed = TaskChanged {
            task: Some(snapshot::task(task)),
        };
        act.announce(tx, Some(firm), name, &changed).await?;
    }
    Ok(())
}
