//! Issuing: a draft gets its number, its date and its hash, and is final; and everything that stands on it, in one
//! piece.

use caseload_database::Transaction;
use caseload_domain::name::FirmName;
use caseload_domain::zone::Zone;
use time::OffsetDateTime;

use super::drafting::charges_cover_credits;
use crate::config::Settings;
use crate::domain::document::Document;
use crate::domain::invoice::{InvoiceState, due_date};
use crate::error::Error;
use crate::store::invoices::{self, Invoice, Issued};
use crate::store::{Corrupt, known, lines};

/// Issues a draft that is locked and was found to be one. The caller holds the firm's lock.
///
/// The series' counter is the last thing to be locked but for what carries the number: whoever waits for the next
/// number waits as short as can be, and a transaction that fails gives its number back.
pub(crate) async fn issue(
    tx: &mut Transaction,
    settings: &Settings,
    mut invoice: Invoice,
    now: OffsetDateTime,
) -> Result<Invoice, Error> {
    if invoice.line_count == 0 {
        return Err(Error::NothingToBill);
    }
    charges_cover_credits(invoice.total)?;
    let firm = invoice.name.firm;
    let profile = settings.profile(tx, firm).await?.profile;
    let mut document = document(tx, settings, &invoice).await?;
    let known = known::firm(tx, firm)
        .await?
        .ok_or_else(|| Error::NotFound(FirmName(firm).to_string()))?;
    let zone: Zone = known.time_zone.parse().map_err(Corrupt::new)?;
    let date = zone.date_at(now);
    let due = due_date(date, profile.payment_term_days);
    document.invoice_date = Some(date);
    document.due_date = Some(due);

    let number = invoices::next_number(tx, firm, &profile.invoice_prefix)
        .await?
        .to_string();
    document.number = Some(number.clone());
    let issued = Issued {
        number,
        invoice_date: date,
        due_date: due,
        issue_time: now,
        content_sha256: document.sha256(),
        firm_display_name: document.firm_display_name,
        vendor_name: document.vendor_name,
        vendor_id: document.vendor_id,
        client_id: document.client_id,
    };
    invoice.version += 1;
    invoice.state = InvoiceState::Final;
    invoice.update_time = now;
    invoices::finalise(tx, &invoice, &issued).await?;
    invoice.issued = Some(issued);
    Ok(invoice)
}

/// Everything that stands on an invoice. What is issued is held against its hash.
pub(crate) async fn document(
    tx: &mut Transaction,
    settings: &Settings,
    invoice: &Invoice,
) -> Result<Document, Error> {
    let name = invoice.name;
    let currency = invoice.total.currency;
    let firm = known::firm(tx, name.firm)
        .await?
        .ok_or_else(|| Error::NotFound(FirmName(name.firm).to_string()))?;
    let lines = lines::all(tx, name, currency).await?;
    let document = Document {
        id: name.id,
        number: None,
        invoice_date: None,
        due_date: None,
        vendor_name: settings.vendor_name.clone(),
        vendor_id: String::new(),
        firm_display_name: firm.display_name,
        client_id: String::new(),
        firm_code: firm.code,
        period_start: invoice.period_start,
        period_end: invoice.period_end,
        currency,
        total: invoice.total,
        lines,
    };
    let Some(issued) = &invoice.issued else {
        let profile = settings.profile(tx, name.firm).await?.profile;
        return Ok(Document {
            vendor_id: profile.vendor_id,
            client_id: profile.client_id,
            ..document
        });
    };
    let document = Document {
        number: Some(issued.number.clone()),
        invoice_date: Some(issued.invoice_date),
        due_date: Some(issued.due_date),
        vendor_name: issued.vendor_name.clone(),
        vendor_id: issued.vendor_id.clone(),
        firm_display_name: issued.firm_display_name.clone(),
        client_id: issued.client_id.clone(),
        ..document
    };
    if document.sha256() == issued.content_sha256 {
        Ok(document)
    } else {
        Err(Error::Tampered(name.id))
    }
}
