//! Deadlines worked out by hand, each with its arithmetic. Weekdays are from a printed calendar.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect stops there"
)]

use caseload_deadlines::{
    Authority, Calendar, Declared, Direction, Filing, Impossible, Period, Question,
    SaturdayHolidays, Service, Trigger, Unit,
};
use time::macros::{date, datetime, time};
use time::{Date, OffsetDateTime};

use Direction::{After, Before};
use Unit::{Days, Hours, Months, Weeks, Years};

fn question(trigger: Trigger, count: i64, unit: Unit, direction: Direction) -> Question {
    Question {
        trigger,
        period: Period::new(count, unit, direction).unwrap(),
        service: None,
        zone: "America/New_York".parse().unwrap(),
        filing: Filing::Electronic,
        calendar: Calendar::default(),
        inaccessible: [].into(),
    }
}

fn from(day: Date, count: i64, unit: Unit, direction: Direction) -> Question {
    question(Trigger::Day(day), count, unit, direction)
}

fn day(question: &Question) -> Date {
    question.answer().unwrap().day
}

fn declared(day: Date, by: Authority) -> Calendar {
    let title = String::new();
    Calendar {
        declared: [(day, Declared { by, title })].into(),
        ..Calendar::default()
    }
}

#[test]
#[rustfmt::skip]
fn days_weeks_months_and_years() {
    let table = [
        // 2 March 2026 is a Monday. 2 + 14 = 16, a Monday.
        (date!(2026-03-02), 14, Days, After, date!(2026-03-16)),
        // 2 + 10 = 12, a Thursday.
        (date!(2026-03-02), 10, Days, After, date!(2026-03-12)),
        // 2 + 5 = 7, a Saturday; 8 is a Sunday; 9.
        (date!(2026-03-02), 5, Days, After, date!(2026-03-09)),
        // 2 + 6 = 8, a Sunday; 9.
        (date!(2026-03-02), 6, Days, After, date!(2026-03-09)),
        // Friday 1 May + 1 = 2, a Saturday; 4.
        (date!(2026-05-01), 1, Days, After, date!(2026-05-04)),
        // Thursday 2 July + 5 = 7, a Tuesday: the holiday and the weekend in between are counted.
        (date!(2026-07-02), 5, Days, After, date!(2026-07-07)),
        // June has 30 days: 12 + 21 = 33, 3 July, a Friday on which Independence Day is observed; 4 and 5 a weekend; 6.
        (date!(2026-06-12), 21, Days, After, date!(2026-07-06)),
        // 13 + 21 = 34, 4 July, a Saturday; 6.
        (date!(2026-06-13), 21, Days, After, date!(2026-07-06)),
        // Independence Day of 2027 is a Sunday: 21 + 14 = 35, 5 July, the Monday on which it is observed; 6.
        (date!(2027-06-21), 14, Days, After, date!(2027-07-06)),
        // 11 + 14 = 25 December 2026, a Friday; 26 and 27 a weekend; 28.
        (date!(2026-12-11), 14, Days, After, date!(2026-12-28)),
        // December has 31 days: 18 + 14 = 32, 1 January 2027, a Friday; 2 and 3 a weekend; 4.
        (date!(2026-12-18), 14, Days, After, date!(2027-01-04)),
        // 18 + 14 = 32, 1 January 2026, a Thursday; 2, a Friday.
        (date!(2025-12-18), 14, Days, After, date!(2026-01-02)),
        // New Year's Day of 2028 is a Saturday: 17 + 14 = 31 December 2027, the Friday on which it is observed; 3 January.
        (date!(2027-12-17), 14, Days, After, date!(2028-01-03)),
        // New Year's Day of 2023 is a Sunday: 19 + 14 = 33, 2 January, the Monday on which it is observed; 3.
        (date!(2022-12-19), 14, Days, After, date!(2023-01-03)),
        // Juneteenth of 2025 is a Thursday: 5 + 14 = 19; 20.
        (date!(2025-06-05), 14, Days, After, date!(2025-06-20)),
        // It was no holiday in 2020: 5 + 14 = 19 June, a Friday.
        (date!(2020-06-05), 14, Days, After, date!(2020-06-19)),
        // In 2021 it was a Saturday, observed on Friday the 18th: 4 + 14 = 18; 21.
        (date!(2021-06-04), 14, Days, After, date!(2021-06-21)),
        // Dr King's birthday, Monday 19 January 2026: 5 + 14 = 19; 20.
        (date!(2026-01-05), 14, Days, After, date!(2026-01-20)),
        // Washington's, Monday 16 February: January has 31 days, 16 + 30 = 46, 15 February, a Sunday; 16; 17.
        (date!(2026-01-16), 30, Days, After, date!(2026-02-17)),
        // Memorial Day, Monday 25 May: 4 + 21 = 25; 26.
        (date!(2026-05-04), 21, Days, After, date!(2026-05-26)),
        // Labor Day, Monday 7 September: August has 31 days, 8 + 30 = 38, 7 September; 8.
        (date!(2026-08-08), 30, Days, After, date!(2026-09-08)),
        // Columbus Day, Monday 12 October: September has 30 days, 28 + 14 = 42, 12 October; 13.
        (date!(2026-09-28), 14, Days, After, date!(2026-10-13)),
        // 26 + 14 = 40, 10 October, a Saturday; 11; 12 is Columbus Day; 13.
        (date!(2026-09-26), 14, Days, After, date!(2026-10-13)),
        // Veterans' Day, Wednesday 11 November: October has 31 days, 28 + 14 = 42, 11 November; 12.
        (date!(2026-10-28), 14, Days, After, date!(2026-11-12)),
        // In 2028 it is a Saturday, observed on Friday the 10th: 27 + 14 = 41, 10 November; 13.
        (date!(2028-10-27), 14, Days, After, date!(2028-11-13)),
        // Thanksgiving Day, Thursday 26 November: 12 + 14 = 26; 27, a Friday and no federal holiday.
        (date!(2026-11-12), 14, Days, After, date!(2026-11-27)),
        // Inauguration Day, Tuesday 20 January 2037, is not in the list: 6 + 14 = 20.
        (date!(2037-01-06), 14, Days, After, date!(2037-01-20)),
        // A leap year: 28 + 1 = 29 February 2024, a Thursday.
        (date!(2024-02-28), 1, Days, After, date!(2024-02-29)),
        // 22 + 7 = 29 February 2024; in 2023, 22 + 7 = 29, 1 March, a Wednesday.
        (date!(2024-02-22), 7, Days, After, date!(2024-02-29)),
        (date!(2023-02-22), 7, Days, After, date!(2023-03-01)),
        // 13 + 28 = 41, 13 March 2026 (February has 28 days), a Friday.
        (date!(2026-02-13), 28, Days, After, date!(2026-03-13)),
        // November has 28 days left, December 31: 59; the 60th is 1 January 2027, a Friday; 4.
        (date!(2026-11-02), 60, Days, After, date!(2027-01-04)),
        // 16 left in January, 28, 31: 75; 15 April is the 90th, a Wednesday.
        (date!(2026-01-15), 90, Days, After, date!(2026-04-15)),
        // 15 left in November, 31, 31, 29: 106; 14 March 2024 is the 120th, a Thursday.
        (date!(2023-11-15), 120, Days, After, date!(2024-03-14)),
        // 27 years to 1 January 2053, 7 of them leap years: 9,862 days. 138 remain; May begins 120 days into a year,
        // so it is day 139 of the year, 19 May. 10,000 = 7 × 1428 + 4: four weekdays after Thursday is Monday.
        (date!(2026-01-01), 10_000, Days, After, date!(2053-05-19)),
        // The committee's own: the 30th day from 2 August 2007 is Saturday, 1 September; Monday is Labor Day; 4.
        (date!(2007-08-02), 30, Days, After, date!(2007-09-04)),
        // And backward: 21 days before 22 September is Saturday, 1 September; Friday, 31 August.
        (date!(2007-09-22), 21, Days, Before, date!(2007-08-31)),
        // Monday 4 May − 1 = 3, a Sunday; 2; 1, a Friday.
        (date!(2026-05-04), 1, Days, Before, date!(2026-05-01)),
        // Monday 27 April − 15 = 12, a Sunday; 11; 10.
        (date!(2026-04-27), 15, Days, Before, date!(2026-04-10)),
        // Monday 8 June − 14 = 25 May, Memorial Day; 24 and 23 a weekend; 22.
        (date!(2026-06-08), 14, Days, Before, date!(2026-05-22)),
        // Friday 17 July − 14 = 3 July, on which Independence Day is observed; 2, a Thursday.
        (date!(2026-07-17), 14, Days, Before, date!(2026-07-02)),
        // 7 March 2024 − 7 = 29 February, a Thursday.
        (date!(2024-03-07), 7, Days, Before, date!(2024-02-29)),
        // 15 January 2026 − 14 = 1 January, a Thursday; 31 December 2025, a Wednesday.
        (date!(2026-01-15), 14, Days, Before, date!(2025-12-31)),
        // Two weeks are 14 days; 16 March is a Monday.
        (date!(2026-03-02), 2, Weeks, After, date!(2026-03-16)),
        // February 2026 has no 31st: 28, a Saturday; 2 March.
        (date!(2026-01-31), 1, Months, After, date!(2026-03-02)),
        // February 2024 has a 29th, a Thursday.
        (date!(2024-01-31), 1, Months, After, date!(2024-02-29)),
        // Six months from 31 August: 28 February 2027, a Sunday; 1 March.
        (date!(2026-08-31), 6, Months, After, date!(2027-03-01)),
        // A month before 31 March 2026: 28 February, a Saturday; 27.
        (date!(2026-03-31), 1, Months, Before, date!(2026-02-27)),
        // A year from 29 February 2024: 28 February 2025, a Friday.
        (date!(2024-02-29), 1, Years, After, date!(2025-02-28)),
        // A year from 14 March 2025: 14 March 2026, a Saturday; 16.
        (date!(2025-03-14), 1, Years, After, date!(2026-03-16)),
        // A year before 25 December 2026: Christmas Day of 2025, a Thursday; 24.
        (date!(2026-12-25), 1, Years, Before, date!(2025-12-24)),
    ];
    for (event, count, unit, direction, expected) in table {
        let found = day(&from(event, count, unit, direction));
        assert_eq!(found, expected, "{count} {unit:?} {direction:?} {event}");
    }
}

