//! Tasks that are due soon and tasks that are overdue: told once of each due time, whatever happens to whoever tells.

use caseload_domain::ParalegalId;
use caseload_intake::IntakeConfig;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use caseload_testing::eventually;
use time::{Duration, OffsetDateTime};

use crate::world::{FirmOf, World, deliver, review_and_accept, task};

/// Looks often, and a day ahead.
fn watchful() -> IntakeConfig {
    IntakeConfig {
        due_interval_ms: 20,
        ..IntakeConfig::default()
    }
}

fn due_in(span: Duration) -> Task {
    Task {
        due_time: Some(timestamp(OffsetDateTime::now_utc() + span)),
        ..task()
    }
}

/// Of a task's events, those about its due time.
async fn told(world: &World, task: &str) -> Vec<String> {
    let events = world.events(task).await;
    let about_due = events
        .iter()
        .filter_map(|name| name.strip_prefix("caseload.intake.v1.Task"))
        .filter(|name| ["DueSoon", "Overdue"].contains(name));
    about_due.map(str::to_owned).collect()
}

async fn becomes_told(world: &World, task: &str, what: &[&str]) {
    eventually("a task's due time is told of", async || {
        told(world, task).await == what
    })
    .await;
}

/// Waits until a whole sweep has passed over what is there now.
async fn swept(world: &World, firm: &FirmOf) {
    let matter = firm.matter("Last", "Least").await;
    let sentinel = accepted(world, firm, &matter, due_in(Duration::hours(23))).await;
    becomes_told(world, &sentinel.name, &["DueSoon"]).await;
}

async fn accepted(world: &World, firm: &FirmOf, matter: &Matter, task: Task) -> Task {
    let draft = firm.draft(matter).await;
    let task = firm.add(&draft, task).await.unwrap();
    firm.submit(&draft).await.unwrap();
    review_and_accept(world, &draft).await.unwrap();
    task
}

