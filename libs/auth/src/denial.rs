//! What is left behind when a call is refused: a status for the caller, an audit record, a count.

use caseload_domain::FirmId;
use caseload_proto::status::{Reason, status, status_with};
use opentelemetry::KeyValue;
use opentelemetry::metrics::Counter;
use tonic::{Code, Status};

use crate::{Caller, InvalidToken, KeysUnavailable};

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// There is no bearer token with the call, or more than one.
    #[error("there is no bearer token with the call")]
    NoToken,
    /// The token may not be believed.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// The issuer's keys are not known at present, so that no token can be checked.
    #[error(transparent)]
    Keys(#[from] KeysUnavailable),
    /// The caller is known, and may not.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Why a known caller may not call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// None of the caller's roles grants the permission.
    #[error("no role of the caller grants the permission")]
    Permission,
    /// The method is not for callers of this side.
    #[error("the method is not for callers of this kind")]
    Reach,
}

impl Denial {
    /// The reason as metrics and the audit record name it.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NoToken => "NO_TOKEN",
            Self::Token(invalid) => invalid.reason(),
            Self::Keys(_) => "KEYS_UNAVAILABLE",
            Self::Refused(Refusal::Permission) => "PERMISSION",
            Self::Refused(Refusal::Reach) => "REACH",
        }
    }

    /// What the caller is told: enough to put right an honest mistake, nothing that helps a forger.
    pub fn status(&self, method: &str) -> Status {
        match self {
            Self::NoToken => status(
                Code::Unauthenticated,
                Reason::UNAUTHENTICATED,
                "a bearer token is required",
            ),
            Self::Token(InvalidToken::Expired) => status(
                Code::Unauthenticated,
                Reason::UNAUTHENTICATED,
                "the token has expired",
            ),
            Self::Token(_) => status(
                Code::Unauthenticated,
                Reason::UNAUTHENTICATED,
                "the token is not valid here",
            ),
            Self::Keys(_) => status(
                Code::Unavailable,
                Reason::UNAVAILABLE,
                "tokens can't be checked at present",
            ),
            Self::Refused(_) => status_with(
                Code::PermissionDenied,
                Reason::PERMISSION_DENIED,
                "the caller may not call this method",
                [("method", method.trim_start_matches('/').to_owned())],
            ),
        }
    }
}

/// Where denials are recorded: the log at target `audit`, and a count by reason.
#[derive(Debug)]
pub(crate) struct Denials(Counter<u64>);

impl Denials {
    /// The count belongs to the meter provider that the process has set by now.
    pub(crate) fn new() -> Self {
        Self(
            opentelemetry::global::meter("caseload.auth")
                .u64_counter("caseload.auth.denials")
                .with_description("Calls refused, by reason.")
                .build(),
        )
    }

    /// Leaves the audit record and counts. The token itself is never written.
    pub(crate) fn record(
        &self,
        denial: &Denial,
        method: &str,
        caller: Option<&Caller>,
        remote: Option<&str>,
    ) {
        let reason = denial.reason();
        self.count(reason);
        tracing::warn!(
            target: "audit",
            event = "denied",
            subject = caller.map_or("", Caller::actor),
            method,
            reason,
            remote = remote.unwrap_or_default(),
            "call denied"
        );
    }

    fn count(&self, reason: &'static str) {
        self.0.add(1, &[KeyValue::new("reason", reason)]);
    }
}

/// Puts on record that a firm's caller asked for what is another firm's. The caller is told no more than that there is
/// no such thing; the method is the span's.
pub(crate) fn record_elsewhere(caller: &Caller, firm: FirmId) {
    const REASON: &str = "OTHER_FIRM";
    Denials::new().count(REASON);
    tracing::warn!(
        target: "audit",
        event = "denied",
        subject = caller.actor(),
        firm = %firm,
        reason = REASON,
        remote = caller.remote.as_deref().unwrap_or_default(),
        "another firm's resource was asked for"
    );
}
