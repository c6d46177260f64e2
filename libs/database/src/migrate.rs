//! The schema, ours and a service's, in one history.
//!
//! What every service has (scope, retries, audit, leases, the event log) is numbered from 0001, what a service has of
//! its own from 1001.

use secrecy::SecretString;
use sqlx::Connection as _;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnection;

use crate::DatabaseError;
use crate::config::connect_options;

/// What every service's database has.
pub static COMMON: Migrator = sqlx::migrate!("./migrations");

/// The first number of a service's own migrations.
pub const FIRST_OF_SERVICE: i64 = 1001;

/// What every service's database has, then what this service's has.
pub fn merged(service: &Migrator) -> Result<Migrator, DatabaseError> {
    if let Some(early) = service.iter().find(|step| step.version < FIRST_OF_SERVICE) {
        return Err(DatabaseError::Configuration(format!(
            "the service's migration {} is numbered below {FIRST_OF_SERVICE}",
            early.version
        )));
    }
    Ok(Migrator::with_migrations(
        COMMON.iter().chain(service.iter()).cloned().collect(),
    ))
}

/// Brings a service's database up to date, as a login role that is a member of `caseload_owner`, which comes to own
/// what is made.
pub async fn migrate(owner_url: &SecretString, service: &Migrator) -> Result<(), DatabaseError> {
    apply(owner_url, &merged(service)?).await
}

/// Brings a database up to date with these migrations alone.
pub async fn apply(owner_url: &SecretString, migrator: &Migrator) -> Result<(), DatabaseError> {
    let mut connection = PgConnection::connect_with(&connect_options(owner_url)?).await?;
    sqlx::raw_sql(
        "set role caseload_owner; set lock_timeout = '10s'; set client_min_messages = warning",
    )
    .execute(&mut connection)
    .await?;
    let outcome = migrator.run_direct(None, &mut connection, false).await;
    connection.close().await?;
    outcome.map_err(|error| match error {
        MigrateError::Execute(error) => error.into(),
        error => DatabaseError::Migration(error),
    })
}
