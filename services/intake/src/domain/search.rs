//! Looking for resources by the words in them. Pure: what is looked in becomes [`Words`], what is looked for a
//! [`Query`], both by the folding of the suite's names, so that case and diacritics make no difference.
//!
//! A word is a run of letters and digits; dots and apostrophes part none ("U.S." is "us"). A docket number is several
//! ("1:24-cv-00123" is 1, 24, cv and 00123), which a query finds as it was typed because what it writes without a
//! space must stand together and in order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use caseload_names::words;

/// The most words of one resource that are kept: their places must stay below PostgreSQL's 16,383.
const MOST_WORDS: u16 = 16_000;
/// The most bytes of different words that are kept of one resource; a `tsvector` of 1 MiB is refused.
const MOST_BYTES: usize = 256 * 1024;
/// The most places of one word that are kept; PostgreSQL keeps no more.
const MOST_PLACES: usize = 255;
/// The most characters of a word that are compared.
const LONGEST_WORD: usize = 64;
/// The most words of a query.
const MOST_SOUGHT: usize = 64;

/// The words of a resource and where they stand, as the text of a `tsvector`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    /// The words of a resource's texts, the most telling text first: of very many words, the first are kept.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut places: BTreeMap<String, Vec<u16>> = BTreeMap::new();
        let (mut place, mut bytes) = (0_u16, 0_usize);
        'all: for text in texts {
            for word in text.split_whitespace().flat_map(split) {
                place = place.saturating_add(1);
                if !places.contains_key(&word) {
                    bytes += word.len();
                }
                if place > MOST_WORDS || bytes > MOST_BYTES {
                    break 'all;
                }
                let at = places.entry(word).or_default();
                if at.len() < MOST_PLACES {
                    at.push(place);
                }
            }
            // The last word of one text and the first of the next do not stand together.
            place = place.saturating_add(1);
        }
        let mut vector = String::new();
        for (word, places) in places {
            let places: Vec<_> = places.iter().map(u16::to_string).collect();
            // Letters and digits need no escape. Writing to a string can't fail.
            let _ = write!(vector, "'{word}':{} ", places.join(","));
        }
        Self(vector)
    }

    /// The text of the `tsvector`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is looked for, as the text of a `tsquery`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(String);

/// Nothing can be looked for by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidQuery {
    /// It says nothing.
    #[error("has neither a letter nor a digit")]
    NoWord,
    /// It says too much.
    #[error("has more than {MOST_SOUGHT} words")]
    TooManyWords,
}

impl Query {
    /// Reads a query: words that must all be there, and "quoted phrases". The last word, unless it is quoted or a
    /// space follows it, may be the beginning of a word.
    pub fn parse(text: &str) -> Result<Self, InvalidQuery> {
        let mut terms = Vec::new();
        let mut sought = 0;
        for (at, part) in text.split('"').enumerate() {
            // Between the first quote and the second, and so on; a quote that is not closed goes to the end.
            if at % 2 == 1 {
                terms.push(words_in(part));
            } else {
                terms.extend(part.split_whitespace().map(split));
            }
        }
        terms.retain(|words| !words.is_empty());
        let mut parts = text.split('"');
        let ends_unquoted = text.matches('"').count().is_multiple_of(2);
        let begun = ends_unquoted
            && !text.ends_with(char::is_whitespace)
            && parts
                .next_back()
                .is_some_and(|end| !words_in(end).is_empty());
        let mut query = Vec::new();
        let last = terms.len().checked_sub(1).ok_or(InvalidQuery::NoWord)?;
        for (at, words) in terms.iter().enumerate() {
            sought += words.len();
            let phrase: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
            let prefix = if begun && at == last { ":*" } else { "" };
            query.push(format!("({}{prefix})", phrase.join(" <-> ")));
        }
        if sought > MOST_SOUGHT {
            return Err(InvalidQuery::TooManyWords);
        }
        Ok(Self(query.join(" & ")))
    }

    /// The text of the `tsquery`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn words_in(text: &str) -> Vec<String> {
    text.split_whitespace().flat_map(split).collect()
}

/// The words of what is written without a space.
fn split(chunk: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for word in words(chunk) {
        let mut run = String::new();
        for letter in word.chars() {
            if stands_alone(letter) {
                if !run.is_empty() {
                    parts.push(std::mem::take(&mut run));
                }
                parts.push(letter.to_string());
            } else {
                run.push(letter);
            }
        }
        if !run.is_empty() {
            parts.push(run);
        }
    }
    for part in &mut parts {
        if let Some((end, _)) = part.char_indices().nth(LONGEST_WORD) {
            part.truncate(end);
        }
    }
    parts
}

