//! Invoices.

use caseload_database::Transaction;
use caseload_domain::Scope;
use caseload_domain::name::{FirmParent, InvoiceName};
use caseload_events::Act;
use caseload_proto::caseload::billing::v1::invoice_service_server::InvoiceService;
use caseload_proto::caseload::billing::v1::{
    CreateInvoiceRequest, DeleteInvoiceRequest, ExportInvoiceRequest, ExportInvoiceResponse,
    GetInvoiceRequest, Invoice as Message, InvoiceFormat, InvoiceIssued,
    InvoiceState as StateMessage, IssueInvoiceRequest, ListInvoiceLinesRequest,
    ListInvoiceLinesResponse, ListInvoicesRequest, ListInvoicesResponse, MarkInvoiceSentRequest,
};
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::future::BoxFuture;
use tonic::{Request, Response, Status, async_trait};
use uuid::Uuid;

use super::invoice_steps::{Change, parse_order};
use super::{Billing, invoice_answers as answers, optional_date, ordered, parse_states};
use crate::domain::invoice::{InvoiceState, Step};
use crate::error::Error;
use crate::export;
use crate::store::invoices::{self, Filter, Invoice};
use crate::store::lines;
use crate::work::{drafting, issuing};

#[async_trait]
impl InvoiceService for Billing {
    async fn create_invoice(
        &self,
        request: Request<CreateInvoiceRequest>,
    ) -> Result<Response<Message>, Status> {
        let (call, request) =
            Call::open(request, "caseload.billing.v1.InvoiceService/CreateInvoice")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let order = parse_order(&mut violations, &request);
        let order = violations.finish(order)?;
        let created = self
            .db
            .run_once(Scope::Firm(order.firm), retry, move |tx| {
                Box::pin(async move {
                    let act = Act::from(&call);
                    let draft = drafting::draft(tx, &order, act.now).await?;
                    let (name, after) = (draft.name.to_string(), answers::for_record(&draft));
                    act.record(tx, Some(order.firm), name, None, Some(after))
                        .await?;
                    Ok(answers::invoice(&draft))
                })
            })
            .await
            .map_err(|error: Error| Status::from(error))?;
        Ok(Response::new(created))
    }

    async fn get_invoice(
        &self,
        request: Request<GetInvoiceRequest>,
    ) -> Result<Response<Message>, Status> {
        let (call, request) = Call::open(request, "caseload.billing.v1.InvoiceService/GetInvoice")?;
        let name = parse_name("name", &request.name)?;
        let found = self
            .read(&call, name, |_, invoice| {
                Box::pin(async move { Ok(invoice) })
            })
            .await?;
        Ok(Response::new(answers::invoice(&found)))
    }

