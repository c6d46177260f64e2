//! Entries, timers and rules as the contract shows them, and as events carry them.

use caseload_database::etag;
use caseload_domain::ParalegalId;
use caseload_domain::name::{
    AssignmentName, FirmName, MatterName, ParalegalName, TaskName, TimeEntryName,
};
use caseload_domain::utbms::{ActivityCode, TaskCode};
use caseload_domain::work_time::{IncrementRounding, IncrementRule};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::caseload::r#type::v1::TaskKind;
use caseload_proto::convert::{seconds, timestamp};
use time::OffsetDateTime;

use crate::domain::description::Description;
use crate::domain::entry::{Entry, Reversal, Review, Source};
use crate::domain::state::State;
use crate::domain::timer::Timer;
use crate::store::rows::{Labelled, Labels};
use crate::store::rules::TimeRules;

fn codes(description: &Description) -> (String, String) {
    let task = description
        .task_code
        .map(TaskCode::as_str)
        .unwrap_or_default();
    let activity = description
        .activity_code
        .map(ActivityCode::as_str)
        .unwrap_or_default();
    (task.to_owned(), activity.to_owned())
}

fn rule(rule: IncrementRule) -> contract::IncrementRule {
    let rounding = match rule.rounding() {
        IncrementRounding::Up => contract::IncrementRounding::Up,
        IncrementRounding::Down => contract::IncrementRounding::Down,
        IncrementRounding::Nearest => contract::IncrementRounding::Nearest,
        IncrementRounding::Exact => contract::IncrementRounding::Exact,
    };
    contract::IncrementRule {
        increment: Some(seconds(rule.seconds())),
        rounding: rounding.into(),
    }
}

/// A state as the contract says it. A running timer is no entry and has none.
const fn state(state: State) -> contract::TimeEntryState {
    match state {
        State::Running => contract::TimeEntryState::Unspecified,
        State::Draft => contract::TimeEntryState::Draft,
        State::Submitted => contract::TimeEntryState::Submitted,
        State::Approved => contract::TimeEntryState::Approved,
        State::Rejected => contract::TimeEntryState::Rejected,
        State::Reversed => contract::TimeEntryState::Reversed,
    }
}

const fn source(source: Source) -> contract::TimeEntrySource {
    match source {
        Source::Manual => contract::TimeEntrySource::Manual,
        Source::Timer => contract::TimeEntrySource::Timer,
        Source::Replacement => contract::TimeEntrySource::Replacement,
    }
}

fn review(review: &Review) -> contract::TimeEntryReview {
    contract::TimeEntryReview {
        reviewer: review.reviewer.clone(),
        review_time: Some(timestamp(review.time)),
        approved: review.rejection.is_none(),
        reason: review.rejection.clone().unwrap_or_default(),
    }
}

fn reversal(entry: &Entry, reversal: &Reversal) -> contract::TimeEntryReversal {
    let replacement = reversal
        .replacement
        .map(|id| TimeEntryName::new(entry.name.firm, id));
    contract::TimeEntryReversal {
        actor: reversal.actor.clone(),
        reverse_time: Some(timestamp(reversal.time)),
        reason: reversal.reason.clone(),
        replacement: replacement.map(|name| name.to_string()).unwrap_or_default(),
    }
}

