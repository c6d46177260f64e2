//! One of the names that a party goes by, taken apart: a company's or a person's.

use crate::fold::Read;
use crate::name::MAX_WORDS;
use crate::word::Word;
use crate::{common, forms, nicknames, numerals};

/// What a name seems to be the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Company,
    Person,
    Unknown,
}

/// A name as it was read.
pub(crate) struct Raw<'a> {
    pub(crate) words: &'a [Read],
    pub(crate) comma: bool,
    pub(crate) ampersand: bool,
}

/// One of the names that a party goes by.
#[derive(Debug, Clone)]
pub(crate) struct Face {
    pub(crate) kind: Kind,
    /// The telling words in order, at most [`MAX_WORDS`].
    pub(crate) words: Vec<Word>,
    /// The words run together, as far as they are compared.
    pub(crate) joined: Box<[char]>,
    /// The trigrams of the words, sorted.
    pub(crate) trigrams: Box<[u64]>,
    /// The legal form, when it has one: limited by shares, partnership, trust and so on are not told apart.
    pub(crate) form: Option<String>,
    /// "Jr", "Sr", 2, 3 …: which of a family's bearers of the name.
    pub(crate) generation: Option<u32>,
    /// How telling its words are together.
    pub(crate) weight: f32,
    /// Whether it is a fund's or a trust's.
    pub(crate) fund: bool,
}

/// Legal forms that are nothing else; the others are only read as forms at a name's end or beginning.
const STRONG: &[&str] = &[
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "llc",
    "llp",
    "lllp",
    "ltd",
    "limited",
    "plc",
    "pllc",
    "gmbh",
    "ltda",
    "sarl",
    "bhd",
    "berhad",
    "pte",
    "pty",
    "pvt",
    "oyj",
    "kgaa",
    "ulc",
    "company",
    "co",
    "lp",
    "kabushiki",
    "kaisha",
    "aktiengesellschaft",
    "incorp",
    "sro",
    "srl",
    "proprietary",
    "ooo",
    "oao",
    "pao",
    "zao",
    "pjsc",
    "ojsc",
    "sprl",
    "bvba",
    "unltd",
];

/// Forms that people are called, too.
const ALSO_SURNAMES: &[&str] = &[
    "sa", "se", "da", "co", "na", "as", "is", "ba", "ek", "ad", "sia", "ho", "sk", "pt", "ou",
    "ans", "hf", "kd", "og",
];

/// Words that are common in companies' names and are surnames, too.
#[rustfmt::skip]
const ALSO_COMMON: &[&str] = &[
    "franklin", "morgan", "stanley", "eaton", "vance", "van", "kampen", "neuberger", "hill", "green", "star", "penn",
    "sterling", "black", "rock", "street", "west", "park", "golden", "north", "mills", "land", "marine", "house", "cap", "gold",
    "silver", "fidelity", "liberty", "prime", "royal", "point", "oak", "blue", "stone", "wells", "long", "short", "brooks", "diamond", "st",
    "saint", "first", "wood", "bishop", "king", "church", "farmer", "major", "brown", "church", "law", "bridge", "parsons", "price", "bond",
    "sales", "day", "power", "new", "rivers", "field", "fields", "branch", "carolina", "virginia", "georgia", "florence", "mason", "cross", "banks", "glass",
    "wise", "rich", "best", "small", "love", "family", "english", "french", "german", "london", "paris", "washington", "dallas", "houston", "austin", "del", "de", "la", "cook", "bay",
];

/// Courtesies and professions, which a person's name has or has not.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "hon",
    "honorable",
    "honourable",
    "judge",
    "justice",
    "rev",
    "reverend",
    "sir",
    "dame",
    "lord",
    "lady",
    "capt",
    "col",
    "lt",
    "sgt",
    "maj",
    "gen",
    "atty",
    "attorney",
    "esq",
    "esquire",
    "phd",
    "md",
    "jd",
    "cpa",
    "dds",
    "dvm",
    "rn",
    "mba",
    "llm",
    "ret",
    "sen",
    "rep",
    "fr",
    "dpm",
    "psyd",
    "edd",
    "pe",
    "cfa",
    "obe",
    "mbe",
    "cbe",
    "kc",
    "qc",
    "herr",
    "frau",
    "senor",
    "senora",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sheikh",
    "sheik",
    "hajji",
    "haji",
];

