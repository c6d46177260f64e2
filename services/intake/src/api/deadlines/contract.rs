//! Court deadlines as the contract carries them.

use std::collections::{BTreeMap, BTreeSet};

use caseload_deadlines::{
    Calendar, Deadline, Declared, Direction, Filing, Impossible, Period, Question,
    SaturdayHolidays, Service, Trigger,
};
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::court_deadline::Trigger as Given;
use caseload_proto::convert::timestamp;
use caseload_proto::google::r#type as common;
use caseload_proto::parse::Violations;
use time::{Date, Time};

use crate::api::fields;
use crate::api::numbers::{self, Numbered};
use crate::domain::court_deadline::CourtDeadline;

/// The most declared holidays, and the most days on which the clerk's office is inaccessible.
const MOST_DAYS: usize = 200;

/// Reads what a deadline depends on, below a field, and computes it.
pub(in crate::api) fn read(
    violations: &mut Violations,
    field: &str,
    given: &v1::CourtDeadline,
) -> Option<CourtDeadline> {
    let of = |name: &str| format!("{field}.{name}");
    let trigger = trigger(violations, field, given.trigger.as_ref());
    let unit = numbers::required(violations, &of("unit"), given.unit);
    let direction = optional(violations, &of("direction"), given.direction);
    let direction = direction.map(|direction| direction.unwrap_or(Direction::After));
    let period = unit.zip(direction).and_then(|(unit, direction)| {
        let period = Period::new(given.count.into(), unit, direction);
        violations.keep(&of("count"), period)
    });
    let service: Option<Option<Service>> =
        optional(violations, &of("service_method"), given.service_method);
    let zone = fields::parsed(violations, &of("time_zone"), &given.time_zone);
    let filing = filing(violations, field, given);
    let declared = declared(
        violations,
        &of("declared_holidays"),
        &given.declared_holidays,
    );
    let inaccessible = days(
        violations,
        &of("inaccessible_dates"),
        &given.inaccessible_dates,
    );
    let saturdays: Option<Option<SaturdayHolidays>> = optional(
        violations,
        &of("saturday_holidays"),
        given.saturday_holidays,
    );
    let authority = violations.optional_text(&of("authority"), &given.authority, 500);
    let question = Question {
        trigger: trigger?,
        period: period?,
        service: service?,
        zone: zone?,
        filing: filing?,
        calendar: Calendar {
            saturdays: saturdays?.unwrap_or_default(),
            declared: declared?,
        },
        inaccessible: inaccessible?,
    };
    let event = match question.trigger {
        Trigger::Day(_) => of("trigger_date"),
        Trigger::Instant(_) => of("trigger_time"),
    };
    CourtDeadline::new(question, authority?)
        .map_err(|why| match why {
            Impossible::HoursFromADay | Impossible::TooFar => violations.add(event, why),
            Impossible::ServedBefore => violations.add(of("service_method"), why),
        })
        .ok()
}

/// A word that may be left out.
fn optional<T: Numbered>(
    violations: &mut Violations,
    field: &str,
    number: i32,
) -> Option<Option<T>> {
    violations.keep(field, T::of_number(number))
}

fn trigger(violations: &mut Violations, field: &str, given: Option<&Given>) -> Option<Trigger> {
    match violations.required(&format!("{field}.trigger_date"), given)? {
        Given::TriggerDate(date) => {
            let day = Date::try_from(date);
            violations
                .keep(&format!("{field}.trigger_date"), day)
                .map(Trigger::Day)
        }
        Given::TriggerTime(stamp) => {
            fields::instant(violations, &format!("{field}.trigger_time"), Some(stamp))
                .map(Trigger::Instant)
        }
    }
}

fn filing(violations: &mut Violations, field: &str, given: &v1::CourtDeadline) -> Option<Filing> {
    let closes = given.office_close_time.as_ref();
    let field_of_time = format!("{field}.office_close_time");
    match v1::FilingMode::try_from(given.filing_mode) {
        Ok(v1::FilingMode::Unspecified | v1::FilingMode::Electronic) => {
            let why = "is only for papers that are filed at the clerk's office";
            violations.check(&field_of_time, closes.is_none(), why);
            Some(Filing::Electronic)
        }
        Ok(v1::FilingMode::AtOffice) => {
            let closes = time_of_day(*violations.required(&field_of_time, closes)?);
            let why = "must be a time of day, to the minute";
            let closes = violations.keep(&field_of_time, closes.ok_or(why))?;
            Some(Filing::AtOffice { closes })
        }
        Err(_) => {
            violations.add(format!("{field}.filing_mode"), "is not a value of its enum");
            None
        }
    }
}

