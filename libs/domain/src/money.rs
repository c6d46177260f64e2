//! Amounts in minor units, hourly rates, and the one place where money rounds.
//!
//! The rule of every rounding here: to the nearest minor unit, halves away from zero, once a line. A total is the
//! sum of rounded lines and is never rounded again.

use std::fmt;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::work_time::BilledTime;

/// What can go wrong with money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The currency is not one that is kept here.
    #[error("is not a currency of ISO 4217 that is supported")]
    UnknownCurrency,
    /// Amounts of two currencies can't be added or compared.
    #[error("mixes {0} and {1}")]
    CurrencyMismatch(Currency, Currency),
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

    /// The same amount with the other sign.
    pub const fn negated(self) -> Self {
        Self::new(-self.minor, self.currency)
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
    /// Weights must not all be zero; an empty slice gives no parts.
    pub fn split(self, weights: &[u64]) -> Vec<Self> {
        let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if whole == 0 {
            return weights.iter().map(|_| Self::zero(self.currency)).collect();
        }
        let amount = i128::from(self.minor);
        let mut parts: Vec<(i128, i128)> = weights
            .iter()
            .map(|weight| {
                let share = amount * i128::from(*weight);
                (share.div_euclid(whole), share.rem_euclid(whole))
            })
            .collect();
        let mut left = amount - parts.iter().map(|part| part.0).sum::<i128>();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(parts[*at].1));
        for at in order {
            if left == 0 {
                break;
            }
            parts[at].0 += 1;
            left -= 1;
        }
        parts
            .into_iter()
            .map(|(minor, _)| Self::new(i64::try_from(minor).unwrap_or_default(), self.currency))
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
        let hours_times_rate = self
            .amount
            .checked_mul(Decimal::from(time.seconds()))
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
