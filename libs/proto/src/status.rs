//! Errors as a caller sees them: a status, and a reason in `google.rpc.ErrorInfo` that stays the same for ever.

use std::collections::HashMap;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// The domain of every `ErrorInfo` of the suite.
pub const DOMAIN: &str = "caseload";

/// A stable, machine-readable reason: `UPPER_SNAKE_CASE`, at most 63 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reason(&'static str);

impl Reason {
    /// A field of the request is missing or malformed; the details name each.
    pub const INVALID_REQUEST: Self = Self("INVALID_REQUEST");
    /// The resource does not exist, or is not the caller's to see.
    pub const NOT_FOUND: Self = Self("RESOURCE_NOT_FOUND");
    /// The resource exists already.
    pub const ALREADY_EXISTS: Self = Self("RESOURCE_EXISTS");
    /// The resource is not in a state from which this can be done.
    pub const WRONG_STATE: Self = Self("WRONG_STATE");
    /// The etag is not the resource's current one.
    pub const ETAG_MISMATCH: Self = Self("ETAG_MISMATCH");
    /// The request id was used before with another request.
    pub const REQUEST_ID_REUSED: Self = Self("REQUEST_ID_REUSED");
    /// The page token was not made for this list.
    pub const PAGE_TOKEN_INVALID: Self = Self("PAGE_TOKEN_INVALID");
    /// There is no valid token with the call.
    pub const UNAUTHENTICATED: Self = Self("TOKEN_INVALID");
    /// The token grants no permission for the method.
    pub const PERMISSION_DENIED: Self = Self("PERMISSION_DENIED");
    /// The server is at its limit.
    pub const OVERLOADED: Self = Self("OVERLOADED");
    /// The follower's epoch is not the log's.
    pub const EVENT_EPOCH_CHANGED: Self = Self("EVENT_EPOCH_CHANGED");
    /// The server failed; its log says how.
    pub const INTERNAL: Self = Self("INTERNAL");
    /// Something that the server needs is not there at present.
    pub const UNAVAILABLE: Self = Self("UNAVAILABLE");

    /// A reason of one service's own.
    pub const fn new(reason: &'static str) -> Self {
        Self(reason)
    }

    /// The reason as it travels.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// A status with its reason.
pub fn status(code: Code, reason: Reason, message: impl Into<String>) -> Status {
    status_with(code, reason, message, [])
}

/// A status with its reason and what is known beside it.
pub fn status_with<const N: usize>(
    code: Code,
    reason: Reason,
    message: impl Into<String>,
    metadata: [(&str, String); N],
) -> Status {
    let metadata: HashMap<String, String> = metadata
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    let details = ErrorDetails::with_error_info(reason.as_str(), DOMAIN, metadata);
    Status::with_error_details(code, message, details)
}

/// The most bytes of a status's message. It travels in a header, as its details do, and a client refuses headers of more
/// than 8 to 16 KiB: of an answer that says too much, nothing arrives.
const MESSAGE_BYTES: usize = 1_000;

/// The most bytes of what a status's details tell, before they are encoded.
const DETAIL_BYTES: usize = 3_000;

/// The most bytes of one thing that is told.
const ONE_BYTES: usize = 300;

/// A text cut to some bytes, which then says so.
fn cut(text: &str, most: usize) -> String {
    const CUT: &str = " ...";
    if text.len() <= most {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(most - CUT.len());
    format!("{}{CUT}", text.get(..end).unwrap_or_default())
}

/// As many of the things that are wrong as an answer can tell, each cut to a length at which it can be told: the first
/// ones. There is always one, when there are any.
pub fn told<const N: usize>(wrong: impl IntoIterator<Item = [String; N]>) -> Vec<[String; N]> {
    let mut left = DETAIL_BYTES;
    let mut told: Vec<[String; N]> = Vec::new();
    for parts in wrong {
        let parts = parts.map(|part| cut(&part, ONE_BYTES));
        let size = parts.iter().map(String::len).sum();
        if size > left && !told.is_empty() {
            break;
        }
        left = left.saturating_sub(size);
        told.push(parts);
    }
    told
}

/// Sentences as the message of a status: as many as it can tell, and how many more there are.
pub fn message(sentences: impl IntoIterator<Item = String>) -> String {
    let mut message = String::new();
    let mut more = 0_usize;
    for sentence in sentences {
        let sentence = cut(&sentence, ONE_BYTES);
        if more > 0 || message.len() + sentence.len() > MESSAGE_BYTES {
            more += 1;
        } else {
            if !message.is_empty() {
                message.push_str("; ");
            }
            message.push_str(&sentence);
        }
    }
    if more > 0 {
        format!("{message}; and {more} more")
    } else {
        message
    }
}

/// `NOT_FOUND`, in the same words whether the resource is absent or another firm's.
pub fn not_found(name: impl std::fmt::Display) -> Status {
    status(
        Code::NotFound,
        Reason::NOT_FOUND,
        format!("{name} was not found"),
    )
}

/// `INTERNAL`. What went wrong goes to the log; the caller learns nothing of it.
pub fn internal(what: impl std::fmt::Display) -> Status {
    tracing::error!(error = %what, "internal error");
    status(Code::Internal, Reason::INTERNAL, "internal error")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_is_told_whole() {
        let wrong = [["title".to_owned(), "is required".to_owned()]];
        assert_eq!(told(wrong.clone()), wrong);
        let sentences = ["one is wrong", "another is wrong"].map(str::to_owned);
        assert_eq!(message(sentences), "one is wrong; another is wrong");
        assert_eq!(message([]), "");
    }

    #[test]
    fn what_is_long_fits_into_a_header_and_says_that_there_is_more() {
        let many = || (0..1_000).map(|at| format!("names[{at}] is not a name"));
        let wrong = told(many().map(|why| [why]));
        assert!((50..1_000).contains(&wrong.len()));
        assert_eq!(wrong[0], ["names[0] is not a name"]);
        let told_of = message(many());
        assert!(told_of.len() < 1_100, "{told_of}");
        assert!(told_of.starts_with("names[0] is not a name; names[1] is not a name"));
        assert!(told_of.ends_with(" more"), "{told_of}");
    }

    #[test]
    fn one_that_is_too_long_is_cut_between_letters() {
        let long = "\u{e9}".repeat(100_000);
        let [[one]] = &told([[long.clone()]])[..] else {
            panic!("one is told");
        };
        assert!(one.len() <= 300 && one.ends_with("\u{e9} ..."), "{one}");
        assert_eq!(message([long]), *one);
    }
}