    async fn list_invoices(
        &self,
        request: Request<ListInvoicesRequest>,
    ) -> Result<Response<ListInvoicesResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.billing.v1.InvoiceService/ListInvoices")?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let parent = violations.keep("parent", request.parent.parse::<FirmParent>());
        let mut states = states(&mut violations, &request.states);
        let start = optional_date(&mut violations, "start_date", request.start_date.as_ref());
        let end = optional_date(&mut violations, "end_date", request.end_date.as_ref());
        ordered(&mut violations, "end_date", start.flatten(), end.flatten());
        let parsed = (|| Some((size?, parent?, start?, end?)))();
        let (size, parent, start, end) = violations.finish(parsed)?;
        let scope = call.scope_of_list(parent, &request.parent)?;
        states.retain(|state| may_see(&call, *state));
        let filter = Filter {
            firm: parent.one().or(call.caller.firm()),
            states,
            start,
            end,
        };
        request.page_size = 0;
        let token = std::mem::take(&mut request.page_token);
        let list = call.list(&request);
        let page = self.page_of::<Uuid>(&list, &token, size)?;
        let limit = page.limit();
        let mut found = self
            .db
            .run(scope, move |tx| {
                Box::pin(async move { invoices::list(tx, &filter, page.after, limit).await })
            })
            .await
            .map_err(|error: Error| Status::from(error))?;
        let next_page_token =
            self.next_page(&list, &mut found, size, |invoice| invoice.name.id.0)?;
        Ok(Response::new(ListInvoicesResponse {
            invoices: found.iter().map(answers::invoice).collect(),
            next_page_token,
        }))
    }

    async fn list_invoice_lines(
        &self,
        request: Request<ListInvoiceLinesRequest>,
    ) -> Result<Response<ListInvoiceLinesResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.billing.v1.InvoiceService/ListInvoiceLines",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let name = violations.keep("parent", request.parent.parse::<InvoiceName>());
        let (name, size) = violations.finish(name.zip(size))?;
        request.page_size = 0;
        let token = std::mem::take(&mut request.page_token);
        let list = call.list(&request);
        let page = self.page_of::<i32>(&list, &token, size)?;
        let (after, limit) = (page.after.unwrap_or(0), page.limit());
        let mut found = self
            .read(&call, name, move |tx, invoice| {
                Box::pin(async move {
                    lines::after(tx, name, invoice.total.currency, after, limit).await
                })
            })
            .await?;
        let next_page_token = self.next_page(&list, &mut found, size, |line| line.number)?;
        Ok(Response::new(ListInvoiceLinesResponse {
            invoice_lines: found
                .into_iter()
                .map(|line| answers::line(name.firm, line))
                .collect(),
            next_page_token,
        }))
    }

    async fn delete_invoice(
        &self,
        request: Request<DeleteInvoiceRequest>,
    ) -> Result<Response<()>, Status> {
        let (call, request) =
            Call::open(request, "caseload.billing.v1.InvoiceService/DeleteInvoice")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = violations.keep("name", request.name.parse::<InvoiceName>());
        let name = violations.finish(name)?;
        let change = Change {
            call,
            name,
            etag: request.etag,
            step: Step::Delete,
        };
        self.change(retry, change, move |tx, act, invoice| {
            Box::pin(async move {
                drafting::delete(tx, invoice.name, act.now).await?;
                let before = answers::for_record(&invoice);
                let (firm, name) = (Some(name.firm), name.to_string());
                act.record(tx, firm, name, Some(before), None).await?;
                Ok(())
            })
        })
        .await
        .map(Response::new)
    }

    async fn issue_invoice(
        &self,
        request: Request<IssueInvoiceRequest>,
    ) -> Result<Response<Message>, Status> {
        let (call, request) =
            Call::open(request, "caseload.billing.v1.InvoiceService/IssueInvoice")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = violations.keep("name", request.name.parse::<InvoiceName>());
        let name = violations.finish(name)?;
        let change = Change {
            call,
            name,
            etag: request.etag,
            step: Step::Issue,
        };
        let settings = self.settings.clone();
        self.change(retry, change, move |tx, act, invoice| {
            Box::pin(async move {
                let before = answers::for_record(&invoice);
                let issued = issuing::issue(tx, &settings, invoice, act.now).await?;
                let after = answers::for_record(&issued);
                let (firm, name) = (Some(name.firm), name.to_string());
                act.record(tx, firm, name.clone(), Some(before), Some(after))
                    .await?;
                let event = InvoiceIssued {
                    invoice: Some(answers::snapshot(&issued)),
                };
                act.announce(tx, firm, name, &event).await?;
                Ok(answers::invoice(&issued))
            })
        })
        .await
        .map(Response::new)
    }

    async fn mark_invoice_sent(
        &self,
        request: Request<MarkInvoiceSentRequest>,
    ) -> Result<Response<Message>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.billing.v1.InvoiceService/MarkInvoiceSent",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = violations.keep("name", request.name.parse::<InvoiceName>());
        let name = violations.finish(name)?;
        let change = Change {
            call,
            name,
            etag: request.etag,
            step: Step::Send,
        };
        self.change(retry, change, move |tx, act, mut invoice| {
            Box::pin(async move {
                let before = answers::for_record(&invoice);
                invoice.state = InvoiceState::Sent;
                invoice.send_time = Some(act.now);
                invoice.update_time = act.now;
                invoice.version += 1;
                invoices::set_sent(tx, &invoice).await?;
                let after = answers::for_record(&invoice);
                let (firm, name) = (Some(name.firm), name.to_string());
                act.record(tx, firm, name, Some(before), Some(after))
                    .await?;
                Ok(answers::invoice(&invoice))
            })
        })
        .await
        .map(Response::new)
    }

    async fn export_invoice(
        &self,
        request: Request<ExportInvoiceRequest>,
    ) -> Result<Response<ExportInvoiceResponse>, Status> {
        let (call, request) =
            Call::open(request, "caseload.billing.v1.InvoiceService/ExportInvoice")?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<InvoiceName>());
        let format = match InvoiceFormat::try_from(request.format) {
            Ok(InvoiceFormat::Unspecified) => Err("is required"),
            Ok(format) => Ok(format),
            Err(_) => Err("is not a format"),
        };
        let format = violations.keep("format", format);
        let (name, format) = violations.finish(name.zip(format))?;
        let settings = self.settings.clone();
        let (document, profile) = self
            .read(&call, name, move |tx, invoice| {
                Box::pin(async move {
                    let document = issuing::document(tx, &settings, &invoice).await?;
                    Ok((document, settings.profile(tx, name.firm).await?.profile))
                })
            })
            .await?;
        let file = match format {
            InvoiceFormat::Ledes1998b => {
                export::ledes::export(&document, profile.flat_fee_style).map_err(Error::Export)?
            }
            InvoiceFormat::Text | InvoiceFormat::Unspecified => export::text::export(&document),
        };
        Ok(Response::new(ExportInvoiceResponse {
            file_name: file.name,
            media_type: file.media_type.to_owned(),
            content: file.content.into(),
        }))
    }
}

impl Billing {
    /// Reads an invoice that the caller may see, and with it what else is wanted, in one transaction.
    async fn read<T, F>(&self, call: &Call, name: InvoiceName, work: F) -> Result<T, Status>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Transaction, Invoice) -> BoxFuture<'t, Result<T, Error>>
            + Send
            + 'static,
    {
        let scope = call.scope(name.firm, name)?;
        let call = call.clone();
        self.db
            .run(scope, move |tx| {
                Box::pin(async move {
                    let invoice = invoices::get(tx, name)
                        .await?
                        .filter(|invoice| may_see(&call, invoice.state))
                        .ok_or_else(|| Error::NotFound(name.to_string()))?;
                    work(tx, invoice).await
                })
            })
            .await
            .map_err(|error: Error| Status::from(error))
    }
}

/// A firm does not see drafts.
fn may_see(call: &Call, state: InvoiceState) -> bool {
    call.caller.firm().is_none() || state != InvoiceState::Draft
}

fn parse_name(field: &str, text: &str) -> Result<InvoiceName, Status> {
    let mut violations = Violations::new();
    let name = violations.keep(field, text.parse());
    violations.finish(name)
}

/// Where the invoices may stand: anywhere, when nothing is said.
fn states(violations: &mut Violations, asked: &[i32]) -> Vec<InvoiceState> {
    if asked.is_empty() {
        return InvoiceState::ALL.to_vec();
    }
    let why = "is not a state of an invoice";
    parse_states(violations, asked, why, |state| match state {
        StateMessage::Unspecified => None,
        StateMessage::Draft => Some(InvoiceState::Draft),
        StateMessage::Final => Some(InvoiceState::Final),
        StateMessage::Sent => Some(InvoiceState::Sent),
    })
}
