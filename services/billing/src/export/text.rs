//! An invoice as text for people to read.

use std::fmt::Write as _;

use caseload_domain::Money;

use super::{File, stem};
use crate::domain::document::{Document, DocumentLine};
use crate::domain::lines::ItemKind;

/// How wide a page is, in characters.
const WIDTH: usize = 96;
/// How wide the column of amounts is.
const AMOUNT: usize = 14;
/// How far a line's description is set in.
const INDENT: usize = 12;

/// The file of an invoice, a draft marked as one.
pub fn export(document: &Document) -> File {
    let mut page = Page(String::new());
    page.head(document);
    let mut at = 0;
    while let Some(first) = document.lines.get(at) {
        let same = |line: &DocumentLine| line.matter_number == first.matter_number;
        let end = at
            + document.lines[at..]
                .iter()
                .take_while(|line| same(line))
                .count();
        page.matter(document, &document.lines[at..end]);
        at = end;
    }
    page.rule('=');
    let total = format!("Total {}", document.currency);
    page.amount(&total, document.total);
    if let Some(due) = document.due_date {
        page.line(&format!("To be paid by {due}."));
    }
    File {
        name: format!("{}.txt", stem(document)),
        media_type: "text/plain; charset=utf-8",
        content: page.0,
    }
}

struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    fn rule(&mut self, of: char) {
        self.0.extend(std::iter::repeat_n(of, WIDTH));
        self.0.push('\n');
    }

    fn pair(&mut self, what: &str, text: &str) {
        self.line(&format!("{what:<12}{text}"));
    }

    /// Text on the left and an amount in the column on the right.
    fn amount(&mut self, text: &str, amount: Money) {
        let shown = grouped(amount);
        self.line(&format!(
            "{text:<width$}{shown:>AMOUNT$}",
            width = WIDTH - AMOUNT
        ));
    }

    fn head(&mut self, document: &Document) {
        match &document.number {
            Some(number) => self.line(&format!("INVOICE {number}")),
            None => self.line("DRAFT INVOICE, not to be paid"),
        }
        self.rule('=');
        self.pair("From", &document.vendor_name);
        self.pair("To", &document.firm_display_name);
        if let Some(date) = document.invoice_date {
            self.pair("Date", &date.to_string());
        }
        self.pair(
            "Period",
            &format!("{} to {}", document.period_start, document.period_end),
        );
        self.pair("Your id", &document.client_id);
        self.pair("Our id", &document.vendor_id);
        self.0.push('\n');
    }

    fn matter(&mut self, document: &Document, lines: &[DocumentLine]) {
        let Some(first) = lines.first() else { return };
        self.rule('-');
        self.line(&first.matter_caption);
        let mut ids = format!("Matter {}", document.matter_id(first));
        if !first.client_matter_number.is_empty() {
            let _ = write!(ids, ", your number {}", first.client_matter_number);
        }
        self.line(&ids);
        self.rule('-');
        for line in lines {
            self.item(line);
        }
        let sum = lines.iter().map(|line| line.amount.minor).sum();
        self.amount("Matter", Money::new(sum, document.currency));
        self.0.push('\n');
    }

    fn item(&mut self, line: &DocumentLine) {
        let what = match (line.kind, line.billed_seconds, line.rate) {
            (ItemKind::Time, Some(seconds), Some(rate)) => {
                format!("{} h at {}", hours(seconds), two_places(rate.amount()))
            }
            (ItemKind::ProjectFee, ..) => "project fee".to_owned(),
            (ItemKind::MilestoneFee, ..) => "milestone".to_owned(),
            (ItemKind::Credit, ..) => "credit".to_owned(),
            (ItemKind::Time, ..) => "time".to_owned(),
        };
        let head = format!(
            "{}  {:<24}{:<8}{} {}",
            line.day, what, line.utbms_task_code, line.given_name, line.family_name
        );
        self.amount(&cut(&head, WIDTH - AMOUNT), line.amount);
        for row in wrapped(&line.description, WIDTH - AMOUNT - INDENT) {
            self.line(&format!("{:INDENT$}{row}", ""));
        }
        let mut basis = line.explanation.clone();
        if line.adjustment.minor != 0 {
            let _ = write!(
                basis,
                "; {} before the cap took off {}",
                grouped(line.charge),
                grouped(Money::new(-line.adjustment.minor, line.adjustment.currency))
            );
        }
        for row in wrapped(&format!("({basis})"), WIDTH - AMOUNT - INDENT) {
            self.line(&format!("{:INDENT$}{row}", ""));
        }
    }
}

