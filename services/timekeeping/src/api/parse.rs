//! Fields of requests, each read once, each wrong one noted.

use std::fmt::Display;
use std::str::FromStr;

use caseload_domain::name::{FirmParent, ParalegalName, TaskName, TimeEntryName};
use caseload_domain::utbms::InvalidCode;
use caseload_domain::work_time::{IncrementRounding, WorkedTime};
use caseload_domain::{FirmId, ParalegalId};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::convert::{instant, whole_seconds};
use caseload_proto::parse::Violations;
use prost_types::{Duration, Timestamp};
use time::OffsetDateTime;

use crate::domain::description::{Description, MOST_NARRATIVE, MOST_REASON};
use crate::domain::span::{Said, Span};
use crate::domain::standing::Recording;
use crate::domain::state::State;

/// The most entries of one batch.
pub(super) const MOST_NAMES: usize = 1000;

/// A name that must be there.
pub(super) fn name<T>(violations: &mut Violations, field: &str, text: &str) -> Option<T>
where
    T: FromStr,
    T::Err: Display,
{
    if text.is_empty() {
        return violations.required(field, None);
    }
    violations.keep(field, text.parse())
}

/// A name, or anything else with one spelling, that may be empty.
pub(super) fn optional<T>(violations: &mut Violations, field: &str, text: &str) -> Option<T>
where
    T: FromStr,
    T::Err: Display,
{
    if text.is_empty() {
        None
    } else {
        violations.keep(field, text.parse())
    }
}

/// A name of the form `paralegals/{paralegal}/timer`.
pub(super) fn timer_name(
    violations: &mut Violations,
    field: &str,
    text: &str,
) -> Option<ParalegalId> {
    let read = |text: &str| text.strip_suffix("/timer")?.parse::<ParalegalName>().ok();
    let why = "is not a resource name of the form paralegals/{id}/timer";
    if text.is_empty() {
        return violations.required(field, None);
    }
    violations
        .keep(field, read(text).ok_or(why))
        .map(|name| name.0)
}

/// A name of the form `firms/{firm}/timeRules`.
pub(super) fn rules_name(violations: &mut Violations, field: &str, text: &str) -> Option<FirmId> {
    let read = |text: &str| {
        let firm = text
            .strip_suffix("/timeRules")?
            .parse::<FirmParent>()
            .ok()?;
        firm.one()
    };
    let why = "is not a resource name of the form firms/{id}/timeRules";
    if text.is_empty() {
        return violations.required(field, None);
    }
    violations.keep(field, read(text).ok_or(why))
}

/// An instant that may be absent.
pub(super) fn moment(
    violations: &mut Violations,
    field: &str,
    stamp: Option<&Timestamp>,
) -> Option<OffsetDateTime> {
    violations.keep(field, instant(stamp?))
}

/// Time worked that may be absent.
pub(super) fn worked(
    violations: &mut Violations,
    field: &str,
    duration: Option<&Duration>,
) -> Option<WorkedTime> {
    let seconds = violations.keep(field, whole_seconds(duration?))?;
    violations.keep(field, WorkedTime::from_seconds(seconds))
}

/// A UTBMS code that may be empty.
pub(super) fn code<T>(violations: &mut Violations, field: &str, text: &str) -> Option<T>
where
    T: FromStr<Err = InvalidCode>,
{
    optional(violations, field, text)
}

/// A rounding.
pub(super) fn rounding(
    violations: &mut Violations,
    field: &str,
    number: i32,
) -> Option<IncrementRounding> {
    let rounding = match contract::IncrementRounding::try_from(number) {
        Ok(contract::IncrementRounding::Up) => Ok(IncrementRounding::Up),
        Ok(contract::IncrementRounding::Down) => Ok(IncrementRounding::Down),
        Ok(contract::IncrementRounding::Nearest) => Ok(IncrementRounding::Nearest),
        Ok(contract::IncrementRounding::Exact) => Ok(IncrementRounding::Exact),
        Ok(contract::IncrementRounding::Unspecified) => Err("is required"),
        Err(_) => Err("is not a rounding"),
    };
    violations.keep(field, rounding)
}

