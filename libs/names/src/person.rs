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
    pub(super) const INITIAL: f32 = 12.0;
    /// A middle name or its initial that one of them lacks.
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

    fn free(&self) -> impl Iterator<Item = (usize, &'a Word)> + use<'a> {
        let taken = self.taken;
        self.words
            .iter()
            .enumerate()
            .filter(move |(at, _)| taken & (1 << at) == 0)
    }
}

/// How alike two people's names are, in points, and what it comes from.
pub(crate) fn compare(one: &Face, other: &Face) -> (f32, Likeness) {
    let (mut a, mut b) = (Slots::of(&one.words), Slots::of(&other.words));
    let mut lost = 0.0;
    let mut by = Likeness::Normalised;
    let mut whole_words = 0;

    // Words that are the same; then those that were joined or parted; then the nearest of those left.
    for (i, word) in one.words.iter().enumerate() {
        if let Some((j, _)) = b.free().find(|(_, like)| like.text == word.text) {
            a.take(i);
            b.take(j);
            whole_words += usize::from(word.len() > 1);
        }
    }
    let joins = joined(&mut a, &mut b) + joined(&mut b, &mut a);
    whole_words += joins;
    let mut fuzzy = 0;
    loop {
        let mut best: Option<(f32, Likeness, usize, usize)> = None;
        for (i, word) in a.free() {
            for (j, like) in b.free() {
                if let Some((price, why)) = price(word, like)
                    && best.is_none_or(|(least, ..)| price < least)
                {
                    best = Some((price, why, i, j));
                }
            }
        }
        let Some((price, why, i, j)) = best else {
            break;
        };
        a.take(i);
        b.take(j);
        // Each further word that is not the same makes the whole less likely.
        #[expect(clippy::cast_precision_loss, reason = "at most 16")]
        let strain = 1.0 + 0.4 * fuzzy as f32;
        lost += price * strain;
        if price > cost::NICKNAME {
            fuzzy += 1;
        }
        whole_words += 1;
        by = why.max_of(by);
    }
    // Initials for names.
    let mut by_initial = 0;
    for (from, to) in [(true, false), (false, true)] {
        let (short, long) = if from && !to {
            (&mut a, &mut b)
        } else {
            (&mut b, &mut a)
        };
        for (i, initial) in short.free().filter(|(_, word)| stands_for_a_name(word)) {
            if let Some((j, _)) = long.free().find(|(_, word)| {
                word.len() > 1 && word.first() == initial.first() && !is_particle(&word.text)
            }) {
                short.take(i);
                long.take(j);
                by_initial += 1;
            }
        }
    }

    let left = |slots: &Slots<'_>| {
        let (mut words, mut initials) = (0_u8, 0_u8);
        for (_, word) in slots
            .free()
            .filter(|(_, word)| word.len() == 1 || !is_particle(&word.text))
        {
            if word.len() == 1 {
                initials += 1
            } else {
                words += 1
            }
        }
        (words, initials)
    };
    let ((words_a, initials_a), (words_b, initials_b)) = (left(&a), left(&b));
    // An initial is a name against a name that does not begin with it.
    let against = (words_a + initials_a).min(words_b + initials_b);
    let words_against = words_a.min(words_b);
    lost += f32::from(words_against) * cost::OTHER_WORD;
    lost += f32::from(against - words_against) * cost::OTHER_INITIAL;
    let lacking_words = words_a
        .abs_diff(words_b)
        .min((words_a + initials_a).abs_diff(words_b + initials_b));
    let lacking = (words_a + initials_a).abs_diff(words_b + initials_b);
    if lacking > 0 {
        let further = f32::from(lacking_words.saturating_sub(1));
        lost += if lacking_words > 0 {
            cost::MIDDLE
        } else {
            cost::MIDDLE * 0.6
        } + further * cost::FURTHER;
    }
    let full_words = |face: &Face| {
        face.words
            .iter()
            .filter(|word| word.len() > 1 && !is_particle(&word.text))
            .count()
    };
    let (full_a, full_b) = (full_words(one), full_words(other));
    if by_initial > 0 {
        // "J. Smith" for "John Smith" rests on the initial; "John A. Smith" for "John Allen Smith" does not.
        lost += if whole_words >= 2 {
            3.0
        } else {
            cost::INITIAL + f32::from(u8::from(by_initial == 1)) * 6.0
        };
        by = by.max_of(Likeness::Normalised);
    }
    if whole_words == 0 {
        lost += 70.0;
    } else if whole_words == 1 && by_initial == 0 && full_a.max(full_b) > 1 {
        // One word shared, and nothing else that speaks for it.
        lost += cost::ONE_WORD;
    }
    lost += match (one.generation, other.generation) {
        (Some(a), Some(b)) if a != b => cost::OTHER_GENERATION,
        (Some(_), None) | (None, Some(_)) => cost::GENERATION,
        _ => 0.0,
    };
    // Names that are one when they are run together ("Vanderberg" and "van der Berg") are never far apart.
    let together = one.joined == other.joined;
    let points = (99.0 - lost).max(0.0);
    if together && points < 90.0 && (one.generation == other.generation) {
        (90.0, Likeness::Normalised)
    } else {
        (points, by)
    }
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
