//! Reversed time: what was never billed goes, what was billed is credited on the next invoice.

use caseload_domain::FirmId;
use caseload_proto::caseload::billing::v1::{
    BillableItemState, CreateInvoiceRequest, GetInvoiceRequest, Invoice, InvoiceLineKind, PriceRule,
};
use caseload_testing::eventually;
use time::OffsetDateTime;
use tonic::Code;

use crate::facts::hourly;
use crate::world::{World, cents, for_march, reason, usd};

/// Asks for a draft that takes in today, the day of the credits, and two days on either side.
fn around_today(firm: FirmId) -> CreateInvoiceRequest {
    let today = OffsetDateTime::now_utc().date();
    let mut request = for_march(firm);
    let wanted = request.invoice.as_mut().unwrap();
    wanted.period_start_date = Some((today - time::Duration::days(360)).into());
    wanted.period_end_date = Some((today + time::Duration::days(2)).into());
    request
}

async fn get(world: &World, invoice: &Invoice) -> Invoice {
    let request = GetInvoiceRequest {
        name: invoice.name.clone(),
    };
    world
        .invoices()
        .get_invoice(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn time_that_was_never_billed_goes() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let entry = job.time(2, 3_600, 3_600);
    world.approve(&entry).await;
    world.ready(firm, 1).await;
    world.reverse(&entry).await;
    world.has(firm, 1, BillableItemState::Reversed).await;
    assert_eq!(
        reason(&world.try_draft(firm).await.unwrap_err()),
        "NOTHING_TO_BILL"
    );
    // The approval, told again, brings nothing back.
    world.approve(&entry).await;
    world.approve(&job.time(3, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
}

#[tokio::test]
async fn time_on_a_draft_leaves_it_and_the_draft_is_another_version() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world
        .job(firm, hourly(Some(usd(10_000)), Some(usd(15_000))))
        .await;
    let (first, second) = (job.time(2, 3_600, 3_600), job.time(3, 3_600, 3_600));
    for entry in [&first, &second] {
        world.approve(entry).await;
    }
    world.ready(firm, 2).await;
    let draft = world.draft(firm).await;
    assert_eq!(cents(draft.total.as_ref()), 15_000);
    world.reverse(&first).await;
    world.has(firm, 1, BillableItemState::Reversed).await;
    let after = get(&world, &draft).await;
    // The cap that the first held is the second's now.
    assert_eq!((after.line_count, cents(after.total.as_ref())), (1, 10_000));
    assert_eq!(world.issue(&draft).await.unwrap_err().code(), Code::Aborted);
    world.reverse(&second).await;
    world.has(firm, 2, BillableItemState::Reversed).await;
    let empty = get(&world, &draft).await;
    assert_eq!((empty.line_count, cents(empty.total.as_ref())), (0, 0));
    assert_eq!(
        reason(&world.issue(&empty).await.unwrap_err()),
        "NOTHING_TO_BILL"
    );
}

/// 1.0 h at 100.00 is billed, then reversed and replaced by 0.4 h: the next invoice is −100.00 + 40.00 + 1.0 h of other
/// work at 100.00.
#[tokio::test]
async fn billed_time_is_credited_once_on_the_next_invoice() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let wrong = job.time(2, 3_600, 3_600);
    world.approve(&wrong).await;
    world.ready(firm, 1).await;
    let first = world.issue(&world.draft(firm).await).await.unwrap();
    for _ in 0..2 {
        world.reverse(&wrong).await;
    }
    world.approve(&job.time(2, 1_440, 1_440)).await;
    world.ready(firm, 2).await;

    let refused = world
        .invoices()
        .create_invoice(around_today(firm))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "CREDIT_EXCEEDS_CHARGES");
    world.ready(firm, 2).await;
    world.approve(&job.time(3, 3_600, 3_600)).await;
    world.ready(firm, 3).await;
    let second = world
        .invoices()
        .create_invoice(around_today(firm))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(cents(second.total.as_ref()), 4_000);
    let lines = world.lines(&second).await;
    let credit = lines
        .iter()
        .find(|line| line.kind() == InvoiceLineKind::Credit)
        .unwrap();
    assert_eq!(cents(credit.amount.as_ref()), -10_000);
    let basis = credit.price_basis.as_ref().unwrap();
    assert_eq!(
        (basis.rule(), basis.explanation.as_str()),
        (PriceRule::Credit, "credit for HOLT-000001, line 1")
    );
    assert_eq!(get(&world, &first).await, first);
    world.issue(&second).await.unwrap();
}

#[tokio::test]
async fn a_credit_gives_back_what_was_billed_and_not_what_was_capped_away() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world
        .job(firm, hourly(Some(usd(10_000)), Some(usd(12_500))))
        .await;
    let (first, second) = (job.time(2, 3_600, 3_600), job.time(3, 3_600, 3_600));
    for entry in [&first, &second] {
        world.approve(entry).await;
    }
    world.ready(firm, 2).await;
    world.issue(&world.draft(firm).await).await.unwrap();
    world.reverse(&second).await;
    world.ready(firm, 1).await;
    let credit = &world.in_state(firm, BillableItemState::Unbilled).await[0];
    assert_eq!(cents(credit.charge.as_ref()), -2_500);
}

#[tokio::test]
async fn time_that_waits_for_its_price_goes_too() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(None, None)).await;
    let entry = job.time(2, 3_600, 3_600);
    world.approve(&entry).await;
    world.has(firm, 1, BillableItemState::Unpriced).await;
    world.reverse(&entry).await;
    world.has(firm, 1, BillableItemState::Reversed).await;
    world.card(firm, usd(8_000)).await;
    eventually("nothing is ready", async || {
        world
            .in_state(firm, BillableItemState::Unbilled)
            .await
            .is_empty()
    })
    .await;
}
