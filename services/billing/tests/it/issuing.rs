//! Issuing: numbers without gaps, the right date, and states that lead one way.

use std::collections::BTreeSet;

use caseload_domain::zone::Zone;
use caseload_proto::caseload::billing::v1::{
    GetInvoiceRequest, Invoice, InvoiceState, IssueInvoiceRequest, MarkInvoiceSentRequest,
};
use time::Date;
use tonic::Code;

use crate::facts::{Job, hourly};
use crate::world::{World, for_march, march, reason, usd};

/// A draft of one day, of one hour.
async fn draft_of(world: &World, job: &Job, day: i32) -> Invoice {
    world.approve(&job.time(day, 3_600, 3_600)).await;
    world.ready(job.firm, 1).await;
    let mut request = for_march(job.firm);
    let wanted = request.invoice.as_mut().unwrap();
    wanted.period_start_date = Some(march(day));
    wanted.period_end_date = Some(march(day));
    world
        .invoices()
        .create_invoice(request)
        .await
        .unwrap()
        .into_inner()
}

fn sent(invoice: &Invoice) -> MarkInvoiceSentRequest {
    MarkInvoiceSentRequest {
        name: invoice.name.clone(),
        etag: invoice.etag.clone(),
        request_id: String::new(),
    }
}

#[tokio::test]
async fn an_issued_invoice_has_number_dates_and_hash_and_moves_on_to_sent() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let draft = draft_of(&world, &job, 2).await;
    let issued = world.issue(&draft).await.unwrap();
    assert_eq!(
        (issued.state(), issued.number.as_str()),
        (InvoiceState::Final, "HOLT-000001")
    );
    assert_eq!(issued.content_sha256.len(), 64);
    let issue_time = caseload_proto::convert::instant(issued.issue_time.as_ref().unwrap()).unwrap();
    let zone: Zone = "America/Chicago".parse().unwrap();
    let date = Date::try_from(issued.invoice_date.as_ref().unwrap()).unwrap();
    assert_eq!(date, zone.date_at(issue_time));
    let due = Date::try_from(issued.due_date.as_ref().unwrap()).unwrap();
    assert_eq!(due - date, time::Duration::days(30));

    let sent_one = world
        .invoices()
        .mark_invoice_sent(sent(&issued))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(sent_one.state(), InvoiceState::Sent);
    assert!(sent_one.send_time.is_some());
    assert_eq!(sent_one.content_sha256, issued.content_sha256);
    let read = world
        .invoices()
        .get_invoice(GetInvoiceRequest { name: issued.name })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(read, sent_one);
}

#[tokio::test]
async fn a_step_from_the_wrong_state_names_both_states() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let draft = draft_of(&world, &job, 2).await;
    let too_early = world
        .invoices()
        .mark_invoice_sent(sent(&draft))
        .await
        .unwrap_err();
    assert_eq!(
        (too_early.code(), reason(&too_early).as_str()),
        (Code::FailedPrecondition, "WRONG_STATE")
    );
    assert!(
        too_early
            .message()
            .ends_with("is draft, and can't become sent")
    );
    let issued = world.issue(&draft).await.unwrap();
    assert_eq!(
        reason(&world.issue(&issued).await.unwrap_err()),
        "WRONG_STATE"
    );
    let request = caseload_proto::caseload::billing::v1::DeleteInvoiceRequest {
        name: issued.name.clone(),
        ..Default::default()
    };
    let kept = world.invoices().delete_invoice(request).await.unwrap_err();
    assert!(
        kept.message()
            .ends_with("is final, and can't become deleted")
    );
}

#[tokio::test]
async fn a_stale_etag_issues_nothing() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let mut draft = draft_of(&world, &job, 2).await;
    draft.etag = "\"7\"".to_owned();
    let stale = world.issue(&draft).await.unwrap_err();
    assert_eq!(
        (stale.code(), reason(&stale).as_str()),
        (Code::Aborted, "ETAG_MISMATCH")
    );
    assert_eq!(world.count("select count(*) from invoice_series").await, 0);
}

/// Twelve drafts are issued at once, while as many calls fail: on a stale etag, on an unknown invoice, and by the database
/// after the number was taken (the hash of every third is refused by a check that the test adds).
#[tokio::test]
async fn numbers_have_no_gap_under_parallel_issues_and_rollbacks() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let mut drafts = Vec::new();
    for day in 1..=12 {
        drafts.push(draft_of(&world, &job, day).await);
    }
    world
        .database
        .as_owner(
            "create function refuse() returns trigger language plpgsql as $$
             begin
                 if extract(day from new.period_start)::integer % 3 = 0 then
                     raise exception 'refused' using errcode = '40001';
                 end if;
                 return new;
             end $$;
             create trigger refuse after update of number on invoices for each row execute function refuse()",
        )
        .await;
    let outcomes = futures::future::join_all(drafts.iter().map(|draft| async {
        let mut stale = draft.clone();
        stale.etag = "\"0\"".to_owned();
        let (refused, issued) = tokio::join!(world.issue(&stale), world.issue(draft));
        assert!(refused.is_err());
        issued
    }))
    .await;
    let numbers: BTreeSet<_> = outcomes
        .iter()
        .flatten()
        .map(|invoice| invoice.number.clone())
        .collect();
    let expected: BTreeSet<_> = (1..=8).map(|place| format!("HOLT-{place:06}")).collect();
    assert_eq!(numbers, expected);

    world
        .database
        .as_owner("drop trigger refuse on invoices")
        .await;
    for (draft, outcome) in drafts.iter().zip(&outcomes) {
        if outcome.is_err() {
            world.issue(draft).await.unwrap();
        }
    }
    let dense = "select count(*) filter (where number = 'HOLT-' || lpad(place::text, 6, '0')) from
        (select number, row_number() over (order by number) as place from invoices) as n";
    assert_eq!(world.count(dense).await, 12);
    assert_eq!(
        world
            .count("select next_number::bigint from invoice_series")
            .await,
        13
    );
}

#[tokio::test]
async fn each_firm_has_its_own_series() {
    let world = World::new().await;
    for code in ["HOLT", "KIRK"] {
        let firm = world.firm(code).await;
        let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
        let draft = draft_of(&world, &job, 2).await;
        assert_eq!(
            world.issue(&draft).await.unwrap().number,
            format!("{code}-000001")
        );
    }
}

#[tokio::test]
async fn issuing_twice_with_one_request_id_is_issuing_once() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let draft = draft_of(&world, &job, 2).await;
    let request = IssueInvoiceRequest {
        name: draft.name,
        etag: draft.etag,
        request_id: "0198c5a0-7d35-7b6e-8f10-0a1b2c3d4e5f".to_owned(),
    };
    let calls = (0..6).map(|_| async {
        world
            .invoices()
            .issue_invoice(request.clone())
            .await
            .unwrap()
            .into_inner()
    });
    let answers = futures::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let events = "select count(*) from event_log where type = 'caseload.billing.v1.InvoiceIssued'";
    assert_eq!(world.count(events).await, 1);
    assert_eq!(
        world
            .count("select next_number::bigint from invoice_series")
            .await,
        2
    );
}

#[tokio::test]
async fn what_is_done_with_an_invoice_is_on_record() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let issued = world.issue(&draft_of(&world, &job, 2).await).await.unwrap();
    world
        .invoices()
        .mark_invoice_sent(sent(&issued))
        .await
        .unwrap();
    let recorded = "select count(*) from audit_log where resource like 'firms/%/invoices/%'
        and actor = 'test-billing_clerk' and after->>'total' = '100.00 USD'";
    assert_eq!(world.count(recorded).await, 3);
}
