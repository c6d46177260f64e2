//! Queries that a caller waits for use their index when the tables are large.

use caseload_testing::eventually;

use crate::world::World;

#[tokio::test]
async fn a_conflict_check_among_many_names_reads_an_index_and_not_the_table() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let crowd = one.matter("Alice", "Bob").await;
    let crowd: caseload_domain::name::MatterName = crowd.name.parse().unwrap();
    let mut connection = world.database.inspect().await;
    sqlx::query(
        "insert into conflict_names (firm_id, matter_id, position, name, role, side, conflict_key)
         select $1, $2, n, 'Party ' || n, 'client', 'client', 'party ' || n from generate_series(100, 40000) n",
    )
    .bind(crowd.firm.0)
    .bind(crowd.id.0)
    .execute(&mut connection)
    .await
    .unwrap();
    sqlx::raw_sql("analyze; select pg_stat_reset()")
        .execute(&mut connection)
        .await
        .unwrap();

    let matter = other.matter("Carol", "Party 12345").await;
    let (request, _) = other.submitted(&matter).await;
    assert!(!request.conflict_check.is_empty());
    eventually("the statistics tell of the index", async || {
        world
            .count("select idx_scan from pg_stat_user_indexes where indexrelname = 'conflict_names_by_key'")
            .await
            > 0
    })
    .await;
    let whole_table = "select seq_scan from pg_stat_user_tables where relname = 'conflict_names'";
    assert_eq!(world.count(whole_table).await, 0);
}