#[test]
fn a_holiday_on_a_saturday_need_not_close_the_friday() {
    // 12 + 21 = 33, Friday, 3 July 2026.
    let mut strict = from(date!(2026 - 06 - 12), 21, Days, After);
    strict.calendar.saturdays = SaturdayHolidays::DayItself;
    assert_eq!(day(&strict), date!(2026 - 07 - 03));
}

#[test]
fn declared_holidays_count_both_ways_when_the_nations_and_forward_when_the_states() {
    let friday = date!(2026 - 11 - 27);
    // 12 + 14 = 26 November, Thanksgiving; 27 the state's holiday; 28 and 29 a weekend; 30.
    let forward = from(date!(2026 - 11 - 12), 14, Days, After);
    for by in [Authority::Nation, Authority::State] {
        let calendar = declared(friday, by);
        let question = Question {
            calendar,
            ..forward.clone()
        };
        assert_eq!(day(&question), date!(2026 - 11 - 30), "{by:?}");
    }
    // December 7 − 10: 7 into December and 3 of November's 30, so 27 November. By the nation's calendar it goes on to
    // Thanksgiving, the 26th, and to the 25th.
    let backward = from(date!(2026 - 12 - 07), 10, Days, Before);
    for (by, expected) in [
        (Authority::State, friday),
        (Authority::Nation, date!(2026 - 11 - 25)),
    ] {
        let calendar = declared(friday, by);
        let question = Question {
            calendar,
            ..backward.clone()
        };
        assert_eq!(day(&question), expected, "{by:?}");
    }
}

