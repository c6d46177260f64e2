//! One firm's events, followed within the service.

use std::time::Duration;

use caseload_database::{Database, DatabaseError};
use caseload_domain::{FirmId, Scope};
use caseload_events::{Event, Feed, FirmEvents, FollowError, Next, Place, sequencer};
use caseload_testing::{TestDatabase, eventually};

use crate::setting::{self, Running, append_completed, complete};

const LONG: Duration = Duration::from_mins(1);

/// A log that is numbered and followed.
struct Followed {
    database: TestDatabase,
    db: Database,
    feed: Feed,
    head: Running,
    sequencer: Running,
}

impl Followed {
    async fn new() -> Self {
        let (database, db) = setting::database().await;
        let (feed, worker) = Feed::of(&db).expect("a feed");
        let (head, sequencer) = (
            Running::start(&worker),
            Running::start(&sequencer(db.clone())),
        );
        Self {
            database,
            db,
            feed,
            head,
            sequencer,
        }
    }

    async fn complete(&self, firm: FirmId, request: &str) {
        let done = complete(&self.db, Scope::AllFirms, Some(firm), request).await;
        done.expect("appended");
    }

    async fn numbered(&self, count: i64) {
        eventually("everything is numbered", async || {
            let head: Result<i64, DatabaseError> = self
                .db
                .run(Scope::AllFirms, |tx| {
                    Box::pin(async move {
                        let query = sqlx::query_scalar("select seq from event_head");
                        Ok(query.fetch_one(tx.connection()).await?)
                    })
                })
                .await;
            head.expect("a head") == count
        })
        .await;
    }
}

async fn event(events: &mut FirmEvents) -> Event {
    match events.next(LONG).await.expect("it goes on") {
        Next::Event(event) => *event,
        other => panic!("an event, not {other:?}"),
    }
}

fn lost(answer: &Result<FirmEvents, FollowError>) -> bool {
    matches!(answer, Err(FollowError::Lost))
}

#[tokio::test]
async fn a_firm_meets_its_own_events_alone_from_now_on() {
    let log = Followed::new().await;
    let (one, other) = (FirmId::generate(), FirmId::generate());
    log.complete(one, "before").await;
    log.numbered(1).await;
    let mut events = log.feed.of_firm(one, None).await.expect("followed");
    assert_eq!(events.place().after, 1);
    log.complete(other, "theirs").await;
    log.complete(one, "ours").await;
    let event = event(&mut events).await;
    assert_eq!((event.aggregate.as_str(), event.position), ("ours", 3));
    assert_eq!(event.firm, Some(one));
    assert_eq!(events.place().after, 3);
}

