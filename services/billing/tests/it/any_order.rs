//! Events of different services come in any order; the price is taken down when what it needs is there, and stays.

use caseload_proto::caseload::billing::v1::{BillableItemState, PriceRule, UnpricedReason};
use caseload_testing::eventually;

use crate::facts::{Job, hourly, paid_hourly};
use crate::world::{World, cents, one_rate, usd};
use caseload_domain::name::FirmName;
use caseload_proto::caseload::billing::v1::CreateRateCardRequest;

async fn waits_for(world: &World, job: &Job, reason: UnpricedReason) {
    eventually(&format!("the item waits for {reason:?}"), async || {
        let waiting = world.in_state(job.firm, BillableItemState::Unpriced).await;
        waiting.len() == 1 && waiting[0].unpriced_reason() == reason && waiting[0].charge.is_none()
    })
    .await;
}

#[tokio::test]
async fn time_that_comes_before_everything_else_is_kept_and_priced_when_the_last_is_there() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = Job::unheard_of(firm);
    world.approve(&job.time(2, 3_600, 3_600)).await;
    waits_for(&world, &job, UnpricedReason::TaskUnknown).await;
    world.tell_task(&job, hourly(None, None)).await;
    waits_for(&world, &job, UnpricedReason::MatterUnknown).await;
    world.tell_matter(&job, "Bilski v. Kappos", "").await;
    waits_for(&world, &job, UnpricedReason::ParalegalUnknown).await;
    world.tell_paralegal(job.paralegal, 3).await;
    waits_for(&world, &job, UnpricedReason::NoRateCard).await;
    world.card(firm, usd(8_000)).await;
    world.ready(firm, 1).await;
    let item = &world.in_state(firm, BillableItemState::Unbilled).await[0];
    assert_eq!(cents(item.charge.as_ref()), 8_000);
    assert!(item.price_time.is_some());
}

#[tokio::test]
async fn the_paralegal_may_come_last() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    world.card(firm, usd(8_000)).await;
    let job = Job::unheard_of(firm);
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.tell_matter(&job, "Bilski v. Kappos", "").await;
    world.tell_task(&job, hourly(None, None)).await;
    waits_for(&world, &job, UnpricedReason::ParalegalUnknown).await;
    world.tell_assignment(&job, paid_hourly(3_000)).await;
    world.tell_paralegal(job.paralegal, 1).await;
    world.ready(firm, 1).await;
}

#[tokio::test]
async fn a_price_that_was_taken_down_stays_whatever_changes_later() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    world.card(firm, usd(8_000)).await;
    let job = world.job(firm, hourly(None, None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    world.ready(firm, 1).await;

    // A card that starts later and covers the day of the work, too, and a rate of the task's own.
    let later = caseload_proto::caseload::billing::v1::RateCard {
        effective_start_date: Some(crate::world::march(1)),
        ..one_rate("From March", usd(20_000))
    };
    let request = CreateRateCardRequest {
        parent: FirmName(firm).to_string(),
        rate_card: Some(later),
        request_id: String::new(),
    };
    world.cards().create_rate_card(request).await.unwrap();
    world.tell_task(&job, hourly(Some(usd(50_000)), None)).await;
    world.tell_paralegal(job.paralegal, 5).await;
    // What comes after them is priced by what holds now.
    world.approve(&job.time(3, 3_600, 3_600)).await;
    world.ready(firm, 2).await;
    let items = world.in_state(firm, BillableItemState::Unbilled).await;
    let prices: Vec<_> = items
        .iter()
        .map(|item| {
            (
                cents(item.charge.as_ref()),
                item.price_basis.as_ref().unwrap().rule(),
            )
        })
        .collect();
    assert_eq!(prices[0], (8_000, PriceRule::RateCard));
    assert!(matches!(prices[1].0, 20_000 | 50_000), "{prices:?}");
}

#[tokio::test]
async fn an_event_that_comes_twice_counts_once() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let entry = job.time(2, 3_600, 3_600);
    for _ in 0..3 {
        world.approve(&entry).await;
    }
    world.approve(&job.time(3, 3_600, 3_600)).await;
    world.ready(firm, 2).await;
    assert_eq!(cents(world.draft(firm).await.total.as_ref()), 20_000);
    assert_eq!(world.count("select count(*) from earnings").await, 2);
}

#[tokio::test]
async fn time_that_is_not_billable_is_no_item() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let mut overhead = job.time(2, 3_600, 3_600);
    overhead.billable = false;
    world.approve(&overhead).await;
    world.approve(&job.time(3, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    assert!(
        world
            .in_state(firm, BillableItemState::Unpriced)
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn accepted_work_by_the_hour_makes_no_fee_due() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.accept(&job, "", true).await;
    world.approve(&job.time(3, 3_600, 3_600)).await;
    world.ready(firm, 1).await;
    let sees = async || {
        world
            .count("select count(*) from completed_assignments")
            .await
            == 1
    };
    eventually("the delivery is taken in", sees).await;
    assert_eq!(world.count("select count(*) from billable_items").await, 1);
}
