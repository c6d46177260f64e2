//! The 24 fields of LEDES 1998B, in their order.

use std::fmt;

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident = $name:literal),* $(,)?) => {
        /// A field of a LEDES 1998B line.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field {
            $($(#[$doc])* $field),*
        }

        impl Field {
            /// All of them, in the order of the file.
            pub const ALL: [Self; 24] = [$(Self::$field),*];

            /// The name in the file's second line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$field => $name),* }
            }
        }
    };
}

fields! {
    /// Field 1: the date of the invoice.
    InvoiceDate = "INVOICE_DATE",
    /// Field 2: the number of the invoice.
    InvoiceNumber = "INVOICE_NUMBER",
    /// Field 3: the vendor's id for the client.
    ClientId = "CLIENT_ID",
    /// Field 4: the vendor's id for the matter.
    LawFirmMatterId = "LAW_FIRM_MATTER_ID",
    /// Field 5: the sum of the invoice's line totals.
    InvoiceTotal = "INVOICE_TOTAL",
    /// Field 6: the first day billed for.
    BillingStartDate = "BILLING_START_DATE",
    /// Field 7: the last day billed for.
    BillingEndDate = "BILLING_END_DATE",
    /// Field 8: what the invoice is about.
    InvoiceDescription = "INVOICE_DESCRIPTION",
    /// Field 9: the line's number.
    LineItemNumber = "LINE_ITEM_NUMBER",
    /// Field 10: F, E, IF or IE.
    LineItemType = "EXP/FEE/INV_ADJ_TYPE",
    /// Field 11: hours of a fee, pieces of an expense.
    NumberOfUnits = "LINE_ITEM_NUMBER_OF_UNITS",
    /// Field 12: what is added to units × unit cost; a discount is negative.
    AdjustmentAmount = "LINE_ITEM_ADJUSTMENT_AMOUNT",
    /// Field 13: units × unit cost + adjustment.
    LineItemTotal = "LINE_ITEM_TOTAL",
    /// Field 14: the day of the work or the expense.
    LineItemDate = "LINE_ITEM_DATE",
    /// Field 15: the UTBMS task code of a fee.
    TaskCode = "LINE_ITEM_TASK_CODE",
    /// Field 16: the UTBMS code of an expense.
    ExpenseCode = "LINE_ITEM_EXPENSE_CODE",
    /// Field 17: the UTBMS activity code of a fee.
    ActivityCode = "LINE_ITEM_ACTIVITY_CODE",
    /// Field 18: who worked.
    TimekeeperId = "TIMEKEEPER_ID",
    /// Field 19: what was done.
    LineItemDescription = "LINE_ITEM_DESCRIPTION",
    /// Field 20: the client's id for the vendor.
    LawFirmId = "LAW_FIRM_ID",
    /// Field 21: what a unit costs.
    UnitCost = "LINE_ITEM_UNIT_COST",
    /// Field 22: the name of who worked.
    TimekeeperName = "TIMEKEEPER_NAME",
    /// Field 23: the LEDES classification of who worked.
    TimekeeperClassification = "TIMEKEEPER_CLASSIFICATION",
    /// Field 24: the client's id for the matter.
    ClientMatterId = "CLIENT_MATTER_ID",
}

impl Field {
    /// The number of the field: 1 to 24.
    pub const fn number(self) -> usize {
        self as usize + 1
    }
}

impl fmt::Display for Field {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "field {} {}", self.number(), self.name())
    }
}
