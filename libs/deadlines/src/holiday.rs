//! The holidays of Rule 6(a)(6)(A), by the days that 5 U.S.C. 6103(a) sets aside.
//!
//! Inauguration Day is a holiday of federal employees in and around the capital (5 U.S.C. 6103(c)), and not in the
//! rule's list; a caller whose court keeps it says so as a declared day.

use time::{Date, Duration, Month, Weekday};

/// A holiday of Rule 6(a)(6)(A).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holiday {
    /// January 1.
    NewYearsDay,
    /// The third Monday in January.
    MartinLutherKingJrsBirthday,
    /// The third Monday in February.
    WashingtonsBirthday,
    /// The last Monday in May.
    MemorialDay,
    /// June 19, since 2021 (Public Law 117-17, of June 17 of that year).
    Juneteenth,
    /// July 4.
    IndependenceDay,
    /// The first Monday in September.
    LaborDay,
    /// The second Monday in October.
    ColumbusDay,
    /// November 11.
    VeteransDay,
    /// The fourth Thursday in November.
    ThanksgivingDay,
    /// December 25.
    ChristmasDay,
}

/// Where in a year a holiday is.
enum Place {
    /// The same day of the same month.
    On(Month, u8),
    /// So many of a weekday into a month, from one.
    Nth(Month, Weekday, u8),
    /// The last of a weekday in a month.
    Last(Month, Weekday),
}

impl Holiday {
    /// All of them, in the year's order.
    pub const ALL: [Self; 11] = [
        Self::NewYearsDay,
        Self::MartinLutherKingJrsBirthday,
        Self::WashingtonsBirthday,
        Self::MemorialDay,
        Self::Juneteenth,
        Self::IndependenceDay,
        Self::LaborDay,
        Self::ColumbusDay,
        Self::VeteransDay,
        Self::ThanksgivingDay,
        Self::ChristmasDay,
    ];

    /// What the rule calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NewYearsDay => "New Year's Day",
            Self::MartinLutherKingJrsBirthday => "Martin Luther King Jr.'s Birthday",
            Self::WashingtonsBirthday => "Washington's Birthday",
            Self::MemorialDay => "Memorial Day",
            Self::Juneteenth => "Juneteenth National Independence Day",
            Self::IndependenceDay => "Independence Day",
            Self::LaborDay => "Labor Day",
            Self::ColumbusDay => "Columbus Day",
            Self::VeteransDay => "Veterans' Day",
            Self::ThanksgivingDay => "Thanksgiving Day",
            Self::ChristmasDay => "Christmas Day",
        }
    }

    const fn place(self) -> Place {
        match self {
            Self::NewYearsDay => Place::On(Month::January, 1),
            Self::MartinLutherKingJrsBirthday => Place::Nth(Month::January, Weekday::Monday, 3),
            Self::WashingtonsBirthday => Place::Nth(Month::February, Weekday::Monday, 3),
            Self::MemorialDay => Place::Last(Month::May, Weekday::Monday),
            Self::Juneteenth => Place::On(Month::June, 19),
            Self::IndependenceDay => Place::On(Month::July, 4),
            Self::LaborDay => Place::Nth(Month::September, Weekday::Monday, 1),
            Self::ColumbusDay => Place::Nth(Month::October, Weekday::Monday, 2),
            Self::VeteransDay => Place::On(Month::November, 11),
            Self::ThanksgivingDay => Place::Nth(Month::November, Weekday::Thursday, 4),
            Self::ChristmasDay => Place::On(Month::December, 25),
        }
    }

    /// Its own day in a year, by the law as it stands since 1986. None in years before it was a holiday, and in years
    /// that no date has.
    pub fn day_in(self, year: i32) -> Option<Date> {
        if self == Self::Juneteenth && year < 2021 {
            return None;
        }
        match self.place() {
            Place::On(month, day) => Date::from_calendar_date(year, month, day).ok(),
            Place::Nth(month, weekday, nth) => {
                let first = Date::from_calendar_date(year, month, 1).ok()?;
                let ahead = days_until(first.weekday(), weekday) + 7 * i64::from(nth - 1);
                first.checked_add(Duration::days(ahead))
            }
            Place::Last(month, weekday) => {
                let last = Date::from_calendar_date(year, month, month.length(year)).ok()?;
                last.checked_sub(Duration::days(days_until(weekday, last.weekday())))
            }
        }
    }

    /// The holiday whose own day it is.
    pub fn on(day: Date) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|holiday| holiday.day_in(day.year()) == Some(day))
    }
}

/// How many days from one weekday until the next other: 0 to 6.
fn days_until(from: Weekday, to: Weekday) -> i64 {
    let number = |weekday: Weekday| i64::from(weekday.number_days_from_monday());
    (number(to) - number(from)).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_holidays_of_2026_are_those_that_the_government_published() {
        let days: Vec<_> = Holiday::ALL
            .into_iter()
            .map(|holiday| holiday.day_in(2026).unwrap())
            .collect();
        assert_eq!(
            days,
            [
                date!(2026 - 01 - 01),
                date!(2026 - 01 - 19),
                date!(2026 - 02 - 16),
                date!(2026 - 05 - 25),
                date!(2026 - 06 - 19),
                date!(2026 - 07 - 04),
                date!(2026 - 09 - 07),
                date!(2026 - 10 - 12),
                date!(2026 - 11 - 11),
                date!(2026 - 11 - 26),
                date!(2026 - 12 - 25),
            ]
        );
    }

    #[test]
    fn juneteenth_is_a_holiday_since_2021() {
        assert_eq!(Holiday::Juneteenth.day_in(2020), None);
        assert_eq!(Holiday::on(date!(2020 - 06 - 19)), None);
        assert_eq!(
            Holiday::on(date!(2021 - 06 - 19)),
            Some(Holiday::Juneteenth)
        );
    }

    #[test]
    fn no_two_holidays_share_a_day_and_each_is_found_by_its_own() {
        for year in 2000..2400 {
            for holiday in Holiday::ALL {
                if let Some(day) = holiday.day_in(year) {
                    assert_eq!(Holiday::on(day), Some(holiday));
                }
            }
        }
    }
}
