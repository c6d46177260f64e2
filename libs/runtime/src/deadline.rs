//! The time that a call may take, and what is left of it.
//!
//! A server's call runs within [`scope`]; whatever it calls in turn asks [`remaining`] and never waits longer.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use tokio::time::Instant;

/// The header in which gRPC says how long a caller will wait.
pub(crate) const GRPC_TIMEOUT: &str = "grpc-timeout";

tokio::task_local! {
    static DEADLINE: Instant;
}

/// Runs a future with a deadline that what it calls can see. The future is not cut here.
pub async fn scope<F: Future>(deadline: Instant, future: F) -> F::Output {
    DEADLINE.scope(deadline, future).await
}

/// When the call under way must have been answered; `None` outside a call.
pub fn current() -> Option<Instant> {
    DEADLINE.try_with(|deadline| *deadline).ok()
}

/// What is left of the time of the call under way; `None` outside a call.
pub fn remaining() -> Option<Duration> {
    current().map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

/// How long the caller will wait, when it says so in a form that can be read.
pub(crate) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(GRPC_TIMEOUT)?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(count * 3600),
        "M" => Duration::from_secs(count * 60),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return None,
    })
}

/// The header that says how long we will wait, in the finest unit that holds it in eight digits.
pub(crate) fn header(wait: Duration) -> HeaderValue {
    let units = [
        (wait.as_micros(), "u"),
        (wait.as_millis(), "m"),
        (u128::from(wait.as_secs()), "S"),
        (u128::from(wait.as_secs() / 3600), "H"),
    ];
    let text = units
        .into_iter()
        .find(|(count, _)| *count < 100_000_000)
        .map_or_else(
            || "99999999H".to_owned(),
            |(count, unit)| format!("{count}{unit}"),
        );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("0n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(GRPC_TIMEOUT, HeaderValue::from_static(text));
        asked(&headers)
    }

    #[test]
    fn what_is_written_is_read_again() {
        for wait in [
            Duration::ZERO,
            Duration::from_micros(1_500),
            Duration::from_secs(30),
            Duration::from_hours(24),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(GRPC_TIMEOUT, header(wait));
            assert_eq!(asked(&headers), Some(wait));
        }
    }

    #[test]
    fn a_timeout_that_is_no_timeout_is_as_good_as_none() {
        assert_eq!(read("5S"), Some(Duration::from_secs(5)));
        for nonsense in ["", "S", "5", "-5S", "5x", "123456789S", "５S"] {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(nonsense.as_bytes()) {
                headers.insert(GRPC_TIMEOUT, value);
            }
            assert_eq!(asked(&headers), None, "{nonsense}");
        }
    }

    #[tokio::test]
    async fn what_a_call_calls_sees_what_is_left() {
        assert_eq!(remaining(), None);
        let deadline = Instant::now() + Duration::from_mins(1);
        let seen = scope(deadline, async { current() }).await;
        assert_eq!(seen, Some(deadline));
    }
}
