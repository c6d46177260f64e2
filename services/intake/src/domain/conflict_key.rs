//! Proceedings as conflict checks compare them, and whether two names are one without a search.

use caseload_names::{Name, words};

/// Whether two names are spellings of one. A name without a letter or digit is like no other.
pub fn same_name(one: &str, other: &str) -> bool {
    let (one, other) = (Name::of(one), Name::of(other));
    one.zip(other)
        .is_some_and(|(one, other)| one.key() == other.key())
}

/// The key of a proceeding: court and docket number. Empty unless both say something.
pub fn proceeding_key(court: &str, docket_number: &str) -> String {
    let (court, docket) = (words(court).concat(), words(docket_number).concat());
    if court.is_empty() || docket.is_empty() {
        String::new()
    } else {
        format!("{court}/{docket}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proceeding_is_known_by_its_court_and_number_together() {
        let key = proceeding_key("S.D.N.Y.", "1:24-cv-00123");
        assert_eq!(key, proceeding_key("SDNY", "1:24-CV-00123"));
        assert_ne!(key, proceeding_key("N.D. Ill.", "1:24-cv-00123"));
        assert_eq!(proceeding_key("", "1:24-cv-00123"), "");
        assert_eq!(proceeding_key("S.D.N.Y.", " - "), "");
    }
}
