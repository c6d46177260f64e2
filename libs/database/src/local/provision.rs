//! Roles and databases on a private server, as an operator makes them on a real one.
//!
//! The roles `caseload_owner`, `caseload_app` and `caseload_feed` hold what is granted, and nobody logs in as them. A
//! service NAME logs in as `NAME_owner` to migrate, as `NAME_app` to serve and as `NAME_feed` to be followed; each is a
//! member of its one role, and may connect to the service's own database alone.

use std::os::unix::ffi::OsStrExt as _;

use secrecy::SecretString;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection as _};

use super::{LocalError, LocalServer};
use crate::DatabaseConfig;

/// The roles that hold what is granted, each with the part of a service's login role.
const ROLES: [(&str, &str); 3] = [
    ("caseload_owner", "owner"),
    ("caseload_app", "app"),
    ("caseload_feed", "feed"),
];

/// A service's database on a private server.
#[derive(Debug, Clone)]
pub struct ServiceDatabase {
    /// Where to migrate it.
    pub owner_url: SecretString,
    /// Where to serve from it.
    pub url: SecretString,
    /// Where to read its event log.
    pub feed_url: SecretString,
}

impl ServiceDatabase {
    /// What the service is configured with.
    pub fn config(&self, page_key: SecretString) -> DatabaseConfig {
        DatabaseConfig {
            feed_url: Some(self.feed_url.clone()),
            ..DatabaseConfig::new(self.url.clone(), page_key)
        }
    }
}

impl LocalServer {
    /// The address of a database on this server, as one of its roles.
    pub fn url(&self, database: &str, role: &str) -> SecretString {
        let folder: String = self
            .socket_dir()
            .as_os_str()
            .as_bytes()
            .iter()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                    char::from(*byte).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect();
        format!("postgres://{role}@localhost/{database}?host={folder}").into()
    }

    /// Makes the database of a service and its login roles, unless they are there.
    pub async fn create_service_database(&self, name: &str) -> Result<ServiceDatabase, LocalError> {
        self.create(name, name, None).await
    }

    /// Makes another database for a service, a copy of one that nobody is connected to.
    pub async fn copy_service_database(
        &self,
        service: &str,
        from: &str,
        to: &str,
    ) -> Result<ServiceDatabase, LocalError> {
        checked(from)?;
        self.create(service, to, Some(from)).await
    }

    /// Removes a database, whoever is connected to it.
    pub async fn drop_database(&self, name: &str) -> Result<(), LocalError> {
        checked(name)?;
        let mut admin = self.administrator().await?;
        execute(
            &mut admin,
            format!("drop database if exists {name} with (force)"),
        )
        .await?;
        Ok(admin.close().await?)
    }

    async fn create(
        &self,
        service: &str,
        database: &str,
        template: Option<&str>,
    ) -> Result<ServiceDatabase, LocalError> {
        checked(service)?;
        checked(database)?;
        let mut admin = self.administrator().await?;
        self.create_roles(&mut admin, service).await?;
        if !exists(
            &mut admin,
            "select from pg_database where datname = $1",
            database,
        )
        .await?
        {
            let template = template.map_or(String::new(), |from| format!(" template {from}"));
            execute(
                &mut admin,
                format!("create database {database} owner caseload_owner{template}"),
            )
            .await?;
        }
        execute(
            &mut admin,
            format!(
                "revoke all on database {database} from public;
                 grant connect on database {database} to {service}_owner, {service}_app, {service}_feed"
            ),
        )
        .await?;
        admin.close().await?;
        Ok(ServiceDatabase {
            owner_url: self.url(database, &format!("{service}_owner")),
            url: self.url(database, &format!("{service}_app")),
            feed_url: self.url(database, &format!("{service}_feed")),
        })
    }

    async fn create_roles(
        &self,
        admin: &mut PgConnection,
        service: &str,
    ) -> Result<(), LocalError> {
        // PostgreSQL has no "create role if not exists", and two that look first and then create would collide.
        let _one_at_a_time = self.provisioning.lock().await;
        let known = "select from pg_roles where rolname = $1";
        for (role, part) in ROLES {
            if !exists(admin, known, role).await? {
                execute(admin, format!("create role {role} nologin")).await?;
            }
            let login = format!("{service}_{part}");
            if !exists(admin, known, &login).await? {
                execute(
                    admin,
                    format!("create role {login} login inherit in role {role}"),
                )
                .await?;
            }
        }
        execute(
            admin,
            "revoke connect on database postgres, template1 from public".to_owned(),
        )
        .await
    }

    async fn administrator(&self) -> Result<PgConnection, LocalError> {
        let options = PgConnectOptions::new_without_pgpass()
            .socket(self.socket_dir())
            .port(5432)
            .username("postgres")
            .database("postgres");
        Ok(PgConnection::connect_with(&options).await?)
    }
}

/// Names are written into statements, so they are held to what needs no quotes.
fn checked(name: &str) -> Result<(), LocalError> {
    let fit = name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    fit.then_some(())
        .ok_or_else(|| LocalError::InvalidName(name.to_owned()))
}

async fn exists(
    admin: &mut PgConnection,
    query: &'static str,
    name: &str,
) -> Result<bool, LocalError> {
    Ok(sqlx::query(query)
        .bind(name)
        .fetch_optional(admin)
        .await?
        .is_some())
}

/// For statements made of checked names and our own words.
async fn execute(admin: &mut PgConnection, statement: String) -> Result<(), LocalError> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(admin)
        .await?;
    Ok(())
}
