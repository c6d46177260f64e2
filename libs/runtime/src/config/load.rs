//! Reading every section of the whole, and telling everything that is wrong with it.

use std::collections::BTreeMap;
use std::fmt;

use caseload_auth::AuthConfig;
use caseload_database::DatabaseConfig;
use config::{Map, Value};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Config, Environment, SERVICES, Sources, UpstreamConfig};

/// How far the clock may be moved, either way.
const MOST_AHEAD_SECONDS: u64 = 100 * 366 * 24 * 60 * 60;

impl<S: DeserializeOwned> Config<S> {
    /// Reads and checks the whole configuration of the service of this name.
    pub fn load(service: &str, sources: &Sources) -> Result<Self, ConfigError> {
        let mut reader = Reader::of(sources.merged(service)?);
        let environment = reader.section::<Environment>("environment");
        let clock = reader.section::<i64>("clock_ahead_seconds");
        let server = reader.section::<super::ServerConfig>("server");
        let database = reader.section::<DatabaseConfig>("database");
        let auth = reader.section::<AuthConfig>("auth");
        let telemetry = reader.section::<super::TelemetryConfig>("telemetry");
        let events = reader.section::<BTreeMap<String, UpstreamConfig>>("events");
        let own = reader.section(service);
        let mut wrong = Vec::new();
        wrong.extend(server.iter().flat_map(super::ServerConfig::problems));
        wrong.extend(telemetry.iter().flat_map(super::TelemetryConfig::problems));
        wrong.extend(database.iter().flat_map(DatabaseConfig::problems));
        if environment == Some(Environment::Production) && clock.is_some_and(|ahead| ahead != 0) {
            wrong.push(
                "clock_ahead_seconds: the clock can be moved in development alone".to_owned(),
            );
        }
        if clock.is_some_and(|ahead| ahead.unsigned_abs() > MOST_AHEAD_SECONDS) {
            wrong.push("clock_ahead_seconds: of at most a hundred years".to_owned());
        }
        if let (Some(auth), Some(environment)) = (&auth, environment) {
            wrong.extend(
                AuthConfig::validate(auth, environment)
                    .err()
                    .map(|why| why.to_string()),
            );
        }
        let problems = reader.finish(wrong);
        match (
            environment,
            clock,
            server,
            database,
            auth,
            telemetry,
            events,
            own,
        ) {
            (
                Some(environment),
                Some(clock_ahead_seconds),
                Some(server),
                Some(database),
                Some(auth),
                Some(telemetry),
                Some(events),
                Some(service),
            ) if problems.is_empty() => Ok(Self {
                environment,
                clock_ahead_seconds,
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

/// The sections that are still to be read, and what was wrong with those that were.
pub(super) struct Reader {
    sections: Map<String, Value>,
    pub(super) problems: Vec<String>,
}

impl Reader {
    pub(super) fn of(sections: Map<String, Value>) -> Self {
        Self {
            sections,
            problems: Vec::new(),
        }
    }

    /// Takes one section; one that is not there is read as if it stood there empty.
    pub(super) fn section<'de, T: Deserialize<'de>>(&mut self, name: &str) -> Option<T> {
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
