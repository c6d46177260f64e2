//! Drafts: what they take in, what they leave, and what becomes of it when they go.

use caseload_domain::name::FirmName;
use caseload_proto::caseload::billing::v1::{
    BillableItemState, CreateInvoiceRequest, DeleteInvoiceRequest, GetInvoiceRequest, Invoice,
    InvoiceState, ListInvoicesRequest,
};
use tonic::Code;

use crate::facts::hourly;
use crate::world::{World, cents, for_march, march, matter_name, reason, usd};

fn delete(invoice: &Invoice) -> DeleteInvoiceRequest {
    DeleteInvoiceRequest {
        name: invoice.name.clone(),
        etag: invoice.etag.clone(),
        request_id: String::new(),
    }
}

#[tokio::test]
async fn a_draft_takes_in_the_period_and_the_matter_and_leaves_the_rest() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let one = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let other = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    for job in [&one, &other] {
        for day in [1, 15, 31] {
            world.approve(&job.time(day, 3_600, 3_600)).await;
        }
    }
    world.ready(firm, 6).await;
    let mut request = for_march(firm);
    let wanted = request.invoice.as_mut().unwrap();
    wanted.matter = matter_name(firm, one.matter);
    wanted.period_end_date = Some(march(30));
    let first = world
        .invoices()
        .create_invoice(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!((first.line_count, cents(first.total.as_ref())), (2, 20_000));
    assert_eq!(first.matter, matter_name(firm, one.matter));

    let rest = world.draft(firm).await;
    assert_eq!((rest.line_count, rest.matter.as_str()), (4, ""));
    assert_eq!(
        reason(&world.try_draft(firm).await.unwrap_err()),
        "NOTHING_TO_BILL"
    );
    assert_eq!(
        world.in_state(firm, BillableItemState::Drafted).await.len(),
        6
    );
}

#[tokio::test]
async fn a_deleted_draft_frees_its_items() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let draft = world.draft(firm).await;
    assert_eq!(
        world.in_state(firm, BillableItemState::Drafted).await[0].invoice,
        draft.name
    );
    world
        .invoices()
        .delete_invoice(delete(&draft))
        .await
        .unwrap();
    let gone = world
        .invoices()
        .get_invoice(GetInvoiceRequest {
            name: draft.name.clone(),
        })
        .await
        .unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
    world.ready(firm, 1).await;
    let again = world.draft(firm).await;
    world.issue(&again).await.unwrap();
    assert_eq!(
        world.in_state(firm, BillableItemState::Billed).await.len(),
        1
    );
}

/// The cap is 150.00. The first draft holds 100.00 of it and the second the 50.00 that are left; when the first goes, the
/// second has its 100.00.
#[tokio::test]
async fn what_a_deleted_draft_held_of_a_cap_goes_to_the_other_drafts() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world
        .job(firm, hourly(Some(usd(10_000)), Some(usd(15_000))))
        .await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let first = world.draft(firm).await;
    world.approve(&job.time(3, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let second = world.draft(firm).await;
    assert_eq!(cents(second.total.as_ref()), 5_000);
    world
        .invoices()
        .delete_invoice(delete(&first))
        .await
        .unwrap();
    let after = world
        .invoices()
        .get_invoice(GetInvoiceRequest {
            name: second.name.clone(),
        })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(cents(after.total.as_ref()), 10_000);
    assert_ne!(after.etag, second.etag);
    assert_eq!(
        world.issue(&second).await.unwrap_err().code(),
        Code::Aborted
    );
}

#[tokio::test]
async fn items_in_several_currencies_need_one_to_be_named() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let dollars = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let euros = caseload_proto::google::r#type::Money {
        currency_code: "EUR".to_owned(),
        units: 90,
        nanos: 0,
    };
    let abroad = world.sibling(&dollars, hourly(Some(euros), None)).await;
    world.approve(&dollars.time(2, 3_600, 3_600)).await;
    world.approve(&abroad.time(3, 3_600, 3_600)).await;
    world.ready(firm, 2).await;
    let mixed = world.try_draft(firm).await.unwrap_err();
    assert_eq!(
        (mixed.code(), reason(&mixed).as_str()),
        (Code::FailedPrecondition, "CURRENCY_MIX")
    );
    assert!(mixed.message().contains("USD, EUR"), "{}", mixed.message());
    for (code, expected) in [("EUR", 9_000), ("USD", 10_000)] {
        let mut request = for_march(firm);
        request.invoice.as_mut().unwrap().currency_code = code.to_owned();
        let draft = world
            .invoices()
            .create_invoice(request)
            .await
            .unwrap()
            .into_inner();
        let total = draft.total.as_ref().unwrap();
        assert_eq!(
            (total.units, draft.currency_code.as_str()),
            (expected / 100, code)
        );
    }
}

