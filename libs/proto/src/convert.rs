//! Between contract types and the domain's. Errors are phrases that follow a field's name.

use caseload_domain::work::{Level, Priority, TaskKind};
use caseload_domain::{Currency, HourlyRate, Money};
use rust_decimal::Decimal;
use time::{Date, Month, OffsetDateTime};

use crate::caseload::r#type::v1 as types;
use crate::google::r#type as common;

/// A value of the contract has no counterpart in the domain; the phrase says why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(pub String);

impl Unfit {
    fn new(why: impl std::fmt::Display) -> Self {
        Self(why.to_string())
    }
}

const NANOS: i128 = 1_000_000_000;

/// `google.type.Money` as an exact decimal with its currency.
fn decimal(money: &common::Money) -> Result<(Decimal, Currency), Unfit> {
    let currency: Currency = money.currency_code.parse().map_err(Unfit::new)?;
    let (units, nanos) = (i128::from(money.units), i128::from(money.nanos));
    if nanos.abs() >= NANOS || units.signum() * nanos.signum() < 0 {
        return Err(Unfit::new("has nanos out of range or of the other sign"));
    }
    let amount = Decimal::try_from_i128_with_scale(units * NANOS + nanos, 9).map_err(Unfit::new)?;
    Ok((amount.normalize(), currency))
}

/// An exact decimal as `google.type.Money`. Nine decimals at most; every amount of the domain fits.
fn from_decimal(amount: Decimal, currency: Currency) -> common::Money {
    let whole = amount.trunc();
    let nanos = (amount - whole) * Decimal::from(1_000_000_000);
    common::Money {
        currency_code: currency.code().to_owned(),
        units: i64::try_from(whole).unwrap_or_default(),
        nanos: i32::try_from(nanos.trunc()).unwrap_or_default(),
    }
}

impl TryFrom<&common::Money> for Money {
    type Error = Unfit;

    fn try_from(money: &common::Money) -> Result<Self, Unfit> {
        let (amount, currency) = decimal(money)?;
        Self::from_decimal(amount, currency).map_err(Unfit::new)
    }
}

impl From<Money> for common::Money {
    fn from(money: Money) -> Self {
        from_decimal(money.to_decimal(), money.currency)
    }
}

impl TryFrom<&common::Money> for HourlyRate {
    type Error = Unfit;

    fn try_from(money: &common::Money) -> Result<Self, Unfit> {
        let (amount, currency) = decimal(money)?;
        Self::new(amount, currency).map_err(Unfit::new)
    }
}

impl From<HourlyRate> for common::Money {
    fn from(rate: HourlyRate) -> Self {
        from_decimal(rate.amount(), rate.currency())
    }
}

impl TryFrom<&common::Date> for Date {
    type Error = Unfit;

    fn try_from(date: &common::Date) -> Result<Self, Unfit> {
        let fits = || {
            let month = Month::try_from(u8::try_from(date.month).ok()?).ok()?;
            Self::from_calendar_date(date.year, month, u8::try_from(date.day).ok()?).ok()
        };
        if !(1..=9999).contains(&date.year) {
            return Err(Unfit::new("is not a date of the calendar"));
        }
        fits().ok_or_else(|| Unfit::new("is not a date of the calendar"))
    }
}

impl From<Date> for common::Date {
    fn from(date: Date) -> Self {
        Self {
            year: date.year(),
            month: i32::from(u8::from(date.month())),
            day: i32::from(date.day()),
        }
    }
}

/// An instant of the contract, years 1 to 9999.
pub fn instant(stamp: &prost_types::Timestamp) -> Result<OffsetDateTime, Unfit> {
    let unfit = || Unfit::new("is not an instant of the years 1 to 9999");
    let nanos = i64::from(stamp.nanos);
    if !(0..1_000_000_000).contains(&nanos) {
        return Err(unfit());
    }
    OffsetDateTime::from_unix_timestamp(stamp.seconds)
        .ok()
        .filter(|instant| (1..=9999).contains(&instant.year()))
        .map(|instant| instant + time::Duration::nanoseconds(nanos))
        .ok_or_else(unfit)
}

/// An instant as the contract carries it.
pub fn timestamp(instant: OffsetDateTime) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: instant.unix_timestamp(),
        nanos: i32::try_from(instant.nanosecond()).unwrap_or_default(),
    }
}

