//! A court's deadline as the column of a task keeps it: what it depends on, and how it came about. Days and instants
//! are text, as people who read the audit log write them.

use std::collections::BTreeMap;

use caseload_deadlines::{
    Authority, Calendar, Deadline, Declared, Direction, Filing, Period, Question, SaturdayHolidays,
    Service, Step, Trigger, Unit,
};
use serde::{Deserialize, Serialize};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, Time};

use super::super::{read, sound};
use crate::domain::court_deadline::CourtDeadline;
use crate::error::IntakeError;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");

#[derive(Serialize, Deserialize)]
struct Stored {
    trigger_date: Option<String>,
    trigger_time: Option<String>,
    count: u16,
    unit: Unit,
    direction: Direction,
    service: Option<Service>,
    time_zone: String,
    /// None: filed electronically.
    office_close_time: Option<String>,
    declared_holidays: Vec<StoredHoliday>,
    inaccessible_dates: Vec<String>,
    saturday_holidays: SaturdayHolidays,
    authority: String,
    date: String,
    steps: Vec<StoredStep>,
}

#[derive(Serialize, Deserialize)]
struct StoredHoliday {
    date: String,
    declared_by: Authority,
    title: String,
}

#[derive(Serialize, Deserialize)]
struct StoredStep {
    rule: String,
    date: String,
    description: String,
}

fn day(day: Date) -> Result<String, IntakeError> {
    sound(day.format(DAY))
}

fn read_day(text: &str) -> Result<Date, IntakeError> {
    sound(Date::parse(text, DAY))
}

/// What the column keeps.
pub(super) fn stored(court: &CourtDeadline) -> Result<serde_json::Value, IntakeError> {
    let CourtDeadline {
        question,
        authority,
        deadline,
    } = court;
    let (trigger_date, trigger_time) = match question.trigger {
        Trigger::Day(event) => (Some(day(event)?), None),
        Trigger::Instant(event) => (None, Some(sound(event.format(&Rfc3339))?)),
    };
    let declared = question.calendar.declared.iter().map(|(date, declared)| {
        Ok(StoredHoliday {
            date: day(*date)?,
            declared_by: declared.by,
            title: declared.title.clone(),
        })
    });
    let steps = deadline.steps.iter().map(|step| {
        Ok(StoredStep {
            rule: step.rule.to_string(),
            date: day(step.day)?,
            description: step.words.clone(),
        })
    });
    let stored = Stored {
        trigger_date,
        trigger_time,
        count: question.period.count(),
        unit: question.period.unit(),
        direction: question.period.direction(),
        service: question.service,
        time_zone: question.zone.name().to_owned(),
        office_close_time: match question.filing {
            Filing::Electronic => None,
            Filing::AtOffice { closes } => Some(sound(closes.format(CLOCK))?),
        },
        declared_holidays: declared.collect::<Result<_, IntakeError>>()?,
        inaccessible_dates: question
            .inaccessible
            .iter()
            .map(|date| day(*date))
            .collect::<Result<_, _>>()?,
        saturday_holidays: question.calendar.saturdays,
        authority: authority.clone(),
        date: day(deadline.day)?,
        steps: steps.collect::<Result<_, IntakeError>>()?,
    };
    sound(serde_json::to_value(stored))
}

/// What the columns kept: the deadline as it was told, not computed again.
pub(super) fn read_stored(
    stored: Option<serde_json::Value>,
    time: Option<OffsetDateTime>,
) -> Result<Option<CourtDeadline>, IntakeError> {
    let (Some(stored), Some(time)) = (stored, time) else {
        return Ok(None);
    };
    let stored: Stored = sound(serde_json::from_value(stored))?;
    let trigger = match (&stored.trigger_date, &stored.trigger_time) {
        (Some(event), None) => Trigger::Day(read_day(event)?),
        (None, Some(event)) => Trigger::Instant(sound(OffsetDateTime::parse(event, &Rfc3339))?),
        _ => return Err(IntakeError::Damaged("a deadline of no event".to_owned())),
    };
    let period = Period::new(stored.count.into(), stored.unit, stored.direction);
    let declared = stored.declared_holidays.into_iter().map(|holiday| {
        let declared = Declared {
            by: holiday.declared_by,
            title: holiday.title,
        };
        Ok((read_day(&holiday.date)?, declared))
    });
    let steps = stored.steps.into_iter().map(|step| {
        Ok(Step {
            rule: step.rule.into(),
            day: read_day(&step.date)?,
            words: step.description,
        })
    });
    let question = Question {
        trigger,
        period: sound(period)?,
        service: stored.service,
        zone: read(&stored.time_zone)?,
        filing: match stored.office_close_time {
            None => Filing::Electronic,
            Some(closes) => Filing::AtOffice {
                closes: sound(Time::parse(&closes, CLOCK))?,
            },
        },
        calendar: Calendar {
            saturdays: stored.saturday_holidays,
            declared: declared.collect::<Result<BTreeMap<_, _>, IntakeError>>()?,
        },
        inaccessible: stored
            .inaccessible_dates
            .iter()
            .map(|date| read_day(date))
            .collect::<Result<_, _>>()?,
    };
    Ok(Some(CourtDeadline {
        question,
        authority: stored.authority,
        deadline: Deadline {
            day: read_day(&stored.date)?,
            time,
            steps: steps.collect::<Result<_, IntakeError>>()?,
        },
    }))
}
