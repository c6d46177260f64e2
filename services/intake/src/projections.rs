//! What intake keeps of the others' events: who has each task, which moves the task along, and which paralegals there are.

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, ParalegalName, TaskName};
use caseload_events::{Act, Event, Projection, ProjectionError};
use caseload_proto::caseload::assignment::v1::{
    AssignmentChanged, AssignmentSnapshot, AssignmentState, ParalegalChanged, ParalegalSnapshot,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::domain::task::Worker;
use crate::domain::worker::{AssignmentStep, follow};
use crate::error::IntakeError;
use crate::store;
use crate::work;
use crate::work::tasks::Known;

/// The name of the subscription's cursor.
pub const NAME: &str = "intake.assignments";

/// Follows assignment.
#[derive(Debug, Clone, Copy)]
pub struct Assignments;

impl Projection for Assignments {
    fn source(&self) -> &'static str {
        "assignment"
    }

    fn apply<'a>(
        &'a self,
        tx: &'a mut Transaction,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        async move {
            if let Some(changed) = event.payload::<ParalegalChanged>()? {
                let paralegal = changed.paralegal.ok_or_else(|| malformed("no paralegal"))?;
                return paralegal_changed(tx, &paralegal).await;
            }
            let Some(changed) = event.payload::<AssignmentChanged>()? else {
                return Ok(());
            };
            let snapshot = changed
                .assignment
                .ok_or_else(|| malformed("no assignment"))?;
            assignment_changed(tx, &snapshot).await
        }
        .boxed()
    }
}

fn malformed(what: impl Into<String>) -> ProjectionError {
    ProjectionError::Malformed(what.into())
}

/// Takes note of a paralegal: screens name those alone that there are, whether they take work or not.
async fn paralegal_changed(
    tx: &mut Transaction,
    snapshot: &ParalegalSnapshot,
) -> Result<(), ProjectionError> {
    let ParalegalName(id) = snapshot
        .name
        .parse()
        .map_err(|why| malformed(format!("name {why}")))?;
    store::paralegals::note(tx, id).await.map_err(refused)
}

fn refused(error: IntakeError) -> ProjectionError {
    match error {
        IntakeError::Database(error) => error.into(),
        error => malformed(error.to_string()),
    }
}

async fn assignment_changed(
    tx: &mut Transaction,
    snapshot: &AssignmentSnapshot,
) -> Result<(), ProjectionError> {
    let name: AssignmentName = snapshot
        .name
        .parse()
        .map_err(|why| malformed(format!("name {why}")))?;
    let task: TaskName = snapshot
        .task
        .parse()
        .map_err(|why| malformed(format!("task {why}")))?;
    let ParalegalName(paralegal) = snapshot
        .paralegal
        .parse()
        .map_err(|why| malformed(format!("paralegal {why}")))?;
    let step = match AssignmentState::try_from(snapshot.state) {
        Ok(AssignmentState::Offered) => AssignmentStep::Offered,
        Ok(AssignmentState::Accepted) => AssignmentStep::Accepted,
        Ok(AssignmentState::Completed) => AssignmentStep::Completed,
        Ok(AssignmentState::Declined | AssignmentState::Expired | AssignmentState::Released) => {
            AssignmentStep::Ended
        }
        Ok(AssignmentState::Unspecified) | Err(_) => return Err(malformed("an unknown state")),
    };
    // Whoever has a task is a paralegal, though the event that told of them came before this service followed it.
    store::paralegals::note(tx, paralegal)
        .await
        .map_err(refused)?;
    let about = Worker {
        assignment: name.id,
        paralegal,
    };
    match apply(tx, task, about, step).await {
        Ok(()) => Ok(()),
        // Only where intake was restored from before the task was made. There is nothing to show it on.
        Err(IntakeError::NotFound(task)) => {
            tracing::warn!(%task, assignment = %name, "an assignment of a task that is not known here");
            Ok(())
        }
        Err(error) => Err(refused(error)),
    }
}

async fn apply(
    tx: &mut Transaction,
    name: TaskName,
    about: Worker,
    step: AssignmentStep,
) -> Result<(), IntakeError> {
    let mut task = store::tasks::lock(tx, name).await?;
    if let Some((standing, worker)) = follow(task.standing, task.worker, about, step) {
        let act = Act::system("assignments", caseload_runtime::clock::now());
        task.stand(standing, act.now);
        task.worker = worker;
        work::tasks::keep(tx, &act, &mut task, Known::ToAll).await?;
    }
    Ok(())
}
