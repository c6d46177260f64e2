//! How long a period is, in which unit, and which way it is counted.

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month};

/// What a period is counted in. Rule 6(a)(1) is for days and longer units, Rule 6(a)(2) for hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks of seven days.
    Weeks,
    /// Months of the calendar.
    Months,
    /// Years of the calendar.
    Years,
}

impl Unit {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Hours,
        Self::Days,
        Self::Weeks,
        Self::Months,
        Self::Years,
    ];

    /// The longest period in it: none is over 10,000 days, and none in hours over 10,000 hours.
    pub const fn most(self) -> u16 {
        match self {
            Self::Hours | Self::Days => 10_000,
            Self::Weeks => 1_428,
            Self::Months => 328,
            Self::Years => 27,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Hours => "hour",
            Self::Days => "day",
            Self::Weeks => "week",
            Self::Months => "month",
            Self::Years => "year",
        }
    }
}

/// Which way a period is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Forward, after an event.
    After,
    /// Backward, before an event.
    Before,
}

impl Direction {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::After => "after",
            Self::Before => "before",
        }
    }

    const fn sign(self) -> i64 {
        match self {
            Self::After => 1,
            Self::Before => -1,
        }
    }

    /// The day after, or before, another. None at the end of the calendar.
    pub(crate) fn next(self, day: Date) -> Option<Date> {
        match self {
            Self::After => day.next_day(),
            Self::Before => day.previous_day(),
        }
    }
}

/// The number is not the length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be from 1 to {most} in this unit")]
pub struct InvalidPeriod {
    most: u16,
}

/// A period: from one unit to some 27 years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    count: u16,
    unit: Unit,
    direction: Direction,
}

impl Period {
    /// So many of a unit, counted in a direction.
    pub fn new(count: i64, unit: Unit, direction: Direction) -> Result<Self, InvalidPeriod> {
        let most = unit.most();
        u16::try_from(count)
            .ok()
            .filter(|count| (1..=most).contains(count))
            .map(|count| Self {
                count,
                unit,
                direction,
            })
            .ok_or(InvalidPeriod { most })
    }

    /// How many.
    pub const fn count(self) -> u16 {
        self.count
    }

    /// Of what.
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// Which way.
    pub const fn direction(self) -> Direction {
        self.direction
    }

    /// The time that passes, where the unit is hours.
    pub(crate) fn hours(self) -> Option<Duration> {
        (self.unit == Unit::Hours)
            .then(|| Duration::hours(self.direction.sign() * i64::from(self.count)))
    }

    /// The last day of a period in days or a longer unit, before weekends and holidays are looked at.
    ///
    /// Months and years end on the day of the same number (the anniversary method, which federal courts use for
    /// periods of a year, for example *Patterson v. Stewart*, 251 F.3d 1243 (9th Cir. 2001)), or where the month has
    /// none, on its last day. Rule 6(a)(1) covers them and says no more of how they are counted.
    pub(crate) fn last_day(self, from: Date) -> Option<Date> {
        let count = self.direction.sign() * i64::from(self.count);
        match self.unit {
            Unit::Hours => None,
            Unit::Days => from.checked_add(Duration::days(count)),
            Unit::Weeks => from.checked_add(Duration::weeks(count)),
            Unit::Months => months_later(from, count),
            Unit::Years => months_later(from, 12 * count),
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(
            out,
            "{} {}{plural} {}",
            self.count,
            self.unit.word(),
            self.direction.word()
        )
    }
}

fn months_later(from: Date, months: i64) -> Option<Date> {
    let from_zero = i64::from(u8::from(from.month())) - 1;
    let total = i64::from(from.year()) * 12 + from_zero + months;
    let year = i32::try_from(total.div_euclid(12)).ok()?;
    let month = Month::try_from(u8::try_from(total.rem_euclid(12) + 1).ok()?).ok()?;
    Date::from_calendar_date(year, month, from.day().min(month.length(year))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_one_at_least_and_bounded() {
        for unit in Unit::ALL {
            let most = i64::from(unit.most());
            for fine in [1, most] {
                assert!(Period::new(fine, unit, Direction::After).is_ok());
            }
            for odd in [i64::MIN, -1, 0, most + 1, i64::MAX] {
                assert!(Period::new(odd, unit, Direction::Before).is_err(), "{odd}");
            }
        }
    }

    #[test]
    fn a_period_reads_as_people_say_it() {
        let period = Period::new(1, Unit::Months, Direction::After).unwrap();
        assert_eq!(period.to_string(), "1 month after");
        let period = Period::new(21, Unit::Days, Direction::Before).unwrap();
        assert_eq!(period.to_string(), "21 days before");
    }
}
