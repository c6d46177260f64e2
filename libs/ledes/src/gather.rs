//! Lines of a file put together to invoices, and the invoices held to their sums.

use std::collections::HashMap;

use rust_decimal::Decimal;
use time::Date;

use crate::field::Field;
use crate::invoice::{Invoice, LineItem};
use crate::problem::{Cause, Problem};
use crate::text::{Identifier, Text};

/// What a line says of its invoice.
pub(crate) struct Head {
    pub(crate) date: Date,
    pub(crate) number: Identifier,
    pub(crate) client: Identifier,
    pub(crate) law_firm: Identifier,
    pub(crate) period_start: Date,
    pub(crate) period_end: Date,
    pub(crate) description: Text,
    pub(crate) total: Decimal,
}

/// An invoice while its lines are gathered.
struct Open {
    first_line: usize,
    total: Decimal,
    invoice: Invoice,
    numbers: HashMap<Identifier, usize>,
}

/// The invoices so far, by client and number.
#[derive(Default)]
pub(crate) struct Gathered {
    open: Vec<Open>,
    place: HashMap<(Identifier, Identifier), usize>,
}

impl Gathered {
    pub(crate) fn add(
        &mut self,
        line: usize,
        head: Head,
        item: LineItem,
        problems: &mut Vec<Problem>,
    ) {
        let key = (head.client.clone(), head.number.clone());
        let place = *self.place.entry(key).or_insert(self.open.len());
        if let Some(open) = self.open.get_mut(place) {
            open.compare(line, &head, problems);
            open.push(line, item, problems);
            return;
        }
        let mut open = Open {
            first_line: line,
            total: head.total,
            invoice: Invoice {
                date: head.date,
                number: head.number,
                client: head.client,
                law_firm: head.law_firm,
                period_start: head.period_start,
                period_end: head.period_end,
                description: head.description,
                lines: Vec::new(),
            },
            numbers: HashMap::new(),
        };
        open.push(line, item, problems);
        self.open.push(open);
    }

    pub(crate) fn finish(self, problems: &mut Vec<Problem>) -> Vec<Invoice> {
        // A line that could not be read is missing from the sum; its own problem says enough.
        if problems.is_empty() {
            for open in &self.open {
                let (stated, computed) = (open.total, open.invoice.total());
                if stated != computed {
                    let cause = Cause::InvoiceTotal { stated, computed };
                    problems.push(Problem::at(open.first_line, Field::InvoiceTotal, cause));
                }
            }
        }
        self.open.into_iter().map(|open| open.invoice).collect()
    }
}

impl Open {
    fn push(&mut self, line: usize, item: LineItem, problems: &mut Vec<Problem>) {
        if let Some(before) = self.numbers.insert(item.number().clone(), line) {
            problems.push(Problem::at(
                line,
                Field::LineItemNumber,
                Cause::LineNumberTwice(before),
            ));
        }
        self.invoice.lines.push(item);
    }

    fn compare(&self, line: usize, head: &Head, problems: &mut Vec<Problem>) {
        let first = &self.invoice;
        for (field, same) in [
            (Field::InvoiceDate, first.date == head.date),
            (Field::InvoiceTotal, self.total == head.total),
            (
                Field::BillingStartDate,
                first.period_start == head.period_start,
            ),
            (Field::BillingEndDate, first.period_end == head.period_end),
            (
                Field::InvoiceDescription,
                first.description == head.description,
            ),
            (Field::LawFirmId, first.law_firm == head.law_firm),
        ] {
            if !same {
                problems.push(Problem::at(line, field, Cause::Differs(self.first_line)));
            }
        }
    }
}