#[tokio::test]
async fn a_quiet_firms_place_moves_on_past_the_others_events() {
    let log = Followed::new().await;
    let (one, other) = (FirmId::generate(), FirmId::generate());
    let mut events = log.feed.of_firm(one, None).await.expect("followed");
    for turn in 0..5 {
        log.complete(other, &format!("{turn}")).await;
    }
    eventually("the place moves on", async || {
        let next = events.next(Duration::ZERO).await.expect("it goes on");
        assert_eq!(next, Next::Quiet);
        events.place().after == 5
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_writers_and_a_watch_that_is_cut_again_and_again_lose_and_repeat_nothing() {
    const WRITERS: usize = 8;
    const EACH: usize = 40;
    let log = Followed::new().await;
    let (one, other) = (FirmId::generate(), FirmId::generate());
    let mut place: Option<Place> =
        Some(log.feed.of_firm(one, None).await.expect("followed").place());
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let db = log.db.clone();
            tokio::spawn(async move {
                for turn in 0..EACH {
                    let firm = if (writer + turn) % 3 == 0 { other } else { one };
                    let written: Result<(), DatabaseError> = db
                        .run(Scope::AllFirms, move |tx| {
                            Box::pin(async move {
                                append_completed(tx, Some(firm), &format!("{writer}/{turn}"))
                                    .await?;
                                // The later one may commit first.
                                sqlx::query("select pg_sleep(random() * 0.008)")
                                    .execute(tx.connection())
                                    .await?;
                                Ok(())
                            })
                        })
                        .await;
                    written.expect("written");
                }
            })
        })
        .collect();
    let expected: usize = (0..WRITERS)
        .map(|writer| (0..EACH).filter(|turn| (writer + turn) % 3 != 0).count())
        .sum();
    let mut told = Vec::new();
    while told.len() < expected {
        let mut events = log
            .feed
            .of_firm(one, place.take())
            .await
            .expect("it goes on");
        for _ in 0..(1 + told.len() % 5).min(expected - told.len()) {
            let event = event(&mut events).await;
            told.push((event.position, event.aggregate));
        }
        place = Some(events.place());
    }
    for writer in writers {
        writer.await.expect("no panic");
    }
    assert!(told.is_sorted_by(|one, next| one.0 < next.0));
    let rows: Result<Vec<(i64, String)>, DatabaseError> = log
        .db
        .run(Scope::AllFirms, move |tx| {
            Box::pin(async move {
                let query = "select seq, aggregate from event_log where firm_id = $1 order by seq";
                Ok(sqlx::query_as(query)
                    .bind(one.0)
                    .fetch_all(tx.connection())
                    .await?)
            })
        })
        .await;
    assert_eq!(told, rows.expect("the log can be read"));
}

#[tokio::test]
async fn a_place_in_another_log_or_one_whose_events_are_gone_is_no_place() {
    let log = Followed::new().await;
    let firm = FirmId::generate();
    let first = log
        .feed
        .of_firm(firm, None)
        .await
        .expect("followed")
        .place();
    for turn in 0..3 {
        log.complete(firm, &format!("{turn}")).await;
    }
    log.numbered(3).await;
    let at = |after, place: &Place| {
        Some(Place {
            after,
            ..place.clone()
        })
    };
    assert!(log.feed.of_firm(firm, at(3, &first)).await.is_ok());
    assert!(lost(&log.feed.of_firm(firm, at(4, &first)).await));
    log.database
        .as_owner(
            "create policy keep on event_log to caseload_owner using (true);
             delete from event_log where seq = 1",
        )
        .await;
    assert!(lost(&log.feed.of_firm(firm, at(0, &first)).await));
    assert!(log.feed.of_firm(firm, at(1, &first)).await.is_ok());

    let mut events = log
        .feed
        .of_firm(firm, at(3, &first))
        .await
        .expect("followed");
    log.database
        .as_owner("update event_head set epoch = gen_random_uuid()")
        .await;
    assert!(lost(&log.feed.of_firm(firm, at(3, &first)).await));
    assert!(matches!(events.next(LONG).await, Err(FollowError::Lost)));
}

#[tokio::test]
async fn a_watch_ends_when_the_service_drains() {
    let log = Followed::new().await;
    let mut events = log
        .feed
        .of_firm(FirmId::generate(), None)
        .await
        .expect("followed");
    let waits = tokio::spawn(async move { events.next(LONG).await });
    log.head.stop().await;
    assert_eq!(
        waits.await.expect("no panic").expect("no error"),
        Next::Drained
    );
    log.sequencer.stop().await;
}

#[tokio::test]
async fn a_firms_events_are_found_by_index_among_many() {
    let log = Followed::new().await;
    let firm = FirmId::generate();
    let mut events = log.feed.of_firm(firm, None).await.expect("followed");
    let place = events.place();
    let mut connection = log.database.inspect().await;
    sqlx::raw_sql(
        "insert into event_log (event_id, type, firm_id, aggregate, actor, occur_time, payload)
         select gen_random_uuid(), 'test.Happened', gen_random_uuid(), 'x', 'x', now(), '' from generate_series(1, 20000);
         update event_log set seq = id;
         update event_head set seq = 20000;
         analyze",
    )
    .execute(&mut connection)
    .await
    .expect("filled");
    for step in [
        "select pg_stat_force_next_flush()",
        "select pg_stat_reset()",
    ] {
        sqlx::raw_sql(step)
            .execute(&mut connection)
            .await
            .expect("reset");
    }
    log.complete(firm, "ours").await;
    assert_eq!(event(&mut events).await.aggregate, "ours");
    let mut again = log.feed.of_firm(firm, Some(place)).await.expect("followed");
    assert_eq!(event(&mut again).await.aggregate, "ours");
    eventually("the statistics tell of the index", async || {
        let used: Option<i64> = sqlx::query_scalar(
            "select idx_scan from pg_stat_user_indexes where indexrelname = 'event_log_of_firm'",
        )
        .fetch_one(&mut log.database.inspect().await)
        .await
        .expect("statistics");
        used.is_some_and(|used| used > 0)
    })
    .await;
}
