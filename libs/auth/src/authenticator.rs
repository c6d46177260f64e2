//! From a bearer token to its caller.

use std::sync::Arc;

use crate::cache::Cache;
use crate::config::{AuthConfig, AuthConfigError, Environment};
use crate::keys::{Keys, KeysUnavailable};
use crate::token::{Expected, now};
use crate::{Caller, Denial, InvalidToken};

/// Turns bearer tokens into callers. Cheap to clone; clones share their keys and what they remember.
#[derive(Debug, Clone)]
pub struct Authenticator {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    expected: Expected,
    keys: Keys,
    cache: Cache,
}

impl Authenticator {
    /// An authenticator for a service, whose own audience holds unless the configuration names another.
    ///
    /// The keys are loaded when they are first needed, so that a service starts while its provider is away.
    pub fn new(
        config: &AuthConfig,
        own_audience: &str,
        environment: Environment,
    ) -> Result<Self, AuthConfigError> {
        config.validate(environment)?;
        let audience = config.audience.as_deref().unwrap_or(own_audience);
        if audience.is_empty() {
            return Err(AuthConfigError::NoAudience);
        }
        Ok(Self {
            parts: Arc::new(Parts {
                expected: Expected::new(&config.issuer, audience, config.leeway_seconds),
                keys: Keys::new(config)?,
                cache: Cache::new(config.cached_tokens),
            }),
        })
    }

    /// Who the bearer of a token is.
    pub async fn authenticate(&self, token: &str) -> Result<Caller, Denial> {
        let parts = &*self.parts;
        if token.len() > crate::token::LONGEST {
            return Err(InvalidToken::TooLong.into());
        }
        let known = parts.keys.current().await?;
        let digest = Cache::digest(token);
        if let Some(caller) = parts.cache.get(&digest, known.generation, now()) {
            return Ok(caller);
        }
        let unverified = crate::token::Header::read(token)?;
        let known = if known.set.has(&unverified.kid) {
            known
        } else {
            parts.keys.newer_than(known).await?
        };
        let key = known
            .set
            .get(&unverified.kid)
            .ok_or(InvalidToken::UnknownKey)?;
        let claims = parts.expected.verify(token, &unverified, key, now())?;
        let caller = claims.caller()?;
        parts
            .cache
            .put(digest, caller.clone(), known.generation, claims.exp);
        Ok(caller)
    }

    /// Whether tokens can be checked at present.
    pub async fn ready(&self) -> Result<(), KeysUnavailable> {
        self.parts.keys.current().await.map(drop)
    }
}
