//! Appending and numbering.

use std::collections::HashMap;

use caseload_database::{Database, DatabaseError};
use caseload_domain::{FirmId, ParalegalId, Scope};
use caseload_events::sequencer;
use tokio::sync::oneshot;

use crate::setting::{self, Running, append_completed, complete};

const WRITERS: usize = 8;
const EACH: usize = 40;

/// The log as it stands: position and aggregate.
async fn log(db: &Database) -> Vec<(Option<i64>, String)> {
    let rows: Result<_, DatabaseError> = db
        .run(Scope::AllFirms, |tx| {
            Box::pin(async move {
                let query = "select seq, aggregate from event_log order by seq nulls last, id";
                Ok(sqlx::query_as(query).fetch_all(tx.connection()).await?)
            })
        })
        .await;
    rows.expect("the log can be read")
}

async fn numbered(db: &Database, count: usize) -> Vec<String> {
    caseload_testing::eventually("everything is numbered", async || {
        let log = log(db).await;
        log.len() >= count && log.iter().all(|(seq, _)| seq.is_some())
    })
    .await;
    let log = log(db).await;
    let positions: Vec<_> = log.iter().filter_map(|(seq, _)| *seq).collect();
    let dense: Vec<_> = (1..).take(log.len()).collect();
    assert_eq!(positions, dense, "positions are 1, 2, 3, without gaps");
    log.into_iter().map(|(_, aggregate)| aggregate).collect()
}

/// Appends one event and holds the transaction open for a while, as a busy one does.
async fn write(db: &Database, request: &str, rolled_back: bool) -> Result<(), DatabaseError> {
    let request = request.to_owned();
    db.run(Scope::AllFirms, move |tx| {
        Box::pin(async move {
            append_completed(tx, None, &request).await?;
            sqlx::query("select pg_sleep(random() * 0.008)")
                .execute(tx.connection())
                .await?;
            if rolled_back {
                Err(DatabaseError::Contention)
            } else {
                Ok(())
            }
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_writers_with_delays_and_rollbacks_lose_nothing() {
    let (_database, db) = setting::database().await;
    // Two replicas number the log, and take turns.
    let sequencers = [0, 1].map(|_| Running::start(&sequencer(db.clone())));
    let writers = (0..WRITERS).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut committed = Vec::new();
            for turn in 0..EACH {
                let request = format!("{writer}/{turn}");
                if write(&db, &request, (writer + turn) % 4 == 0).await.is_ok() {
                    committed.push(request);
                }
            }
            committed
        })
    });
    let written = futures::future::try_join_all(writers)
        .await
        .expect("no panic");
    let mut expected: Vec<String> = written.iter().flatten().cloned().collect();
    assert_eq!(
        expected.len(),
        WRITERS * EACH * 3 / 4,
        "a quarter was rolled back"
    );

    let mut read = numbered(&db, expected.len()).await;
    let place: HashMap<&String, usize> = read.iter().zip(0..).collect();
    for one in &written {
        assert!(
            one.is_sorted_by_key(|request| place[request]),
            "each writer's order is kept"
        );
    }
    read.sort();
    expected.sort();
    assert_eq!(read, expected);
    for sequencer in sequencers {
        sequencer.stop().await;
    }
}

#[tokio::test]
async fn an_event_of_a_slow_transaction_comes_after_those_that_were_committed_before_it() {
    let (_database, db) = setting::database().await;
    let sequencer = Running::start(&sequencer(db.clone()));
    let (appended, has_appended) = oneshot::channel();
    let (go_on, may_go_on) = oneshot::channel::<()>();
    let slow = tokio::spawn({
        let db = db.clone();
        async move {
            db.run(Scope::AllFirms, |tx| {
                Box::pin(async move {
                    append_completed(tx, None, "slow").await?;
                    appended.send(()).expect("someone waits");
                    may_go_on.await.expect("someone lets it go on");
                    Ok::<_, DatabaseError>(())
                })
            })
            .await
        }
    });
    has_appended.await.expect("the slow one has appended");
    complete(&db, Scope::AllFirms, None, "quick")
        .await
        .expect("appended");
    // The quick one is there to be read although an event with a lower id may still commit …
    assert_eq!(numbered(&db, 1).await, ["quick"]);
    go_on.send(()).expect("it waits");
    slow.await.expect("no panic").expect("committed");
    // … and when that one does, it comes after what was read.
    assert_eq!(numbered(&db, 2).await, ["quick", "slow"]);
    sequencer.stop().await;
}

#[tokio::test]
async fn an_event_is_appended_for_the_transactions_own_firm_alone() {
    let (_database, db) = setting::database().await;
    let (firm, other) = (FirmId::generate(), FirmId::generate());
    let paralegal = Scope::Paralegal(ParalegalId::generate());
    for scope in [Scope::Firm(firm), Scope::AllFirms, paralegal] {
        complete(&db, scope, Some(firm), "own")
            .await
            .expect("appended");
    }
    complete(&db, Scope::Firm(other), Some(firm), "strange")
        .await
        .expect_err("another firm's event");
    assert_eq!(log(&db).await.len(), 3);
}

#[tokio::test]
async fn a_numbered_event_can_neither_be_changed_nor_deleted() {
    let (_database, db) = setting::database().await;
    complete(&db, Scope::AllFirms, None, "fact")
        .await
        .expect("appended");
    let sequencer = Running::start(&sequencer(db.clone()));
    numbered(&db, 1).await;
    sequencer.stop().await;
    let attempt = |statement: &'static str| {
        let db = db.clone();
        async move {
            let outcome: Result<u64, DatabaseError> = db
                .run(Scope::AllFirms, move |tx| {
                    Box::pin(async move {
                        Ok(sqlx::query(statement)
                            .execute(tx.connection())
                            .await?
                            .rows_affected())
                    })
                })
                .await;
            outcome.unwrap_or(0)
        }
    };
    assert_eq!(attempt("update event_log set seq = 2").await, 0);
    assert_eq!(attempt("update event_log set aggregate = 'other'").await, 0);
    assert_eq!(attempt("delete from event_log").await, 0);
    assert_eq!(
        attempt("update event_head set epoch = gen_random_uuid()").await,
        0
    );
    assert_eq!(log(&db).await, [(Some(1), "fact".to_owned())]);
}

#[tokio::test]
async fn what_a_process_appended_that_numbers_nothing_is_numbered_by_another() {
    let (database, db) = setting::database().await;
    let sequencer = Running::start(&sequencer(db.clone()));
    let another_process = database.connect().await;
    for request in ["a", "b"] {
        complete(&another_process, Scope::AllFirms, None, request)
            .await
            .expect("appended");
    }
    assert_eq!(numbered(&db, 2).await, ["a", "b"]);
    sequencer.stop().await;
}

#[tokio::test]
async fn the_tables_of_the_log_keep_firms_apart() {
    let (database, _db) = setting::database().await;
    caseload_testing::catalogue::check(&database).await;
}
