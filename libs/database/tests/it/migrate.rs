//! The schema, ours and a service's, in one history.

use caseload_database::{DatabaseError, migrate};
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::{NOTES, notes};

#[tokio::test]
async fn a_database_that_is_up_to_date_stays_as_it_is() {
    let (database, _db) = notes().await;
    migrate::migrate(&database.owner_url(), &NOTES)
        .await
        .unwrap();
}

#[tokio::test]
async fn everything_is_owned_by_the_owners_role() {
    let (database, _db) = notes().await;
    let owners: Vec<String> = sqlx::query_scalar(
        "select distinct relowner::regrole::text from pg_class where relnamespace = 'public'::regnamespace",
    )
    .fetch_all(&mut database.inspect().await)
    .await
    .unwrap();
    assert_eq!(owners, ["caseload_owner"]);
}

#[test]
fn a_services_own_migrations_come_after_ours() {
    let merged = migrate::merged(&NOTES).unwrap();
    let versions: Vec<i64> = merged.iter().map(|step| step.version).collect();
    assert!(versions.is_sorted());
    assert_eq!(versions.last(), Some(&1001));

    let step = Migration::new(
        5,
        "early".into(),
        MigrationType::Simple,
        "".into_sql_str(),
        false,
    );
    let early = Migrator::with_migrations(vec![step]);
    assert!(matches!(
        migrate::merged(&early),
        Err(DatabaseError::Configuration(_))
    ));
}