/// Hours with as many decimals as they need, two at least and four at most.
fn hours(seconds: i32) -> String {
    let exact = rust_decimal::Decimal::from(seconds) / rust_decimal::Decimal::from(3600);
    two_places(exact.round_dp(4))
}

fn two_places(number: rust_decimal::Decimal) -> String {
    let mut number = number.normalize();
    if number.scale() < 2 {
        number.rescale(2);
    }
    number.to_string()
}

/// An amount with its thousands apart: `-1,234.50`.
fn grouped(amount: Money) -> String {
    let text = amount.to_decimal().abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    if amount.minor < 0 {
        out.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// At most so many characters.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Text in rows of at most so many characters, broken at white space where there is some.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    for word in text.split_whitespace() {
        let room = row.chars().count();
        if room > 0 && room + 1 + word.chars().count() > most {
            rows.push(std::mem::take(&mut row));
        }
        if !row.is_empty() {
            row.push(' ');
        }
        for letter in word.chars() {
            if row.chars().count() == most {
                rows.push(std::mem::take(&mut row));
            }
            row.push(letter);
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use caseload_domain::Currency;

    use super::*;
    use crate::domain::examples;

    #[test]
    fn the_worked_invoice_reads_as_it_adds_up() {
        let file = export(&examples::document());
        assert_eq!(file.name, "HOLT-000001.txt");
        let text = file.content;
        for row in text.lines() {
            assert!(row.chars().count() <= WIDTH, "{row}");
        }
        assert!(text.starts_with("INVOICE HOLT-000001\n"));
        for part in [
            "2026-03-02  1.50 h at 80.00         L240    Ana Reyes",
            "(rate card Standard 2026: preparing and filing documents)",
            "(rate agreed for the task; 60.00 before the cap took off 30.00)",
            "Matter HOLT-M0001, your number 13-298",
            "To be paid by 2026-05-01.",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        let amounts = |start: &str| -> Vec<&str> {
            text.lines()
                .filter(|row| row.starts_with(start))
                .filter_map(|row| row.split_whitespace().last())
                .collect()
        };
        // 120 + 120 + 30 + 900 + 400 + 0, and 13.89 − 45.50.
        assert_eq!(amounts("Matter  "), ["1,570.00", "-31.61"]);
        assert_eq!(amounts("Total USD"), ["1,538.39"]);
    }

    #[test]
    fn a_draft_says_that_it_is_one() {
        let mut draft = examples::document();
        (draft.number, draft.invoice_date, draft.due_date) = (None, None, None);
        let file = export(&draft);
        assert!(file.content.starts_with("DRAFT INVOICE, not to be paid\n"));
        assert_eq!(file.name, "draft-00000000-0000-0000-0000-000000000001.txt");
        assert!(!file.content.contains("To be paid by"));
    }

    #[test]
    fn amounts_have_their_thousands_apart() {
        let shown = |minor| grouped(Money::new(minor, Currency::USD));
        assert_eq!(shown(0), "0.00");
        assert_eq!(shown(-5), "-0.05");
        assert_eq!(shown(123_456_789), "1,234,567.89");
        assert_eq!(grouped(Money::new(1_000, Currency::JPY)), "1,000");
    }

    #[test]
    fn long_text_is_broken_at_white_space_and_long_words_anywhere() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh i", 3), ["abc", "def", "gh", "i"]);
        assert!(wrapped(" \n ", 10).is_empty());
    }
}
