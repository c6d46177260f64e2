//! What items an invoice claims: each is on one invoice at most, by the key of the table.

use std::collections::BTreeMap;

use caseload_database::Transaction;
use caseload_domain::name::InvoiceName;
use caseload_domain::{BillableItemId, Currency, FirmId, InvoiceId, MatterId, Money, TaskId};
use time::Date;
use uuid::Uuid;

use super::{Corrupt, currency, money, plan_for_values};
use crate::domain::lines::Item;
use crate::error::Error;

struct ItemRow {
    item_id: Uuid,
    kind: String,
    matter_number: i32,
    task_id: Uuid,
    item_date: Date,
    charge_minor: i64,
    currency: String,
    cap_minor: Option<i64>,
}

impl TryFrom<ItemRow> for Item {
    type Error = Error;

    fn try_from(row: ItemRow) -> Result<Self, Error> {
        Ok(Self {
            id: BillableItemId(row.item_id),
            kind: row.kind.parse().map_err(Corrupt::new)?,
            matter_number: row.matter_number,
            task: TaskId(row.task_id),
            day: row.item_date,
            charge: Money::new(row.charge_minor, currency(&row.currency)?),
            cap: money(row.cap_minor, Some(&row.currency))?,
        })
    }
}

/// The priced items of a firm (of one matter, if said) and period that no invoice claims, whatever their currency.
pub(crate) async fn ready(
    tx: &mut Transaction,
    firm: FirmId,
    matter: Option<MatterId>,
    start: Date,
    end: Date,
) -> Result<Vec<Item>, Error> {
    plan_for_values(tx).await?;
    sqlx::query_as!(
        ItemRow,
        r#"select i.item_id, i.kind, m.number as matter_number, i.task_id, i.item_date,
             i.charge_minor as "charge_minor!", i.currency as "currency!", i.cap_minor
         from billable_items i
         join known_matters m on m.firm_id = i.firm_id and m.matter_id = i.matter_id
         where i.firm_id = $1 and i.state = 'priced' and i.item_date between $3 and $4
             and ($2::uuid is null or i.matter_id = $2)
             and not exists (select from invoice_claims c where c.firm_id = i.firm_id and c.item_id = i.item_id)"#,
        firm.0,
        matter.map(|matter| matter.0),
        start,
        end,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Item::try_from)
    .collect()
}

/// The items that an invoice claims.
pub(crate) async fn claimed(tx: &mut Transaction, name: InvoiceName) -> Result<Vec<Item>, Error> {
    sqlx::query_as!(
        ItemRow,
        r#"select i.item_id, i.kind, m.number as matter_number, i.task_id, i.item_date,
             i.charge_minor as "charge_minor!", i.currency as "currency!", i.cap_minor
         from invoice_claims c
         join billable_items i on i.firm_id = c.firm_id and i.item_id = c.item_id
         join known_matters m on m.firm_id = i.firm_id and m.matter_id = i.matter_id
         where c.firm_id = $1 and c.invoice_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Item::try_from)
    .collect()
}

/// Claims items for a draft. An item that is claimed already makes the transaction fail.
pub(crate) async fn claim(
    tx: &mut Transaction,
    name: InvoiceName,
    items: &[Item],
) -> Result<(), Error> {
    let ids: Vec<Uuid> = items.iter().map(|item| item.id.0).collect();
    sqlx::query!(
        "insert into invoice_claims (firm_id, item_id, invoice_id) select $1, unnest($2::uuid[]), $3",
        name.firm.0,
        &ids,
        name.id.0,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Frees one item of a draft, line and claim.
pub(crate) async fn release(
    tx: &mut Transaction,
    name: InvoiceName,
    item: BillableItemId,
) -> Result<(), Error> {
    sqlx::query!(
        "delete from invoice_lines where firm_id = $1 and invoice_id = $2 and item_id = $3",
        name.firm.0,
        name.id.0,
        item.0,
    )
    .execute(tx.connection())
    .await?;
    sqlx::query!(
        "delete from invoice_claims where firm_id = $1 and invoice_id = $2 and item_id = $3",
        name.firm.0,
        name.id.0,
        item.0,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// What the tasks of an invoice's items have come to by the hour on the firm's other invoices, drafts included.
pub(crate) async fn billed_elsewhere(
    tx: &mut Transaction,
    name: InvoiceName,
    currency: Currency,
) -> Result<BTreeMap<TaskId, Money>, Error> {
    let rows = sqlx::query!(
        r#"select l.task_id, sum(l.amount_minor)::bigint as "sum!"
         from invoice_lines l
         join invoices v on v.firm_id = l.firm_id and v.invoice_id = l.invoice_id
         where l.firm_id = $1 and l.invoice_id <> $2 and l.kind in ('time', 'credit') and v.currency = $3
             and l.task_id in (
                 select i.task_id from invoice_claims c
                 join billable_items i on i.firm_id = c.firm_id and i.item_id = c.item_id
                 where c.firm_id = $1 and c.invoice_id = $2)
         group by l.task_id"#,
        name.firm.0,
        name.id.0,
        currency.code(),
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (TaskId(row.task_id), Money::new(row.sum, currency)))
        .collect())
}

/// The firm's drafts, but for one, that have capped time of these tasks.
pub(crate) async fn drafts_with_capped(
    tx: &mut Transaction,
    but: InvoiceName,
    tasks: &[TaskId],
) -> Result<Vec<InvoiceName>, Error> {
    let tasks: Vec<Uuid> = tasks.iter().map(|task| task.0).collect();
    let ids = sqlx::query_scalar!(
        "select distinct c.invoice_id
         from invoice_claims c
         join invoices v on v.firm_id = c.firm_id and v.invoice_id = c.invoice_id
         join billable_items i on i.firm_id = c.firm_id and i.item_id = c.item_id
         where c.firm_id = $1 and c.invoice_id <> $2 and v.state = 'draft' and i.cap_minor is not null
             and i.task_id = any ($3)
         order by c.invoice_id",
        but.firm.0,
        but.id.0,
        &tasks,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(ids
        .into_iter()
        .map(|id| InvoiceName::new(but.firm, InvoiceId(id)))
        .collect())
}
