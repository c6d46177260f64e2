//! How alike two names are.

use crate::face::Kind;
use crate::{Name, company, person};

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

    /// Points as a score: whole, and never that of spellings of one.
    fn of(points: f32) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped"
        )]
        Self(points.round().clamp(0.0, 99.0) as u8)
    }
}

/// The score from which two names are taken for spellings of one, unless whoever asks says otherwise.
pub const DEFAULT_THRESHOLD: Score = Score(60);

/// The points of log-odds that are told from where the threshold is.
pub(crate) fn points(odds: f32) -> f32 {
    let at_threshold = f32::from(DEFAULT_THRESHOLD.0) / 100.0;
    let odds = odds + (at_threshold / (1.0 - at_threshold)).ln();
    100.0 / (1.0 + (-odds).exp())
}

/// What makes two names alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Likeness {
    /// They are written alike to the letter.
    Exact,
    /// They are alike but for case, punctuation, diacritics, legal forms, word order, initials or short forms.
    Normalised,
    /// They are nearly written alike.
    Fuzzy,
    /// They sound alike.
    Phonetic,
}

impl Likeness {
    /// The looser of two.
    pub(crate) const fn max_of(self, other: Self) -> Self {
        if (self as u8) > (other as u8) {
            self
        } else {
            other
        }
    }
}

/// How alike two names are, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// How alike.
    pub score: Score,
    /// What most of it comes from.
    pub by: Likeness,
}

/// Compares two names. It is symmetric, and a name compares to itself at [`Score::MOST`].
///
/// A party that goes by several names ("Acme Inc., d/b/a Beta") is as alike to another as the likest of them.
pub fn compare(one: &Name, other: &Name) -> Match {
    if one.written() == other.written() {
        return Match {
            score: Score::MOST,
            by: Likeness::Exact,
        };
    }
    if one.key() == other.key() {
        return Match {
            score: Score::MOST,
            by: Likeness::Normalised,
        };
    }
    // Whichever comes first, the same words are laid against the same.
    let (one, other) = if one.written() <= other.written() {
        (one, other)
    } else {
        (other, one)
    };
    let mut best = (0.0, Likeness::Fuzzy);
    for a in one.faces() {
        for b in other.faces() {
            let person = a.kind != Kind::Company
                && b.kind != Kind::Company
                && (a.words.len() > 1 || b.words.len() > 1);
            let found = if person {
                person::compare(a, b)
            } else {
                company::compare(a, b)
            };
            if found.0 > best.0 {
                best = found;
            }
        }
    }
    Match {
        score: Score::of(best.0),
        by: best.1,
    }
}
