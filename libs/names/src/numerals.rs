//! Numbers in names: they tell funds, series and generations apart, however they are written.

const SPELLED: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

const ORDINALS: [&str; 13] = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth", "eleventh", "twelfth",
];

/// A word's number in digits: "ii" and "2" are "2", "1st" is "first"; the word itself when it is none.
///
/// "First" and "one" stay words, as names use them ("First National Bank", "Capital One"). The numeral "i" is one only
/// where a name ends in it, which the caller knows.
pub(crate) fn in_digits(word: &str) -> Option<String> {
    if word.len() > 1
        && let Some(value) = roman(word)
    {
        return Some(value.to_string());
    }
    let ordinal = ["st", "nd", "rd", "th"]
        .into_iter()
        .find_map(|end| word.strip_suffix(end))
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()));
    if let Some(digits) = ordinal {
        let spelled = digits
            .parse::<usize>()
            .ok()
            .and_then(|value| ORDINALS.get(value));
        return Some(spelled.map_or_else(|| digits.to_owned(), |word| (*word).to_owned()));
    }
    if word.bytes().all(|digit| digit.is_ascii_digit()) && word.len() > 1 && word.starts_with('0') {
        let plain = word.trim_start_matches('0');
        return Some(if plain.is_empty() { "0" } else { plain }.to_owned());
    }
    None
}

/// The number that a word says in digits or in letters; none of a word that says none.
pub(crate) fn value(word: &str) -> Option<u32> {
    if word.bytes().all(|digit| digit.is_ascii_digit()) {
        return word.parse().ok();
    }
    SPELLED
        .iter()
        .skip(2)
        .position(|spelled| *spelled == word)
        .and_then(|at| u32::try_from(at + 2).ok())
}

/// The value of a Roman numeral up to 39, the highest that names are numbered by. "xi" is read so, "mix" and "di" are
/// words.
fn roman(word: &str) -> Option<u32> {
    if word.is_empty() || word.len() > 7 || !word.bytes().all(|letter| b"ivx".contains(&letter)) {
        return None;
    }
    let (mut value, mut rest) = (0, word);
    for (numeral, worth) in [("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1)] {
        while let Some(after) = rest.strip_prefix(numeral) {
            value += worth;
            rest = after;
        }
    }
    (rest.is_empty() && value < 40 && written(value) == word).then_some(value)
}

/// A number as a Roman numeral.
fn written(mut value: u32) -> String {
    let mut out = String::new();
    for (numeral, worth) in [("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1)] {
        while value >= worth {
            out.push_str(numeral);
            value -= worth;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read() {
        for (word, digits) in [
            ("ii", "2"),
            ("iv", "4"),
            ("xix", "19"),
            ("1st", "first"),
            ("21st", "21"),
            ("007", "7"),
        ] {
            assert_eq!(in_digits(word).as_deref(), Some(digits), "{word}");
        }
        for word in ["i", "iiii", "vx", "xiv2", "mix", "2", "st", ""] {
            assert_eq!(in_digits(word), None, "{word}");
        }
        assert_eq!(
            (value("2"), value("two"), value("one"), value("x")),
            (Some(2), Some(2), None, None)
        );
    }
}
