//! An invoice as LEDES 1998B.
//!
//! What LEDES calls the law firm is the vendor; its client is the firm that is billed. Time is a fee line of decimal
//! hours. The line's amount is what was billed, to the cent: where hours × rate come to something else, because of a
//! cap or because the hours have more than four decimals, the difference stands in the adjustment. Fees stand as the
//! client's profile says, credits as an invoice-level adjustment.

use caseload_ledes::{
    Amount, Charge, Field, FlatFee, Identifier, Invoice, LineItem, Matter, NumberError, PersonName,
    Problem, Quantity, Text, TextError, Timekeeper, write,
};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{File, stem};
use crate::domain::document::{Document, DocumentLine};
use crate::domain::lines::ItemKind;
use crate::domain::profile::FlatFeeStyle;

/// The invoice can't be carried by the format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is a draft: the format wants a number.
    #[error("a draft has no number")]
    Draft,
    /// A part of a line can't be carried.
    #[error("line {line}: {field} {why}")]
    Line {
        /// The line of the invoice; 0 for the invoice itself.
        line: i32,
        /// The field of the format.
        field: Field,
        /// Why.
        why: String,
    },
    /// The whole can't be carried.
    #[error("{0}")]
    File(Problem),
}

impl From<FlatFeeStyle> for FlatFee {
    fn from(style: FlatFeeStyle) -> Self {
        match style {
            FlatFeeStyle::UnitCost => Self::UnitCost,
            FlatFeeStyle::Adjustment => Self::Adjustment,
        }
    }
}

/// The file of an issued invoice.
pub fn export(document: &Document, style: FlatFeeStyle) -> Result<File, Refused> {
    let (Some(number), Some(date)) = (document.number.as_deref(), document.invoice_date) else {
        return Err(Refused::Draft);
    };
    let at = Place(0);
    let invoice = Invoice {
        date,
        number: at.keep(Field::InvoiceNumber, Identifier::new(number))?,
        client: at.keep(Field::ClientId, Identifier::new(&document.client_id))?,
        law_firm: at.keep(Field::LawFirmId, Identifier::new(&document.vendor_id))?,
        period_start: document.period_start,
        period_end: document.period_end,
        description: at.keep(
            Field::InvoiceDescription,
            Text::new(&format!(
                "Paralegal services to {}",
                document.firm_display_name
            )),
        )?,
        lines: document
            .lines
            .iter()
            .map(|line| item(document, line, style))
            .collect::<Result<_, _>>()?,
    };
    let content = write(&[invoice]).map_err(|problems| {
        problems
            .into_iter()
            .next()
            .map_or(Refused::Draft, Refused::File)
    })?;
    Ok(File {
        name: format!("{}-ledes1998b.txt", stem(document)),
        media_type: "text/plain; charset=us-ascii",
        content,
    })
}

/// Where something stands that may be refused.
#[derive(Clone, Copy)]
struct Place(i32);

impl Place {
    fn keep<T, E: std::fmt::Display>(
        self,
        field: Field,
        parsed: Result<T, E>,
    ) -> Result<T, Refused> {
        parsed.map_err(|why| Refused::Line {
            line: self.0,
            field,
            why: why.to_string(),
        })
    }
}

