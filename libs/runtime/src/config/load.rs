//! Putting the sources together, and reading every section of the whole.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use caseload_auth::AuthConfig;
use caseload_database::DatabaseConfig;
use config::builder::DefaultState;
use config::{ConfigBuilder, FileFormat, Map, Value};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Config, Environment, UpstreamConfig};

/// The reference: every key with its default, commented. It is the first source of every configuration.
pub const REFERENCE: &str = include_str!("../../../../deploy/config/caseload.toml");

/// The environment variable that is taken for `database.url`.
pub const DATABASE_URL: &str = "DATABASE_URL";

/// The services whose sections may stand in one file.
pub const SERVICES: [&str; 4] = ["intake", "assignment", "timekeeping", "billing"];

/// The prefix of environment variables that are read.
const PREFIX: &str = "CASELOAD";

/// Variables with the prefix that are no keys: they say where the keys are.
const NOT_KEYS: [&str; 2] = ["CASELOAD_CONFIG", "CASELOAD_DATA_DIR"];

/// Where a configuration comes from; later sources win over earlier ones.
#[derive(Clone, Default)]
pub struct Sources {
    /// A TOML file.
    pub file: Option<PathBuf>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
    /// Flags, as `section.key` and a value.
    pub flags: Vec<(String, String)>,
}

impl Sources {
    /// A file and flags, beside the process's own environment variables.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name == DATABASE_URL || name.starts_with("CASELOAD_"))
            .collect();
        Self {
            file,
            environment,
            flags,
        }
    }

    /// The same sources with one more flag.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.flags.push((key.into(), value.into()));
        self
    }

    /// One section, read and checked by itself.
    pub fn section<T: DeserializeOwned>(&self, name: &str) -> Result<T, ConfigError> {
        let mut reader = Reader {
            sections: self.merged(name)?,
            problems: Vec::new(),
        };
        let section = reader.section(name);
        section.ok_or(ConfigError {
            problems: reader.problems,
        })
    }

    /// The environment, when a file, a variable or a flag names one; the reference's default does not count.
    pub fn stated_environment(&self) -> Result<Option<Environment>, ConfigError> {
        let builder = self.onto(config::Config::builder())?;
        let mut stated = builder.build()?.cache.into_table()?;
        let environment = stated.remove("environment").map(Value::try_deserialize);
        Ok(environment.transpose()?)
    }

    /// All sources on top of the reference, for a service.
    fn merged(&self, service: &str) -> Result<Map<String, Value>, ConfigError> {
        let (grpc, health) = default_ports(service);
        let builder = config::Config::builder()
            .set_default("server.listen", format!("127.0.0.1:{grpc}"))?
            .set_default("server.health_listen", format!("127.0.0.1:{health}"))?
            .add_source(config::File::from_str(REFERENCE, FileFormat::Toml));
        Ok(self.onto(builder)?.build()?.cache.into_table()?)
    }

    /// All sources on top of what is there.
    fn onto(
        &self,
        mut builder: ConfigBuilder<DefaultState>,
    ) -> Result<ConfigBuilder<DefaultState>, ConfigError> {
        if let Some(path) = &self.file {
            let name = path.display();
            let text = std::fs::read_to_string(path)
                .map_err(|why| ConfigError::one(format!("can't read {name}: {why}")))?;
            // Read by itself first: the parser's own words would show the line, and there may be a secret in it.
            if let Err(why) = text.parse::<toml::Table>() {
                let line = why
                    .span()
                    .map_or(0, |span| text[..span.start].matches('\n').count() + 1);
                let what = why.message();
                return Err(ConfigError::one(format!("{name}, line {line}: {what}")));
            }
            builder = builder.add_source(config::File::from_str(&text, FileFormat::Toml));
        }
        let mut variables = self.environment.clone();
        variables.retain(|(name, _)| !NOT_KEYS.contains(&name.as_str()));
        let given = |(name, value): &(String, String)| {
            (name == DATABASE_URL && !value.is_empty()).then(|| value.clone())
        };
        let database_url = variables.iter().find_map(given);
        builder = builder.add_source(OverridableUrl(database_url)).add_source(
            config::Environment::with_prefix(PREFIX)
                .prefix_separator("_")
                .separator("__")
                .source(Some(variables.into_iter().collect())),
        );
        for (key, value) in &self.flags {
            builder = builder.set_override(key, value.as_str())?;
        }
        Ok(builder)
    }
}

