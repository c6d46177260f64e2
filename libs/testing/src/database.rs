//! A database for each test, copied from a migrated template on a private PostgreSQL of the test process.
//!
//! The server starts with the first test that asks and ends with the process. A template is made once for each
//! service; a copy of it takes some milliseconds, so that every test has a database to itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use caseload_database::local::{LocalOptions, LocalServer, ServiceDatabase};
use caseload_database::{Database, DatabaseConfig, migrate};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection, SqlSafeStr};
use tokio::sync::OnceCell;

/// What tests seal page tokens with.
const PAGE_KEY: &str = "a page key for tests, which need not be secret";
/// Tests run side by side, each with a few calls at a time.
const MAX_CONNECTIONS: u32 = 8;

/// A database of a test's own: `let db = testing::database("intake", &caseload_intake::MIGRATIONS).await`.
///
/// # Panics
/// When PostgreSQL can't be started, or the migrations fail.
pub async fn database(service: &'static str, migrations: &'static Migrator) -> TestDatabase {
    TestDatabase::create(service, migrations)
        .await
        .unwrap_or_else(|why| panic!("no database for the test: {why:#}"))
}

/// A database of a test's own. It goes when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    server: &'static LocalServer,
    addresses: ServiceDatabase,
}

impl TestDatabase {
    async fn create(service: &'static str, migrations: &'static Migrator) -> anyhow::Result<Self> {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let server = server().await?;
        let template = template(server, service, migrations).await?;
        let name = format!("{service}_{}", LAST.fetch_add(1, Ordering::Relaxed));
        let addresses = server
            .copy_service_database(service, &template, &name)
            .await
            .context("copying the template")?;
        Ok(Self {
            name,
            server,
            addresses,
        })
    }

    /// What a service is configured with to use it.
    pub fn config(&self) -> DatabaseConfig {
        DatabaseConfig {
            max_connections: MAX_CONNECTIONS,
            ..self.addresses.config(PAGE_KEY.into())
        }
    }

    /// The database as a service has it.
    ///
    /// # Panics
    /// When it can't be reached.
    pub async fn connect(&self) -> Database {
        Database::connect(&self.config())
            .await
            .unwrap_or_else(|why| panic!("{}: {why}", self.name))
    }

    /// Where to migrate it, as its owner.
    pub fn owner_url(&self) -> SecretString {
        self.addresses.owner_url.clone()
    }

    /// Does what an operator would do, as the tables' owner: `db.as_owner("update event_head …")`.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn as_owner(&self, statements: impl SqlSafeStr) {
        let statements = statements.into_sql_str();
        let done = async {
            let mut connection =
                PgConnection::connect(self.addresses.owner_url.expose_secret()).await?;
            sqlx::raw_sql("set role caseload_owner")
                .execute(&mut connection)
                .await?;
            sqlx::raw_sql(statements.clone())
                .execute(&mut connection)
                .await?;
            connection.close().await
        };
        done.await
            .unwrap_or_else(|why: sqlx::Error| panic!("{}: {why}", statements.as_str()));
    }

    /// A connection that sees everything, to look at what a service has done.
    ///
    /// # Panics
    /// When the database can't be reached.
    pub async fn inspect(&self) -> PgConnection {
        PgConnection::connect(self.server.url(&self.name, "postgres").expose_secret())
            .await
            .unwrap_or_else(|why| panic!("{}: {why}", self.name))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server, std::mem::take(&mut self.name));
        // The test's own runtime can't wait here, and may be on its way out.
        std::thread::spawn(move || {
            let dropped = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(anyhow::Error::from)
                .and_then(|runtime| Ok(runtime.block_on(server.drop_database(&name))?));
            if let Err(error) = dropped {
                tracing::debug!(%error, name, "a test's database was not dropped");
            }
        });
    }
}

/// The private PostgreSQL of this process. It ends with the process, whose end its watchdog notices.
async fn server() -> anyhow::Result<&'static LocalServer> {
    static SERVER: OnceCell<LocalServer> = OnceCell::const_new();
    SERVER
        .get_or_try_init(|| LocalServer::start(LocalOptions::temporary()))
        .await
        .context("starting a private PostgreSQL")
}

/// A migrated database of a service that nobody is connected to.
async fn template(
    server: &LocalServer,
    service: &'static str,
    migrations: &'static Migrator,
) -> anyhow::Result<String> {
    type Templates = HashMap<(&'static str, usize), Arc<OnceCell<String>>>;
    static TEMPLATES: Mutex<Option<Templates>> = Mutex::new(None);
    let (cell, number) = {
        let mut templates = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
        let templates = templates.get_or_insert_default();
        let number = templates.len();
        let key = (service, std::ptr::from_ref(migrations).addr());
        (Arc::clone(templates.entry(key).or_default()), number)
    };
    cell.get_or_try_init(|| async {
        let name = format!("{service}_template_{number}");
        let made = server
            .copy_service_database(service, "template1", &name)
            .await
            .context("making a template")?;
        migrate::migrate(&made.owner_url, migrations)
            .await
            .context("migrating the template")?;
        Ok(name)
    })
    .await
    .cloned()
}
