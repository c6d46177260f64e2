//! Reading the fields that several messages have.

use std::fmt::Display;
use std::str::FromStr;

use caseload_domain::PracticeArea;
use caseload_domain::name::FirmParent;
use caseload_proto::convert;
use caseload_proto::google::r#type as common;
use caseload_proto::parse::Violations;
use prost_types::Timestamp;
use time::{Date, OffsetDateTime};

use crate::domain::office::is_phone;
use crate::domain::search::Query;
use crate::domain::words::repeated;

/// The most characters of a reason.
const REASON: usize = 2_000;
/// The most characters of what is looked for.
const QUERY: usize = 500;

/// Something that is parsed from text: a resource name, an id.
pub(crate) fn parsed<T>(violations: &mut Violations, field: &str, text: &str) -> Option<T>
where
    T: FromStr,
    T::Err: Display,
{
    violations.keep(field, text.parse())
}

/// The same where empty text means that there is none.
pub(crate) fn optional<T>(violations: &mut Violations, field: &str, text: &str) -> Option<Option<T>>
where
    T: FromStr,
    T::Err: Display,
{
    if text.is_empty() {
        Some(None)
    } else {
        parsed(violations, field, text).map(Some)
    }
}

/// Why something is done.
pub(crate) fn reason(violations: &mut Violations, text: &str) -> Option<String> {
    violations.text("reason", text, REASON)
}

/// Why something is done, where it need not be said.
pub(crate) fn optional_reason(violations: &mut Violations, text: &str) -> Option<String> {
    violations.optional_text("reason", text, REASON)
}

/// An id that a caller chooses: 1 to 63 characters of `[a-z0-9-]`.
pub(crate) fn slug(violations: &mut Violations, field: &str, text: &str) -> Option<String> {
    let fits = (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    violations.check(field, fits, "must be 1 to 63 characters of [a-z0-9-]");
    fits.then(|| text.to_owned())
}

/// A code of other standards, where there may be none: up to 35 characters of `[A-Za-z0-9-]`.
pub(crate) fn code(violations: &mut Violations, field: &str, text: &str) -> Option<String> {
    let fits = text.len() <= 35
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    violations.check(field, fits, "must be up to 35 characters of [A-Za-z0-9-]");
    fits.then(|| text.to_owned())
}

/// The tag of a language, where there may be none: up to 35 characters, well-formed by BCP 47 (RFC 5646, section 2.1).
/// Subtags of up to eight letters and digits, of which the first are two or more letters, or, in a tag for private use
/// and one registered before 2006, `x` or `i` and another.
pub(crate) fn language(violations: &mut Violations, field: &str, text: &str) -> Option<String> {
    let subtag = |tag: &str| {
        (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let mut subtags = text.split('-');
    let first = subtags.next().unwrap_or_default();
    let begins = match first {
        "x" | "X" | "i" | "I" => subtags.clone().next().is_some(),
        _ => first.len() >= 2 && first.bytes().all(|byte| byte.is_ascii_alphabetic()),
    };
    let fits = text.is_empty() || text.len() <= 35 && begins && text.split('-').all(subtag);
    let why = "must be a language tag of up to 35 characters, for example es or pt-BR (BCP 47)";
    violations.check(field, fits, why);
    fits.then(|| text.to_owned())
}

/// An address of electronic mail, where there may be none.
pub(crate) fn email(violations: &mut Violations, field: &str, text: &str) -> Option<String> {
    let text = violations.optional_text(field, text, 254)?;
    let fits = text.is_empty()
        || text.split_once('@').is_some_and(|(who, host)| {
            !who.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !text.contains(char::is_whitespace)
        });
    violations.check(
        field,
        fits,
        "is not an address of the form someone@example.org",
    );
    fits.then_some(text)
}

/// A telephone number in the form of E.164, where there may be none.
pub(crate) fn phone(violations: &mut Violations, field: &str, text: &str) -> Option<String> {
    let fits = text.is_empty() || is_phone(text);
    violations.check(
        field,
        fits,
        "must be a + and 7 to 15 digits (ITU E.164), for example +13125550100",
    );
    fits.then(|| text.to_owned())
}

/// A date, where there may be none.
pub(crate) fn optional_date(
    violations: &mut Violations,
    field: &str,
    date: Option<&common::Date>,
) -> Option<Option<Date>> {
    match date {
        None => Some(None),
        Some(date) => violations.keep(field, date.try_into()).map(Some),
    }
}

/// The name of a practice area.
pub(crate) fn practice_area(
    violations: &mut Violations,
    field: &str,
    text: &str,
) -> Option<PracticeArea> {
    parsed(violations, field, text)
}

/// An instant, where there may be none; in whole microseconds, as the database keeps it.
pub(crate) fn optional_instant(
    violations: &mut Violations,
    field: &str,
    stamp: Option<&Timestamp>,
) -> Option<Option<OffsetDateTime>> {
    let Some(stamp) = stamp else {
        return Some(None);
    };
    let instant = violations.keep(field, convert::instant(stamp))?;
    let micros = instant.microsecond();
    violations
        .keep(field, instant.replace_microsecond(micros))
        .map(Some)
}

/// An instant that must be there.
pub(crate) fn instant(
    violations: &mut Violations,
    field: &str,
    stamp: Option<&Timestamp>,
) -> Option<OffsetDateTime> {
    let stamp = violations.required(field, stamp)?;
    optional_instant(violations, field, Some(stamp))?
}

/// Things of a list, each of which is parsed from text.
pub(crate) fn each<T>(violations: &mut Violations, field: &str, texts: &[String]) -> Option<Vec<T>>
where
    T: FromStr,
    T::Err: Display,
{
    all(violations, field, texts, |text| text.parse())
}

/// Things of a list, each of which is read alike.
pub(crate) fn all<G, T, E: Display>(
    violations: &mut Violations,
    field: &str,
    given: &[G],
    read: impl Fn(&G) -> Result<T, E>,
) -> Option<Vec<T>> {
    let found: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, given)| violations.keep(&format!("{field}[{at}]"), read(given)))
        .collect();
    (found.len() == given.len()).then_some(found)
}

/// What a list looks for, where it looks for anything.
pub(crate) fn query(violations: &mut Violations, text: &str) -> Option<Option<Query>> {
    if violations.optional_text("query", text, QUERY)?.is_empty() {
        return Some(None);
    }
    // A space at the end says something: that the last word is whole.
    violations.keep("query", Query::parse(text)).map(Some)
}

/// Reads a list of at most so many, each with an id that is there once; `read` is given the path of the item.
pub(crate) fn list<T, G>(
    violations: &mut Violations,
    field: &str,
    given: &[G],
    most: usize,
    id: (&str, fn(&G) -> &str),
    read: impl Fn(&mut Violations, &str, &G) -> Option<T>,
) -> Option<Vec<T>> {
    if given.len() > most {
        violations.add(field, format!("has {}, of at most {most}", given.len()));
        return None;
    }
    let (id_field, id) = id;
    for at in repeated(given.iter().map(id)) {
        violations.add(format!("{field}[{at}].{id_field}"), "is there twice");
    }
    let items: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, given)| read(violations, &format!("{field}[{at}]"), given))
        .collect();
    (items.len() == given.len()).then_some(items)
}

