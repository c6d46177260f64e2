//! Reading a LEDES 1998B file, ours or another's.

use time::{Date, Month};

use crate::field::Field;
use crate::gather::{Gathered, Head};
use crate::invoice::{Charge, Invoice, LineItem, Matter, Timekeeper};
use crate::number::{self, Amount, NumberError, Quantity, invoice_total};
use crate::problem::{Cause, Problem};
use crate::text::{Identifier, PersonName, Text, TextError};
use crate::{LINE_END, SIGNATURE};

/// The invoices of a file, in the order of their first lines, or every problem of the file.
///
/// Lines of one invoice share its number and client. Sums are checked: a line's total against its units, cost and
/// adjustment, an invoice's total against its lines. Prose is brought to the format's alphabet as
/// [`Text::new`] does it; a byte order mark and carriage returns are taken.
pub fn read(file: &str) -> Result<Vec<Invoice>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut rows = file
        .trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(|(at, row)| (at + 1, row.trim_end()))
        .filter(|(_, row)| !row.is_empty());

    match rows.next() {
        Some((_, row)) if row.strip_suffix(LINE_END) == Some(SIGNATURE) => {}
        _ => return Err(vec![Problem::of(1, Cause::Signature)]),
    }
    match rows.next() {
        None => return Err(vec![Problem::of(2, Cause::NoLines)]),
        Some((line, row)) => {
            if let Some(names) = split(line, row, &mut problems) {
                for (field, name) in Field::ALL.into_iter().zip(names) {
                    if name.trim() != field.name() {
                        problems.push(Problem::at(line, field, Cause::HeaderName(field.name())));
                    }
                }
            }
        }
    }

    let mut gathered = Gathered::default();
    let mut any = false;
    for (line, row) in rows {
        any = true;
        let Some(fields) = split(line, row, &mut problems) else {
            continue;
        };
        let mut row = Row {
            line,
            fields,
            problems: &mut problems,
        };
        if let Some((head, item)) = row.parse() {
            gathered.add(line, head, item, &mut problems);
        }
    }
    if !any {
        problems.push(Problem::of(3, Cause::NoLines));
    }
    let invoices = gathered.finish(&mut problems);
    if problems.is_empty() {
        Ok(invoices)
    } else {
        problems.sort_by_key(|problem| (problem.line, problem.field));
        Err(problems)
    }
}

/// The 24 fields of a line.
fn split<'a>(line: usize, row: &'a str, problems: &mut Vec<Problem>) -> Option<[&'a str; 24]> {
    let Some(row) = row.strip_suffix(LINE_END) else {
        problems.push(Problem::of(line, Cause::LineEnd));
        return None;
    };
    let mut fields = [""; 24];
    let mut count = 0;
    for field in row.split('|') {
        if let Some(slot) = fields.get_mut(count) {
            *slot = field;
        }
        count += 1;
    }
    if count == fields.len() {
        Some(fields)
    } else {
        problems.push(Problem::of(line, Cause::FieldCount(count)));
        None
    }
}