/// A state to filter by.
pub(super) fn state(violations: &mut Violations, field: &str, number: i32) -> Option<State> {
    let state = match contract::TimeEntryState::try_from(number) {
        Ok(contract::TimeEntryState::Draft) => Ok(State::Draft),
        Ok(contract::TimeEntryState::Submitted) => Ok(State::Submitted),
        Ok(contract::TimeEntryState::Approved) => Ok(State::Approved),
        Ok(contract::TimeEntryState::Rejected) => Ok(State::Rejected),
        Ok(contract::TimeEntryState::Reversed) => Ok(State::Reversed),
        Ok(contract::TimeEntryState::Unspecified) | Err(_) => Err("is not a state of an entry"),
    };
    violations.keep(field, state)
}

/// What a caller records: an entry, whole. `prefix` is the entry's field in the request.
pub(super) fn recording(
    violations: &mut Violations,
    prefix: &str,
    entry: &contract::TimeEntry,
    firm: Option<FirmId>,
    latest: OffsetDateTime,
) -> Option<Recording> {
    let at = |field: &str| format!("{prefix}.{field}");
    let task: Option<TaskName> = name(violations, &at("task"), &entry.task);
    if let (Some(task), Some(firm)) = (task, firm) {
        violations.check(&at("task"), task.firm == firm, "is of another firm");
    }
    let span = span(violations, prefix, entry, latest);
    let description = description(violations, prefix, entry);
    Some(Recording {
        task: task?.id,
        span: span?,
        description: description?,
    })
}

/// From when to when, of an entry that is whole.
fn span(
    violations: &mut Violations,
    prefix: &str,
    entry: &contract::TimeEntry,
    latest: OffsetDateTime,
) -> Option<Span> {
    let at = |field: &str| format!("{prefix}.{field}");
    let said = Said {
        start: moment(violations, &at("start_time"), entry.start_time.as_ref()),
        end: moment(violations, &at("end_time"), entry.end_time.as_ref()),
        worked: worked(violations, &at("worked"), entry.worked.as_ref()),
    };
    // A part that could not be read is noted already; what the others come to without it would only mislead.
    let read = said.start.is_some() == entry.start_time.is_some()
        && said.end.is_some() == entry.end_time.is_some()
        && said.worked.is_some() == entry.worked.is_some();
    if !read {
        return None;
    }
    said.span(latest)
        .map_err(|wrong| {
            for (field, why) in wrong {
                violations.add(at(field), why);
            }
        })
        .ok()
}

/// What was done, of an entry that is whole.
fn description(
    violations: &mut Violations,
    prefix: &str,
    entry: &contract::TimeEntry,
) -> Option<Description> {
    let at = |field: &str| format!("{prefix}.{field}");
    let narrative = violations.optional_text(&at("narrative"), &entry.narrative, MOST_NARRATIVE);
    let task_code = code(violations, &at("utbms_task_code"), &entry.utbms_task_code);
    let activity_code = code(
        violations,
        &at("utbms_activity_code"),
        &entry.utbms_activity_code,
    );
    let field = at("non_billable_reason");
    let reason = violations.optional_text(&field, &entry.non_billable_reason, MOST_REASON)?;
    match (entry.non_billable, reason.is_empty()) {
        (true, true) => violations.add(field, "is required with non_billable"),
        (false, false) => violations.add(field, "must be empty unless non_billable is set"),
        _ => {}
    }
    Some(Description {
        narrative: narrative?,
        task_code,
        activity_code,
        non_billable: Some(reason).filter(|reason| !reason.is_empty()),
    })
}

/// The names of a batch: 1 to 1000, each once, all of the parent's.
pub(super) fn names<'a>(
    violations: &mut Violations,
    parent: Option<FirmParent>,
    field: &str,
    names: impl ExactSizeIterator<Item = (String, &'a str)>,
) -> Option<Vec<TimeEntryName>> {
    let most = MOST_NAMES;
    if names.len() == 0 {
        return violations.required(field, None);
    }
    if names.len() > most {
        violations.add(
            field,
            format!("has {} entries, of at most {most}", names.len()),
        );
        return None;
    }
    let mut seen = std::collections::HashSet::new();
    let mut read = Vec::with_capacity(names.len());
    for (field, text) in names {
        let Some(entry) = name::<TimeEntryName>(violations, &field, text) else {
            continue;
        };
        let firm = parent.and_then(FirmParent::one);
        violations.check(
            &field,
            firm.is_none_or(|firm| firm == entry.firm),
            "is of another firm",
        );
        violations.check(&field, seen.insert(entry), "is named before");
        read.push(entry);
    }
    Some(read)
}
