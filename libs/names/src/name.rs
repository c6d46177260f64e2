//! A name as it is compared: without case, punctuation, diacritics, legal suffixes and word order.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a firm's legal form adds to its name, in the languages of the suite's firms and their opponents, after
/// punctuation is gone. Longer forms and their abbreviations alike.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "aktiengesellschaft",
    "aps",
    "as",
    "asa",
    "bhd",
    "bv",
    "bvba",
    "co",
    "company",
    "corp",
    "corporation",
    "eg",
    "ev",
    "gesellschaft",
    "gmbh",
    "inc",
    "incorporated",
    "kabushiki",
    "kaisha",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "lc",
    "limited",
    "limitada",
    "llc",
    "llp",
    "lllp",
    "lp",
    "ltd",
    "ltda",
    "na",
    "npc",
    "nv",
    "oy",
    "oyj",
    "partnership",
    "pbc",
    "pc",
    "plc",
    "pllc",
    "pte",
    "pty",
    "pvt",
    "private",
    "proprietary",
    "rl",
    "sa",
    "sab",
    "sarl",
    "sas",
    "sau",
    "sca",
    "se",
    "sl",
    "spa",
    "sprl",
    "sro",
    "srl",
    "ua",
    "ug",
    "ulc",
];

/// Words that come and go between two spellings of one name.
const CONNECTIVES: &[&str] = &["and", "et", "of", "the", "und"];

/// A name as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    text: String,
    key: String,
}

impl Name {
    /// Reads a name; none when it has neither a letter nor a digit.
    pub fn of(text: &str) -> Option<Self> {
        let words = words(text);
        let telling = |word: &&String| {
            !LEGAL_FORMS.contains(&word.as_str()) && !CONNECTIVES.contains(&word.as_str())
        };
        let kept: BTreeSet<&String> = words.iter().filter(telling).collect();
        // A name made of nothing else ("The Limited", "Company & Co.") is compared by all its words.
        let kept = if kept.is_empty() {
            words.iter().collect()
        } else {
            kept
        };
        let key = kept
            .into_iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ");
        (!key.is_empty()).then(|| Self {
            text: words.join(" "),
            key,
        })
    }

    /// What the name comes to: names whose keys are equal are spellings of one.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The name's words as written, in order, folded and parted by single spaces: what a trigram index is built over.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a name that is like this one shares at least one of, each short and in lower case.
    pub fn blocks(&self) -> Vec<String> {
        self.key.split(' ').map(str::to_owned).collect()
    }
}

/// The words of a text: lower case, no diacritics, letters and digits alone.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    // Compatibility decomposition takes full-width letters, ligatures and accents apart; lower case comes before and
    // after, because some capitals only fold once they are taken apart.
    for letter in name.to_lowercase().nfkd().flat_map(char::to_lowercase) {
        match letter {
            mark if is_combining_mark(mark) => {}
            // "U.S.A." is one word, and so are "O'Brien" and "Macy's". Invisible characters part nothing.
            '.'
            | '\''
            | '’'
            | '‘'
            | '`'
            | 'ʼ'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'
            | '\u{feff}' => {}
            letter => {
                let Some(word) = words.last_mut() else {
                    continue;
                };
                match folded(letter) {
                    Some(letters) => word.push_str(letters),
                    None if letter.is_alphanumeric() => word.push(letter),
                    None if word.is_empty() => {}
                    None => words.push(String::new()),
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Letters that do not come apart into a plain one and a mark.
const fn folded(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(name: &str) -> String {
        Name::of(name).map(|name| name.key).unwrap_or_default()
    }

    fn same_name(one: &str, other: &str) -> bool {
        !key(one).is_empty() && key(one) == key(other)
    }

    #[test]
    fn spellings_of_one_name_are_the_same() {
        for (one, other) in [
            ("Alice Corp.", "ALICE CORPORATION"),
            ("Smith & Wesson, Inc.", "Smith and Wesson"),
            ("Smith, John", "John Smith"),
            ("O'Brien", "OBrien"),
            ("Nestlé S.A.", "NESTLE SA"),
            ("Müller GmbH & Co. KG", "Muller"),
            ("Straße AG", "Strasse"),
            ("A.B.C. L.L.C.", "ABC LLC"),
            ("The Coca-Cola Company", "Coca Cola Co"),
            ("Ｆｕｌｌ Ｗｉｄｔｈ", "Full Width"),
            ("Zero\u{200b}Width", "ZeroWidth"),
            ("Łódź Ørsted A/S", "Lodz Orsted A/S"),
            ("İstanbul Ltd", "istanbul"),
            ("First National Bank, N.A.", "First National Bank"),
        ] {
            assert!(same_name(one, other), "{one:?} is {other:?}");
        }
    }

    #[test]
    fn different_names_are_not_the_same() {
        for (one, other) in [
            ("Smith", "Smythe"),
            ("Alice Corp.", "Alice Bank"),
            ("First National Bank", "Second National Bank"),
            ("Acme 1 LLC", "Acme 2 LLC"),
            ("The Limited", "The Company"),
        ] {
            assert!(!same_name(one, other), "{one:?} is not {other:?}");
        }
    }

    #[test]
    fn a_name_that_is_all_legal_form_is_still_a_name() {
        assert!(same_name("The Limited", "the limited"));
        assert_ne!(key("Company & Co."), "");
    }

    #[test]
    fn a_name_without_letters_is_like_no_other() {
        for name in ["", "   ", "...", "&", "\u{200b}", "🤝"] {
            assert!(!same_name(name, name), "{name:?}");
        }
    }

    fn name() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec("[A-Za-z0-9éüñŁß'-]{1,12}", 1..6)
    }

    proptest! {
        #[test]
        fn likeness_is_symmetric(one in "\\PC{0,40}", other in "\\PC{0,40}") {
            prop_assert_eq!(same_name(&one, &other), same_name(&other, &one));
        }

        #[test]
        fn case_makes_no_difference(name in name()) {
            let name = name.join(" ");
            prop_assert_eq!(key(&name), key(&name.to_uppercase()));
            prop_assert_eq!(key(&name), key(&name.to_lowercase()));
        }

        #[test]
        fn word_order_makes_no_difference(name in name(), turn in 0_usize..6) {
            let mut turned = name.clone();
            turned.rotate_left(turn % name.len());
            turned.reverse();
            prop_assert_eq!(key(&name.join(" ")), key(&turned.join(" ")));
        }

        #[test]
        fn a_legal_suffix_makes_no_difference(
            name in name().prop_filter("has a word of its own", |name| {
                words(&name.join(" ")).iter().any(|word| {
                    !LEGAL_FORMS.contains(&word.as_str()) && !CONNECTIVES.contains(&word.as_str())
                })
            }),
            suffix in proptest::sample::select(vec![", Inc.", " LLC", " L.L.P.", " GmbH & Co. KG", " Corporation", ", N.A."]),
        ) {
            let name = name.join(" ");
            prop_assert_eq!(key(&name), key(&format!("{name}{suffix}")));
        }

        #[test]
        fn a_key_is_its_own_key(name in "\\PC{0,60}") {
            prop_assert_eq!(key(&key(&name)), key(&name));
        }

        #[test]
        fn no_text_is_too_odd(name in any::<String>()) {
            let _ = Name::of(&name);
        }
    }

    #[test]
    fn the_forms_are_in_the_form_that_words_have() {
        for word in LEGAL_FORMS.iter().chain(CONNECTIVES) {
            assert_eq!(words(word), [*word]);
        }
    }
}
