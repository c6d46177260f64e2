//! Whose data a transaction sees.

use caseload_database::{Database, DatabaseError};
use caseload_domain::{FirmId, ParalegalId, Scope};
use caseload_testing::catalogue;
use secrecy::ExposeSecret as _;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection as _, PgConnection};

use super::{noted, notes, seen, write, write_for};

#[tokio::test]
async fn a_firm_sees_its_own_and_nobody_elses() {
    let (_database, db) = notes().await;
    let (ours, theirs) = (FirmId::generate(), FirmId::generate());
    noted(&db, ours, "ours").await;
    noted(&db, theirs, "theirs").await;
    assert_eq!(seen(&db, Scope::Firm(ours)).await, ["ours"]);
    assert_eq!(seen(&db, Scope::Firm(theirs)).await, ["theirs"]);
    assert_eq!(seen(&db, Scope::Firm(FirmId::generate())).await, [""; 0]);
    assert_eq!(seen(&db, Scope::AllFirms).await, ["ours", "theirs"]);
}

#[tokio::test]
async fn a_paralegal_sees_what_is_theirs_in_whatever_firm() {
    let (_database, db) = notes().await;
    let (paralegal, firm) = (ParalegalId::generate(), FirmId::generate());
    noted(&db, firm, "the firm's").await;
    db.run(Scope::AllFirms, move |tx| {
        Box::pin(async move { write_for(tx, firm, Some(paralegal), "for you").await })
    })
    .await
    .unwrap();
    assert_eq!(seen(&db, Scope::Paralegal(paralegal)).await, ["for you"]);
    assert_eq!(
        seen(&db, Scope::Paralegal(ParalegalId::generate())).await,
        [""; 0]
    );
}

#[tokio::test]
async fn a_firm_cannot_write_for_another() {
    let (_database, db) = notes().await;
    let (ours, theirs) = (FirmId::generate(), FirmId::generate());
    let refused = db
        .run(Scope::Firm(ours), move |tx| {
            Box::pin(async move { write(tx, theirs, "planted").await })
        })
        .await;
    assert!(
        matches!(refused, Err(DatabaseError::Query(_))),
        "{refused:?}"
    );
    assert_eq!(seen(&db, Scope::AllFirms).await, [""; 0]);
}

#[tokio::test]
async fn a_transaction_can_go_on_in_another_scope() {
    let (_database, db) = notes().await;
    let (first, second) = (FirmId::generate(), FirmId::generate());
    db.run(Scope::Firm(first), move |tx| {
        Box::pin(async move {
            write(tx, first, "first").await?;
            tx.set_scope(Scope::Firm(second)).await?;
            write(tx, second, "second").await
        })
    })
    .await
    .unwrap();
    assert_eq!(seen(&db, Scope::Firm(second)).await, ["second"]);
}

#[tokio::test]
async fn without_a_scope_nothing_is_shown_neither_at_first_nor_after_reuse() {
    let (database, db) = notes().await;
    let firm = FirmId::generate();
    noted(&db, firm, "secret").await;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect(database.config().url.expose_secret())
        .await
        .unwrap();
    let look = "select count(*) from note";
    // A connection that never had a scope does not even have the setting.
    let fresh: Result<i64, _> = sqlx::query_scalar(look).fetch_one(&pool).await;
    assert!(fresh.is_err());

    let mut scoped = pool.begin().await.unwrap();
    sqlx::query(
        "select set_config('app.firm_id', $1, true), set_config('app.paralegal_id', '', true)",
    )
    .bind(firm.to_string())
    .execute(&mut *scoped)
    .await
    .unwrap();
    let within: i64 = sqlx::query_scalar(look)
        .fetch_one(&mut *scoped)
        .await
        .unwrap();
    assert_eq!(within, 1);
    scoped.commit().await.unwrap();

    // The same connection, reused: the setting is there by now, and empty.
    let after: i64 = sqlx::query_scalar(look).fetch_one(&pool).await.unwrap();
    assert_eq!(after, 0);
}

#[tokio::test]
async fn a_service_does_not_start_as_a_role_that_sees_everything() {
    let (database, _db) = notes().await;
    let mut config = database.config();
    config.url = database.owner_url();
    let refused = Database::connect(&config).await.unwrap_err();
    assert!(
        matches!(refused, DatabaseError::Configuration(_)),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_feed_is_held_to_a_narrow_role_and_to_the_limit_of_statements() {
    let (database, _db) = notes().await;
    let mut config = database.config();
    config.statement_timeout_ms = 1_234;
    let db = Database::connect(&config).await.unwrap();
    let limit: String = sqlx::query_scalar("select current_setting('statement_timeout')")
        .fetch_one(db.feed().unwrap())
        .await
        .unwrap();
    assert_eq!(limit, "1234ms");
    config.feed_url = Some(database.owner_url());
    let refused = Database::connect(&config).await.unwrap_err();
    assert!(
        matches!(refused, DatabaseError::Configuration(_)),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_services_role_can_neither_truncate_nor_connect_elsewhere() {
    let (database, _db) = notes().await;
    let url = database.config().url.expose_secret().to_owned();
    let mut app = PgConnection::connect(&url).await.unwrap();
    let truncated = sqlx::raw_sql("truncate note").execute(&mut app).await;
    assert!(
        truncated
            .unwrap_err()
            .to_string()
            .contains("permission denied")
    );

    let other = caseload_testing::database("others", &super::NOTES).await;
    let others = other.config().url.expose_secret().to_owned();
    let (_, others_database) = others.rsplit_once("localhost/").unwrap();
    let elsewhere = format!("postgres://notes_app@localhost/{others_database}");
    assert!(PgConnection::connect(&elsewhere).await.is_err());
}

#[tokio::test]
async fn the_catalogue_shows_no_breach_of_row_level_security() {
    let (database, _db) = notes().await;
    catalogue::check(&database).await;
}

#[tokio::test]
async fn the_catalogue_shows_every_kind_of_breach() {
    let (database, _db) = notes().await;
    database
        .as_owner(
            "create table unprotected (id uuid primary key, firm_id uuid not null);
             create table unforced (id uuid primary key, firm_id uuid not null unique, number text unique);
             alter table unforced enable row level security;
             create policy open_to_all on unforced to caseload_app using (true);
             grant insert on unforced to caseload_app;
             create table child (id uuid primary key, note_id uuid references note (id));
             create table sibling (id uuid primary key, firm_id uuid not null, note_id uuid references note (id));
             create view careless as select * from note;
             grant truncate on note to caseload_app;",
        )
        .await;
    let breaches = catalogue::breaches(&mut database.inspect().await)
        .await
        .unwrap();
    for (what, rule) in [
        ("unprotected", "enabled and forced"),
        ("unforced", "enabled and forced"),
        ("unprotected", "has a policy"),
        (
            "open_to_all on unforced",
            "asks for the transaction's scope",
        ),
        ("child", "has firm_id itself"),
        ("sibling_note_id_fkey", "between firms' tables"),
        ("unforced_number_key", "begins with firm_id"),
        ("caseload_app on note", "truncate"),
        ("careless", "caller's rights"),
    ] {
        let found = breaches
            .iter()
            .any(|line| line.starts_with(what) && line.contains(rule));
        assert!(found, "{what}: {rule}, in {breaches:#?}");
    }
}
