//! A name as it is compared.

use std::collections::BTreeSet;

use crate::face::{Face, Raw};
use crate::{blocks, fold};

/// Words of a name that are compared; what a longer name has beyond is in its key alone.
pub(crate) const MAX_WORDS: usize = 16;

/// Names that one text is read for ("Acme Inc., d/b/a Beta, formerly Gamma").
const MAX_FACES: usize = 4;

/// A name as it is compared: read once, compared often.
#[derive(Debug, Clone)]
pub struct Name {
    written: String,
    text: String,
    key: String,
    faces: Vec<Face>,
}

impl Name {
    /// Reads a name; none when it has neither a letter nor a digit.
    pub fn of(text: &str) -> Option<Self> {
        let read = fold::read(text);
        if read.is_empty() {
            return None;
        }
        let comma = text.contains([',', '，', '、']);
        let ampersand = text.contains(['&', '＆']);
        let spellings: Vec<Raw<'_>> = aliases(&read)
            .into_iter()
            .map(|words| Raw {
                words,
                comma,
                ampersand,
            })
            .collect();
        let faces: Vec<Face> = spellings.iter().take(MAX_FACES).map(Face::of).collect();
        let key: BTreeSet<String> = spellings.iter().flat_map(Face::canonical).collect();
        let key = key.into_iter().collect::<Vec<_>>().join(" ");
        let text_of = |word: &fold::Read| word.text.clone();
        Some(Self {
            written: text.trim().to_owned(),
            text: read.iter().map(text_of).collect::<Vec<_>>().join(" "),
            key,
            faces,
        })
    }

    /// What the name comes to: names whose keys are equal are spellings of one. Its words without case, punctuation,
    /// diacritics, legal forms and order, in full and with numbers in digits.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The name's words as written, in order, folded and parted by single spaces: what a trigram index is built over.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Short keys for retrieval: two names that are alike nearly always share one, and a key is shared by few names.
    /// They depend on the name alone and are at most [`blocks::MOST`](crate::MOST_BLOCKS).
    pub fn blocks(&self) -> Vec<String> {
        blocks::of(&self.key, &self.faces)
    }

    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    pub(crate) fn faces(&self) -> &[Face] {
        &self.faces
    }
}

/// Names are equal when they are written alike to the letter: all else is read from that.
impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Name {}

/// What says that another name of the same party follows.
const ALIAS_MARKS: &[&[&str]] = &[
    &["d", "b", "a"],
    &["f", "k", "a"],
    &["a", "k", "a"],
    &["n", "k", "a"],
    &["dba"],
    &["fka"],
    &["aka"],
    &["nka"],
    &["doing", "business", "as"],
    &["trading", "as"],
    &["formerly", "known", "as"],
    &["previously", "known", "as"],
    &["also", "known", "as"],
    &["now", "known", "as"],
    &["formerly"],
    &["previously"],
];

/// The words parted where another name of the party follows; each part has a word.
fn aliases(words: &[fold::Read]) -> Vec<&[fold::Read]> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < words.len() {
        let rest = words.get(at..).unwrap_or_default();
        let mark = ALIAS_MARKS.iter().find(|mark| {
            rest.len() > mark.len()
                && rest
                    .iter()
                    .zip(**mark)
                    .all(|(word, mark)| word.text == *mark)
        });
        match mark {
            Some(mark) if at > from => {
                parts.extend(words.get(from..at));
                at += mark.len();
                from = at;
            }
            _ => at += 1,
        }
    }
    parts.extend(words.get(from..));
    parts
}
