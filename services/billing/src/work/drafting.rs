//! Drafting: claiming what is ready, and putting it on lines.

use std::collections::BTreeSet;

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::name::{FirmName, InvoiceName, MatterName};
use caseload_domain::{Currency, FirmId, InvoiceId, MatterId, Money, TaskId};
use time::{Date, OffsetDateTime};

use crate::domain::invoice::InvoiceState;
use crate::domain::lines::{Lines, place};
use crate::error::Error;
use crate::store::invoices::{self, Invoice};
use crate::store::{claims, known, lines, lock_firm};

/// What a draft is wanted for.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) firm: FirmId,
    pub(crate) matter: Option<MatterId>,
    pub(crate) period_start: Date,
    pub(crate) period_end: Date,
    /// None: that of the items, which are then in one.
    pub(crate) currency: Option<Currency>,
}

/// Makes a draft of everything that is ready. Takes the firm's lock.
pub(crate) async fn draft(
    tx: &mut Transaction,
    order: &Order,
    now: OffsetDateTime,
) -> Result<Invoice, Error> {
    let firm = order.firm;
    lock_firm(tx, firm).await?;
    if known::firm(tx, firm).await?.is_none() {
        return Err(Error::NotFound(FirmName(firm).to_string()));
    }
    if let Some(matter) = order.matter
        && !known::has_matter(tx, firm, matter).await?
    {
        return Err(Error::NotFound(MatterName::new(firm, matter).to_string()));
    }
    let mut items =
        claims::ready(tx, firm, order.matter, order.period_start, order.period_end).await?;
    let currency = currency(
        order,
        items.iter().map(|item| item.charge.currency).collect(),
    )?;
    items.retain(|item| item.charge.currency == currency);
    if items.is_empty() {
        return Err(Error::NothingToBill);
    }
    let mut invoice = Invoice {
        name: InvoiceName::new(firm, InvoiceId::generate()),
        state: InvoiceState::Draft,
        matter: order.matter,
        period_start: order.period_start,
        period_end: order.period_end,
        total: Money::zero(currency),
        line_count: 0,
        issued: None,
        send_time: None,
        version: 1,
        create_time: now,
        update_time: now,
    };
    invoices::insert(tx, &invoice).await?;
    claims::claim(tx, invoice.name, &items)
        .await
        .map_err(|error| match error {
            // Someone went past the lock; the key held.
            Error::Database(DatabaseError::Unique { .. }) => DatabaseError::Contention.into(),
            error => error,
        })?;
    let lines = write_lines(tx, &invoice, now).await?;
    invoice.total = lines.total;
    invoice.line_count = i32::try_from(lines.lines.len()).unwrap_or(i32::MAX);
    charges_cover_credits(invoice.total)?;
    Ok(invoice)
}

fn currency(order: &Order, of_items: BTreeSet<Currency>) -> Result<Currency, Error> {
    match (order.currency, of_items.len()) {
        (Some(currency), _) => Ok(currency),
        (None, 0 | 1) => of_items.into_iter().next().ok_or(Error::NothingToBill),
        (None, _) => Err(Error::CurrencyMix(of_items.into_iter().collect())),
    }
}

/// An invoice asks for money; what it would owe waits for a larger one.
pub(crate) fn charges_cover_credits(total: Money) -> Result<(), Error> {
    if total.minor < 0 {
        return Err(Error::CreditExceedsCharges(total.to_string()));
    }
    Ok(())
}

/// Writes a draft's lines from what it claims, at the version that the invoice says.
async fn write_lines(
    tx: &mut Transaction,
    invoice: &Invoice,
    now: OffsetDateTime,
) -> Result<Lines, Error> {
    let currency = invoice.total.currency;
    let items = claims::claimed(tx, invoice.name).await?;
    let billed = claims::billed_elsewhere(tx, invoice.name, currency).await?;
    let placed = place(items, &billed, currency)?;
    lines::replace(tx, invoice.name, &placed).await?;
    invoices::set_sums(tx, invoice.name, &placed, invoice.version, now).await?;
    Ok(placed)
}

/// Writes a draft's lines anew, as its next version.
pub(crate) async fn redraft(
    tx: &mut Transaction,
    mut invoice: Invoice,
    now: OffsetDateTime,
) -> Result<(), Error> {
    invoice.version += 1;
    write_lines(tx, &invoice, now).await?;
    Ok(())
}

/// What tasks hold of their caps has changed on one invoice: the firm's other drafts follow.
pub(crate) async fn redraft_others(
    tx: &mut Transaction,
    changed: InvoiceName,
    tasks: &[TaskId],
    now: OffsetDateTime,
) -> Result<(), Error> {
    for name in claims::drafts_with_capped(tx, changed, tasks).await? {
        if let Some(draft) = invoices::lock(tx, name).await? {
            redraft(tx, draft, now).await?;
        }
    }
    Ok(())
}

/// Deletes a draft; what it claimed can be billed again. The caller has checked its state and holds the firm's lock.
pub(crate) async fn delete(
    tx: &mut Transaction,
    name: InvoiceName,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let mut tasks: Vec<TaskId> = claims::claimed(tx, name)
        .await?
        .iter()
        .map(|item| item.task)
        .collect();
    tasks.sort_unstable();
    tasks.dedup();
    invoices::delete(tx, name).await?;
    redraft_others(tx, name, &tasks, now).await
}
