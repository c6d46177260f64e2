//! Where the database is, and as whom.

use std::str::FromStr as _;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use sqlx::postgres::PgConnectOptions;

use crate::DatabaseError;

/// Where the database is, as whom, and the limits on its use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://user:password@host/database`, as a login role that is a member of `caseload_app`.
    pub url: SecretString,
    /// The same database, as a login role that is a member of `caseload_feed`. Needed by a service whose events are
    /// followed. Not through a pooler in transaction mode.
    #[serde(default)]
    pub feed_url: Option<SecretString>,
    /// How many connections this process may hold as `caseload_app`; a quarter as many more as `caseload_feed`.
    #[serde(default = "max_connections")]
    pub max_connections: u32,
    /// How long a call waits for a free connection before it is refused, in milliseconds.
    #[serde(default = "acquire_timeout_ms")]
    pub acquire_timeout_ms: u64,
    /// How long one statement may take, in milliseconds.
    #[serde(default = "statement_timeout_ms")]
    pub statement_timeout_ms: u64,
    /// What page tokens are sealed with: at least 32 bytes, random, the same for every replica.
    pub page_key: SecretString,
    /// Whether a pooler in transaction mode (PgBouncer) stands before the database: no statement is then kept prepared
    /// from one transaction to the next.
    #[serde(default)]
    pub pooler: bool,
}

const fn max_connections() -> u32 {
    16
}

const fn acquire_timeout_ms() -> u64 {
    5_000
}

const fn statement_timeout_ms() -> u64 {
    30_000
}

/// The longest that a statement, or a wait for a connection, may be allowed: an hour.
const LONGEST_MS: u64 = 3_600_000;

impl DatabaseConfig {
    /// The fewest bytes of a page key.
    pub const PAGE_KEY_BYTES: usize = 32;

    /// The configuration with its defaults.
    pub fn new(url: SecretString, page_key: SecretString) -> Self {
        Self {
            url,
            feed_url: None,
            max_connections: max_connections(),
            acquire_timeout_ms: acquire_timeout_ms(),
            statement_timeout_ms: statement_timeout_ms(),
            page_key,
            pooler: false,
        }
    }

    /// What is wrong with the values, said without showing a secret.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let (bytes, least) = (self.page_key.expose_secret().len(), Self::PAGE_KEY_BYTES);
        if bytes < least {
            problems.push(format!(
                "database.page_key has {bytes} bytes, of at least {least}"
            ));
        }
        if self.max_connections == 0 {
            problems
                .push("database.max_connections is 0, which would let nothing through".to_owned());
        }
        for (key, milliseconds) in [
            ("acquire_timeout_ms", self.acquire_timeout_ms),
            // PostgreSQL takes 0 for no limit at all.
            ("statement_timeout_ms", self.statement_timeout_ms),
        ] {
            if !(1..=LONGEST_MS).contains(&milliseconds) {
                problems.push(format!(
                    "database.{key} is {milliseconds}, of 1 to {LONGEST_MS}"
                ));
            }
        }
        problems
    }

    /// How to connect with one of the addresses.
    pub(crate) fn options(&self, url: &SecretString) -> Result<PgConnectOptions, DatabaseError> {
        let options = connect_options(url)?;
        Ok(if self.pooler {
            // A pooler refuses startup parameters that it can't carry over, and a statement kept prepared would be
            // looked for on whatever server the next transaction meets.
            options.extra_float_digits(None).statement_cache_capacity(0)
        } else {
            options
        })
    }
}

/// How to connect with an address; what is wrong with it is said without showing it.
pub(crate) fn connect_options(url: &SecretString) -> Result<PgConnectOptions, DatabaseError> {
    PgConnectOptions::from_str(url.expose_secret())
        .map(|options| options.application_name("caseload"))
        .map_err(|_| {
            DatabaseError::Configuration(
                "the database's address is not of the form postgres://user:password@host/database"
                    .to_owned(),
            )
        })
}
