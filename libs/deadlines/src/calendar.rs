//! The days on which no period ends: Saturdays, Sundays and legal holidays (Rule 6(a)(6)).
//!
//! # The days on which holidays are observed
//! Rule 6(a)(6)(A) speaks of "the day set aside by statute for observing" a holiday. 5 U.S.C. 6103(a) sets aside the
//! holiday's own day, and two provisions move it for the government's employees:
//! - of a holiday on a Sunday, the Monday after is kept (Executive Order 11582 of 1971, section 3). That is a day that
//!   the President declared a holiday, so it is one by Rule 6(a)(6)(B) whatever (A) means;
//! - of a holiday on a Saturday, the Friday before is a legal public holiday (5 U.S.C. 6103(b)(1)), "for the purpose of
//!   statutes relating to pay and leave". Whether Rule 6(a)(6)(A) means that Friday its text does not settle. Federal
//!   courts list it among their holidays and their clerks' offices are closed on it, so it is counted as one unless
//!   [`SaturdayHolidays::DayItself`] is asked for, which gives the earlier, safer day for what is counted forward. (For
//!   what is counted backward, counting the Friday as a holiday is the safer.)

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Date, Weekday};

use crate::holiday::Holiday;
use crate::period::Direction;
use crate::step::words;

/// Which day counts when a holiday falls on a Saturday.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaturdayHolidays {
    /// The Friday before too, as federal courts keep it (5 U.S.C. 6103(b)(1)).
    #[default]
    FridayBefore,
    /// The Saturday alone (5 U.S.C. 6103(a)).
    DayItself,
}

/// Who declared a day a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// The President or Congress: a holiday for every period (Rule 6(a)(6)(B)).
    Nation,
    /// The state where the district court is located: a holiday for periods that are measured after an event alone
    /// (Rule 6(a)(6)(C)).
    State,
}

/// Why a day is a declared holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Who declared it.
    pub by: Authority,
    /// What it is called. Empty: it has no name.
    pub title: String,
}

/// Why no period ends on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed<'a> {
    /// It is a Saturday or a Sunday.
    Weekend,
    /// It is a holiday's own day.
    Holiday(Holiday),
    /// It is the Friday before a holiday on a Saturday, or the Monday after one on a Sunday.
    Observed(Holiday),
    /// It was declared a holiday.
    Declared(&'a Declared),
}

impl Closed<'_> {
    /// The part of Rule 6 that makes it so.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Weekend => "6(a)(1)(C)",
            Self::Holiday(_) | Self::Observed(_) => "6(a)(6)(A)",
            Self::Declared(declared) => match declared.by {
                Authority::Nation => "6(a)(6)(B)",
                Authority::State => "6(a)(6)(C)",
            },
        }
    }

    /// What the day is, as an explanation says it after "is".
    pub fn words(self, day: Date) -> String {
        let named = |kind: &str, title: &str| {
            if title.is_empty() {
                kind.to_owned()
            } else {
                format!("{kind}, {title}")
            }
        };
        match self {
            Self::Weekend => format!("a {}", day.weekday()),
            Self::Holiday(holiday) => format!("{}, a legal holiday", holiday.title()),
            Self::Observed(holiday) => format!(
                "the day on which {}, which falls on a {}, is observed ({})",
                holiday.title(),
                if day.weekday() == Weekday::Friday {
                    "Saturday"
                } else {
                    "Sunday"
                },
                if day.weekday() == Weekday::Friday {
                    "5 U.S.C. 6103(b)(1)"
                } else {
                    "Executive Order 11582"
                },
            ),
            Self::Declared(declared) => match declared.by {
                Authority::Nation => named(
                    "a day declared a holiday by the President or Congress",
                    &declared.title,
                ),
                Authority::State => named(
                    "a day declared a holiday by the court's state",
                    &declared.title,
                ),
            },
        }
    }

    pub(crate) const fn is_weekend(self) -> bool {
        matches!(self, Self::Weekend)
    }

    /// The whole sentence.
    pub(crate) fn sentence(self, day: Date) -> String {
        format!("{} is {}", words(day), self.words(day))
    }
}

