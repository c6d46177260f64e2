//! What is written.

use caseload_ledes::{
    Amount, Cause, Charge, Field, FlatFee, LineItem, Matter, PersonName, Text, Timekeeper, write,
};
use time::macros::date;

use crate::{decimal, fee, id, invoice};

#[test]
fn a_file_is_the_signature_the_names_and_a_row_a_line() {
    // 1.5 h × 95.00 − 12.50 = 130.00; 0.3 h × 33.333 = 9.9999, rounded to 10.00; together 140.00.
    let invoice = invoice(vec![
        fee("1", "1.5", "95", "-12.5"),
        fee("2", "0.3", "33.333", "0"),
    ]);
    let names = "INVOICE_DATE|INVOICE_NUMBER|CLIENT_ID|LAW_FIRM_MATTER_ID|INVOICE_TOTAL|BILLING_START_DATE|\
        BILLING_END_DATE|INVOICE_DESCRIPTION|LINE_ITEM_NUMBER|EXP/FEE/INV_ADJ_TYPE|LINE_ITEM_NUMBER_OF_UNITS|\
        LINE_ITEM_ADJUSTMENT_AMOUNT|LINE_ITEM_TOTAL|LINE_ITEM_DATE|LINE_ITEM_TASK_CODE|LINE_ITEM_EXPENSE_CODE|\
        LINE_ITEM_ACTIVITY_CODE|TIMEKEEPER_ID|LINE_ITEM_DESCRIPTION|LAW_FIRM_ID|LINE_ITEM_UNIT_COST|\
        TIMEKEEPER_NAME|TIMEKEEPER_CLASSIFICATION|CLIENT_MATTER_ID";
    let expected = format!(
        "LEDES1998B[]\n{names}[]\n\
        20260401|HOLT-000012|HOLT|M-0007|140.00|20260301|20260331|Paralegal services|1|F|1.50|-12.50|130.00|20260305|\
        L240||A103|PL-7|Drafted the reply brief|12-3456789|95.00|Reyes, Ana|PARALG|CV-19-0042[]\n\
        20260401|HOLT-000012|HOLT|M-0007|140.00|20260301|20260331|Paralegal services|2|F|0.30|0.00|10.00|20260305|\
        L240||A103|PL-7|Drafted the reply brief|12-3456789|33.333|Reyes, Ana|PARALG|CV-19-0042[]\n"
    );
    assert_eq!(write(&[invoice]).unwrap(), expected);
}

fn flat(style: FlatFee) -> LineItem {
    let keeper =
        Timekeeper::paralegal(id("PL-7"), PersonName::new("Reyes", "Ana").unwrap()).unwrap();
    let amount = Amount::new(decimal("1250")).unwrap();
    let (charge, adjustment) = style.charge(amount, Some(id("L510")), keeper).unwrap();
    let matter = Matter {
        law_firm: id("M-1"),
        client: None,
    };
    LineItem::new(
        id("1"),
        matter,
        date!(2026 - 03 - 31),
        Text::new("Appendix").unwrap(),
        charge,
        adjustment,
    )
    .unwrap()
}

#[test]
fn a_flat_fee_stands_as_its_receiver_wants_it() {
    let as_cost = write(&[invoice(vec![flat(FlatFee::UnitCost)])]).unwrap();
    assert!(as_cost.contains(
        "|F|1.00|0.00|1250.00|20260331|L510|||PL-7|Appendix|12-3456789|1250.00|Reyes, Ana|PARALG|[]"
    ));
    let as_adjustment = write(&[invoice(vec![flat(FlatFee::Adjustment)])]).unwrap();
    assert!(
        as_adjustment.contains("|IF|1.00|1250.00|1250.00|20260331|||||Appendix|12-3456789||||[]")
    );
}

#[test]
fn what_the_format_cannot_carry_is_refused_with_its_place() {
    let credit = |number| {
        let matter = Matter {
            law_firm: id("M-1"),
            client: None,
        };
        let amount = Amount::new(decimal("-10")).unwrap();
        LineItem::new(
            id(number),
            matter,
            date!(2026 - 03 - 31),
            Text::default(),
            Charge::FeeAdjustment,
            amount,
        )
        .unwrap()
    };
    let mut bad = invoice(vec![credit("1"), credit("1")]);
    bad.period_end = date!(2026 - 02 - 28);
    let problems = write(&[bad]).unwrap_err();
    let places: Vec<_> = problems
        .iter()
        .map(|problem| (problem.line, problem.field))
        .collect();
    assert_eq!(
        places,
        [
            (3, Some(Field::BillingEndDate)),
            (3, Some(Field::InvoiceTotal)),
            (4, Some(Field::LineItemNumber)),
        ]
    );
    assert_eq!(write(&[]).unwrap_err()[0].cause, Cause::NoLines);
    assert_eq!(
        write(&[invoice(vec![])]).unwrap_err()[0].cause,
        Cause::NoLines
    );
}
