//! Subscriptions when all goes well, and when replicas and processes come and go.

use caseload_domain::FirmId;
use caseload_testing::Upstream;

use crate::setting::{Follower, Running, completed};

/// `1..=count` with the requests that were appended, each once.
fn each_once(count: i64) -> Vec<(i64, String)> {
    (1..=count)
        .map(|position| (position, format!("request {position}")))
        .collect()
}

async fn complete(upstream: &Upstream, from: i64, to: i64) {
    for number in from..=to {
        let request = format!("request {number}");
        // Some events belong to a firm, some to none.
        let firm = (number % 3 != 0).then(FirmId::generate);
        upstream
            .append(firm, request.clone(), &completed(request))
            .await;
    }
}

#[tokio::test]
async fn a_subscription_takes_in_what_was_before_it_and_what_comes() {
    let upstream = Upstream::start("intake").await;
    complete(&upstream, 1, 100).await;
    let follower = Follower::new().await;
    let (worker, readiness) = follower.subscription(&upstream);
    let running = Running::start(&worker);
    assert_eq!(follower.has_seen(100).await, each_once(100));
    complete(&upstream, 101, 110).await;
    assert_eq!(follower.has_seen(110).await, each_once(110));
    readiness.check().await.expect("ready");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_replicas_of_one_subscription_take_each_event_in_once() {
    let upstream = Upstream::start("intake").await;
    let follower = Follower::new().await;
    let replicas = [0, 1].map(|_| Running::start(&follower.subscription(&upstream).0));
    complete(&upstream, 1, 200).await;
    assert_eq!(follower.has_seen(200).await, each_once(200));
    let [one, other] = replicas;
    one.stop().await;
    complete(&upstream, 201, 210).await;
    assert_eq!(follower.has_seen(210).await, each_once(210));
    other.stop().await;
}

#[tokio::test]
async fn an_effect_whose_cursor_was_not_committed_is_undone_and_done_once() {
    let upstream = Upstream::start("intake").await;
    complete(&upstream, 1, 5).await;
    let follower = Follower::new().await;
    follower.seen.crash_once_at("request 1");
    follower.seen.crash_once_at("request 4");
    let (worker, readiness) = follower.subscription(&upstream);
    let running = Running::start(&worker);
    assert_eq!(follower.has_seen(5).await, each_once(5));
    readiness.check().await.expect("nothing needed a person");
    running.stop().await;
}

#[tokio::test]
async fn a_subscription_that_starts_again_goes_on_where_it_was() {
    let upstream = Upstream::start("intake").await;
    let follower = Follower::new().await;
    for last in [3, 6, 9] {
        complete(&upstream, last - 2, last).await;
        let running = Running::start(&follower.subscription(&upstream).0);
        assert_eq!(follower.has_seen(last).await, each_once(last));
        running.stop().await;
    }
}

#[tokio::test]
async fn each_event_is_taken_in_within_its_own_firm() {
    let upstream = Upstream::start("intake").await;
    let firms = [Some(FirmId::generate()), None, Some(FirmId::generate())];
    for (firm, request) in firms.into_iter().zip(["a", "b", "c"]) {
        upstream.append(firm, request, &completed(request)).await;
    }
    let follower = Follower::new().await;
    let running = Running::start(&follower.subscription(&upstream).0);
    // Row-level security refuses a row of another firm than the transaction's.
    follower.has_seen(3).await;
    let rows: Vec<(Option<sqlx::types::Uuid>,)> = follower
        .rows("select firm_id from seen order by position")
        .await;
    let expected = firms.map(|firm| (firm.map(|firm| firm.0),));
    assert_eq!(rows, expected);
    running.stop().await;
}
