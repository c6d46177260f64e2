//! Changes to an entry that is the paralegal's own: a draft, or a rejected entry, which becomes a draft again.

use caseload_domain::TaskId;
use caseload_domain::utbms::{ActivityCode, TaskCode};
use caseload_domain::work_time::WorkedTime;
use time::{Duration, OffsetDateTime};

use super::description::Description;
use super::entry::Entry;
use super::refusal::Refusal;
use super::span::{Said, Span, Wrong};
use super::standing::Standing;
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

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::domain::samples::{NINE, NOW, REVIEWER, draft_of, recording, standing, submitted};

    fn seconds(seconds: i64) -> Option<WorkedTime> {
        WorkedTime::from_seconds(seconds).ok()
    }

    fn revised(revision: Revision) -> Result<Entry, Unfit> {
        let standing = standing();
        revision.apply(&draft_of(recording(), &standing), &standing, NOW, NOW)
    }

    fn wrong_fields(revision: Revision) -> Vec<&'static str> {
        match revised(revision) {
            Err(Unfit::Invalid(wrong)) => wrong.into_iter().map(|(field, _)| field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_length_alone_keeps_the_start_and_a_start_alone_the_end() {
        let longer = Revision {
            worked: seconds(7200),
            ..Revision::default()
        };
        let entry = revised(longer).unwrap();
        assert_eq!(
            (entry.span.start(), entry.span.end()),
            (NINE, NINE + Duration::hours(2))
        );
        assert_eq!(entry.billed().seconds(), 7200);
        let later = Revision {
            start: Some(NINE + Duration::MINUTE),
            ..Revision::default()
        };
        let entry = revised(later).unwrap();
        assert_eq!(entry.span.worked().seconds(), 3600);
        assert_eq!(entry.span.end(), NINE + Duration::minutes(61));
    }

    #[test]
    fn what_moves_to_another_day_has_another_work_date() {
        let back = Revision {
            start: Some(NINE - Duration::hours(10)),
            worked: seconds(600),
            ..Revision::default()
        };
        assert_eq!(revised(back).unwrap().work_date, date!(2026 - 03 - 01));
    }

    #[test]
    fn a_rejected_entry_becomes_a_draft_again_and_keeps_the_reason() {
        let mut entry = submitted();
        entry
            .reject(REVIEWER, "Say which claims.".to_owned(), NOW)
            .unwrap();
        let better = Revision {
            narrative: Some("Read claims 1 to 12.".to_owned()),
            ..Revision::default()
        };
        let changed = better.apply(&entry, &standing(), NOW, NOW).unwrap();
        assert_eq!(changed.state, State::Draft);
        assert_eq!(changed.review, entry.review);
        assert_eq!(changed.version, entry.version + 1);
    }

    #[test]
    fn what_is_handed_in_or_approved_does_not_change() {
        let mut entry = submitted();
        for _ in 0..2 {
            let unfit = Revision::default().apply(&entry, &standing(), NOW, NOW);
            assert!(
                matches!(unfit, Err(Unfit::Refused(Refusal::WrongState { .. }))),
                "{unfit:?}"
            );
            entry.approve(REVIEWER, NOW).ok();
        }
    }

    #[test]
    fn time_that_is_not_billed_needs_a_reason_and_billed_time_has_none() {
        let free = Revision {
            non_billable: Some(true),
            ..Revision::default()
        };
        assert_eq!(wrong_fields(free), ["non_billable_reason"]);
        let reason_alone = Revision {
            non_billable_reason: Some("Training".to_owned()),
            ..Revision::default()
        };
        assert_eq!(wrong_fields(reason_alone), ["non_billable_reason"]);
        let both = Revision {
            non_billable: Some(true),
            non_billable_reason: Some("Training".to_owned()),
            ..Revision::default()
        };
        let free = revised(both).unwrap();
        assert_eq!(free.description.non_billable.as_deref(), Some("Training"));
        let billed_again = Revision {
            non_billable: Some(false),
            ..Revision::default()
        };
        let entry = billed_again.apply(&free, &standing(), NOW, NOW).unwrap();
        assert_eq!(entry.description.non_billable, None);
    }

    #[test]
    fn every_field_that_does_not_fit_is_told_at_once() {
        let nonsense = Revision {
            end: Some(NINE - Duration::HOUR),
            non_billable: Some(true),
            ..Revision::default()
        };
        assert_eq!(wrong_fields(nonsense), ["end_time", "non_billable_reason"]);
    }

    #[test]
    fn time_moved_to_before_the_assignment_is_refused_but_a_new_narrative_is_not() {
        let mut ended = standing();
        let entry = draft_of(recording(), &ended);
        ended.tenures[0].ended = Some(NINE);
        let narrative = Revision {
            narrative: Some("Read claims 1 to 12.".to_owned()),
            ..Revision::default()
        };
        assert!(narrative.apply(&entry, &ended, NOW, NOW).is_ok());
        let longer = Revision {
            worked: seconds(7200),
            ..Revision::default()
        };
        let refused = longer.apply(&entry, &ended, NOW, NOW);
        assert!(matches!(
            refused,
            Err(Unfit::Refused(Refusal::NotAssigned { .. }))
        ));
    }

    #[test]
    fn codes_can_be_taken_away() {
        let bare = Revision {
            task_code: Some(None),
            activity_code: Some(None),
            ..Revision::default()
        };
        let entry = revised(bare).unwrap();
        assert_eq!(
            (entry.description.task_code, entry.description.activity_code),
            (None, None)
        );
    }
}
