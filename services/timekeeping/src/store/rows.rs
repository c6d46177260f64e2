//! Entries as rows, and rows as entries.

use caseload_database::DatabaseError;
use caseload_domain::name::TimeEntryName;
use caseload_domain::work::TaskKind;
use caseload_domain::work_time::IncrementRule;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::unreadable;
use crate::domain::description::Description;
use crate::domain::entry::{Entry, Reversal, Review, Submission};
use crate::domain::span::Span;

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
            crate::store::rows::Row,
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
