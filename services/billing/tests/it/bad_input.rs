//! Every bad request is answered once, with every bad field named, and changes nothing.

use caseload_domain::name::{FirmName, InvoiceName, MatterName, RateCardName};
use caseload_domain::{FirmId, InvoiceId, MatterId, RateCardId};
use caseload_proto::caseload::billing::v1::{
    CreateInvoiceRequest, CreateRateCardRequest, ExportInvoiceRequest, GetInvoiceRequest,
    GetRateCardRequest, Invoice, IssueInvoiceRequest, RateCard, RateCardEntry,
};
use caseload_proto::google::r#type as common;
use tonic::Code;

use crate::world::{World, fields, for_march, march, one_rate, reason, usd};

fn euros(units: i64) -> common::Money {
    common::Money {
        currency_code: "EUR".to_owned(),
        units,
        nanos: 0,
    }
}

fn create(firm: FirmId, card: RateCard) -> CreateRateCardRequest {
    CreateRateCardRequest {
        parent: FirmName(firm).to_string(),
        rate_card: Some(card),
        request_id: String::new(),
    }
}

#[tokio::test]
async fn every_bad_field_of_a_rate_card_is_named() {
    let world = World::new().await;
    let entry = |rate: Option<common::Money>| RateCardEntry {
        hourly_rate: rate,
        ..Default::default()
    };
    let bad = RateCard {
        display_name: " ".to_owned(),
        effective_start_date: Some(common::Date {
            year: 2026,
            month: 2,
            day: 30,
        }),
        effective_end_date: Some(common::Date {
            year: 2026,
            month: 13,
            day: 1,
        }),
        entries: vec![
            RateCardEntry {
                kind: 99,
                practice_area: "Nonsense Law".to_owned(),
                level: 6,
                hourly_rate: None,
            },
            entry(Some(usd(-1))),
        ],
        ..Default::default()
    };
    let request = CreateRateCardRequest {
        parent: "firms/1".to_owned(),
        rate_card: Some(bad),
        request_id: "not a uuid".to_owned(),
    };
    let status = world.cards().create_rate_card(request).await.unwrap_err();
    assert_eq!(
        fields(&status),
        [
            "request_id",
            "parent",
            "rate_card.display_name",
            "rate_card.effective_start_date",
            "rate_card.effective_end_date",
            "rate_card.entries[0].kind",
            "rate_card.entries[0].practice_area",
            "rate_card.entries[0].level",
            "rate_card.entries[0].hourly_rate",
            "rate_card.entries[1].hourly_rate",
        ]
    );
    assert_eq!(world.count("select count(*) from rate_cards").await, 0);
}

#[tokio::test]
async fn a_card_has_one_rate_for_one_work_in_one_currency() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let entry = |rate| RateCardEntry {
        hourly_rate: Some(rate),
        ..Default::default()
    };
    let card = RateCard {
        effective_end_date: Some(common::Date {
            year: 2025,
            month: 12,
            day: 31,
        }),
        entries: vec![
            entry(usd(8_000)),
            entry(usd(9_000)),
            RateCardEntry {
                level: 2,
                ..entry(euros(70))
            },
        ],
        ..one_rate("Mixed", usd(0))
    };
    let status = world
        .cards()
        .create_rate_card(create(firm, card))
        .await
        .unwrap_err();
    assert_eq!(
        fields(&status),
        [
            "rate_card.effective_end_date",
            "rate_card.entries[1]",
            "rate_card.entries[2].hourly_rate.currency_code"
        ]
    );
    let none = RateCard {
        entries: vec![],
        ..one_rate("None", usd(0))
    };
    assert_eq!(
        fields(
            &world
                .cards()
                .create_rate_card(create(firm, none))
                .await
                .unwrap_err()
        ),
        ["rate_card.entries"]
    );

    let foreign = world
        .cards()
        .create_rate_card(create(firm, one_rate("Foreign", euros(70))))
        .await
        .unwrap_err();
    assert_eq!(
        (foreign.code(), reason(&foreign).as_str()),
        (Code::FailedPrecondition, "CURRENCY_MISMATCH")
    );
    world.card(firm, usd(8_000)).await;
    let twice = world
        .cards()
        .create_rate_card(create(firm, one_rate("Again", usd(9_000))))
        .await
        .unwrap_err();
    assert_eq!(
        (twice.code(), reason(&twice).as_str()),
        (Code::AlreadyExists, "RESOURCE_EXISTS")
    );
    assert!(twice.message().contains("2026-01-01"));
    assert_eq!(world.count("select count(*) from rate_cards").await, 1);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_by_its_name() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let unknown = FirmId::generate();
    let missing = |status: tonic::Status, name: String| {
        assert_eq!(
            (status.code(), status.message()),
            (Code::NotFound, format!("{name} was not found").as_str())
        );
    };
    let card = RateCardName::new(firm, RateCardId::generate()).to_string();
    missing(
        world
            .cards()
            .get_rate_card(GetRateCardRequest { name: card.clone() })
            .await
            .unwrap_err(),
        card,
    );
    let status = world
        .cards()
        .create_rate_card(create(unknown, one_rate("Card", usd(1))))
        .await
        .unwrap_err();
    missing(status, FirmName(unknown).to_string());
    missing(
        world.try_draft(unknown).await.unwrap_err(),
        FirmName(unknown).to_string(),
    );
    let matter = MatterName::new(firm, MatterId::generate()).to_string();
    let mut request = for_march(firm);
    request.invoice.as_mut().unwrap().matter.clone_from(&matter);
    missing(
        world.invoices().create_invoice(request).await.unwrap_err(),
        matter,
    );
    let invoice = InvoiceName::new(firm, InvoiceId::generate()).to_string();
    let get = GetInvoiceRequest {
        name: invoice.clone(),
    };
    missing(
        world.invoices().get_invoice(get).await.unwrap_err(),
        invoice.clone(),
    );
    let issue = IssueInvoiceRequest {
        name: invoice.clone(),
        ..Default::default()
    };
    missing(
        world.invoices().issue_invoice(issue).await.unwrap_err(),
        invoice,
    );
}

#[tokio::test]
async fn every_bad_field_of_an_invoice_is_named() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let wrong = CreateInvoiceRequest {
        parent: FirmName(firm).to_string(),
        invoice: Some(Invoice {
            period_start_date: Some(march(2)),
            period_end_date: Some(march(1)),
            matter: MatterName::new(FirmId::generate(), MatterId::generate()).to_string(),
            currency_code: "usd".to_owned(),
            ..Default::default()
        }),
        request_id: "1".to_owned(),
    };
    let status = world.invoices().create_invoice(wrong).await.unwrap_err();
    assert_eq!(
        fields(&status),
        [
            "request_id",
            "invoice.period_end_date",
            "invoice.matter",
            "invoice.currency_code"
        ]
    );
    let empty = CreateInvoiceRequest::default();
    assert_eq!(
        fields(&world.invoices().create_invoice(empty).await.unwrap_err()),
        ["parent", "invoice"]
    );
    let mut long = for_march(firm);
    long.invoice.as_mut().unwrap().period_end_date = Some(common::Date {
        year: 2027,
        month: 3,
        day: 3,
    });
    assert_eq!(
        fields(&world.invoices().create_invoice(long).await.unwrap_err()),
        ["invoice.period_end_date"]
    );
    let export = ExportInvoiceRequest {
        name: "invoices/1".to_owned(),
        format: 0,
    };
    assert_eq!(
        fields(&world.invoices().export_invoice(export).await.unwrap_err()),
        ["name", "format"]
    );
}
