//! From bytes, cut anywhere, to records (RFC 4180), each with the line on which it begins.
//!
//! Lines are counted here, not by the reader: it begins to read a record with what is left of the line end before, and
//! so is a line behind after CRLF or an empty line.

use csv_core::{ReadRecordResult, Reader};
use sha2::{Digest as _, Sha256};

use super::{Digest, MOST_ROW_BYTES};

/// The most cells of a record; our own files have far fewer columns.
const MOST_CELLS: usize = 64;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a record can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It has too many bytes; perhaps a quotation mark is not closed.
    #[error("has more than 65536 bytes; is a quotation mark not closed?")]
    TooLong,
    /// It has too many cells.
    #[error("has more than 64 cells")]
    TooWide,
    /// It is not UTF-8.
    #[error("is not UTF-8")]
    NotText,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: i64,
    /// Its cells.
    pub cells: Result<Vec<String>, Unreadable>,
    /// How many bytes it took.
    pub bytes: usize,
    /// What tells it from any other record, on this line or another.
    pub digest: Digest,
}

impl Record {
    /// Whether it has nothing in any cell, as spreadsheets write rows that were emptied.
    fn is_blank(&self) -> bool {
        self.cells
            .as_ref()
            .is_ok_and(|cells| cells.iter().all(|cell| cell.trim().is_empty()))
    }
}

/// Takes bytes and gives records. Holds one record, never more.
pub struct Records {
    reader: Reader,
    /// The first bytes, until it is known whether they are a byte order mark.
    head: Option<Vec<u8>>,
    line: i64,
    after_return: bool,
    current: Option<Current>,
    cells: Box<[u8]>,
    ends: [usize; MOST_CELLS],
}

/// A record of which some bytes are read.
struct Current {
    line: i64,
    written: usize,
    ended: usize,
    bytes: usize,
    hasher: Sha256,
    fault: Option<Unreadable>,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Records")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl Default for Records {
    fn default() -> Self {
        Self {
            reader: Reader::new(),
            head: Some(Vec::new()),
            line: 1,
            after_return: false,
            current: None,
            cells: vec![0; MOST_ROW_BYTES].into(),
            ends: [0; MOST_CELLS],
        }
    }
}

impl Records {
    /// Takes the next bytes, and gives the records that end in them.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Record> {
        let mut found = Vec::new();
        let Some(head) = &mut self.head else {
            self.read(bytes, &mut found);
            return found;
        };
        head.extend_from_slice(bytes);
        if head.len() >= BYTE_ORDER_MARK.len() {
            self.read_head(&mut found);
        }
        found
    }

    /// There are no more bytes: gives the last record, if it has not ended with a line.
    pub fn end(&mut self) -> Vec<Record> {
        let mut found = Vec::new();
        self.read_head(&mut found);
        if self.current.is_some() {
            // Without input the reader ends the record that it is in.
            self.step(&[], &mut found);
        }
        found
    }

    fn read_head(&mut self, found: &mut Vec<Record>) {
        if let Some(head) = self.head.take() {
            self.read(head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head), found);
        }
    }

    fn read(&mut self, mut rest: &[u8], found: &mut Vec<Record>) {
        while !rest.is_empty() {
            if self.current.is_none() {
                let is_end = |byte: &&u8| matches!(**byte, b'\r' | b'\n');
                let between = rest.iter().take_while(is_end).count();
                self.count(&rest[..between]);
                rest = &rest[between..];
                if rest.is_empty() {
                    return;
                }
            }
            let read = self.step(rest, found);
            rest = &rest[read..];
        }
    }

    /// Reads on in the current record, or begins one; answers how many bytes it took.
    fn step(&mut self, input: &[u8], found: &mut Vec<Record>) -> usize {
        let line = self.line;
        let current = self.current.get_or_insert_with(|| Current {
            line,
            written: 0,
            ended: 0,
            bytes: 0,
            hasher: Sha256::new(),
            fault: None,
        });
        let (result, read, written, ended) = self.reader.read_record(
            input,
            &mut self.cells[current.written..],
            &mut self.ends[current.ended..],
        );
        current.written += written;
        current.ended += ended;
        current.bytes = current.bytes.saturating_add(read);
        current.hasher.update(&input[..read]);
        match result {
            ReadRecordResult::InputEmpty => {}
            // What is too much is read over what was read before: nobody looks at it.
            ReadRecordResult::OutputFull => {
                current.written = 0;
                current.fault.get_or_insert(Unreadable::TooLong);
            }
            ReadRecordResult::OutputEndsFull => {
                current.ended = 0;
                current.fault.get_or_insert(Unreadable::TooWide);
            }
            ReadRecordResult::Record | ReadRecordResult::End => {
                if let Some(current) = self.current.take() {
                    let record = current.record(&self.cells, &self.ends);
                    if !record.is_blank() {
                        found.push(record);
                    }
                }
            }
        }
        self.count(&input[..read]);
        read
    }

    /// Counts the line ends: CRLF, LF and CR are one each.
    fn count(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let ends = *byte == b'\r' || (*byte == b'\n' && !self.after_return);
            self.line += i64::from(ends);
            self.after_return = *byte == b'\r';
        }
    }
}

