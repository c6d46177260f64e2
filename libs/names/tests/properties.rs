//! What holds of all names.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Instant;

use caseload_names::{DEFAULT_THRESHOLD, Likeness, MOST_BLOCKS, Name, Score, compare};
use proptest::prelude::*;

fn score(one: &str, other: &str) -> u8 {
    match (Name::of(one), Name::of(other)) {
        (Some(one), Some(other)) => compare(&one, &other).score.get(),
        _ => 0,
    }
}

fn alike(one: &str, other: &str) -> bool {
    score(one, other) >= DEFAULT_THRESHOLD.get()
}

/// Words that are no legal forms, no abbreviations and no numerals.
fn words() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[bdfgkmptz][aeo][bdfgkmpz][aeou][bdfgkz]{1,3}", 1..6)
}

/// Names of people and companies as they come, and odd ones.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{1,60}",
        "[A-Z][a-z]{1,9} [A-Z]\\. [A-Z][a-z]{2,12}",
        "[A-Z][a-z]{2,12}, (John|Bill|Maria|Ann)( [A-Z])?( Jr| III)?",
        "([A-Z][a-z]{2,9} ){1,5}(Holdings |Fund |Acquisition )?(Inc|LLC|II|S\\.A\\.|/DE/)",
    ]
}

proptest! {
    #[test]
    fn the_order_of_the_two_makes_no_difference(one in any_name(), other in any_name()) {
        if let (Some(one), Some(other)) = (Name::of(&one), Name::of(&other)) {
            prop_assert_eq!(compare(&one, &other), compare(&other, &one));
        }
    }

    #[test]
    fn a_name_is_exactly_itself(name in any_name()) {
        if let Some(name) = Name::of(&name) {
            let found = compare(&name, &name);
            prop_assert_eq!((found.score, found.by), (Score::MOST, Likeness::Exact));
        }
    }

    #[test]
    fn case_makes_no_difference(words in words()) {
        let name = words.join(" ");
        prop_assert_eq!(score(&name, &name.to_uppercase()), 100);
    }

    #[test]
    fn punctuation_makes_no_difference(words in words()) {
        prop_assert_eq!(score(&words.join(" "), &words.join(", ")), 100);
        prop_assert_eq!(score(&words.join(" "), &format!("\"{}!\"", words.join(" - "))), 100);
    }

    #[test]
    fn word_order_makes_no_difference(words in words(), turn in 0_usize..6) {
        let mut turned = words.clone();
        turned.rotate_left(turn % words.len());
        turned.reverse();
        prop_assert_eq!(score(&words.join(" "), &turned.join(" ")), 100);
    }

    #[test]
    fn a_legal_suffix_makes_no_difference(
        words in words(),
        suffix in proptest::sample::select(vec![", Inc.", " LLC", " L.L.P.", " GmbH & Co. KG", " Corporation", ", N.A.", " S.A.", " Pty Ltd", " A/S"]),
    ) {
        let name = words.join(" ");
        prop_assert_eq!(score(&name, &format!("{name}{suffix}")), 100, "{}", suffix);
    }

    #[test]
    fn diacritics_make_no_difference(words in words()) {
        let name = words.join(" ");
        let marked = name.replace('a', "á").replace('e', "ê").replace('o', "ö").replace('z', "ž");
        prop_assert_eq!(score(&name, &marked), 100);
    }

    #[test]
    fn invisible_characters_make_no_difference(words in words(), at in 0_usize..40) {
        let name = words.join(" ");
        let mut hidden: Vec<char> = name.chars().collect();
        for mark in ['\u{200b}', '\u{202e}', '\u{feff}', '\u{ad}', '\u{2066}', '\u{fe0f}'] {
            hidden.insert(at % hidden.len(), mark);
        }
        prop_assert_eq!(score(&name, &hidden.into_iter().collect::<String>()), 100);
    }

    #[test]
    fn lookalikes_make_no_difference(words in words(), which in 0_usize..3) {
        let name = words.join(" ");
        let mimicked: String = match which {
            0 => name.replace('a', "а").replace('o', "о").replace('p', "р"),
            1 => name.chars().map(|letter| match letter {
                'a'..='z' => char::from_u32(u32::from(letter) - u32::from('a') + 0x1d41a).unwrap_or(letter),
                other => other,
            }).collect(),
            _ => name.chars().map(|letter| match letter {
                'a'..='z' => char::from_u32(u32::from(letter) - u32::from('a') + 0xff41).unwrap_or(letter),
                other => other,
            }).collect(),
        };
        prop_assert_eq!(score(&name, &mimicked), 100, "{}", mimicked);
    }

    #[test]
    fn initials_stand_for_given_names(surname in "[BDGKM][aeo][dlmnr][aeo][lnr]{1,2}[aeo][dklmst]", given in "(Robert|Walter|Susan|Kevin|Helen)") {
        let initial = given.chars().next().unwrap();
        let (name, short) = (format!("{given} {surname}"), format!("{initial}. {surname}"));
        let found = alike(&name, &short);
        prop_assert!(found, "{}", short);
        let (name, turned) = (format!("{given} {surname}"), format!("{surname}, {given} Q."));
        let found = alike(&name, &turned);
        prop_assert!(found, "{}", turned);
    }

    #[test]
    fn equal_keys_share_a_block_and_blocks_are_few(words in words()) {
        let (one, other) = (Name::of(&words.join(" ")).unwrap(), Name::of(&format!("{} Inc", words.join(" "))).unwrap());
        prop_assert_eq!(one.key(), other.key());
        let blocks = one.blocks();
        prop_assert!(blocks.len() <= MOST_BLOCKS);
        prop_assert!(other.blocks().iter().any(|block| blocks.contains(block)));
    }

    #[test]
    fn no_text_is_too_odd(one in any::<String>(), other in any::<String>()) {
        let (one, other) = (Name::of(&one), Name::of(&other));
        if let (Some(one), Some(other)) = (&one, &other) {
            compare(one, other);
            one.blocks();
        }
    }
}

