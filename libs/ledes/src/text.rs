//! Identifiers, names and prose, brought to the format's alphabet.
//!
//! LEDES 1998B is ASCII and has no escaping. Letters beyond ASCII become their nearest ASCII letters (`é` is `e`,
//! `ß` is `ss`, typographic quotes are plain ones); a character that has none is refused, never dropped.

use std::fmt;

/// The text can't stand in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing in it.
    #[error("is empty")]
    Empty,
    /// It has more characters than the field holds.
    #[error("has {length} characters, of at most {most}")]
    TooLong {
        /// How many it has.
        length: usize,
        /// How many the field holds.
        most: usize,
    },
    /// A character has no counterpart in the format's alphabet.
    #[error("has the character {0:?}, which the format can't carry")]
    Character(char),
}

/// The most characters of an identifier.
pub const MOST_IDENTIFIER: usize = 20;
/// The most characters of a person's name.
pub const MOST_NAME: usize = 30;
/// The most characters of prose: 15 KB.
pub const MOST_TEXT: usize = 15 * 1024;

/// ASCII alone: letters beyond it become their nearest, white space and control characters a blank.
fn ascii(text: &str) -> Result<String, TextError> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' '..='~' => plain.push(letter),
            // The byte order mark and joiners have no width and no meaning here.
            '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{ad}' => {}
            letter if letter.is_whitespace() || letter.is_control() => plain.push(' '),
            letter => match deunicode::deunicode_char(letter) {
                Some(near) if near.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
                    plain.push_str(near);
                }
                _ => return Err(TextError::Character(letter)),
            },
        }
    }
    Ok(plain)
}

fn within(text: String, most: usize) -> Result<String, TextError> {
    let length = text.len();
    if length > most {
        return Err(TextError::TooLong { length, most });
    }
    Ok(text)
}

fn printable(text: &str) -> Result<(), TextError> {
    text.chars()
        .find(|letter| !(' '..='~').contains(letter) || matches!(letter, '|' | '[' | ']'))
        .map_or(Ok(()), |letter| Err(TextError::Character(letter)))
}

/// An identifier: 1 to 20 printable ASCII characters without `|`, `[` and `]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier(String);