#[test]
fn three_days_are_added_after_the_period_would_expire_and_only_for_some_service() {
    let served = |event, service| Question {
        service: Some(service),
        ..from(event, 14, Days, After)
    };
    for (event, service, expected) in [
        // 10 + 14 = 24 December, a Thursday; + 3 = 27, the Sunday after Christmas Friday; 28.
        (date!(2026 - 12 - 10), Service::Mail, date!(2026 - 12 - 28)),
        // 11 + 14 = 25, Christmas Friday; 28, a Monday; + 3 = 31, a Thursday.
        (date!(2026 - 12 - 11), Service::Mail, date!(2026 - 12 - 31)),
        // 6 + 14 = 20 March, a Friday; + 3 = 23, a Monday.
        (
            date!(2026 - 03 - 06),
            Service::LeftWithClerk,
            date!(2026 - 03 - 23),
        ),
        // 4 + 14 = 18, a Wednesday; + 3 = 21, a Saturday; 23.
        (
            date!(2026 - 03 - 04),
            Service::OtherConsented,
            date!(2026 - 03 - 23),
        ),
        // 4 + 14 = 18, and nothing is added.
        (
            date!(2026 - 03 - 04),
            Service::Electronic,
            date!(2026 - 03 - 18),
        ),
        (
            date!(2026 - 03 - 04),
            Service::InHand,
            date!(2026 - 03 - 18),
        ),
    ] {
        assert_eq!(
            day(&served(event, service)),
            expected,
            "{service:?} {event}"
        );
    }
}

