//! From when to when somebody worked.

use caseload_domain::work_time::WorkedTime;
use time::{Duration, OffsetDateTime};

/// From when to when: 0 seconds to 24 hours, instants to the microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: OffsetDateTime,
    worked: WorkedTime,
    end: OffsetDateTime,
}

/// Why two instants are no span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSpan {
    /// The end is before the start.
    #[error("must be after start_time")]
    Backwards,
    /// It lasts more than a day.
    #[error("must be at most 24 hours after start_time")]
    TooLong,
}

/// An instant without what is finer than a microsecond, which the database does not keep.
pub fn to_microsecond(instant: OffsetDateTime) -> OffsetDateTime {
    instant - Duration::nanoseconds(i64::from(instant.nanosecond() % 1000))
}

impl Span {
    /// From one instant to another.
    pub fn new(start: OffsetDateTime, end: OffsetDateTime) -> Result<Self, InvalidSpan> {
        let (start, end) = (to_microsecond(start), to_microsecond(end));
        let lasts = end - start;
        if lasts.is_negative() {
            return Err(InvalidSpan::Backwards);
        }
        if lasts > Duration::seconds(WorkedTime::MOST.seconds().into()) {
            return Err(InvalidSpan::TooLong);
        }
        let worked = WorkedTime::from_seconds(lasts.whole_seconds());
        Ok(Self {
            start,
            worked: worked.map_err(|_| InvalidSpan::TooLong)?,
            end,
        })
    }

    /// When work began.
    pub const fn start(self) -> OffsetDateTime {
        self.start
    }

    /// When it ended.
    pub const fn end(self) -> OffsetDateTime {
        self.end
    }

    /// The whole seconds between.
    pub const fn worked(self) -> WorkedTime {
        self.worked
    }

    /// Whether the two have an instant in common. Spans that touch have none, and a span of no length is nowhere.
    pub fn overlaps(self, other: Self) -> bool {
        let begins = self.start.max(other.start);
        let ends = self.end.min(other.end);
        begins < ends
    }
}

/// What a caller said of a span: each part that they said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said {
    /// When work began.
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    pub end: Option<OffsetDateTime>,
    /// How long it took.
    pub worked: Option<WorkedTime>,
}

