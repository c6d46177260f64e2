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

/// `NOT_FOUND`, in the same words whether the resource is absent or another firm's.
pub fn not_found(name: impl std::fmt::Display) -> Status {
    status(Code::NotFound, Reason::NOT_FOUND, format!("{name} was not found"))
}

/// `INTERNAL`. What went wrong goes to the log; the caller learns nothing of it.
pub fn internal(what: impl std::fmt::Display) -> Status {
    tracing::error!(error = %what, "internal error");
    status(Code::Internal, Reason::INTERNAL, "internal error")
}
