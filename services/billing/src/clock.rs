//! The time now, to the microsecond that the database keeps: what is answered is what is read back later.

use time::OffsetDateTime;

/// The time now, by the suite's clock.
pub(crate) fn now() -> OffsetDateTime {
    to_microsecond(caseload_runtime::clock::now())
}

fn to_microsecond(instant: OffsetDateTime) -> OffsetDateTime {
    let over = instant.nanosecond() % 1_000;
    instant - time::Duration::nanoseconds(i64::from(over))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn what_is_finer_than_a_microsecond_falls_away() {
        let instant = datetime!(2026-03-02 10:00:00.123456789 UTC);
        assert_eq!(
            to_microsecond(instant),
            datetime!(2026-03-02 10:00:00.123456 UTC)
        );
    }
}
