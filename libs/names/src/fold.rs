//! Letters as they are compared: without case, marks, width, style and the alphabet they were borrowed from.
//!
//! Three things are undone. Compatibility decomposition (Unicode NFKD) takes full-width, mathematical, circled and
//! accented letters apart. Invisible characters go. Letters of other alphabets that look like Latin ones become those
//! where a word mixes alphabets, which honest words do not; a word that is wholly Cyrillic or Greek is transliterated
//! instead, so that it meets its Latin spelling.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A word as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) text: String,
    /// Single letters with full stops: "J.R.", "U.S.A.".
    pub(crate) dotted: bool,
    /// A stroke or a parenthesis stands before it.
    pub(crate) aside: bool,
}

/// The words of a text: lower case, no diacritics, letters and digits alone, in the order of the text.
///
/// Apostrophes and full stops join what they stand in ("O'Brien", "U.S.A."); every other sign parts words.
pub fn words(text: &str) -> Vec<String> {
    read(text).into_iter().map(|word| word.text).collect()
}

/// The words of a text, and how they were written.
pub(crate) fn read(text: &str) -> Vec<Read> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut stops, mut run, mut single, mut aside) = (0, 0, true, false);
    // Lower case comes before and after the decomposition, because some capitals only fold once they are taken apart.
    let letters = text.to_lowercase();
    for letter in letters.nfkd().flat_map(char::to_lowercase).chain([' ']) {
        if is_combining_mark(letter) || is_invisible(letter) {
            continue;
        }
        if joins(letter) {
            stops += usize::from(letter == '.' && !word.is_empty());
            run = 0;
            continue;
        }
        let letters = spelled_out(letter);
        if letters.is_some() || letter.is_alphanumeric() {
            run += 1;
            single &= run == 1;
            match letters {
                Some(letters) => word.push_str(letters),
                None => word.push(letter),
            }
            continue;
        }
        if !word.is_empty() {
            let text = if word.is_ascii() {
                std::mem::take(&mut word)
            } else {
                in_latin(&std::mem::take(&mut word))
            };
            if !text.is_empty() {
                words.push(Read {
                    dotted: single && stops > 0,
                    aside,
                    text,
                });
            }
            aside = false;
            (stops, single) = (0, true);
        }
        run = 0;
        aside |= matches!(letter, '/' | '\\' | '(' | '[');
    }
    words
}

/// Signs that join the letters about them into one word.
const fn joins(letter: char) -> bool {
    matches!(
        letter,
        '.' | '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʹ' | 'ʿ' | 'ʾ' | '′' | '·' | '\u{2024}'
    )
}

/// Characters that show nothing: soft hyphens, joiners, direction marks, variation selectors, tags, fillers.
const fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Latin letters that do not come apart into a plain one and a mark.
const fn spelled_out(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ł' | 'ƚ' | 'ɫ' | 'ʟ' => "l",
        'þ' => "th",
        'ı' | 'ɩ' | 'ɪ' => "i",
        'ħ' | 'ʜ' => "h",
        'ŋ' | 'ɲ' | 'ɴ' => "n",
        'ɑ' | 'ᴀ' => "a",
        'ʙ' | 'ɓ' => "b",
        'ᴄ' => "c",
        'đ' | 'ð' | 'ɖ' | 'ɗ' | 'ᴅ' => "d",
        'ə' | 'ᴇ' | 'ɛ' => "e",
        'ƒ' | 'ꜰ' => "f",
        'ɡ' | 'ɢ' | 'ɠ' => "g",
        'ᴊ' | 'ȷ' => "j",
        'ᴋ' | 'ƙ' => "k",
        'ᴍ' => "m",
        'ø' | 'ɵ' | 'ᴏ' => "o",
        'ᴘ' => "p",
        'ʀ' => "r",
        'ꜱ' => "s",
        'ŧ' | 'ᴛ' => "t",
        'ᴜ' => "u",
        'ᴠ' | 'ʋ' => "v",
        'ᴡ' => "w",
        'ʏ' => "y",
        'ᴢ' | 'ƶ' => "z",
        _ => return None,
    })
}

