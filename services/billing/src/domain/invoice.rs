//! The states of an invoice, its number and its due date.

use std::fmt;

use time::{Date, Duration};

use crate::domain::words::words;

words! {
    /// Where an invoice stands.
    InvoiceState {
        /// Being made.
        Draft = "draft",
        /// Numbered, unchangeable.
        Final = "final",
        /// Sent to the firm.
        Sent = "sent",
    }
}

/// What can be done with an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is taken back, and its items can be billed again.
    Delete,
    /// It gets its number.
    Issue,
    /// It goes to the firm.
    Send,
}

/// The invoice is not in a state from which this can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is {}, and can't become {to}", from.as_str())]
pub struct WrongState {
    /// Where it stands.
    pub from: InvoiceState,
    /// Where it was to go.
    pub to: &'static str,
}

/// Every step that can be taken: from where, and to where. `None`: the invoice is no more.
const STEPS: [(Step, InvoiceState, Option<InvoiceState>); 3] = [
    (Step::Delete, InvoiceState::Draft, None),
    (Step::Issue, InvoiceState::Draft, Some(InvoiceState::Final)),
    (Step::Send, InvoiceState::Final, Some(InvoiceState::Sent)),
];

impl InvoiceState {
    /// The state after a step; `None` after a deletion.
    pub fn after(self, step: Step) -> Result<Option<Self>, WrongState> {
        STEPS
            .into_iter()
            .find(|(taken, from, _)| *taken == step && *from == self)
            .map(|(_, _, to)| to)
            .ok_or_else(|| WrongState {
                from: self,
                to: match step {
                    Step::Delete => "deleted",
                    Step::Issue => Self::Final.as_str(),
                    Step::Send => Self::Sent.as_str(),
                },
            })
    }
}

/// The number of an issued invoice: the prefix of its series, a hyphen and at least six digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceNumber {
    /// The prefix of the series.
    pub prefix: String,
    /// The place in the series: 1, 2, 3.
    pub place: i32,
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{:06}", self.prefix, self.place)
    }
}

/// The day by which an invoice is to be paid; the last day of the calendar when there is none so late.
pub fn due_date(invoice_date: Date, payment_term_days: i32) -> Date {
    invoice_date
        .checked_add(Duration::days(payment_term_days.into()))
        .unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn only_a_draft_is_issued_or_deleted_and_only_a_final_invoice_sent() {
        use InvoiceState::{Draft, Final, Sent};
        for (state, step, expected) in [
            (Draft, Step::Issue, Ok(Some(Final))),
            (Draft, Step::Delete, Ok(None)),
            (
                Draft,
                Step::Send,
                Err(WrongState {
                    from: Draft,
                    to: "sent",
                }),
            ),
            (
                Final,
                Step::Issue,
                Err(WrongState {
                    from: Final,
                    to: "final",
                }),
            ),
            (
                Final,
                Step::Delete,
                Err(WrongState {
                    from: Final,
                    to: "deleted",
                }),
            ),
            (Final, Step::Send, Ok(Some(Sent))),
            (
                Sent,
                Step::Issue,
                Err(WrongState {
                    from: Sent,
                    to: "final",
                }),
            ),
            (
                Sent,
                Step::Delete,
                Err(WrongState {
                    from: Sent,
                    to: "deleted",
                }),
            ),
            (
                Sent,
                Step::Send,
                Err(WrongState {
                    from: Sent,
                    to: "sent",
                }),
            ),
        ] {
            assert_eq!(state.after(step), expected, "{state:?} {step:?}");
        }
    }

    #[test]
    fn a_number_has_six_digits_until_it_needs_more() {
        let number = |place| {
            InvoiceNumber {
                prefix: "KIRK".to_owned(),
                place,
            }
            .to_string()
        };
        assert_eq!(number(1), "KIRK-000001");
        assert_eq!(number(1_234_567), "KIRK-1234567");
        // The longest prefix and the largest number fit the 20 characters of LEDES field 2... up to seven digits.
        assert_eq!(format!("{}-{:06}", "P".repeat(12), 9_999_999).len(), 20);
    }

    #[test]
    fn payment_is_due_so_many_days_after_the_date() {
        assert_eq!(due_date(date!(2024 - 02 - 01), 30), date!(2024 - 03 - 02));
        assert_eq!(due_date(date!(2026 - 03 - 31), 0), date!(2026 - 03 - 31));
    }
}
