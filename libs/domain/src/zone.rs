//! Dates that people mean, in the zone that they mean them in. The zone rules are compiled in, so that every
//! machine agrees on them.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use time::{Date, Month, OffsetDateTime};

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
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        TimeZone::get(name).map(Self).map_err(|_| UnknownZone)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
