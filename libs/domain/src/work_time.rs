//! Seconds worked, and the billable increments they come to. Both are always kept.

use std::fmt;

/// The number of seconds is not a time that can be worked or billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be from 0 seconds to 24 hours, in whole seconds")]
pub struct InvalidTime;

/// The most that one entry can hold: a day with the hour that autumn adds.
const MOST_SECONDS: u32 = 25 * 3600;

/// Time worked: whole seconds, 0 to 25 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkedTime(u32);

impl WorkedTime {
    /// So many seconds.
    pub fn from_seconds(seconds: i64) -> Result<Self, InvalidTime> {
        u32::try_from(seconds)
            .ok()
            .filter(|seconds| *seconds <= MOST_SECONDS)
            .map(Self)
            .ok_or(InvalidTime)
    }

    /// The seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

/// Time billed: a whole number of the firm's increments, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BilledTime(u32);

impl BilledTime {
    /// So many seconds, as a store or a contract keeps them.
    pub fn from_seconds(seconds: i64) -> Result<Self, InvalidTime> {
        u32::try_from(seconds).map(Self).map_err(|_| InvalidTime)
    }

    /// The seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

/// Which way worked time goes to the next increment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IncrementRounding {
    /// To the next increment: any begun increment counts.
    Up,
    /// To the last increment: only full increments count.
    Down,
    /// To the nearer increment, the half going up.
    Nearest,
    /// The seconds as they are.
    Exact,
}

/// How worked time becomes billed time for a firm. The field's default is tenths of an hour, rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IncrementRule {
    seconds: u32,
    rounding: IncrementRounding,
}

impl IncrementRule {
    /// Tenths of an hour, rounded up.
    pub const TENTHS_UP: Self = Self {
        seconds: 360,
        rounding: IncrementRounding::Up,
    };

    /// An increment of 1 to 3600 seconds that divides the hour, with its rounding.
    pub fn new(seconds: i64, rounding: IncrementRounding) -> Result<Self, InvalidTime> {
        match u32::try_from(seconds) {
            Ok(seconds) if seconds >= 1 && 3600 % seconds == 0 => Ok(Self { seconds, rounding }),
            _ => Err(InvalidTime),
        }
    }

    /// The increment, in seconds.
    pub const fn seconds(self) -> u32 {
        self.seconds
    }

    /// The rounding.
    pub const fn rounding(self) -> IncrementRounding {
        self.rounding
    }

    /// Worked time brought to this rule's increments: the one place where time rounds.
    pub fn bill(self, worked: WorkedTime) -> BilledTime {
        let (seconds, step) = (worked.seconds(), self.seconds);
        BilledTime(match self.rounding {
            IncrementRounding::Exact => seconds,
            IncrementRounding::Up => seconds.div_ceil(step) * step,
            IncrementRounding::Down => seconds / step * step,
            IncrementRounding::Nearest => (seconds + step / 2) / step * step,
        })
    }
}

impl fmt::Display for WorkedTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60, self.0 % 60)
    }
}