impl Current {
    fn record(mut self, cells: &[u8], ends: &[usize]) -> Record {
        self.hasher.update(self.line.to_be_bytes());
        let cells = match self.fault {
            Some(fault) => Err(fault),
            None => texts(cells, &ends[..self.ended]),
        };
        Record {
            line: self.line,
            cells,
            bytes: self.bytes,
            digest: short(self.hasher),
        }
    }
}

fn texts(cells: &[u8], ends: &[usize]) -> Result<Vec<String>, Unreadable> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts
        .zip(ends)
        .map(|(start, end)| {
            let cell = std::str::from_utf8(&cells[start..*end]);
            cell.map(str::to_owned).map_err(|_| Unreadable::NotText)
        })
        .collect()
}

/// Half of SHA-256 is enough to tell one row from another.
pub fn short(hasher: Sha256) -> Digest {
    let mut digest = Digest::default();
    let length = digest.len();
    digest.copy_from_slice(&hasher.finalize()[..length]);
    digest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(bytes: &[u8], cut: usize) -> Vec<Record> {
        let mut records = Records::default();
        let mut found = Vec::new();
        for chunk in bytes.chunks(cut.max(1)) {
            found.extend(records.feed(chunk));
        }
        found.extend(records.end());
        found
    }

    fn lines(bytes: &[u8]) -> Vec<(i64, Vec<String>)> {
        let read = |record: Record| (record.line, record.cells.unwrap());
        all(bytes, 1).into_iter().map(read).collect()
    }

    fn row(line: i64, cells: &[&str]) -> (i64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn a_quoted_line_break_shifts_the_lines_after_it() {
        let file = b"a,b\n1,\"two\nlines, one cell\"\n3,\"\"\"4\"\"\"\n";
        let expected = [
            row(1, &["a", "b"]),
            row(2, &["1", "two\nlines, one cell"]),
            row(4, &["3", "\"4\""]),
        ];
        assert_eq!(lines(file), expected);
    }

    #[test]
    fn every_kind_of_line_end_counts_once_and_empty_lines_count_too() {
        for end in ["\n", "\r\n", "\r"] {
            let file = ["a", "b", "", "\"c", "c\"", ",", "d"].join(end);
            let expected = [
                row(1, &["a"]),
                row(2, &["b"]),
                row(4, &[&format!("c{end}c")]),
                row(7, &["d"]),
            ];
            assert_eq!(lines(file.as_bytes()), expected, "{end:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_cell() {
        assert_eq!(lines(b"\xef\xbb\xbfa,b"), [row(1, &["a", "b"])]);
        assert_eq!(lines(b"\xef\xbb\xbf"), []);
        assert_eq!(lines(b""), []);
        assert_eq!(lines("é".as_bytes()), [row(1, &["é"])]);
    }

    #[test]
    fn a_record_that_is_too_long_or_no_text_is_told_and_the_next_is_read() {
        let mut file = b"a\n\"".to_vec();
        file.extend(std::iter::repeat_n(b'x', 3 * MOST_ROW_BYTES));
        file.extend(b"\n\"\nb\n\xff\nc\n");
        file.extend([b','; 200]);
        file.extend(b"x\nd");
        let found = all(&file, 1000);
        let told: Vec<_> = found
            .iter()
            .map(|record| (record.line, record.cells.as_ref().err().copied()))
            .collect();
        assert_eq!(
            told,
            [
                (1, None),
                (2, Some(Unreadable::TooLong)),
                (4, None),
                (5, Some(Unreadable::NotText)),
                (6, None),
                (7, Some(Unreadable::TooWide)),
                (8, None)
            ]
        );
    }

    #[test]
    fn the_same_row_on_another_line_is_another() {
        let [one, other] = &all(b"a\na\n", 9)[..] else {
            panic!("two records")
        };
        assert_ne!(one.digest, other.digest);
        assert_eq!(all(b"a\na\n", 1)[0].digest, one.digest);
    }

    proptest! {
        /// However a file is cut, its records are the same.
        #[test]
        fn records_do_not_depend_on_where_the_file_is_cut(
            file in "[a,\"\r\n\u{e9}]{0,60}", cut in 1_usize..9,
        ) {
            prop_assert_eq!(all(file.as_bytes(), cut), all(file.as_bytes(), usize::MAX));
        }
    }
}
