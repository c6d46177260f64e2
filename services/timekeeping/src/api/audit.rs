//! What goes on record of a change: the entry, timer or rules before and after.

use caseload_database::{DatabaseError, Transaction};
use caseload_events::Act;
use serde_json::{Value, json};

use crate::domain::entry::Entry;
use crate::domain::timer::Timer;
use crate::store::rules::TimeRules;

/// Puts a change of an entry on record.
pub(super) async fn entry_changed(
    tx: &mut Transaction,
    act: &Act,
    before: Option<&Entry>,
    after: Option<&Entry>,
) -> Result<(), DatabaseError> {
    let Some(name) = after.or(before).map(|entry| entry.name) else {
        return Ok(());
    };
    let (was, is) = (before.map(entry), after.map(entry));
    act.record(tx, Some(name.firm), name.to_string(), was, is)
        .await
}

/// An entry as the record shows it.
pub(super) fn entry(entry: &Entry) -> Value {
    let description = &entry.description;
    json!({
        "paralegal": entry.paralegal.to_string(),
        "task": entry.task.to_string(),
        "assignment": entry.assignment.to_string(),
        "start_time": entry.span.start(),
        "end_time": entry.span.end(),
        "worked_seconds": entry.span.worked().seconds(),
        "work_date": entry.work_date.to_string(),
        "time_zone": entry.zone.name(),
        "billed_seconds": entry.billed().seconds(),
        "increment_seconds": entry.rule.seconds(),
        "increment_rounding": entry.rule.rounding().as_str(),
        "narrative": description.narrative,
        "utbms_task_code": description.task_code.map(caseload_domain::utbms::TaskCode::as_str),
        "utbms_activity_code": description.activity_code.map(caseload_domain::utbms::ActivityCode::as_str),
        "non_billable_reason": description.non_billable,
        "state": entry.state.as_str(),
        "rejection": entry.review.as_ref().and_then(|review| review.rejection.as_deref()),
        "reversal": entry.reversal.as_ref().map(|reversal| reversal.reason.as_str()),
        "replacement": entry.reversal.as_ref().and_then(|reversal| reversal.replacement).map(|id| id.to_string()),
        "version": entry.version,
    })
}

/// A timer as the record shows it.
pub(super) fn timer(timer: &Timer) -> Value {
    json!({
        "time_entry": timer.entry.to_string(),
        "task": timer.task.to_string(),
        "start_time": timer.start,
        "narrative": timer.description.narrative,
    })
}

/// A firm's rules as the record shows them.
pub(super) fn rules(rules: &TimeRules) -> Value {
    json!({
        "increment_seconds": rules.rule.seconds(),
        "increment_rounding": rules.rule.rounding().as_str(),
        "version": rules.version,
    })
}
