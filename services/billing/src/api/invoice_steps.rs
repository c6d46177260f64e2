//! What is asked for of an invoice: a draft, or a step of one that is there.

use caseload_database::{Retry, Transaction, etag};
use caseload_domain::name::{FirmName, InvoiceName, MatterName};
use caseload_domain::{Currency, MatterId};
use caseload_events::Act;
use caseload_proto::caseload::billing::v1::CreateInvoiceRequest;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::future::BoxFuture;
use tonic::Status;

use super::{Billing, ordered, required_date};
use crate::domain::invoice::Step;
use crate::error::Error;
use crate::store::invoices::{self, Invoice};
use crate::store::lock_firm;
use crate::work::drafting::Order;

/// The most days of a period, the first and the last one included.
const MOST_DAYS: i64 = 367;

/// A step of an invoice that is asked for.
pub(super) struct Change {
    pub(super) call: Call,
    pub(super) name: InvoiceName,
    pub(super) etag: String,
    pub(super) step: Step,
}

impl Billing {
    /// Takes a step of an invoice: locks the firm's billing and the invoice, checks the etag, then the state.
    pub(super) async fn change<T, F>(
        &self,
        retry: Option<Retry>,
        change: Change,
        work: F,
    ) -> Result<T, Status>
    where
        T: prost::Message + Default + 'static,
        F: for<'t> FnOnce(&'t mut Transaction, &'t Act, Invoice) -> BoxFuture<'t, Result<T, Error>>
            + Send
            + 'static,
    {
        let scope = change.call.scope(change.name.firm, change.name)?;
        self.db
            .run_once(scope, retry, move |tx| {
                Box::pin(async move {
                    let name = change.name;
                    lock_firm(tx, name.firm).await?;
                    let invoice = invoices::lock(tx, name)
                        .await?
                        .ok_or_else(|| Error::NotFound(name.to_string()))?;
                    etag::check(&change.etag, invoice.version)?;
                    invoice
                        .state
                        .after(change.step)
                        .map_err(|wrong| Error::WrongState {
                            name: name.to_string(),
                            wrong,
                        })?;
                    work(tx, &Act::from(&change.call), invoice).await
                })
            })
            .await
            .map_err(|error: Error| Status::from(error))
    }
}

/// The draft that is asked for.
pub(super) fn parse_order(
    violations: &mut Violations,
    request: &CreateInvoiceRequest,
) -> Option<Order> {
    let firm = violations.keep("parent", request.parent.parse::<FirmName>());
    let invoice = violations.required("invoice", request.invoice.as_ref())?;
    let start = required_date(
        violations,
        "invoice.period_start_date",
        invoice.period_start_date.as_ref(),
    );
    let end = required_date(
        violations,
        "invoice.period_end_date",
        invoice.period_end_date.as_ref(),
    );
    ordered(violations, "invoice.period_end_date", start, end);
    if let (Some(start), Some(end)) = (start, end) {
        let fits = (end - start).whole_days() < MOST_DAYS;
        violations.check(
            "invoice.period_end_date",
            fits,
            "is more than 366 days after the start",
        );
    }
    let matter: Option<Option<MatterId>> = if invoice.matter.is_empty() {
        Some(None)
    } else {
        violations
            .keep("invoice.matter", invoice.matter.parse::<MatterName>())
            .map(|matter| {
                let of_firm = firm.is_none_or(|FirmName(firm)| firm == matter.firm);
                violations.check("invoice.matter", of_firm, "is not a matter of the parent");
                Some(matter.id)
            })
    };
    let currency = match invoice.currency_code.as_str() {
        "" => Some(None),
        code => violations
            .keep("invoice.currency_code", code.parse::<Currency>())
            .map(Some),
    };
    Some(Order {
        firm: firm?.0,
        matter: matter?,
        period_start: start?,
        period_end: end?,
        currency: currency?,
    })
}
