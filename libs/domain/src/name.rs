//! Resource names (AIP-122): `firms/{firm}/matters/{matter}`, as the contracts carry them.

use std::fmt;
use std::str::FromStr;

use crate::id::{
    AssignmentId, BillableItemId, CommentId, ConflictCheckId, CreditNoteId, DeliveryId, DocumentId,
    EarningId, ExpenseId, FirmId, InvoiceId, MatterId, ParalegalId, PaymentId, PayoutId, PlanId,
    RateCardId, RequestId, RequestImportId, RequestTemplateId, TaskId, TimeEntryId, UndertakingId,
};

/// The text is not a name of the kind that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a resource name of the form {0}")]
pub struct InvalidName(pub &'static str);

macro_rules! top_level {
    ($($(#[$doc:meta])* $name:ident($id:ident) = $collection:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $id);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($collection, "/{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                text.strip_prefix(concat!($collection, "/"))
                    .and_then(|id| id.parse().ok())
                    .map(Self)
                    .ok_or(InvalidName(concat!($collection, "/{id}")))
            }
        }
    )*};
}

macro_rules! under {
    ($($(#[$doc:meta])* $name:ident($parent_field:ident: $parent:ident, $parents:literal, $id:ident) = $collection:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            /// Whose it is.
            pub $parent_field: $parent,
            /// Which one.
            pub id: $id,
        }

        impl $name {
            /// The name of one of the parent's.
            pub const fn new($parent_field: $parent, id: $id) -> Self {
                Self { $parent_field, id }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($parents, "/{}/", $collection, "/{}"), self.$parent_field, self.id)
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                let parse = || {
                    let (parent, id) = text
                        .strip_prefix(concat!($parents, "/"))?
                        .split_once(concat!("/", $collection, "/"))?;
                    Some(Self { $parent_field: parent.parse().ok()?, id: id.parse().ok()? })
                };
                parse().ok_or(InvalidName(concat!($parents, "/{id}/", $collection, "/{id}")))
            }
        }
    )*};
}

top_level! {
    /// `firms/{firm}`
    FirmName(FirmId) = "firms",
    /// `paralegals/{paralegal}`
    ParalegalName(ParalegalId) = "paralegals",
    /// `plans/{plan}`
    PlanName(PlanId) = "plans",
}

under! {
    /// `firms/{firm}/matters/{matter}`
    MatterName(firm: FirmId, "firms", MatterId) = "matters",
    /// `firms/{firm}/requests/{request}`
    RequestName(firm: FirmId, "firms", RequestId) = "requests",
    /// `firms/{firm}/tasks/{task}`
    TaskName(firm: FirmId, "firms", TaskId) = "tasks",
    /// `firms/{firm}/conflictChecks/{conflict_check}`
    ConflictCheckName(firm: FirmId, "firms", ConflictCheckId) = "conflictChecks",
    /// `firms/{firm}/deliveries/{delivery}`
    DeliveryName(firm: FirmId, "firms", DeliveryId) = "deliveries",
    /// `firms/{firm}/documents/{document}`
    DocumentName(firm: FirmId, "firms", DocumentId) = "documents",
    /// `firms/{firm}/comments/{comment}`
    CommentName(firm: FirmId, "firms", CommentId) = "comments",
    /// `firms/{firm}/undertakings/{undertaking}`
    UndertakingName(firm: FirmId, "firms", UndertakingId) = "undertakings",
    /// `firms/{firm}/requestTemplates/{request_template}`
    RequestTemplateName(firm: FirmId, "firms", RequestTemplateId) = "requestTemplates",
    /// `firms/{firm}/requestImports/{request_import}`
    RequestImportName(firm: FirmId, "firms", RequestImportId) = "requestImports",
    /// `firms/{firm}/assignments/{assignment}`
    AssignmentName(firm: FirmId, "firms", AssignmentId) = "assignments",
    /// `firms/{firm}/timeEntries/{time_entry}`
    TimeEntryName(firm: FirmId, "firms", TimeEntryId) = "timeEntries",
    /// `firms/{firm}/expenses/{expense}`
    ExpenseName(firm: FirmId, "firms", ExpenseId) = "expenses",
    /// `firms/{firm}/rateCards/{rate_card}`
    RateCardName(firm: FirmId, "firms", RateCardId) = "rateCards",
    /// `firms/{firm}/billableItems/{billable_item}`
    BillableItemName(firm: FirmId, "firms", BillableItemId) = "billableItems",
    /// `firms/{firm}/invoices/{invoice}`
    InvoiceName(firm: FirmId, "firms", InvoiceId) = "invoices",
    /// `firms/{firm}/creditNotes/{credit_note}`
    CreditNoteName(firm: FirmId, "firms", CreditNoteId) = "creditNotes",
    /// `firms/{firm}/payments/{payment}`
    PaymentName(firm: FirmId, "firms", PaymentId) = "payments",
    /// `paralegals/{paralegal}/earnings/{earning}`
    EarningName(paralegal: ParalegalId, "paralegals", EarningId) = "earnings",
    /// `paralegals/{paralegal}/payouts/{payout}`
    PayoutName(paralegal: ParalegalId, "paralegals", PayoutId) = "payouts",
}

/// The parent of a list: one firm, or `firms/-` for every firm that the caller may see (AIP-159).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FirmParent {
    /// `firms/{firm}`
    One(FirmId),
    /// `firms/-`
    All,
}

impl FirmParent {
    /// The firm, unless it is all of them.
    pub const fn one(self) -> Option<FirmId> {
        match self {
            Self::One(firm) => Some(firm),
            Self::All => None,
        }
    }
}

impl FromStr for FirmParent {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        if text == "firms/-" {
            return Ok(Self::All);
        }
        text.parse()
            .map(|FirmName(firm)| Self::One(firm))
            .map_err(|_| InvalidName("firms/{id} or firms/-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_what_was_written() {
        let name = MatterName::new(FirmId::generate(), MatterId::generate());
        assert_eq!(name.to_string().parse(), Ok(name));
    }

    #[test]
    fn a_name_of_another_collection_or_with_more_parts_is_refused() {
        let name = MatterName::new(FirmId::generate(), MatterId::generate()).to_string();
        assert!(name.parse::<TaskName>().is_err());
        assert!(format!("{name}/").parse::<MatterName>().is_err());
        assert!(format!("{name}/matters/1").parse::<MatterName>().is_err());
        assert!("firms//matters/".parse::<MatterName>().is_err());
    }

    #[test]
    fn a_parent_is_one_firm_or_every_firm() {
        let firm = FirmId::generate();
        assert_eq!(
            FirmName(firm).to_string().parse(),
            Ok(FirmParent::One(firm))
        );
        assert_eq!("firms/-".parse(), Ok(FirmParent::All));
        assert!("firms/".parse::<FirmParent>().is_err());
    }
}
