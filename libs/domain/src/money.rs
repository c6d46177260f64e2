//! Amounts in minor units, hourly rates, and the one place where money rounds.
//!
//! The rule of every rounding here: to the nearest minor unit, halves away from zero, once a line. A total is the
//! sum of rounded lines and is never rounded again.

use std::fmt;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::work_time::{BilledTime, WorkedTime};

/// What can go wrong with money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The currency is not one that is kept here.
    #[error("is not a currency of ISO 4217 that is supported")]
    UnknownCurrency,
    /// Amounts of two currencies can't be added or compared.
    #[error("mixes {0} and {1}")]
    CurrencyMismatch(Currency, Currency),
    /// An amount was to be split over weights that are all zero.
    #[error("can't be split over no weight at all")]
    NoWeight,
    /// The amount does not fit, or has more decimals than its currency.
    #[error("is out of range or has more decimals than the currency")]
    OutOfRange,
}

macro_rules! currencies {
    ($($code:ident $digits:literal),* $(,)?) => {
        /// A currency of ISO 4217.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Currency {
            $(#[doc = concat!("ISO 4217 ", stringify!($code))] $code),*
        }

        impl Currency {
            /// The three letters.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$code => stringify!($code)),* }
            }

            /// How many decimals the minor unit stands for: 2 for cents.
            pub const fn digits(self) -> u32 {
                match self { $(Self::$code => $digits),* }
            }
        }

        impl FromStr for Currency {
            type Err = MoneyError;

            fn from_str(code: &str) -> Result<Self, MoneyError> {
                match code {
                    $(stringify!($code) => Ok(Self::$code),)*
                    _ => Err(MoneyError::UnknownCurrency),
                }
            }
        }
    };
}

currencies! { USD 2, CAD 2, EUR 2, GBP 2, AUD 2, NZD 2, CHF 2, INR 2, PHP 2, SGD 2, HKD 2, ZAR 2, JPY 0 }

impl fmt::Display for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// An amount of money: whole minor units (cents) of one currency. Negative amounts are credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// The amount in minor units.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount in minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The exact decimal amount, or an error when it has more decimals than the currency or does not fit.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let rounded = Self::rounded(amount, currency)?;
        if rounded.to_decimal() == amount {
            Ok(rounded)
        } else {
            Err(MoneyError::OutOfRange)
        }
    }

    /// The amount to the nearest minor unit, halves away from zero: the one place where money rounds.
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let places = currency.digits();
        let rounded = amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        rounded
            .checked_mul(Decimal::from(10_i64.pow(places)))
            .and_then(|minor| minor.to_i64())
            .map(|minor| Self::new(minor, currency))
            .ok_or(MoneyError::OutOfRange)
    }

    /// The amount as a decimal of the currency's major unit.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.digits())
    }

    /// The sum, or an error when the currencies differ or it does not fit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        self.minor
            .checked_add(other.minor)
            .map(|minor| Self::new(minor, self.currency))
            .ok_or(MoneyError::OutOfRange)
    }

    /// The difference, or an error when the currencies differ or it does not fit.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated()?)
    }

    /// The same amount with the other sign, or an error when it does not fit.
    pub fn negated(self) -> Result<Self, MoneyError> {
        self.minor
            .checked_neg()
            .map(|minor| Self::new(minor, self.currency))
            .ok_or(MoneyError::OutOfRange)
    }

    /// The sum of many, or an error when a currency differs from `currency` or it does not fit.
    pub fn sum(
        amounts: impl IntoIterator<Item = Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        amounts
            .into_iter()
            .try_fold(Self::zero(currency), Self::plus)
    }

    /// Splits the amount over weights so that the parts add up to it exactly: each part is rounded down, and the
    /// minor units left over go to the largest remainders, the earlier part first.
    ///
    /// An amount other than zero can't be split over no weight at all: [`MoneyError::NoWeight`].
    pub fn split(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if whole == 0 {
            return if self.minor == 0 {
                Ok(vec![self; weights.len()])
            } else {
                Err(MoneyError::NoWeight)
            };
        }
        let amount = i128::from(self.minor);
        // 63 bits by 64 bits: the product fits.
        let mut parts: Vec<(i128, i128)> = weights
            .iter()
            .map(|weight| {
                let share = amount * i128::from(*weight);
                (share.div_euclid(whole), share.rem_euclid(whole))
            })
            .collect();
        let left = amount - parts.iter().map(|part| part.0).sum::<i128>();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(parts[*at].1));
        let more = usize::try_from(left).map_err(|_| MoneyError::OutOfRange)?;
        for at in order.into_iter().take(more) {
            parts[at].0 += 1;
        }
        parts
            .into_iter()
            .map(|(minor, _)| {
                i64::try_from(minor)
                    .map(|minor| Self::new(minor, self.currency))
                    .map_err(|_| MoneyError::OutOfRange)
            })
            .collect()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.to_decimal(), self.currency)
    }
}

