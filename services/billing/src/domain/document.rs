//! Everything on an invoice, and its hash.

use caseload_domain::{BillableItemId, Currency, HourlyRate, InvoiceId, MatterId, Money, TaskId};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use time::Date;

use crate::domain::lines::ItemKind;
use crate::domain::price::Rule;

/// An invoice as its reader gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which invoice.
    pub id: InvoiceId,
    /// The number; none on a draft.
    pub number: Option<String>,
    /// The date; none on a draft.
    pub invoice_date: Option<Date>,
    /// The day by which it is to be paid; none on a draft.
    pub due_date: Option<Date>,
    /// Who bills.
    pub vendor_name: String,
    /// The firm's id for who bills.
    pub vendor_id: String,
    /// Who is billed.
    pub firm_display_name: String,
    /// The vendor's id for who is billed.
    pub client_id: String,
    /// The firm's short code.
    pub firm_code: String,
    /// The first day of the items.
    pub period_start: Date,
    /// The last day of the items.
    pub period_end: Date,
    /// The currency of every amount.
    pub currency: Currency,
    /// The sum of the lines.
    pub total: Money,
    /// The lines, in their order.
    pub lines: Vec<DocumentLine>,
}

/// A line of an invoice as its reader gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLine {
    /// 1, 2, 3.
    pub number: i32,
    /// The item that it bills.
    pub item: BillableItemId,
    /// What it is.
    pub kind: ItemKind,
    /// Its matter.
    pub matter: MatterId,
    /// The matter's number within the firm.
    pub matter_number: i32,
    /// The matter's caption.
    pub matter_caption: String,
    /// The number under which the firm's client knows the matter; may be empty.
    pub client_matter_number: String,
    /// Its task.
    pub task: TaskId,
    /// The task's title.
    pub task_title: String,
    /// Its day.
    pub day: Date,
    /// What was done.
    pub description: String,
    /// The seconds billed, for time.
    pub billed_seconds: Option<i32>,
    /// What an hour costs, for time.
    pub rate: Option<HourlyRate>,
    /// The rule that gave the price.
    pub rule: Rule,
    /// The rule in words.
    pub explanation: String,
    /// The price before the adjustment.
    pub charge: Money,
    /// What the cap takes off.
    pub adjustment: Money,
    /// What the line adds to the total.
    pub amount: Money,
    /// Who worked: the identifier on invoices.
    pub timekeeper_id: String,
    /// Who worked: the given name.
    pub given_name: String,
    /// Who worked: the family name.
    pub family_name: String,
    /// The UTBMS task code; may be empty.
    pub utbms_task_code: String,
    /// The UTBMS activity code; may be empty.
    pub utbms_activity_code: String,
}

impl Document {
    /// The vendor's short id of a line's matter: the firm's code, `-M` and at least four digits.
    pub fn matter_id(&self, line: &DocumentLine) -> String {
        format!("{}-M{:04}", self.firm_code, line.matter_number)
    }

    /// The SHA-256 of everything on the invoice, as 64 hexadecimal digits. The bytes hashed are its JSON: fixed keys in
    /// alphabetical order, no white space, amounts in minor units, dates as YYYY-MM-DD.
    pub fn sha256(&self) -> String {
        // The keys are written in their order here too, since whether JSON objects sort theirs is a matter of how
        // serde_json is built.
        let lines: Vec<_> = self.lines.iter().map(line_content).collect();
        let content = json!({
            "client_id": self.client_id,
            "currency": self.currency.code(),
            "due_date": self.due_date.map(|date| date.to_string()),
            "firm_display_name": self.firm_display_name,
            "invoice": self.id.to_string(),
            "invoice_date": self.invoice_date.map(|date| date.to_string()),
            "lines": lines,
            "number": self.number,
            "period_end": self.period_end.to_string(),
            "period_start": self.period_start.to_string(),
            "total_minor": self.total.minor,
            "vendor_id": self.vendor_id,
            "vendor_name": self.vendor_name,
        });
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(content.to_string()) {
            for digit in [byte >> 4, byte & 15] {
                hex.extend(char::from_digit(digit.into(), 16));
            }
        }
        hex
    }
}

fn line_content(line: &DocumentLine) -> serde_json::Value {
    let card = match line.rule {
        Rule::RateCard(card, entry) => Some((card.to_string(), entry)),
        _ => None,
    };
    json!({
        "adjustment_minor": line.adjustment.minor,
        "amount_minor": line.amount.minor,
        "billed_seconds": line.billed_seconds,
        "charge_minor": line.charge.minor,
        "client_matter_number": line.client_matter_number,
        "date": line.day.to_string(),
        "description": line.description,
        "explanation": line.explanation,
        "family_name": line.family_name,
        "given_name": line.given_name,
        "item": line.item.to_string(),
        "kind": line.kind.as_str(),
        "matter": line.matter.to_string(),
        "matter_caption": line.matter_caption,
        "matter_number": line.matter_number,
        "number": line.number,
        "rate": line.rate.map(|rate| rate.amount().normalize().to_string()),
        "rate_card": card,
        "rule": line.rule.as_str(),
        "task": line.task.to_string(),
        "task_title": line.task_title,
        "timekeeper_id": line.timekeeper_id,
        "utbms_activity_code": line.utbms_activity_code,
        "utbms_task_code": line.utbms_task_code,
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::examples;

    #[test]
    fn the_hash_follows_everything_on_the_invoice() {
        let document = examples::document();
        let hash = document.sha256();
        assert_eq!(hash.len(), 64);
        assert_eq!(hash, examples::document().sha256());
        let mut other = document.clone();
        other.lines[0].description.push('.');
        assert_ne!(other.sha256(), hash);
        let mut other = document.clone();
        other.number = Some("HOLT-000002".to_owned());
        assert_ne!(other.sha256(), hash);
        let mut other = document;
        other.lines[0].amount.minor += 1;
        assert_ne!(other.sha256(), hash);
    }

    #[test]
    fn the_hash_of_an_invoice_stays_what_it_was() {
        // Invoices keep their hash for good: a change of what is hashed must leave the old ones right.
        assert_eq!(
            examples::document().sha256(),
            "0da6c6e0825e9036d520a9d03baa7283ba1617f404584c247caf3a768fc333d3"
        );
    }
}
