//! How due dates become the engine's periods: a few spans of time, each ending where something is due.

use caseload_matching::Window;
use time::OffsetDateTime;

use super::load::{Span, capacity};

/// The most periods. The engine's work grows with the square.
const MOST: usize = 12;

/// Spans of time that follow each other, the first from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periods {
    now: OffsetDateTime,
    /// Where each ends, ascending; at least one, all after now.
    ends: Vec<OffsetDateTime>,
}

impl Periods {
    /// Periods that end where something is due: each of the dates when they are few, else some of them, the first and
    /// the last always.
    pub fn of(now: OffsetDateTime, dues: impl IntoIterator<Item = OffsetDateTime>) -> Self {
        let mut ends: Vec<OffsetDateTime> = dues.into_iter().filter(|due| *due > now).collect();
        ends.sort_unstable();
        ends.dedup();
        if ends.len() > MOST {
            ends = (0..MOST)
                .map(|at| ends[at * (ends.len() - 1) / (MOST - 1)])
                .collect();
        }
        if ends.is_empty() {
            ends.push(now + time::Duration::weeks(1));
        }
        Self { now, ends }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never so: there is always one.
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How much of a weekly capacity falls into each, rounded down.
    pub fn capacities(&self, weekly: i64) -> Vec<i64> {
        let begins = std::iter::once(&self.now).chain(&self.ends);
        begins
            .zip(&self.ends)
            .map(|(begin, end)| capacity(weekly, *begin, *end))
            .collect()
    }

    /// The periods that lie wholly in a span, so that what is done in them is in time; the one in which it is due when
    /// there is none.
    pub fn window(&self, span: Span) -> Window {
        // A period begins where the one before it ends.
        let first = if span.start <= self.now {
            0
        } else {
            1 + self.ends.partition_point(|end| *end < span.start)
        };
        let after_last = self.ends.partition_point(|end| *end <= span.due);
        if first < after_last {
            return Window::new(first, after_last - 1);
        }
        let due_in = self
            .ends
            .partition_point(|end| *end < span.due)
            .min(self.ends.len() - 1);
        Window::new(due_in, due_in)
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{HOUR, NOW};
    use super::*;
    use time::Duration;

    fn day(number: i64) -> OffsetDateTime {
        NOW + Duration::days(number)
    }

    #[test]
    fn each_due_date_ends_a_period_and_work_falls_into_those_before_its_own() {
        let periods = Periods::of(NOW, [day(7), day(2), day(7), day(-1)]);
        assert_eq!(periods.len(), 2);
        assert_eq!(periods.capacities(70 * HOUR), [20 * HOUR, 50 * HOUR]);
        let window = |start, due| {
            periods.window(Span {
                start: day(start),
                due: day(due),
            })
        };
        assert_eq!(window(0, 2), Window::new(0, 0));
        assert_eq!(window(0, 7), Window::new(0, 1));
        assert_eq!(window(2, 7), Window::new(1, 1));
        assert_eq!(window(1, 7), Window::new(1, 1));
        assert_eq!(window(0, 5), Window::new(0, 0));
        assert_eq!(window(5, 6), Window::new(1, 1));
        assert_eq!(window(0, 1), Window::new(0, 0));
        assert_eq!(window(0, 9), Window::new(0, 1));
    }

    #[test]
    fn there_are_never_more_than_a_dozen_and_the_first_and_the_last_date_are_among_them() {
        let periods = Periods::of(NOW, (1..100).map(day));
        assert_eq!(periods.len(), MOST);
        assert_eq!((periods.ends[0], periods.ends[MOST - 1]), (day(1), day(99)));
    }

    #[test]
    fn there_is_one_where_nothing_is_due() {
        assert_eq!(Periods::of(NOW, []).len(), 1);
    }
}
