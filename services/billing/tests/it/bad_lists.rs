//! Bad lists: every bad field is named, and a page token serves only its own list.

use caseload_domain::name::{FirmName, MatterName};
use caseload_domain::{FirmId, MatterId};
use caseload_proto::caseload::billing::v1::{
    BillableItemState, InvoiceState, ListBillableItemsRequest, ListEarningsRequest,
    ListInvoicesRequest, ListRateCardsRequest, SummarizeEarningsRequest,
};
use tonic::Code;

use crate::facts::hourly;
use crate::world::{World, fields, march, reason, usd};

#[tokio::test]
async fn every_bad_field_of_a_list_is_named() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let items = ListBillableItemsRequest {
        parent: FirmName(firm).to_string(),
        page_size: -1,
        matter: MatterName::new(FirmId::generate(), MatterId::generate()).to_string(),
        states: vec![77, 0, BillableItemState::Billed.into()],
        start_date: Some(march(2)),
        end_date: Some(march(1)),
        ..Default::default()
    };
    let status = world.items().list_billable_items(items).await.unwrap_err();
    assert_eq!(
        fields(&status),
        ["page_size", "matter", "states[0]", "states[1]", "end_date"]
    );
    let invoices = ListInvoicesRequest {
        parent: "firms/".to_owned(),
        states: vec![InvoiceState::Draft.into(), -1, 0],
        ..Default::default()
    };
    let status = world.invoices().list_invoices(invoices).await.unwrap_err();
    assert_eq!(fields(&status), ["parent", "states[1]", "states[2]"]);
    let earnings = ListEarningsRequest {
        parent: FirmName(firm).to_string(),
        page_size: -1,
        ..Default::default()
    };
    assert_eq!(
        fields(&world.earnings().list_earnings(earnings).await.unwrap_err()),
        ["page_size", "parent"]
    );
    let sums = SummarizeEarningsRequest {
        parent: "paralegals/-".to_owned(),
        ..Default::default()
    };
    let status = world.earnings().summarize_earnings(sums).await.unwrap_err();
    assert_eq!(fields(&status), ["start_date", "end_date"]);
}

#[tokio::test]
async fn a_page_token_serves_only_the_list_it_was_made_for() {
    let world = World::new().await;
    let (firm, other) = (world.firm("HOLT").await, world.firm("KIRK").await);
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    for day in 1..=3 {
        world.approve(&job.time(day, 3_600, 3_600)).await;
    }
    world.ready(firm, 3).await;
    let mut request = ListBillableItemsRequest {
        parent: FirmName(firm).to_string(),
        page_size: 2,
        ..Default::default()
    };
    let page = world
        .items()
        .list_billable_items(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(page.billable_items.len(), 2);
    request.page_token = page.next_page_token;
    let last = world
        .items()
        .list_billable_items(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (last.billable_items.len(), last.next_page_token.as_str()),
        (1, "")
    );

    let elsewhere = ListBillableItemsRequest {
        parent: FirmName(other).to_string(),
        ..request.clone()
    };
    let mut tampered = request.clone();
    tampered.page_token.replace_range(
        10..11,
        if &tampered.page_token[10..11] == "A" {
            "B"
        } else {
            "A"
        },
    );
    for bad in [elsewhere, tampered] {
        let status = world.items().list_billable_items(bad).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::InvalidArgument, "PAGE_TOKEN_INVALID")
        );
    }
    let cards = ListRateCardsRequest {
        parent: FirmName(firm).to_string(),
        page_token: request.page_token,
        page_size: 0,
    };
    assert_eq!(
        reason(&world.cards().list_rate_cards(cards).await.unwrap_err()),
        "PAGE_TOKEN_INVALID"
    );
}
