//! What time it is, for every rule of the services: the one place where they read the clock.
//!
//! In development the clock can be put back or forward, so that a demonstration can play a fortnight's work in seconds
//! and a test can live through a night of daylight saving. Tokens, leases and deadlines never follow it: they go by
//! the machine's own clock.

use std::sync::atomic::{AtomicI64, Ordering};

use time::{Duration, OffsetDateTime};

use crate::Environment;

/// How many seconds this process's clock is ahead of the machine's.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// The clock was to be moved outside development.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock can be moved in development alone")]
pub struct ClockFixed;

/// The time now, in UTC, to the microsecond that the database keeps: what is answered is what is read back later.
pub fn now() -> OffsetDateTime {
    to_microsecond(OffsetDateTime::now_utc()) + Duration::seconds(AHEAD.load(Ordering::Relaxed))
}

fn to_microsecond(instant: OffsetDateTime) -> OffsetDateTime {
    instant - Duration::nanoseconds(i64::from(instant.nanosecond() % 1_000))
}

/// Sets this process's clock ahead of the machine's by whole seconds; behind it when they are negative.
pub fn set_ahead(environment: Environment, by: Duration) -> Result<(), ClockFixed> {
    if environment != Environment::Development && !by.is_zero() {
        return Err(ClockFixed);
    }
    AHEAD.store(by.whole_seconds(), Ordering::Relaxed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_development_moves_the_clock() {
        let fortnight = Duration::days(14);
        assert_eq!(
            set_ahead(Environment::Production, fortnight),
            Err(ClockFixed)
        );
        assert_eq!(set_ahead(Environment::Development, -fortnight), Ok(()));
        let then = now();
        let behind = OffsetDateTime::now_utc() - then;
        assert_eq!(behind.whole_days(), 14);
        assert_eq!(set_ahead(Environment::Production, Duration::ZERO), Ok(()));
    }

    #[test]
    fn what_is_finer_than_a_microsecond_falls_away() {
        let instant = time::macros::datetime!(2026-03-02 10:00:00.123456789 UTC);
        let kept = time::macros::datetime!(2026-03-02 10:00:00.123456 UTC);
        assert_eq!(to_microsecond(instant), kept);
    }
}
