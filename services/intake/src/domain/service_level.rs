//! Service levels: the figures of the tasks that firms accepted in a period, and of those that are under way.

use caseload_domain::work::TaskKind;
use caseload_domain::zone::Zone;
use caseload_domain::{FirmId, PracticeArea};
use time::{Date, Duration, Month, OffsetDateTime, Time};

use super::words::words;

/// The most days of a period: five years, with as many leap days as they can have.
const MOST_DAYS: i64 = 1_827;
/// The last year of a period. The instants of the next are still instants in every zone.
const LAST_YEAR: i32 = 9_998;

words! {
    /// What service levels are told apart by.
    pub enum Dimension {
        /// The firm.
        Firm = "firm",
        /// The kind of work.
        Kind = "kind",
        /// The practice area.
        PracticeArea = "practice_area",
        /// The month in which a task was accepted.
        Month = "month",
    }
}

/// Two dates are no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPeriod {
    /// The last day is before the first.
    #[error("is before start_date")]
    EndsBeforeItBegins,
    /// It is longer than five years.
    #[error("is more than {MOST_DAYS} days from start_date, both counted")]
    TooLong,
    /// It ends where the calendar does.
    #[error("is after the year {LAST_YEAR}")]
    TooLate,
}

/// Some days, in whichever zone they are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    first: Date,
    last: Date,
}

/// The part of a period that is counted together, in one zone: from one instant until before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day of the month, when months are told apart.
    pub month: Option<Date>,
    /// Its first instant.
    pub begins: OffsetDateTime,
    /// The first instant after it.
    pub ends: OffsetDateTime,
}

impl Period {
    /// From a first day to a last, both included.
    pub fn new(first: Date, last: Date) -> Result<Self, InvalidPeriod> {
        if last < first {
            Err(InvalidPeriod::EndsBeforeItBegins)
        } else if (last - first).whole_days() >= MOST_DAYS {
            Err(InvalidPeriod::TooLong)
        } else if last.year() > LAST_YEAR {
            Err(InvalidPeriod::TooLate)
        } else {
            Ok(Self { first, last })
        }
    }

    /// Its spans in a zone, in their order: one, or one a month. Months that it has in part are spans in part.
    pub fn spans(self, zone: &Zone, by_month: bool) -> Vec<Span> {
        if !by_month {
            return span(zone, None, self.first, self.last)
                .into_iter()
                .collect();
        }
        let mut spans = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let last = last_of_month(first).min(self.last);
            let month = first.replace_day(1).unwrap_or(first);
            spans.extend(span(zone, Some(month), first, last));
            let Some(next) = last.next_day() else { break };
            first = next;
        }
        spans
    }
}

/// A span of whole days; none only outside the years of a zone's rules, where no period is.
fn span(zone: &Zone, month: Option<Date>, first: Date, last: Date) -> Option<Span> {
    let midnight = |date: Date| zone.instant_of(date.with_time(Time::MIDNIGHT));
    Some(Span {
        month,
        begins: midnight(first)?,
        ends: midnight(last.next_day()?)?,
    })
}

fn last_of_month(date: Date) -> Date {
    let length = Month::length(date.month(), date.year());
    date.replace_day(length).unwrap_or(date)
}

/// How long tasks took until the whole was first handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnaround {
    /// Of how many it is known.
    pub count: i64,
    /// The mean.
    pub mean: Duration,
    /// The least within which half were done.
    pub median: Duration,
    /// The least within which nine tenths were done.
    pub p90: Duration,
}

/// Tasks that are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// How many.
    pub open: i64,
    /// Of those, how many are overdue.
    pub overdue: i64,
}

/// The figures of a group of tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLevel {
    /// None: not told apart.
    pub firm: Option<FirmId>,
    /// The first day of the month. None: not told apart.
    pub month: Option<Date>,
    /// None: not told apart.
    pub kind: Option<TaskKind>,
    /// None: not told apart.
    pub practice_area: Option<PracticeArea>,
    /// How many tasks were accepted.
    pub accepted: i64,
    /// Of those, how many without a revision.
    pub accepted_at_first: i64,
    /// Of those, of how many it is known when they were delivered.
    pub delivered: i64,
    /// Of those, how many were delivered in time.
    pub on_time: i64,
    /// How late those were on average that were late; none when none was.
    pub mean_lateness: Option<Duration>,
    /// None when it is known of none.
    pub turnaround: Option<Turnaround>,
    /// What is under way.
    pub backlog: Backlog,
}

