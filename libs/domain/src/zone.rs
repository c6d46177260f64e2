//! Dates that people mean, in the zone that they mean them in. The zone rules are compiled in, so that every
//! machine agrees on them.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// The text is not a time zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a time zone of the IANA database, for example America/Chicago")]
pub struct UnknownZone;

/// A time zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The date that a clock on the wall shows at an instant.
    pub fn date_at(&self, instant: OffsetDateTime) -> Date {
        let Ok(stamp) = jiff::Timestamp::from_second(instant.unix_timestamp()) else {
            return instant.date();
        };
        let date = self.0.to_datetime(stamp).date();
        u8::try_from(date.month())
            .ok()
            .and_then(|month| Month::try_from(month).ok())
            .zip(u8::try_from(date.day()).ok())
            .and_then(|(month, day)| {
                Date::from_calendar_date(i32::from(date.year()), month, day).ok()
            })
            .unwrap_or_else(|| instant.date())
    }

    /// What a clock on the wall shows at an instant.
    pub fn clock_at(&self, instant: OffsetDateTime) -> PrimitiveDateTime {
        let offset = jiff::Timestamp::from_second(instant.unix_timestamp())
            .ok()
            .and_then(|stamp| UtcOffset::from_whole_seconds(self.0.to_offset(stamp).seconds()).ok())
            .unwrap_or(UtcOffset::UTC);
        let there = instant.to_offset(offset);
        PrimitiveDateTime::new(there.date(), there.time())
    }

    /// The instant at which a clock on the wall shows this. Where it does twice, since the clock is set back, the
    /// earlier; where it never does, since the clock is set ahead, as much later as the clock is set ahead (the
    /// "compatible" rule of RFC 5545). None outside the years of the zone's rules, -9999 to 9999.
    pub fn instant_of(&self, clock: PrimitiveDateTime) -> Option<OffsetDateTime> {
        let small = |number: u8| i8::try_from(number).ok();
        let shown = jiff::civil::DateTime::new(
            i16::try_from(clock.year()).ok()?,
            small(clock.month().into())?,
            small(clock.day())?,
            small(clock.hour())?,
            small(clock.minute())?,
            small(clock.second())?,
            i32::try_from(clock.nanosecond()).ok()?,
        )
        .ok()?;
        let stamp = self.0.to_ambiguous_timestamp(shown).compatible().ok()?;
        OffsetDateTime::from_unix_timestamp_nanos(stamp.as_nanosecond()).ok()
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        // The database also answers to a name for "no zone is known", which has no rules to tell a date by.
        TimeZone::get(name)
            .ok()
            .filter(|zone| zone.iana_name().is_some())
            .map(Self)
            .ok_or(UnknownZone)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use time::{Duration, UtcOffset, Weekday};

    use super::*;

    const ZONES: [&str; 8] = [
        "America/New_York",
        "America/Los_Angeles",
        "America/St_Johns",
        "Europe/London",
        "Asia/Kolkata",
        "Asia/Manila",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    ];

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    fn sunday(year: i32, month: Month, nth: u8) -> Date {
        let mut day = Date::from_calendar_date(year, month, 1).unwrap();
        while day.weekday() != Weekday::Sunday {
            day = day.next_day().unwrap();
        }
        day + Duration::weeks(i64::from(nth) - 1)
    }

    /// New York by the statute of 2007, without the zone database: daylight time from two in the morning of March's
    /// second Sunday to two in the morning of November's first.
    fn new_york_by_statute(instant: OffsetDateTime) -> Date {
        let year = instant
            .to_offset(UtcOffset::from_hms(-5, 0, 0).unwrap())
            .year();
        let begins = sunday(year, Month::March, 2)
            .with_hms(7, 0, 0)
            .unwrap()
            .assume_utc();
        let ends = sunday(year, Month::November, 1)
            .with_hms(6, 0, 0)
            .unwrap()
            .assume_utc();
        let hours = if (begins..ends).contains(&instant) {
            -4
        } else {
            -5
        };
        instant
            .to_offset(UtcOffset::from_hms(hours, 0, 0).unwrap())
            .date()
    }

    #[test]
    fn a_zone_goes_by_its_name_in_the_database() {
        assert_eq!(zone("America/Chicago").name(), "America/Chicago");
        assert_eq!(zone("UTC").name(), "UTC");
        for nonsense in [
            "",
            "Mars/Olympus",
            "America/Chicago ",
            "Etc/Unknown",
            "../etc/passwd",
            "+05:00",
        ] {
            assert_eq!(nonsense.parse::<Zone>(), Err(UnknownZone), "{nonsense}");
        }
    }

    #[test]
    fn the_night_that_loses_an_hour_and_the_night_that_gains_one_keep_their_dates() {
        let date = |instant| zone("America/New_York").date_at(instant).to_string();
        // 8 March 2026: midnight is five hours behind, the next midnight four.
        assert_eq!(
            date(time::macros::datetime!(2026-03-08 04:59:59 UTC)),
            "2026-03-07"
        );
        assert_eq!(
            date(time::macros::datetime!(2026-03-08 05:00:00 UTC)),
            "2026-03-08"
        );
        assert_eq!(
            date(time::macros::datetime!(2026-03-09 03:59:59 UTC)),
            "2026-03-08"
        );
        assert_eq!(
            date(time::macros::datetime!(2026-03-09 04:00:00 UTC)),
            "2026-03-09"
        );
        // 1 November 2026: midnight is four hours behind, the next midnight five.
        assert_eq!(
            date(time::macros::datetime!(2026-11-01 03:59:59 UTC)),
            "2026-10-31"
        );
        assert_eq!(
            date(time::macros::datetime!(2026-11-02 04:59:59 UTC)),
            "2026-11-01"
        );
        assert_eq!(
            date(time::macros::datetime!(2026-11-02 05:00:00 UTC)),
            "2026-11-02"
        );
    }

    #[test]
    fn every_day_of_new_york_lasts_23_24_or_25_hours() {
        let new_york = zone("America/New_York");
        let mut lengths = std::collections::BTreeMap::<Date, u32>::new();
        let first = time::macros::datetime!(2026-01-01 05:00:00 UTC);
        for hour in 0..365 * 24 {
            *lengths
                .entry(new_york.date_at(first + Duration::hours(hour)))
                .or_default() += 1;
        }
        let of = |hours| lengths.values().filter(|length| **length == hours).count();
        assert_eq!((of(23), of(24), of(25), lengths.len()), (1, 363, 1, 365));
    }

    #[test]
    fn a_clock_that_is_set_back_shows_an_hour_twice_and_one_that_is_set_ahead_skips_one() {
        use time::macros::datetime;
        let new_york = zone("America/New_York");
        let of = |clock| new_york.instant_of(clock).unwrap();
        assert_eq!(
            of(datetime!(2026-11-01 01:30)),
            datetime!(2026-11-01 05:30 UTC),
            "the earlier"
        );
        assert_eq!(
            new_york.clock_at(datetime!(2026-11-01 06:30 UTC)),
            datetime!(2026-11-01 01:30)
        );
        assert_eq!(
            of(datetime!(2026-03-08 02:30)),
            datetime!(2026-03-08 07:30 UTC)
        );
        assert_eq!(
            new_york.clock_at(datetime!(2026-03-08 07:30 UTC)),
            datetime!(2026-03-08 03:30)
        );
    }

    proptest! {
        #[test]
        fn a_clock_leads_back_to_its_instant_but_for_the_hour_that_it_shows_twice(
            name in select(&ZONES[..]), seconds in 0_i64..4_102_444_800,
        ) {
            let (zone, instant) = (zone(name), at(seconds));
            let clock = zone.clock_at(instant);
            prop_assert_eq!(clock.date(), zone.date_at(instant));
            let back = zone.instant_of(clock).unwrap();
            prop_assert!(back <= instant && instant - back <= Duration::hours(1));
            prop_assert_eq!(zone.clock_at(back), clock);
        }

        #[test]
        fn dates_in_new_york_follow_the_statute(seconds in 1_199_163_600_i64..4_102_444_800) {
            prop_assert_eq!(zone("America/New_York").date_at(at(seconds)), new_york_by_statute(at(seconds)));
        }

        #[test]
        fn dates_around_a_change_of_the_clocks_follow_the_statute(
            year in 2008_i32..2100, spring in any::<bool>(), seconds in -100_000_i64..100_000,
        ) {
            let day = if spring { sunday(year, Month::March, 2) } else { sunday(year, Month::November, 1) };
            let instant = day.midnight().assume_utc() + Duration::seconds(seconds);
            prop_assert_eq!(zone("America/New_York").date_at(instant), new_york_by_statute(instant));
        }

        #[test]
        fn a_later_instant_is_never_an_earlier_date(
            name in select(&ZONES[..]), seconds in 0_i64..4_102_444_800, later in 0_i64..200_000,
        ) {
            let zone = zone(name);
            prop_assert!(zone.date_at(at(seconds)) <= zone.date_at(at(seconds + later)));
        }

        #[test]
        fn no_zone_is_more_than_a_day_from_utc(name in select(&ZONES[..]), seconds in 0_i64..4_102_444_800) {
            let apart = zone(name).date_at(at(seconds)) - at(seconds).date();
            prop_assert!(apart.whole_days().abs() <= 1);
        }
    }
}