/// A word that is not plain Latin, brought into Latin letters as far as it goes.
fn in_latin(word: &str) -> String {
    let latin = word.chars().any(|letter| letter.is_ascii_alphabetic());
    let mimics_all = word
        .chars()
        .all(|letter| letter.is_ascii() || mimicked(letter).is_some());
    // Small letters nobody can tell from Latin ones: a word of these alone is taken for the Latin one it looks like.
    let indistinct = word
        .chars()
        .all(|letter| letter.is_ascii() || "аеосрхуіјѕԁԛԝӏԍո".contains(letter));
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        let mimic = if mimics_all && (latin || indistinct) || latin && is_european(letter) {
            mimicked(letter)
        } else {
            None
        };
        match (mimic, transliterated(letter)) {
            (Some(mimicked), _) => out.push(mimicked),
            (None, Some(letters)) => out.push_str(letters),
            (None, None) => out.push(letter.to_digit_char()),
        }
    }
    out
}

/// Greek, Cyrillic, Armenian or Cherokee: the alphabets whose letters are mistaken for Latin ones.
const fn is_european(letter: char) -> bool {
    matches!(letter, '\u{370}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}')
}

trait ToDigit {
    /// The ASCII digit that a digit of any script stands for, or the letter itself.
    fn to_digit_char(self) -> char;
}

impl ToDigit for char {
    fn to_digit_char(self) -> char {
        let digits = [
            '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
            '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}',
        ];
        digits
            .into_iter()
            .find_map(|zero| {
                let value = u32::from(self).checked_sub(u32::from(zero))?;
                char::from_digit(value, 10)
            })
            .unwrap_or(self)
    }
}

/// The Latin letter that a letter of another alphabet is mistaken for, in lower or upper case.
const fn mimicked(letter: char) -> Option<char> {
    Some(match letter {
        'а' | 'α' | 'ꭺ' => 'a',
        'в' | 'β' | 'ь' | 'ꮟ' => 'b',
        'с' | 'ϲ' | 'ꮯ' => 'c',
        'ԁ' | 'ꭰ' => 'd',
        'е' | 'є' | 'ε' | 'ꭼ' => 'e',
        'ғ' => 'f',
        'ԍ' | 'ց' => 'g',
        'һ' | 'н' | 'հ' | 'η' | 'ꮋ' => 'h',
        'і' | 'ι' => 'i',
        'ј' | 'ϳ' | 'յ' => 'j',
        'к' | 'κ' | 'ꮶ' => 'k',
        'ӏ' | 'ꮮ' => 'l',
        'м' | 'μ' | 'ꮇ' => 'm',
        'п' | 'ո' => 'n',
        'о' | 'ο' | 'օ' | 'σ' => 'o',
        'р' | 'ρ' | 'ꮲ' => 'p',
        'ԛ' | 'զ' => 'q',
        'г' | 'ꮁ' => 'r',
        'ѕ' | 'ꮪ' => 's',
        'т' | 'τ' | 'ꭲ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' | 'ꮩ' => 'v',
        'ԝ' | 'ѡ' | 'ω' | 'ꮃ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'ү' | 'γ' => 'y',
        'ζ' | 'ꮓ' => 'z',
        _ => return None,
    })
}

/// The Latin spelling of a Cyrillic or Greek letter, as English texts write it.
const fn transliterated(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' | 'α' => "a",
        'б' => "b",
        'в' | 'β' => "v",
        'г' | 'ґ' | 'γ' => "g",
        'д' | 'δ' => "d",
        'ђ' => "dj",
        'е' | 'ё' | 'э' | 'є' | 'ε' => "e",
        'ж' => "zh",
        'з' | 'ζ' => "z",
        'и' | 'і' | 'ї' | 'ι' | 'η' => "i",
        'к' | 'κ' => "k",
        'л' | 'λ' => "l",
        'љ' => "lj",
        'м' | 'μ' => "m",
        'н' | 'ν' => "n",
        'њ' => "nj",
        'о' | 'ο' | 'ω' => "o",
        'п' | 'π' => "p",
        'р' | 'ρ' => "r",
        'с' | 'σ' | 'ς' => "s",
        'т' | 'τ' => "t",
        'ћ' => "c",
        'у' | 'ў' => "u",
        'ф' | 'φ' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' | 'χ' => "ch",
        'џ' => "dz",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'й' | 'ј' | 'ы' | 'υ' => "y",
        'ю' => "yu",
        'я' => "ya",
        'θ' => "th",
        'ξ' => "x",
        'ψ' => "ps",
        _ => return None,
    })
}
