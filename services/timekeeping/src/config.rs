//! What the service itself is told: the section `[timekeeping]`.

use serde::Deserialize;
use time::Duration;

use crate::domain::timer::RunLimit;

/// The limits on recorded time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TimekeepingConfig {
    /// How far after the server's present an entry may end, in seconds: clocks differ.
    pub ahead_limit_seconds: u32,
    /// How long a timer may run before it counts as forgotten, in seconds: 1 to 86400. Its entry ends there.
    pub timer_limit_seconds: u32,
}

impl Default for TimekeepingConfig {
    fn default() -> Self {
        Self {
            ahead_limit_seconds: 60,
            timer_limit_seconds: 12 * 3600,
        }
    }
}

/// The limit on a timer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("timekeeping.timer_limit_seconds must be from 1 to 86400, and is {0}")]
pub struct InvalidTimerLimit(u32);

/// The limits, checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How far after the present an entry may end.
    pub(crate) ahead: Duration,
    /// How long a timer may run.
    pub(crate) timer: RunLimit,
}

impl TryFrom<&TimekeepingConfig> for Limits {
    type Error = InvalidTimerLimit;

    fn try_from(config: &TimekeepingConfig) -> Result<Self, InvalidTimerLimit> {
        let seconds = config.timer_limit_seconds;
        Ok(Self {
            ahead: Duration::seconds(config.ahead_limit_seconds.into()),
            timer: RunLimit::from_seconds(seconds).ok_or(InvalidTimerLimit(seconds))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_within_their_limits_and_a_timer_limit_of_over_a_day_is_not() {
        assert!(Limits::try_from(&TimekeepingConfig::default()).is_ok());
        for timer_limit_seconds in [0, 86_401, u32::MAX] {
            let config = TimekeepingConfig {
                timer_limit_seconds,
                ..TimekeepingConfig::default()
            };
            assert!(Limits::try_from(&config).is_err(), "{timer_limit_seconds}");
        }
    }
}
