//! Tasks whose due time is near or over, and what was told of it.
//!
//! Each statement holds the tasks that it finds and marks them as told of, so that whoever looks next, or at the same
//! time, does not find them. Drafts are the firm's own: a task is told of from when its request is accepted.

use caseload_database::Transaction;
use time::OffsetDateTime;

use super::Keys;
use crate::error::IntakeError;

/// Marks tasks whose due time is over, and that are not handed over, the longest overdue first.
pub(crate) async fn overdue(
    tx: &mut Transaction,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Keys, IntakeError> {
    Ok(sqlx::query!(
        "with due as (
             select t.firm_id, t.task_id from tasks t join requests r using (firm_id, request_id)
             where not t.overdue_told and t.state not in ('delivered', 'accepted', 'cancelled')
               and t.due_time < $1 and r.accept_time is not null
             order by t.due_time, t.task_id limit $2
             for no key update of t skip locked)
         update tasks set overdue_told = true from due
         where tasks.firm_id = due.firm_id and tasks.task_id = due.task_id
         returning tasks.firm_id, tasks.task_id",
        now,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.task_id))
    .collect())
}

/// Marks tasks that are due until then, and that are not handed over, the soonest first.
pub(crate) async fn due_soon(
    tx: &mut Transaction,
    now: OffsetDateTime,
    until: OffsetDateTime,
    limit: i64,
) -> Result<Keys, IntakeError> {
    Ok(sqlx::query!(
        "with due as (
             select t.firm_id, t.task_id from tasks t join requests r using (firm_id, request_id)
             where not t.due_soon_told and t.state not in ('delivered', 'accepted', 'cancelled')
               and t.due_time >= $1 and t.due_time <= $2 and r.accept_time is not null
             order by t.due_time, t.task_id limit $3
             for no key update of t skip locked)
         update tasks set due_soon_told = true from due
         where tasks.firm_id = due.firm_id and tasks.task_id = due.task_id
         returning tasks.firm_id, tasks.task_id",
        now,
        until,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.task_id))
    .collect())
}