/// An entry with its labels, as the contract shows it.
pub(super) fn time_entry(entry: &Entry, labels: &Labels) -> contract::TimeEntry {
    let firm = entry.name.firm;
    let (utbms_task_code, utbms_activity_code) = codes(&entry.description);
    let non_billable = &entry.description.non_billable;
    let replaces = entry
        .replaces
        .map(|id| TimeEntryName::new(firm, id).to_string());
    contract::TimeEntry {
        name: entry.name.to_string(),
        paralegal: ParalegalName(entry.paralegal).to_string(),
        task: TaskName::new(firm, entry.task).to_string(),
        matter: MatterName::new(firm, entry.matter).to_string(),
        assignment: AssignmentName::new(firm, entry.assignment).to_string(),
        start_time: Some(timestamp(entry.span.start())),
        end_time: Some(timestamp(entry.span.end())),
        worked: Some(seconds(entry.span.worked().seconds())),
        work_date: Some(entry.work_date.into()),
        time_zone: entry.zone.to_string(),
        billed: Some(seconds(entry.billed().seconds())),
        billing_rule: Some(rule(entry.rule)),
        narrative: entry.description.narrative.clone(),
        utbms_task_code,
        utbms_activity_code,
        non_billable: non_billable.is_some(),
        non_billable_reason: non_billable.clone().unwrap_or_default(),
        state: state(entry.state).into(),
        source: source(entry.source).into(),
        stopped_at_limit: entry.stopped_at_limit,
        submit_time: entry
            .submission
            .as_ref()
            .map(|submission| timestamp(submission.time)),
        review: entry.review.as_ref().map(review),
        reversal: entry.reversal.as_ref().map(|how| reversal(entry, how)),
        replaces: replaces.unwrap_or_default(),
        task_title: labels.task_title.clone(),
        task_kind: labels
            .task_kind
            .map_or(TaskKind::Unspecified, Into::into)
            .into(),
        matter_caption: labels.matter_caption.clone(),
        create_time: Some(timestamp(entry.create_time)),
        update_time: Some(timestamp(entry.update_time)),
        etag: etag::of(entry.version),
    }
}

impl From<&Labelled> for contract::TimeEntry {
    fn from(labelled: &Labelled) -> Self {
        time_entry(&labelled.entry, &labelled.labels)
    }
}

/// What the other services need to know of an approved entry.
pub(super) fn snapshot(entry: &Entry) -> contract::TimeEntrySnapshot {
    let firm = entry.name.firm;
    let (utbms_task_code, utbms_activity_code) = codes(&entry.description);
    contract::TimeEntrySnapshot {
        name: entry.name.to_string(),
        matter: MatterName::new(firm, entry.matter).to_string(),
        task: TaskName::new(firm, entry.task).to_string(),
        assignment: AssignmentName::new(firm, entry.assignment).to_string(),
        paralegal: ParalegalName(entry.paralegal).to_string(),
        work_date: Some(entry.work_date.into()),
        worked: Some(seconds(entry.span.worked().seconds())),
        billed: Some(seconds(entry.billed().seconds())),
        narrative: entry.description.narrative.clone(),
        utbms_task_code,
        utbms_activity_code,
        billable: entry.description.non_billable.is_none(),
        approve_time: entry.review.as_ref().map(|review| timestamp(review.time)),
    }
}

/// The name of a paralegal's timer.
pub(super) fn timer_name(paralegal: ParalegalId) -> String {
    format!("{}/timer", ParalegalName(paralegal))
}

/// A timer as the contract shows it.
pub(super) fn timer(timer: &Timer, now: OffsetDateTime) -> contract::Timer {
    let firm = timer.entry.firm;
    let (utbms_task_code, utbms_activity_code) = codes(&timer.description);
    contract::Timer {
        name: timer_name(timer.paralegal),
        task: TaskName::new(firm, timer.task).to_string(),
        matter: MatterName::new(firm, timer.matter).to_string(),
        time_entry: timer.entry.to_string(),
        start_time: Some(timestamp(timer.start)),
        elapsed: Some(seconds(timer.elapsed(now).whole_seconds())),
        narrative: timer.description.narrative.clone(),
        utbms_task_code,
        utbms_activity_code,
        etag: etag::of(timer.version),
    }
}

/// The name of a firm's rules.
pub(super) fn rules_name(firm: caseload_domain::FirmId) -> String {
    format!("{}/timeRules", FirmName(firm))
}

/// A firm's rules as the contract shows them.
pub(super) fn time_rules(rules: &TimeRules) -> contract::TimeRules {
    contract::TimeRules {
        name: rules_name(rules.firm),
        billing_rule: Some(rule(rules.rule)),
        update_time: rules.update_time.map(timestamp),
        etag: etag::of(rules.version),
    }
}