#[tokio::test]
async fn a_repeated_request_is_answered_as_the_first_was() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let request = CreateInvoiceRequest {
        request_id: "0198c5a0-7d35-7b6e-8f10-0a1b2c3d4e5f".to_owned(),
        ..for_march(firm)
    };
    let first = world
        .invoices()
        .create_invoice(request.clone())
        .await
        .unwrap()
        .into_inner();
    let second = world
        .invoices()
        .create_invoice(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, second);
    let mut other = request;
    other.invoice.as_mut().unwrap().period_end_date = Some(march(30));
    let reused = world.invoices().create_invoice(other).await.unwrap_err();
    assert_eq!(reason(&reused), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn invoices_are_listed_by_page_state_and_period() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let mut names = Vec::new();
    for day in 1..=5 {
        world.approve(&job.time(day, 3_600, 3_600)).await;
        world.ready(firm, 1).await;
        let mut request = for_march(firm);
        request.invoice.as_mut().unwrap().period_start_date = Some(march(day));
        request.invoice.as_mut().unwrap().period_end_date = Some(march(day));
        names.insert(
            0,
            world
                .invoices()
                .create_invoice(request)
                .await
                .unwrap()
                .into_inner(),
        );
    }
    world.issue(&names[0]).await.unwrap();
    let mut request = ListInvoicesRequest {
        parent: FirmName(firm).to_string(),
        page_size: 2,
        ..Default::default()
    };
    let mut listed = Vec::new();
    loop {
        let page = world
            .invoices()
            .list_invoices(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert!(page.invoices.len() <= 2);
        listed.extend(page.invoices.into_iter().map(|invoice| invoice.name));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    let expected: Vec<_> = names.iter().map(|invoice| invoice.name.clone()).collect();
    assert_eq!(listed, expected);

    for (states, expected) in [
        (vec![InvoiceState::Final], &expected[..1]),
        (
            vec![InvoiceState::Sent, InvoiceState::Draft],
            &expected[1..],
        ),
        (
            vec![InvoiceState::Draft, InvoiceState::Final],
            &expected[..],
        ),
    ] {
        let in_states = ListInvoicesRequest {
            parent: FirmName(firm).to_string(),
            states: states.into_iter().map(Into::into).collect(),
            ..Default::default()
        };
        let page = world.invoices().list_invoices(in_states).await.unwrap();
        let found = page.into_inner().invoices.into_iter();
        assert_eq!(
            found.map(|invoice| invoice.name).collect::<Vec<_>>(),
            expected
        );
    }

    let drafts_of_3_and_4 = ListInvoicesRequest {
        parent: "firms/-".to_owned(),
        states: vec![InvoiceState::Draft.into()],
        start_date: Some(march(3)),
        end_date: Some(march(4)),
        ..Default::default()
    };
    let page = world
        .invoices()
        .list_invoices(drafts_of_3_and_4)
        .await
        .unwrap()
        .into_inner();
    let found: Vec<_> = page
        .invoices
        .into_iter()
        .map(|invoice| invoice.name)
        .collect();
    assert_eq!(found, expected[1..3]);
}
