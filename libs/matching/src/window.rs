//! Spans of periods. What is due by a period and can't begin before another must fall into the span between them;
//! a person's work can be done in time exactly when, for every span, what must fall into it is no more than the
//! capacity in it. That is what the solver keeps; [`check`](crate::check) plays the periods through instead.

/// A span of periods, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// The first period in which work can be done.
    pub first: usize,
    /// The last period in which work can be done.
    pub last: usize,
}

impl Window {
    /// The span from one period to another.
    pub const fn new(first: usize, last: usize) -> Self {
        Self { first, last }
    }

    /// Whether another span lies wholly in this one.
    pub const fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

/// Every span of so many periods, numbered, with the spans that contain each.
#[derive(Debug, Clone)]
pub(crate) struct Windows {
    periods: usize,
    all: Vec<Window>,
    /// Of each span, the numbers of those that contain it, itself first.
    containing: Vec<Vec<usize>>,
}

impl Windows {
    pub(crate) fn of(periods: usize) -> Self {
        let all: Vec<Window> = (0..periods)
            .flat_map(|first| (first..periods).map(move |last| Window::new(first, last)))
            .collect();
        let containing = all
            .iter()
            .enumerate()
            .map(|(number, inner)| {
                let others = all
                    .iter()
                    .enumerate()
                    .filter(|(other, outer)| *other != number && outer.contains(*inner));
                std::iter::once(number)
                    .chain(others.map(|(other, _)| other))
                    .collect()
            })
            .collect();
        Self {
            periods,
            all,
            containing,
        }
    }

    /// How many spans there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The number of a span whose ends are in range.
    pub(crate) fn number(&self, window: Window) -> usize {
        // Those that begin before it: P + (P - 1) + … of them.
        window.first * (2 * self.periods - window.first + 1) / 2 + (window.last - window.first)
    }

    /// The spans that contain one, by number, itself first.
    pub(crate) fn containing(&self, number: usize) -> &[usize] {
        &self.containing[number]
    }

    /// The spans, by number.
    pub(crate) fn all(&self) -> &[Window] {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_span_has_the_number_of_its_place() {
        for periods in 1..7 {
            let windows = Windows::of(periods);
            for (place, window) in windows.all().iter().enumerate() {
                assert_eq!(windows.number(*window), place);
                assert_eq!(windows.containing(place)[0], place);
            }
        }
    }
}