fn time_of_day(given: common::TimeOfDay) -> Option<Time> {
    let small = |number: i32| u8::try_from(number).ok();
    let whole = given.seconds == 0 && given.nanos == 0;
    let time = Time::from_hms(small(given.hours)?, small(given.minutes)?, 0).ok();
    time.filter(|_| whole)
}

/// A list of days that is not too long, and how many it has.
fn bounded(violations: &mut Violations, list: &str, count: usize) -> bool {
    let fits = count <= MOST_DAYS;
    violations.check(list, fits, format!("has {count}, of at most {MOST_DAYS}"));
    fits
}

fn days(violations: &mut Violations, list: &str, given: &[common::Date]) -> Option<BTreeSet<Date>> {
    if !bounded(violations, list, given.len()) {
        return None;
    }
    let mut days = BTreeSet::new();
    for (at, given) in given.iter().enumerate() {
        let field = format!("{list}[{at}]");
        if let Some(day) = violations.keep(&field, Date::try_from(given)) {
            violations.check(&field, days.insert(day), "is there twice");
        }
    }
    Some(days)
}

fn declared(
    violations: &mut Violations,
    list: &str,
    given: &[v1::DeclaredHoliday],
) -> Option<BTreeMap<Date, Declared>> {
    if !bounded(violations, list, given.len()) {
        return None;
    }
    let mut declared = BTreeMap::new();
    for (at, given) in given.iter().enumerate() {
        let of = |name: &str| format!("{list}[{at}].{name}");
        let day = violations
            .required(&of("date"), given.date.as_ref())
            .and_then(|date| violations.keep(&of("date"), Date::try_from(date)));
        let by = numbers::required(violations, &of("declared_by"), given.declared_by);
        let title = violations.optional_text(&of("title"), &given.title, 100);
        if let (Some(day), Some(by), Some(title)) = (day, by, title) {
            let new = declared.insert(day, Declared { by, title }).is_none();
            violations.check(&of("date"), new, "is there twice");
        }
    }
    Some(declared)
}

/// What a deadline depends on, as it is answered: what was left out is told as it was taken.
pub(in crate::api) fn answer(court: &CourtDeadline) -> v1::CourtDeadline {
    let question = &court.question;
    let (filing_mode, office_close_time) = match question.filing {
        Filing::Electronic => (v1::FilingMode::Electronic, None),
        Filing::AtOffice { closes } => (
            v1::FilingMode::AtOffice,
            Some(common::TimeOfDay {
                hours: closes.hour().into(),
                minutes: closes.minute().into(),
                ..common::TimeOfDay::default()
            }),
        ),
    };
    v1::CourtDeadline {
        trigger: Some(match question.trigger {
            Trigger::Day(day) => Given::TriggerDate(day.into()),
            Trigger::Instant(instant) => Given::TriggerTime(timestamp(instant)),
        }),
        count: question.period.count().into(),
        unit: question.period.unit().number(),
        direction: question.period.direction().number(),
        service_method: question.service.map_or(0, Numbered::number),
        time_zone: question.zone.name().to_owned(),
        filing_mode: filing_mode.into(),
        office_close_time,
        declared_holidays: question
            .calendar
            .declared
            .iter()
            .map(|(day, declared)| v1::DeclaredHoliday {
                date: Some((*day).into()),
                declared_by: declared.by.number(),
                title: declared.title.clone(),
            })
            .collect(),
        inaccessible_dates: question
            .inaccessible
            .iter()
            .map(|day| (*day).into())
            .collect(),
        saturday_holidays: question.calendar.saturdays.number(),
        authority: court.authority.clone(),
    }
}

/// How a deadline came about.
pub(in crate::api) fn steps(deadline: &Deadline) -> Vec<v1::DeadlineStep> {
    deadline
        .steps
        .iter()
        .map(|step| v1::DeadlineStep {
            rule: step.rule.to_string(),
            date: Some(step.day.into()),
            description: step.words.clone(),
        })
        .collect()
}
