//! Who sees what: firms their own issued invoices, nobody another's.

use caseload_billing::MIGRATIONS;
use caseload_domain::FirmId;
use caseload_domain::name::FirmName;
use caseload_proto::caseload::billing::v1::billable_item_service_client::BillableItemServiceClient;
use caseload_proto::caseload::billing::v1::invoice_service_client::InvoiceServiceClient;
use caseload_proto::caseload::billing::v1::rate_card_service_client::RateCardServiceClient;
use caseload_proto::caseload::billing::v1::{
    BillableItemState, ExportInvoiceRequest, GetInvoiceRequest, GetRateCardRequest, InvoiceFormat,
    ListBillableItemsRequest, ListInvoiceLinesRequest, ListInvoicesRequest, ListRateCardsRequest,
};
use caseload_testing::{catalogue, tokens};
use tonic::{Code, Status};

use crate::facts::hourly;
use crate::world::{World, for_march, usd};

#[tokio::test]
async fn row_level_security_holds_for_every_table() {
    catalogue::check(&caseload_testing::database("billing", &MIGRATIONS).await).await;
}

#[tokio::test]
async fn another_firms_is_not_found_in_the_words_of_what_is_not_there() {
    let world = World::new().await;
    let (firm, stranger) = (world.firm("HOLT").await, world.firm("KIRK").await);
    let card = world.card(firm, usd(8_000)).await;
    let job = world.job(firm, hourly(None, None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let issued = world.issue(&world.draft(firm).await).await.unwrap();

    let not_found = |status: Status, name: &str| {
        assert_eq!(status.code(), Code::NotFound);
        assert_eq!(status.message(), format!("{name} was not found"));
    };
    let mut invoices = InvoiceServiceClient::new(world.admin_of(stranger));
    let get = GetInvoiceRequest {
        name: issued.name.clone(),
    };
    not_found(invoices.get_invoice(get).await.unwrap_err(), &issued.name);
    let lines = ListInvoiceLinesRequest {
        parent: issued.name.clone(),
        ..Default::default()
    };
    not_found(
        invoices.list_invoice_lines(lines).await.unwrap_err(),
        &issued.name,
    );
    let export = ExportInvoiceRequest {
        name: issued.name.clone(),
        format: InvoiceFormat::Text.into(),
    };
    not_found(
        invoices.export_invoice(export).await.unwrap_err(),
        &issued.name,
    );
    let list = ListInvoicesRequest {
        parent: FirmName(firm).to_string(),
        ..Default::default()
    };
    not_found(
        invoices.list_invoices(list).await.unwrap_err(),
        &FirmName(firm).to_string(),
    );
    let mut cards = RateCardServiceClient::new(world.admin_of(stranger));
    let get = GetRateCardRequest {
        name: card.name.clone(),
    };
    not_found(cards.get_rate_card(get).await.unwrap_err(), &card.name);
    let mut items = BillableItemServiceClient::new(world.admin_of(stranger));
    let list = ListBillableItemsRequest {
        parent: FirmName(firm).to_string(),
        ..Default::default()
    };
    not_found(
        items.list_billable_items(list).await.unwrap_err(),
        &FirmName(firm).to_string(),
    );

    // And `firms/-` is what they may see: nothing.
    let everywhere = ListInvoicesRequest {
        parent: "firms/-".to_owned(),
        ..Default::default()
    };
    assert!(
        invoices
            .list_invoices(everywhere.clone())
            .await
            .unwrap()
            .into_inner()
            .invoices
            .is_empty()
    );
    let own = InvoiceServiceClient::new(world.admin_of(firm))
        .list_invoices(everywhere)
        .await
        .unwrap();
    assert_eq!(own.into_inner().invoices, [issued]);
    let cards_of_own = RateCardServiceClient::new(world.admin_of(firm))
        .list_rate_cards(ListRateCardsRequest {
            parent: "firms/-".to_owned(),
            ..Default::default()
        })
        .await
        .unwrap();
    assert_eq!(cards_of_own.into_inner().rate_cards, [card]);
}

#[tokio::test]
async fn a_firm_does_not_see_drafts() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let draft = world.draft(firm).await;
    let mut invoices = InvoiceServiceClient::new(world.admin_of(firm));
    let get = GetInvoiceRequest {
        name: draft.name.clone(),
    };
    assert_eq!(
        invoices.get_invoice(get.clone()).await.unwrap_err().code(),
        Code::NotFound
    );
    let list = ListInvoicesRequest {
        parent: FirmName(firm).to_string(),
        ..Default::default()
    };
    assert!(
        invoices
            .list_invoices(list)
            .await
            .unwrap()
            .into_inner()
            .invoices
            .is_empty()
    );
    let items = |state: BillableItemState| ListBillableItemsRequest {
        parent: FirmName(firm).to_string(),
        states: vec![state.into()],
        ..Default::default()
    };
    let mut theirs = BillableItemServiceClient::new(world.admin_of(firm));
    let unbilled = theirs
        .list_billable_items(items(BillableItemState::Unbilled))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (
            unbilled.billable_items.len(),
            unbilled.billable_items[0].invoice.as_str()
        ),
        (1, "")
    );
    let drafted = theirs
        .list_billable_items(items(BillableItemState::Drafted))
        .await
        .unwrap()
        .into_inner();
    assert!(drafted.billable_items.is_empty());

    world.issue(&draft).await.unwrap();
    assert!(invoices.get_invoice(get).await.is_ok());
    let billed = theirs
        .list_billable_items(items(BillableItemState::Billed))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(billed.billable_items[0].invoice, draft.name);
}

#[tokio::test]
async fn only_the_suites_billing_clerks_make_and_issue_invoices() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    for token in [
        tokens::firm_admin(firm),
        tokens::attorney(firm),
        tokens::coordinator(),
        tokens::operations_manager(),
        tokens::reviewer(),
    ] {
        let mut invoices = InvoiceServiceClient::new(world.service.channel(token));
        let status = invoices.create_invoice(for_march(firm)).await.unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied);
    }
    let mut anonymous = InvoiceServiceClient::new(world.service.anonymous());
    let status = anonymous
        .create_invoice(for_march(FirmId::generate()))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
}
