//! Entries by name, locked, written.

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::name::TimeEntryName;
use caseload_domain::utbms::{ActivityCode, TaskCode};
use caseload_domain::work::TaskKind;
use caseload_domain::work_time::IncrementRule;
use caseload_domain::{FirmId, ParalegalId};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::unreadable;
use crate::domain::description::Description;
use crate::domain::entry::{Entry, Reversal, Review, Submission};
use crate::domain::span::Span;
use crate::domain::state::State;

/// What people call the task and the matter of an entry, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// The task's title.
    pub task_title: String,
    /// The task's kind.
    pub task_kind: Option<TaskKind>,
    /// The matter's caption.
    pub matter_caption: String,
}

/// An entry with what people call its task and matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The entry.
    pub entry: Entry,
    /// Its labels.
    pub labels: Labels,
}

/// A row as [`select_entries`] selects it.
pub(super) struct Row {
    pub(super) firm_id: Uuid,
    pub(super) id: Uuid,
    pub(super) paralegal_id: Uuid,
    pub(super) assignment_id: Uuid,
    pub(super) task_id: Uuid,
    pub(super) matter_id: Uuid,
    pub(super) start_time: OffsetDateTime,
    pub(super) end_time: OffsetDateTime,
    pub(super) work_date: Date,
    pub(super) time_zone: String,
    pub(super) increment_seconds: i32,
    pub(super) increment_rounding: String,
    pub(super) narrative: String,
    pub(super) utbms_task_code: String,
    pub(super) utbms_activity_code: String,
    pub(super) non_billable_reason: String,
    pub(super) state: String,
    pub(super) source: String,
    pub(super) stopped_at_limit: bool,
    pub(super) create_actor: String,
    pub(super) submit_actor: Option<String>,
    pub(super) submit_time: Option<OffsetDateTime>,
    pub(super) reviewer: Option<String>,
    pub(super) review_time: Option<OffsetDateTime>,
    pub(super) review_reason: Option<String>,
    pub(super) reverse_actor: Option<String>,
    pub(super) reverse_time: Option<OffsetDateTime>,
    pub(super) reverse_reason: Option<String>,
    pub(super) replacement_id: Option<Uuid>,
    pub(super) replaces_id: Option<Uuid>,
    pub(super) version: i64,
    pub(super) create_time: OffsetDateTime,
    pub(super) update_time: OffsetDateTime,
    pub(super) task_title: Option<String>,
    pub(super) task_kind: Option<String>,
    pub(super) matter_caption: Option<String>,
}

/// Selects [`Row`]s of entries that a condition holds for; a running timer is no entry.
macro_rules! select_entries {
    ($which:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::store::entries::Row,
            r#"
            select
                e.firm_id, e.id, e.paralegal_id, e.assignment_id, e.task_id, e.matter_id,
                e.start_time, e.end_time as "end_time!", e.work_date, e.time_zone,
                e.increment_seconds as "increment_seconds!", e.increment_rounding as "increment_rounding!",
                e.narrative, e.utbms_task_code, e.utbms_activity_code, e.non_billable_reason,
                e.state, e.source, e.stopped_at_limit, e.create_actor, e.submit_actor, e.submit_time,
                e.reviewer, e.review_time, e.review_reason,
                e.reverse_actor, e.reverse_time, e.reverse_reason, e.replacement_id, e.replaces_id,
                e.version, e.create_time, e.update_time,
                t.title as "task_title?", t.kind as "task_kind?", m.caption as "matter_caption?"
            from time_entries e
                left join tasks t on t.firm_id = e.firm_id and t.id = e.task_id
                left join matters m on m.firm_id = e.firm_id and m.id = e.matter_id
            where e.state <> 'running' and "# + $which
            $(, $argument)*
        )
    };
}
pub(super) use select_entries;

/// A UTBMS code as it is kept: empty when there is none.
pub(super) fn code<T>(text: &str) -> Result<Option<T>, DatabaseError>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(unreadable)
}

impl TryFrom<Row> for Labelled {
    type Error = DatabaseError;

    fn try_from(row: Row) -> Result<Self, DatabaseError> {
        let submission = row
            .submit_actor
            .zip(row.submit_time)
            .map(|(actor, time)| Submission { actor, time });
        let review = row
            .reviewer
            .zip(row.review_time)
            .map(|(reviewer, time)| Review {
                reviewer,
                time,
                rejection: row.review_reason.filter(|reason| !reason.is_empty()),
            });
        let reversal = row
            .reverse_actor
            .zip(row.reverse_time)
            .map(|(actor, time)| Reversal {
                actor,
                time,
                reason: row.reverse_reason.unwrap_or_default(),
                replacement: row.replacement_id.map(Into::into),
            });
        let rounding = row.increment_rounding.parse().map_err(unreadable)?;
        let rule = IncrementRule::new(row.increment_seconds.into(), rounding);
        let kind = row.task_kind.map(|kind| kind.parse().map_err(unreadable));
        Ok(Self {
            entry: Entry {
                name: TimeEntryName::new(row.firm_id.into(), row.id.into()),
                paralegal: row.paralegal_id.into(),
                task: row.task_id.into(),
                matter: row.matter_id.into(),
                assignment: row.assignment_id.into(),
                span: Span::new(row.start_time, row.end_time).map_err(unreadable)?,
                work_date: row.work_date,
                zone: row.time_zone.parse().map_err(unreadable)?,
                rule: rule.map_err(unreadable)?,
                description: Description {
                    narrative: row.narrative,
                    task_code: code(&row.utbms_task_code)?,
                    activity_code: code(&row.utbms_activity_code)?,
                    non_billable: Some(row.non_billable_reason).filter(|reason| !reason.is_empty()),
                },
                state: row.state.parse().map_err(unreadable)?,
                source: row.source.parse().map_err(unreadable)?,
                stopped_at_limit: row.stopped_at_limit,
                create_actor: row.create_actor,
                submission,
                review,
                reversal,
                replaces: row.replaces_id.map(Into::into),
                version: row.version,
                create_time: row.create_time,
                update_time: row.update_time,
            },
            labels: Labels {
                task_title: row.task_title.unwrap_or_default(),
                task_kind: kind.transpose()?,
                matter_caption: row.matter_caption.unwrap_or_default(),
            },
        })
    }
}

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
