//! The lines of invoices, each a copy of all that stands on it.

use caseload_database::Transaction;
use caseload_domain::name::InvoiceName;
use caseload_domain::{BillableItemId, Currency, HourlyRate, MatterId, Money, TaskId};
use rust_decimal::Decimal;
use time::Date;
use uuid::Uuid;

use super::{Corrupt, rate, rule};
use crate::domain::document::DocumentLine;
use crate::domain::lines::Lines;
use crate::error::Error;

/// Replaces a draft's lines, copying what stands on them from the items and from what is known.
pub(crate) async fn replace(
    tx: &mut Transaction,
    name: InvoiceName,
    lines: &Lines,
) -> Result<(), Error> {
    sqlx::query!(
        "delete from invoice_lines where firm_id = $1 and invoice_id = $2",
        name.firm.0,
        name.id.0,
    )
    .execute(tx.connection())
    .await?;
    let numbers: Vec<i32> = lines.lines.iter().map(|line| line.number).collect();
    let items: Vec<Uuid> = lines.lines.iter().map(|line| line.item.0).collect();
    let adjustments: Vec<i64> = lines
        .lines
        .iter()
        .map(|line| line.adjustment.minor)
        .collect();
    let written = sqlx::query!(
        "insert into invoice_lines (firm_id, invoice_id, line_number, item_id, kind, matter_id, matter_number,
             matter_caption, client_matter_number, task_id, task_title, line_date, description, billed_seconds, rate, rule,
             rate_card_id, rate_card_entry, explanation, charge_minor, adjustment_minor, amount_minor, timekeeper_id,
             given_name, family_name, utbms_task_code, utbms_activity_code)
         select i.firm_id, $2, n.line_number, i.item_id, i.kind, i.matter_id, m.number, m.caption, m.client_matter_number,
             i.task_id, t.title, i.item_date, i.description, i.billed_seconds, i.rate, i.rule, i.rate_card_id,
             i.rate_card_entry, i.explanation, i.charge_minor, n.adjustment, i.charge_minor + n.adjustment,
             p.timekeeper_id, p.given_name, p.family_name, i.utbms_task_code, i.utbms_activity_code
         from unnest($3::integer[], $4::uuid[], $5::bigint[]) as n (line_number, item_id, adjustment)
         join billable_items i on i.firm_id = $1 and i.item_id = n.item_id
         join known_matters m on m.firm_id = i.firm_id and m.matter_id = i.matter_id
         join known_tasks t on t.firm_id = i.firm_id and t.task_id = i.task_id
         join known_paralegals p on p.paralegal_id = i.paralegal_id",
        name.firm.0,
        name.id.0,
        &numbers,
        &items,
        &adjustments,
    )
    .execute(tx.connection())
    .await?
    .rows_affected();
    if usize::try_from(written).ok() == Some(lines.lines.len()) {
        Ok(())
    } else {
        Err(Corrupt::new(format_args!(
            "{name}: an item whose matter, task or paralegal is not known"
        ))
        .into())
    }
}

struct Row {
    line_number: i32,
    item_id: Uuid,
    kind: String,
    matter_id: Uuid,
    matter_number: i32,
    matter_caption: String,
    client_matter_number: String,
    task_id: Uuid,
    task_title: String,
    line_date: Date,
    description: String,
    billed_seconds: Option<i32>,
    rate: Option<Decimal>,
    rule: String,
    rate_card_id: Option<Uuid>,
    rate_card_entry: Option<i32>,
    explanation: String,
    charge_minor: i64,
    adjustment_minor: i64,
    amount_minor: i64,
    timekeeper_id: String,
    given_name: String,
    family_name: String,
    utbms_task_code: String,
    utbms_activity_code: String,
}

impl Row {
    fn line(self, currency: Currency) -> Result<DocumentLine, Error> {
        let rate: Option<HourlyRate> =
            self.rate.map(|amount| rate(amount, currency)).transpose()?;
        Ok(DocumentLine {
            number: self.line_number,
            item: BillableItemId(self.item_id),
            kind: self.kind.parse().map_err(Corrupt::new)?,
            matter: MatterId(self.matter_id),
            matter_number: self.matter_number,
            matter_caption: self.matter_caption,
            client_matter_number: self.client_matter_number,
            task: TaskId(self.task_id),
            task_title: self.task_title,
            day: self.line_date,
            description: self.description,
            billed_seconds: self.billed_seconds,
            rate,
            rule: rule(&self.rule, self.rate_card_id, self.rate_card_entry)?,
            explanation: self.explanation,
            charge: Money::new(self.charge_minor, currency),
            adjustment: Money::new(self.adjustment_minor, currency),
            amount: Money::new(self.amount_minor, currency),
            timekeeper_id: self.timekeeper_id,
            given_name: self.given_name,
            family_name: self.family_name,
            utbms_task_code: self.utbms_task_code,
            utbms_activity_code: self.utbms_activity_code,
        })
    }
}

/// The lines of an invoice after one, in their order.
pub(crate) async fn after(
    tx: &mut Transaction,
    name: InvoiceName,
    currency: Currency,
    last: i32,
    limit: i64,
) -> Result<Vec<DocumentLine>, Error> {
    sqlx::query_as!(
        Row,
        "select line_number, item_id, kind, matter_id, matter_number, matter_caption, client_matter_number, task_id,
             task_title, line_date, description, billed_seconds, rate, rule, rate_card_id, rate_card_entry, explanation,
             charge_minor, adjustment_minor, amount_minor, timekeeper_id, given_name, family_name, utbms_task_code,
             utbms_activity_code
         from invoice_lines
         where firm_id = $1 and invoice_id = $2 and line_number > $3
         order by line_number
         limit $4",
        name.firm.0,
        name.id.0,
        last,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| row.line(currency))
    .collect()
}

/// Every line of an invoice.
pub(crate) async fn all(
    tx: &mut Transaction,
    name: InvoiceName,
    currency: Currency,
) -> Result<Vec<DocumentLine>, Error> {
    after(tx, name, currency, 0, i64::MAX).await
}
