//! Billable items: kept when they arrive, priced once, reversed or credited.

use caseload_database::Transaction;
use caseload_domain::work_time::BilledTime;
use caseload_domain::{
    BillableItemId, DeliveryId, FirmId, HourlyRate, InvoiceId, MatterId, ParalegalId, TaskId,
    TimeEntryId,
};
use time::{Date, OffsetDateTime};

use super::{Corrupt, plan_for_values};
use crate::domain::lines::ItemKind;
use crate::domain::price::{Price, Rule, Unpriced};
use crate::error::Error;

/// Approved time, as it arrives.
#[derive(Debug)]
pub(crate) struct Time {
    pub(crate) entry: TimeEntryId,
    pub(crate) matter: MatterId,
    pub(crate) task: TaskId,
    pub(crate) paralegal: ParalegalId,
    pub(crate) work_date: Date,
    pub(crate) billed: BilledTime,
    pub(crate) narrative: String,
    pub(crate) utbms_task_code: String,
    pub(crate) utbms_activity_code: String,
}

/// An accepted delivery, as it arrives.
#[derive(Debug)]
pub(crate) struct Fee {
    pub(crate) delivery: DeliveryId,
    pub(crate) milestone_id: Option<String>,
    pub(crate) matter: MatterId,
    pub(crate) task: TaskId,
    pub(crate) paralegal: ParalegalId,
    pub(crate) accept_date: Date,
}

/// Keeps approved time, without a price yet. Nothing happens when it is kept already.
pub(crate) async fn insert_time(
    tx: &mut Transaction,
    firm: FirmId,
    time: &Time,
) -> Result<(), Error> {
    let seconds = i32::try_from(time.billed.seconds()).map_err(Corrupt::new)?;
    sqlx::query!(
        "insert into billable_items (firm_id, item_id, kind, time_entry_id, matter_id, task_id, paralegal_id, item_date,
             description, billed_seconds, utbms_task_code, utbms_activity_code, state, unpriced_reason)
         values ($1, $2, 'time', $3, $4, $5, $6, $7, $8, $9, $10, $11, 'unpriced', 'task_unknown')
         on conflict (firm_id, time_entry_id) where kind = 'time' do nothing",
        firm.0,
        BillableItemId::generate().0,
        time.entry.0,
        time.matter.0,
        time.task.0,
        time.paralegal.0,
        time.work_date,
        time.narrative,
        seconds,
        time.utbms_task_code,
        time.utbms_activity_code,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Keeps the fee that a delivery makes due, without a price yet. Nothing happens when it is kept already.
pub(crate) async fn insert_fee(tx: &mut Transaction, firm: FirmId, fee: &Fee) -> Result<(), Error> {
    let kind = match fee.milestone_id {
        Some(_) => ItemKind::MilestoneFee,
        None => ItemKind::ProjectFee,
    };
    sqlx::query!(
        "insert into billable_items (firm_id, item_id, kind, delivery_id, milestone_id, matter_id, task_id, paralegal_id,
             item_date, description, state, unpriced_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 'unpriced', 'task_unknown')
         on conflict do nothing",
        firm.0,
        BillableItemId::generate().0,
        kind.as_str(),
        fee.delivery.0,
        fee.milestone_id,
        fee.matter.0,
        fee.task.0,
        fee.paralegal.0,
        fee.accept_date,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// An item that waits for its price.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) id: BillableItemId,
    pub(crate) kind: ItemKind,
    pub(crate) matter: MatterId,
    pub(crate) task: TaskId,
    pub(crate) paralegal: ParalegalId,
    pub(crate) day: Date,
    pub(crate) billed: Option<BilledTime>,
    pub(crate) milestone_id: Option<String>,
    pub(crate) reason: Unpriced,
}

/// The items of a firm that wait for their price: of one task, or all.
pub(crate) async fn waiting(
    tx: &mut Transaction,
    firm: FirmId,
    task: Option<TaskId>,
) -> Result<Vec<Waiting>, Error> {
    plan_for_values(tx).await?;
    let rows = sqlx::query!(
        r#"select item_id, kind, matter_id, task_id, paralegal_id, item_date, billed_seconds, milestone_id,
             unpriced_reason as "unpriced_reason!"
         from billable_items
         where firm_id = $1 and state = 'unpriced' and ($2::uuid is null or task_id = $2)
         order by item_date, item_id"#,
        firm.0,
        task.map(|task| task.0),
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Waiting {
                id: BillableItemId(row.item_id),
                kind: row.kind.parse().map_err(Corrupt::new)?,
                matter: MatterId(row.matter_id),
                task: TaskId(row.task_id),
                paralegal: ParalegalId(row.paralegal_id),
                day: row.item_date,
                billed: row
                    .billed_seconds
                    .map(|seconds| BilledTime::from_seconds(seconds.into()))
                    .transpose()
                    .map_err(Corrupt::new)?,
                milestone_id: row.milestone_id,
                reason: row.unpriced_reason.parse().map_err(Corrupt::new)?,
            })
        })
        .collect()
}

/// Firms with items of a paralegal's work that wait for their price. The transaction is in the scope of all firms.
pub(crate) async fn firms_waiting_for(
    tx: &mut Transaction,
    paralegal: ParalegalId,
) -> Result<Vec<FirmId>, Error> {
    let firms = sqlx::query_scalar!(
        "select distinct firm_id from billable_items
         where state = 'unpriced' and paralegal_id = $1
         order by firm_id",
        paralegal.0
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(firms.into_iter().map(FirmId).collect())
}

/// What an item is called and coded, where its price decides that too.
#[derive(Debug)]
pub(crate) struct Called<'a> {
    pub(crate) description: &'a str,
    pub(crate) utbms_task_code: &'a str,
}

