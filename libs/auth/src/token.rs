//! Whether a token may be believed.
//!
//! The algorithm is the key's, where the configuration allows it; the header is only asked to agree. Signature,
//! issuer, audience and times are checked by `jsonwebtoken`, and again here where it is lenient: it takes an issuer
//! or audience of another type, and knows neither `typ` nor `iat` nor a longest lifetime.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::Validation;
use jsonwebtoken::errors::ErrorKind;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use time::OffsetDateTime;

use crate::claims::Claims;
use crate::jwks::Key;

/// The longest token that is looked at, in bytes.
pub(crate) const LONGEST: usize = 8 * 1024;

/// The longest that a token may be valid, in seconds.
pub(crate) const LONGEST_LIFETIME: i64 = 3_600;

/// Seconds since the epoch, by the machine's clock.
pub(crate) fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// Why a token may not be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// It has more than 8 KiB.
    #[error("the token is longer than 8 KiB")]
    TooLong,
    /// It is not three parts of base64url with JSON objects in the first two, or a part of it is of another type,
    /// missing, or there twice.
    #[error("the token is malformed")]
    Malformed,
    /// Its type is not `at+jwt`: it is an identity token, say.
    #[error("the token is not an access token")]
    Type,
    /// Its header has `crit`, `jku`, `jwk` or `x5u`.
    #[error("the token's header names extensions or keys of its own")]
    Header,
    /// Its header has no `kid`, or one that no key has.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// Its algorithm is not its key's.
    #[error("the token's algorithm is not its key's")]
    Algorithm,
    /// Its signature is not its key's.
    #[error("the token's signature is not valid")]
    Signature,
    /// It is from another issuer.
    #[error("the token's issuer is another")]
    Issuer,
    /// It is for another audience.
    #[error("the token's audience is another")]
    Audience,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// It is not valid yet, or says that it was issued in the future.
    #[error("the token is not valid yet")]
    Early,
    /// It is valid for more than an hour, or for no time.
    #[error("the token's lifetime is longer than an hour or not positive")]
    Lifetime,
    /// Its subject is empty, too long, or not one that a token may have.
    #[error("the token's subject can't be used")]
    Subject,
    /// Its roles are unknown, none, or don't fit with its firm and paralegal.
    #[error("the token's roles do not fit together")]
    Roles,
}

impl InvalidToken {
    /// The reason as metrics and the audit record name it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TooLong => "TOKEN_TOO_LONG",
            Self::Malformed => "TOKEN_MALFORMED",
            Self::Type => "TOKEN_TYPE",
            Self::Header => "TOKEN_HEADER",
            Self::UnknownKey => "TOKEN_KEY_UNKNOWN",
            Self::Algorithm => "TOKEN_ALGORITHM",
            Self::Signature => "TOKEN_SIGNATURE",
            Self::Issuer => "TOKEN_ISSUER",
            Self::Audience => "TOKEN_AUDIENCE",
            Self::Expired => "TOKEN_EXPIRED",
            Self::Early => "TOKEN_EARLY",
            Self::Lifetime => "TOKEN_LIFETIME",
            Self::Subject => "TOKEN_SUBJECT",
            Self::Roles => "TOKEN_ROLES",
        }
    }
}

/// What a token's header says, before anything of it is believed.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: String,
}

/// Typed, so that a parameter that is there twice fails.
#[derive(Deserialize)]
struct RawHeader {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: Option<Present>,
    #[serde(default, deserialize_with = "present")]
    jku: Option<Present>,
    #[serde(default, deserialize_with = "present")]
    jwk: Option<Present>,
    #[serde(default, deserialize_with = "present")]
    x5u: Option<Present>,
}

/// A parameter that is there, whatever its value.
struct Present;

/// Unlike an `Option`'s own reading, takes null for a value too.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Present>, D::Error> {
    IgnoredAny::deserialize(value).map(|_| Some(Present))
}

impl Header {
    /// Reads the header of a token that is no longer than [`LONGEST`].
    pub(crate) fn read(token: &str) -> Result<Self, InvalidToken> {
        let mut parts = token.split('.');
        let (Some(header), Some(_), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(InvalidToken::Malformed);
        };
        let json = BASE64_URL_SAFE_NO_PAD
            .decode(header)
            .map_err(|_| InvalidToken::Malformed)?;
        let raw: RawHeader = serde_json::from_slice(&json).map_err(|_| InvalidToken::Malformed)?;
        let own = [raw.crit, raw.jku, raw.jwk, raw.x5u];
        if own.iter().any(Option::is_some) {
            return Err(InvalidToken::Header);
        }
        let typ = raw.typ.unwrap_or_default().to_ascii_lowercase();
        if !matches!(typ.as_str(), "at+jwt" | "application/at+jwt") {
            return Err(InvalidToken::Type);
        }
        Ok(Self {
            alg: raw.alg,
            kid: raw.kid.ok_or(InvalidToken::UnknownKey)?,
        })
    }
}

/// What is expected of a token.
#[derive(Debug)]
pub(crate) struct Expected {
    issuer: String,
    audience: String,
    leeway: i64,
    validation: Validation,
}

impl Expected {
    pub(crate) fn new(issuer: &str, audience: &str, leeway_seconds: u64) -> Self {
        let mut validation = Validation::default();
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_exp = true;
        validation.validate_nbf = true;
        validation.validate_aud = true;
        validation.leeway = leeway_seconds;
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            leeway: i64::try_from(leeway_seconds).unwrap_or(0),
            validation,
        }
    }

    /// The claims of a token, if all that is expected of it holds.
    pub(crate) fn verify(
        &self,
        token: &str,
        header: &Header,
        key: &Key,
        now: i64,
    ) -> Result<Claims, InvalidToken> {
        if header.alg != key.algorithm.name() {
            return Err(InvalidToken::Algorithm);
        }
        let mut validation = self.validation.clone();
        validation.algorithms = vec![key.algorithm.into()];
        let claims = jsonwebtoken::decode::<Claims>(token, &key.public, &validation)
            .map_err(|error| invalid(error.kind()))?
            .claims;
        self.check(&claims, now)?;
        Ok(claims)
    }

    fn check(&self, claims: &Claims, now: i64) -> Result<(), InvalidToken> {
        if claims.iss != self.issuer {
            return Err(InvalidToken::Issuer);
        }
        if !claims.aud.names(&self.audience) {
            return Err(InvalidToken::Audience);
        }
        if claims.exp.saturating_add(self.leeway) <= now {
            return Err(InvalidToken::Expired);
        }
        let latest = now.saturating_add(self.leeway);
        if claims.iat > latest || claims.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(InvalidToken::Early);
        }
        if !(1..=LONGEST_LIFETIME).contains(&claims.exp.saturating_sub(claims.iat)) {
            return Err(InvalidToken::Lifetime);
        }
        Ok(())
    }
}

fn invalid(kind: &ErrorKind) -> InvalidToken {
    match kind {
        ErrorKind::InvalidSignature => InvalidToken::Signature,
        ErrorKind::InvalidIssuer => InvalidToken::Issuer,
        ErrorKind::InvalidAudience => InvalidToken::Audience,
        ErrorKind::ExpiredSignature => InvalidToken::Expired,
        ErrorKind::ImmatureSignature => InvalidToken::Early,
        ErrorKind::InvalidAlgorithm => InvalidToken::Algorithm,
        _ => InvalidToken::Malformed,
    }
}