#[test]
fn a_name_without_letters_or_digits_is_none() {
    for name in ["", "   ", "...", "&", "\u{200b}", "🤝", "!?—…"] {
        assert_eq!(Name::of(name), None, "{name:?}");
    }
    assert!(Name::of("42").is_some());
    assert_eq!(score("42", "43"), 0);
}

#[test]
fn numbers_tell_series_apart() {
    for (one, other) in [
        ("Harbourlight Fund II", "Harbourlight Fund III"),
        (
            "Harbourlight Acquisition Corp",
            "Harbourlight Acquisition Corp II",
        ),
        ("Acme 1 LLC", "Acme 2 LLC"),
        ("John Castell Jr.", "John Castell Sr."),
    ] {
        assert!(!alike(one, other), "{one} {other}");
    }
    assert_eq!(
        score("Harbourlight Fund II", "Harbourlight Fund 2, L.P."),
        100
    );
}

#[test]
fn every_script_is_compared() {
    for (one, other) in [
        ("株式会社東京電機", "東京電機"),
        ("محمد علي", "علي محمد"),
        ("שרה כהן", "כהן, שרה"),
        ("Владимир Орлов", "Vladimir Orlov"),
        ("ООО Ромашка", "Romashka"),
    ] {
        assert!(alike(one, other), "{one} {other}");
    }
    assert!(!alike("東京電機", "大阪製鉄所"));
}

#[test]
fn what_makes_names_alike_is_told() {
    let by =
        |one: &str, other: &str| compare(&Name::of(one).unwrap(), &Name::of(other).unwrap()).by;
    assert_eq!(by("Acme Corp", "Acme Corp"), Likeness::Exact);
    assert_eq!(by("Acme Corp", "ACME, Inc."), Likeness::Normalised);
    assert_eq!(
        by("Bill Thornbury", "William Thornbury"),
        Likeness::Normalised
    );
    assert_eq!(by("Kevin Smyth", "Kevin Smith"), Likeness::Phonetic);
    assert_eq!(by("Kevin Thornberry", "Kevin Thronberry"), Likeness::Fuzzy);
}

#[test]
fn very_long_names_are_compared_in_bounded_time() {
    let long = "Consolidated Amalgamated Worldwide Shipping ".repeat(500);
    let longer = "x".repeat(100_000);
    let names: Vec<Name> = [long.as_str(), longer.as_str()]
        .into_iter()
        .filter_map(Name::of)
        .collect();
    let started = Instant::now();
    for one in &names {
        for other in &names {
            for _ in 0..100 {
                compare(one, other);
            }
        }
        assert!(one.blocks().iter().all(|block| block.chars().count() <= 24));
    }
    // 400 comparisons; a quadratic one of all the letters alone would take minutes.
    assert!(started.elapsed().as_secs() < 10);
}
