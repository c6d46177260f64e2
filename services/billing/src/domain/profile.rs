//! How a firm is billed.

use crate::domain::words::words;

words! {
    /// How LEDES files show flat fees.
    FlatFeeStyle {
        /// A fee line of one unit.
        UnitCost = "unit_cost",
        /// An invoice-level adjustment.
        Adjustment = "adjustment",
    }
}

/// How a firm is billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The firm's id for the vendor.
    pub vendor_id: String,
    /// The vendor's id for the firm.
    pub client_id: String,
    /// What the invoice numbers begin with.
    pub invoice_prefix: String,
    /// How many days after the invoice date payment is due.
    pub payment_term_days: i32,
    /// How LEDES files show flat fees.
    pub flat_fee_style: FlatFeeStyle,
}

/// A part of a profile can't be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProfile {
    /// An id is not of the alphabet that every receiver of LEDES files takes.
    #[error("must have 1 to 20 characters of [A-Z0-9-]")]
    Id,
    /// A prefix would not make invoice numbers that fit.
    #[error("must have 1 to 12 characters of [A-Z0-9-], with no hyphen at either end")]
    Prefix,
    /// The term is out of range.
    #[error("must be from 0 to 365")]
    Term,
}

/// Whether a text is of the alphabet that every receiver of LEDES files takes.
fn is_plain(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
}

/// An id on invoices.
pub fn id(text: &str) -> Result<String, InvalidProfile> {
    if is_plain(text, 20) {
        Ok(text.to_owned())
    } else {
        Err(InvalidProfile::Id)
    }
}

/// A prefix of invoice numbers.
pub fn prefix(text: &str) -> Result<String, InvalidProfile> {
    if is_plain(text, 12) && !text.starts_with('-') && !text.ends_with('-') {
        Ok(text.to_owned())
    } else {
        Err(InvalidProfile::Prefix)
    }
}

/// A number of days to pay.
pub fn term(days: i32) -> Result<i32, InvalidProfile> {
    if (0..=365).contains(&days) {
        Ok(days)
    } else {
        Err(InvalidProfile::Term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_prefixes_are_such_as_every_receiver_takes() {
        assert!(id("12-3456789").is_ok());
        for bad in ["", "a", "A B", "Ä", "A|B", &"A".repeat(21)] {
            assert_eq!(id(bad), Err(InvalidProfile::Id), "{bad:?}");
        }
        assert!(prefix("KIRK-NY").is_ok());
        for bad in ["", "-A", "A-", "kirk", &"A".repeat(13)] {
            assert_eq!(prefix(bad), Err(InvalidProfile::Prefix), "{bad:?}");
        }
    }

    #[test]
    fn payment_is_due_within_a_year() {
        assert!(term(0).is_ok() && term(365).is_ok());
        assert!(term(-1).is_err() && term(366).is_err());
    }
}
