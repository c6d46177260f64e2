//! What is told of each step on the way to a deadline.

use std::borrow::Cow;

use time::Date;

/// A step on the way to a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The part of Rule 6 that it rests on, for example `6(a)(1)(C)`.
    pub rule: Cow<'static, str>,
    /// The day that it is about, or leads to.
    pub day: Date,
    /// What happens, as a sentence without its full stop.
    pub words: String,
}

/// A day as American lawyers write it: `Friday, July 3, 2026`.
pub(crate) fn words(day: Date) -> String {
    format!(
        "{}, {} {}, {}",
        day.weekday(),
        day.month(),
        day.day(),
        day.year()
    )
}
