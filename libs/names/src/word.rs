//! A word of a name, with what comparing it again and again needs.

use crate::{common, houses, nicknames, numerals, phonetic, places, surnames};

/// Letters of a word that are compared; what a longer one has beyond is not looked at.
const MAX_LETTERS: usize = 40;

/// A word of a name, in its canonical spelling.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Word {
    pub(crate) text: String,
    letters: Box<[char]>,
    /// Which letters and digits the word has, one bit each: tells words apart that cannot be alike.
    mask: u64,
    /// How common the word is in companies' names: 0 (rare) to 9.
    pub(crate) class: u8,
    /// The number that the word says.
    pub(crate) number: Option<u32>,
    /// Single letters that were written as initials: "J. R." and "JR" of "J.R.".
    pub(crate) initials: bool,
    /// How it sounds; empty without Latin letters.
    pub(crate) sound: String,
    pub(crate) skeleton: String,
    /// The groups of given names that it is in; none when it is not known for one.
    pub(crate) given: Option<&'static [u16]>,
    /// Whether it is a common surname.
    pub(crate) surname: bool,
    place: bool,
    /// The renamed houses that have it in a name.
    pub(crate) houses: &'static [u16],
    pub(crate) vehicle: bool,
    weight: f32,
}

impl Word {
    pub(crate) fn of(text: String, initials: bool) -> Self {
        let letters: Box<[char]> = text.chars().take(MAX_LETTERS).collect();
        let sound = phonetic::sound(letters.iter().collect::<String>().as_str());
        Self {
            mask: letters.iter().fold(0, |mask, letter| mask | bit(*letter)),
            class: common::class(&text),
            number: numerals::value(&text),
            initials: initials || letters.len() == 1,
            skeleton: phonetic::skeleton(&sound),
            sound,
            surname: surnames::is_common(&text),
            place: places::is_place(&text),
            houses: houses::of(&text),
            vehicle: matches!(
                text.as_str(),
                "fund" | "funds" | "trust" | "etf" | "portfolio" | "shares"
            ),
            weight: weight(&text, letters.len()),
            given: nicknames::groups_of(&text),
            letters,
            text,
        }
    }

    /// The count of its letters, as far as they are compared.
    pub(crate) fn len(&self) -> usize {
        self.letters.len()
    }

    pub(crate) fn first(&self) -> char {
        self.letters.first().copied().unwrap_or_default()
    }

    /// The word without a plural's ending.
    pub(crate) fn stem(&self) -> &str {
        let text = self.text.as_str();
        if let Some(stem) = text.strip_suffix("ies").or_else(|| text.strip_suffix('y')) {
            return stem;
        }
        match text.strip_suffix('s') {
            Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem,
            _ => text,
        }
    }

    /// The first letter of how it sounds.
    pub(crate) fn first_sound(&self) -> Option<char> {
        self.sound.chars().next()
    }

    pub(crate) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// How telling the word is: about 1 for a rare one, a third for the commonest, for numbers and for single letters.
    pub(crate) fn weight(&self) -> f32 {
        self.weight
    }

    /// How common the word is, coarsely: 0 rare, 1 in between, 2 common.
    pub(crate) fn band(&self) -> usize {
        match self.class {
            _ if self.number.is_some() => 2,
            0 | 1 => 0,
            2..=4 => 1,
            _ => 2,
        }
    }

    /// Whether it says where, or in whose money.
    pub(crate) fn is_place(&self) -> bool {
        self.place
    }

    /// How nearly two words are written alike: 1 the same, 0 not at all.
    pub(crate) fn closeness(&self, other: &Self) -> f32 {
        if self.text == other.text {
            return 1.0;
        }
        // Numbers and very short words are the same or they are different.
        if self.number.is_some() || other.number.is_some() {
            return 0.0;
        }
        closeness(&self.letters, self.mask, &other.letters, other.mask)
    }
}

/// How telling a word of that many letters is.
fn weight(text: &str, letters: usize) -> f32 {
    /// By class: the logarithm of the names of which one holds such a word, over that of a rare word's.
    const WEIGHTS: [f32; 10] = [1.0, 0.95, 0.85, 0.77, 0.69, 0.6, 0.52, 0.44, 0.36, 0.28];
    if numerals::value(text).is_some() || letters == 1 {
        return 0.35;
    }
    let weight = WEIGHTS
        .get(usize::from(common::class(text)))
        .copied()
        .unwrap_or(0.28);
    if letters == 2 { weight * 0.7 } else { weight }
}

/// How one spelling may have come of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Nearness {
    /// As [`closeness`].
    pub(crate) close: f32,
    /// Whether they sound alike.
    pub(crate) heard: bool,
    /// Whether a slip explains it: the same sound, letters turned about or mistaken, one letter of a long word.
    pub(crate) slip: bool,
}

impl Word {
    /// Whether two words are known and different, however alike: "mining" is no slip for "milling", nor "Mary" for "Mark".
    pub(crate) fn is_known_apart(&self, other: &Self) -> bool {
        let names = self
            .given
            .zip(other.given)
            .is_some_and(|(a, b)| !a.iter().any(|group| b.contains(group)));
        names || self.class >= 2 && other.class >= 2
    }

