//! How alike two people's names are.
//!
//! The words of one name are laid against those of the other, whatever their order. Every difference costs points, by
//! what it is: a pet name little, another initial much. What is left is the score.

use crate::face::{Face, is_particle};
use crate::score::Likeness;
use crate::word::Word;

/// What differences cost, of 99 points. [`DEFAULT_THRESHOLD`](crate::DEFAULT_THRESHOLD) is 60.
mod cost {
    /// "Bill" for "William".
    pub(super) const NICKNAME: f32 = 5.0;
    /// "Smyth" for "Smith".
    pub(super) const SOUND: f32 = 7.0;
    /// "Muhamad" for "Mohammed": the consonants alone are the same.
    pub(super) const SKELETON: f32 = 14.0;
    /// Each share of a word's letters that differ.
    pub(super) const LETTERS: f32 = 120.0;
    /// An initial for a given name.
    pub(super) const INITIAL: f32 = 18.0;
    /// Several initials for given names: "J. R. Smith".
    pub(super) const INITIALS: f32 = 12.0;
    /// An initial for a further name, where others are shared in full.
    pub(super) const FURTHER_INITIAL: f32 = 3.0;
    /// A middle initial that one of them lacks.
    pub(super) const MIDDLE_INITIAL: f32 = 3.0;
    /// No word shared in full.
    pub(super) const NOTHING: f32 = 70.0;
    /// A middle name that one of them lacks.
    pub(super) const MIDDLE: f32 = 5.0;
    /// A further word that one of them lacks.
    pub(super) const FURTHER: f32 = 12.0;
    /// Words that stand against one another.
    pub(super) const OTHER_WORD: f32 = 55.0;
    /// Initials that stand against one another.
    pub(super) const OTHER_INITIAL: f32 = 42.0;
    /// "Jr" against "Sr".
    pub(super) const OTHER_GENERATION: f32 = 45.0;
    /// "Jr" against nothing.
    pub(super) const GENERATION: f32 = 6.0;
    /// One word of a name alone: "Smith" for "John Smith".
    pub(super) const ONE_WORD: f32 = 45.0;
}

/// A word of a name and whether it has found its like.
struct Slots<'a> {
    words: &'a [Word],
    taken: u32,
}

impl<'a> Slots<'a> {
    const fn of(words: &'a [Word]) -> Self {
        Self { words, taken: 0 }
    }

    fn take(&mut self, at: usize) {
        self.taken |= 1 << at;
    }

    /// How many words and single letters have found no like, particles apart.
    fn left(&self) -> (u8, u8) {
        let (mut words, mut letters) = (0, 0);
        for (_, word) in self.free() {
            if word.len() == 1 {
                letters += 1;
            } else if !is_particle(&word.text) {
                words += 1;
            }
        }
        (words, letters)
    }

    fn free(&self) -> impl Iterator<Item = (usize, &'a Word)> + use<'a> {
        let taken = self.taken;
        self.words
            .iter()
            .enumerate()
            .filter(move |(at, _)| taken & (1 << at) == 0)
    }
}

/// Two names laid against one another.
struct Laid<'a> {
    one: Slots<'a>,
    other: Slots<'a>,
    /// Points lost so far.
    lost: f32,
    by: Likeness,
    /// Words of more than a letter that found their like.
    whole_words: usize,
    /// Names that an initial of the other stands for.
    by_initial: usize,
}

/// How alike two people's names are, in points, and what it comes from.
pub(crate) fn compare(one: &Face, other: &Face) -> (f32, Likeness) {
    let mut laid = Laid {
        one: Slots::of(&one.words),
        other: Slots::of(&other.words),
        lost: 0.0,
        by: Likeness::Normalised,
        whole_words: 0,
        by_initial: 0,
    };
    // Words that are the same; those that were joined or parted; the nearest of those left; initials for names.
    laid.pair_same();
    laid.whole_words +=
        joined(&mut laid.one, &mut laid.other) + joined(&mut laid.other, &mut laid.one);
    laid.pair_near();
    laid.by_initial =
        initials(&mut laid.one, &mut laid.other) + initials(&mut laid.other, &mut laid.one);
    laid.count_left();
    laid.weigh_what_is_shared(full_words(one).max(full_words(other)));
    laid.lost += match (one.generation, other.generation) {
        (Some(a), Some(b)) if a != b => cost::OTHER_GENERATION,
        (Some(_), None) | (None, Some(_)) => cost::GENERATION,
        _ => 0.0,
    };
    let points = (99.0 - laid.lost).max(0.0);
    // Names that are one when they are run together ("Vanderberg" and "van der Berg") are never far apart.
    if points < 90.0 && one.joined == other.joined && one.generation == other.generation {
        (90.0, Likeness::Normalised)
    } else {
        (points, laid.by)
    }
}