async fn move_due(firm: &FirmOf, task: &Task, span: Duration) {
    let update = UpdateTaskRequest {
        task: Some(Task {
            name: task.name.clone(),
            due_time: due_in(span).due_time,
            ..Task::default()
        }),
        ..UpdateTaskRequest::default()
    };
    firm.attorney
        .clone()
        .tasks
        .update_task(update)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_task_is_told_of_when_it_is_due_within_a_day_and_when_its_time_is_over() {
    let world = World::with(watchful()).await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let far = accepted(&world, &firm, &matter, due_in(Duration::hours(25))).await;
    let soon = accepted(&world, &firm, &matter, due_in(Duration::hours(22))).await;
    let late = accepted(&world, &firm, &matter, due_in(-Duration::MINUTE)).await;
    let own = firm.draft(&matter).await;
    let own = firm.add(&own, due_in(-Duration::HOUR)).await.unwrap();
    becomes_told(&world, &soon.name, &["DueSoon"]).await;
    becomes_told(&world, &late.name, &["Overdue"]).await;
    swept(&world, &firm).await;
    assert!(told(&world, &far.name).await.is_empty());
    assert!(
        told(&world, &own.name).await.is_empty(),
        "a draft is the firm's own"
    );
    assert_eq!(told(&world, &soon.name).await, ["DueSoon"]);
    let event: TaskOverdue = world.last_event(&late.name).await;
    let snapshot = event.task.unwrap();
    assert_eq!(snapshot.name, late.name);
    assert_eq!(snapshot.due_time, late.due_time);
    assert_eq!(snapshot.state(), TaskState::Open);
}

#[tokio::test]
async fn another_due_time_is_told_of_anew_and_another_title_is_not() {
    let world = World::with(watchful()).await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let task = accepted(&world, &firm, &matter, due_in(-Duration::MINUTE)).await;
    becomes_told(&world, &task.name, &["Overdue"]).await;
    let rename = UpdateTaskRequest {
        task: Some(Task {
            name: task.name.clone(),
            title: "Another".to_owned(),
            ..Task::default()
        }),
        ..UpdateTaskRequest::default()
    };
    let mut attorney = firm.attorney.clone();
    attorney.tasks.update_task(rename).await.unwrap();
    swept(&world, &firm).await;
    assert_eq!(told(&world, &task.name).await, ["Overdue"]);

    move_due(&firm, &task, Duration::HOUR).await;
    becomes_told(&world, &task.name, &["Overdue", "DueSoon"]).await;
    move_due(&firm, &task, Duration::days(3)).await;
    swept(&world, &firm).await;
    assert_eq!(told(&world, &task.name).await, ["Overdue", "DueSoon"]);
    move_due(&firm, &task, -Duration::HOUR).await;
    becomes_told(&world, &task.name, &["Overdue", "DueSoon", "Overdue"]).await;
}

#[tokio::test]
async fn a_task_on_hold_is_told_of_and_one_that_is_handed_over_is_not_until_it_comes_back() {
    let world = World::with(watchful()).await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let held = accepted(&world, &firm, &matter, due_in(Duration::days(2))).await;
    let delivered = accepted(&world, &firm, &matter, due_in(Duration::days(2))).await;
    let cancelled = accepted(&world, &firm, &matter, due_in(Duration::days(2))).await;
    let mut attorney = firm.attorney.clone();
    let hold = HoldTaskRequest {
        name: held.name.clone(),
        reason: "The client travels".to_owned(),
        ..HoldTaskRequest::default()
    };
    attorney.tasks.hold_task(hold).await.unwrap();
    let cancel = CancelTaskRequest {
        name: cancelled.name.clone(),
        reason: "Settled".to_owned(),
        ..CancelTaskRequest::default()
    };
    attorney.tasks.cancel_task(cancel).await.unwrap();
    let paralegal = ParalegalId::generate();
    world.give(&delivered.name, paralegal).await;
    let delivery = deliver(&world.paralegal(paralegal), &delivered, "")
        .await
        .unwrap();

    // What is delivered or cancelled can't be given another due time, so that the clock is what moves.
    let mut connection = world.database.inspect().await;
    sqlx::query("update tasks set due_time = now() - interval '1 hour'")
        .execute(&mut connection)
        .await
        .unwrap();
    becomes_told(&world, &held.name, &["Overdue"]).await;
    let event: TaskOverdue = world.last_event(&held.name).await;
    assert_eq!(event.task.unwrap().state(), TaskState::OnHold);
    swept(&world, &firm).await;
    assert!(told(&world, &delivered.name).await.is_empty());
    assert!(told(&world, &cancelled.name).await.is_empty());

    let revise = RequestRevisionRequest {
        name: delivery.name,
        reason: "Cite the statute".to_owned(),
        ..RequestRevisionRequest::default()
    };
    attorney.deliveries.request_revision(revise).await.unwrap();
    becomes_told(&world, &delivered.name, &["Overdue"]).await;
}

#[tokio::test]
async fn many_replicas_that_lose_their_lease_and_stop_tell_of_each_task_once() {
    const TASKS: i64 = 600;
    let world = World::with(watchful()).await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let mut replicas = Vec::new();
    for _ in 0..3 {
        replicas.push(world.replica(watchful()).await);
    }
    let mut connection = world.database.inspect().await;
    for (offset, from) in [("- interval '1 hour'", 1), ("+ interval '1 hour'", 301)] {
        let plant = format!(
            "insert into tasks select (jsonb_populate_record(t, jsonb_build_object(
                 'task_id', gen_random_uuid(), 'due_time', now() {offset} + make_interval(secs => n)))).*
             from tasks t, generate_series({from}, {from} + 299) n where t.task_id = '{}'",
            task.name.rsplit('/').next().unwrap(),
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(plant))
            .execute(&mut connection)
            .await
            .unwrap();
    }
    let about_due = "select count(*) from event_log where type like '%.TaskDueSoon' or type like '%.TaskOverdue'";
    eventually("every task is told of", async || {
        // Whoever sweeps finds the lease gone, and everyone may take it.
        sqlx::query("delete from lease")
            .execute(&mut connection)
            .await
            .unwrap();
        if replicas.len() > 1 && world.count(about_due).await > 100 {
            drop(replicas.pop());
        }
        world.count(about_due).await >= TASKS
    })
    .await;
    let twice = "select count(*) from (
        select 1 from event_log where type like '%.TaskDueSoon' or type like '%.TaskOverdue'
        group by aggregate having count(*) > 1) t";
    assert_eq!(world.count(twice).await, 0);
    assert_eq!(world.count(about_due).await, TASKS);
    let marked = "select count(*) from tasks where due_soon_told or overdue_told";
    assert_eq!(world.count(marked).await, TASKS);
}

#[tokio::test]
async fn the_sweep_reads_what_is_untold_alone() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let mut connection = world.database.inspect().await;
    // Overdue for long, and told of long ago.
    let plant = format!(
        "insert into tasks select (jsonb_populate_record(t, jsonb_build_object(
             'task_id', gen_random_uuid(), 'due_time', now() - make_interval(days => 1),
             'overdue_told', true))).*
         from tasks t, generate_series(1, 20000) n where t.task_id = '{}'",
        task.name.rsplit('/').next().unwrap(),
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(plant))
        .execute(&mut connection)
        .await
        .unwrap();
    for step in [
        "analyze",
        "select pg_stat_force_next_flush()",
        "select pg_stat_reset()",
    ] {
        sqlx::raw_sql(step).execute(&mut connection).await.unwrap();
    }
    let late = accepted(&world, &firm, &matter, due_in(-Duration::MINUTE)).await;
    let replica = world.replica(watchful()).await;
    // The first replica looks every ten seconds; whoever looks next finds it.
    sqlx::query("delete from lease")
        .execute(&mut connection)
        .await
        .unwrap();
    becomes_told(&world, &late.name, &["Overdue"]).await;
    eventually("the statistics tell of the indexes", async || {
        world
            .count(
                "select count(*) from pg_stat_user_indexes
                 where indexrelname in ('tasks_overdue_untold', 'tasks_due_soon_untold') and idx_scan > 0",
            )
            .await
            == 2
    })
    .await;
    let walked = "select seq_scan from pg_stat_user_tables where relname = 'tasks'";
    assert_eq!(world.count(walked).await, 0);
    drop(replica);
}