/// Particles of surnames, which are written apart, together or not at all.
const PARTICLES: &[&str] = &[
    "de", "del", "della", "der", "den", "di", "da", "das", "do", "dos", "du", "la", "le", "las",
    "los", "van", "von", "vom", "zu", "ten", "ter", "al", "el", "ul", "ad", "as", "bin", "ibn",
    "bint", "abu", "y", "e", "af", "av", "mc", "mac", "o", "st", "saint", "san", "santa", "d", "l",
];

pub(crate) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

impl Face {
    pub(crate) fn of(raw: &Raw<'_>) -> Self {
        let (kept, form, company) = without_forms(raw.words);
        let kind = kind_of(raw, &kept, company);
        let (mut words, mut generation) = (Vec::new(), None);
        let last = kept.len().saturating_sub(1);
        for (at, read) in kept.iter().enumerate() {
            if kind != Kind::Company {
                if let Some(which) = generation_of(read).filter(|_| at > 0) {
                    generation = Some(which);
                    continue;
                }
                if TITLES.contains(&read.text.as_str())
                    && !(read.dotted && read.text.len() == 2 && at < last)
                    && kept.len() > 2
                {
                    continue;
                }
            }
            words.push(read);
        }
        // A name that is nothing but titles is one still.
        if words.is_empty() {
            words.extend(kept.iter());
        }
        let words = runs_of_initials(&words, kind)
            .into_iter()
            .take(MAX_WORDS)
            .map(|(text, initials)| Word::of(text, initials))
            .collect::<Vec<_>>();
        let joined: Box<[char]> = words
            .iter()
            .flat_map(|word| word.letters().iter().copied())
            .take(40)
            .collect();
        Self {
            kind,
            trigrams: trigrams(&words),
            weight: words.iter().map(Word::weight).sum(),
            fund: words.iter().any(|word| {
                matches!(
                    word.text.as_str(),
                    "fund" | "trust" | "income" | "municipal" | "portfolio" | "etf"
                )
            }),
            joined,
            words,
            form,
            generation,
        }
    }

    /// The words of a name in their canonical spelling, without legal forms.
    pub(crate) fn canonical(raw: &Raw<'_>) -> Vec<String> {
        let (kept, _, company) = without_forms(raw.words);
        let kind = kind_of(raw, &kept, company);
        let without_titles: Vec<&Read> = kept
            .iter()
            .filter(|read| {
                kind == Kind::Company || kept.len() <= 2 || !TITLES.contains(&read.text.as_str())
            })
            .collect();
        let kept = if without_titles.is_empty() {
            kept.iter().collect()
        } else {
            without_titles
        };
        let mut out = Vec::with_capacity(kept.len());
        // Single letters are one word, whatever order and company they are found in.
        let mut letters = Vec::new();
        for (at, read) in kept.iter().enumerate() {
            if read.text == "i" && kind == Kind::Company && at > 1 && at + 1 == kept.len() {
                out.push("1".to_owned());
            } else if is_letter(read) {
                letters.push(read.text.as_str());
            } else {
                out.push(in_digits(&read.text));
            }
        }
        letters.sort_unstable();
        if !letters.is_empty() {
            out.push(letters.concat());
        }
        out
    }
}

fn is_letter(read: &Read) -> bool {
    read.text.chars().count() == 1 && read.text.chars().all(char::is_alphabetic)
}

/// A word in full, with its number in digits.
fn in_digits(word: &str) -> String {
    let full = forms::in_full(word);
    numerals::in_digits(full).unwrap_or_else(|| full.to_owned())
}

