//! Tokens for development, demonstrations and tests: an issuer that keeps its key in a directory.
//!
//! It is refused outside the development environment twice over: it can't be opened there, and a service there
//! refuses a configuration that names it.

use std::fmt;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use caseload_domain::{FirmId, ParalegalId};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::token::{LONGEST_LIFETIME, now};
use crate::{AuthConfig, Environment, InvalidToken, Role};

/// The development issuer's name. `.invalid` names no host, now or ever (RFC 2606).
pub const ISSUER: &str = "https://development.caseload.invalid";

const KEY_FILE: &str = "development-issuer.pk8";
const JWKS_FILE: &str = "jwks.json";

/// The issuer can't be opened, or won't mint a token.
#[derive(Debug, thiserror::Error)]
pub enum DevelopmentIssuerError {
    /// It is for the development environment alone.
    #[error("the development issuer is only for the development environment")]
    NotDevelopment,
    /// A file can't be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others may read the private key.
    #[error("{0} may be read by others than its owner; delete it, and a new key is made")]
    KeyExposed(PathBuf),
    /// The key file does not hold a key of ours.
    #[error("{0} does not hold the issuer's key; delete it, and a new key is made")]
    KeyMalformed(PathBuf),
    /// The machine gave no randomness.
    #[error("no key could be made: the machine gave no randomness")]
    NoRandomness,
    /// Every service would refuse the token.
    #[error("no such token is minted: {0}")]
    Refused(#[from] InvalidToken),
}

/// What a token is to say.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    /// Whose token it is.
    pub subject: String,
    /// At least one role, all of one side.
    pub roles: Vec<Role>,
    /// The firm, for a firm's roles alone.
    pub firm: Option<FirmId>,
    /// The paralegal, for that role alone.
    pub paralegal: Option<ParalegalId>,
    /// The services that are to take it: `caseload-intake` and so on.
    pub audiences: Vec<String>,
    /// How long it is valid: a second to an hour.
    pub lifetime: Duration,
}

/// An issuer whose Ed25519 key lives in a directory, readable by its owner alone, with its public half in a key set
/// beside it.
pub struct DevelopmentIssuer {
    directory: PathBuf,
    key: Ed25519KeyPair,
    id: String,
}

impl DevelopmentIssuer {
    /// Opens the issuer in a directory; makes the directory, the key and the key set where they are missing.
    /// Several processes may do so at once and get the same key.
    pub fn open(
        directory: impl Into<PathBuf>,
        environment: Environment,
    ) -> Result<Self, DevelopmentIssuerError> {
        if environment != Environment::Development {
            return Err(DevelopmentIssuerError::NotDevelopment);
        }
        let directory = directory.into();
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)
            .map_err(at(&directory))?;
        let key = open_key(&directory)?;
        let x = BASE64_URL_SAFE_NO_PAD.encode(key.public_key());
        // The thumbprint of RFC 7638: the same key has the same id everywhere.
        let thumbprint = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
        let id = BASE64_URL_SAFE_NO_PAD.encode(thumbprint);
        let set = json!({"keys": [
            {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": id, "x": x},
        ]});
        let file = directory.join(JWKS_FILE);
        replace(&file, set.to_string().as_bytes(), 0o644)?;
        Ok(Self { directory, key, id })
    }

    /// The file that holds the issuer's public keys.
    pub fn jwks_file(&self) -> PathBuf {
        self.directory.join(JWKS_FILE)
    }

    /// The configuration with which a service believes this issuer.
    pub fn auth_config(&self) -> AuthConfig {
        AuthConfig {
            algorithms: vec![crate::Algorithm::EdDsa],
            ..AuthConfig::with_key_file(ISSUER, self.jwks_file())
        }
    }

    /// A token. Refuses one that no service would take.
    pub fn mint(&self, request: &TokenRequest) -> Result<String, DevelopmentIssuerError> {
        crate::claims::check_subject(&request.subject)?;
        crate::claims::who(&request.roles, request.firm, request.paralegal)?;
        if request.audiences.is_empty() {
            return Err(InvalidToken::Audience.into());
        }
        let lifetime = i64::try_from(request.lifetime.as_secs()).unwrap_or(i64::MAX);
        if !(1..=LONGEST_LIFETIME).contains(&lifetime) {
            return Err(InvalidToken::Lifetime.into());
        }
        let issued = now();
        let words: Vec<_> = request.roles.iter().map(|role| role.word()).collect();
        let mut claims = json!({
            "iss": ISSUER,
            "aud": request.audiences,
            "sub": request.subject,
            "iat": issued,
            "exp": issued + lifetime,
            "jti": Uuid::now_v7().to_string(),
            "roles": words,
        });
        if let Some(firm) = request.firm {
            claims["firm"] = firm.to_string().into();
        }
        if let Some(paralegal) = request.paralegal {
            claims["paralegal"] = paralegal.to_string().into();
        }
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.id});
        let mut token = BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
        let signature = self.key.sign(token.as_bytes());
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl fmt::Debug for DevelopmentIssuer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("DevelopmentIssuer")
            .field("directory", &self.directory)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The key in a directory, made if there is none.
fn open_key(directory: &Path) -> Result<Ed25519KeyPair, DevelopmentIssuerError> {
    let file = directory.join(KEY_FILE);
    if !file.try_exists().map_err(at(&file))? {
        let fresh = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| DevelopmentIssuerError::NoRandomness)?;
        let draft = write_draft(&file, fresh.as_ref(), 0o600)?;
        // Linking fails where another process was faster; then its key is the one.
        let linked = std::fs::hard_link(&draft, &file);
        std::fs::remove_file(&draft).map_err(at(&draft))?;
        match linked {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(at(&file)(error));
            }
            _ => {}
        }
    }
    let mode = std::fs::metadata(&file)
        .map_err(at(&file))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        return Err(DevelopmentIssuerError::KeyExposed(file));
    }
    let bytes = std::fs::read(&file).map_err(at(&file))?;
    Ed25519KeyPair::from_pkcs8(&bytes).map_err(|_| DevelopmentIssuerError::KeyMalformed(file))
}

/// Writes a file whole or not at all.
fn replace(file: &Path, contents: &[u8], mode: u32) -> Result<(), DevelopmentIssuerError> {
    let draft = write_draft(file, contents, mode)?;
    std::fs::rename(&draft, file).map_err(at(file))
}

/// Writes contents beside a file, under a name that no other process uses.
fn write_draft(file: &Path, contents: &[u8], mode: u32) -> Result<PathBuf, DevelopmentIssuerError> {
    let draft = file.with_extension(format!("{}.draft", Uuid::now_v7().simple()));
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&draft)
        .and_then(|mut open| open.write_all(contents).and_then(|()| open.sync_all()))
        .map_err(at(&draft))?;
    Ok(draft)
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> DevelopmentIssuerError {
    let path = path.to_owned();
    move |source| DevelopmentIssuerError::File { path, source }
}
