//! Tells the other services of tasks that are due soon and of those that are overdue: once of each due time.
//!
//! A task on hold is told of too, in its state: a court's deadline passes whether or not the firm has put the work on
//! hold. A task whose due time is over when it is first looked at is told of as overdue alone.

use std::time::Duration;

use caseload_database::lease::Lease;
use caseload_database::{Database, Transaction};
use caseload_domain::Scope;
use caseload_events::Act;
use caseload_proto::caseload::intake::v1::{TaskDueSoon, TaskOverdue};
use caseload_runtime::{Worker, clock};
use futures::FutureExt as _;

use super::{Swept, sweeper};
use crate::error::IntakeError;
use crate::store::{self, Keys};
use crate::work::snapshot;

/// The lease's name, and the actor's.
const NAME: &str = "intake.due-times";
/// How many tasks are told of in one transaction, of either kind.
const BATCH: i64 = 100;

/// The worker: tasks are due soon when they are due within `soon`.
pub(crate) fn worker(db: Database, interval: Duration, soon: time::Duration) -> Worker {
    sweeper(NAME, db, interval, move |db, lease| {
        async move { sweep(&db, lease, soon).await }.boxed()
    })
}

/// Tells of some tasks. The mark that it was told of and the event are one transaction's.
async fn sweep(db: &Database, lease: Lease, soon: time::Duration) -> Result<Swept, IntakeError> {
    db.run(Scope::AllFirms, move |tx| {
        Box::pin(async move {
            lease.fence(tx).await?;
            let act = Act::system(NAME, clock::now());
            let overdue = store::due::overdue(tx, act.now, BATCH).await?;
            let due_soon = store::due::due_soon(tx, act.now, act.now + soon, BATCH).await?;
            let full = usize::try_from(BATCH).unwrap_or(usize::MAX);
            let all = overdue.ids.len() < full && due_soon.ids.len() < full;
            tell(tx, &act, &overdue, Due::Over).await?;
            tell(tx, &act, &due_soon, Due::Soon).await?;
            Ok(if all { Swept::All } else { Swept::Some })
        })
    })
    .await
}

/// What there is to tell.
#[derive(Debug, Clone, Copy)]
enum Due {
    Soon,
    Over,
}

async fn tell(tx: &mut Transaction, act: &Act, keys: &Keys, due: Due) -> Result<(), IntakeError> {
    for task in store::tasks::load(tx, keys).await? {
        let (firm, name) = (Some(task.name.firm), task.name.to_string());
        let told = Some(snapshot::task(&task));
        match due {
            Due::Soon => {
                let event = TaskDueSoon { task: told };
                act.announce(tx, firm, name, &event).await?;
            }
            Due::Over => {
                let event = TaskOverdue { task: told };
                act.announce(tx, firm, name, &event).await?;
            }
        }
    }
    Ok(())
}
