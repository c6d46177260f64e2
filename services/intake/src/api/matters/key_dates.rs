//! The dates of matters as the contract carries them.

use caseload_proto::caseload::intake::v1;
use caseload_proto::google::r#type::TimeOfDay;
use caseload_proto::parse::Violations;
use time::Time;

use crate::api::fields;
use crate::api::numbers::{self, Numbered as _};
use crate::domain::key_date::{KeyDate, WallTime, in_order};

const MOST_KEY_DATES: usize = 200;

/// Reads the dates of a matter, into their order.
pub(super) fn key_dates(
    violations: &mut Violations,
    given: &[v1::KeyDate],
) -> Option<Vec<KeyDate>> {
    let mut dates = fields::list(
        violations,
        "matter.key_dates",
        given,
        MOST_KEY_DATES,
        ("key_date_id", |given| &given.key_date_id),
        key_date,
    )?;
    in_order(&mut dates);
    Some(dates)
}

fn key_date(violations: &mut Violations, path: &str, given: &v1::KeyDate) -> Option<KeyDate> {
    let field = |name: &str| format!("{path}.{name}");
    let key_date_id = fields::slug(violations, &field("key_date_id"), &given.key_date_id);
    let kind = numbers::required(violations, &field("kind"), given.kind);
    let title = violations.text(&field("title"), &given.title, 200);
    let date = fields::optional_date(violations, &field("date"), given.date.as_ref())
        .and_then(|date| violations.required(&field("date"), date));
    let note = violations.optional_text(&field("note"), &given.note, 2_000);
    let source = violations.optional_text(&field("source"), &given.source, 200);
    let time = match &given.time {
        None => {
            violations.check(
                &field("time_zone"),
                given.time_zone.is_empty(),
                "is of no use without a time",
            );
            None
        }
        Some(time) => {
            let minute = minute(violations, &field("time"), time);
            let zone = fields::parsed(violations, &field("time_zone"), &given.time_zone);
            Some(WallTime {
                time: minute?,
                zone: zone?,
            })
        }
    };
    Some(KeyDate {
        key_date_id: key_date_id?,
        kind: kind?,
        title: title?,
        date: date?,
        time,
        note: note?,
        source: source?,
    })
}

fn minute(violations: &mut Violations, field: &str, given: &TimeOfDay) -> Option<Time> {
    let whole = given.seconds == 0 && given.nanos == 0;
    let time = || {
        let (hour, minute) = (given.hours.try_into().ok()?, given.minutes.try_into().ok()?);
        Time::from_hms(hour, minute, 0).ok()
    };
    let time = time().filter(|_| whole);
    violations.check(
        field,
        time.is_some(),
        "must be a whole minute from 00:00 to 23:59",
    );
    time
}

/// A date as it is answered.
pub(super) fn answer(date: &KeyDate) -> v1::KeyDate {
    let wall = date.time.as_ref();
    v1::KeyDate {
        key_date_id: date.key_date_id.clone(),
        kind: date.kind.number(),
        title: date.title.clone(),
        date: Some(date.date.into()),
        time: wall.map(|wall| TimeOfDay {
            hours: wall.time.hour().into(),
            minutes: wall.time.minute().into(),
            seconds: 0,
            nanos: 0,
        }),
        time_zone: wall.map_or_else(String::new, |wall| wall.zone.name().to_owned()),
        note: date.note.clone(),
        source: date.source.clone(),
    }
}