/// A field of an entry that is wrong, and why.
pub type Wrong = (&'static str, String);

impl Said {
    /// The span that was meant, which must end by `latest`; or what is wrong, field by field.
    pub fn span(self, latest: OffsetDateTime) -> Result<Span, Vec<Wrong>> {
        let Some(start) = self.start else {
            return Err(vec![("start_time", "is required".to_owned())]);
        };
        if self.worked.is_some_and(|worked| worked.seconds() == 0) {
            return Err(vec![("worked", "must be at least a second".to_owned())]);
        }
        let wrong = |field, why: &dyn ToString| vec![(field, why.to_string())];
        let (field, end) = match (self.end, self.worked) {
            (Some(end), _) => ("end_time", end),
            (None, Some(worked)) => {
                let lasts = Duration::seconds(worked.seconds().into());
                let end = start.checked_add(lasts);
                (
                    "worked",
                    end.ok_or_else(|| wrong("start_time", &"is out of range"))?,
                )
            }
            (None, None) => {
                return Err(wrong("end_time", &"is required unless worked is given"));
            }
        };
        let span = Span::new(start, end).map_err(|why| wrong(field, &why))?;
        if span.worked().seconds() == 0 {
            return Err(wrong(field, &"must be at least a second after start_time"));
        }
        if self.worked.is_some_and(|worked| worked != span.worked()) {
            return Err(wrong(
                "worked",
                &"does not agree with start_time and end_time",
            ));
        }
        if span.end() > latest {
            return Err(wrong(field, &"ends in the future"));
        }
        Ok(span)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NINE: OffsetDateTime = datetime!(2026-03-02 09:00 UTC);
    const TEN: OffsetDateTime = datetime!(2026-03-02 10:00 UTC);
    const LATEST: OffsetDateTime = datetime!(2026-03-05 00:00 UTC);

    fn seconds(seconds: i64) -> Option<WorkedTime> {
        WorkedTime::from_seconds(seconds).ok()
    }

    fn said(
        start: OffsetDateTime,
        end: Option<OffsetDateTime>,
        worked: Option<WorkedTime>,
    ) -> Said {
        Said {
            start: Some(start),
            end,
            worked,
        }
    }

    fn wrong_field(said: Said) -> &'static str {
        said.span(LATEST).unwrap_err()[0].0
    }

    #[test]
    fn a_span_is_said_by_its_end_or_by_how_long_it_took() {
        let span = Span::new(NINE, TEN).unwrap();
        assert_eq!(said(NINE, Some(TEN), None).span(LATEST), Ok(span));
        assert_eq!(said(NINE, None, seconds(3600)).span(LATEST), Ok(span));
        assert_eq!(said(NINE, Some(TEN), seconds(3600)).span(LATEST), Ok(span));
    }

    #[test]
    fn what_is_wrong_is_said_of_the_field_that_said_it() {
        assert_eq!(wrong_field(Said::default()), "start_time");
        assert_eq!(wrong_field(said(NINE, None, None)), "end_time");
        assert_eq!(wrong_field(said(NINE, None, seconds(0))), "worked");
        assert_eq!(wrong_field(said(NINE, Some(TEN), seconds(3599))), "worked");
        assert_eq!(wrong_field(said(TEN, Some(NINE), None)), "end_time");
        assert_eq!(wrong_field(said(NINE, Some(NINE), None)), "end_time");
        assert_eq!(
            wrong_field(said(NINE, Some(NINE + Duration::milliseconds(999)), None)),
            "end_time"
        );
        assert_eq!(
            wrong_field(said(NINE, Some(NINE + Duration::seconds(86_401)), None)),
            "end_time"
        );
        assert_eq!(wrong_field(said(LATEST, None, seconds(1))), "worked");
        let end_of_time = datetime!(9999-12-31 23:59:59 UTC);
        assert_eq!(
            wrong_field(said(end_of_time, None, seconds(86_400))),
            "start_time"
        );
    }

    #[test]
    fn less_than_a_second_more_is_dropped_from_the_time_worked() {
        let span = Span::new(NINE, TEN + Duration::nanoseconds(999_999_999)).unwrap();
        assert_eq!(span.worked().seconds(), 3600);
        assert_eq!(span.end().microsecond(), 999_999);
        assert_eq!(span.end().nanosecond() % 1000, 0);
    }

    #[test]
    fn spans_that_touch_do_not_overlap() {
        let hour = |start: OffsetDateTime| Span::new(start, start + Duration::hours(1)).unwrap();
        assert!(!hour(NINE).overlaps(hour(TEN)));
        assert!(hour(NINE).overlaps(hour(TEN - Duration::microseconds(1))));
        let nowhere = Span::new(NINE + Duration::minutes(5), NINE + Duration::minutes(5)).unwrap();
        assert!(!hour(NINE).overlaps(nowhere));
    }

    proptest! {
        #[test]
        fn the_time_worked_is_within_a_second_of_the_span(start in 0_i64..4_000_000_000, micros in 0_i64..86_400_000_000) {
            let start = OffsetDateTime::from_unix_timestamp(start).unwrap();
            let span = Span::new(start, start + Duration::microseconds(micros)).unwrap();
            let lasts = span.end() - span.start();
            let worked = Duration::seconds(span.worked().seconds().into());
            prop_assert!(worked <= lasts && lasts < worked + Duration::SECOND);
        }

        #[test]
        fn one_span_overlaps_another_as_the_other_does_it(
            a in 0_i64..500, b in 0_i64..500, long in 0_i64..300, short in 0_i64..300,
        ) {
            let span = |start, lasts| {
                let start = NINE + Duration::seconds(start);
                Span::new(start, start + Duration::seconds(lasts)).unwrap()
            };
            let (one, other) = (span(a, long), span(b, short));
            prop_assert_eq!(one.overlaps(other), other.overlaps(one));
            let shared = (0..1000).any(|at| (a..a + long).contains(&at) && (b..b + short).contains(&at));
            prop_assert_eq!(one.overlaps(other), shared);
        }
    }
}
