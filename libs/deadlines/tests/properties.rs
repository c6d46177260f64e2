//! What holds of every deadline, and a second way to find it: day by day.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect stops there"
)]

use std::collections::{BTreeMap, BTreeSet};

use caseload_deadlines::{
    Authority, Calendar, Declared, Direction, Filing, Period, Question, SaturdayHolidays, Service,
    Trigger, Unit,
};
use proptest::prelude::*;
use proptest::sample::select;
use time::macros::date;
use time::{Date, Duration, Month, OffsetDateTime, Weekday};

const ZONES: [&str; 4] = [
    "America/New_York",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Pacific/Guam",
];

fn any_day() -> impl Strategy<Value = Date> {
    (0_i64..73_000).prop_map(|days| date!(2000 - 01 - 01) + Duration::days(days))
}

fn direction() -> impl Strategy<Value = Direction> {
    select(&[Direction::After, Direction::Before][..])
}

/// Days near an event on which something may be different, as offsets from it.
fn near() -> impl Strategy<Value = BTreeSet<i64>> {
    proptest::collection::btree_set(-60_i64..60, 0..12)
}

prop_compose! {
    fn days()(
        event in any_day(),
        count in 1_i64..60,
        direction in direction(),
        states in near(),
        closed in near(),
        strict in any::<bool>(),
        mailed in any::<bool>(),
    ) -> Question {
        let state = || Declared { by: Authority::State, title: String::new() };
        let at = |offset: &i64| event + Duration::days(*offset);
        Question {
            trigger: Trigger::Day(event),
            period: Period::new(count, Unit::Days, direction).unwrap(),
            service: (mailed && direction == Direction::After).then_some(Service::Mail),
            zone: "America/New_York".parse().unwrap(),
            filing: Filing::Electronic,
            calendar: Calendar {
                saturdays: if strict { SaturdayHolidays::DayItself } else { SaturdayHolidays::FridayBefore },
                declared: states.iter().map(|offset| (at(offset), state())).collect::<BTreeMap<_, _>>(),
            },
            inaccessible: closed.iter().map(at).collect(),
        }
    }
}

/// Whether a day is a federal holiday's own, told from the number of the day in its month alone.
fn own_day(day: Date) -> bool {
    let monday = day.weekday() == Weekday::Monday;
    let number = day.day();
    match day.month() {
        Month::January => number == 1 || monday && (15..=21).contains(&number),
        Month::February => monday && (15..=21).contains(&number),
        Month::May => monday && number >= 25,
        Month::June => number == 19 && day.year() >= 2021,
        Month::July => number == 4,
        Month::September => monday && number <= 7,
        Month::October => monday && (8..=14).contains(&number),
        Month::November => {
            number == 11 || day.weekday() == Weekday::Thursday && (22..=28).contains(&number)
        }
        Month::December => number == 25,
        _ => false,
    }
}

fn open(question: &Question, day: Date) -> bool {
    let forward = question.period.direction() == Direction::After;
    let observed = match day.weekday() {
        Weekday::Saturday | Weekday::Sunday => return false,
        Weekday::Monday => own_day(day - Duration::DAY),
        Weekday::Friday => {
            question.calendar.saturdays == SaturdayHolidays::FridayBefore
                && own_day(day + Duration::DAY)
        }
        _ => false,
    };
    let declared = forward && question.calendar.declared.contains_key(&day);
    !own_day(day) && !observed && !declared
}

/// The deadline found by going from day to day.
fn day_by_day(question: &Question) -> Date {
    let Trigger::Day(mut day) = question.trigger else {
        unreachable!()
    };
    let way = match question.period.direction() {
        Direction::After => Duration::DAY,
        Direction::Before => -Duration::DAY,
    };
    for _ in 0..question.period.count() {
        day += way;
    }
    while !open(question, day) {
        day += way;
    }
    if question.service == Some(Service::Mail) {
        for _ in 0..3 {
            day += way;
        }
        while !open(question, day) {
            day += way;
        }
    }
    while question.inaccessible.contains(&day) || !open(question, day) {
        day += Duration::DAY;
    }
    day
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn counting_day_by_day_ends_on_the_same_day(question in days()) {
        prop_assert_eq!(question.answer().unwrap().day, day_by_day(&question));
    }

    #[test]
    fn no_period_ends_on_a_day_that_is_closed(question in days()) {
        let day = question.answer().unwrap().day;
        prop_assert!(!question.inaccessible.contains(&day));
        prop_assert_eq!(question.calendar.closed(day, question.period.direction()), None);
    }

    #[test]
    fn a_longer_period_never_ends_sooner(question in days(), longer in 1_i64..40) {
        let (short, direction) = (question.period, question.period.direction());
        let count = i64::from(short.count()) + longer;
        let period = Period::new(count, Unit::Days, direction).unwrap();
        let (one, other) = (question.answer().unwrap().day, Question { period, ..question }.answer().unwrap().day);
        match direction {
            Direction::After => prop_assert!(one <= other),
            Direction::Before => prop_assert!(other <= one),
        }
    }

    #[test]
    fn nobody_has_less_time_than_the_period_forward_or_more_than_it_leaves_backward(question in days()) {
        let Trigger::Day(event) = question.trigger else { unreachable!() };
        let question = Question { inaccessible: BTreeSet::new(), ..question };
        let day = question.answer().unwrap().day;
        let counted = Duration::days(i64::from(question.period.count()));
        match question.period.direction() {
            Direction::After => prop_assert!(day >= event + counted),
            Direction::Before => prop_assert!(day <= event - counted),
        }
    }

    #[test]
    fn the_last_day_ends_with_it_by_the_courts_clock(question in days(), zone in select(&ZONES[..])) {
        let question = Question { zone: zone.parse().unwrap(), ..question };
        let deadline = question.answer().unwrap();
        prop_assert_eq!(question.zone.date_at(deadline.time - Duration::SECOND), deadline.day);
        prop_assert_eq!(question.zone.date_at(deadline.time), deadline.day + Duration::DAY);
    }

    #[test]
    fn the_steps_tell_of_every_day_and_end_where_the_deadline_is(question in days()) {
        let deadline = question.answer().unwrap();
        prop_assert!(deadline.steps.len() >= 3);
        prop_assert_eq!(deadline.steps.last().unwrap().day, deadline.day);
        prop_assert!(deadline.steps.iter().all(|step| step.rule.starts_with("6(") && !step.words.is_empty()));
    }

    #[test]
    fn hours_end_on_an_open_day_and_never_short(
        event in 946_684_800_i64..4_102_444_800, count in 1_i64..500, zone in select(&ZONES[..]),
    ) {
        let event = OffsetDateTime::from_unix_timestamp(event + 86_400).unwrap();
        let question = Question {
            trigger: Trigger::Instant(event),
            period: Period::new(count, Unit::Hours, Direction::After).unwrap(),
            service: None,
            zone: zone.parse().unwrap(),
            filing: Filing::Electronic,
            calendar: Calendar::default(),
            inaccessible: BTreeSet::new(),
        };
        let deadline = question.answer().unwrap();
        let end = event + Duration::hours(count);
        prop_assert_eq!(question.zone.date_at(deadline.time), deadline.day);
        prop_assert_eq!(question.calendar.closed(deadline.day, Direction::After), None);
        prop_assert!(deadline.time >= end);
        // Where it rolls, the clock shows the same time; where it does not, not a second is added.
        prop_assert_eq!(question.zone.clock_at(deadline.time).time(), question.zone.clock_at(end).time());
        if question.zone.date_at(end) == deadline.day {
            prop_assert_eq!(deadline.time, end);
        }
    }
}
