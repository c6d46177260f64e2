//! A search among many names reads indexes and not the table.

use caseload_domain::name::MatterName;
use caseload_testing::eventually;

use crate::world::World;

/// Names of many words that few share.
const CROWD: &str = "insert into conflict_names (firm_id, matter_id, position, name, role, side, conflict_key, folded,
                                                 blocks, matcher_version)
    select $1, $2, n, t.text, 'client', 'client', t.text, t.text, array[md5(n::text)], 1
    from generate_series(100, 40000) n, lateral (select md5(n::text) || ' ' || md5((n / 7)::text) as text) t";

#[tokio::test]
async fn a_conflict_check_among_many_names_reads_indexes_and_not_the_table() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let crowd = one.matter("Alice", "Bob").await;
    let crowd: MatterName = crowd.name.parse().unwrap();
    let mut connection = world.database.inspect().await;
    sqlx::query(CROWD)
        .bind(crowd.firm.0)
        .bind(crowd.id.0)
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
    let matter = other.matter("Carol", "Party 12345").await;
    let (request, _) = other.submitted(&matter).await;
    assert!(!request.conflict_check.is_empty());
    let indexes = "select count(*) from pg_stat_user_indexes where idx_scan > 0 and indexrelname in
        ('conflict_names_by_key', 'conflict_names_by_block', 'conflict_names_by_trigram')";
    eventually("the statistics tell of the indexes", async || {
        world.count(indexes).await == 3
    })
    .await;
    let whole_table = "select seq_scan from pg_stat_user_tables where relname = 'conflict_names'";
    assert_eq!(world.count(whole_table).await, 0);
}

#[tokio::test]
async fn candidates_are_for_the_scope_of_every_firm_alone() {
    let world = World::new().await;
    let one = world.firm("ONE").await;
    one.matter("Alice", "Bob").await;
    let mut connection = world.database.inspect().await;
    for (scope, found) in [
        ("*".to_owned(), 1),
        (one.id.to_string(), 0),
        (String::new(), 0),
    ] {
        let mut tx = sqlx::Connection::begin(&mut connection).await.unwrap();
        for setting in [
            "set local role caseload_app",
            "set local app.paralegal_id = ''",
        ] {
            sqlx::raw_sql(setting).execute(&mut *tx).await.unwrap();
        }
        sqlx::query("select set_config('app.firm_id', $1, true)")
            .bind(&scope)
            .execute(&mut *tx)
            .await
            .unwrap();
        let names: i64 = sqlx::query_scalar(
            "select count(*) from conflict_candidates('bob', 'bob', '{bob}', '{adverse}')",
        )
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        assert_eq!(names, found, "in the scope {scope:?}");
    }
}
