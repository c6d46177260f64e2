//! What is issued never changes, not even by a hand in the database.

use caseload_proto::caseload::billing::v1::{ExportInvoiceRequest, InvoiceFormat};
use tonic::Code;

use crate::facts::hourly;
use crate::world::{World, usd};

#[tokio::test]
async fn the_database_refuses_every_change_of_an_issued_invoice() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    world.issue(&world.draft(firm).await).await.unwrap();
    world.approve(&job.time(3, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let mut database = world.database.inspect().await;
    for forbidden in [
        "update invoices set total_minor = 1",
        "update invoices set number = 'X'",
        "update invoices set state = 'draft', number = null",
        "update invoices set content_sha256 = repeat('0', 64)",
        "update invoices set update_time = now(), period_end = period_end + 1",
        "update invoices set state = 'final', send_time = null",
        "delete from invoices",
        "update invoice_lines set amount_minor = 1, charge_minor = 1",
        "delete from invoice_lines",
        "delete from invoice_claims",
        "insert into invoice_claims select i.firm_id, i.item_id, v.invoice_id
             from billable_items i join invoices v using (firm_id) where not exists (
                 select from invoice_claims c where c.item_id = i.item_id)",
        "update billable_items set charge_minor = 1",
        "update billable_items set state = 'unpriced', unpriced_reason = 'no_rate'",
        "update billable_items set description = 'other'",
        "update earnings set amount_minor = 1 where amount_minor is not null",
    ] {
        let refused = sqlx::query(forbidden).execute(&mut database).await;
        assert!(refused.is_err(), "{forbidden} was taken");
    }
}

/// Whoever goes past the triggers is found out by the hash.
#[tokio::test]
async fn an_invoice_that_was_tampered_with_is_not_exported() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let issued = world.issue(&world.draft(firm).await).await.unwrap();
    let export = ExportInvoiceRequest {
        name: issued.name,
        format: InvoiceFormat::Text.into(),
    };
    world
        .invoices()
        .export_invoice(export.clone())
        .await
        .unwrap();
    world
        .database
        .as_owner(
            "alter table invoice_lines disable trigger user;
             alter table invoice_lines no force row level security;
             update invoice_lines set description = 'Something else'",
        )
        .await;
    let status = world.invoices().export_invoice(export).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::Internal, "internal error")
    );
}
