//! What is read, and how a file that is wrong is answered.

use caseload_ledes::{Cause, Charge, Field, Problem, read, write};

use crate::{decimal, fee, invoice};

const NAMES: &str = "INVOICE_DATE|INVOICE_NUMBER|CLIENT_ID|LAW_FIRM_MATTER_ID|INVOICE_TOTAL|BILLING_START_DATE|\
    BILLING_END_DATE|INVOICE_DESCRIPTION|LINE_ITEM_NUMBER|EXP/FEE/INV_ADJ_TYPE|LINE_ITEM_NUMBER_OF_UNITS|\
    LINE_ITEM_ADJUSTMENT_AMOUNT|LINE_ITEM_TOTAL|LINE_ITEM_DATE|LINE_ITEM_TASK_CODE|LINE_ITEM_EXPENSE_CODE|\
    LINE_ITEM_ACTIVITY_CODE|TIMEKEEPER_ID|LINE_ITEM_DESCRIPTION|LAW_FIRM_ID|LINE_ITEM_UNIT_COST|TIMEKEEPER_NAME|\
    TIMEKEEPER_CLASSIFICATION|CLIENT_MATTER_ID";

fn file(rows: &[&str]) -> String {
    let mut file = format!("LEDES1998B[]\r\n{NAMES}[]\r\n");
    for row in rows {
        file.push_str(row);
        file.push_str("\r\n");
    }
    file
}

/// A sender that is neither strict with its identifiers nor with its numbers.
const FEE: &str = "20260401|881.02|C 17|31.004|725.2500|20260301|20260331|Services|1|F|2.|-70|630|20260305|L240||A103|\
    K.7|Researched standing|24-6437381|350|Reyes, Ana|PARTNR|[]";
const EXPENSE: &str = "20260401|881.02|C 17|31.004|725.25|20260301|20260331|Services|2|E|3||95.25|20260306||E110|||\
    Travel|24-6437381|31.75|||[]";
const RETAINER: &str = "20260401|882|C 17|31.005|1250|20260301|20260331||1|IF|1|1250.|1250|20260331|||||Retainer|\
    24-6437381||||423-987[]";

fn problems(rows: &[&str]) -> Vec<Problem> {
    read(&file(rows)).unwrap_err()
}

fn only(rows: &[&str]) -> (usize, Option<Field>, Cause) {
    let mut all = problems(rows);
    assert_eq!(all.len(), 1, "{all:?}");
    let problem = all.remove(0);
    (problem.line, problem.field, problem.cause)
}

#[test]
fn a_file_of_another_sender_is_read_with_its_sums() {
    let invoices = read(&file(&[FEE, RETAINER, EXPENSE])).unwrap();
    assert_eq!(invoices.len(), 2);
    assert_eq!(invoices[0].lines.len(), 2);
    assert_eq!(invoices[0].total(), decimal("725.25"));
    assert_eq!(invoices[1].total(), decimal("1250"));
    assert!(matches!(
        invoices[1].lines[0].charge(),
        Charge::FeeAdjustment
    ));
    assert_eq!(
        invoices[1].lines[0]
            .matter()
            .client
            .as_ref()
            .unwrap()
            .as_str(),
        "423-987"
    );
}

#[test]
fn a_total_may_be_stated_to_four_decimals() {
    let row = FEE
        .replace("|725.2500|", "|1.0313|")
        .replace("|2.|-70|630|", "|0.0125|0|1.0313|")
        .replace("|350|", "|82.5|");
    assert_eq!(read(&file(&[&row])).unwrap()[0].total(), decimal("1.0313"));
}

#[test]
fn a_line_that_does_not_add_up_is_named() {
    let row = FEE.replace("|630|", "|631|").replace("|725.2500|", "|631|");
    let (stated, computed) = (decimal("631"), decimal("630"));
    assert_eq!(
        only(&[&row]),
        (
            3,
            Some(Field::LineItemTotal),
            Cause::LineTotal { stated, computed }
        )
    );
}

