//! Subscriptions when something goes wrong: loud, and nothing lost.

use std::sync::atomic::{AtomicUsize, Ordering};

use caseload_events::{Batch, Batches, GrpcFeed, Place, Subscription, Transport, TransportError};
use caseload_testing::Upstream;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};

use crate::setting::{Follower, PACE, Running, completed, stopped};

async fn complete(upstream: &Upstream, requests: &[&str]) {
    for request in requests {
        upstream.append(None, *request, &completed(*request)).await;
    }
}

fn names(seen: Vec<(i64, String)>) -> Vec<String> {
    seen.into_iter().map(|(_, request)| request).collect()
}

#[tokio::test]
async fn a_poison_event_stops_the_subscription_and_is_neither_skipped_nor_lost() {
    let upstream = Upstream::start("intake").await;
    complete(&upstream, &["a", "b", "poison", "c"]).await;
    let follower = Follower::new().await;
    follower.seen.poison("poison");
    let (worker, readiness) = follower.subscription(&upstream);
    let running = Running::start(&worker);
    let why = stopped(&readiness).await;
    assert!(
        why.contains("position 3") && why.contains("a request that can't be"),
        "{why}"
    );
    // What was before it is taken in, what comes after it is not.
    assert_eq!(names(follower.seen().await), ["a", "b"]);

    // The one that runs tries again now and then.
    follower.seen.mend();
    assert_eq!(names(follower.has_seen(4).await), ["a", "b", "poison", "c"]);
    caseload_testing::eventually("it is ready", async || readiness.check().await.is_ok()).await;
    running.stop().await;
}

#[tokio::test]
async fn a_poison_event_is_taken_in_by_a_process_that_has_learnt_to() {
    let upstream = Upstream::start("intake").await;
    complete(&upstream, &["poison"]).await;
    let mut follower = Follower::new().await;
    follower.seen.poison("poison");
    let (worker, readiness) = follower.subscription(&upstream);
    let running = Running::start(&worker);
    stopped(&readiness).await;
    running.stop().await;

    follower.seen = crate::setting::Seen::default();
    let running = Running::start(&follower.subscription(&upstream).0);
    assert_eq!(names(follower.has_seen(1).await), ["poison"]);
    running.stop().await;
}

#[tokio::test]
async fn a_log_of_another_epoch_is_refused_until_the_cursor_is_set_back() {
    let upstream = Upstream::start("intake").await;
    complete(&upstream, &["a"]).await;
    let follower = Follower::new().await;
    let (worker, readiness) = follower.subscription(&upstream);
    let running = Running::start(&worker);
    follower.has_seen(1).await;

    upstream.restore().await;
    complete(&upstream, &["b"]).await;
    let why = stopped(&readiness).await;
    assert!(why.contains("restored"), "{why}");
    assert_eq!(names(follower.seen().await), ["a"]);

    follower
        .rows::<(i64,)>(
            "update event_cursor set seq = 0, epoch = null where source = 'intake' returning seq",
        )
        .await;
    assert_eq!(names(follower.has_seen(3).await), ["a", "a", "b"]);
    running.stop().await;
}

/// A transport that is away a few times, and may lose an event.
struct Unreliable {
    feed: GrpcFeed,
    away: AtomicUsize,
    loses: Option<i64>,
}

impl Unreliable {
    fn new(upstream: &Upstream) -> Self {
        Self {
            feed: GrpcFeed::new(upstream.config().channel().expect("an endpoint")),
            away: AtomicUsize::new(0),
            loses: None,
        }
    }
}

impl Transport for Unreliable {
    fn follow<'a>(
        &'a self,
        source: &'a str,
        place: Place,
    ) -> BoxFuture<'a, Result<Batches, TransportError>> {
        let left = self
            .away
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        if left.is_ok() {
            return std::future::ready(Err(TransportError::Away("on leave".to_owned()))).boxed();
        }
        let loses = self.loses;
        async move {
            let batches = self.feed.follow(source, place).await?;
            let lossy = batches.map(move |batch| {
                batch.map(|mut batch: Batch| {
                    batch.events.retain(|event| Some(event.position) != loses);
                    batch
                })
            });
            Ok(lossy.boxed())
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_source_that_is_away_is_waited_for_without_alarm() {
    let upstream = Upstream::start("intake").await;
    complete(&upstream, &["a"]).await;
    let follower = Follower::new().await;
    let mut transport = Unreliable::new(&upstream);
    transport.away = AtomicUsize::new(4);
    let (worker, readiness) = Subscription::with_pace(
        "test.requests",
        transport,
        follower.db.clone(),
        follower.seen.clone(),
        PACE,
    );
    let running = Running::start(&worker);
    readiness.check().await.expect("ready while it waits");
    assert_eq!(names(follower.has_seen(1).await), ["a"]);
    readiness.check().await.expect("ready");
    running.stop().await;
}

#[tokio::test]
async fn a_gap_stops_the_subscription() {
    let upstream = Upstream::start("intake").await;
    complete(&upstream, &["a", "b", "c"]).await;
    let follower = Follower::new().await;
    let mut transport = Unreliable::new(&upstream);
    transport.loses = Some(2);
    let (worker, readiness) = Subscription::with_pace(
        "test.requests",
        transport,
        follower.db.clone(),
        follower.seen.clone(),
        PACE,
    );
    let running = Running::start(&worker);
    let why = stopped(&readiness).await;
    assert!(why.contains("position 2 is missing"), "{why}");
    assert!(!names(follower.seen().await).contains(&"c".to_owned()));
    running.stop().await;
}
