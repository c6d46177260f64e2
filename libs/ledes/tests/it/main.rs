//! LEDES files as a receiver and a sender meet them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can't make its own case has failed"
)]

mod reading;
mod round_trip;
mod writing;

use caseload_ledes::{
    Amount, Charge, Identifier, Invoice, LineItem, Matter, PersonName, Quantity, Text, Timekeeper,
};
use rust_decimal::Decimal;
use time::macros::date;

fn id(text: &str) -> Identifier {
    Identifier::new(text).unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn fee(number: &str, hours: &str, rate: &str, adjustment: &str) -> LineItem {
    LineItem::new(
        id(number),
        Matter {
            law_firm: id("M-0007"),
            client: Some(id("CV-19-0042")),
        },
        date!(2026 - 03 - 05),
        Text::new("Drafted the reply brief").unwrap(),
        Charge::Fee {
            units: Quantity::new(decimal(hours)).unwrap(),
            unit_cost: Quantity::new(decimal(rate)).unwrap(),
            task: Some(id("L240")),
            activity: Some(id("A103")),
            timekeeper: Timekeeper::paralegal(id("PL-7"), PersonName::new("Reyes", "Ana").unwrap())
                .unwrap(),
        },
        Amount::new(decimal(adjustment)).unwrap(),
    )
    .unwrap()
}

fn invoice(lines: Vec<LineItem>) -> Invoice {
    Invoice {
        date: date!(2026 - 04 - 01),
        number: id("HOLT-000012"),
        client: id("HOLT"),
        law_firm: id("12-3456789"),
        period_start: date!(2026 - 03 - 01),
        period_end: date!(2026 - 03 - 31),
        description: Text::new("Paralegal services").unwrap(),
        lines,
    }
}
