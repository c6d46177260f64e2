//! What a contract's `page_size` and `page_token` mean (AIP-158).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caseload_proto::status::{DOMAIN, Reason};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::{DatabaseConfig, DatabaseError};

const DEFAULT_SIZE: i64 = 50;
const MOST: i64 = 1000;
/// A token of ours is far smaller; a larger one is not worth reading.
const TOKEN_BYTES: usize = 4096;

/// The page size is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must not be negative")]
pub struct InvalidPageSize;

/// How many to answer at most: 50 when none is said, and never more than 1000.
pub fn page_size(requested: i32) -> Result<i64, InvalidPageSize> {
    match i64::from(requested) {
        ..0 => Err(InvalidPageSize),
        0 => Ok(DEFAULT_SIZE),
        size => Ok(size.min(MOST)),
    }
}

/// The page token was not made by us for this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("was not made for this list")]
pub struct PageTokenInvalid;

impl From<PageTokenInvalid> for Status {
    fn from(error: PageTokenInvalid) -> Self {
        let mut details = ErrorDetails::with_error_info(
            Reason::PAGE_TOKEN_INVALID.as_str(),
            DOMAIN,
            std::collections::HashMap::new(),
        );
        details.add_bad_request_violation("page_token", error.to_string());
        Self::with_error_details(
            Code::InvalidArgument,
            format!("page_token {error}"),
            details,
        )
    }
}

/// Makes page tokens that callers can neither read nor change, and that serve only the list they were made for.
pub struct PageTokens {
    key: LessSafeKey,
    random: SystemRandom,
}

impl std::fmt::Debug for PageTokens {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("PageTokens").finish_non_exhaustive()
    }
}

impl PageTokens {
    /// Tokens sealed with a key derived from `secret`, which has at least 32 bytes.
    pub(crate) fn new(secret: &str) -> Result<Self, DatabaseError> {
        let refused =
            |why: &str| DatabaseError::Configuration(format!("the database's page_key {why}"));
        if secret.len() < DatabaseConfig::PAGE_KEY_BYTES {
            return Err(refused("must have at least 32 bytes"));
        }
        let derived = Salt::new(HKDF_SHA256, b"caseload page tokens").extract(secret.as_bytes());
        let key: UnboundKey = derived
            .expand(&[b"aes-256-gcm"], &AES_256_GCM)
            .map_err(|_| refused("can't be used"))?
            .into();
        Ok(Self {
            key: LessSafeKey::new(key),
            random: SystemRandom::new(),
        })
    }

    /// The token with which the list goes on after a key.
    ///
    /// `list` names everything that makes the list what it is: the method, the parent, the filter, the order, the
    /// caller.
    pub fn seal<K: Serialize>(&self, list: &str, after: &K) -> Result<String, DatabaseError> {
        let failed = |_| DatabaseError::Configuration("a page token can't be sealed".to_owned());
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(failed)?;
        let mut text = serde_json::to_vec(after)?;
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(list.as_bytes()),
                &mut text,
            )
            .map_err(failed)?;
        let mut token = nonce.to_vec();
        token.append(&mut text);
        Ok(URL_SAFE_NO_PAD.encode(token))
    }

    /// Where the list goes on: after the key that was sealed, or from the start when the token is empty.
    pub fn open<K: DeserializeOwned>(
        &self,
        list: &str,
        token: &str,
    ) -> Result<Option<K>, PageTokenInvalid> {
        if token.is_empty() {
            return Ok(None);
        }
        if token.len() > TOKEN_BYTES {
            return Err(PageTokenInvalid);
        }
        let mut token = URL_SAFE_NO_PAD
            .decode(token)
            .map_err(|_| PageTokenInvalid)?;
        let (nonce, text) = token
            .split_at_mut_checked(NONCE_LEN)
            .ok_or(PageTokenInvalid)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| PageTokenInvalid)?;
        let text = self
            .key
            .open_in_place(nonce, Aad::from(list.as_bytes()), text)
            .map_err(|_| PageTokenInvalid)?;
        serde_json::from_slice(text)
            .map(Some)
            .map_err(|_| PageTokenInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "ListMatters firms/1 open";

    fn tokens(secret: &str) -> PageTokens {
        PageTokens::new(secret).unwrap()
    }

    fn ours() -> PageTokens {
        tokens("a key that has at least 32 bytes in it")
    }

    #[test]
    fn a_token_leads_back_to_where_the_list_stopped() {
        let last = ("Smith v. Jones".to_owned(), 17_i64);
        let token = ours().seal(LIST, &last).unwrap();
        assert_eq!(ours().open(LIST, &token), Ok(Some(last)));
    }

    #[test]
    fn no_token_is_the_start_of_the_list() {
        assert_eq!(ours().open::<i64>(LIST, ""), Ok(None));
    }

    #[test]
    fn a_token_serves_only_its_own_list_and_key() {
        let token = ours().seal(LIST, &17_i64).unwrap();
        assert_eq!(
            ours().open::<i64>("ListMatters firms/2 open", &token),
            Err(PageTokenInvalid)
        );
        let theirs = tokens("another key that has at least 32 bytes");
        assert_eq!(theirs.open::<i64>(LIST, &token), Err(PageTokenInvalid));
    }

    #[test]
    fn a_token_can_neither_be_read_nor_changed_in_any_byte() {
        let token = ours().seal(LIST, &"Smith v. Jones").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("Smith"));
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            let changed = URL_SAFE_NO_PAD.encode(changed);
            assert_eq!(ours().open::<String>(LIST, &changed), Err(PageTokenInvalid));
        }
        for nonsense in ["!", "AAAA", &token[1..], &"A".repeat(10_000)] {
            assert_eq!(ours().open::<String>(LIST, nonsense), Err(PageTokenInvalid));
        }
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(PageTokens::new("short").is_err());
    }

    #[test]
    fn a_page_has_fifty_unless_said_and_at_most_a_thousand() {
        assert_eq!(page_size(0), Ok(50));
        assert_eq!(page_size(1), Ok(1));
        assert_eq!(page_size(1001), Ok(1000));
        assert_eq!(page_size(-1), Err(InvalidPageSize));
    }
}
