//! An invoice for tests, worked by hand.
//!
//! | line | what | price | amount |
//! |---|---|---|---|
//! | 1 | hourly by the card: 1.5 h at 80.00 | 120.00 | 120.00 |
//! | 2 | hourly at the task's own 120.00, capped at 150.00: 1.0 h | 120.00 | 120.00 |
//! | 3 | the same task, 0.5 h: 60.00, of which the cap leaves 30.00 | 60.00 − 30.00 | 30.00 |
//! | 4 | the fee of a project | 900.00 | 900.00 |
//! | 5 | a milestone's fee | 400.00 | 400.00 |
//! | 6 | 20 minutes on the project: 0.3333 h | 0.00 | 0.00 |
//! | 7 | 25 minutes at 33.3333: 13.888875 | 13.89 | 13.89 |
//! | 8 | credit for 45.50 that was billed and reversed | −45.50 | −45.50 |
//!
//! Together 1,538.39.

use caseload_domain::{
    BillableItemId, Currency, HourlyRate, InvoiceId, MatterId, Money, RateCardId, TaskId,
};
use time::macros::date;
use uuid::Uuid;

use crate::domain::document::{Document, DocumentLine};
use crate::domain::lines::ItemKind;
use crate::domain::price::Rule;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn rate(amount: &str) -> HourlyRate {
    HourlyRate::new(amount.parse().unwrap(), Currency::USD).unwrap()
}

fn line(number: i32, kind: ItemKind, rule: Rule, charge: i64, adjustment: i64) -> DocumentLine {
    DocumentLine {
        number,
        item: BillableItemId(Uuid::from_u128(u128::from(number.unsigned_abs()))),
        kind,
        matter: MatterId(Uuid::from_u128(100)),
        matter_number: 1,
        matter_caption: "Alice Corp. v. CLS Bank International".to_owned(),
        client_matter_number: "13-298".to_owned(),
        task: TaskId(Uuid::from_u128(200)),
        task_title: "Appendix".to_owned(),
        day: date!(2026 - 03 - 02),
        description: format!("Work of line {number}"),
        billed_seconds: None,
        rate: None,
        rule,
        explanation: "project fee".to_owned(),
        charge: usd(charge),
        adjustment: usd(adjustment),
        amount: usd(charge + adjustment),
        timekeeper_id: "PL-7".to_owned(),
        given_name: "Ana".to_owned(),
        family_name: "Reyes".to_owned(),
        utbms_task_code: "L240".to_owned(),
        utbms_activity_code: "A103".to_owned(),
    }
}

fn time(
    number: i32,
    rule: Rule,
    seconds: i32,
    hourly: &str,
    charge: i64,
    adjustment: i64,
) -> DocumentLine {
    DocumentLine {
        billed_seconds: Some(seconds),
        rate: Some(rate(hourly)),
        explanation: "rate agreed for the task".to_owned(),
        ..line(number, ItemKind::Time, rule, charge, adjustment)
    }
}

/// The invoice of the table above.
pub(crate) fn document() -> Document {
    let card = Rule::RateCard(RateCardId(Uuid::from_u128(300)), 1);
    let lines = vec![
        DocumentLine {
            explanation: "rate card Standard 2026: preparing and filing documents".to_owned(),
            ..time(1, card, 5400, "80", 12_000, 0)
        },
        time(2, Rule::TaskRate, 3600, "120", 12_000, 0),
        time(3, Rule::TaskRate, 1800, "120", 6_000, -3_000),
        line(4, ItemKind::ProjectFee, Rule::ProjectFee, 90_000, 0),
        line(5, ItemKind::MilestoneFee, Rule::MilestoneFee, 40_000, 0),
        time(6, Rule::ProjectTime, 1200, "0", 0, 0),
        DocumentLine {
            matter: MatterId(Uuid::from_u128(101)),
            matter_number: 2,
            matter_caption: "Bilski v. Kappos".to_owned(),
            client_matter_number: "2:19-cv-00123-RSWL-JPR".to_owned(),
            ..time(7, Rule::TaskRate, 1500, "33.3333", 1_389, 0)
        },
        DocumentLine {
            matter_number: 2,
            matter_caption: "Bilski v. Kappos".to_owned(),
            client_matter_number: String::new(),
            explanation: "credit for HOLT-000000, line 3".to_owned(),
            ..line(8, ItemKind::Credit, Rule::Credit, -4_550, 0)
        },
    ];
    Document {
        id: InvoiceId(Uuid::from_u128(1)),
        number: Some("HOLT-000001".to_owned()),
        invoice_date: Some(date!(2026 - 04 - 01)),
        due_date: Some(date!(2026 - 05 - 01)),
        vendor_name: "Caseload Paralegals".to_owned(),
        vendor_id: "12-3456789".to_owned(),
        firm_display_name: "Holt & Núñez LLP".to_owned(),
        client_id: "HOLT".to_owned(),
        firm_code: "HOLT".to_owned(),
        period_start: date!(2026 - 03 - 01),
        period_end: date!(2026 - 03 - 31),
        currency: Currency::USD,
        total: usd(153_839),
        lines,
    }
}

#[test]
fn the_example_adds_up_as_its_table_says() {
    let document = document();
    let sum: i64 = document.lines.iter().map(|line| line.amount.minor).sum();
    assert_eq!(sum, document.total.minor);
}
