//! From the messages of a stream to the rows that they bring.

use caseload_proto::caseload::intake::v1;
use prost::Message as _;
use sha2::{Digest as _, Sha256};

use super::columns::Columns;
use super::rows::{Place, Terms, taken, unreadable};
use crate::domain::request_import::csv::{Record, Records, short};
use crate::domain::request_import::span::Taken;
use crate::domain::request_import::{Digest, Problem};

/// What a message brings.
#[derive(Debug)]
pub(super) enum Brought {
    /// The header row of a file; what is wrong with it when it can't be used.
    Head(Digest, Vec<Problem>),
    /// A row.
    Row(Box<Taken>),
}

/// Where rows come from.
#[derive(Debug)]
pub(super) enum Source {
    /// A file.
    Csv(Box<Records>, Option<Columns>),
    /// Messages, so many so far.
    Rows(i64),
}

impl Source {
    /// Takes the next bytes of a file.
    pub(super) fn feed(&mut self, chunk: &[u8], terms: &Terms) -> Vec<Brought> {
        match self {
            Self::Csv(records, columns) => records
                .feed(chunk)
                .into_iter()
                .map(|record| brought(columns, record, terms))
                .collect(),
            Self::Rows(_) => Vec::new(),
        }
    }

    /// Takes the next rows.
    pub(super) fn take(&mut self, rows: &[v1::RequestImportRow], terms: &Terms) -> Vec<Brought> {
        match self {
            Self::Csv(..) => Vec::new(),
            Self::Rows(count) => rows
                .iter()
                .map(|row| {
                    *count += 1;
                    Brought::Row(Box::new(of_message(*count, row, terms)))
                })
                .collect(),
        }
    }

    /// There is no more.
    pub(super) fn end(&mut self, terms: &Terms) -> Vec<Brought> {
        match self {
            Self::Csv(records, columns) => records
                .end()
                .into_iter()
                .map(|record| brought(columns, record, terms))
                .collect(),
            Self::Rows(_) => Vec::new(),
        }
    }

    /// Whether it has what must stand before the first row.
    pub(super) fn has_head(&self) -> bool {
        !matches!(self, Self::Csv(_, None))
    }
}

/// What a record brings: the header row, or a row once there is a header row that can be used.
fn brought(columns: &mut Option<Columns>, record: Record, terms: &Terms) -> Brought {
    let place = Place {
        line: record.line,
        bytes: record.bytes,
        digest: record.digest,
    };
    let Some(columns) = columns else {
        let problem = |field: &str, why: &str| Problem::new(place.line, field, why);
        let problems = match record.cells {
            Err(why) => vec![problem("", &why.to_string())],
            Ok(cells) => match Columns::of(&cells) {
                Ok(found) => {
                    *columns = Some(found);
                    Vec::new()
                }
                Err(wrong) => wrong.iter().map(|(name, why)| problem(name, why)).collect(),
            },
        };
        return Brought::Head(place.digest, problems);
    };
    Brought::Row(Box::new(match record.cells {
        Err(why) => unreadable(place, &why.to_string()),
        Ok(cells) => {
            let (row, wrong) = columns.row(&cells, terms.currency);
            taken(place, &row, wrong, terms)
        }
    }))
}

fn of_message(line: i64, row: &v1::RequestImportRow, terms: &Terms) -> Taken {
    let encoded = row.encode_to_vec();
    let mut hasher = Sha256::new();
    hasher.update(&encoded);
    hasher.update(line.to_be_bytes());
    let place = Place {
        line,
        bytes: encoded.len(),
        digest: short(hasher),
    };
    taken(place, row, Vec::new(), terms)
}

/// The rows of a part as they are kept until the end.
pub(super) fn to_spool(rows: &[Taken]) -> Vec<u8> {
    let mut spool = Vec::new();
    for row in rows {
        spool.extend(row.line.to_be_bytes());
        spool.extend(row.encoded.len().to_be_bytes());
        spool.extend(&row.encoded);
    }
    spool
}

/// The rows that were kept; none where what was kept is not what is written.
pub(super) fn from_spool(mut spool: &[u8], terms: &Terms) -> Option<Vec<Taken>> {
    let mut rows = Vec::new();
    while !spool.is_empty() {
        let (line, rest) = spool.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (encoded, rest) = rest.split_at_checked(usize::from_be_bytes(*length))?;
        let row = v1::RequestImportRow::decode(encoded).ok()?;
        let place = Place {
            line: i64::from_be_bytes(*line),
            bytes: encoded.len(),
            digest: Digest::default(),
        };
        rows.push(taken(place, &row, Vec::new(), terms));
        spool = rest;
    }
    Some(rows)
}
