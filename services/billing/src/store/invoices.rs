//! Invoices and their numbers.

use caseload_database::Transaction;
use caseload_domain::name::InvoiceName;
use caseload_domain::{FirmId, InvoiceId, MatterId, Money};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Corrupt, currency, read_in_order};
use crate::domain::invoice::{InvoiceNumber, InvoiceState};
use crate::domain::lines::Lines;
use crate::error::Error;

/// An invoice without its lines.
#[derive(Debug, Clone)]
pub(crate) struct Invoice {
    pub(crate) name: InvoiceName,
    pub(crate) state: InvoiceState,
    pub(crate) matter: Option<MatterId>,
    pub(crate) period_start: Date,
    pub(crate) period_end: Date,
    pub(crate) total: Money,
    pub(crate) line_count: i32,
    pub(crate) issued: Option<Issued>,
    pub(crate) send_time: Option<OffsetDateTime>,
    pub(crate) version: i64,
    pub(crate) create_time: OffsetDateTime,
    pub(crate) update_time: OffsetDateTime,
}

/// What an invoice gets when it is issued.
#[derive(Debug, Clone)]
pub(crate) struct Issued {
    pub(crate) number: String,
    pub(crate) invoice_date: Date,
    pub(crate) due_date: Date,
    pub(crate) issue_time: OffsetDateTime,
    pub(crate) firm_display_name: String,
    pub(crate) vendor_name: String,
    pub(crate) vendor_id: String,
    pub(crate) client_id: String,
    pub(crate) content_sha256: String,
}

struct Row {
    firm_id: Uuid,
    invoice_id: Uuid,
    state: String,
    matter_id: Option<Uuid>,
    period_start: Date,
    period_end: Date,
    currency: String,
    total_minor: i64,
    line_count: i32,
    number: Option<String>,
    invoice_date: Option<Date>,
    due_date: Option<Date>,
    issue_time: Option<OffsetDateTime>,
    firm_display_name: Option<String>,
    vendor_name: Option<String>,
    vendor_id: Option<String>,
    client_id: Option<String>,
    content_sha256: Option<String>,
    send_time: Option<OffsetDateTime>,
    version: i64,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
}

impl Row {
    fn issued(&mut self) -> Option<Issued> {
        Some(Issued {
            number: self.number.take()?,
            invoice_date: self.invoice_date?,
            due_date: self.due_date?,
            issue_time: self.issue_time?,
            firm_display_name: self.firm_display_name.take()?,
            vendor_name: self.vendor_name.take()?,
            vendor_id: self.vendor_id.take()?,
            client_id: self.client_id.take()?,
            content_sha256: self.content_sha256.take()?,
        })
    }
}

impl TryFrom<Row> for Invoice {
    type Error = Error;

    fn try_from(mut row: Row) -> Result<Self, Error> {
        Ok(Self {
            name: InvoiceName::new(FirmId(row.firm_id), InvoiceId(row.invoice_id)),
            state: row.state.parse().map_err(Corrupt::new)?,
            matter: row.matter_id.map(MatterId),
            period_start: row.period_start,
            period_end: row.period_end,
            total: Money::new(row.total_minor, currency(&row.currency)?),
            line_count: row.line_count,
            issued: row.issued(),
            send_time: row.send_time,
            version: row.version,
            create_time: row.create_time,
            update_time: row.update_time,
        })
    }
}

