//! From a request to a domain command, gathering every violation on the way.
//!
//! A service's `api` module reads each field through a [`Violations`], which remembers what was wrong, and then
//! asks it to [`finish`](Violations::finish): a bad request is answered once, with every bad field named (of very many, as many as
//! an answer can carry).

use std::fmt::Display;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::status::{DOMAIN, Reason, message, told};

/// What is wrong with a request, field by field.
#[derive(Debug, Clone, Default)]
pub struct Violations(Vec<(String, String)>);

impl Violations {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that a field is wrong, and why. The field is a path from the request: `task.pricing.hourly.cap`.
    pub fn add(&mut self, field: impl Into<String>, why: impl Display) {
        self.0.push((field.into(), why.to_string()));
    }

    /// Keeps what was parsed, or notes why it could not be.
    pub fn keep<T, E: Display>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|why| self.add(field, why)).ok()
    }

    /// The value of a field that must be there.
    pub fn required<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.add(field, "is required");
        }
        value
    }

    /// The text of a field that must not be empty, trimmed, and is at most `most` characters long.
    pub fn text(&mut self, field: &str, value: &str, most: usize) -> Option<String> {
        let text = value.trim();
        if text.chars().all(is_unseen) {
            self.add(field, "is required");
            return None;
        }
        self.optional_text(field, text, most)
    }

    /// The text of a field that may be empty, trimmed, and is at most `most` characters long.
    /// Control characters other than line breaks and tabs are refused, and so are those that turn the direction of
    /// what follows: text must read as what it is.
    pub fn optional_text(&mut self, field: &str, value: &str, most: usize) -> Option<String> {
        let text = value.trim();
        let length = text.chars().count();
        if length > most {
            self.add(field, format!("has {length} characters, of at most {most}"));
            return None;
        }
        if text
            .chars()
            .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
        {
            self.add(field, "has a control character");
            return None;
        }
        if text.chars().any(turns_direction) {
            self.add(
                field,
                "has a character that turns the direction of the text",
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// Notes a violation unless something holds.
    pub fn check(&mut self, field: &str, holds: bool, why: impl Display) {
        if !holds {
            self.add(field, why);
        }
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was noted, each field with why: for those who read a part of a request by the rules of another, and tell
    /// it under the names that the part has there.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// The answer to a bad request, or `value` when nothing was wrong.
    ///
    /// `value` is `None` only when something was noted; a parse that gives `None` and notes nothing is a defect of
    /// the service and is answered as INTERNAL.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Status> {
        if self.0.is_empty() {
            return value.ok_or_else(|| {
                crate::status::internal("a request was refused without a violation")
            });
        }
        let mut details = ErrorDetails::with_error_info(
            Reason::INVALID_REQUEST.as_str(),
            DOMAIN,
            std::collections::HashMap::new(),
        );
        let message = message(self.0.iter().map(|(field, why)| format!("{field} {why}")));
        for [field, why] in told(self.0.into_iter().map(|(field, why)| [field, why])) {
            details.add_bad_request_violation(field, why);
        }
        Err(Status::with_error_details(
            Code::InvalidArgument,
            message,
            details,
        ))
    }
}

/// White space, and characters of no width: text of nothing else is empty to whoever reads it.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9).
fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let mut violations = Violations::new();
        let read = violations.text("title", text, 20);
        assert_eq!(read.is_none(), !violations.is_empty());
        read
    }

    #[test]
    fn text_is_trimmed_and_kept_as_it_is() {
        assert_eq!(
            read("  Draft 📄 for José\n").as_deref(),
            Some("Draft 📄 for José")
        );
        assert_eq!(
            read("👩\u{200d}⚖\u{fe0f}").as_deref(),
            Some("👩\u{200d}⚖\u{fe0f}")
        );
    }

    #[test]
    fn text_that_nobody_can_see_is_empty() {
        for text in ["", " \t", "\u{200b}", "\u{feff}\u{2060} "] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn text_that_is_too_long_or_hides_something_is_refused() {
        assert_eq!(
            read(&"é".repeat(20)).map(|text| text.chars().count()),
            Some(20)
        );
        for text in [
            "é".repeat(21).as_str(),
            "a\0b",
            "a\u{1b}b",
            "a\u{202e}b",
            "a\u{2066}b",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
