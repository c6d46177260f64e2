//! Writing a LEDES 1998B file.

use std::collections::HashMap;

use time::Date;

use crate::field::Field;
use crate::invoice::{Charge, Invoice, LineItem};
use crate::number::{self, invoice_total};
use crate::problem::{Cause, Problem};
use crate::{LINE_END, SIGNATURE};

/// The file of some invoices, one row a line item, or every reason why there can't be one. A problem's line is the
/// line that the file would have had.
///
/// Lines end with `[]` and a line feed.
pub fn write(invoices: &[Invoice]) -> Result<String, Vec<Problem>> {
    let mut out = String::with_capacity(
        512 + 256 * invoices.iter().map(|one| one.lines.len()).sum::<usize>(),
    );
    let mut problems = Vec::new();
    out.push_str(SIGNATURE);
    end(&mut out);
    for (at, field) in Field::ALL.into_iter().enumerate() {
        if at > 0 {
            out.push('|');
        }
        out.push_str(field.name());
    }
    end(&mut out);

    let mut row = 2;
    for invoice in invoices {
        check(invoice, row + 1, &mut problems);
        let mut total = String::new();
        number::push(&mut total, invoice.total());
        for line in &invoice.lines {
            row += 1;
            if !writable(line.date()) {
                problems.push(Problem::at(row, Field::LineItemDate, Cause::Date));
            }
            push_line(&mut out, invoice, &total, line);
        }
    }
    if invoices.is_empty() {
        problems.push(Problem::of(row + 1, Cause::NoLines));
    }
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(problems)
    }
}

/// What the types of an invoice can't rule out by themselves.
fn check(invoice: &Invoice, first_row: usize, problems: &mut Vec<Problem>) {
    if invoice.lines.is_empty() {
        problems.push(Problem::of(first_row, Cause::NoLines));
    }
    for (field, date) in [
        (Field::InvoiceDate, invoice.date),
        (Field::BillingStartDate, invoice.period_start),
        (Field::BillingEndDate, invoice.period_end),
    ] {
        if !writable(date) {
            problems.push(Problem::at(first_row, field, Cause::Date));
        }
    }
    if invoice.period_end < invoice.period_start {
        problems.push(Problem::at(
            first_row,
            Field::BillingEndDate,
            Cause::PeriodOrder,
        ));
    }
    if let Err(why) = invoice_total(invoice.total()) {
        problems.push(Problem::at(first_row, Field::InvoiceTotal, why));
    }
    let mut seen = HashMap::new();
    for (at, line) in invoice.lines.iter().enumerate() {
        let row = first_row + at;
        if let Some(before) = seen.insert(line.number(), row) {
            problems.push(Problem::at(
                row,
                Field::LineItemNumber,
                Cause::LineNumberTwice(before),
            ));
        }
    }
}

fn writable(date: Date) -> bool {
    (1..=9999).contains(&date.year())
}

fn push_line(out: &mut String, invoice: &Invoice, total: &str, line: &LineItem) {
    let matter = line.matter();
    push_date(out, invoice.date);
    text(out, invoice.number.as_str());
    text(out, invoice.client.as_str());
    text(out, matter.law_firm.as_str());
    text(out, total);
    out.push('|');
    push_date(out, invoice.period_start);
    out.push('|');
    push_date(out, invoice.period_end);
    text(out, invoice.description.as_str());
    text(out, line.number().as_str());
    text(out, line.charge().code());
    let (units, unit_cost) = match line.charge() {
        Charge::Fee {
            units, unit_cost, ..
        }
        | Charge::Expense {
            units, unit_cost, ..
        } => (Some(units.get()), Some(unit_cost.get())),
        // Units of an adjustment are ignored by the format; receivers expect one.
        Charge::FeeAdjustment | Charge::ExpenseAdjustment => (Some(1.into()), None),
    };
    decimal(out, units);
    decimal(out, Some(line.adjustment().get()));
    decimal(out, Some(line.total()));
    out.push('|');
    push_date(out, line.date());
    let (task, activity, expense, timekeeper) = match line.charge() {
        Charge::Fee {
            task,
            activity,
            timekeeper,
            ..
        } => (task.as_ref(), activity.as_ref(), None, Some(timekeeper)),
        Charge::Expense { code, .. } => (None, None, Some(code), None),
        Charge::FeeAdjustment | Charge::ExpenseAdjustment => (None, None, None, None),
    };
    text(out, task.map_or("", |code| code.as_str()));
    text(out, expense.map_or("", |code| code.as_str()));
    text(out, activity.map_or("", |code| code.as_str()));
    text(out, timekeeper.map_or("", |keeper| keeper.id.as_str()));
    text(out, line.description().as_str());
    text(out, invoice.law_firm.as_str());
    decimal(out, unit_cost);
    text(out, timekeeper.map_or("", |keeper| keeper.name.as_str()));
    text(out, timekeeper.map_or("", |keeper| keeper.classification()));
    text(out, matter.client.as_ref().map_or("", |id| id.as_str()));
    end(out);
}

fn text(out: &mut String, value: &str) {
    out.push('|');
    out.push_str(value);
}

fn decimal(out: &mut String, value: Option<rust_decimal::Decimal>) {
    out.push('|');
    if let Some(value) = value {
        number::push(out, value);
    }
}

fn end(out: &mut String) {
    out.push_str(LINE_END);
    out.push('\n');
}

/// YYYYMMDD.
fn push_date(out: &mut String, date: Date) {
    let year = date.year().unsigned_abs();
    let number = year * 10_000 + u32::from(u8::from(date.month())) * 100 + u32::from(date.day());
    for place in (0..8).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}