/// The words of a name without what is no part of it (its legal form last), and whether it is a company's for sure.
fn without_forms(words: &[Read]) -> (Vec<Read>, Option<String>, bool) {
    let mut words: Vec<Read> = words.to_vec();
    // "/DE/", "\Ca", "(NY)", and "Corp Ca".
    while words.len() > 1 {
        let end = words.len();
        let (Some(last), Some(before)) = (words.get(end - 1), words.get(end - 2)) else {
            break;
        };
        let strong = STRONG.contains(&before.text.as_str());
        let register = forms::is_place_code(&last.text)
            && (last.aside || strong && !forms::is_legal_form(&last.text));
        let remark = forms::is_remark(&last.text) || last.text == "al" && before.text == "et";
        if !register && !remark {
            break;
        }
        words.pop();
    }
    join_forms(&mut words);
    let given = words
        .first()
        .is_some_and(|word| nicknames::groups_of(&word.text).is_some());
    let end = words.len();
    let is_form = |at: usize, word: &Read| {
        let text = word.text.as_str();
        if STRONG.contains(&text) && !(text == "co" && end == 2 && given) {
            return at > 0 || end > 1;
        }
        forms::is_legal_form(text)
            && at > 0
            && words.get(at + 1..).is_some_and(|rest| {
                rest.iter().all(|word| {
                    forms::is_legal_form(&word.text) || forms::is_connective(&word.text)
                })
            })
            && !(given && ALSO_SURNAMES.contains(&text))
            || at == 0
                && end > 1
                && matches!(
                    text,
                    "pt" | "ooo"
                        | "pao"
                        | "oao"
                        | "ab"
                        | "as"
                        | "pjsc"
                        | "jsc"
                        | "uab"
                        | "sia"
                        | "sa"
                )
    };
    let (mut kept, mut form, mut company) = (Vec::new(), None, false);
    for (at, word) in words.iter().enumerate() {
        if is_form(at, word) {
            company = true;
            form = Some(word.text.clone());
        } else if !forms::is_connective(&word.text) {
            let text = forms::without_unspaced_form(&word.text).to_owned();
            company |= text != word.text;
            kept.push(Read {
                text,
                ..word.clone()
            });
        }
    }
    // A name made of nothing else ("The Limited", "Company & Co.") is compared by all its words.
    if kept.is_empty() {
        return (words, None, true);
    }
    (kept, form, company)
}

/// Legal forms that are written in parts: "L P", "A/S", "S. A. R. L.", "Public Ltd Co".
fn join_forms(words: &mut Vec<Read>) {
    const IN_PARTS: &[(&[&str], &str)] = &[
        (&["public", "limited", "company"], "plc"),
        (&["public", "ltd", "co"], "plc"),
        (&["limited", "liability", "company"], "llc"),
        (&["limited", "liability", "co"], "llc"),
        (&["limited", "liability", "partnership"], "llp"),
        (&["limited", "partnership"], "lp"),
        (&["l", "l", "c"], "llc"),
        (&["l", "l", "p"], "llp"),
        (&["p", "l", "c"], "plc"),
        (&["s", "a", "r", "l"], "sarl"),
        (&["s", "p", "a"], "spa"),
        (&["s", "r", "l"], "srl"),
        (&["l", "p"], "lp"),
        (&["a", "s"], "as"),
        (&["s", "a"], "sa"),
        (&["n", "v"], "nv"),
        (&["b", "v"], "bv"),
        (&["n", "a"], "na"),
        (&["p", "c"], "pc"),
        (&["p", "a"], "pa"),
        (&["d", "o", "o"], "doo"),
        (&["anonim", "sirketi"], "as"),
        (&["real", "estate"], "realestate"),
        (&["united", "states", "of", "america"], "us"),
        (&["united", "states"], "us"),
        (&["et", "al"], "et"),
    ];
    for (parts, form) in IN_PARTS {
        let mut at = usize::from(parts.first() != Some(&"united"));
        while at + parts.len() <= words.len() {
            let here = words.get(at..at + parts.len()).unwrap_or_default();
            if here
                .iter()
                .zip(*parts)
                .all(|(word, part)| word.text == *part)
            {
                let aside = here.first().is_some_and(|word| word.aside);
                words.splice(
                    at..at + parts.len(),
                    [Read {
                        text: (*form).to_owned(),
                        dotted: false,
                        aside,
                    }],
                );
            }
            at += 1;
        }
    }
}

