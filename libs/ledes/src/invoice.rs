//! An invoice and its lines, and how they add up.

use rust_decimal::Decimal;
use time::Date;

use crate::number::{Amount, NumberError, Quantity, cents};
use crate::text::{Identifier, PersonName, Text, TextError};

/// One invoice of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// The date on it (field 1).
    pub date: Date,
    /// The number (field 2).
    pub number: Identifier,
    /// The vendor's id for the client (field 3).
    pub client: Identifier,
    /// The client's id for the vendor, whom LEDES calls the law firm (field 20).
    pub law_firm: Identifier,
    /// The first day billed for (field 6).
    pub period_start: Date,
    /// The last day billed for (field 7).
    pub period_end: Date,
    /// What it is about (field 8).
    pub description: Text,
    /// The lines, at least one.
    pub lines: Vec<LineItem>,
}

impl Invoice {
    /// The total (field 5): the sum of the lines' totals, which are rounded already.
    pub fn total(&self) -> Decimal {
        self.lines.iter().map(LineItem::total).sum()
    }
}

/// The ids of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Matter {
    /// The vendor's (field 4).
    pub law_firm: Identifier,
    /// The client's (field 24). Many receivers want it.
    pub client: Option<Identifier>,
}

/// Who worked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Timekeeper {
    /// The id (field 18).
    pub id: Identifier,
    /// The name (field 22).
    pub name: PersonName,
    /// The LEDES classification (field 23), at most 10 characters.
    classification: Identifier,
}

impl Timekeeper {
    /// Someone of a classification, one of the LEDES codes: at most 10 characters.
    pub fn new(id: Identifier, name: PersonName, classification: &str) -> Result<Self, TextError> {
        let classification = Identifier::new(classification)?;
        let length = classification.as_str().len();
        if length > 10 {
            return Err(TextError::TooLong { length, most: 10 });
        }
        Ok(Self {
            id,
            name,
            classification,
        })
    }

    /// A paralegal: classification `PARALG`.
    pub fn paralegal(id: Identifier, name: PersonName) -> Result<Self, TextError> {
        Self::new(id, name, "PARALG")
    }

    /// The LEDES classification.
    pub fn classification(&self) -> &str {
        self.classification.as_str()
    }
}

/// What a line charges for (field 10 and what depends on it).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charge {
    /// `F`: work. Units are hours.
    Fee {
        /// Hours (field 11).
        units: Quantity,
        /// What an hour costs (field 21).
        unit_cost: Quantity,
        /// The UTBMS task code (field 15).
        task: Option<Identifier>,
        /// The UTBMS activity code (field 17).
        activity: Option<Identifier>,
        /// Who worked.
        timekeeper: Timekeeper,
    },
    /// `E`: an expense.
    Expense {
        /// Pieces (field 11).
        units: Quantity,
        /// What a piece costs (field 21).
        unit_cost: Quantity,
        /// The UTBMS expense code (field 16).
        code: Identifier,
    },
    /// `IF`: an adjustment of the fees of the invoice, by the line's adjustment amount.
    FeeAdjustment,
    /// `IE`: an adjustment of the expenses of the invoice, by the line's adjustment amount.
    ExpenseAdjustment,
}

impl Charge {
    /// The type as the file has it (field 10).
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fee { .. } => "F",
            Self::Expense { .. } => "E",
            Self::FeeAdjustment => "IF",
            Self::ExpenseAdjustment => "IE",
        }
    }

    /// Units × unit cost, exact; nothing for an adjustment.
    fn exact(&self) -> Decimal {
        match self {
            Self::Fee {
                units, unit_cost, ..
            }
            | Self::Expense {
                units, unit_cost, ..
            } => units.get() * unit_cost.get(),
            Self::FeeAdjustment | Self::ExpenseAdjustment => Decimal::ZERO,
        }
    }
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineItem {
    number: Identifier,
    matter: Matter,
    date: Date,
    description: Text,
    charge: Charge,
    adjustment: Amount,
    total: Amount,
}

impl LineItem {
    /// A line. Its total is units × unit cost + adjustment, rounded once, to the nearest cent, halves away from zero.
    pub fn new(
        number: Identifier,
        matter: Matter,
        date: Date,
        description: Text,
        charge: Charge,
        adjustment: Amount,
    ) -> Result<Self, NumberError> {
        let total = Amount::new(cents(charge.exact() + adjustment.get()))?;
        Ok(Self {
            number,
            matter,
            date,
            description,
            charge,
            adjustment,
            total,
        })
    }

    /// The same line with the total that a file states, or what it comes to when that is another.
    ///
    /// A total may be stated to the cent or to the four decimals that the field holds.
    pub(crate) fn stating(mut self, total: Amount) -> Result<Self, Decimal> {
        let exact = self.charge.exact() + self.adjustment.get();
        let stated = total.get();
        let four_places =
            exact.round_dp_with_strategy(4, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        if stated == self.total.get() || stated == four_places {
            self.total = total;
            Ok(self)
        } else {
            Err(self.total.get())
        }
    }

    /// The number on the invoice (field 9).
    pub const fn number(&self) -> &Identifier {
        &self.number
    }

    /// The matter (fields 4 and 24).
    pub const fn matter(&self) -> &Matter {
        &self.matter
    }

    /// The day (field 14).
    pub const fn date(&self) -> Date {
        self.date
    }

    /// What was done (field 19).
    pub const fn description(&self) -> &Text {
        &self.description
    }

    /// What is charged for.
    pub const fn charge(&self) -> &Charge {
        &self.charge
    }

    /// What is added to units × unit cost (field 12); a discount is negative.
    pub const fn adjustment(&self) -> Amount {
        self.adjustment
    }

    /// The total (field 13).
    pub const fn total(&self) -> Decimal {
        self.total.get()
    }
}
