//! The names of assignments that something is about to happen to.

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, TaskName};
use caseload_domain::{FirmId, MatterId, ParalegalId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::Error;

/// The names of the live assignments of a task.
pub async fn live_of_task(
    tx: &mut Transaction,
    task: TaskName,
) -> Result<Vec<AssignmentName>, Error> {
    let ids = sqlx::query_scalar!(
        "select assignment_id from assignments
         where firm_id = $1 and task_id = $2 and state in ('offered', 'accepted')
         order by assignment_id",
        task.firm.0,
        task.id.0,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(ids
        .into_iter()
        .map(|id| AssignmentName::new(task.firm, id.into()))
        .collect())
}

/// The names of the live assignments on a matter of some paralegals.
pub async fn live_on_matter(
    tx: &mut Transaction,
    (firm, matter): (FirmId, MatterId),
    paralegals: &[ParalegalId],
) -> Result<Vec<AssignmentName>, Error> {
    let paralegals: Vec<Uuid> = paralegals.iter().map(|id| id.0).collect();
    let ids = sqlx::query_scalar!(
        "select assignment_id from assignments
         where firm_id = $1 and matter_id = $2 and paralegal_id = any($3) and state in ('offered', 'accepted')
         order by assignment_id",
        firm.0,
        matter.0,
        &paralegals,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(ids
        .into_iter()
        .map(|id| AssignmentName::new(firm, id.into()))
        .collect())
}

/// The names of what is offered to a paralegal and waits for an answer.
pub async fn offered_to(
    tx: &mut Transaction,
    paralegal: ParalegalId,
) -> Result<Vec<AssignmentName>, Error> {
    let rows = sqlx::query!(
        "select firm_id, assignment_id from assignments
         where paralegal_id = $1 and state = 'offered' order by assignment_id",
        paralegal.0,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AssignmentName::new(row.firm_id.into(), row.assignment_id.into()))
        .collect())
}

/// Locks some of the offers whose time to answer is over, passing over those that somebody else has locked.
pub async fn overdue(
    tx: &mut Transaction,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<AssignmentName>, Error> {
    let rows = sqlx::query!(
        "select firm_id, assignment_id from assignments
         where state = 'offered' and answer_by_time <= $1
         order by answer_by_time limit $2
         for update skip locked",
        now,
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AssignmentName::new(row.firm_id.into(), row.assignment_id.into()))
        .collect())
}
