//! What goes on record of a change: who made it, and the entry, timer or rules before and after.

use caseload_auth::Caller;
use caseload_database::audit::{Change, record};
use caseload_database::{DatabaseError, Transaction};
use caseload_domain::FirmId;
use serde_json::{Value, json};

use crate::domain::entry::Entry;
use crate::domain::timer::Timer;
use crate::store::rules::TimeRules;

/// Who changes something, by which method.
#[derive(Debug, Clone)]
pub(crate) struct Doing {
    /// Who.
    pub(crate) caller: Caller,
    /// The full name of the method.
    pub(crate) method: &'static str,
}

/// What a change led from and to.
#[derive(Debug, Default)]
pub(crate) struct Sides {
    /// As it was; none for what is new.
    pub(crate) before: Option<Value>,
    /// As it is; none for what is no more.
    pub(crate) after: Option<Value>,
}

impl Doing {
    /// Puts a change on record.
    pub(crate) async fn note(
        &self,
        tx: &mut Transaction,
        firm: FirmId,
        resource: String,
        sides: Sides,
    ) -> Result<(), DatabaseError> {
        let change = Change {
            actor: self.caller.actor(),
            remote: self.caller.remote.as_deref(),
            firm: Some(firm),
            method: self.method,
            resource,
            before: sides.before,
            after: sides.after,
        };
        record(tx, change).await
    }

    /// Puts a change of an entry on record.
    pub(crate) async fn note_entry(
        &self,
        tx: &mut Transaction,
        before: Option<&Entry>,
        after: Option<&Entry>,
    ) -> Result<(), DatabaseError> {
        let Some(name) = after.or(before).map(|entry| entry.name) else {
            return Ok(());
        };
        let sides = Sides {
            before: before.map(entry),
            after: after.map(entry),
        };
        self.note(tx, name.firm, name.to_string(), sides).await
    }
}

/// An entry as the record shows it.
pub(crate) fn entry(entry: &Entry) -> Value {
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
pub(crate) fn timer(timer: &Timer) -> Value {
    json!({
        "time_entry": timer.entry.to_string(),
        "task": timer.task.to_string(),
        "start_time": timer.start,
        "narrative": timer.description.narrative,
    })
}

/// A firm's rules as the record shows them.
pub(crate) fn rules(rules: &TimeRules) -> Value {
    json!({
        "increment_seconds": rules.rule.seconds(),
        "increment_rounding": rules.rule.rounding().as_str(),
        "version": rules.version,
    })
}
