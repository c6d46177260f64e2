//! Where a client's access token comes from.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use secrecy::{ExposeSecret as _, SecretString};
use tonic::metadata::{Ascii, MetadataValue};

/// How often a token file is looked at, at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A minted token is used for this long at most, so that the next is minted well before it expires.
const MINT_EVERY: Duration = Duration::from_mins(1);

/// There is no token to send.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file could not be read.
    #[error("can't read the token file {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// What was read or minted can't be sent in a header.
    #[error("the token is not text that a header can carry")]
    Malformed,
    /// The issuer refused.
    #[error("no token was issued: {0}")]
    NotIssued(String),
}

type Mint = dyn Fn() -> Result<SecretString, TokenError> + Send + Sync;

/// Where a client's access token comes from. Clones share what they have read.
#[derive(Clone)]
pub struct TokenSource(Arc<Kind>);

enum Kind {
    Anonymous,
    Fixed(SecretString),
    File {
        path: PathBuf,
        read: Mutex<Option<Reading>>,
    },
    Minted {
        mint: Box<Mint>,
        last: Mutex<Option<(Instant, SecretString)>>,
    },
}

struct Reading {
    looked: Instant,
    changed: Option<SystemTime>,
    token: SecretString,
}

impl TokenSource {
    /// No token: for health, and for trying what happens without.
    pub fn anonymous() -> Self {
        Self(Arc::new(Kind::Anonymous))
    }

    /// Always this token.
    pub fn fixed(token: SecretString) -> Self {
        Self(Arc::new(Kind::Fixed(token)))
    }

    /// What the file holds, read again when it changes, as a Kubernetes projected token does.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Kind::File {
            path: path.into(),
            read: Mutex::new(None),
        }))
    }

    /// What an issuer in this process mints: the development issuer. Asked again every minute.
    pub fn minted(
        mint: impl Fn() -> Result<SecretString, TokenError> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Kind::Minted {
            mint: Box::new(mint),
            last: Mutex::new(None),
        }))
    }

    /// The token to send now; `None` for an anonymous client.
    pub fn token(&self) -> Result<Option<SecretString>, TokenError> {
        match &*self.0 {
            Kind::Anonymous => Ok(None),
            Kind::Fixed(token) => Ok(Some(token.clone())),
            Kind::File { path, read } => {
                let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
                from_file(path, &mut read).map(Some)
            }
            Kind::Minted { mint, last } => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some((minted, token)) = &*last
                    && minted.elapsed() < MINT_EVERY
                {
                    return Ok(Some(token.clone()));
                }
                let token = mint()?;
                *last = Some((Instant::now(), token.clone()));
                Ok(Some(token))
            }
        }
    }

    /// The `authorization` header to send now.
    pub(crate) fn header(&self) -> Result<Option<MetadataValue<Ascii>>, TokenError> {
        let Some(token) = self.token()? else {
            return Ok(None);
        };
        let mut header: MetadataValue<Ascii> = format!("Bearer {}", token.expose_secret())
            .parse()
            .map_err(|_| TokenError::Malformed)?;
        header.set_sensitive(true);
        Ok(Some(header))
    }
}

fn from_file(path: &Path, read: &mut Option<Reading>) -> Result<SecretString, TokenError> {
    let unreadable = |source| TokenError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if let Some(reading) = read
        && reading.looked.elapsed() < LOOK_EVERY
    {
        return Ok(reading.token.clone());
    }
    let changed = std::fs::metadata(path)
        .and_then(|about| about.modified())
        .map_err(unreadable)?;
    if let Some(reading) = read
        && reading.changed == Some(changed)
    {
        reading.looked = Instant::now();
        return Ok(reading.token.clone());
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let token = SecretString::from(text.trim());
    *read = Some(Reading {
        looked: Instant::now(),
        // A file just written may be written again within the clock's grain: look again next time.
        changed: changed
            .elapsed()
            .is_ok_and(|age| age > LOOK_EVERY)
            .then_some(changed),
        token: token.clone(),
    });
    Ok(token)
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &*self.0 {
            Kind::Anonymous => "anonymous",
            Kind::Fixed(_) => "fixed",
            Kind::File { .. } => "file",
            Kind::Minted { .. } => "minted",
        };
        out.debug_tuple("TokenSource").field(&kind).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exposed(source: &TokenSource) -> String {
        source
            .token()
            .expect("there is a token")
            .expect("it is not anonymous")
            .expose_secret()
            .to_owned()
    }

    #[test]
    fn a_token_file_that_changes_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        std::fs::write(&path, "first\n").expect("written");
        let mut read = None;
        let first = from_file(&path, &mut read).expect("read");
        assert_eq!(first.expose_secret(), "first");
        std::fs::write(&path, "second\n").expect("written");
        // As if a second had gone by.
        if let Some(reading) = &mut read {
            reading.looked -= LOOK_EVERY;
        }
        let second = from_file(&path, &mut read).expect("read");
        assert_eq!(second.expose_secret(), "second");
    }

    #[test]
    fn a_missing_token_file_is_named() {
        let missing = TokenSource::file("/nonexistent/token");
        let error = missing.token().expect_err("nothing to read").to_string();
        assert!(error.contains("/nonexistent/token"), "{error}");
    }

    #[test]
    fn a_token_is_never_printed() {
        let source = TokenSource::fixed(SecretString::from("hush"));
        assert_eq!(exposed(&source), "hush");
        assert!(!format!("{source:?}").contains("hush"));
    }
}