fn item(
    document: &Document,
    line: &DocumentLine,
    style: FlatFeeStyle,
) -> Result<LineItem, Refused> {
    let at = Place(line.number);
    let (client, prefix) = client_matter(&line.client_matter_number);
    let matter = Matter {
        law_firm: at.keep(
            Field::LawFirmMatterId,
            Identifier::sanitised(&document.matter_id(line)),
        )?,
        client,
    };
    let description = at.keep(
        Field::LineItemDescription,
        Text::new(&format!("{prefix}{}", line.description)),
    )?;
    let number = at.keep(
        Field::LineItemNumber,
        Identifier::new(&line.number.to_string()),
    )?;
    let (charge, adjustment) = match line.kind {
        ItemKind::Time => time(line)?,
        ItemKind::ProjectFee | ItemKind::MilestoneFee => {
            let amount = at.keep(Field::UnitCost, Amount::new(line.amount.to_decimal()))?;
            let task = code(&line.utbms_task_code);
            at.keep(
                Field::UnitCost,
                FlatFee::from(style).charge(amount, task, timekeeper(line)?),
            )?
        }
        ItemKind::Credit => {
            let amount = at.keep(
                Field::AdjustmentAmount,
                Amount::new(line.amount.to_decimal()),
            )?;
            (Charge::FeeAdjustment, amount)
        }
    };
    at.keep(
        Field::LineItemTotal,
        LineItem::new(number, matter, line.day, description, charge, adjustment),
    )
}

/// The client's id for the matter, or nothing and what to say before the description instead.
fn client_matter(number: &str) -> (Option<Identifier>, String) {
    if number.trim().is_empty() {
        return (None, String::new());
    }
    match Identifier::sanitised(number) {
        Ok(id) => (Some(id), String::new()),
        Err(_) => (None, format!("Matter {number}: ")),
    }
}

/// A UTBMS code; the services that gave it know the sets.
fn code(text: &str) -> Option<Identifier> {
    Identifier::sanitised(text).ok()
}

fn timekeeper(line: &DocumentLine) -> Result<Timekeeper, Refused> {
    let at = Place(line.number);
    let id = at.keep(
        Field::TimekeeperId,
        Identifier::sanitised(&line.timekeeper_id),
    )?;
    let name = at.keep(
        Field::TimekeeperName,
        PersonName::new(&line.family_name, &line.given_name),
    )?;
    let keeper: Result<_, TextError> = Timekeeper::paralegal(id, name);
    at.keep(Field::TimekeeperClassification, keeper)
}

fn time(line: &DocumentLine) -> Result<(Charge, Amount), Refused> {
    let at = Place(line.number);
    let hours = Decimal::from(line.billed_seconds.unwrap_or_default()) / Decimal::from(3600);
    let units = at.keep(Field::NumberOfUnits, Quantity::nearest(hours))?;
    let rate = line
        .rate
        .map_or(Decimal::ZERO, caseload_domain::HourlyRate::amount);
    let unit_cost = at.keep(Field::UnitCost, Quantity::new(rate))?;
    let shown = (units.get() * unit_cost.get())
        .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let billed = line.amount.to_decimal();
    // Hours × rate within half a cent of the amount need no adjustment: the line rounds to it by itself.
    let adjustment: Result<Amount, NumberError> = if shown == billed {
        Ok(Amount::ZERO)
    } else {
        Amount::new(
            (billed - units.get() * unit_cost.get())
                .round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero),
        )
    };
    let charge = Charge::Fee {
        units,
        unit_cost,
        task: code(&line.utbms_task_code),
        activity: code(&line.utbms_activity_code),
        timekeeper: timekeeper(line)?,
    };
    Ok((charge, at.keep(Field::AdjustmentAmount, adjustment)?))
}

#[cfg(test)]
mod tests {
    use caseload_ledes::read;

    use super::*;
    use crate::domain::examples;

    fn rows(style: FlatFeeStyle) -> Vec<Vec<String>> {
        let file = export(&examples::document(), style).unwrap();
        file.content
            .lines()
            .skip(2)
            .map(|row| {
                row.trim_end_matches("[]")
                    .split('|')
                    .map(str::to_owned)
                    .collect()
            })
            .collect()
    }

    fn column(rows: &[Vec<String>], field: Field) -> Vec<&str> {
        rows.iter()
            .map(|row| row[field.number() - 1].as_str())
            .collect()
    }