#[test]
fn where_the_clerks_office_is_inaccessible_the_time_is_extended_forward() {
    // Friday 9 + 14 = 23 January 2026, a Friday.
    let closed = |days: &[Date]| Question {
        inaccessible: days.iter().copied().collect(),
        ..from(date!(2026 - 01 - 09), 14, Days, After)
    };
    // Snow on the 23rd; 24 and 25 a weekend; snow on the 26th; 27.
    let snow = [date!(2026 - 01 - 23), date!(2026 - 01 - 26)];
    assert_eq!(day(&closed(&snow)), date!(2026 - 01 - 27));
    // Only the last day matters.
    assert_eq!(
        day(&closed(&[date!(2026 - 01 - 20)])),
        date!(2026 - 01 - 23)
    );
    // The committee's own: backward to Friday, 31 August 2007, then forward over the weekend and Labor Day.
    let backward = Question {
        inaccessible: [date!(2007 - 08 - 31)].into(),
        ..from(date!(2007 - 09 - 22), 21, Days, Before)
    };
    assert_eq!(day(&backward), date!(2007 - 09 - 04));
    // 14 days end on the 23rd, and three more on the 26th: that is the last day, and snow on the 23rd is no matter.
    let served = Question {
        service: Some(Service::Mail),
        ..closed(&snow[..1])
    };
    assert_eq!(day(&served), date!(2026 - 01 - 26));
}

