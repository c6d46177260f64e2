//! Queries that a caller waits for use their index when the tables are large.

use caseload_domain::ParalegalId;
use caseload_proto::caseload::intake::v1::{
    ListDeliveriesRequest, ListMattersRequest, ListTasksRequest,
};
use caseload_proto::google::r#type::Date;
use caseload_testing::eventually;

use crate::world::{World, deliver};

#[tokio::test]
async fn a_paralegals_own_tasks_and_deliveries_are_found_by_index_among_many() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let mut person = world.paralegal(paralegal);
    deliver(&person, &task, "").await.unwrap();
    let mut connection = world.database.inspect().await;
    // As many again of others', and older, so that a walk through the table by age meets them first.
    sqlx::raw_sql(
        "insert into tasks select (jsonb_populate_record(t, jsonb_build_object(
             'task_id', '00000000-0000-0000-0000-' || lpad(n::text, 12, '0'),
             'paralegal_id', gen_random_uuid()))).* from tasks t, generate_series(1, 20000) n;
         insert into deliveries select (jsonb_populate_record(d, jsonb_build_object(
             'delivery_id', '00000000-0000-0000-0000-' || lpad(n::text, 12, '0'), 'state', 'revision_requested',
             'task_id', '00000000-0000-0000-0000-' || lpad(n::text, 12, '0'),
             'paralegal_id', gen_random_uuid()))).* from deliveries d, generate_series(1, 20000) n;
         analyze",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    // What was read to make them is counted before the counting begins.
    for step in [
        "select pg_stat_force_next_flush()",
        "select pg_stat_reset()",
    ] {
        sqlx::raw_sql(step).execute(&mut connection).await.unwrap();
    }

    let tasks = ListTasksRequest {
        parent: "firms/-".to_owned(),
        ..ListTasksRequest::default()
    };
    let deliveries = ListDeliveriesRequest {
        parent: "firms/-".to_owned(),
        ..ListDeliveriesRequest::default()
    };
    let tasks = person.tasks.list_tasks(tasks).await.unwrap().into_inner();
    assert_eq!(tasks.tasks.len(), 1);
    let deliveries = person.deliveries.list_deliveries(deliveries).await;
    assert_eq!(deliveries.unwrap().into_inner().deliveries.len(), 1);
    eventually("the statistics tell of the indexes", async || {
        world
            .count(
                "select count(*) from pg_stat_user_indexes
                 where indexrelname in ('tasks_of_paralegal', 'deliveries_of_paralegal') and idx_scan > 0",
            )
            .await
            == 2
    })
    .await;
    // One row is looked up by its id; thousands would be met on a walk by age.
    let walked = "select sum(idx_tup_read)::bigint from pg_stat_user_indexes
                  where indexrelname in ('tasks_by_age', 'deliveries_by_age')";
    assert!(world.count(walked).await < 100);
    for whole_table in [
        "select seq_scan from pg_stat_user_tables where relname = 'tasks'",
        "select seq_scan from pg_stat_user_tables where relname = 'deliveries'",
    ] {
        assert_eq!(world.count(whole_table).await, 0, "{whole_table}");
    }
}

#[tokio::test]
async fn the_matters_in_which_something_is_due_are_found_by_index_among_many() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    for firm in [&firm, &other] {
        firm.matter("Alice", "Bob").await;
    }
    let mut connection = world.database.inspect().await;
    sqlx::raw_sql(
        "insert into matters select (jsonb_populate_record(m, jsonb_build_object(
             'matter_id', gen_random_uuid()))).* from matters m, generate_series(1, 5000) n;
         insert into matter_key_dates (firm_id, matter_id, key_date_id, kind, title, date, note, source)
         select firm_id, matter_id, 'date-' || d, 'filing', 'Due', date '2020-01-01' + d, '', ''
         from matters, generate_series(1, 4) d;
         update matter_key_dates set date = '2026-03-02' where matter_id in (
             select matter_id from matters where (firm_id, matter_id) in (
                 select firm_id, (array_agg(matter_id))[1] from matters group by firm_id)) and key_date_id = 'date-1';
         analyze",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    // What was read to make them is counted before the counting begins.
    for step in [
        "select pg_stat_force_next_flush()",
        "select pg_stat_reset()",
    ] {
        sqlx::raw_sql(step).execute(&mut connection).await.unwrap();
    }
    let march = Some(Date {
        year: 2026,
        month: 3,
        day: 2,
    });
    let due = ListMattersRequest {
        parent: firm.name.clone(),
        key_date_from: march,
        key_date_to: march,
        ..ListMattersRequest::default()
    };
    let mut attorney = firm.attorney.clone();
    let found = attorney.matters.list_matters(due).await.unwrap();
    assert_eq!(found.into_inner().matters.len(), 1);
    eventually("the statistics tell of the index", async || {
        world
            .count("select idx_scan from pg_stat_user_indexes where indexrelname = 'matter_key_dates_by_day'")
            .await
            > 0
    })
    .await;
    let read = "select seq_scan + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables
                where relname = 'matter_key_dates'";
    assert!(world.count(read).await < 100);
}
