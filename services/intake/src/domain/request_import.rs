//! Imports of requests: what an import is, what its rows say, and which of them belong together.
//!
//! # Layout
//! - [`csv`]: from bytes, cut anywhere, to records with their lines
//! - [`span`]: from records to the requests that they are of
//! - [`plan`]: what is made of the rows of one request, and what is wrong with the others

pub mod csv;
pub mod plan;
pub mod span;

use caseload_domain::name::RequestImportName;
use time::OffsetDateTime;

use super::words::words;

words! {
    /// What is kept when some rows are bad.
    pub enum ImportMode {
        /// The good ones.
        KeepGoodRows = "keep_good_rows",
        /// Nothing.
        AllOrNothing = "all_or_nothing",
    }

    /// How rows come.
    pub enum ImportFormat {
        /// As a file of comma-separated values.
        Csv = "csv",
        /// As messages.
        Rows = "rows",
    }

    /// How an import stands.
    pub enum ImportState {
        /// A stream brings rows.
        Running = "running",
        /// No stream does, and it has not ended.
        Interrupted = "interrupted",
        /// It came to its end.
        Succeeded = "succeeded",
        /// It kept nothing, or could not be read to its end.
        Failed = "failed",
    }
}

impl ImportState {
    /// Whether nothing becomes of it any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// The most rows of an import.
pub const MOST_ROWS: i64 = 100_000;
/// The most bytes of all rows.
pub const MOST_BYTES: usize = 256 * 1024 * 1024;
/// The most bytes of one row.
pub const MOST_ROW_BYTES: usize = 64 * 1024;

/// What tells whether a row that is sent again is the same.
pub type Digest = [u8; 16];

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where the row begins.
    pub line: i64,
    /// The column or field; empty for the whole.
    pub field: String,
    /// As a phrase that follows the field's name.
    pub why: String,
}

impl Problem {
    /// The most characters of what is told; what a row says is repeated in it, and may be long.
    const MOST: usize = 300;

    /// A problem, cut to a length that can be told, without what a screen or a store can't show.
    pub fn new(line: i64, field: &str, why: &str) -> Self {
        let shown = |text: &str| {
            text.chars()
                .filter(|letter| !letter.is_control())
                .take(Self::MOST)
                .collect()
        };
        Self {
            line,
            field: shown(field),
            why: shown(why),
        }
    }
}

/// An import, and what is durable of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestImport {
    /// Which one.
    pub name: RequestImportName,
    /// Who imports.
    pub principal: String,
    /// What is kept.
    pub mode: ImportMode,
    /// How rows come.
    pub format: ImportFormat,
    /// How it stands.
    pub state: ImportState,
    /// The digest of the header row; none before it was read.
    pub head: Option<Digest>,
    /// Rows read for good.
    pub rows_read: i64,
    /// Of these, those that made no task.
    pub rows_refused: i64,
    /// Requests made.
    pub requests_created: i64,
    /// Tasks made.
    pub tasks_created: i64,
    /// Problems told.
    pub error_count: i64,
    /// Where the last row that was read begins.
    pub last_line: i64,
    /// Parts done.
    pub spans: i32,
    /// When it was begun.
    pub create_time: OffsetDateTime,
    /// When it was last taken further.
    pub update_time: OffsetDateTime,
    /// When it ended.
    pub end_time: Option<OffsetDateTime>,
}
