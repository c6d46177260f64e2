//! `[intake.documents]`: where documents are kept, and how much.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use caseload_runtime::Environment;
use secrecy::SecretString;
use serde::Deserialize;

use crate::domain::document::{Limits, MOST_BYTES};

/// The longest that the content of a deleted document is kept: ten years.
const LONGEST_DAYS: u32 = 3_660;

/// `[intake.documents]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentsConfig {
    /// What kind of store holds them.
    pub store: StoreKind,
    /// The folder of a store of files. In development it may be left out: then it is one of the system's temporary
    /// folders.
    pub directory: Option<PathBuf>,
    /// The bucket of a store that speaks S3.
    pub s3: Option<S3Config>,
    /// The stores of firms whose documents must be kept somewhere, by the firms' code of residency.
    pub residency: BTreeMap<String, ResidencyConfig>,
    /// The most bytes of one version, for firms for which nothing else was decided.
    pub most_version_bytes: i64,
    /// The most bytes of all versions of a firm.
    pub most_total_bytes: i64,
    /// How many days the content of a deleted document is kept.
    pub purge_after_days: u32,
    /// How often broken uploads and deleted documents are looked for whose content is to go.
    pub sweep_interval_ms: u64,
}

/// `[intake.documents.residency.EU]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResidencyConfig {
    /// What kind of store it is.
    pub store: StoreKind,
    /// The folder of a store of files.
    pub directory: Option<PathBuf>,
    /// The bucket of a store that speaks S3.
    pub s3: Option<S3Config>,
}

/// What kind of store holds documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    /// Files in a folder.
    File,
    /// Objects in a bucket, over S3's protocol.
    S3,
}

/// A bucket.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// Its name.
    pub bucket: String,
    /// Its region.
    pub region: String,
    /// Where S3 is spoken, for stores that are not Amazon's: `https://objects.example`.
    pub endpoint: Option<String>,
    /// The key's id. Left out, the machine's own role is asked for.
    pub access_key_id: Option<String>,
    /// The key's secret.
    pub secret_access_key: Option<SecretString>,
    /// A file that holds it, in its place.
    pub secret_access_key_file: Option<PathBuf>,
    /// The authority that signed the endpoint's certificate, where it is not one that the machine trusts.
    pub ca_file: Option<PathBuf>,
}

impl Default for DocumentsConfig {
    fn default() -> Self {
        Self {
            store: StoreKind::File,
            directory: None,
            s3: None,
            residency: BTreeMap::new(),
            most_version_bytes: 1 << 30,
            most_total_bytes: 100 << 30,
            purge_after_days: 30,
            sweep_interval_ms: 60_000,
        }
    }
}

/// One store, wherever in the configuration it is described.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoreConfig<'a> {
    pub(crate) kind: StoreKind,
    pub(crate) directory: Option<&'a PathBuf>,
    pub(crate) s3: Option<&'a S3Config>,
}

impl DocumentsConfig {
    /// How much a firm may store for which nothing else was decided.
    pub fn limits(&self) -> Limits {
        Limits {
            version: self.most_version_bytes,
            total: self.most_total_bytes,
        }
    }

    /// How often what is to go is looked for.
    pub fn sweep_interval(&self) -> Duration {
        Duration::from_millis(self.sweep_interval_ms)
    }

    /// How long the content of a deleted document is kept.
    pub fn purge_after(&self) -> time::Duration {
        time::Duration::days(self.purge_after_days.into())
    }

    /// Every store with the code it goes by and the section that describes it; the first has no code.
    pub(crate) fn stores(&self) -> impl Iterator<Item = (&str, String, StoreConfig<'_>)> {
        let own = StoreConfig {
            kind: self.store,
            directory: self.directory.as_ref(),
            s3: self.s3.as_ref(),
        };
        let others = self.residency.iter().map(|(code, of)| {
            let section = format!("intake.documents.residency.{code}");
            let store = StoreConfig {
                kind: of.store,
                directory: of.directory.as_ref(),
                s3: of.s3.as_ref(),
            };
            (code.as_str(), section, store)
        });
        std::iter::once(("", "intake.documents".to_owned(), own)).chain(others)
    }

    /// What is wrong with the values.
    pub(crate) fn problems(&self, environment: Environment) -> Vec<String> {
        let mut problems = Vec::new();
        for (code, section, store) in self.stores() {
            let optional = code.is_empty() && environment == Environment::Development;
            problems.extend(
                store
                    .problems(environment, optional)
                    .into_iter()
                    .map(|why| format!("{section}.{why}")),
            );
        }
        let mut check = |key: &str, holds: bool, why: &str| {
            if !holds {
                problems.push(format!("intake.documents.{key} {why}"));
            }
        };
        let version = (1..=MOST_BYTES).contains(&self.most_version_bytes);
        check(
            "most_version_bytes",
            version,
            "must be from 1 to 34359738368 (32 GiB)",
        );
        check(
            "most_total_bytes",
            self.most_total_bytes > 0,
            "must be at least 1",
        );
        check(
            "purge_after_days",
            self.purge_after_days <= LONGEST_DAYS,
            "must be at most 3660",
        );
        let interval = (1..=24 * 60 * 60 * 1_000).contains(&self.sweep_interval_ms);
        check("sweep_interval_ms", interval, "must be from 1 to a day");
        problems
    }
}

