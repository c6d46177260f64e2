//! What paralegals have earned, and who may know.

use caseload_domain::{ParalegalId, Scope};
use caseload_proto::caseload::billing::v1::earning_service_client::EarningServiceClient;
use caseload_proto::caseload::billing::v1::{
    Earning, EarningKind, EarningState, EarningSummary, ListEarningsRequest,
    SummarizeEarningsRequest,
};
use caseload_proto::caseload::r#type::v1::pay_terms;
use caseload_testing::{eventually, tokens};
use tonic::Code;

use crate::facts::{Job, hourly, paid_hourly, project};
use crate::world::{World, cents, march, paralegal_name, usd};

async fn earned(world: &World, paralegal: ParalegalId) -> Vec<Earning> {
    let request = ListEarningsRequest {
        parent: paralegal_name(paralegal),
        ..Default::default()
    };
    world
        .earnings()
        .list_earnings(request)
        .await
        .unwrap()
        .into_inner()
        .earnings
}

async fn until_earned(world: &World, paralegal: ParalegalId, count: usize) -> Vec<Earning> {
    eventually("what was earned is known", async || {
        let all = earned(world, paralegal).await;
        all.len() == count
            && all
                .iter()
                .all(|earning| earning.state() == EarningState::Earned)
    })
    .await;
    earned(world, paralegal).await
}

async fn sums(world: &World, paralegal: ParalegalId) -> Vec<EarningSummary> {
    let request = SummarizeEarningsRequest {
        parent: paralegal_name(paralegal),
        start_date: Some(march(1)),
        end_date: Some(march(31)),
        ..Default::default()
    };
    world
        .earnings()
        .summarize_earnings(request)
        .await
        .unwrap()
        .into_inner()
        .earning_summaries
}

/// 30.00 an hour: 1 h 1 min 1 s worked earn 30.508333… → 30.51, though 1.1 h are billed; 59 s that are not billable earn
/// 0.491666… → 0.49. Together 31.00.
#[tokio::test]
async fn hourly_pay_is_for_the_time_worked_billable_or_not() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let mut overhead = job.time(3, 59, 360);
    overhead.billable = false;
    world.approve(&job.time(2, 3_661, 3_960)).await;
    world.approve(&overhead).await;
    let earnings = until_earned(&world, job.paralegal, 2).await;
    let amounts: Vec<_> = earnings
        .iter()
        .map(|one| cents(one.amount.as_ref()))
        .collect();
    assert_eq!(amounts, [3_051, 49]);
    assert_eq!(cents(earnings[0].hourly_pay.as_ref()), 3_000);
    let sum = &sums(&world, job.paralegal).await[0];
    assert_eq!(
        (
            cents(sum.total.as_ref()),
            sum.worked.as_ref().unwrap().seconds
        ),
        (3_100, 3_720)
    );
    assert_eq!(sum.paralegal_display_name, "Ana Reyes");
}

#[tokio::test]
async fn project_pay_is_earned_when_the_task_is_complete_and_time_earns_nothing() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world
        .job(
            firm,
            project(90_000, &[("outline", 40_000), ("draft", 50_000)]),
        )
        .await;
    world
        .tell_assignment(&job, pay_terms::Model::ProjectFee(usd(45_000)))
        .await;
    world.accept(&job, "outline", false).await;
    world.accept(&job, "draft", true).await;
    until_earned(&world, job.paralegal, 1).await;
    world.approve(&job.time(2, 7_200, 7_200)).await;
    let earnings = until_earned(&world, job.paralegal, 2).await;
    let kinds: Vec<_> = earnings
        .iter()
        .map(|one| (one.kind(), cents(one.amount.as_ref())))
        .collect();
    assert_eq!(
        kinds,
        [(EarningKind::Time, 0), (EarningKind::ProjectFee, 45_000)]
    );
    // Accepted at ten in the evening in New York, where the paralegal works.
    assert_eq!(earnings[1].earn_date, Some(march(20)));
    let sum = &sums(&world, job.paralegal).await[0];
    assert_eq!(
        (
            cents(sum.project_amount.as_ref()),
            cents(sum.hourly_amount.as_ref())
        ),
        (45_000, 0)
    );
    assert_eq!(sum.worked.as_ref().unwrap().seconds, 7_200);
}