    #[test]
    fn the_worked_invoice_stands_in_the_file_to_the_cent() {
        let rows = rows(FlatFeeStyle::UnitCost);
        assert_eq!(
            column(&rows, Field::LineItemType),
            ["F", "F", "F", "F", "F", "F", "F", "IF"]
        );
        assert_eq!(
            column(&rows, Field::NumberOfUnits),
            [
                "1.50", "1.00", "0.50", "1.00", "1.00", "0.3333", "0.4167", "1.00"
            ]
        );
        assert_eq!(
            column(&rows, Field::UnitCost),
            [
                "80.00", "120.00", "120.00", "900.00", "400.00", "0.00", "33.3333", ""
            ]
        );
        assert_eq!(
            column(&rows, Field::AdjustmentAmount),
            [
                "0.00", "0.00", "-30.00", "0.00", "0.00", "0.00", "0.00", "-45.50"
            ]
        );
        assert_eq!(
            column(&rows, Field::LineItemTotal),
            [
                "120.00", "120.00", "30.00", "900.00", "400.00", "0.00", "13.89", "-45.50"
            ]
        );
        assert!(
            column(&rows, Field::InvoiceTotal)
                .iter()
                .all(|total| *total == "1538.39")
        );
        assert_eq!(column(&rows, Field::LawFirmMatterId)[6], "HOLT-M0002");
    }

    #[test]
    fn a_flat_fee_stands_as_the_profile_says() {
        let rows = rows(FlatFeeStyle::Adjustment);
        assert_eq!(column(&rows, Field::LineItemType)[3..5], ["IF", "IF"]);
        assert_eq!(
            column(&rows, Field::AdjustmentAmount)[3..5],
            ["900.00", "400.00"]
        );
        assert_eq!(column(&rows, Field::UnitCost)[3..5], ["", ""]);
    }

    #[test]
    fn a_client_matter_number_that_does_not_fit_is_said_in_the_description() {
        let rows = rows(FlatFeeStyle::UnitCost);
        let ids = column(&rows, Field::ClientMatterId);
        assert_eq!((ids[0], ids[6], ids[7]), ("13-298", "", ""));
        assert_eq!(
            column(&rows, Field::LineItemDescription)[6],
            "Matter 2:19-cv-00123-RSWL-JPR: Work of line 7"
        );
    }

    #[test]
    fn hours_of_many_decimals_keep_the_billed_cents() {
        // 10 minutes at 250.00 are 41.67; 0.1667 h × 250.00 would be 41.68.
        let mut document = examples::document();
        document.lines.truncate(1);
        let line = &mut document.lines[0];
        line.billed_seconds = Some(600);
        line.rate = caseload_domain::HourlyRate::new(250.into(), document.currency).ok();
        line.amount.minor = 4167;
        let file = export(&document, FlatFeeStyle::UnitCost).unwrap();
        assert!(
            file.content.contains("|F|0.1667|-0.005|41.67|"),
            "{}",
            file.content
        );
    }

    #[test]
    fn what_is_written_is_read_back_with_the_same_total() {
        let file = export(&examples::document(), FlatFeeStyle::UnitCost).unwrap();
        assert_eq!(file.name, "HOLT-000001-ledes1998b.txt");
        let invoices = read(&file.content).unwrap();
        assert_eq!(invoices[0].total(), Decimal::new(153_839, 2));
        assert_eq!(invoices[0].lines.len(), 8);
        assert_eq!(
            invoices[0].description.as_str(),
            "Paralegal services to Holt & Nunez LLP"
        );
    }

    #[test]
    fn what_the_format_cannot_carry_is_refused_by_line_and_field() {
        let mut document = examples::document();
        document.lines[1].description = "\u{e000}".to_owned();
        let why = export(&document, FlatFeeStyle::UnitCost).unwrap_err();
        assert!(
            matches!(
                why,
                Refused::Line {
                    line: 2,
                    field: Field::LineItemDescription,
                    ..
                }
            ),
            "{why}"
        );
        document.number = None;
        assert_eq!(
            export(&document, FlatFeeStyle::UnitCost),
            Err(Refused::Draft)
        );
    }
}
