//! One type an id, so that a matter's can't be taken for a firm's. Ids are UUIDs of version 7: sortable by age.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The text is not the id that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an id: expected a UUID in lower case with hyphens")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, from the clock and randomness. Call it at the edges; domain functions take ids as arguments.
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(out)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Only the form that [`Display`](fmt::Display) writes is taken, so that one resource has one name.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                let mut written = Uuid::encode_buffer();
                if id.hyphenated().encode_lower(&mut written) == text {
                    Ok(Self(id))
                } else {
                    Err(InvalidId)
                }
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// A law firm.
    FirmId,
    /// A matter of a firm.
    MatterId,
    /// A firm's request for work.
    RequestId,
    /// A task of a request.
    TaskId,
    /// A check of a matter for conflicts of interest.
    ConflictCheckId,
    /// A party in a matter.
    PartyId,
    /// A client's consent on file.
    ConsentId,
    /// A paralegal's confidentiality undertaking towards a firm.
    UndertakingId,
    /// A document of a firm.
    DocumentId,
    /// A comment on a task.
    CommentId,
    /// A firm's template of requests.
    RequestTemplateId,
    /// An import of many requests at once.
    RequestImportId,
    /// A paralegal's delivery of work on a task.
    DeliveryId,
    /// A paralegal on the roster.
    ParalegalId,
    /// A plan of who should do what.
    PlanId,
    /// An offer of a task to a paralegal, and what becomes of it.
    AssignmentId,
    /// Time recorded on a task.
    TimeEntryId,
    /// An expense on a matter.
    ExpenseId,
    /// A rate card.
    RateCardId,
    /// Something to be billed once.
    BillableItemId,
    /// An invoice.
    InvoiceId,
    /// A credit note.
    CreditNoteId,
    /// A payment of a firm.
    PaymentId,
    /// Something that a paralegal earned by.
    EarningId,
    /// A payout to a paralegal.
    PayoutId,
    /// An event in a service's log.
    EventId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_in_the_one_form_it_is_written_in() {
        let id = FirmId::generate();
        assert_eq!(id.to_string().parse(), Ok(id));
        let upper = id.to_string().to_uppercase();
        assert_eq!(upper.parse::<FirmId>(), Err(InvalidId));
        assert_eq!(id.0.simple().to_string().parse::<FirmId>(), Err(InvalidId));
        assert_eq!("".parse::<FirmId>(), Err(InvalidId));
    }
}
