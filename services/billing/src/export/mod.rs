//! An invoice as a file.

pub mod ledes;
pub mod text;

use crate::domain::document::Document;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name: characters of [A-Za-z0-9._-].
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub content: String,
}

/// The name of an invoice's file, before the dot: its number, or that it is a draft and which.
fn stem(document: &Document) -> String {
    document
        .number
        .clone()
        .unwrap_or_else(|| format!("draft-{}", document.id))
}