#[tokio::test]
async fn time_and_deliveries_wait_for_their_pay_terms() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let (by_hour, by_project) = (Job::unheard_of(firm), Job::unheard_of(firm));
    world.approve(&by_hour.time(2, 3_600, 3_600)).await;
    world.accept(&by_project, "", true).await;
    eventually("the time waits", async || {
        earned(&world, by_hour.paralegal)
            .await
            .iter()
            .any(|one| one.state() == EarningState::Pending)
    })
    .await;
    assert!(sums(&world, by_hour.paralegal).await.is_empty());
    world.tell_assignment(&by_hour, paid_hourly(2_500)).await;
    world
        .tell_assignment(&by_project, pay_terms::Model::ProjectFee(usd(30_000)))
        .await;
    assert_eq!(
        cents(
            until_earned(&world, by_hour.paralegal, 1).await[0]
                .amount
                .as_ref()
        ),
        2_500
    );
    assert_eq!(
        cents(
            until_earned(&world, by_project.paralegal, 1).await[0]
                .amount
                .as_ref()
        ),
        30_000
    );
    // Other terms, later, change nothing that was earned.
    world.tell_assignment(&by_hour, paid_hourly(9_900)).await;
    world.approve(&by_hour.time(3, 3_600, 3_600)).await;
    let amounts: Vec<_> = until_earned(&world, by_hour.paralegal, 2)
        .await
        .iter()
        .map(|one| cents(one.amount.as_ref()))
        .collect();
    assert_eq!(amounts[0], 2_500);
}

#[tokio::test]
async fn reversed_time_takes_back_exactly_what_it_earned() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let entry = job.time(2, 3_661, 3_960);
    world.approve(&entry).await;
    until_earned(&world, job.paralegal, 1).await;
    for _ in 0..2 {
        world.reverse(&entry).await;
    }
    let earnings = until_earned(&world, job.paralegal, 2).await;
    let amounts: Vec<_> = earnings
        .iter()
        .map(|one| (one.kind(), cents(one.amount.as_ref())))
        .collect();
    assert_eq!(
        amounts,
        [(EarningKind::Time, 3_051), (EarningKind::Reversal, -3_051)]
    );
    assert_eq!(earnings[1].worked.as_ref().unwrap().seconds, -3_661);
}

#[tokio::test]
async fn a_paralegal_sees_their_own_pay_and_nobody_elses() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let (mine, theirs) = (
        world.job(firm, hourly(Some(usd(10_000)), None)).await,
        world.job(firm, hourly(Some(usd(10_000)), None)).await,
    );
    for job in [&mine, &theirs] {
        world.approve(&job.time(2, 3_600, 3_600)).await;
        until_earned(&world, job.paralegal, 1).await;
    }
    let mut own =
        EarningServiceClient::new(world.service.channel(tokens::paralegal(mine.paralegal)));
    let all = ListEarningsRequest {
        parent: "paralegals/-".to_owned(),
        ..Default::default()
    };
    let seen = own
        .list_earnings(all.clone())
        .await
        .unwrap()
        .into_inner()
        .earnings;
    assert_eq!(seen.len(), 1);
    assert!(seen[0].name.starts_with(&paralegal_name(mine.paralegal)));
    let other = ListEarningsRequest {
        parent: paralegal_name(theirs.paralegal),
        ..Default::default()
    };
    assert_eq!(
        own.list_earnings(other).await.unwrap_err().code(),
        Code::NotFound
    );

    for token in [tokens::firm_admin(firm), tokens::attorney(firm)] {
        let mut refused = EarningServiceClient::new(world.service.channel(token));
        let status = refused.list_earnings(all.clone()).await.unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied);
    }
    assert_eq!(
        world
            .earnings()
            .list_earnings(all)
            .await
            .unwrap()
            .into_inner()
            .earnings
            .len(),
        2
    );
}

/// Whatever a handler might get wrong: a transaction in a firm's scope reads no pay.
#[tokio::test]
async fn the_database_shows_no_pay_in_a_firms_scope() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    world.approve(&job.time(2, 3_600, 3_600)).await;
    until_earned(&world, job.paralegal, 1).await;
    let seen = |scope| {
        let db = &world.database;
        async move {
            db.connect()
                .await
                .run(scope, |tx| {
                    Box::pin(async move {
                        let sum = "select (select count(*) from earnings) + (select count(*) from known_pay_terms)";
                        Ok::<i64, caseload_database::DatabaseError>(
                            sqlx::query_scalar(sum).fetch_one(tx.connection()).await?,
                        )
                    })
                })
                .await
                .unwrap()
        }
    };
    assert_eq!(seen(Scope::Firm(firm)).await, 0);
    assert_eq!(seen(Scope::Paralegal(job.paralegal)).await, 1);
    assert_eq!(seen(Scope::Paralegal(ParalegalId::generate())).await, 0);
    assert_eq!(seen(Scope::AllFirms).await, 2);
}