/// Takes a price down.
pub(crate) async fn set_price(
    tx: &mut Transaction,
    firm: FirmId,
    item: BillableItemId,
    price: &Price,
    called: Option<Called<'_>>,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let card = match price.rule {
        Rule::RateCard(card, entry) => Some((card.0, entry)),
        _ => None,
    };
    let (card, entry) = card.unzip();
    sqlx::query!(
        "update billable_items set state = 'priced', unpriced_reason = null, rule = $3, rate = $4, rate_card_id = $5,
             rate_card_entry = $6, explanation = $7, charge_minor = $8, currency = $9, cap_minor = $10, price_time = $11,
             description = coalesce($12, description), utbms_task_code = coalesce($13, utbms_task_code)
         where firm_id = $1 and item_id = $2",
        firm.0,
        item.0,
        price.rule.as_str(),
        price.rate.map(HourlyRate::amount),
        card,
        entry,
        price.explanation,
        price.charge.minor,
        price.charge.currency.code(),
        price.cap.map(|cap| cap.minor),
        now,
        called.as_ref().map(|called| called.description),
        called.as_ref().map(|called| called.utbms_task_code),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Says why an item has no price.
pub(crate) async fn set_reason(
    tx: &mut Transaction,
    firm: FirmId,
    item: BillableItemId,
    reason: Unpriced,
) -> Result<(), Error> {
    sqlx::query!(
        "update billable_items set unpriced_reason = $3 where firm_id = $1 and item_id = $2",
        firm.0,
        item.0,
        reason.as_str(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Forgets a fee that was kept for a task that turned out to be paid by the hour.
pub(crate) async fn forget_fee(
    tx: &mut Transaction,
    firm: FirmId,
    item: BillableItemId,
) -> Result<(), Error> {
    sqlx::query!(
        "delete from billable_items where firm_id = $1 and item_id = $2 and state = 'unpriced'
             and kind in ('project_fee', 'milestone_fee')",
        firm.0,
        item.0,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// What the priced milestones of a task come to, in a currency.
pub(crate) async fn milestones_priced(
    tx: &mut Transaction,
    firm: FirmId,
    task: TaskId,
    code: &str,
) -> Result<i64, Error> {
    let sum = sqlx::query_scalar!(
        r#"select coalesce(sum(charge_minor), 0)::bigint as "sum!" from billable_items
         where firm_id = $1 and task_id = $2 and kind = 'milestone_fee' and state = 'priced' and currency = $3"#,
        firm.0,
        task.0,
        code,
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(sum)
}

/// Approved time and what became of it.
#[derive(Debug)]
pub(crate) struct Reversible {
    pub(crate) id: BillableItemId,
    pub(crate) reversed: bool,
    /// The invoice that it is on, and whether that is a draft.
    pub(crate) invoice: Option<(InvoiceId, bool)>,
}

/// The item of a time entry.
pub(crate) async fn of_time_entry(
    tx: &mut Transaction,
    firm: FirmId,
    entry: TimeEntryId,
) -> Result<Option<Reversible>, Error> {
    let row = sqlx::query!(
        r#"select i.item_id, i.state, c.invoice_id as "invoice_id?", v.state as "invoice_state?"
         from billable_items i
         left join invoice_claims c on c.firm_id = i.firm_id and c.item_id = i.item_id
         left join invoices v on v.firm_id = c.firm_id and v.invoice_id = c.invoice_id
         where i.firm_id = $1 and i.time_entry_id = $2 and i.kind = 'time'"#,
        firm.0,
        entry.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.map(|row| Reversible {
        id: BillableItemId(row.item_id),
        reversed: row.state == "reversed",
        invoice: row
            .invoice_id
            .map(|id| (InvoiceId(id), row.invoice_state.as_deref() == Some("draft"))),
    }))
}

/// Marks time that was never billed as reversed.
pub(crate) async fn reverse(
    tx: &mut Transaction,
    firm: FirmId,
    item: BillableItemId,
) -> Result<(), Error> {
    sqlx::query!(
        "update billable_items set state = 'reversed', unpriced_reason = null where firm_id = $1 and item_id = $2",
        firm.0,
        item.0,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Gives back what an issued invoice billed for an item: exactly the line's amount. Once, however often it is asked for;
/// nothing when the line came to nothing.
pub(crate) async fn insert_credit(
    tx: &mut Transaction,
    firm: FirmId,
    item: BillableItemId,
    day: Date,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into billable_items (firm_id, item_id, kind, time_entry_id, credited_item_id, matter_id, task_id,
             paralegal_id, item_date, description, utbms_task_code, utbms_activity_code, state, rule, explanation,
             charge_minor, currency, price_time)
         select i.firm_id, $3, 'credit', i.time_entry_id, i.item_id, i.matter_id, i.task_id, i.paralegal_id, $4,
             'Credit: ' || i.description, i.utbms_task_code, i.utbms_activity_code, 'priced', 'credit',
             'credit for ' || v.number || ', line ' || l.line_number, -l.amount_minor, v.currency, $5
         from billable_items i
         join invoice_claims c on c.firm_id = i.firm_id and c.item_id = i.item_id
         join invoices v on v.firm_id = c.firm_id and v.invoice_id = c.invoice_id and v.state <> 'draft'
         join invoice_lines l on l.firm_id = v.firm_id and l.invoice_id = v.invoice_id and l.item_id = i.item_id
         where i.firm_id = $1 and i.item_id = $2 and l.amount_minor <> 0
         on conflict (firm_id, credited_item_id) where kind = 'credit' do nothing",
        firm.0,
        item.0,
        BillableItemId::generate().0,
        day,
        now,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
