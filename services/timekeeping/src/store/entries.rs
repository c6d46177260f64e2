//! Entries by name, locked, written.

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::name::TimeEntryName;
use caseload_domain::utbms::{ActivityCode, TaskCode};
use caseload_domain::{FirmId, ParalegalId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::rows::{Labelled, select_entries};
use crate::domain::description::Description;
use crate::domain::entry::Entry;
use crate::domain::state::State;

/// One entry, of those in `states`.
pub async fn get(
    tx: &mut Transaction,
    name: TimeEntryName,
    states: &[State],
) -> Result<Option<Labelled>, DatabaseError> {
    select_entries!(
        "e.firm_id = $1 and e.id = $2 and e.state = any($3)",
        name.firm.0,
        name.id.0,
        &words(states) as _,
    )
    .fetch_optional(tx.connection())
    .await?
    .map(Labelled::try_from)
    .transpose()
}

/// Entries of those in `states`, locked until the transaction ends; always in one order, so that two transactions
/// that lock some of the same do not wait for each other. Those that are not there are left out.
pub async fn lock(
    tx: &mut Transaction,
    names: &[TimeEntryName],
    states: &[State],
) -> Result<Vec<Labelled>, DatabaseError> {
    let (firms, ids): (Vec<Uuid>, Vec<Uuid>) =
        names.iter().map(|name| (name.firm.0, name.id.0)).unzip();
    select_entries!(
        "(e.firm_id, e.id) in (select * from unnest($1::uuid[], $2::uuid[])) and e.state = any($3)
         order by e.firm_id, e.id for update of e",
        &firms,
        &ids,
        &words(states) as _,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Labelled::try_from)
    .collect()
}

/// The words of states, as they are kept.
pub(super) fn words(states: &[State]) -> Vec<String> {
    states
        .iter()
        .map(|state| state.as_str().to_owned())
        .collect()
}

/// Another entry or timer of the paralegal that has time from `start` to `end` (None: or later) in common, where the
/// transaction's scope may see it.
pub async fn overlapping(
    tx: &mut Transaction,
    paralegal: ParalegalId,
    (start, end): (OffsetDateTime, Option<OffsetDateTime>),
    except: &[TimeEntryName],
) -> Result<Option<TimeEntryName>, DatabaseError> {
    let except: Vec<Uuid> = except.iter().map(|name| name.id.0).collect();
    let row = sqlx::query!(
        "select firm_id, id from time_entries
         where paralegal_id = $1 and span && tstzrange($2, $3, '[)') and state <> 'reversed' and id <> all($4)
         order by start_time limit 1",
        paralegal.0,
        start,
        end,
        &except,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.map(|row| TimeEntryName::new(FirmId(row.firm_id), row.id.into())))
}

fn text_of_task_code(description: &Description) -> &'static str {
    description.task_code.map_or("", TaskCode::as_str)
}

fn text_of_activity_code(description: &Description) -> &'static str {
    description.activity_code.map_or("", ActivityCode::as_str)
}

fn seconds(seconds: u32) -> i32 {
    // At most a day and an increment.
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

/// Writes a new entry.
pub async fn insert(tx: &mut Transaction, entry: &Entry) -> Result<(), DatabaseError> {
    let description = &entry.description;
    sqlx::query!(
        "insert into time_entries (
             firm_id, id, paralegal_id, assignment_id, task_id, matter_id, start_time, end_time,
             worked_seconds, work_date, time_zone, billed_seconds, increment_seconds, increment_rounding,
             narrative, utbms_task_code, utbms_activity_code, non_billable, non_billable_reason,
             state, source, create_actor, submit_actor, submit_time, replaces_id,
             version, create_time, update_time
         ) values (
             $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
             $20, $21, $22, $23, $24, $25, $26, $27, $28
         )",
        entry.name.firm.0,
        entry.name.id.0,
        entry.paralegal.0,
        entry.assignment.0,
        entry.task.0,
        entry.matter.0,
        entry.span.start(),
        entry.span.end(),
        seconds(entry.span.worked().seconds()),
        entry.work_date,
        entry.zone.name(),
        seconds(entry.billed().seconds()),
        seconds(entry.rule.seconds()),
        entry.rule.rounding().as_str(),
        description.narrative,
        text_of_task_code(description),
        text_of_activity_code(description),
        description.non_billable.is_some(),
        description.non_billable.as_deref().unwrap_or_default(),
        entry.state.as_str(),
        entry.source.as_str(),
        entry.create_actor,
        entry.submission.as_ref().map(|submission| submission.actor.as_str()),
        entry.submission.as_ref().map(|submission| submission.time),
        entry.replaces.map(|replaced| replaced.0),
        entry.version,
        entry.create_time,
        entry.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Writes an entry that has changed, or that a timer has become. The row is locked, so its version is the last one.
pub async fn save(tx: &mut Transaction, entry: &Entry) -> Result<(), DatabaseError> {
    let description = &entry.description;
    let (submission, review) = (entry.submission.as_ref(), entry.review.as_ref());
    let reversal = entry.reversal.as_ref();
    let rejection = review.map(|review| review.rejection.as_deref().unwrap_or_default());
    let saved = sqlx::query!(
        "update time_entries set
             assignment_id = $3, task_id = $4, matter_id = $5, start_time = $6, end_time = $7,
             worked_seconds = $8, work_date = $9, time_zone = $10, billed_seconds = $11,
             increment_seconds = $12, increment_rounding = $13, narrative = $14, utbms_task_code = $15,
             utbms_activity_code = $16, non_billable = $17, non_billable_reason = $18, state = $19,
             stopped_at_limit = $20, submit_actor = $21, submit_time = $22, reviewer = $23, review_time = $24,
             review_approved = $25, review_reason = $26, reverse_actor = $27, reverse_time = $28,
             reverse_reason = $29, replacement_id = $30, version = $31, update_time = $32
         where firm_id = $1 and id = $2 and version = $31::bigint - 1",
        entry.name.firm.0,
        entry.name.id.0,
        entry.assignment.0,
        entry.task.0,
        entry.matter.0,
        entry.span.start(),
        entry.span.end(),
        seconds(entry.span.worked().seconds()),
        entry.work_date,
        entry.zone.name(),
        seconds(entry.billed().seconds()),
        seconds(entry.rule.seconds()),
        entry.rule.rounding().as_str(),
        description.narrative,
        text_of_task_code(description),
        text_of_activity_code(description),
        description.non_billable.is_some(),
        description.non_billable.as_deref().unwrap_or_default(),
        entry.state.as_str(),
        entry.stopped_at_limit,
        submission.map(|submission| submission.actor.as_str()),
        submission.map(|submission| submission.time),
        review.map(|review| review.reviewer.as_str()),
        review.map(|review| review.time),
        review.map(|review| review.rejection.is_none()),
        rejection,
        reversal.map(|reversal| reversal.actor.as_str()),
        reversal.map(|reversal| reversal.time),
        reversal.map(|reversal| reversal.reason.as_str()),
        reversal.and_then(|reversal| reversal.replacement).map(|replacement| replacement.0),
        entry.version,
        entry.update_time,
    )
    .execute(tx.connection())
    .await?;
    if saved.rows_affected() == 1 {
        Ok(())
    } else {
        Err(sqlx::Error::RowNotFound.into())
    }
}

/// Deletes an entry or a timer that is locked.
pub async fn delete(tx: &mut Transaction, name: TimeEntryName) -> Result<(), DatabaseError> {
    sqlx::query!(
        "delete from time_entries where firm_id = $1 and id = $2",
        name.firm.0,
        name.id.0
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