impl Laid<'_> {
    fn pair_same(&mut self) {
        for (i, word) in self.one.words.iter().enumerate() {
            if let Some((j, _)) = self.other.free().find(|(_, like)| like.text == word.text) {
                self.one.take(i);
                self.other.take(j);
                self.whole_words += usize::from(word.len() > 1);
            }
        }
    }

    fn pair_near(&mut self) {
        let mut fuzzy = 0_u8;
        loop {
            let mut best: Option<(f32, Likeness, usize, usize)> = None;
            for (i, word) in self.one.free() {
                for (j, like) in self.other.free() {
                    if let Some((price, why)) = price(word, like)
                        && best.is_none_or(|(least, ..)| price < least)
                    {
                        best = Some((price, why, i, j));
                    }
                }
            }
            let Some((price, why, i, j)) = best else {
                return;
            };
            self.one.take(i);
            self.other.take(j);
            // Each further word that is not the same makes the whole less likely.
            self.lost += price * (1.0 + 0.4 * f32::from(fuzzy));
            fuzzy += u8::from(price > cost::NICKNAME);
            self.whole_words += 1;
            self.by = why.max_of(self.by);
        }
    }

    /// What words without their like cost.
    fn count_left(&mut self) {
        let (words_a, initials_a) = self.one.left();
        let (words_b, initials_b) = self.other.left();
        // An initial is a name against a name that does not begin with it.
        let against = (words_a + initials_a).min(words_b + initials_b);
        let words_against = words_a.min(words_b);
        self.lost += f32::from(words_against) * cost::OTHER_WORD;
        self.lost += f32::from(against - words_against) * cost::OTHER_INITIAL;
        let lacking = (words_a + initials_a).abs_diff(words_b + initials_b);
        let lacking_words = words_a.abs_diff(words_b).min(lacking);
        if lacking_words > 0 {
            self.lost += cost::MIDDLE + f32::from(lacking_words - 1) * cost::FURTHER;
        } else if lacking > 0 {
            self.lost += cost::MIDDLE_INITIAL;
        }
    }

    /// What it costs that little is shared; `longest` is how many words the longer name has.
    fn weigh_what_is_shared(&mut self, longest: usize) {
        self.lost += match (self.whole_words, self.by_initial) {
            (0, _) => cost::NOTHING,
            // One word shared, and nothing else that speaks for it.
            (1, 0) if longest > 1 => cost::ONE_WORD,
            // "J. Smith" for "John Smith" rests on the initial; "John A. Smith" for "John Allen Smith" does not.
            (1, 1) => cost::INITIAL,
            (1, _) => cost::INITIALS,
            (_, 0) => 0.0,
            _ => cost::FURTHER_INITIAL,
        };
    }
}

/// Pairs up initials of one name with names of the other that begin with them; answers how many.
fn initials(short: &mut Slots<'_>, long: &mut Slots<'_>) -> usize {
    let mut found = 0;
    for (i, initial) in short.free().filter(|(_, word)| stands_for_a_name(word)) {
        let name = long.free().find(|(_, word)| {
            word.len() > 1 && word.first() == initial.first() && !is_particle(&word.text)
        });
        if let Some((j, _)) = name {
            short.take(i);
            long.take(j);
            found += 1;
        }
    }
    found
}

/// How many words of more than a letter a name has, particles apart.
fn full_words(face: &Face) -> usize {
    let full = |word: &&Word| word.len() > 1 && !is_particle(&word.text);
    face.words.iter().filter(full).count()
}

/// A single letter, or the two or three run together of "JR Smith".
fn stands_for_a_name(word: &Word) -> bool {
    word.len() == 1 || word.initials
}

/// Pairs up neighbouring words of `parted` that are one word of `whole`; answers how many.
fn joined(parted: &mut Slots<'_>, whole: &mut Slots<'_>) -> usize {
    let mut found = 0;
    for at in 0..parted.words.len().saturating_sub(1) {
        let (Some(left), Some(right)) = (parted.words.get(at), parted.words.get(at + 1)) else {
            continue;
        };
        if parted.taken & (0b11 << at) != 0 {
            continue;
        }
        let third = parted
            .words
            .get(at + 2)
            .filter(|_| parted.taken & (0b100 << at) == 0);
        let like = whole.free().find_map(|(j, word)| {
            let rest = word.text.strip_prefix(left.text.as_str())?;
            if rest == right.text {
                return Some((j, 2));
            }
            let rest = rest.strip_prefix(right.text.as_str())?;
            third.filter(|third| third.text == rest).map(|_| (j, 3))
        });
        if let Some((j, count)) = like {
            whole.take(j);
            for offset in 0..count {
                parted.take(at + offset);
            }
            found += 1;
        }
    }
    found
}

/// What it costs that two words stand for one another; none when they do not.
fn price(one: &Word, other: &Word) -> Option<(f32, Likeness)> {
    if one.len() < 2 || other.len() < 2 {
        return None;
    }
    if let (Some(a), Some(b)) = (one.given, other.given) {
        // Names that are known are one another's, or they are different.
        return a
            .iter()
            .any(|group| b.contains(group))
            .then_some((cost::NICKNAME, Likeness::Normalised));
    }
    if is_particle(&one.text)
        || is_particle(&other.text)
        || one.surname && other.surname && one.sound != other.sound
    {
        return None;
    }
    let near = one.nearness(other);
    let begins_alike = one.first_sound() == other.first_sound();
    let by_sound = if begins_alike && near.heard {
        Some((cost::SOUND, Likeness::Phonetic))
    } else if begins_alike
        && near.close >= 0.4
        && one.skeleton.len() > 2
        && one.skeleton == other.skeleton
    {
        Some((cost::SKELETON, Likeness::Phonetic))
    } else {
        None
    };
    let spelt =
        one.first() == other.first() && near.close >= 0.84 && one.len().min(other.len()) > 5;
    let by_letters =
        (near.slip || spelt).then_some(((1.0 - near.close) * cost::LETTERS, Likeness::Fuzzy));
    match (by_letters, by_sound) {
        (Some(letters), Some(sound)) => Some(if sound.0 < letters.0 { sound } else { letters }),
        (letters, sound) => letters.or(sound),
    }
}