impl Identifier {
    /// An identifier as it is: what others write is wider than [`sanitised`](Self::sanitised) identifiers are.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        printable(text)?;
        within(text.to_owned(), MOST_IDENTIFIER).map(Self)
    }

    /// An identifier that every receiver takes: letters in upper case, digits and hyphens. Whatever else stands
    /// between them becomes one hyphen; at the ends it falls away. What is too long then is refused: an identifier
    /// that was cut is another identifier.
    pub fn sanitised(text: &str) -> Result<Self, TextError> {
        let mut clean = String::with_capacity(text.len());
        for letter in ascii(text)?.chars() {
            if letter.is_ascii_alphanumeric() {
                clean.push(letter.to_ascii_uppercase());
            } else if !clean.is_empty() && !clean.ends_with('-') {
                clean.push('-');
            }
        }
        Self::new(clean.trim_end_matches('-'))
    }

    /// Whether it is of the alphabet that every receiver takes, `[A-Z0-9-]`.
    pub fn is_plain(text: &str) -> bool {
        (1..=MOST_IDENTIFIER).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person's name as the format has it, `Family, Given`: at most 30 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PersonName(String);

impl PersonName {
    /// `Family, Given`, of letters, digits, blanks and `-'._`; whatever else becomes a blank. What is longer than 30
    /// characters keeps the initial of the given name, and if that is not enough the beginning of the family name.
    pub fn new(family: &str, given: &str) -> Result<Self, TextError> {
        let (family, given) = (Self::part(family)?, Self::part(given)?);
        let whole = |given: &str| match (family.as_str(), given) {
            ("", given) => given.to_owned(),
            (family, "") => family.to_owned(),
            (family, given) => format!("{family}, {given}"),
        };
        let mut name = whole(&given);
        if name.len() > MOST_NAME {
            let initial: String = given.chars().take(1).chain(['.']).collect();
            name = if given.is_empty() {
                name
            } else {
                whole(&initial)
            };
        }
        // What is kept of a name that is too long ends neither in a blank nor in a comma.
        name.truncate(MOST_NAME);
        name.truncate(name.trim_end_matches([' ', ',']).len());
        Self::read(&name)
    }

    fn part(text: &str) -> Result<String, TextError> {
        let plain: String = ascii(text)?
            .chars()
            .map(|letter| match letter {
                letter if letter.is_ascii_alphanumeric() => letter,
                '-' | '\'' | '.' | '_' => letter,
                '`' => '\'',
                _ => ' ',
            })
            .collect();
        Ok(single_spaced(&plain))
    }

    /// A name as another's file has it: 1 to 30 printable ASCII characters.
    pub fn read(text: &str) -> Result<Self, TextError> {
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        printable(text)?;
        within(text.to_owned(), MOST_NAME).map(Self)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Prose: a description of at most 15 KB, on one line. It may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Text(String);

impl Text {
    /// Prose brought to the format's alphabet: `|` becomes `/`, brackets become parentheses, and white space and line
    /// breaks a single blank.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let plain: String = ascii(text)?
            .chars()
            .map(|letter| match letter {
                '|' => '/',
                '[' => '(',
                ']' => ')',
                letter => letter,
            })
            .collect();
        within(single_spaced(&plain), MOST_TEXT).map(Self)
    }

    /// The prose as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn single_spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}

macro_rules! shown {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    )*};
}

shown!(Identifier, PersonName, Text);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(family: &str, given: &str) -> String {
        PersonName::new(family, given).unwrap().to_string()
    }

    #[test]
    fn an_identifier_becomes_what_every_receiver_takes() {
        let clean = |text| Identifier::sanitised(text).map(|clean| clean.to_string());
        assert_eq!(clean("2:19-cv-00123"), Ok("2-19-CV-00123".to_owned()));
        assert_eq!(clean(" (Müller) #7 "), Ok("MULLER-7".to_owned()));
        assert_eq!(clean("--"), Err(TextError::Empty));
        assert_eq!(
            clean("2:19-cv-00123-RSWL-JPR"),
            Err(TextError::TooLong {
                length: 22,
                most: 20
            })
        );
    }

    #[test]
    fn an_identifier_of_another_is_kept_unless_it_would_break_the_file() {
        assert_eq!(Identifier::new("500.900").unwrap().as_str(), "500.900");
        for bad in ["a|b", "a[", "a]", "é", "a\nb"] {
            assert!(
                matches!(Identifier::new(bad), Err(TextError::Character(_))),
                "{bad}"
            );
        }
        assert_eq!(Identifier::new("  "), Err(TextError::Empty));
        assert!(Identifier::new(&"1".repeat(21)).is_err());
    }

    #[test]
    fn prose_is_one_line_of_ascii() {
        let text = |text| Text::new(text).unwrap().to_string();
        assert_eq!(
            text("Reviewed § 12[b] | “motion”\r\n  to dismiss"),
            "Reviewed SS 12(b) / \"motion\" to dismiss"
        );
        assert_eq!(text("Café—naïve straße"), "Cafe--naive strasse");
        assert_eq!(text(" \n "), "");
        assert_eq!(Text::new("\u{e000}"), Err(TextError::Character('\u{e000}')));
        assert!(Text::new(&"x".repeat(MOST_TEXT)).is_ok());
        assert!(Text::new(&"x".repeat(MOST_TEXT + 1)).is_err());
    }

    #[test]
    fn a_name_is_the_family_and_the_given_name() {
        assert_eq!(name("O’Brien", "Seán"), "O'Brien, Sean");
        assert_eq!(name("Nguyen (Tran)", ""), "Nguyen Tran");
        assert_eq!(name("", "Prince"), "Prince");
        assert_eq!(PersonName::new("", " "), Err(TextError::Empty));
    }

    #[test]
    fn a_long_name_keeps_the_initial_and_then_the_beginning_of_the_family_name() {
        assert_eq!(
            name("Wolfeschlegelsteinhausen", "Hubert"),
            "Wolfeschlegelsteinhausen, H."
        );
        assert_eq!(name(&"Ab".repeat(20), "Hubert").len(), 30);
    }

    proptest! {
        #[test]
        fn sanitising_twice_is_sanitising_once(text in "\\PC{0,60}") {
            if let Ok(once) = Text::new(&text) {
                prop_assert_eq!(Text::new(once.as_str()).unwrap(), once);
            }
            if let Ok(once) = Identifier::sanitised(&text) {
                prop_assert!(Identifier::is_plain(once.as_str()));
                prop_assert_eq!(Identifier::sanitised(once.as_str()).unwrap(), once);
            }
        }

        #[test]
        fn a_name_of_any_length_fits(family in "[A-Za-z '-]{0,60}", given in "[A-Za-z .]{0,60}") {
            if let Ok(name) = PersonName::new(&family, &given) {
                prop_assert!(name.as_str().len() <= MOST_NAME);
                prop_assert_eq!(PersonName::read(name.as_str()).unwrap(), name);
            } else {
                prop_assert!(family.trim().is_empty() && given.trim().is_empty());
            }
        }
    }
}
