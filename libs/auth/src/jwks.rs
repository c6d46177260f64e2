//! A provider's key set: which of its keys may verify what.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Algorithm;

/// The longest key set that is read, in bytes.
pub(crate) const LONGEST: usize = 64 * 1024;

/// The most keys that a set may hold.
const MOST_KEYS: usize = 32;

/// RSA moduli of 2048 to 4096 bits, in bytes.
const RSA_MODULUS: std::ops::RangeInclusive<usize> = 256..=512;

/// A key set can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeySet {
    /// It has more than 64 KiB.
    #[error("the key set is longer than 64 KiB")]
    TooLong,
    /// It is not a JSON Web Key Set.
    #[error("the key set is malformed")]
    Malformed,
    /// It holds more than 32 keys.
    #[error("the key set holds more than 32 keys")]
    TooMany,
    /// Two of its keys have one id, so that which is meant can't be told.
    #[error("two keys of the set have one id")]
    DuplicateId,
    /// None of its keys may verify a token: each has another use, kind, curve or algorithm, or no id.
    #[error("no key of the set may verify tokens")]
    NoKeys,
}

/// A public key, and the one algorithm that it verifies.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) algorithm: Algorithm,
    pub(crate) public: DecodingKey,
}

/// The keys of a set that may verify tokens, by id.
#[derive(Debug)]
pub(crate) struct KeySet(HashMap<String, Key>);

impl KeySet {
    /// Reads a key set. A key of another use, kind, curve or algorithm is passed over; a set that is malformed or
    /// ambiguous is refused whole.
    pub(crate) fn parse(document: &[u8], allowed: &[Algorithm]) -> Result<Self, InvalidKeySet> {
        if document.len() > LONGEST {
            return Err(InvalidKeySet::TooLong);
        }
        let document: Document =
            serde_json::from_slice(document).map_err(|_| InvalidKeySet::Malformed)?;
        if document.keys.len() > MOST_KEYS {
            return Err(InvalidKeySet::TooMany);
        }
        let mut seen = HashSet::new();
        let mut keys = HashMap::new();
        for raw in document.keys {
            let Some(id) = raw.kid.clone().filter(|id| !id.is_empty()) else {
                continue;
            };
            if !seen.insert(id.clone()) {
                return Err(InvalidKeySet::DuplicateId);
            }
            if let Some(key) = raw.key().filter(|key| allowed.contains(&key.algorithm)) {
                keys.insert(id, key);
            }
        }
        if keys.is_empty() {
            return Err(InvalidKeySet::NoKeys);
        }
        Ok(Self(keys))
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Key> {
        self.0.get(id)
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<RawKey>,
}

/// A JSON Web Key (RFC 7517), as far as it is of interest.
#[derive(Deserialize)]
struct RawKey {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    key_ops: Option<Vec<String>>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    /// The private half. Who can read the set could sign with it.
    #[serde(default)]
    d: Option<IgnoredAny>,
}

impl RawKey {
    /// The key, if it is a public one that may verify and its curve and sizes are its algorithm's.
    fn key(&self) -> Option<Key> {
        let may_verify = self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self
                .key_ops
                .as_ref()
                .is_none_or(|all| all.iter().any(|one| one == "verify"));
        if !may_verify || self.d.is_some() {
            return None;
        }
        let (algorithm, public) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => {
                let (x, y) = (self.x.as_deref()?, self.y.as_deref()?);
                if number(x)?.len() != 32 || number(y)?.len() != 32 {
                    return None;
                }
                (
                    Algorithm::Es256,
                    DecodingKey::from_ec_components(x, y).ok()?,
                )
            }
            ("RSA", None) => {
                let (n, e) = (self.n.as_deref()?, self.e.as_deref()?);
                if !is_modulus(&number(n)?) || !is_exponent(&number(e)?) {
                    return None;
                }
                (
                    Algorithm::Rs256,
                    DecodingKey::from_rsa_components(n, e).ok()?,
                )
            }
            ("OKP", Some("Ed25519")) => {
                let x = self.x.as_deref()?;
                // The verifier panics on a key that is shorter.
                if number(x)?.len() != 32 {
                    return None;
                }
                (Algorithm::EdDsa, DecodingKey::from_ed_components(x).ok()?)
            }
            _ => return None,
        };
        let agrees = self.alg.as_deref().is_none_or(|alg| {
            // RFC 9864 names the curve where RFC 8037 named the family.
            alg == algorithm.name() || (algorithm == Algorithm::EdDsa && alg == "Ed25519")
        });
        // Making the verifier finds what the lengths don't: a point that is not on the curve.
        let sound = jsonwebtoken::crypto::verify("", b"", &public, algorithm.into()).is_ok();
        (agrees && sound).then_some(Key { algorithm, public })
    }
}

/// The bytes of a base64url number.
fn number(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// Whether a number may be an RSA modulus: of the right size to the byte, and odd.
fn is_modulus(n: &[u8]) -> bool {
    RSA_MODULUS.contains(&n.len()) && n[0] != 0 && n.last().is_some_and(|low| low % 2 == 1)
}

/// Whether a number may be an RSA exponent: odd, above one and of at most four bytes. The verifier takes an exponent
/// of one, with which everybody can sign.
fn is_exponent(e: &[u8]) -> bool {
    (1..=4).contains(&e.len()) && e.last().is_some_and(|low| low % 2 == 1) && e != [1] && e[0] != 0
}

impl From<Algorithm> for jsonwebtoken::Algorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => Self::ES256,
            Algorithm::Rs256 => Self::RS256,
            Algorithm::EdDsa => Self::EdDSA,
        }
    }
}