impl ServiceLevel {
    /// The share of those delivered in time, in thousandths, to the nearest, halves up. None of none.
    pub fn on_time_permille(&self) -> Option<i32> {
        let (part, whole) = (i128::from(self.on_time), i128::from(self.delivered));
        let rounded = (part * 2_000 + whole).checked_div(whole * 2)?;
        i32::try_from(rounded).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::{date, datetime};

    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn level(on_time: i64, delivered: i64) -> ServiceLevel {
        ServiceLevel {
            firm: None,
            month: None,
            kind: None,
            practice_area: None,
            accepted: delivered,
            accepted_at_first: 0,
            delivered,
            on_time,
            mean_lateness: None,
            turnaround: None,
            backlog: Backlog {
                open: 0,
                overdue: 0,
            },
        }
    }

    #[test]
    fn a_period_has_an_order_a_length_and_an_end() {
        let first = date!(2024 - 01 - 01);
        assert!(Period::new(first, first).is_ok());
        assert_eq!(
            Period::new(first, date!(2023 - 12 - 31)),
            Err(InvalidPeriod::EndsBeforeItBegins)
        );
        assert!(
            Period::new(first, date!(2028 - 12 - 31)).is_ok(),
            "two leap days"
        );
        assert_eq!(
            Period::new(first, date!(2029 - 01 - 01)),
            Err(InvalidPeriod::TooLong)
        );
        assert_eq!(
            Period::new(date!(9998 - 12 - 31), date!(9999 - 01 - 01)),
            Err(InvalidPeriod::TooLate)
        );
        let last = Period::new(date!(9998 - 12 - 31), date!(9998 - 12 - 31)).unwrap();
        assert_eq!(last.spans(&zone("Pacific/Kiritimati"), true).len(), 1);
    }

    #[test]
    fn a_day_is_as_long_as_the_zones_clock_makes_it() {
        let length = |date| {
            let period = Period::new(date, date).unwrap();
            let spans = period.spans(&zone("America/New_York"), false);
            (spans[0].ends - spans[0].begins).whole_hours()
        };
        assert_eq!(length(date!(2026 - 03 - 08)), 23);
        assert_eq!(length(date!(2026 - 11 - 01)), 25);
        assert_eq!(length(date!(2026 - 11 - 02)), 24);
    }

    #[test]
    fn months_are_whole_or_cut_by_the_period() {
        let period = Period::new(date!(2024 - 01 - 31), date!(2024 - 03 - 01)).unwrap();
        let spans = period.spans(&zone("America/Chicago"), true);
        let expected = [
            (
                date!(2024 - 01 - 01),
                datetime!(2024-01-31 06:00 UTC),
                datetime!(2024-02-01 06:00 UTC),
            ),
            (
                date!(2024 - 02 - 01),
                datetime!(2024-02-01 06:00 UTC),
                datetime!(2024-03-01 06:00 UTC),
            ),
            (
                date!(2024 - 03 - 01),
                datetime!(2024-03-01 06:00 UTC),
                datetime!(2024-03-02 06:00 UTC),
            ),
        ]
        .map(|(month, begins, ends)| Span {
            month: Some(month),
            begins,
            ends,
        });
        assert_eq!(spans, expected);
    }

    #[test]
    fn a_share_is_rounded_to_the_nearest_thousandth() {
        for (part, whole, permille) in [
            (0, 0, None),
            (0, 3, Some(0)),
            (3, 3, Some(1_000)),
            (1, 3, Some(333)),
            (2, 3, Some(667)),
            (1, 2_000, Some(1)),
            (1, 2_001, Some(0)),
            (i64::MAX, i64::MAX, Some(1_000)),
        ] {
            assert_eq!(level(part, whole).on_time_permille(), permille);
        }
    }

    proptest! {
        /// Whatever the period and the zone: its months follow one another without a gap, and make it whole.
        #[test]
        fn months_make_the_period_whole(
            from in 719_163_i32..740_000,
            days in 0_i64..MOST_DAYS,
            name in prop::sample::select(&["America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"][..]),
        ) {
            let first = Date::from_julian_day(from + 1_721_425).unwrap();
            let period = Period::new(first, first + Duration::days(days)).unwrap();
            let whole = period.spans(&zone(name), false)[0];
            let months = period.spans(&zone(name), true);
            prop_assert_eq!(months[0].begins, whole.begins);
            prop_assert_eq!(months[months.len() - 1].ends, whole.ends);
            for pair in months.windows(2) {
                prop_assert_eq!(pair[0].ends, pair[1].begins);
                prop_assert!(pair[0].month < pair[1].month);
            }
        }
    }
}