/// The days on which no period ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Which day counts when a holiday falls on a Saturday.
    pub saturdays: SaturdayHolidays,
    /// Days that were declared holidays, beside those of Rule 6(a)(6)(A).
    pub declared: BTreeMap<Date, Declared>,
}

impl Calendar {
    /// Why no period that is counted in a direction ends on a day. None: one can.
    pub fn closed(&self, day: Date, direction: Direction) -> Option<Closed<'_>> {
        if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return Some(Closed::Weekend);
        }
        if let Some(holiday) = Holiday::on(day) {
            return Some(Closed::Holiday(holiday));
        }
        if let Some(holiday) = self.observed(day) {
            return Some(Closed::Observed(holiday));
        }
        self.declared
            .get(&day)
            .filter(|declared| declared.by == Authority::Nation || direction == Direction::After)
            .map(Closed::Declared)
    }

    /// The holiday that is observed on a weekday that is not its own. Only holidays of a fixed date fall on weekends.
    fn observed(&self, day: Date) -> Option<Holiday> {
        let own = match (day.weekday(), self.saturdays) {
            (Weekday::Monday, _) => day.previous_day(),
            (Weekday::Friday, SaturdayHolidays::FridayBefore) => day.next_day(),
            _ => None,
        };
        own.and_then(Holiday::on)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn why(day: Date) -> Option<String> {
        let calendar = Calendar::default();
        calendar
            .closed(day, Direction::After)
            .map(|closed| closed.sentence(day))
    }

    #[test]
    fn a_holiday_on_a_weekend_is_observed_on_the_friday_before_or_the_monday_after() {
        assert_eq!(
            why(date!(2026 - 07 - 03)).as_deref(),
            Some(
                "Friday, July 3, 2026 is the day on which Independence Day, which falls on a Saturday, is observed \
                 (5 U.S.C. 6103(b)(1))"
            )
        );
        assert_eq!(
            why(date!(2027 - 07 - 05)).as_deref(),
            Some(
                "Monday, July 5, 2027 is the day on which Independence Day, which falls on a Sunday, is observed \
                 (Executive Order 11582)"
            )
        );
        let strict = Calendar {
            saturdays: SaturdayHolidays::DayItself,
            ..Calendar::default()
        };
        assert_eq!(strict.closed(date!(2026 - 07 - 03), Direction::After), None);
        assert!(
            strict
                .closed(date!(2027 - 07 - 05), Direction::After)
                .is_some()
        );
    }

    #[test]
    fn new_years_day_on_a_saturday_is_observed_in_the_year_before() {
        let closed = Calendar::default();
        assert_eq!(
            closed.closed(date!(2027 - 12 - 31), Direction::Before),
            Some(Closed::Observed(Holiday::NewYearsDay))
        );
    }

    #[test]
    fn inauguration_day_is_not_in_the_rules_list() {
        assert_eq!(why(date!(2037 - 01 - 20)), None, "a Tuesday");
        assert!(
            why(date!(2025 - 01 - 20)).is_some(),
            "and Dr King's birthday"
        );
    }

    #[test]
    fn a_states_holiday_counts_forward_alone_and_the_nations_both_ways() {
        let declared = |by| Calendar {
            declared: BTreeMap::from([(
                date!(2026 - 04 - 20),
                Declared {
                    by,
                    title: "Patriots' Day".to_owned(),
                },
            )]),
            ..Calendar::default()
        };
        for (by, direction, counts) in [
            (Authority::State, Direction::After, true),
            (Authority::State, Direction::Before, false),
            (Authority::Nation, Direction::After, true),
            (Authority::Nation, Direction::Before, true),
        ] {
            let calendar = declared(by);
            let closed = calendar.closed(date!(2026 - 04 - 20), direction);
            assert_eq!(closed.is_some(), counts, "{by:?} {direction:?}");
        }
    }
}