/// One line, and where its problems go. Each reader notes what is wrong and answers None.
struct Row<'a, 'p> {
    line: usize,
    fields: [&'a str; 24],
    problems: &'p mut Vec<Problem>,
}

impl<'a> Row<'a, '_> {
    fn get(&self, field: Field) -> &'a str {
        self.fields[field as usize].trim()
    }

    fn note(&mut self, field: Field, cause: impl Into<Cause>) {
        self.problems.push(Problem::at(self.line, field, cause));
    }

    fn required<T, E: Into<Cause>>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.get(field);
        if text.is_empty() {
            self.note(field, Cause::Missing);
            return None;
        }
        parse(text).map_err(|why| self.note(field, why)).ok()
    }

    /// The outer None is a problem, the inner an empty field.
    #[expect(clippy::option_option, reason = "absent and wrong are two things")]
    fn optional<T, E: Into<Cause>>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        if self.get(field).is_empty() {
            return Some(None);
        }
        self.required(field, parse).map(Some)
    }

    fn blank(&mut self, kind: &'static str, fields: &[Field]) -> Option<()> {
        let mut holds = Some(());
        for field in fields {
            if !self.get(*field).is_empty() {
                self.note(*field, Cause::NotBlank(kind));
                holds = None;
            }
        }
        holds
    }

    /// Everything on the line. Every field is read before any is missed, so that no problem hides another.
    fn parse(&mut self) -> Option<(Head, LineItem)> {
        let head = self.head();
        let item = self.item();
        Some((head?, item?))
    }

    fn head(&mut self) -> Option<Head> {
        let invoice_date = self.required(Field::InvoiceDate, date);
        let number = self.required(Field::InvoiceNumber, Identifier::new);
        let client = self.required(Field::ClientId, Identifier::new);
        let total = self.required(Field::InvoiceTotal, |text| {
            number::parse(text).and_then(invoice_total)
        });
        let period_start = self.required(Field::BillingStartDate, date);
        let period_end = self.required(Field::BillingEndDate, date);
        let description = self.text(Field::InvoiceDescription);
        let law_firm = self.required(Field::LawFirmId, Identifier::new);
        if let (Some(start), Some(end)) = (period_start, period_end)
            && end < start
        {
            self.note(Field::BillingEndDate, Cause::PeriodOrder);
        }
        Some(Head {
            date: invoice_date?,
            number: number?,
            client: client?,
            law_firm: law_firm?,
            period_start: period_start?,
            period_end: period_end?,
            description: description?,
            total: total?,
        })
    }

    fn text(&mut self, field: Field) -> Option<Text> {
        self.optional(field, Text::new)
            .map(Option::unwrap_or_default)
    }

    fn item(&mut self) -> Option<LineItem> {
        let number = self.required(Field::LineItemNumber, Identifier::new);
        let law_firm = self.required(Field::LawFirmMatterId, Identifier::new);
        let client = self.optional(Field::ClientMatterId, Identifier::new);
        let day = self.required(Field::LineItemDate, date);
        let description = self.text(Field::LineItemDescription);
        let adjustment = self.optional(Field::AdjustmentAmount, amount);
        let total = self.required(Field::LineItemTotal, amount);
        let charge = self.charge();
        let matter = Matter {
            law_firm: law_firm?,
            client: client?,
        };
        let adjustment = adjustment?.unwrap_or(Amount::ZERO);
        let (number, day, description, charge) = (number?, day?, description?, charge?);
        let item = LineItem::new(number, matter, day, description, charge, adjustment)
            .map_err(|why| self.note(Field::LineItemTotal, why))
            .ok()?;
        let total = total?;
        item.stating(total)
            .map_err(|computed| {
                let stated = total.get();
                self.note(Field::LineItemTotal, Cause::LineTotal { stated, computed });
            })
            .ok()
    }

    fn charge(&mut self) -> Option<Charge> {
        use Field::{ActivityCode, ExpenseCode, NumberOfUnits, TaskCode, UnitCost};
        use Field::{TimekeeperClassification, TimekeeperId, TimekeeperName};
        let of_fees = [
            TaskCode,
            ActivityCode,
            TimekeeperId,
            TimekeeperName,
            TimekeeperClassification,
        ];
        match self.get(Field::LineItemType) {
            "" => {
                self.note(Field::LineItemType, Cause::Missing);
                None
            }
            "F" | "f" => {
                let units = self.required(NumberOfUnits, quantity);
                let unit_cost = self.required(UnitCost, quantity);
                let task = self.optional(TaskCode, Identifier::new);
                let activity = self.optional(ActivityCode, Identifier::new);
                let timekeeper = self.timekeeper();
                self.blank("F", &[ExpenseCode])?;
                Some(Charge::Fee {
                    units: units?,
                    unit_cost: unit_cost?,
                    task: task?,
                    activity: activity?,
                    timekeeper: timekeeper?,
                })
            }
            "E" | "e" => {
                let units = self.required(NumberOfUnits, quantity);
                let unit_cost = self.required(UnitCost, quantity);
                let code = self.required(ExpenseCode, Identifier::new);
                self.blank("E", &of_fees)?;
                Some(Charge::Expense {
                    units: units?,
                    unit_cost: unit_cost?,
                    code: code?,
                })
            }
            kind @ ("IF" | "if" | "IE" | "ie") => {
                let (kind, charge) = if kind.eq_ignore_ascii_case("IF") {
                    ("IF", Charge::FeeAdjustment)
                } else {
                    ("IE", Charge::ExpenseAdjustment)
                };
                let codes = self.blank(kind, &of_fees);
                self.blank(kind, &[UnitCost, ExpenseCode])?;
                codes.map(|()| charge)
            }
            _ => {
                self.note(Field::LineItemType, Cause::LineType);
                None
            }
        }
    }

    fn timekeeper(&mut self) -> Option<Timekeeper> {
        let id = self.required(Field::TimekeeperId, Identifier::new);
        let name = self.required(Field::TimekeeperName, PersonName::read);
        let classification = self.required(Field::TimekeeperClassification, Ok::<_, TextError>);
        Timekeeper::new(id?, name?, classification?)
            .map_err(|why| self.note(Field::TimekeeperClassification, why))
            .ok()
    }
}

fn date(text: &str) -> Result<Date, Cause> {
    let parse = || {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number: i32 = text.parse().ok()?;
        let month = Month::try_from(u8::try_from(number / 100 % 100).ok()?).ok()?;
        let year = Some(number / 10_000).filter(|year| *year > 0)?;
        Date::from_calendar_date(year, month, u8::try_from(number % 100).ok()?).ok()
    };
    parse().ok_or(Cause::Date)
}

fn quantity(text: &str) -> Result<Quantity, NumberError> {
    number::parse(text).and_then(Quantity::new)
}

fn amount(text: &str) -> Result<Amount, NumberError> {
    number::parse(text).and_then(Amount::new)
}
