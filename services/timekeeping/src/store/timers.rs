//! The timer of a paralegal: the one entry that has no end yet.

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::ParalegalId;
use caseload_domain::name::TimeEntryName;
use caseload_domain::utbms::{ActivityCode, TaskCode};
use time::OffsetDateTime;

use super::rows::code;
use super::unreadable;
use crate::domain::description::Description;
use crate::domain::entry::Source;
use crate::domain::state::State;
use crate::domain::timer::Timer;

/// The timer that runs. Who would change it holds the paralegal's calendar first.
pub async fn running(
    tx: &mut Transaction,
    paralegal: ParalegalId,
) -> Result<Option<Timer>, DatabaseError> {
    let row = sqlx::query!(
        "select firm_id, id, assignment_id, task_id, matter_id, start_time, work_date, time_zone,
             narrative, utbms_task_code, utbms_activity_code, create_actor, version
         from time_entries
         where paralegal_id = $1 and state = 'running'",
        paralegal.0
    )
    .fetch_optional(tx.connection())
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Timer {
        entry: TimeEntryName::new(row.firm_id.into(), row.id.into()),
        paralegal,
        task: row.task_id.into(),
        matter: row.matter_id.into(),
        assignment: row.assignment_id.into(),
        start: row.start_time,
        work_date: row.work_date,
        zone: row.time_zone.parse().map_err(unreadable)?,
        description: Description {
            narrative: row.narrative,
            task_code: code(&row.utbms_task_code)?,
            activity_code: code(&row.utbms_activity_code)?,
            non_billable: None,
        },
        create_actor: row.create_actor,
        version: row.version,
    }))
}

/// Writes a timer that was started.
pub async fn insert(
    tx: &mut Transaction,
    timer: &Timer,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    let description = &timer.description;
    sqlx::query!(
        "insert into time_entries (
             firm_id, id, paralegal_id, assignment_id, task_id, matter_id, start_time, work_date, time_zone,
             narrative, utbms_task_code, utbms_activity_code, non_billable, non_billable_reason,
             state, source, create_actor, version, create_time, update_time
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, false, '', $13, $14, $15, $16, $17, $17)",
        timer.entry.firm.0,
        timer.entry.id.0,
        timer.paralegal.0,
        timer.assignment.0,
        timer.task.0,
        timer.matter.0,
        timer.start,
        timer.work_date,
        timer.zone.name(),
        description.narrative,
        description.task_code.map_or("", TaskCode::as_str),
        description.activity_code.map_or("", ActivityCode::as_str),
        State::Running.as_str(),
        Source::Timer.as_str(),
        timer.create_actor,
        timer.version,
        now,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
