//! Changes to an entry that is the paralegal's own: a draft, or a rejected entry, which becomes a draft again.

use caseload_domain::TaskId;
use caseload_domain::utbms::{ActivityCode, TaskCode};
use caseload_domain::work_time::WorkedTime;
use time::{Duration, OffsetDateTime};

use super::description::Description;
use super::entry::{Entry, Standing};
use super::refusal::Refusal;
use super::span::{Said, Span, Wrong};
use super::state::{State, Step};
use super::tenure;

/// What changes: each field that is to change, with its new value.
#[derive(Debug, Clone, Default)]
pub struct Revision {
    /// What on.
    pub task: Option<TaskId>,
    /// When work began.
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    pub end: Option<OffsetDateTime>,
    /// How long it took.
    pub worked: Option<WorkedTime>,
    /// What was done.
    pub narrative: Option<String>,
    /// The task code; `Some(None)` takes it away.
    pub task_code: Option<Option<TaskCode>>,
    /// The activity code; `Some(None)` takes it away.
    pub activity_code: Option<Option<ActivityCode>>,
    /// Whether the firm is not billed for it.
    pub non_billable: Option<bool>,
    /// Why not.
    pub non_billable_reason: Option<String>,
}

/// Why a revision can't be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// With what the entry holds already, these fields are wrong.
    Invalid(Vec<Wrong>),
    /// It can't be done.
    Refused(Refusal),
}

impl Revision {
    /// Whether it moves the entry in time or to another task, so that others' claims must be looked at again.
    pub fn moves(&self) -> bool {
        self.task.is_some() || self.start.is_some() || self.end.is_some() || self.worked.is_some()
    }

    /// The entry as changed. `standing` is towards the task that the entry will be on.
    pub fn apply(
        self,
        entry: &Entry,
        standing: &Standing,
        latest: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Entry, Unfit> {
        entry.state.allows(Step::Revise).map_err(Unfit::Refused)?;
        let mut wrong = Vec::new();
        let span = self
            .span(entry.span, latest)
            .map_err(|more| wrong.extend(more))
            .ok();
        let moves = self.moves();
        let task = self.task.unwrap_or(entry.task);
        let description = self
            .description(&entry.description)
            .map_err(|more| wrong.push(more))
            .ok();
        let (Some(span), Some(description)) = (span, description) else {
            return Err(Unfit::Invalid(wrong));
        };
        let mut changed = Entry {
            task,
            span,
            description,
            rule: standing.rule,
            ..entry.clone()
        };
        if moves {
            let tenure = tenure::covering(&standing.tenures, span.start(), Some(span.end()))
                .map_err(Unfit::Refused)?;
            (changed.assignment, changed.matter) = (tenure.assignment, tenure.matter);
            changed.work_date = standing.zone.date_at(span.start());
            changed.zone = standing.zone.clone();
        }
        changed.moved_to(State::Draft, now);
        Ok(changed)
    }

    /// The new span: a start alone keeps the end, a length alone keeps the start.
    fn span(&self, old: Span, latest: OffsetDateTime) -> Result<Span, Vec<Wrong>> {
        if self.start.is_none() && self.end.is_none() && self.worked.is_none() {
            return Ok(old);
        }
        let keeps_end = self.end.is_none() && self.worked.is_none();
        Said {
            start: Some(self.start.unwrap_or(old.start())),
            end: if keeps_end { Some(old.end()) } else { self.end },
            worked: self.worked,
        }
        .span(latest.max(old.end()))
    }

    fn description(self, old: &Description) -> Result<Description, Wrong> {
        let field = "non_billable_reason";
        let free = self.non_billable.unwrap_or(old.non_billable.is_some());
        let reason = match (free, self.non_billable_reason) {
            (true, Some(reason)) if reason.is_empty() => None,
            (true, Some(reason)) => Some(reason),
            (true, None) => old.non_billable.clone(),
            (false, Some(reason)) if !reason.is_empty() => {
                return Err((field, "must be empty unless non_billable is set".to_owned()));
            }
            (false, _) => None,
        };
        if free && reason.is_none() {
            return Err((field, "is required with non_billable".to_owned()));
        }
        Ok(Description {
            narrative: self.narrative.unwrap_or_else(|| old.narrative.clone()),
            task_code: self.task_code.unwrap_or(old.task_code),
            activity_code: self.activity_code.unwrap_or(old.activity_code),
            non_billable: reason,
        })
    }
}

/// The latest that recorded time may end: now, and a little more because clocks differ.
pub fn latest(now: OffsetDateTime, ahead: Duration) -> OffsetDateTime {
    now.checked_add(ahead).unwrap_or(now)
}