fn kind_of(raw: &Raw<'_>, kept: &[Read], company: bool) -> Kind {
    let known = |word: &Read| nicknames::groups_of(&word.text).is_some();
    let courtesy = |word: &Read| TITLES.contains(&word.text.as_str()) && word.text.len() > 2;
    let corporate = |word: &Read| {
        let text = forms::in_full(&word.text);
        common::class(text) >= 3
            && !known(word)
            && !ALSO_COMMON.contains(&text)
            && !TITLES.contains(&word.text.as_str())
            && generation_of(word).is_none()
            && text.len() > 2
            || text.bytes().all(|digit| digit.is_ascii_digit())
    };
    if company || kept.iter().any(corporate) || kept.len() > 7 {
        return Kind::Company;
    }
    let generation = kept
        .iter()
        .skip(1)
        .any(|word| generation_of(word).is_some_and(|which| which < 10));
    let some_given = kept.iter().any(known);
    if kept.len() > 1
        && !raw.ampersand
        && (raw.comma || some_given || generation || kept.iter().any(courtesy))
    {
        Kind::Person
    } else if kept.len() > 1 && raw.ampersand {
        Kind::Company
    } else {
        Kind::Unknown
    }
}

/// Which bearer of a name a suffix tells of.
fn generation_of(read: &Read) -> Option<u32> {
    if read.dotted {
        return None;
    }
    match read.text.as_str() {
        "jr" | "junior" | "jnr" => Some(11),
        "sr" | "senior" | "snr" => Some(10),
        "ii" | "2nd" => Some(2),
        "iii" | "3rd" => Some(3),
        "iv" | "4th" => Some(4),
        _ => None,
    }
}

/// The words in full with numbers in digits. A company's single letters in a row are one word ("E W Scripps" is
/// "E.W. Scripps"); a person's initials stay apart.
fn runs_of_initials(words: &[&Read], kind: Kind) -> Vec<(String, bool)> {
    let mut out: Vec<(String, bool)> = Vec::with_capacity(words.len());
    let mut running = false;
    for (at, read) in words.iter().enumerate() {
        let letter = is_letter(read);
        // A numeral "I" ends a company's name that has others like it.
        if kind == Kind::Company && read.text == "i" && at > 1 && at + 1 == words.len() && !running
        {
            out.push(("1".to_owned(), false));
            continue;
        }
        // "J.R. Underwood", "JR Underwood".
        let pair = at == 0
            && words.len() > 1
            && (2..=3).contains(&read.text.len())
            && read.text.is_ascii()
            && !read.text.contains(['a', 'e', 'i', 'o', 'u', 'y', 'h', 'g']);
        if kind != Kind::Company
            && words.len() > 1
            && (read.dotted || pair && numerals::value(&read.text).is_none())
        {
            out.extend(read.text.chars().map(|letter| (letter.to_string(), true)));
            running = false;
            continue;
        }
        if letter && kind == Kind::Company {
            match out.last_mut().filter(|_| running) {
                Some((run, _)) => run.push_str(&read.text),
                None => out.push((read.text.clone(), true)),
            }
            running = true;
            continue;
        }
        running = false;
        out.push((in_digits(&read.text), letter || read.dotted));
    }
    out
}

/// The trigrams of words between blanks, sorted.
fn trigrams(words: &[Word]) -> Box<[u64]> {
    let mut out = Vec::new();
    for word in words {
        let (mut a, mut b) = (0_u64, u64::from(u32::from(' ')));
        for letter in word.letters().iter().copied().chain([' ']) {
            let c = u64::from(u32::from(letter));
            out.push(a << 42 | b << 21 | c);
            (a, b) = (b, c);
        }
    }
    out.sort_unstable();
    out.dedup();
    out.into_boxed_slice()
}