/// What an hour costs: an exact decimal, not negative, of at most four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HourlyRate {
    amount: Decimal,
    currency: Currency,
}

impl HourlyRate {
    /// A rate, or an error when it is negative, has more than four decimals or is over a million an hour.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let amount = amount.normalize();
        if amount.is_sign_negative() && !amount.is_zero()
            || amount.scale() > 4
            || amount > Decimal::from(1_000_000)
        {
            return Err(MoneyError::OutOfRange);
        }
        Ok(Self { amount, currency })
    }

    /// The decimal amount an hour.
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// What some billed time costs: rate × hours, rounded once.
    pub fn charge(self, time: BilledTime) -> Result<Money, MoneyError> {
        self.times_seconds(time.seconds())
    }

    /// What some worked time earns: rate × hours to the second, rounded once.
    pub fn earn(self, time: WorkedTime) -> Result<Money, MoneyError> {
        self.times_seconds(time.seconds())
    }

    fn times_seconds(self, seconds: u32) -> Result<Money, MoneyError> {
        // Multiplied before it is divided: what an hour does not divide stays exact until the one rounding.
        let hours_times_rate = self
            .amount
            .checked_mul(Decimal::from(seconds))
            .and_then(|seconds| seconds.checked_div(Decimal::from(3600)))
            .ok_or(MoneyError::OutOfRange)?;
        Money::rounded(hours_times_rate, self.currency)
    }
}

