//! What the database itself holds to.

use caseload_timekeeping::MIGRATIONS;

use crate::world::World;

#[tokio::test]
async fn every_table_of_a_firm_is_held_to_its_rows() {
    let database = caseload_testing::database("timekeeping", &MIGRATIONS).await;
    caseload_testing::catalogue::check(&database).await;
}

#[tokio::test]
async fn approved_time_can_be_neither_changed_nor_deleted_not_even_by_its_owner() {
    let world = World::new().await;
    let job = world.job().await;
    world.approved(&job, 0).await;
    let mut database = world.database.inspect().await;
    for statement in [
        "update time_entries set narrative = 'Something else.'",
        "update time_entries set worked_seconds = 60, end_time = start_time + interval '1 minute'",
        "update time_entries set state = 'draft'",
        "update time_entries set state = 'reversed', reverse_actor = 'x', reverse_time = now(),
             reverse_reason = 'y', narrative = 'Something else.'",
        "delete from time_entries",
    ] {
        let refused = sqlx::query(statement).execute(&mut database).await;
        let refused = refused.expect_err(statement).to_string();
        assert!(refused.contains("never changes"), "{statement}: {refused}");
    }
}
