//! What these tests share: issuers that sign anything, places to keep keys, a contract with a method of each reach.

pub(crate) mod contract;
pub(crate) mod https;
pub(crate) mod signer;

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use caseload_auth::{AuthConfig, Authenticator, Denial, Environment};
use serde_json::{Value, json};

use signer::Signer;

pub(crate) const ISSUER: &str = "https://issuer.example";
pub(crate) const AUDIENCE: &str = "caseload-intake";

/// Seconds since the epoch.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// The claims of a coordinator's token that is good now.
pub(crate) fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "coordinator@caseload.example",
        "iat": now(),
        "exp": now() + 600,
        "jti": "0193a0a0-0000-7000-8000-000000000001",
        "roles": ["coordinator"],
    })
}

/// A key set in a file.
pub(crate) struct KeyFile {
    directory: tempfile::TempDir,
}

impl KeyFile {
    pub(crate) fn with(keys: &[Value]) -> Self {
        let file = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        file.publish(keys);
        file
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("jwks.json")
    }

    /// Replaces the set whole, as a mounted file is replaced.
    pub(crate) fn publish(&self, keys: &[Value]) {
        self.write(&json!({ "keys": keys }).to_string());
    }

    pub(crate) fn write(&self, document: &str) {
        let draft = self.directory.path().join("draft");
        std::fs::write(&draft, document).unwrap();
        std::fs::rename(draft, self.path()).unwrap();
    }

    pub(crate) fn config(&self) -> AuthConfig {
        AuthConfig::with_key_file(ISSUER, self.path())
    }
}

/// A service that believes tokens of the given keys.
pub(crate) fn authenticator(config: &AuthConfig) -> Authenticator {
    Authenticator::new(config, AUDIENCE, Environment::Production).unwrap()
}

/// One issuer, and a service that believes it.
pub(crate) struct House {
    pub(crate) signer: Signer,
    pub(crate) authenticator: Authenticator,
    _file: KeyFile,
}

impl House {
    pub(crate) fn with(signer: Signer) -> Self {
        let file = KeyFile::with(&[signer.jwk()]);
        Self {
            authenticator: authenticator(&file.config()),
            signer,
            _file: file,
        }
    }

    pub(crate) fn new() -> Self {
        Self::with(Signer::ed("key-1"))
    }

    /// Why a token with these claims is refused.
    pub(crate) async fn refuses(&self, claims: &Value) -> Denial {
        self.refuses_token(&self.signer.token(claims)).await
    }

    /// Why a token is refused.
    pub(crate) async fn refuses_token(&self, token: &str) -> Denial {
        self.authenticator.authenticate(token).await.unwrap_err()
    }
}

/// Waits until something holds.
pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let limit = tokio::time::Instant::now() + Duration::from_secs(30);
    while !holds().await {
        assert!(tokio::time::Instant::now() < limit, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
