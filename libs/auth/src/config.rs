//! Where tokens come from, as an operator says it.

use std::path::PathBuf;
use std::time::Duration;

use http::Uri;
use serde::Deserialize;

/// What kind of installation a process belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// A developer's machine, a demonstration, a test: the development issuer may be used.
    Development,
    /// Everything else, and what holds when nothing is said.
    #[default]
    Production,
}

/// A signature algorithm that tokens may use. All are asymmetric: there is no way to name another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 to 4096 bits.
    #[serde(rename = "RS256")]
    Rs256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// The algorithm's name in a token's header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// Which tokens a service believes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// The one issuer, exactly as its tokens' `iss` says it.
    pub issuer: String,
    /// The audience that tokens must name; left out, the service's own (`caseload-intake` and so on).
    #[serde(default)]
    pub audience: Option<String>,
    /// The algorithms that tokens may use, of `ES256`, `RS256` and `EdDSA`.
    #[serde(default = "defaults::algorithms")]
    pub algorithms: Vec<Algorithm>,
    /// The file that holds the issuer's public keys. Either this or `jwks_url`.
    #[serde(default)]
    pub jwks_file: Option<PathBuf>,
    /// The https address of the issuer's public keys. Redirects are not followed.
    #[serde(default)]
    pub jwks_url: Option<String>,
    /// Certificates (PEM) that `jwks_url`'s server is trusted by, in place of the machine's own.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// How far the issuer's clock and ours may be apart: at most 30 seconds.
    #[serde(default = "defaults::leeway_seconds")]
    pub leeway_seconds: u64,
    /// How old the keys may grow before they are asked for again. A file's are looked at every second.
    #[serde(default = "defaults::refresh_interval_ms")]
    pub refresh_interval_ms: u64,
    /// The least time between two requests for the keys, whatever tokens arrive.
    #[serde(default = "defaults::refresh_minimum_ms")]
    pub refresh_minimum_ms: u64,
    /// How long the last good keys are used while the provider does not answer.
    #[serde(default = "defaults::keep_keys_ms")]
    pub keep_keys_ms: u64,
    /// How long one request for the keys may take.
    #[serde(default = "defaults::fetch_timeout_ms")]
    pub fetch_timeout_ms: u64,
    /// How many verified tokens are remembered.
    #[serde(default = "defaults::cached_tokens")]
    pub cached_tokens: usize,
}

mod defaults {
    use super::Algorithm;

    pub(super) fn algorithms() -> Vec<Algorithm> {
        vec![Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa]
    }

    pub(super) const fn leeway_seconds() -> u64 {
        10
    }

    pub(super) const fn refresh_interval_ms() -> u64 {
        300_000
    }

    pub(super) const fn refresh_minimum_ms() -> u64 {
        5_000
    }

    pub(super) const fn keep_keys_ms() -> u64 {
        3_600_000
    }

    pub(super) const fn fetch_timeout_ms() -> u64 {
        5_000
    }

    pub(super) const fn cached_tokens() -> usize {
        10_000
    }
}

/// The configuration can't be used; the phrase says why.
#[derive(Debug, thiserror::Error)]
pub enum AuthConfigError {
    /// The issuer is empty.
    #[error("auth.issuer is required")]
    NoIssuer,
    /// The audience is empty.
    #[error("auth.audience is empty")]
    NoAudience,
    /// No algorithm is named.
    #[error("auth.algorithms names none of ES256, RS256 and EdDSA")]
    NoAlgorithms,
    /// There must be one source of keys.
    #[error("one of auth.jwks_file and auth.jwks_url is required, and not both")]
    OneKeySource,
    /// The address can't be used.
    #[error("auth.jwks_url must be an https address without a user name")]
    NotHttps,
    /// The leeway is too long.
    #[error("auth.leeway_seconds is {0}, of at most 30")]
    Leeway(u64),
    /// A time or a size must not be zero.
    #[error("auth.{0} must not be 0")]
    Zero(&'static str),
    /// The development issuer was named outside development.
    #[error("auth.issuer is the development issuer, which is only for the development environment")]
    DevelopmentIssuer,
    /// The certificates to trust can't be read.
    #[error("auth.ca_file or the machine's certificates can't be used: {0}")]
    Certificates(String),
}

/// Where the keys come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    File(PathBuf),
    Url(Uri),
}

impl AuthConfig {
    /// A configuration for an issuer whose keys are in a file, with everything else as it is by default.
    pub fn with_key_file(issuer: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        Self {
            jwks_file: Some(file.into()),
            ..Self::of(issuer.into())
        }
    }

    /// A configuration for an issuer whose keys are at an https address, with everything else as it is by default.
    pub fn with_key_url(issuer: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            jwks_url: Some(url.into()),
            ..Self::of(issuer.into())
        }
    }

    fn of(issuer: String) -> Self {
        Self {
            issuer,
            audience: None,
            algorithms: defaults::algorithms(),
            jwks_file: None,
            jwks_url: None,
            ca_file: None,
            leeway_seconds: defaults::leeway_seconds(),
            refresh_interval_ms: defaults::refresh_interval_ms(),
            refresh_minimum_ms: defaults::refresh_minimum_ms(),
            keep_keys_ms: defaults::keep_keys_ms(),
            fetch_timeout_ms: defaults::fetch_timeout_ms(),
            cached_tokens: defaults::cached_tokens(),
        }
    }

    /// Whether the configuration can be used in an environment, without reading any file.
    pub fn validate(&self, environment: Environment) -> Result<(), AuthConfigError> {
        if self.issuer.is_empty() {
            return Err(AuthConfigError::NoIssuer);
        }
        if self.issuer == crate::development::ISSUER && environment != Environment::Development {
            return Err(AuthConfigError::DevelopmentIssuer);
        }
        if self.audience.as_deref() == Some("") {
            return Err(AuthConfigError::NoAudience);
        }
        if self.algorithms.is_empty() {
            return Err(AuthConfigError::NoAlgorithms);
        }
        if self.leeway_seconds > 30 {
            return Err(AuthConfigError::Leeway(self.leeway_seconds));
        }
        let positive = [
            ("refresh_interval_ms", self.refresh_interval_ms),
            ("refresh_minimum_ms", self.refresh_minimum_ms),
            ("keep_keys_ms", self.keep_keys_ms),
            ("fetch_timeout_ms", self.fetch_timeout_ms),
        ];
        if let Some((name, _)) = positive.into_iter().find(|(_, value)| *value == 0) {
            return Err(AuthConfigError::Zero(name));
        }
        if self.cached_tokens == 0 {
            return Err(AuthConfigError::Zero("cached_tokens"));
        }
        self.source().map(drop)
    }

    pub(crate) fn source(&self) -> Result<Source, AuthConfigError> {
        match (&self.jwks_file, &self.jwks_url) {
            (Some(file), None) => Ok(Source::File(file.clone())),
            (None, Some(url)) => {
                let url: Uri = url.parse().map_err(|_| AuthConfigError::NotHttps)?;
                let named_user = url
                    .authority()
                    .is_some_and(|whole| whole.as_str().contains('@'));
                if url.scheme_str() != Some("https") || url.host().is_none() || named_user {
                    return Err(AuthConfigError::NotHttps);
                }
                Ok(Source::Url(url))
            }
            _ => Err(AuthConfigError::OneKeySource),
        }
    }

    pub(crate) const fn keep_keys(&self) -> Duration {
        Duration::from_millis(self.keep_keys_ms)
    }
}