/// The ports on which a service answers calls and health when nothing is said.
pub fn default_ports(service: &str) -> (u16, u16) {
    let place = (1..).zip(SERVICES).find(|(_, name)| *name == service);
    let place = place.map_or(0, |(place, _)| place);
    (7100 + place, 7200 + place)
}

impl fmt::Debug for Sources {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secrets.
        let names = |pairs: &[(String, String)]| {
            pairs
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        out.debug_struct("Sources")
            .field("file", &self.file)
            .field("environment", &names(&self.environment))
            .field("flags", &names(&self.flags))
            .finish()
    }
}

/// `DATABASE_URL` as a source of its own, below the environment variables with our prefix.
#[derive(Debug, Clone)]
struct OverridableUrl(Option<String>);

impl config::Source for OverridableUrl {
    fn clone_into_box(&self) -> Box<dyn config::Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        let mut found = Map::new();
        if let Some(url) = &self.0 {
            let url = Value::new(Some(&DATABASE_URL.to_owned()), url.clone());
            found.insert("database.url".to_owned(), url);
        }
        Ok(found)
    }
}

impl<S: DeserializeOwned> Config<S> {
    /// Reads and checks the whole configuration of the service of this name.
    pub fn load(service: &str, sources: &Sources) -> Result<Self, ConfigError> {
        let mut reader = Reader {
            sections: sources.merged(service)?,
            problems: Vec::new(),
        };
        let environment = reader.section::<Environment>("environment");
        let server = reader.section::<super::ServerConfig>("server");
        let database = reader.section::<DatabaseConfig>("database");
        let auth = reader.section::<AuthConfig>("auth");
        let telemetry = reader.section::<super::TelemetryConfig>("telemetry");
        let events = reader.section::<BTreeMap<String, UpstreamConfig>>("events");
        let own = reader.section(service);
        let mut wrong = Vec::new();
        wrong.extend(server.iter().flat_map(super::ServerConfig::problems));
        wrong.extend(telemetry.iter().flat_map(super::TelemetryConfig::problems));
        wrong.extend(database.as_ref().and_then(page_key_problem));
        if let (Some(auth), Some(environment)) = (&auth, environment) {
            wrong.extend(
                AuthConfig::validate(auth, environment)
                    .err()
                    .map(|why| why.to_string()),
            );
        }
        let problems = reader.finish(wrong);
        match (environment, server, database, auth, telemetry, events, own) {
            (
                Some(environment),
                Some(server),
                Some(database),
                Some(auth),
                Some(telemetry),
                Some(events),
                Some(service),
            ) if problems.is_empty() => Ok(Self {
                environment,
                server,
                database,
                auth,
                telemetry,
                events,
                service,
            }),
            _ => Err(ConfigError { problems }),
        }
    }
}

/// A key that is too short to keep anybody from guessing.
fn page_key_problem(database: &DatabaseConfig) -> Option<String> {
    let bytes = database.page_key.expose_secret().len();
    let least = DatabaseConfig::PAGE_KEY_BYTES;
    (bytes < least).then(|| format!("database.page_key has {bytes} bytes, of at least {least}"))
}

struct Reader {
    sections: Map<String, Value>,
    problems: Vec<String>,
}

impl Reader {
    /// Takes one section; one that is not there is read as if it stood there empty.
    fn section<'de, T: Deserialize<'de>>(&mut self, name: &str) -> Option<T> {
        let value = self
            .sections
            .remove(name)
            .unwrap_or_else(|| Value::new(None, Map::<String, Value>::new()));
        match value.try_deserialize() {
            Ok(section) => Some(section),
            Err(why) => {
                self.problems.push(format!("{name}: {why}"));
                None
            }
        }
    }

    fn finish(mut self, more: Vec<String>) -> Vec<String> {
        let mut unknown: Vec<_> = self
            .sections
            .keys()
            .filter(|name| !SERVICES.contains(&name.as_str()))
            .map(|name| format!("{name}: there is no such section or key"))
            .collect();
        unknown.sort();
        self.problems.extend(unknown);
        self.problems.extend(more);
        self.problems
    }
}

/// Everything that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// One line each.
    pub problems: Vec<String>,
}

impl ConfigError {
    /// One thing that is wrong.
    pub fn one(problem: impl Into<String>) -> Self {
        Self {
            problems: vec![problem.into()],
        }
    }
}

impl From<config::ConfigError> for ConfigError {
    fn from(error: config::ConfigError) -> Self {
        Self::one(error.to_string())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the configuration is not valid:")?;
        for problem in &self.problems {
            write!(out, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