#[test]
fn an_invoice_that_does_not_add_up_is_named() {
    let (stated, computed) = (decimal("725.25"), decimal("630"));
    assert_eq!(
        only(&[FEE]),
        (
            3,
            Some(Field::InvoiceTotal),
            Cause::InvoiceTotal { stated, computed }
        )
    );
}

#[test]
fn lines_of_one_invoice_agree_on_it() {
    let other = EXPENSE.replace("20260331|Services", "20260330|Services");
    assert_eq!(
        only(&[FEE, &other]),
        (4, Some(Field::BillingEndDate), Cause::Differs(3))
    );
    let twice = EXPENSE.replace("|2|E|", "|1|E|");
    assert_eq!(
        only(&[FEE, &twice]),
        (4, Some(Field::LineItemNumber), Cause::LineNumberTwice(3))
    );
}

#[test]
fn every_problem_of_a_line_is_named_at_once() {
    let row = "2026-04-01||C|M|-1|20260331|20260301|x|1|F|two|0.12345|5|20260230|||A1||y|L||Reyes, Ana|PARALEGALSENIOR|[]";
    let fields: Vec<_> = problems(&[row])
        .iter()
        .map(|problem| problem.field.unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            Field::InvoiceDate,
            Field::InvoiceNumber,
            Field::InvoiceTotal,
            Field::BillingEndDate,
            Field::NumberOfUnits,
            Field::AdjustmentAmount,
            Field::LineItemDate,
            Field::TimekeeperId,
            Field::UnitCost,
        ]
    );
}

#[test]
fn problems_of_several_lines_come_in_the_order_of_the_file() {
    let lines: Vec<_> = problems(&[
        "x[]",
        FEE.trim_end_matches("[]"),
        "||[]",
        &FEE.replace("|F|", "|Q|"),
    ])
    .iter()
    .map(|problem| (problem.line, problem.cause.clone()))
    .collect();
    assert_eq!(
        lines,
        [
            (3, Cause::FieldCount(1)),
            (4, Cause::LineEnd),
            (5, Cause::FieldCount(3)),
            (6, Cause::LineType),
        ]
    );
}

#[test]
fn what_belongs_to_another_type_of_line_is_refused() {
    let with_keeper = EXPENSE.replace("E110|||", "E110||K7|");
    assert_eq!(
        only(&[&with_keeper]),
        (3, Some(Field::TimekeeperId), Cause::NotBlank("E"))
    );
    let with_cost = RETAINER.replace("24-6437381||||", "24-6437381|5|||");
    assert_eq!(
        only(&[&with_cost]),
        (3, Some(Field::UnitCost), Cause::NotBlank("IF"))
    );
}

#[test]
fn what_is_no_ledes_file_is_refused_at_its_head() {
    assert_eq!(read("").unwrap_err()[0].cause, Cause::Signature);
    assert_eq!(
        read("LEDES98BI V2[]\n").unwrap_err()[0].cause,
        Cause::Signature
    );
    assert_eq!(read("LEDES1998B[]\n").unwrap_err()[0].cause, Cause::NoLines);
    assert_eq!(read(&file(&[])).unwrap_err()[0].cause, Cause::NoLines);
    let renamed = file(&[FEE, EXPENSE]).replace("TIMEKEEPER_CLASSIFICATION", "TIMEKEEPER_LEVEL");
    let problem = &read(&renamed).unwrap_err()[0];
    assert_eq!(
        (problem.line, problem.field),
        (2, Some(Field::TimekeeperClassification))
    );
}

#[test]
fn a_problem_says_where_it_is() {
    assert_eq!(
        problems(&[&FEE.replace("|F|", "|Q|")])[0].to_string(),
        "line 3, field 10 EXP/FEE/INV_ADJ_TYPE: is not one of F, E, IF and IE"
    );
}

#[test]
fn a_byte_order_mark_is_no_hindrance() {
    let written = write(&[invoice(vec![fee("1", "1", "95", "0")])]).unwrap();
    assert!(read(&format!("\u{feff}{written}\n\n")).is_ok());
}
