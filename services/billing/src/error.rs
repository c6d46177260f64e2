//! What can go wrong, and its status as a caller sees it.

use caseload_database::DatabaseError;
use caseload_domain::money::MoneyError;
use caseload_domain::{Currency, InvoiceId};
use caseload_events::ProjectionError;
use caseload_proto::parse::Violations;
use caseload_proto::status::{Reason, internal, not_found, status, status_with};
use time::Date;
use tonic::{Code, Status};

use crate::domain::invoice::WrongState;
use crate::export::ledes::Refused;
use crate::store::Corrupt;

/// What can go wrong with a call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database said no, or nothing.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// What is named is not there, or not the caller's to see.
    #[error("{0} was not found")]
    NotFound(String),
    /// The invoice is not in a state from which this can be done.
    #[error("{name} {wrong}")]
    WrongState {
        /// The invoice's name.
        name: String,
        /// From where to where.
        wrong: WrongState,
    },
    /// A field of the request is wrong with what is there already.
    #[error("{field} {why}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// Why.
        why: String,
    },
    /// No item is ready.
    #[error("nothing of the period is ready to be billed")]
    NothingToBill,
    /// The items are in several currencies and none is named.
    #[error("the items of the period are in several currencies")]
    CurrencyMix(Vec<Currency>),
    /// The rates are not in the currency that the firm is billed in.
    #[error("the rates are in {given}, and the firm is billed in {firm}")]
    CurrencyMismatch {
        /// The currency of the rates.
        given: Currency,
        /// The firm's.
        firm: Currency,
    },
    /// The credits are more than the rest.
    #[error("the credits are more than what is charged: the total would be {0}")]
    CreditExceedsCharges(String),
    /// A card of the firm starts on the same day.
    #[error("a rate card of the firm starts on {0} already")]
    CardExists(Date),
    /// A format can't carry the invoice.
    #[error("the format can't carry the invoice: {0}")]
    Export(Refused),
    /// An issued invoice is not what was hashed.
    #[error("invoice {0} is not what was issued: its hash differs")]
    Tampered(InvoiceId),
    /// An amount is beyond what can be kept.
    #[error("an amount {0}")]
    Money(#[from] MoneyError),
    /// The store holds what can't be.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        let refused = |reason| {
            status(
                Code::FailedPrecondition,
                Reason::new(reason),
                message.clone(),
            )
        };
        match error {
            Error::Database(error) => error.into(),
            Error::NotFound(name) => not_found(name),
            Error::WrongState { wrong, .. } => status_with(
                Code::FailedPrecondition,
                Reason::WRONG_STATE,
                message,
                [
                    ("from", wrong.from.as_str().to_owned()),
                    ("to", wrong.to.to_owned()),
                ],
            ),
            Error::Invalid { field, why } => {
                let mut violations = Violations::new();
                violations.add(field, why);
                violations
                    .finish::<()>(None)
                    .err()
                    .unwrap_or_else(|| internal("a field was refused without a violation"))
            }
            Error::NothingToBill => refused("NOTHING_TO_BILL"),
            Error::CurrencyMix(currencies) => {
                let codes: Vec<_> = currencies.into_iter().map(Currency::code).collect();
                status_with(
                    Code::FailedPrecondition,
                    Reason::new("CURRENCY_MIX"),
                    format!("{message}: name one of {}", codes.join(", ")),
                    [("currencies", codes.join(","))],
                )
            }
            Error::CurrencyMismatch { given, firm } => status_with(
                Code::FailedPrecondition,
                Reason::new("CURRENCY_MISMATCH"),
                message,
                [("given", given.to_string()), ("firm", firm.to_string())],
            ),
            Error::CreditExceedsCharges(_) => refused("CREDIT_EXCEEDS_CHARGES"),
            Error::CardExists(_) => status(Code::AlreadyExists, Reason::ALREADY_EXISTS, message),
            Error::Export(Refused::Draft) => status_with(
                Code::FailedPrecondition,
                Reason::WRONG_STATE,
                "a draft has no number, and can't become a LEDES file",
                [("from", "draft".to_owned()), ("to", "exported".to_owned())],
            ),
            Error::Export(_) => refused("EXPORT_REFUSED"),
            Error::Tampered(_) | Error::Money(_) | Error::Corrupt(_) => internal(message),
        }
    }
}

impl From<Error> for ProjectionError {
    fn from(error: Error) -> Self {
        match error {
            Error::Database(error) => Self::Database(error),
            error => Self::Malformed(error.to_string()),
        }
    }
}

impl From<Corrupt> for ProjectionError {
    fn from(error: Corrupt) -> Self {
        Self::Malformed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use tonic_types::StatusExt as _;

    use super::*;
    use crate::domain::invoice::InvoiceState;

    #[test]
    fn a_wrong_state_names_both_states() {
        let status = Status::from(Error::WrongState {
            name: "firms/a/invoices/b".to_owned(),
            wrong: WrongState {
                from: InvoiceState::Sent,
                to: "final",
            },
        });
        assert_eq!(status.code(), Code::FailedPrecondition);
        assert_eq!(
            status.message(),
            "firms/a/invoices/b is sent, and can't become final"
        );
        let info = status.get_error_details().error_info().cloned().unwrap();
        assert_eq!(
            (info.reason.as_str(), info.metadata["from"].as_str()),
            ("WRONG_STATE", "sent")
        );
    }

    #[test]
    fn a_defect_of_ours_tells_the_caller_nothing() {
        for error in [
            Error::Tampered(InvoiceId::generate()),
            Error::Corrupt(Corrupt::new("a secret")),
        ] {
            let status = Status::from(error);
            assert_eq!(
                (status.code(), status.message()),
                (Code::Internal, "internal error")
            );
        }
    }
}
