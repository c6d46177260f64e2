//! Reversing time: what was never billed goes, what stands on a draft leaves it, what was billed is credited.

use caseload_database::Transaction;
use caseload_domain::name::InvoiceName;
use caseload_domain::{FirmId, TaskId, TimeEntryId};
use time::{Date, OffsetDateTime};

use super::drafting;
use crate::error::Error;
use crate::store::{claims, invoices, items};

/// Reverses a time entry's item, if it has one. Doing it again changes nothing. The caller holds the firm's lock.
pub(crate) async fn reverse(
    tx: &mut Transaction,
    firm: FirmId,
    entry: TimeEntryId,
    task: TaskId,
    day: Date,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let Some(item) = items::of_time_entry(tx, firm, entry).await? else {
        // It was not to be billed in the first place.
        return Ok(());
    };
    if item.reversed {
        return Ok(());
    }
    match item.invoice {
        None => items::reverse(tx, firm, item.id).await,
        Some((_, false)) => items::insert_credit(tx, firm, item.id, day, now).await,
        Some((invoice, true)) => {
            let name = InvoiceName::new(firm, invoice);
            claims::release(tx, name, item.id).await?;
            items::reverse(tx, firm, item.id).await?;
            if let Some(draft) = invoices::lock(tx, name).await? {
                drafting::redraft(tx, draft, now).await?;
            }
            drafting::redraft_others(tx, name, &[task], now).await
        }
    }
}
