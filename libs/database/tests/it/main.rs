//! The database as services use it, and the private PostgreSQL as people start it.

#![allow(
    clippy::unwrap_used,
    reason = "clippy knows a test by its attribute, and not the functions that tests share"
)]

mod audit;
mod lease;
mod local;
mod migrate;
mod pooler;
mod retry;
mod scope;
mod unit;

use std::sync::LazyLock;

use caseload_database::{Database, DatabaseError, Transaction};
use caseload_domain::{FirmId, ParalegalId, Scope};
use caseload_testing::TestDatabase;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use uuid::Uuid;

/// A service that keeps notes on firms, some of them for a paralegal's eyes.
static NOTES: LazyLock<Migrator> = LazyLock::new(|| {
    let sql = "
        create table note (
            id uuid primary key default gen_random_uuid(),
            firm_id uuid not null,
            paralegal_id uuid,
            text text not null,
            unique (firm_id, text)
        );
        alter table note enable row level security;
        alter table note force row level security;
        create policy note_scope on note to caseload_app
            using (app_sees_firm(firm_id) or paralegal_id = app_paralegal())
            with check (app_sees_firm(firm_id));
        grant select, insert, update, delete on note to caseload_app;";
    Migrator::with_migrations(vec![Migration::new(
        1001,
        "notes".into(),
        MigrationType::Simple,
        sql.into_sql_str(),
        false,
    )])
});

/// A database with notes, and the service's way to it.
async fn notes() -> (TestDatabase, Database) {
    let database = caseload_testing::database("notes", &NOTES).await;
    let db = database.connect().await;
    (database, db)
}

async fn write(tx: &mut Transaction, firm: FirmId, text: &str) -> Result<(), DatabaseError> {
    write_for(tx, firm, None, text).await
}

async fn write_for(
    tx: &mut Transaction,
    firm: FirmId,
    paralegal: Option<ParalegalId>,
    text: &str,
) -> Result<(), DatabaseError> {
    sqlx::query("insert into note (firm_id, paralegal_id, text) values ($1, $2, $3)")
        .bind(Uuid::from(firm))
        .bind(paralegal.map(Uuid::from))
        .bind(text)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Writes a note in its firm's scope.
async fn noted(db: &Database, firm: FirmId, text: &str) {
    let text = text.to_owned();
    db.run(Scope::Firm(firm), move |tx| {
        Box::pin(async move { write(tx, firm, &text).await })
    })
    .await
    .unwrap();
}

/// The notes that a scope sees.
async fn seen(db: &Database, scope: Scope) -> Vec<String> {
    db.run(scope, |tx| {
        Box::pin(async move {
            let notes = sqlx::query_scalar("select text from note order by text")
                .fetch_all(tx.connection())
                .await;
            Ok::<_, DatabaseError>(notes?)
        })
    })
    .await
    .unwrap()
}

/// How many notes there are, whoever may see them.
async fn committed(database: &TestDatabase) -> i64 {
    sqlx::query_scalar("select count(*) from note")
        .fetch_one(&mut database.inspect().await)
        .await
        .unwrap()
}
