//! A unit of work is whole or not there, whoever goes away in the middle of it.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use caseload_database::DatabaseError;
use caseload_domain::{FirmId, Scope};
use futures::FutureExt as _;
use tokio::sync::Notify;

use super::{noted, notes, seen, write};

const LIMIT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn work_that_fails_changes_nothing() {
    let (_database, db) = notes().await;
    let firm = FirmId::generate();
    let failed: Result<(), DatabaseError> = db
        .run(Scope::Firm(firm), move |tx| {
            Box::pin(async move {
                write(tx, firm, "half").await?;
                Err(DatabaseError::EtagMismatch)
            })
        })
        .await;
    assert!(matches!(failed, Err(DatabaseError::EtagMismatch)));
    assert_eq!(seen(&db, Scope::Firm(firm)).await, [""; 0]);
}

#[tokio::test]
async fn work_that_panics_changes_nothing_and_panics_in_its_caller() {
    let (_database, db) = notes().await;
    let firm = FirmId::generate();
    let unit = db.run::<(), DatabaseError, _>(Scope::Firm(firm), move |tx| {
        Box::pin(async move {
            write(tx, firm, "half").await?;
            panic!("a defect")
        })
    });
    let panicked = std::panic::AssertUnwindSafe(unit).catch_unwind().await;
    assert!(panicked.is_err());
    assert_eq!(seen(&db, Scope::Firm(firm)).await, [""; 0]);
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_cut_the_work_in_half() {
    let (_database, db) = notes().await;
    let firm = FirmId::generate();
    let (half_done, go_on, done) = (
        Arc::new(Notify::new()),
        Arc::new(Notify::new()),
        Arc::new(Notify::new()),
    );
    let (tell_half, wait, tell_done) = (
        Arc::clone(&half_done),
        Arc::clone(&go_on),
        Arc::clone(&done),
    );
    let caller = tokio::spawn({
        let db = db.clone();
        async move {
            db.run::<_, DatabaseError, _>(Scope::Firm(firm), move |tx| {
                Box::pin(async move {
                    write(tx, firm, "first").await?;
                    tell_half.notify_one();
                    wait.notified().await;
                    write(tx, firm, "second").await?;
                    tell_done.notify_one();
                    Ok(())
                })
            })
            .await
        }
    });
    half_done.notified().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go_on.notify_one();
    tokio::time::timeout(LIMIT, done.notified())
        .await
        .expect("the work went on without its caller");
    // What the work did last is committed right after; wait for that.
    wait_for_notes(&db, firm, &["first", "second"]).await;
}

/// Polls a future so many times, whenever it wakes, and drops it if it is not done by then: a client that cancels.
async fn cancelled_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    let mut left = polls;
    std::future::poll_fn(|context| {
        left = left.saturating_sub(1);
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Waits until a firm's notes are these.
async fn wait_for_notes(db: &caseload_database::Database, firm: FirmId, notes: &[&str]) {
    let mut pause = tokio::time::interval(Duration::from_millis(5));
    let committed = async {
        while seen(db, Scope::Firm(firm)).await != notes {
            pause.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, committed)
        .await
        .unwrap_or_else(|_| panic!("{notes:?} were never committed"));
}

/// What tonic does to a handler whenever its client cancels, or a deadline passes: many times, at every moment of the
/// unit of work. Whatever was acknowledged must be there in the end, and each unit is whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_among_many_cancelled_calls() {
    const CALLS: u32 = 400;
    let (database, db) = notes().await;
    let firm = FirmId::generate();
    let mut acknowledged: u32 = 0;
    for call in 0..CALLS {
        let unit = db.run::<_, DatabaseError, _>(Scope::Firm(firm), move |tx| {
            Box::pin(async move {
                write(tx, firm, &format!("{call} a")).await?;
                write(tx, firm, &format!("{call} b")).await
            })
        });
        if let Some(done) = cancelled_after(1 + call as usize % 8, unit).await {
            done.unwrap();
            acknowledged += 1;
        }
        let text = format!("{call} kept");
        noted(&db, firm, &text).await;
    }
    assert!(acknowledged < CALLS, "no call was cancelled");
    db.close().await;
    let mut inspect = database.inspect().await;
    let kept: i64 = sqlx::query_scalar("select count(*) from note where text like '% kept'")
        .fetch_one(&mut inspect)
        .await
        .unwrap();
    assert_eq!(kept, i64::from(CALLS));
    let (first, second): (i64, i64) = sqlx::query_as(
        "select count(*) filter (where text like '% a'), count(*) filter (where text like '% b') from note",
    )
    .fetch_one(&mut inspect)
    .await
    .unwrap();
    assert_eq!(first, second);
    assert!(
        first >= i64::from(acknowledged),
        "{acknowledged} acknowledged, {first} there"
    );
}
