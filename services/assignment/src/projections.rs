//! What the service keeps of intake's events: firms, matters and tasks, and what follows for assignments.

use std::collections::BTreeSet;

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, FirmName, MatterName, ParalegalName, TaskName};
use caseload_domain::work::{Level, Priority, TaskKind};
use caseload_domain::{ParalegalId, Scope};
use caseload_events::{Act, Event, Projection, ProjectionError};
use caseload_proto::caseload::intake::v1::{
    self as intake, DeliveryAccepted, FirmChanged, MatterChanged, TaskChanged,
};
use caseload_proto::caseload::r#type::v1::{SkillLevel, pricing};
use caseload_proto::convert::{instant, priority, task_kind, whole_seconds};
use caseload_runtime::clock;
use futures::future::BoxFuture;

use crate::domain::assignment::{AssignmentState, Step};
use crate::domain::task::{RequiredSkill, Task, TaskState};
use crate::error::Error;
use crate::store::{assignments, work};
use crate::work::moves::{self, Move};

/// Follows intake.
#[derive(Debug, Clone, Copy, Default)]
pub struct Intake;

/// The subscription's name, and the actor of what follows from an event.
pub const NAME: &str = "assignment.intake";

impl Projection for Intake {
    fn source(&self) -> &'static str {
        "intake"
    }

    fn apply<'a>(
        &'a self,
        tx: &'a mut Transaction,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        Box::pin(async move {
            // An assignment's pay, which its events carry, is seen in the scope of every firm alone.
            tx.set_scope(Scope::AllFirms).await?;
            if let Some(FirmChanged { firm }) = event.payload()? {
                return firm_changed(tx, &required("firm", firm)?).await;
            }
            if let Some(MatterChanged { matter, .. }) = event.payload()? {
                return matter_changed(tx, &required("matter", matter)?).await;
            }
            if let Some(TaskChanged { task }) = event.payload()? {
                return task_changed(tx, &required("task", task)?).await;
            }
            if let Some(DeliveryAccepted { delivery, .. }) = event.payload()? {
                return delivery_accepted(tx, &required("delivery", delivery)?).await;
            }
            Ok(())
        })
    }
}

async fn firm_changed(
    tx: &mut Transaction,
    firm: &intake::FirmSnapshot,
) -> Result<(), ProjectionError> {
    let FirmName(id) = read("firm.name", firm.name.parse())?;
    work::put_firm(tx, id, firm.suspended).await?;
    Ok(())
}

/// Takes in a matter, and takes back what those who are screened off it work on.
async fn matter_changed(
    tx: &mut Transaction,
    matter: &intake::MatterSnapshot,
) -> Result<(), ProjectionError> {
    let name: MatterName = read("matter.name", matter.name.parse())?;
    let screened = matter
        .screened_paralegals
        .iter()
        .map(|name| read("matter.screened_paralegals", name.parse()))
        .map(|name| name.map(|ParalegalName(id)| id))
        .collect::<Result<BTreeSet<ParalegalId>, _>>()?;
    let screened: Vec<ParalegalId> = screened.into_iter().collect();
    work::put_matter(tx, name, &screened).await?;
    let names = assignments::live_on_matter(tx, (name.firm, name.id), &screened)
        .await
        .map_err(refused)?;
    release(tx, names, "the paralegal is screened off the matter").await
}

/// Takes in a task, and takes it back from whoever has it when it is cancelled.
async fn task_changed(
    tx: &mut Transaction,
    snapshot: &intake::TaskSnapshot,
) -> Result<(), ProjectionError> {
    let task = task(snapshot)?;
    work::put_task(tx, &task).await?;
    if task.state != TaskState::Cancelled {
        return Ok(());
    }
    let names = assignments::live_of_task(tx, task.name)
        .await
        .map_err(refused)?;
    release(tx, names, "the task was cancelled").await
}

/// Completes the assignment whose last delivery the firm has accepted. Nobody has the task any more: whoever was given
/// it before the delivery was heard of is relieved of it.
async fn delivery_accepted(
    tx: &mut Transaction,
    delivery: &intake::DeliverySnapshot,
) -> Result<(), ProjectionError> {
    if !delivery.completes_task {
        return Ok(());
    }
    let name: AssignmentName = read("delivery.assignment", delivery.assignment.parse())?;
    let task: TaskName = read("delivery.task", delivery.task.parse())?;
    assignments::lock(tx, name).await.map_err(refused)?;
    match assignments::find(tx, name).await.map_err(refused)? {
        Some(found) if found.state == AssignmentState::Accepted => {
            step(tx, name, &Move::plain(Step::Complete, String::new())).await?;
        }
        // Taken in before, or taken back since: there is nothing left to complete.
        Some(_) => {}
        None => {
            tracing::warn!(assignment = %name, "a delivery was accepted of an assignment that is not known");
        }
    }
    let mut others = assignments::live_of_task(tx, task).await.map_err(refused)?;
    others.retain(|other| *other != name);
    release(tx, others, "the task is done").await
}

