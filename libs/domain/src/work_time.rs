//! Seconds worked, and the billable increments they come to. Both are always kept.

use std::fmt;
use std::str::FromStr;

use crate::work::UnknownWord;

/// The number of seconds is not a time that can be worked or billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be from 0 seconds to 24 hours, in whole seconds")]
pub struct InvalidTime;

/// The number of seconds is not an increment of the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be from 1 to 3600 seconds and divide the hour")]
pub struct InvalidIncrement;

/// The most that one entry can hold.
const MOST_SECONDS: u32 = 24 * 3600;

/// Time worked: whole seconds, 0 to 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkedTime(u32);

impl WorkedTime {
    /// The most that one entry can hold: 24 hours.
    pub const MOST: Self = Self(MOST_SECONDS);

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
    /// Nothing.
    pub const ZERO: Self = Self(0);

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

impl IncrementRounding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Up, Self::Down, Self::Nearest, Self::Exact];

    /// The word that stores and logs keep.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Nearest => "nearest",
            Self::Exact => "exact",
        }
    }
}

impl FromStr for IncrementRounding {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|rounding| rounding.as_str() == word)
            .ok_or_else(|| UnknownWord(word.to_owned()))
    }
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
    pub fn new(seconds: i64, rounding: IncrementRounding) -> Result<Self, InvalidIncrement> {
        match u32::try_from(seconds) {
            Ok(seconds) if (1..=3600).contains(&seconds) && 3600 % seconds == 0 => {
                Ok(Self { seconds, rounding })
            }
            _ => Err(InvalidIncrement),
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
        write!(
            out,
            "{}:{:02}:{:02}",
            self.0 / 3600,
            self.0 / 60 % 60,
            self.0 % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn worked(seconds: u32) -> WorkedTime {
        WorkedTime::from_seconds(seconds.into()).unwrap()
    }

    /// Every increment that divides the hour, every rounding.
    fn rules() -> impl Strategy<Value = IncrementRule> {
        let divisors: Vec<i64> = (1..=3600).filter(|seconds| 3600 % seconds == 0).collect();
        (select(divisors), select(&IncrementRounding::ALL[..]))
            .prop_map(|(seconds, rounding)| IncrementRule::new(seconds, rounding).unwrap())
    }

    #[test]
    fn a_tenth_that_was_begun_is_billed_whole_unless_the_firm_rules_otherwise() {
        let billed = |seconds, rounding| {
            IncrementRule::new(360, rounding)
                .unwrap()
                .bill(worked(seconds))
                .seconds()
        };
        assert_eq!(IncrementRule::TENTHS_UP.bill(worked(361)).seconds(), 720);
        assert_eq!(billed(0, IncrementRounding::Up), 0);
        assert_eq!(billed(1, IncrementRounding::Up), 360);
        assert_eq!(billed(360, IncrementRounding::Up), 360);
        assert_eq!(billed(719, IncrementRounding::Down), 360);
        assert_eq!(billed(179, IncrementRounding::Nearest), 0);
        assert_eq!(billed(180, IncrementRounding::Nearest), 360);
        assert_eq!(billed(719, IncrementRounding::Exact), 719);
    }

    #[test]
    fn the_half_of_an_odd_increment_rounds_to_the_nearer_second() {
        let rule = IncrementRule::new(225, IncrementRounding::Nearest).unwrap();
        assert_eq!(rule.bill(worked(112)).seconds(), 0);
        assert_eq!(rule.bill(worked(113)).seconds(), 225);
    }

    #[test]
    fn more_than_a_day_or_less_than_nothing_is_no_time_worked() {
        for seconds in [-1, i64::MIN, 86_401, i64::from(u32::MAX) + 1, i64::MAX] {
            assert_eq!(WorkedTime::from_seconds(seconds), Err(InvalidTime));
        }
        assert_eq!(WorkedTime::from_seconds(86_400), Ok(WorkedTime::MOST));
    }

    #[test]
    fn an_increment_divides_the_hour() {
        for seconds in [-360, 0, 7, 361, 3601, 7200, i64::MAX] {
            assert_eq!(
                IncrementRule::new(seconds, IncrementRounding::Up),
                Err(InvalidIncrement)
            );
        }
    }

    #[test]
    fn a_rounding_is_read_by_the_word_it_is_kept_as() {
        for rounding in IncrementRounding::ALL {
            assert_eq!(rounding.as_str().parse(), Ok(rounding));
        }
        assert!("sideways".parse::<IncrementRounding>().is_err());
    }

    proptest! {
        #[test]
        fn more_work_is_never_billed_less(rule in rules(), a in 0..=MOST_SECONDS, b in 0..=MOST_SECONDS) {
            let (less, more) = (a.min(b), a.max(b));
            prop_assert!(rule.bill(worked(less)) <= rule.bill(worked(more)));
        }

        #[test]
        fn billed_time_is_whole_increments_within_one_of_the_work(rule in rules(), seconds in 0..=MOST_SECONDS) {
            let (billed, step) = (rule.bill(worked(seconds)).seconds(), rule.seconds());
            match rule.rounding() {
                IncrementRounding::Exact => prop_assert_eq!(billed, seconds),
                rounding => {
                    prop_assert_eq!(billed % step, 0);
                    prop_assert!(billed.abs_diff(seconds) < step);
                    match rounding {
                        IncrementRounding::Up => prop_assert!(billed >= seconds),
                        IncrementRounding::Down => prop_assert!(billed <= seconds),
                        _ => prop_assert!(billed.abs_diff(seconds) * 2 <= step),
                    }
                }
            }
        }

        #[test]
        fn time_in_whole_increments_is_billed_as_it_is(rule in rules(), increments in 0_u32..24) {
            let seconds = increments * rule.seconds();
            prop_assert_eq!(rule.bill(worked(seconds)).seconds(), seconds);
        }

        #[test]
        fn splitting_work_bills_no_less_rounded_up_and_no_more_rounded_down(
            rule in rules(), a in 0..=MOST_SECONDS / 2, b in 0..=MOST_SECONDS / 2,
        ) {
            let parts = rule.bill(worked(a)).seconds() + rule.bill(worked(b)).seconds();
            let whole = rule.bill(worked(a + b)).seconds();
            match rule.rounding() {
                IncrementRounding::Up => prop_assert!(parts >= whole),
                IncrementRounding::Down => prop_assert!(parts <= whole),
                IncrementRounding::Nearest => prop_assert!(parts.abs_diff(whole) <= rule.seconds()),
                IncrementRounding::Exact => prop_assert_eq!(parts, whole),
            }
        }
    }
}