    /// How nearly two words are the same, and whether one may be the other misspelt.
    pub(crate) fn nearness(&self, other: &Self) -> Nearness {
        let close = self.closeness(other);
        let shortest = self.len().min(other.len());
        let heard = shortest > 3 && !self.sound.is_empty() && self.sound == other.sound;
        #[expect(clippy::cast_precision_loss, reason = "at most 40")]
        let halves = (1.0 - close) * 2.0 * self.len().max(other.len()) as f32;
        let turned = self.len() == other.len() && self.mask == other.mask && halves < 2.5;
        let slip = close > 0.0
            && (heard && shortest > 5
                || halves < 1.5 && shortest > 3
                || turned && shortest > 4
                || halves < 2.5 && shortest > 8
                || halves < 4.5 && shortest > 11);
        Nearness { close, heard, slip }
    }
}

fn bit(letter: char) -> u64 {
    1 << match letter {
        'a'..='z' => u32::from(letter) - u32::from('a'),
        '0'..='9' => u32::from(letter) - u32::from('0') + 26,
        other => 36 + u32::from(other) % 28,
    }
}

/// How nearly two spellings are alike: 1 less the share of letters that differ. A letter put in, left out, changed or
/// turned about with its neighbour counts one; letters that are mistaken for one another count half.
fn closeness(one: &[char], mask_one: u64, other: &[char], mask_other: u64) -> f32 {
    if one == other {
        return 1.0;
    }
    let longest = one.len().max(other.len());
    let shortest = one.len().min(other.len());
    if shortest < 2 || longest - shortest > longest / 2 || longest > MAX_LETTERS {
        return 0.0;
    }
    // Every letter that only one of them has is at least half an edit.
    let strange = (mask_one & !mask_other)
        .count_ones()
        .max((mask_other & !mask_one).count_ones());
    if usize::try_from(strange).unwrap_or(usize::MAX) > longest.div_ceil(2) + 1 {
        return 0.0;
    }
    let halves = distance(one, other);
    #[expect(clippy::cast_precision_loss, reason = "at most 80")]
    let (halves, length) = (halves as f32, longest as f32);
    (1.0 - halves / (2.0 * length)).max(0.0)
}

/// The edit distance in half edits (optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before = [0_usize; MAX_LETTERS + 1];
    let mut last = [0_usize; MAX_LETTERS + 1];
    let mut row = [0_usize; MAX_LETTERS + 1];
    for (at, cell) in last.iter_mut().enumerate() {
        *cell = 2 * at;
    }
    let mut one_before = '\0';
    for (i, a) in one.iter().enumerate() {
        let mut left = 2 * (i + 1);
        if let Some(cell) = row.first_mut() {
            *cell = left;
        }
        let mut other_before = '\0';
        let cells = last
            .iter()
            .zip(last.iter().skip(1))
            .zip(row.iter_mut().skip(1));
        for (j, (b, ((diagonal, above), cell))) in other.iter().zip(cells).enumerate() {
            let change = if a == b {
                0
            } else if mistaken(*a, *b) {
                1
            } else {
                2
            };
            let mut cheapest = (diagonal + change).min(above + 2).min(left + 2);
            if i > 0 && j > 0 && *a == other_before && one_before == *b {
                let turned = before.get(j - 1).copied().unwrap_or(usize::MAX / 2);
                cheapest = cheapest.min(turned + 2);
            }
            *cell = cheapest;
            left = cheapest;
            other_before = *b;
        }
        one_before = *a;
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last.get(other.len()).copied().unwrap_or(usize::MAX / 4)
}

/// Letters and digits that a reader, a typist or a scanner mistakes for one another, in order.
const MISTAKEN: &[&[u8; 2]] = &[
    b"0o", b"1i", b"1l", b"2z", b"3e", b"4a", b"5s", b"6g", b"8b", b"il", b"iy", b"ij", b"ck",
    b"sz", b"uv", b"vw", b"mn",
];

fn mistaken(one: char, other: char) -> bool {
    let (first, second) = if one < other {
        (one, other)
    } else {
        (other, one)
    };
    MISTAKEN
        .iter()
        .any(|[a, b]| char::from(*a) == first && char::from(*b) == second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(one: &str, other: &str) -> f32 {
        Word::of(one.to_owned(), false).closeness(&Word::of(other.to_owned(), false))
    }

    #[test]
    fn the_more_letters_differ_the_less_close() {
        assert!(close("campbell", "cambell") > 0.85);
        assert!(close("michael", "micheal") > 0.85, "turned about");
        assert!(close("micr0soft", "microsoft") > 0.93, "mistaken");
        assert!(close("lowrance", "jaco") < 0.3);
        assert!((close("2", "3")).abs() < f32::EPSILON);
        assert!((close("acme", "acme") - 1.0).abs() < f32::EPSILON);
    }
}
