//! Names and proceedings as conflict checks compare them.

use caseload_names::{Name, words};

/// A name as it is compared; empty when it has neither a letter nor a digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictKey(String);

impl ConflictKey {
    /// The key of a name.
    pub fn of(name: &str) -> Self {
        Self(Name::of(name).map_or_else(String::new, |name| name.key().to_owned()))
    }

    /// The text, for the store.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether two names are spellings of one. A name without a letter or digit is like no other.
pub fn same_name(one: &str, other: &str) -> bool {
    let key = ConflictKey::of(one);
    !key.is_empty() && key == ConflictKey::of(other)
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