/// Chinese and Japanese are written without spaces: each sign is looked for as a word, and signs as a phrase.
const fn stands_alone(letter: char) -> bool {
    matches!(letter,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vector(texts: &[&str]) -> String {
        Words::of(texts.iter().copied()).0.trim_end().to_owned()
    }

    fn query(text: &str) -> String {
        Query::parse(text).unwrap().0
    }

    #[test]
    fn words_are_kept_folded_and_where_they_stand() {
        assert_eq!(vector(&["Müller v. Müller"]), "'muller':1,3 'v':2");
        assert_eq!(vector(&["U.S. v. O'Brien"]), "'obrien':3 'us':1 'v':2");
    }

    #[test]
    fn one_text_does_not_run_on_into_the_next() {
        assert_eq!(vector(&["one", "two"]), "'one':1 'two':3");
        assert_eq!(vector(&["", "one"]), "'one':2");
    }

    #[test]
    fn a_docket_number_is_found_as_it_was_typed() {
        assert_eq!(vector(&["1:24-cv-00123"]), "'00123':4 '1':1 '24':2 'cv':3");
        assert_eq!(
            query("1:24-CV-00123 "),
            "('1' <-> '24' <-> 'cv' <-> '00123')"
        );
    }

    #[test]
    fn words_must_all_be_there_and_the_last_may_be_begun() {
        assert_eq!(query("Smith motio"), "('smith') & ('motio':*)");
        assert_eq!(query("Smith motion "), "('smith') & ('motion')");
        assert_eq!(query("24-cv-001"), "('24' <-> 'cv' <-> '001':*)");
    }

    #[test]
    fn a_phrase_is_quoted_and_is_whole() {
        assert_eq!(query("\"Summary judgment\""), "('summary' <-> 'judgment')");
        assert_eq!(
            query("draft \"summary judgment\" by fri"),
            "('draft') & ('summary' <-> 'judgment') & ('by') & ('fri':*)"
        );
        assert_eq!(query("\"never closed"), "('never' <-> 'closed')");
        assert_eq!(query("\"a b\" -"), "('a' <-> 'b')");
    }

    #[test]
    fn chinese_and_japanese_are_found_in_the_midst_of_a_sentence() {
        assert_eq!(vector(&["東京地裁"]), "'京':2 '地':3 '東':1 '裁':4");
        assert_eq!(query("\"地裁\""), "('地' <-> '裁')");
    }

    #[test]
    fn a_query_without_a_word_or_with_too_many_is_none() {
        for nothing in ["", "  ", "\"\"", "🙂 §", "-"] {
            assert_eq!(
                Query::parse(nothing),
                Err(InvalidQuery::NoWord),
                "{nothing}"
            );
        }
        assert_eq!(
            Query::parse(&"a ".repeat(65)),
            Err(InvalidQuery::TooManyWords)
        );
    }

    #[test]
    fn of_very_many_words_and_very_long_ones_a_part_is_kept() {
        let many: Vec<_> = (0..100_000).map(|n| format!("w{n}")).collect();
        let many = many.join(" ");
        let kept = vector(&[&many]);
        assert!(kept.contains("'w15999':16000") && !kept.contains("'w16000'"));
        let often = vector(&[&"again ".repeat(1_000)]);
        assert_eq!(often.split(',').count(), MOST_PLACES);
        assert_eq!(
            vector(&[&"x".repeat(5_000)]),
            format!("'{}':1", "x".repeat(64))
        );
    }

    proptest! {
        #[test]
        fn nothing_but_words_reaches_the_database(text in "\\PC{0,200}") {
            let plain = |words: &str| words.split('\'').skip(1).step_by(2)
                .all(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric));
            prop_assert!(plain(&Words::of([text.as_str()]).0));
            if let Ok(query) = Query::parse(&text) {
                prop_assert!(plain(&query.0), "{}", query.0);
            }
        }

        #[test]
        fn what_is_kept_is_found_by_the_same_words(text in "\\PC{1,60}") {
            if let Ok(Query(query)) = Query::parse(&format!("\"{}\"", text.replace('"', ""))) {
                let kept = Words::of([text.replace('"', "").as_str()]).0;
                for word in query.split('\'').skip(1).step_by(2) {
                    let word = format!("'{word}':");
                    prop_assert!(kept.contains(&word));
                }
            }
        }
    }
}