/// The parent of a new resource: one firm.
pub(crate) fn firm(
    violations: &mut Violations,
    field: &str,
    text: &str,
) -> Option<caseload_domain::FirmId> {
    parsed::<caseload_domain::name::FirmName>(violations, field, text).map(|name| name.0)
}

/// The parent of a list.
pub(crate) fn parent(violations: &mut Violations, text: &str) -> Option<FirmParent> {
    parsed(violations, "parent", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds<T>(read: impl FnOnce(&mut Violations) -> Option<T>) -> bool {
        let mut violations = Violations::new();
        let value = read(&mut violations);
        assert_eq!(value.is_some(), violations.is_empty());
        violations.is_empty()
    }

    #[test]
    fn a_slug_is_short_and_plain() {
        assert!(holds(|v| slug(v, "f", "a-1")));
        for odd in ["", "A", "a b", "ä", "🙂", &"a".repeat(64)] {
            assert!(!holds(|v| slug(v, "f", odd)), "{odd}");
        }
    }

    #[test]
    fn a_language_is_a_well_formed_tag_or_none() {
        for fine in [
            "",
            "es",
            "pt-BR",
            "zh-Hant-TW",
            "de-CH-1996",
            "sl-rozaj-biske",
            "x-plain",
            "i-klingon",
        ] {
            assert!(holds(|v| language(v, "f", fine)), "{fine}");
        }
        for odd in [
            "e",
            "x",
            "12",
            "en-",
            "-en",
            "en--US",
            "en_US",
            "français",
            "🙂",
            "abcdefghi",
            "en-abcdefghi",
            "en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd",
        ] {
            assert!(!holds(|v| language(v, "f", odd)), "{odd}");
        }
    }

    #[test]
    fn an_address_has_two_sides_or_is_none() {
        for fine in ["", "a@b", "a.b+c@d.example"] {
            assert!(holds(|v| email(v, "f", fine)), "{fine}");
        }
        for odd in ["a", "@b", "a@", "a@b@c", "a b@c"] {
            assert!(!holds(|v| email(v, "f", odd)), "{odd}");
        }
    }

    #[test]
    fn an_instant_is_kept_to_the_microsecond() {
        let stamp = Timestamp {
            seconds: 1,
            nanos: 1_999,
        };
        let mut violations = Violations::new();
        let instant = instant(&mut violations, "f", Some(&stamp)).unwrap();
        assert_eq!(instant.nanosecond(), 1_000);
    }
}