/// A duration of the contract in whole seconds; fractions are refused.
pub fn whole_seconds(duration: &prost_types::Duration) -> Result<i64, Unfit> {
    if duration.nanos == 0 {
        Ok(duration.seconds)
    } else {
        Err(Unfit::new("must be whole seconds"))
    }
}

/// Whole seconds as the contract carries them.
pub fn seconds(seconds: impl Into<i64>) -> prost_types::Duration {
    prost_types::Duration {
        seconds: seconds.into(),
        nanos: 0,
    }
}

impl TryFrom<types::TaskKind> for TaskKind {
    type Error = Unfit;

    fn try_from(kind: types::TaskKind) -> Result<Self, Unfit> {
        Ok(match kind {
            types::TaskKind::Unspecified => return Err(Unfit::new("is required")),
            types::TaskKind::LegalResearch => Self::LegalResearch,
            types::TaskKind::DraftingAndReview => Self::DraftingAndReview,
            types::TaskKind::CaseManagement => Self::CaseManagement,
            types::TaskKind::Filing => Self::Filing,
            types::TaskKind::TrialPreparation => Self::TrialPreparation,
            types::TaskKind::ClientCommunication => Self::ClientCommunication,
        })
    }
}

impl From<TaskKind> for types::TaskKind {
    fn from(kind: TaskKind) -> Self {
        match kind {
            TaskKind::LegalResearch => Self::LegalResearch,
            TaskKind::DraftingAndReview => Self::DraftingAndReview,
            TaskKind::CaseManagement => Self::CaseManagement,
            TaskKind::Filing => Self::Filing,
            TaskKind::TrialPreparation => Self::TrialPreparation,
            TaskKind::ClientCommunication => Self::ClientCommunication,
        }
    }
}

/// A task kind as the number that a message carries.
pub fn task_kind(number: i32) -> Result<TaskKind, Unfit> {
    types::TaskKind::try_from(number)
        .map_err(|_| Unfit::new("is not a kind of task"))?
        .try_into()
}

/// A priority as the number that a message carries; unspecified is normal.
pub fn priority(number: i32) -> Result<Priority, Unfit> {
    Ok(match types::Priority::try_from(number) {
        Ok(types::Priority::Unspecified | types::Priority::Normal) => Priority::Normal,
        Ok(types::Priority::Low) => Priority::Low,
        Ok(types::Priority::High) => Priority::High,
        Ok(types::Priority::Urgent) => Priority::Urgent,
        Err(_) => return Err(Unfit::new("is not a priority")),
    })
}

impl From<Priority> for types::Priority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::Low,
            Priority::Normal => Self::Normal,
            Priority::High => Self::High,
            Priority::Urgent => Self::Urgent,
        }
    }
}

/// A level of skill.
pub fn level(number: i32) -> Result<Level, Unfit> {
    Level::new(number).map_err(Unfit::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(code: &str, units: i64, nanos: i32) -> common::Money {
        common::Money {
            currency_code: code.to_owned(),
            units,
            nanos,
        }
    }

    #[test]
    fn money_crosses_the_contract_and_back() {
        for minor in [
            0,
            1,
            -1,
            99,
            -99,
            100,
            123_456,
            -123_456,
            i64::MAX / 100,
            i64::MIN / 100,
        ] {
            let amount = Money::new(minor, Currency::USD);
            assert_eq!(Money::try_from(&common::Money::from(amount)), Ok(amount));
        }
    }

    #[test]
    fn money_with_a_fraction_of_a_cent_or_mixed_signs_is_refused() {
        assert!(Money::try_from(&money("USD", 1, 1)).is_err());
        assert!(Money::try_from(&money("JPY", 1, 10_000_000)).is_err());
        assert!(Money::try_from(&money("USD", 1, -10_000_000)).is_err());
        assert!(Money::try_from(&money("USD", 0, 1_000_000_000)).is_err());
        assert!(Money::try_from(&money("usd", 1, 0)).is_err());
        assert!(Money::try_from(&money("USD", i64::MAX, 0)).is_err());
    }

    #[test]
    fn a_date_that_no_calendar_has_is_refused() {
        let date = |year, month, day| Date::try_from(&common::Date { year, month, day });
        assert!(date(2024, 2, 29).is_ok());
        assert!(date(2023, 2, 29).is_err());
        assert!(date(2024, 13, 1).is_err());
        assert!(date(0, 1, 1).is_err());
        assert!(date(2024, -1, 1).is_err());
    }
}
