//! Units and amounts, as wide as their fields: ten digits, and four after the point.

use std::fmt::Write as _;

use rust_decimal::{Decimal, RoundingStrategy};

/// The number can't stand in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// It is not a number of the form that the format has.
    #[error("is not a number of the form 123.4567")]
    Malformed,
    /// It has more than four digits after the point.
    #[error("has more than four digits after the point")]
    TooPrecise,
    /// It has too many digits before the point.
    #[error("has more than {0} digits before the point")]
    TooLarge(u32),
    /// It is negative where the format has no sign.
    #[error("is negative")]
    Negative,
}

/// The digits before the point of most numbers.
const DIGITS: u32 = 10;
/// The digits before the point of an invoice's total.
const TOTAL_DIGITS: u32 = 12;

fn fits(number: Decimal, digits: u32) -> Result<Decimal, NumberError> {
    let number = number.normalize();
    if number.scale() > 4 {
        Err(NumberError::TooPrecise)
    } else if number.abs() >= Decimal::from(10_i64.pow(digits)) {
        Err(NumberError::TooLarge(digits))
    } else {
        Ok(number)
    }
}

/// A number of units or what one costs: not negative, `num 10.4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity(Decimal);

impl Quantity {
    /// One.
    pub const ONE: Self = Self(Decimal::ONE);

    /// A quantity, or an error when the field can't hold it.
    pub fn new(number: Decimal) -> Result<Self, NumberError> {
        if number.is_sign_negative() && !number.is_zero() {
            return Err(NumberError::Negative);
        }
        fits(number, DIGITS).map(Self)
    }

    /// The nearest quantity of four decimals, halves going up.
    pub fn nearest(number: Decimal) -> Result<Self, NumberError> {
        Self::new(number.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
    }

    /// The number.
    pub const fn get(self) -> Decimal {
        self.0
    }
}

/// An amount of money with its sign: `currency 10.4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(Decimal);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// An amount, or an error when the field can't hold it.
    pub fn new(number: Decimal) -> Result<Self, NumberError> {
        fits(number, DIGITS).map(Self)
    }

    /// The number.
    pub const fn get(self) -> Decimal {
        self.0
    }
}

/// An invoice's total: not negative, `currency 12.4`.
pub(crate) fn invoice_total(number: Decimal) -> Result<Decimal, NumberError> {
    if number.is_sign_negative() && !number.is_zero() {
        return Err(NumberError::Negative);
    }
    fits(number, TOTAL_DIGITS)
}

/// The cents of an exact amount, halves away from zero: how a line rounds.
pub(crate) fn cents(exact: Decimal) -> Decimal {
    exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Reads `[+-]digits[.digits]`. `1250.` and `.5` are numbers to the files of others.
pub(crate) fn parse(text: &str) -> Result<Decimal, NumberError> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(NumberError::Malformed);
    }
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('0');
    if whole.len() > TOTAL_DIGITS as usize {
        return Err(if whole.bytes().all(|digit| digit.is_ascii_digit()) {
            NumberError::TooLarge(TOTAL_DIGITS)
        } else {
            NumberError::Malformed
        });
    }
    let mut mantissa = 0_i64;
    for digit in whole.bytes().chain(fraction.bytes()).take(16) {
        if !digit.is_ascii_digit() {
            return Err(NumberError::Malformed);
        }
        mantissa = mantissa * 10 + i64::from(digit - b'0');
    }
    match u32::try_from(fraction.len()) {
        Ok(scale @ 0..=4) => {
            let number = Decimal::new(mantissa, scale);
            Ok(if negative { -number } else { number })
        }
        _ if fraction.bytes().all(|digit| digit.is_ascii_digit()) => Err(NumberError::TooPrecise),
        _ => Err(NumberError::Malformed),
    }
}

/// Writes a number with at least two digits after the point, and as many more as it needs.
pub(crate) fn push(out: &mut String, number: Decimal) {
    let mut shown = number.normalize();
    if shown.scale() < 2 {
        shown.rescale(2);
    }
    if shown.is_zero() {
        shown.set_sign_positive(true);
    }
    // Writing into a String has no way to fail.
    let _ = write!(out, "{shown}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_of_others_are_read_in_their_many_forms() {
        for (text, number) in [
            ("0", "0"),
            ("1250.", "1250"),
            (".5", "0.5"),
            ("+12.30", "12.3"),
            ("-70", "-70"),
            ("0.200", "0.2"),
            ("007", "7"),
            ("999999999999.9999", "999999999999.9999"),
        ] {
            assert_eq!(parse(text), Ok(decimal(number)), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_or_does_not_fit_is_told_apart() {
        for text in [
            "",
            ".",
            "-",
            "1,000",
            "1e3",
            "$5",
            "1.2.3",
            "--1",
            " 1",
            "12345678901234x",
        ] {
            assert_eq!(parse(text), Err(NumberError::Malformed), "{text:?}");
        }
        assert_eq!(parse("0.00001"), Err(NumberError::TooPrecise));
        assert_eq!(parse("1234567890123"), Err(NumberError::TooLarge(12)));
        assert_eq!(
            Amount::new(decimal("-10000000000")),
            Err(NumberError::TooLarge(10))
        );
        assert_eq!(Quantity::new(decimal("-0.1")), Err(NumberError::Negative));
        assert_eq!(
            Quantity::new(decimal("0.12345")),
            Err(NumberError::TooPrecise)
        );
    }

    #[test]
    fn money_is_written_with_two_decimals_and_more_only_where_it_has_them() {
        let written = |text| {
            let mut out = String::new();
            push(&mut out, decimal(text));
            out
        };
        assert_eq!(written("5"), "5.00");
        assert_eq!(written("-5.1"), "-5.10");
        assert_eq!(written("33.3330"), "33.333");
        assert_eq!(written("-0.00"), "0.00");
    }

    proptest! {
        #[test]
        fn a_number_reads_back_as_it_was_written(mantissa in -999_999_999_999_i64..=999_999_999_999, scale in 0_u32..=4) {
            let number = Decimal::new(mantissa, scale);
            let mut out = String::new();
            push(&mut out, number);
            prop_assert_eq!(parse(&out), Ok(number));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = parse(&text);
        }
    }
}
