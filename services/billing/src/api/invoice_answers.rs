//! Invoices and their lines as the contract carries them, and as the record and the events show them.

use caseload_database::etag;
use caseload_domain::FirmId;
use caseload_domain::name::{BillableItemName, MatterName, TaskName};
use caseload_proto::caseload::billing::v1::{
    Invoice as Message, InvoiceLine, InvoiceLineKind, InvoiceSnapshot, InvoiceState as StateMessage,
};
use caseload_proto::convert::{seconds, timestamp};
use serde_json::json;

use super::price;
use crate::domain::document::DocumentLine;
use crate::domain::invoice::InvoiceState;
use crate::domain::lines::ItemKind;
use crate::store::invoices::Invoice;

/// An invoice.
pub(super) fn invoice(invoice: &Invoice) -> Message {
    let issued = invoice.issued.as_ref();
    Message {
        name: invoice.name.to_string(),
        state: state(invoice.state).into(),
        number: issued
            .map(|issued| issued.number.clone())
            .unwrap_or_default(),
        matter: invoice
            .matter
            .map(|matter| MatterName::new(invoice.name.firm, matter).to_string())
            .unwrap_or_default(),
        period_start_date: Some(invoice.period_start.into()),
        period_end_date: Some(invoice.period_end.into()),
        currency_code: invoice.total.currency.code().to_owned(),
        total: Some(invoice.total.into()),
        line_count: invoice.line_count,
        invoice_date: issued.map(|issued| issued.invoice_date.into()),
        due_date: issued.map(|issued| issued.due_date.into()),
        create_time: Some(timestamp(invoice.create_time)),
        update_time: Some(timestamp(invoice.update_time)),
        issue_time: issued.map(|issued| timestamp(issued.issue_time)),
        send_time: invoice.send_time.map(timestamp),
        content_sha256: issued
            .map(|issued| issued.content_sha256.clone())
            .unwrap_or_default(),
        etag: etag::of(invoice.version),
    }
}

/// A state.
const fn state(state: InvoiceState) -> StateMessage {
    match state {
        InvoiceState::Draft => StateMessage::Draft,
        InvoiceState::Final => StateMessage::Final,
        InvoiceState::Sent => StateMessage::Sent,
    }
}

/// A line.
pub(super) fn line(firm: FirmId, line: DocumentLine) -> InvoiceLine {
    InvoiceLine {
        line_number: line.number,
        kind: match line.kind {
            ItemKind::Time => InvoiceLineKind::Time,
            ItemKind::ProjectFee => InvoiceLineKind::ProjectFee,
            ItemKind::MilestoneFee => InvoiceLineKind::MilestoneFee,
            ItemKind::Credit => InvoiceLineKind::Credit,
        }
        .into(),
        billable_item: BillableItemName::new(firm, line.item).to_string(),
        matter: MatterName::new(firm, line.matter).to_string(),
        task: TaskName::new(firm, line.task).to_string(),
        line_date: Some(line.day.into()),
        description: line.description,
        billed: line.billed_seconds.map(seconds),
        hourly_rate: line.rate.map(Into::into),
        price_basis: Some(price::basis(firm, line.rule, line.explanation)),
        charge: Some(line.charge.into()),
        adjustment: Some(line.adjustment.into()),
        amount: Some(line.amount.into()),
        timekeeper_id: line.timekeeper_id,
        timekeeper_display_name: format!("{} {}", line.given_name, line.family_name)
            .trim()
            .to_owned(),
        utbms_task_code: line.utbms_task_code,
        utbms_activity_code: line.utbms_activity_code,
    }
}

/// An invoice as events show it.
pub(super) fn snapshot(invoice: &Invoice) -> InvoiceSnapshot {
    let issued = invoice.issued.as_ref();
    InvoiceSnapshot {
        name: invoice.name.to_string(),
        number: issued
            .map(|issued| issued.number.clone())
            .unwrap_or_default(),
        total: Some(invoice.total.into()),
        issue_time: issued.map(|issued| timestamp(issued.issue_time)),
    }
}

/// An invoice as the record shows it.
pub(super) fn for_record(invoice: &Invoice) -> serde_json::Value {
    let issued = invoice.issued.as_ref();
    json!({
        "state": invoice.state.as_str(),
        "number": issued.map(|issued| issued.number.as_str()),
        "matter": invoice.matter.map(|matter| matter.to_string()),
        "period_start": invoice.period_start.to_string(),
        "period_end": invoice.period_end.to_string(),
        "total": invoice.total.to_string(),
        "line_count": invoice.line_count,
        "content_sha256": issued.map(|issued| issued.content_sha256.as_str()),
        "version": invoice.version,
    })
}