#[test]
fn the_last_day_ends_at_midnight_or_when_the_clerks_office_closes_by_the_courts_clock() {
    let at_four_thirty = Filing::AtOffice {
        closes: time!(16:30),
    };
    for (event, count, zone, filing, expected) in [
        // 2 + 14 = 16 March; midnight of daylight time (from the 8th) is four hours behind.
        (
            date!(2026 - 03 - 02),
            14,
            "America/New_York",
            Filing::Electronic,
            datetime!(2026-03-17 04:00 UTC),
        ),
        // 5 + 10 = 15 January; five hours behind.
        (
            date!(2026 - 01 - 05),
            10,
            "America/New_York",
            Filing::Electronic,
            datetime!(2026-01-16 05:00 UTC),
        ),
        // Ten hours behind all year.
        (
            date!(2026 - 01 - 05),
            10,
            "Pacific/Honolulu",
            Filing::Electronic,
            datetime!(2026-01-16 10:00 UTC),
        ),
        // Ten hours ahead: Guam's District Court.
        (
            date!(2026 - 01 - 05),
            10,
            "Pacific/Guam",
            Filing::Electronic,
            datetime!(2026-01-15 14:00 UTC),
        ),
        // 16:30 six hours behind.
        (
            date!(2026 - 01 - 05),
            10,
            "America/Chicago",
            at_four_thirty,
            datetime!(2026-01-15 22:30 UTC),
        ),
    ] {
        let question = Question {
            zone: zone.parse().unwrap(),
            filing,
            ..from(event, count, Days, After)
        };
        assert_eq!(question.answer().unwrap().time, expected, "{zone}");
    }
}

#[test]
fn the_day_of_an_instant_is_that_of_the_courts_clock() {
    // Three in the morning of March 3 in Greenwich is nine in the evening of March 2 in Chicago: 2 + 14 = 16.
    let event = datetime!(2026-03-03 03:00 UTC);
    let mut question = question(Trigger::Instant(event), 14, Days, After);
    question.zone = "America/Chicago".parse().unwrap();
    assert_eq!(day(&question), date!(2026 - 03 - 16));
    question.zone = "UTC".parse().unwrap();
    assert_eq!(day(&question), date!(2026 - 03 - 17));
}

#[test]
#[rustfmt::skip]
fn hours_pass_whatever_the_clock_shows() {
    let table: [(OffsetDateTime, i64, Direction, OffsetDateTime); 11] = [
        // The committee's own: 72 hours from 10:23 on Friday, November 2, 2007 end at 9:23 on Monday, November 5.
        (datetime!(2007-11-02 10:23 -4), 72, After, datetime!(2007-11-05 9:23 -5)),
        // The other night: from 10:23 on Friday, March 6, 2026 to 11:23 on Monday, March 9.
        (datetime!(2026-03-06 10:23 -5), 72, After, datetime!(2026-03-09 11:23 -4)),
        // Within a day, not rounded.
        (datetime!(2026-03-03 10:15:30 -5), 4, After, datetime!(2026-03-03 14:15:30 -5)),
        // Thursday 10:00 + 48 = Saturday 10:00; the same time on Monday, by then daylight time.
        (datetime!(2026-03-05 10:00 -5), 48, After, datetime!(2026-03-09 10:00 -4)),
        // Friday 17:00 + 24 = Saturday 17:00; the same time on Monday, by then standard time.
        (datetime!(2026-10-30 17:00 -4), 24, After, datetime!(2026-11-02 17:00 -5)),
        // Half past midnight on Sunday, November 1 + 1 = the first 1:30; the same time on Monday.
        (datetime!(2026-11-01 0:30 -4), 1, After, datetime!(2026-11-02 1:30 -5)),
        // Half past one on Sunday, March 8 + 1 = 3:30, since the clock skips an hour; the same time on Monday.
        (datetime!(2026-03-08 1:30 -5), 1, After, datetime!(2026-03-09 3:30 -4)),
        // Tuesday 15:00 + 48 = Thanksgiving 15:00; the same time on Friday.
        (datetime!(2026-11-24 15:00 -5), 48, After, datetime!(2026-11-27 15:00 -5)),
        // Monday, November 2, 9:00 − 24 = Sunday 9:00; backward to Friday 9:00, by then daylight time.
        (datetime!(2026-11-02 9:00 -5), 24, Before, datetime!(2026-10-30 9:00 -4)),
        // Wednesday 10:00 − 24 = Tuesday 10:00.
        (datetime!(2026-03-04 10:00 -5), 24, Before, datetime!(2026-03-03 10:00 -5)),
        // 10,000 hours are 416 days and 16 hours: from New Year's Day of 2026, 0:00, to 21 February 2027, 16:00, a
        // Sunday (365 days to 1 January, 51 more to 21 February); Monday the 22nd.
        (datetime!(2026-01-01 0:00 -5), 10_000, After, datetime!(2027-02-22 16:00 -5)),
    ];
    for (event, count, direction, expected) in table {
        let found = question(Trigger::Instant(event), count, Hours, direction).answer().unwrap();
        assert_eq!(found.time, expected, "{count} hours {direction:?} {event}");
    }
}

