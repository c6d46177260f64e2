//! Lists of a large table are served by their indexes.

use caseload_proto::caseload::timekeeping::v1::{ListTimeEntriesRequest, TimeEntryState};
use caseload_testing::{eventually, tokens};

use crate::world::World;

/// More often than the five plans that PostgreSQL makes for a prepared statement before it considers a general one.
const CALLS: usize = 12;

async fn scans(world: &World, index: &str) -> i64 {
    let mut database = world.database.inspect().await;
    sqlx::query_scalar(
        "select coalesce(idx_scan, 0) from pg_stat_user_indexes where indexrelname = $1",
    )
    .bind(index)
    .fetch_one(&mut database)
    .await
    .unwrap()
}

#[tokio::test]
async fn lists_of_a_large_table_use_the_index_that_is_theirs() {
    let world = World::new().await;
    let (large, small) = (world.job().await, world.job().await);
    world.minutes(&large, 30_000).await;
    world.minutes(&small, 30).await;
    let waiting = world.recorded(&small, small.hour(2)).await;
    world.submitted(&small, &[&waiting]).await;
    sqlx::query("analyze")
        .execute(&mut world.database.inspect().await)
        .await
        .unwrap();
    let sequential = "select seq_scan from pg_stat_user_tables where relname = 'time_entries'";
    let before = world.count(sequential).await;

    let firm = ListTimeEntriesRequest {
        parent: small.firm_name(),
        ..ListTimeEntriesRequest::default()
    };
    let task = ListTimeEntriesRequest {
        task: small.task_name(),
        ..firm.clone()
    };
    let everywhere = ListTimeEntriesRequest {
        parent: "firms/-".to_owned(),
        ..ListTimeEntriesRequest::default()
    };
    let queue = ListTimeEntriesRequest {
        states: vec![TimeEntryState::Submitted.into()],
        ..everywhere.clone()
    };
    let cases = [
        ("time_entries_by_firm", firm, tokens::reviewer()),
        ("time_entries_by_task", task, tokens::reviewer()),
        (
            "time_entries_by_paralegal",
            everywhere,
            tokens::paralegal(small.paralegal),
        ),
        ("time_entries_submitted", queue, tokens::reviewer()),
    ];
    for (index, request, token) in cases {
        let mut entries = world.entries(token);
        let at_first = scans(&world, index).await;
        // A server process tells what it scanned about once a second, so the list is asked for until it has.
        eventually(index, async || {
            for _ in 0..CALLS {
                entries.list_time_entries(request.clone()).await.unwrap();
            }
            scans(&world, index).await > at_first
        })
        .await;
    }
    assert_eq!(
        world.count(sequential).await,
        before,
        "the table was never read from end to end"
    );
}
