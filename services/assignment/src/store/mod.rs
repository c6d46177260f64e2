//! SQL, a file a resource. Every function works in a transaction that somebody else opened, in the scope that
//! somebody else chose.

pub mod assignments;
pub mod facts;
pub mod plans;
pub mod roster;
pub mod work;

use caseload_domain::{Currency, HourlyRate, Money};
use rust_decimal::Decimal;

use crate::domain::paralegal::PayTerms;
use crate::error::Error;

/// A value of the store as the domain has it, or the defect that it is.
fn known<T, E: std::fmt::Display>(value: Result<T, E>) -> Result<T, Error> {
    value.map_err(|error| Error::Corrupt(error.to_string()))
}

/// A word of the store as the domain has it, or the defect that it is.
fn word<T>(word: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
    read(word).ok_or_else(|| Error::Corrupt(format!("the word {word:?}")))
}

/// Pay terms as two columns: a rate or a fee.
fn columns(terms: PayTerms) -> (Option<Decimal>, Option<i64>) {
    match terms {
        PayTerms::Hourly(rate) => (Some(rate.amount()), None),
        PayTerms::Project(fee) => (None, Some(fee.minor)),
    }
}

/// Pay terms of two columns.
fn terms(
    currency: Currency,
    hourly_rate: Option<Decimal>,
    project_fee_minor: Option<i64>,
) -> Result<PayTerms, Error> {
    match (hourly_rate, project_fee_minor) {
        (Some(rate), None) => Ok(PayTerms::Hourly(known(HourlyRate::new(rate, currency))?)),
        (None, Some(fee)) => Ok(PayTerms::Project(Money::new(fee, currency))),
        _ => Err(Error::Corrupt(
            "pay terms that are both or neither".to_owned(),
        )),
    }
}
