//! Where a configuration comes from, and how the sources lie on each other.

use std::fmt;
use std::path::PathBuf;

use config::builder::DefaultState;
use config::{ConfigBuilder, FileFormat, Map, Value, ValueKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Environment;
use super::load::{ConfigError, Reader};

/// The reference: every key with its default, commented. It is the first source of every configuration.
pub const REFERENCE: &str = include_str!("../../../../deploy/config/caseload.toml");

/// The environment variable that is taken for `database.url`.
pub const DATABASE_URL: &str = "DATABASE_URL";

/// The services whose sections may stand in one file.
pub const SERVICES: [&str; 4] = ["intake", "assignment", "timekeeping", "billing"];

/// The prefix of environment variables that are read.
const PREFIX: &str = "CASELOAD_";

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
            .filter(|(name, _)| name == DATABASE_URL || name.starts_with(PREFIX))
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
        let mut reader = Reader::of(self.merged(name)?);
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
    pub(super) fn merged(&self, service: &str) -> Result<Map<String, Value>, ConfigError> {
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
        let database_url = self.environment.iter().filter_map(|(name, value)| {
            (name == DATABASE_URL && !value.is_empty())
                .then_some(("database.url".to_owned(), value))
        });
        let variables = self.environment.iter().filter_map(|(name, value)| {
            let key = name.strip_prefix(PREFIX)?;
            (!NOT_KEYS.contains(&name.as_str()))
                .then(|| (key.to_lowercase().replace("__", "."), value))
        });
        let flags = self.flags.iter().map(|(key, value)| (key.clone(), value));
        Ok(builder
            .add_source(Pairs::of("DATABASE_URL", database_url))
            .add_source(Pairs::of("the environment", variables))
            .add_source(Pairs::of("a flag", flags)))
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

/// Keys and values from outside a file.
#[derive(Debug, Clone)]
struct Pairs(Vec<(String, Value)>);

impl Pairs {
    fn of<'a>(origin: &str, pairs: impl Iterator<Item = (String, &'a String)>) -> Self {
        let origin = origin.to_owned();
        Self(
            pairs
                .map(|(key, text)| (key, Value::new(Some(&origin), value(text))))
                .collect(),
        )
    }
}

impl config::Source for Pairs {
    fn clone_into_box(&self) -> Box<dyn config::Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        Ok(self.0.iter().cloned().collect())
    }
}

/// A value from outside a file: a list when it is written as TOML writes one, else text, which numbers and the like
/// are read from when it is known what is wanted.
fn value(text: &str) -> ValueKind {
    #[derive(Deserialize)]
    struct One {
        value: Vec<toml::Value>,
    }
    let list = text.trim();
    if list.starts_with('[')
        && list.ends_with(']')
        && let Ok(One { value }) = toml::from_str(&format!("value = {list}"))
    {
        let each = value.into_iter().map(|one| match one {
            toml::Value::String(text) => Value::from(text),
            other => Value::from(other.to_string()),
        });
        return ValueKind::Array(each.collect());
    }
    ValueKind::String(text.to_owned())
}