/// Keeps a new draft, without lines.
pub(crate) async fn insert(tx: &mut Transaction, invoice: &Invoice) -> Result<(), Error> {
    sqlx::query!(
        "insert into invoices (firm_id, invoice_id, state, matter_id, period_start, period_end, currency, total_minor,
             line_count, version, create_time, update_time)
         values ($1, $2, 'draft', $3, $4, $5, $6, 0, 0, $7, $8, $8)",
        invoice.name.firm.0,
        invoice.name.id.0,
        invoice.matter.map(|matter| matter.0),
        invoice.period_start,
        invoice.period_end,
        invoice.total.currency.code(),
        invoice.version,
        invoice.create_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// One invoice. Drafts too.
pub(crate) async fn get(tx: &mut Transaction, name: InvoiceName) -> Result<Option<Invoice>, Error> {
    sqlx::query_as!(
        Row,
        "select firm_id, invoice_id, state, matter_id, period_start, period_end, currency, total_minor, line_count, number,
             invoice_date, due_date, issue_time, firm_display_name, vendor_name, vendor_id, client_id, content_sha256,
             send_time, version, create_time, update_time
         from invoices where firm_id = $1 and invoice_id = $2",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?
    .map(Invoice::try_from)
    .transpose()
}

/// One invoice, locked until the transaction ends.
pub(crate) async fn lock(
    tx: &mut Transaction,
    name: InvoiceName,
) -> Result<Option<Invoice>, Error> {
    let held = sqlx::query_scalar!(
        "select invoice_id from invoices where firm_id = $1 and invoice_id = $2 for update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    match held {
        Some(_) => get(tx, name).await,
        None => Ok(None),
    }
}

/// Which invoices a list shows.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) states: Vec<InvoiceState>,
    /// Only those whose period ends then or later.
    pub(crate) start: Option<Date>,
    /// Only those whose period starts then or earlier.
    pub(crate) end: Option<Date>,
}

/// Invoices, the latest made first.
pub(crate) async fn list(
    tx: &mut Transaction,
    filter: &Filter,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Invoice>, Error> {
    read_in_order(tx).await?;
    let states: Vec<String> = filter
        .states
        .iter()
        .map(|state| state.as_str().to_owned())
        .collect();
    sqlx::query_as!(
        Row,
        "select firm_id, invoice_id, state, matter_id, period_start, period_end, currency, total_minor, line_count, number,
             invoice_date, due_date, issue_time, firm_display_name, vendor_name, vendor_id, client_id, content_sha256,
             send_time, version, create_time, update_time
         from invoices
         where ($1::uuid is null or firm_id = $1)
             and state = any ($2)
             and ($3::date is null or period_end >= $3)
             and ($4::date is null or period_start <= $4)
             and ($5::uuid is null or invoice_id < $5)
         order by invoice_id desc
         limit $6",
        filter.firm.map(|firm| firm.0),
        &states,
        filter.start,
        filter.end,
        after,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Invoice::try_from)
    .collect()
}

/// Deletes a draft with its lines and claims.
pub(crate) async fn delete(tx: &mut Transaction, name: InvoiceName) -> Result<(), Error> {
    let (firm, id) = (name.firm.0, name.id.0);
    sqlx::query!(
        "delete from invoice_lines where firm_id = $1 and invoice_id = $2",
        firm,
        id
    )
    .execute(tx.connection())
    .await?;
    sqlx::query!(
        "delete from invoice_claims where firm_id = $1 and invoice_id = $2",
        firm,
        id
    )
    .execute(tx.connection())
    .await?;
    sqlx::query!(
        "delete from invoices where firm_id = $1 and invoice_id = $2",
        firm,
        id
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Puts a draft's sums and version down.
pub(crate) async fn set_sums(
    tx: &mut Transaction,
    name: InvoiceName,
    lines: &Lines,
    version: i64,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let count = i32::try_from(lines.lines.len()).map_err(Corrupt::new)?;
    sqlx::query!(
        "update invoices set total_minor = $3, line_count = $4, version = $5, update_time = $6
         where firm_id = $1 and invoice_id = $2",
        name.firm.0,
        name.id.0,
        lines.total.minor,
        count,
        version,
        now,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The next number of a series. It is the transaction's alone from here until it ends: ask for it as late as can be.
pub(crate) async fn next_number(
    tx: &mut Transaction,
    firm: FirmId,
    prefix: &str,
) -> Result<InvoiceNumber, Error> {
    let place = sqlx::query_scalar!(
        r#"insert into invoice_series as s (firm_id, prefix, next_number) values ($1, $2, 2)
         on conflict (firm_id, prefix) do update set next_number = s.next_number + 1
         returning next_number - 1 as "place!""#,
        firm.0,
        prefix,
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(InvoiceNumber {
        prefix: prefix.to_owned(),
        place,
    })
}

/// Makes a draft final.
pub(crate) async fn finalise(
    tx: &mut Transaction,
    invoice: &Invoice,
    issued: &Issued,
) -> Result<(), Error> {
    sqlx::query!(
        "update invoices set state = 'final', number = $3, invoice_date = $4, due_date = $5, issue_time = $6,
             firm_display_name = $7, vendor_name = $8, vendor_id = $9, client_id = $10, content_sha256 = $11,
             version = $12, update_time = $6
         where firm_id = $1 and invoice_id = $2",
        invoice.name.firm.0,
        invoice.name.id.0,
        issued.number,
        issued.invoice_date,
        issued.due_date,
        issued.issue_time,
        issued.firm_display_name,
        issued.vendor_name,
        issued.vendor_id,
        issued.client_id,
        issued.content_sha256,
        invoice.version,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Notes that a final invoice was sent.
pub(crate) async fn set_sent(tx: &mut Transaction, invoice: &Invoice) -> Result<(), Error> {
    sqlx::query!(
        "update invoices set state = 'sent', send_time = $3, version = $4, update_time = $5
         where firm_id = $1 and invoice_id = $2",
        invoice.name.firm.0,
        invoice.name.id.0,
        invoice.send_time,
        invoice.version,
        invoice.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
