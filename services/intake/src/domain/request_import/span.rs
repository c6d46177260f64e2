//! From records to the requests that they are of: rows that follow one another and have one key.

use super::plan::Said;
use super::{Digest, Problem};

/// The most rows of a span: a request has no more tasks.
const MOST_ROWS: usize = 1_000;
/// The most bytes of a span: what is held of an import at a time.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A row as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Where it begins.
    pub line: i64,
    /// The key of its request, where it has one that can be read.
    pub key: Option<String>,
    /// How many bytes it takes.
    pub bytes: usize,
    /// What tells whether a row that is sent again is the same.
    pub digest: Digest,
    /// What it says; none where it can't be read.
    pub said: Option<Said>,
    /// The row encoded, for an import that is carried out in the end; empty where it can't be read.
    pub encoded: Vec<u8>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Rows that are done in one step: those of one request, and those among them that could not be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Span {
    /// The key of the request; none where no row has one.
    pub key: Option<String>,
    /// The rows in their order; never none.
    pub rows: Vec<Taken>,
    bytes: usize,
}

impl Span {
    /// The rows of a request.
    pub fn of(key: Option<String>, rows: Vec<Taken>) -> Self {
        let bytes = rows.iter().map(|row| row.bytes).sum();
        Self { key, rows, bytes }
    }

    /// Where the first row begins.
    pub fn first_line(&self) -> i64 {
        self.rows.first().map_or(0, |row| row.line)
    }

    /// Where the last row begins.
    pub fn last_line(&self) -> i64 {
        self.rows.last().map_or(0, |row| row.line)
    }

    fn takes(&self, row: &Taken) -> bool {
        let full = self.rows.len() >= MOST_ROWS || self.bytes + row.bytes > MOST_BYTES;
        let same = self.key.is_none() || row.key.is_none() || self.key == row.key;
        self.rows.is_empty() || (same && !full)
    }

    fn push(&mut self, row: Taken) {
        if self.key.is_none() {
            self.key.clone_from(&row.key);
        }
        self.bytes += row.bytes;
        self.rows.push(row);
    }
}

/// Puts rows together.
#[derive(Debug, Default)]
pub struct Spans(Span);

impl Spans {
    /// Takes the next row, and gives the span before it if the row begins another.
    pub fn push(&mut self, row: Taken) -> Option<Span> {
        let whole = (!self.0.takes(&row)).then(|| std::mem::take(&mut self.0));
        self.0.push(row);
        whole
    }

    /// There are no more rows: gives the last span.
    pub fn end(&mut self) -> Option<Span> {
        let last = std::mem::take(&mut self.0);
        (!last.rows.is_empty()).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: i64, key: &str, bytes: usize) -> Taken {
        Taken {
            line,
            key: (!key.is_empty()).then(|| key.to_owned()),
            bytes,
            digest: [0; 16],
            said: None,
            encoded: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn spans(rows: impl IntoIterator<Item = Taken>) -> Vec<(String, usize)> {
        let mut spans = Spans::default();
        let mut found: Vec<Span> = rows.into_iter().filter_map(|row| spans.push(row)).collect();
        found.extend(spans.end());
        found
            .into_iter()
            .map(|span| (span.key.unwrap_or_default(), span.rows.len()))
            .collect()
    }

    fn key(key: &str) -> String {
        key.to_owned()
    }

    #[test]
    fn rows_of_one_key_stand_together_with_those_that_have_none() {
        let rows = ["", "a", "a", "", "b", "a"];
        let rows = (2_i64..).zip(rows).map(|(line, key)| row(line, key, 10));
        assert_eq!(spans(rows), [(key("a"), 4), (key("b"), 1), (key("a"), 1)]);
        assert_eq!(spans([row(2, "", 1)]), [(key(""), 1)]);
        assert_eq!(spans([]), []);
    }

    #[test]
    fn no_span_has_too_many_rows_or_bytes() {
        let many = (0..2_001).map(|line| row(line, "a", 1));
        assert_eq!(
            spans(many),
            [(key("a"), 1_000), (key("a"), 1_000), (key("a"), 1)]
        );
        let big = (0..3).map(|line| row(line, "a", MOST_BYTES / 2));
        assert_eq!(spans(big), [(key("a"), 2), (key("a"), 1)]);
    }
}
