//! Short keys that names which are alike share.
//!
//! A block is made of what spellings of one name keep: how its rare words sound, which of its common words stand
//! together, its initials, a surname with the first letter of a given name. No block is made of a common word alone,
//! so that few names of many share one. Each begins with a letter that says what it is made of.

use std::collections::BTreeSet;

use crate::face::{Face, Kind, is_particle};
use crate::nicknames;
use crate::phonetic::{skeleton, sound};
use crate::word::Word;

/// The most blocks that a name has.
pub const MOST: usize = 12;

/// Blocks in the order of their worth, each once.
struct Blocks {
    found: Vec<String>,
    seen: BTreeSet<String>,
}

impl Blocks {
    fn add(&mut self, kind: char, parts: &[&str]) {
        let block = format!("{kind}{}", parts.join("."));
        let block: String = block.chars().take(24).collect();
        if parts.iter().all(|part| !part.is_empty())
            && self.found.len() < MOST
            && self.seen.insert(block.clone())
        {
            self.found.push(block);
        }
    }
}

/// The blocks of a party whose names' key and faces these are.
pub(crate) fn of(key: &str, faces: &[Face]) -> Vec<String> {
    let mut blocks = Blocks {
        found: Vec::with_capacity(MOST),
        seen: BTreeSet::new(),
    };
    // Equal keys share a block, whatever else.
    blocks.add('k', &[&digest(key)]);
    // Several names share the room: the telling blocks of each come before the further ones of any.
    for face in faces {
        if face.kind != Kind::Company {
            of_person(&mut blocks, face);
        }
        if face.kind != Kind::Person {
            of_words(&mut blocks, face);
        }
    }
    for face in faces {
        of_pairs(&mut blocks, face);
        of_near_spellings(&mut blocks, face);
    }
    blocks.found
}

/// A surname with the first letter of a given name; which is which is not known, but by the tables.
fn of_person(blocks: &mut Blocks, face: &Face) {
    let full: Vec<(usize, &Word)> = face
        .words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.len() > 1 && !is_particle(&word.text))
        .collect();
    let unknown = |word: &Word| word.given.is_none();
    let mut surnames: Vec<(usize, String)> = Vec::new();
    for (at, word) in full.iter().rev() {
        if unknown(word) || !full.iter().any(|(_, word)| unknown(word)) {
            // "O Brien", "El Sayed", "Fitz Gerald" are written as one, too.
            if let Some(before) = at.checked_sub(1).and_then(|before| face.words.get(before))
                && before.given.is_none()
                && (is_particle(&before.text)
                    || at + 1 == face.words.len() && before.len() > 1 && full.len() > 2)
            {
                // As many particles as stand before it: "van der Berg".
                let from = (0..*at)
                    .rev()
                    .take_while(|at| {
                        face.words
                            .get(*at)
                            .is_some_and(|word| is_particle(&word.text))
                    })
                    .last();
                let parts = face
                    .words
                    .get(from.unwrap_or(at - 1)..=*at)
                    .unwrap_or_default();
                surnames.push((
                    *at,
                    sound(
                        &parts
                            .iter()
                            .map(|word| word.text.as_str())
                            .collect::<String>(),
                    ),
                ));
            }
            surnames.push((*at, word.sound.clone()));
        }
    }
    if full.len() < 2 && face.words.len() < 2 {
        return;
    }
    for (at, surname) in surnames.iter().take(4) {
        let surname = skeleton(surname);
        let others =
            face.words.iter().enumerate().filter(|(other, word)| {
                other != at && !(word.len() > 1 && is_particle(&word.text))
            });
        for (_, word) in others.take(3) {
            let own = sound(&word.text)
                .chars()
                .next()
                .unwrap_or(word.first())
                .to_string();
            let mut initials: BTreeSet<String> = BTreeSet::from([own]);
            for group in word.given.unwrap_or_default() {
                initials.extend(
                    sound(nicknames::head(*group))
                        .chars()
                        .next()
                        .map(String::from),
                );
            }
            for initial in initials.iter().take(3) {
                // Room is left for the other kinds.
                if blocks.found.len() + 4 >= MOST {
                    return;
                }
                blocks.add('p', &[&surname, initial]);
            }
        }
    }
}

/// The rare words, and the initials.
fn of_words(blocks: &mut Blocks, face: &Face) {
    let mut rare: Vec<&Word> = face
        .words
        .iter()
        .filter(|word| word.number.is_none() && word.len() > 1)
        .collect();
    rare.sort_by_key(|word| word.class);
    // A name whose first word is its only rare one is found by it, even when it is not all that rare.
    let limit = rare.first().map_or(2, |word| {
        word.class.clamp(2, if rare.len() == 1 { 9 } else { 3 })
    });
    for word in rare.iter().filter(|word| word.class <= limit).take(4) {
        blocks.add('w', &[&code(word)]);
    }
    // A house's name alone finds its funds: the first word counts even when a few dozen names have it.
    if let Some(head) = face
        .words
        .first()
        .filter(|word| word.class <= 3 && word.len() > 1)
    {
        blocks.add('w', &[&code(head)]);
    }
    for word in rare
        .iter()
        .filter(|word| word.class == 0 && (2..=5).contains(&word.len()))
        .take(1)
    {
        blocks.add('a', &[&word.text]);
    }
    if face.words.len() > 2 {
        let initials: String = face.words.iter().map(Word::first).take(6).collect();
        blocks.add('a', &[&initials]);
    }
}

/// Words that stand together, and those that others write as one.
fn of_pairs(blocks: &mut Blocks, face: &Face) {
    let words: Vec<&Word> = face
        .words
        .iter()
        .filter(|word| word.number.is_none())
        .collect();
    for (left, right) in words.iter().zip(words.iter().skip(1)).take(4) {
        let (left, right) = (code(left), code(right));
        let (first, second) = if left < right {
            (&left, &right)
        } else {
            (&right, &left)
        };
        blocks.add('t', &[first, second]);
    }
    if face.kind != Kind::Person
        && let [left, right, ..] = words.as_slice()
    {
        let joined = Word::of(format!("{}{}", left.text, right.text), false);
        blocks.add('w', &[&code(&joined)]);
    }
}

/// What a slip leaves of the rarest word: its consonants, its beginning, its end.
fn of_near_spellings(blocks: &mut Blocks, face: &Face) {
    let rarest = face.words.iter().filter(|word| {
        word.number.is_none()
            && word.len() > 4
            && word.class <= 2
            && !(face.kind == Kind::Person && word.given.is_some())
    });
    if let Some(word) = rarest.max_by_key(|word| (9 - word.class, word.len())) {
        let with = match face.kind {
            // A surname's consonants are shared by many; with a given name they are not.
            Kind::Person => face
                .words
                .iter()
                .find_map(|word| word.given?.first().map(|group| nicknames::head(*group)))
                .unwrap_or_default(),
            _ => "",
        };
        let letters: String = word.letters().iter().take(4).collect();
        let end: String = word.letters().iter().skip(word.len() - 4).collect();
        if face.kind == Kind::Person {
            blocks.add('b', &[&letters, with]);
            blocks.add('e', &[&end, with]);
        } else {
            blocks.add('s', &[&skeleton(&word.sound)]);
            blocks.add('b', &[&letters, &word.len().div_ceil(3).to_string()]);
        }
    }
}

/// How a word sounds without its plural, or its letters when they are not Latin.
fn code(word: &Word) -> String {
    let code = sound(word.stem());
    if code.is_empty() {
        word.text.clone()
    } else {
        code
    }
}

/// A short digest of a key (FNV-1a), stable across builds.
fn digest(key: &str) -> String {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
