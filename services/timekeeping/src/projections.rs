//! What timekeeping keeps of the others' events: intake's firms, matters and tasks, and assignment's roster and
//! assignments. Each event carries the state that it leads to, whole, so each is simply written over what was there.

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, FirmName, MatterName, ParalegalName, TaskName};
use caseload_domain::zone::Zone;
use caseload_events::{Event, Projection, ProjectionError};
use caseload_proto::caseload::assignment::v1::{
    AssignmentChanged, AssignmentSnapshot, AssignmentState, ParalegalChanged, ParalegalSnapshot,
};
use caseload_proto::caseload::intake::v1::{
    FirmChanged, FirmSnapshot, MatterChanged, MatterSnapshot, TaskChanged, TaskSnapshot,
};
use caseload_proto::convert::{instant, task_kind};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use prost_types::Timestamp;
use time::OffsetDateTime;

/// What is kept of intake's events.
#[derive(Debug, Clone, Copy, Default)]
pub struct Intake;

/// What is kept of assignment's events.
#[derive(Debug, Clone, Copy, Default)]
pub struct Assignment;

impl Projection for Intake {
    fn source(&self) -> &'static str {
        "intake"
    }

    fn apply<'a>(
        &'a self,
        tx: &'a mut Transaction,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        async move {
            if let Some(changed) = event.payload::<FirmChanged>()? {
                firm(tx, &whole(changed.firm, "firm")?).await
            } else if let Some(changed) = event.payload::<MatterChanged>()? {
                matter(tx, &whole(changed.matter, "matter")?).await
            } else if let Some(changed) = event.payload::<TaskChanged>()? {
                task(tx, &whole(changed.task, "task")?).await
            } else {
                Ok(())
            }
        }
        .boxed()
    }
}

impl Projection for Assignment {
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
                paralegal(tx, &whole(changed.paralegal, "paralegal")?).await
            } else if let Some(changed) = event.payload::<AssignmentChanged>()? {
                assignment(tx, &whole(changed.assignment, "assignment")?).await
            } else {
                Ok(())
            }
        }
        .boxed()
    }
}

fn whole<T>(snapshot: Option<T>, what: &str) -> Result<T, ProjectionError> {
    snapshot.ok_or_else(|| ProjectionError::Malformed(format!("{what} is missing")))
}

fn read<T>(field: &str, text: &str) -> Result<T, ProjectionError>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|why| ProjectionError::Malformed(format!("{field} {why}")))
}

async fn firm(tx: &mut Transaction, firm: &FirmSnapshot) -> Result<(), ProjectionError> {
    let FirmName(id) = read("firm.name", &firm.name)?;
    let zone: Zone = read("firm.time_zone", &firm.time_zone)?;
    sqlx::query!(
        "insert into firms (firm_id, display_name, code, time_zone, suspended)
         values ($1, $2, $3, $4, $5)
         on conflict (firm_id) do update set
             display_name = excluded.display_name, code = excluded.code,
             time_zone = excluded.time_zone, suspended = excluded.suspended",
        id.0,
        firm.display_name,
        firm.code,
        zone.name(),
        firm.suspended,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

async fn matter(tx: &mut Transaction, matter: &MatterSnapshot) -> Result<(), ProjectionError> {
    let name: MatterName = read("matter.name", &matter.name)?;
    sqlx::query!(
        "insert into matters (firm_id, id, caption, practice_area, closed)
         values ($1, $2, $3, $4, $5)
         on conflict (firm_id, id) do update set
             caption = excluded.caption, practice_area = excluded.practice_area, closed = excluded.closed",
        name.firm.0,
        name.id.0,
        matter.caption,
        matter.practice_area,
        matter.closed,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

async fn task(tx: &mut Transaction, task: &TaskSnapshot) -> Result<(), ProjectionError> {
    let name: TaskName = read("task.name", &task.name)?;
    let matter: MatterName = read("task.matter", &task.matter)?;
    let kind = task_kind(task.kind)
        .map_err(|why| ProjectionError::Malformed(format!("task.kind {why}")))?;
    sqlx::query!(
        "insert into tasks (firm_id, id, matter_id, title, kind, utbms_task_code)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (firm_id, id) do update set
             matter_id = excluded.matter_id, title = excluded.title, kind = excluded.kind,
             utbms_task_code = excluded.utbms_task_code",
        name.firm.0,
        name.id.0,
        matter.id.0,
        task.title,
        kind.as_str(),
        task.utbms_task_code,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

async fn paralegal(
    tx: &mut Transaction,
    paralegal: &ParalegalSnapshot,
) -> Result<(), ProjectionError> {
    let ParalegalName(id) = read("paralegal.name", &paralegal.name)?;
    let zone: Zone = read("paralegal.time_zone", &paralegal.time_zone)?;
    sqlx::query!(
        "insert into paralegals (id, given_name, family_name, timekeeper_id, time_zone, active)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update set
             given_name = excluded.given_name, family_name = excluded.family_name,
             timekeeper_id = excluded.timekeeper_id, time_zone = excluded.time_zone, active = excluded.active",
        id.0,
        paralegal.given_name,
        paralegal.family_name,
        paralegal.timekeeper_id,
        zone.name(),
        paralegal.active,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

fn word(state: AssignmentState) -> Result<&'static str, ProjectionError> {
    Ok(match state {
        AssignmentState::Unspecified => {
            return Err(ProjectionError::Malformed(
                "assignment.state is not set".to_owned(),
            ));
        }
        AssignmentState::Offered => "offered",
        AssignmentState::Accepted => "accepted",
        AssignmentState::Completed => "completed",
        AssignmentState::Declined => "declined",
        AssignmentState::Expired => "expired",
        AssignmentState::Released => "released",
    })
}

fn moment(
    field: &str,
    stamp: Option<&Timestamp>,
) -> Result<Option<OffsetDateTime>, ProjectionError> {
    stamp
        .map(|stamp| {
            instant(stamp).map_err(|why| ProjectionError::Malformed(format!("{field} {why}")))
        })
        .transpose()
}

async fn assignment(
    tx: &mut Transaction,
    assignment: &AssignmentSnapshot,
) -> Result<(), ProjectionError> {
    let name: AssignmentName = read("assignment.name", &assignment.name)?;
    let task: TaskName = read("assignment.task", &assignment.task)?;
    let matter: MatterName = read("assignment.matter", &assignment.matter)?;
    let ParalegalName(paralegal) = read("assignment.paralegal", &assignment.paralegal)?;
    sqlx::query!(
        "insert into assignments (firm_id, id, task_id, matter_id, paralegal_id, state, accept_time, end_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (firm_id, id) do update set
             task_id = excluded.task_id, matter_id = excluded.matter_id, paralegal_id = excluded.paralegal_id,
             state = excluded.state, accept_time = excluded.accept_time, end_time = excluded.end_time",
        name.firm.0,
        name.id.0,
        task.id.0,
        matter.id.0,
        paralegal.0,
        word(assignment.state())?,
        moment("assignment.accept_time", assignment.accept_time.as_ref())?,
        moment("assignment.end_time", assignment.end_time.as_ref())?,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
