//! How a client wants flat fees shown. The format has no rule, and receivers differ.

use crate::invoice::{Charge, Timekeeper};
use crate::number::{Amount, NumberError, Quantity};
use crate::text::Identifier;

/// How a flat fee stands on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlatFee {
    /// A fee line of one unit, the amount as its unit cost.
    UnitCost,
    /// An invoice-level fee line, the amount as its adjustment and the unit cost blank.
    Adjustment,
}

impl FlatFee {
    /// The charge and the adjustment that stand for a flat fee.
    pub fn charge(
        self,
        amount: Amount,
        task: Option<Identifier>,
        timekeeper: Timekeeper,
    ) -> Result<(Charge, Amount), NumberError> {
        Ok(match self {
            Self::UnitCost => (
                Charge::Fee {
                    units: Quantity::ONE,
                    unit_cost: Quantity::new(amount.get())?,
                    task,
                    activity: None,
                    timekeeper,
                },
                Amount::ZERO,
            ),
            Self::Adjustment => (Charge::FeeAdjustment, amount),
        })
    }
}
