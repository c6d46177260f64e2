//! How alike two names are.

use crate::Name;

/// How alike two names are: 0 (not at all) to 100 (spellings of one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// Spellings of one.
    pub const MOST: Self = Self(100);

    /// A score; none when it is over 100.
    pub const fn new(score: u8) -> Option<Self> {
        if score <= Self::MOST.0 {
            Some(Self(score))
        } else {
            None
        }
    }

    /// 0 to 100.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// The score from which two names are taken for spellings of one, unless whoever asks says otherwise.
pub const DEFAULT_THRESHOLD: Score = Score(60);

/// What makes two names alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Likeness {
    /// They are written alike to the letter.
    Exact,
    /// They are alike but for case, punctuation, diacritics, legal forms, word order or initials.
    Normalised,
    /// They are nearly written alike.
    Fuzzy,
    /// They sound alike.
    Phonetic,
}

/// How alike two names are, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// How alike.
    pub score: Score,
    /// What most of it comes from.
    pub by: Likeness,
}

/// Compares two names. It is symmetric.
pub fn compare(one: &Name, other: &Name) -> Match {
    let score = if one.key() == other.key() {
        Score::MOST
    } else {
        Score(0)
    };
    Match {
        score,
        by: Likeness::Normalised,
    }
}
