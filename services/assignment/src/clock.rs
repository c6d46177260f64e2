//! What time it is, as the store keeps it.

use time::OffsetDateTime;

/// The time now, to the microsecond: what is answered at once is what is read again.
pub fn now() -> OffsetDateTime {
    let now = caseload_runtime::clock::now();
    now - time::Duration::nanoseconds(i64::from(now.nanosecond() % 1000))
}
