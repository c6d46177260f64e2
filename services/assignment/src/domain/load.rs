//! What a paralegal has to do already, and the time that it leaves.

use time::{Duration, OffsetDateTime};

const WEEK: i128 = 7 * 24 * 3600;

/// A task that a paralegal is offered or has accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment {
    /// The effort that is expected, in seconds. Nothing for what is delivered and waits for the firm.
    pub effort: i64,
    /// When it must be delivered.
    pub due: OffsetDateTime,
}

/// What a paralegal has to do already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Load {
    /// One a task.
    pub commitments: Vec<Commitment>,
}

/// From when to when a task can be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Not before.
    pub start: OffsetDateTime,
    /// Not after.
    pub due: OffsetDateTime,
}

impl Span {
    /// When a task can be worked on, seen from now. What is overdue is to be done within `overdue`, and what has no
    /// due date within `horizon`.
    pub fn of(
        start: Option<OffsetDateTime>,
        due: Option<OffsetDateTime>,
        now: OffsetDateTime,
        (overdue, horizon): (Duration, Duration),
    ) -> Self {
        let due = match due {
            Some(due) if due > now => due,
            Some(_) => now + overdue,
            None => now + horizon,
        };
        let start = start.map_or(now, |start| start.max(now)).min(due);
        Self { start, due }
    }
}

/// How much of a weekly capacity falls into a time: it is spread evenly over the week.
pub fn capacity(weekly: i64, from: OffsetDateTime, to: OffsetDateTime) -> i64 {
    let seconds = i128::from((to - from).whole_seconds().max(0));
    i64::try_from(i128::from(weekly) * seconds / WEEK).unwrap_or(i64::MAX)
}

impl Load {
    /// How many tasks.
    pub fn tasks(&self) -> usize {
        self.commitments.len()
    }

    /// The effort of all of them.
    pub fn effort(&self) -> i64 {
        self.commitments.iter().map(|one| one.effort).sum()
    }

    /// The effort of those that are due by a time.
    pub fn due_by(&self, time: OffsetDateTime) -> i64 {
        self.commitments
            .iter()
            .filter(|one| one.due <= time)
            .map(|one| one.effort)
            .sum()
    }

    /// How much more can be done in a span without anything being late, when what is due first is done first: the
    /// least, over every due date from the span's on, of the time until it less what is due by it.
    pub fn free(&self, weekly: i64, now: OffsetDateTime, span: Span) -> i64 {
        let later = self
            .commitments
            .iter()
            .map(|one| one.due)
            .filter(|due| *due > span.due);
        std::iter::once(span.due)
            .chain(later)
            .map(|due| capacity(weekly, now, due) - self.due_by(due))
            .min()
            .unwrap_or(0)
            .min(capacity(weekly, span.start, span.due))
            .max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{HOUR, NOW};
    use super::*;

    const WEEKLY: i64 = 40 * HOUR;

    fn span(days: i64) -> Span {
        Span {
            start: NOW,
            due: NOW + Duration::days(days),
        }
    }

    fn load(given: &[(i64, i64)]) -> Load {
        let commitments = given.iter().map(|(hours, days)| Commitment {
            effort: hours * HOUR,
            due: NOW + Duration::days(*days),
        });
        Load {
            commitments: commitments.collect(),
        }
    }

    #[test]
    fn a_week_has_its_capacity_and_half_a_week_half_of_it() {
        assert_eq!(capacity(WEEKLY, NOW, NOW + Duration::days(7)), WEEKLY);
        assert_eq!(capacity(WEEKLY, NOW, NOW + Duration::hours(84)), WEEKLY / 2);
        assert_eq!(capacity(WEEKLY, NOW, NOW - Duration::days(7)), 0);
    }

    #[test]
    fn what_is_due_before_takes_time_and_what_is_due_later_only_where_it_would_be_late() {
        assert_eq!(load(&[]).free(WEEKLY, NOW, span(7)), 40 * HOUR);
        assert_eq!(load(&[(10, 3)]).free(WEEKLY, NOW, span(7)), 30 * HOUR);
        assert_eq!(load(&[(10, 14)]).free(WEEKLY, NOW, span(7)), 40 * HOUR);
        assert_eq!(load(&[(70, 14)]).free(WEEKLY, NOW, span(7)), 10 * HOUR);
        assert_eq!(load(&[(90, 14)]).free(WEEKLY, NOW, span(7)), 0);
    }

    #[test]
    fn work_that_can_begin_late_has_the_time_from_then_on_alone() {
        let late = Span {
            start: NOW + Duration::days(6),
            due: NOW + Duration::days(7),
        };
        assert_eq!(
            load(&[]).free(WEEKLY, NOW, late),
            capacity(WEEKLY, late.start, late.due)
        );
    }

    #[test]
    fn overdue_work_is_to_be_done_soon_and_work_without_a_date_within_the_horizon() {
        let times = (Duration::days(7), Duration::days(28));
        let due = |due| Span::of(None, due, NOW, times).due;
        assert_eq!(due(Some(NOW - Duration::days(3))), NOW + Duration::days(7));
        assert_eq!(due(None), NOW + Duration::days(28));
        assert_eq!(due(Some(NOW + Duration::days(2))), NOW + Duration::days(2));
    }
}
