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
#[derive(Debug, Default)]
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
        if text.is_empty() {
            self.add(field, "is required");
            return None;
        }
        self.optional_text(field, text, most)
    }

    /// The text of a field that may be empty, trimmed, and is at most `most` characters long.
    /// Control characters other than line breaks and tabs are refused.
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