async fn release(
    tx: &mut Transaction,
    names: Vec<AssignmentName>,
    reason: &str,
) -> Result<(), ProjectionError> {
    for name in names {
        // Somebody else may have ended it while we waited for its row.
        assignments::lock(tx, name).await.map_err(refused)?;
        let found = assignments::find(tx, name).await.map_err(refused)?;
        if found.is_some_and(|found| found.state.is_live()) {
            step(tx, name, &Move::release(reason)).await?;
        }
    }
    Ok(())
}

async fn step(
    tx: &mut Transaction,
    name: AssignmentName,
    change: &Move,
) -> Result<(), ProjectionError> {
    let act = Act::system(NAME, clock::now());
    moves::step(tx, &act, name, change).await.map_err(refused)?;
    Ok(())
}

fn refused(error: Error) -> ProjectionError {
    match error {
        Error::Database(error) => error.into(),
        error => ProjectionError::Malformed(error.to_string()),
    }
}

fn required<T>(field: &str, value: Option<T>) -> Result<T, ProjectionError> {
    value.ok_or_else(|| ProjectionError::Malformed(format!("{field} is required")))
}

fn read<T, E: std::fmt::Display>(field: &str, value: Result<T, E>) -> Result<T, ProjectionError> {
    value.map_err(|error| ProjectionError::Malformed(format!("{field} {error}")))
}

/// A task as intake tells of it.
fn task(given: &intake::TaskSnapshot) -> Result<Task, ProjectionError> {
    let name: TaskName = read("task.name", given.name.parse())?;
    let matter: MatterName = read("task.matter", given.matter.parse())?;
    let kind: TaskKind = read("task.kind", task_kind(given.kind))?;
    let priority: Priority = read("task.priority", priority(given.priority))?;
    let effort = given.effort_estimate.as_ref().map_or(Ok(0), whole_seconds);
    let earliest_start = given.earliest_start_time.as_ref().map(instant).transpose();
    let due = given.due_time.as_ref().map(instant).transpose();
    let model = given
        .pricing
        .as_ref()
        .and_then(|pricing| pricing.model.as_ref());
    Ok(Task {
        name,
        version: 1,
        matter: matter.id,
        title: given.title.clone(),
        kind,
        practice_area: given.practice_area.clone(),
        required_skills: given
            .required_skills
            .iter()
            .map(skill)
            .collect::<Result<_, _>>()?,
        effort: read("task.effort_estimate", effort)?.max(0),
        priority,
        earliest_start: read("task.earliest_start_time", earliest_start)?,
        due: read("task.due_time", due)?,
        jurisdiction: given.jurisdiction.clone(),
        language_code: given.language_code.clone(),
        certification: given.required_certification.clone(),
        priced_by_project: matches!(model, Some(pricing::Model::Project(_))),
        state: state(given.state())?,
    })
}

fn skill(given: &SkillLevel) -> Result<RequiredSkill, ProjectionError> {
    let kind = match given.kind {
        0 => None,
        number => Some(read("task.required_skills.kind", task_kind(number))?),
    };
    let level: Level = read("task.required_skills.level", Level::new(given.level))?;
    Ok(RequiredSkill {
        practice_area: given.practice_area.clone(),
        kind,
        level: level.get(),
    })
}

fn state(given: intake::TaskState) -> Result<TaskState, ProjectionError> {
    Ok(match given {
        intake::TaskState::Unspecified => {
            return Err(ProjectionError::Malformed(
                "task.state is not known".to_owned(),
            ));
        }
        intake::TaskState::Pending => TaskState::Pending,
        intake::TaskState::Open => TaskState::Open,
        intake::TaskState::Assigned => TaskState::Assigned,
        intake::TaskState::InProgress => TaskState::InProgress,
        intake::TaskState::Delivered => TaskState::Delivered,
        intake::TaskState::RevisionRequested => TaskState::RevisionRequested,
        intake::TaskState::Accepted => TaskState::Accepted,
        intake::TaskState::OnHold => TaskState::OnHold,
        intake::TaskState::Cancelled => TaskState::Cancelled,
    })
}