#[test]
fn hours_are_extended_and_added_to_at_the_same_time_of_day() {
    // Tuesday 15:00 + 48 = Thanksgiving; Friday, when the office is inaccessible; the weekend; Monday.
    let event = Trigger::Instant(datetime!(2026-11-24 15:00 -5));
    let mut closed = question(event, 48, Hours, After);
    closed.inaccessible = [date!(2026 - 11 - 27)].into();
    let found = closed.answer().unwrap();
    assert_eq!(found.time, datetime!(2026-11-30 15:00 -5));
    // Monday 10:00 + 24 = Tuesday 10:00; + 3 days = Friday 10:00.
    let event = Trigger::Instant(datetime!(2026-03-02 10:00 -5));
    let mut served = question(event, 24, Hours, After);
    served.service = Some(Service::Mail);
    let found = served.answer().unwrap();
    assert_eq!(found.time, datetime!(2026-03-06 10:00 -5));
}

#[test]
fn every_step_is_told_with_the_part_of_the_rule_that_it_rests_on() {
    let deadline = from(date!(2026 - 06 - 12), 21, Days, After)
        .answer()
        .unwrap();
    let told: Vec<_> = deadline
        .steps
        .iter()
        .map(|step| (step.rule.as_ref(), step.day, step.words.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "6(a)(1)(A)",
                date!(2026 - 06 - 12),
                "the day of the event, Friday, June 12, 2026, is excluded"
            ),
            (
                "6(a)(1)(B)",
                date!(2026 - 07 - 03),
                "21 days after it, every day counted, is Friday, July 3, 2026"
            ),
            (
                "6(a)(6)(A)",
                date!(2026 - 07 - 03),
                "Friday, July 3, 2026 is the day on which Independence Day, which falls on a Saturday, is observed \
                 (5 U.S.C. 6103(b)(1)): the period runs on"
            ),
            (
                "6(a)(1)(C)",
                date!(2026 - 07 - 04),
                "Saturday, July 4, 2026 is a Saturday: the period runs on"
            ),
            (
                "6(a)(1)(C)",
                date!(2026 - 07 - 05),
                "Sunday, July 5, 2026 is a Sunday: the period runs on"
            ),
            (
                "6(a)(5)",
                date!(2026 - 07 - 06),
                "the next day, counting forward, is Monday, July 6, 2026"
            ),
            (
                "6(a)(4)(A)",
                date!(2026 - 07 - 06),
                "the last day, Monday, July 6, 2026, ends at midnight, America/New_York"
            ),
        ]
    );
}

#[test]
fn what_cannot_be_computed_is_refused_with_the_reason() {
    for count in [-1, 0, 10_001] {
        assert!(Period::new(count, Days, After).is_err(), "{count}");
    }
    let refused = |question: Question| question.answer().unwrap_err();
    assert_eq!(
        refused(from(date!(2026 - 03 - 02), 24, Hours, After)),
        Impossible::HoursFromADay
    );
    for day in [date!(1999 - 12 - 31), date!(2200 - 01 - 01)] {
        assert_eq!(refused(from(day, 1, Days, After)), Impossible::TooFar);
    }
    let mut served = from(date!(2026 - 03 - 02), 7, Days, Before);
    served.service = Some(Service::Mail);
    assert_eq!(refused(served), Impossible::ServedBefore);
    // The ends of what can be asked.
    for (day, direction) in [
        (date!(2000 - 01 - 01), Before),
        (date!(2199 - 12 - 31), After),
    ] {
        assert!(from(day, 10_000, Days, direction).answer().is_ok());
    }
}
