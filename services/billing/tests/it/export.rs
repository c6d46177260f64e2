//! Invoices as files.

use caseload_domain::name::FirmName;
use caseload_ledes::read;
use caseload_proto::caseload::billing::v1::invoice_service_client::InvoiceServiceClient;
use caseload_proto::caseload::billing::v1::{
    BillingProfile, ExportInvoiceRequest, ExportInvoiceResponse, FlatFeeStyle, InvoiceFormat,
    UpdateBillingProfileRequest,
};
use tonic::Status;

use crate::facts::{Job, hourly, project};
use crate::world::{World, reason, usd};

async fn export(
    world: &World,
    name: &str,
    format: InvoiceFormat,
) -> Result<ExportInvoiceResponse, Status> {
    let request = ExportInvoiceRequest {
        name: name.to_owned(),
        format: format.into(),
    };
    world
        .invoices()
        .export_invoice(request)
        .await
        .map(tonic::Response::into_inner)
}

#[tokio::test]
async fn an_issued_invoice_is_read_back_from_its_ledes_file_with_the_same_total() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    world.card(firm, usd(8_333)).await;
    let job = world.job(firm, hourly(None, None)).await;
    let capped = world
        .sibling(&job, hourly(Some(usd(12_000)), Some(usd(15_000))))
        .await;
    let flat = world.sibling(&job, project(90_000, &[])).await;
    for (job, day, billed) in [
        (&job, 2, 1_234),
        (&capped, 3, 3_600),
        (&capped, 4, 3_600),
        (&flat, 5, 7_200),
    ] {
        world.approve(&job.time(day, billed, billed)).await;
    }
    world.accept(&flat, "", true).await;
    world.ready(firm, 5).await;
    let draft = world.draft(firm).await;
    let of_draft = export(&world, &draft.name, InvoiceFormat::Ledes1998b)
        .await
        .unwrap_err();
    assert_eq!(reason(&of_draft), "WRONG_STATE");
    let text = export(&world, &draft.name, InvoiceFormat::Text)
        .await
        .unwrap();
    assert!(text.content.starts_with(b"DRAFT INVOICE, not to be paid"));

    let issued = world.issue(&draft).await.unwrap();
    let file = export(&world, &issued.name, InvoiceFormat::Ledes1998b)
        .await
        .unwrap();
    assert_eq!(file.file_name, "HOLT-000001-ledes1998b.txt");
    let content = String::from_utf8(file.content.to_vec()).unwrap();
    let invoices = read(&content).unwrap();
    // 28.56 (1234 s at 83.33), 120.00, 30.00 of 120.00, 0.00, 900.00.
    assert_eq!(invoices[0].total().to_string(), "1078.56");
    assert_eq!(invoices[0].number.as_str(), issued.number);
    assert_eq!(
        invoices[0].lines[0]
            .matter()
            .client
            .as_ref()
            .unwrap()
            .as_str(),
        "13-298"
    );

    // The firm's own people get the same file, and a profile of its own shows the fee as an adjustment.
    let profile = BillingProfile {
        name: format!("{}/billingProfile", FirmName(firm)),
        flat_fee_style: FlatFeeStyle::Adjustment.into(),
        ..Default::default()
    };
    let request = UpdateBillingProfileRequest {
        billing_profile: Some(profile),
        ..Default::default()
    };
    world
        .profiles()
        .update_billing_profile(request)
        .await
        .unwrap();
    let request = ExportInvoiceRequest {
        name: issued.name.clone(),
        format: InvoiceFormat::Ledes1998b.into(),
    };
    let theirs = InvoiceServiceClient::new(world.admin_of(firm))
        .export_invoice(request)
        .await
        .unwrap()
        .into_inner();
    let content = String::from_utf8(theirs.content.to_vec()).unwrap();
    assert!(content.contains("|IF|1.00|900.00|900.00|"), "{content}");
    assert_eq!(read(&content).unwrap()[0].total().to_string(), "1078.56");
}

#[tokio::test]
async fn the_text_says_everything_a_reader_needs() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let issued = world.issue(&world.draft(firm).await).await.unwrap();
    let file = export(&world, &issued.name, InvoiceFormat::Text)
        .await
        .unwrap();
    assert_eq!(
        (file.file_name.as_str(), file.media_type.as_str()),
        ("HOLT-000001.txt", "text/plain; charset=utf-8")
    );
    let text = String::from_utf8(file.content.to_vec()).unwrap();
    for part in [
        "INVOICE HOLT-000001",
        "From        Caseload Paralegals",
        "To          HOLT & Núñez LLP",
        "Alice Corp. v. CLS Bank International",
        "Prepared exhibits of 2 March",
        "1.00 h at 100.00",
        "(rate agreed for the task)",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[tokio::test]
async fn what_the_format_cannot_carry_is_refused_by_line_and_field() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job: Job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let mut entry = job.time(2, 3_600, 3_600);
    entry.narrative = "A private sign: \u{e000}".to_owned();
    world.approve(&entry).await;
    world.ready(firm, 1).await;
    let issued = world.issue(&world.draft(firm).await).await.unwrap();
    let refused = export(&world, &issued.name, InvoiceFormat::Ledes1998b)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "EXPORT_REFUSED");
    assert!(
        refused
            .message()
            .contains("line 1: field 19 LINE_ITEM_DESCRIPTION"),
        "{}",
        refused.message()
    );
    assert!(
        export(&world, &issued.name, InvoiceFormat::Text)
            .await
            .is_ok()
    );
}