impl fmt::Display for HourlyRate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}/h", self.amount, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(amount: &str) -> HourlyRate {
        HourlyRate::new(amount.parse().unwrap(), Currency::USD).unwrap()
    }

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    fn billed(seconds: i64) -> BilledTime {
        BilledTime::from_seconds(seconds).unwrap()
    }

    #[test]
    fn time_is_charged_at_the_exact_hours_and_rounded_once() {
        // 6 minutes at 95.00: 9.50.
        assert_eq!(rate("95").charge(billed(360)), Ok(usd(950)));
        // 10 minutes at 60.00: 10.00, not the 10.20 that hours of two decimals would make.
        assert_eq!(rate("60").charge(billed(600)), Ok(usd(1000)));
        // A second at 18.00 is half a cent, and the half goes up.
        assert_eq!(rate("18").charge(billed(1)), Ok(usd(1)));
        assert_eq!(rate("17.9999").charge(billed(1)), Ok(usd(0)));
        // 25 minutes at 33.3333: 13.888875.
        assert_eq!(rate("33.3333").charge(billed(1500)), Ok(usd(1389)));
    }

    #[test]
    fn yen_have_no_minor_unit() {
        let rate = HourlyRate::new(Decimal::from(9001), Currency::JPY).unwrap();
        assert_eq!(
            rate.charge(billed(1800)),
            Ok(Money::new(4501, Currency::JPY))
        );
        assert!(Money::from_decimal(Decimal::new(15, 1), Currency::JPY).is_err());
    }

    #[test]
    fn halves_go_away_from_zero_on_both_sides() {
        for (amount, minor) in [("0.005", 1), ("-0.005", -1), ("0.0049", 0), ("-0.0049", 0)] {
            assert_eq!(
                Money::rounded(amount.parse().unwrap(), Currency::USD),
                Ok(usd(minor))
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_no_other_amount() {
        assert_eq!(usd(i64::MAX).plus(usd(1)), Err(MoneyError::OutOfRange));
        assert_eq!(usd(i64::MIN).negated(), Err(MoneyError::OutOfRange));
        assert_eq!(usd(0).minus(usd(i64::MIN)), Err(MoneyError::OutOfRange));
        assert_eq!(
            Money::rounded(Decimal::MAX, Currency::USD),
            Err(MoneyError::OutOfRange)
        );
    }

    #[test]
    fn currencies_do_not_mix() {
        let mixed = Err(MoneyError::CurrencyMismatch(Currency::USD, Currency::EUR));
        assert_eq!(usd(1).plus(Money::new(1, Currency::EUR)), mixed);
    }

    #[test]
    fn a_rate_is_not_negative_and_has_four_decimals_at_most() {
        for bad in ["-1", "0.00001", "1000000.01"] {
            assert!(
                HourlyRate::new(bad.parse().unwrap(), Currency::USD).is_err(),
                "{bad}"
            );
        }
        assert_eq!(rate("90.5000"), rate("90.5"));
    }

    #[test]
    fn the_cents_left_over_go_to_the_largest_remainders() {
        assert_eq!(
            usd(100).split(&[1, 1, 1]),
            Ok(vec![usd(34), usd(33), usd(33)])
        );
        assert_eq!(
            usd(-100).split(&[1, 1, 1]),
            Ok(vec![usd(-33), usd(-33), usd(-34)])
        );
        assert_eq!(usd(5).split(&[1, 9]), Ok(vec![usd(1), usd(4)]));
        assert_eq!(usd(5).split(&[0, 0]), Err(MoneyError::NoWeight));
        assert_eq!(usd(0).split(&[0, 0]), Ok(vec![usd(0), usd(0)]));
        assert_eq!(usd(5).split(&[]), Err(MoneyError::NoWeight));
    }

    proptest! {
        #[test]
        fn a_split_conserves_the_amount(
            minor in any::<i64>(),
            weights in prop::collection::vec(any::<u64>(), 1..40),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = usd(minor).split(&weights).unwrap();
            prop_assert_eq!(parts.len(), weights.len());
            let sum: i128 = parts.iter().map(|part| i128::from(part.minor)).sum();
            prop_assert_eq!(sum, i128::from(minor));
        }

        #[test]
        fn a_part_is_less_than_a_minor_unit_from_its_exact_share(
            minor in -1_000_000_000_i64..1_000_000_000,
            weights in prop::collection::vec(0_u64..1_000_000, 1..20),
        ) {
            let whole: u64 = weights.iter().sum();
            prop_assume!(whole > 0);
            for (part, weight) in usd(minor).split(&weights).unwrap().iter().zip(&weights) {
                let apart = i128::from(part.minor) * i128::from(whole) - i128::from(minor) * i128::from(*weight);
                prop_assert!(apart.abs() < i128::from(whole));
            }
        }

        #[test]
        fn a_sum_conserves_whatever_the_order(
            mut minors in prop::collection::vec(-1_000_000_000_i64..1_000_000_000, 0..50),
        ) {
            let sum = |minors: &[i64]| Money::sum(minors.iter().map(|minor| usd(*minor)), Currency::USD);
            let forwards = sum(&minors);
            prop_assert_eq!(forwards, Ok(usd(minors.iter().sum())));
            minors.reverse();
            prop_assert_eq!(forwards, sum(&minors));
        }

        #[test]
        fn rounding_is_monotone_and_at_most_half_a_minor_unit_off(
            one in -1_000_000_000_i64..1_000_000_000,
            other in -1_000_000_000_i64..1_000_000_000,
        ) {
            let exact = |amount| Decimal::new(amount, 5);
            let round = |amount| Money::rounded(exact(amount), Currency::USD).unwrap();
            if one <= other {
                prop_assert!(round(one).minor <= round(other).minor);
            }
            prop_assert!((round(one).to_decimal() - exact(one)).abs() <= Decimal::new(5, 3));
            prop_assert_eq!(round(-one), round(one).negated().unwrap());
        }

        #[test]
        fn more_time_or_a_higher_rate_never_costs_less(
            ten_thousandths in 0_i64..10_000_000_000,
            more in 0_i64..10_000,
            seconds in 0_i64..86_400,
            longer in 0_i64..86_400,
        ) {
            let at = |amount| HourlyRate::new(Decimal::new(amount, 4), Currency::USD).unwrap();
            let charge = at(ten_thousandths).charge(billed(seconds)).unwrap();
            prop_assert!(charge.minor <= at(ten_thousandths).charge(billed(seconds + longer)).unwrap().minor);
            prop_assert!(charge.minor <= at(ten_thousandths + more).charge(billed(seconds)).unwrap().minor);
        }

        #[test]
        fn an_amount_survives_its_decimal_form(minor in any::<i64>()) {
            for currency in [Currency::USD, Currency::JPY] {
                let amount = Money::new(minor, currency);
                prop_assert_eq!(Money::from_decimal(amount.to_decimal(), currency), Ok(amount));
            }
        }
    }
}