impl StoreConfig<'_> {
    fn problems(&self, environment: Environment, directory_optional: bool) -> Vec<String> {
        let mut problems = Vec::new();
        match (self.kind, self.directory, self.s3) {
            (StoreKind::File, None, _) if !directory_optional => problems.push(
                "directory: the store keeps documents in files, and is not told where".to_owned(),
            ),
            (StoreKind::File, Some(directory), _) if !directory.is_absolute() => {
                problems.push("directory must be an absolute path".to_owned());
            }
            (StoreKind::File, _, Some(_)) => {
                problems.push("s3: the store keeps documents in files".to_owned());
            }
            (StoreKind::S3, Some(_), _) => {
                problems.push("directory: the store speaks S3".to_owned());
            }
            (StoreKind::S3, None, None) => {
                problems.push("s3: the store speaks S3, and is not told with whom".to_owned());
            }
            (StoreKind::S3, None, Some(s3)) => {
                problems.extend(
                    s3.problems(environment)
                        .into_iter()
                        .map(|why| format!("s3.{why}")),
                );
            }
            (StoreKind::File, _, None) => {}
        }
        problems
    }
}

impl S3Config {
    fn problems(&self, environment: Environment) -> Vec<String> {
        let mut problems = Vec::new();
        for (key, value) in [("bucket", &self.bucket), ("region", &self.region)] {
            if value.is_empty() {
                problems.push(format!("{key} is empty"));
            }
        }
        let secret = match (&self.secret_access_key, &self.secret_access_key_file) {
            (Some(_), Some(_)) => {
                problems.push("secret_access_key_file stands beside secret_access_key".to_owned());
                true
            }
            (one, other) => one.is_some() || other.is_some(),
        };
        if secret != self.access_key_id.is_some() {
            problems.push(
                "access_key_id and secret_access_key go together: set both or neither".to_owned(),
            );
        }
        if let Some(endpoint) = &self.endpoint {
            let plaintext = endpoint.starts_with("http://");
            if !plaintext && !endpoint.starts_with("https://") {
                problems.push("endpoint is not of the form https://host".to_owned());
            }
            if plaintext && environment == Environment::Production {
                problems.push(
                    "endpoint is plaintext, and documents must not travel in it in production"
                        .to_owned(),
                );
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s3() -> S3Config {
        S3Config {
            bucket: "documents".to_owned(),
            region: "eu-central-1".to_owned(),
            endpoint: None,
            access_key_id: None,
            secret_access_key: None,
            secret_access_key_file: None,
            ca_file: None,
        }
    }

    #[test]
    fn files_need_a_folder_in_production_and_none_in_development() {
        let config = DocumentsConfig::default();
        assert!(config.problems(Environment::Development).is_empty());
        let [problem] = &config.problems(Environment::Production)[..] else {
            panic!("one problem");
        };
        assert!(
            problem.starts_with("intake.documents.directory"),
            "{problem}"
        );
    }

    #[test]
    fn everything_that_is_wrong_with_a_store_is_told_under_its_section() {
        let config = DocumentsConfig {
            store: StoreKind::S3,
            residency: BTreeMap::from([(
                "EU".to_owned(),
                ResidencyConfig {
                    store: StoreKind::S3,
                    directory: None,
                    s3: Some(S3Config {
                        endpoint: Some("http://objects.example".to_owned()),
                        access_key_id: Some("id".to_owned()),
                        ..s3()
                    }),
                },
            )]),
            most_version_bytes: MOST_BYTES + 1,
            ..DocumentsConfig::default()
        };
        let problems = config.problems(Environment::Production);
        for start in [
            "intake.documents.s3: ",
            "intake.documents.residency.EU.s3.access_key_id",
            "intake.documents.residency.EU.s3.endpoint",
            "intake.documents.most_version_bytes",
        ] {
            assert!(
                problems.iter().any(|problem| problem.starts_with(start)),
                "{start}: {problems:?}"
            );
        }
        assert_eq!(problems.len(), 4, "{problems:?}");
    }

    #[test]
    fn a_secret_is_not_printed() {
        let with_secret = S3Config {
            secret_access_key: Some("open sesame".into()),
            ..s3()
        };
        assert!(!format!("{with_secret:?}").contains("sesame"));
    }
}
