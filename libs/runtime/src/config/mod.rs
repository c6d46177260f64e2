//! One scheme for every process: the embedded reference, then a TOML file, then the environment, then flags.
//!
//! The environment names a key as `CASELOAD_SECTION__KEY`, a flag as `--set section.key=value`; `DATABASE_URL` is
//! taken for `database.url`. A list is written as TOML writes it: `["ES256"]`. A key that nothing reads is an error
//! wherever it stands, and every section's problem is told at once. Secrets are of a type that does not print.

mod load;
mod sections;
mod sources;

pub use caseload_auth::Environment;
pub use load::ConfigError;
pub use sections::{
    DrainConfig, LogFormat, RateConfig, ServerConfig, TelemetryConfig, TlsConfig, UpstreamConfig,
};
pub use sources::{DATABASE_URL, REFERENCE, SERVICES, Sources, default_ports};

use std::collections::BTreeMap;

use caseload_auth::AuthConfig;
use caseload_database::DatabaseConfig;

/// Everything that one service process is told.
#[derive(Debug, Clone)]
pub struct Config<S> {
    /// What kind of place the process runs in.
    pub environment: Environment,
    /// How far this process's clock is ahead of the machine's, in seconds: not 0 in development alone.
    pub clock_ahead_seconds: i64,
    /// Ports, limits, and how to stop: `[server]`.
    pub server: ServerConfig,
    /// The service's database: `[database]`.
    pub database: DatabaseConfig,
    /// Whose tokens are believed: `[auth]`.
    pub auth: AuthConfig,
    /// Where traces, metrics and logs go: `[telemetry]`.
    pub telemetry: TelemetryConfig,
    /// The services whose events this one follows, by their short names: `[events.intake]`.
    pub events: BTreeMap<String, UpstreamConfig>,
    /// What the service itself is told: the section of its name.
    pub service: S,
}

impl<S> Config<S> {
    /// The service of this name, to follow its events.
    pub fn upstream(&self, name: &str) -> Result<&UpstreamConfig, ConfigError> {
        self.events.get(name).ok_or_else(|| {
            ConfigError::one(format!(
                "events.{name}: the service follows {name}, and is not told where it answers"
            ))
        })
    }
}
