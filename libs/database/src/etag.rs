//! Etags against lost updates (AIP-154): a resource's version, quoted as RFC 9110 has it.

use crate::DatabaseError;

/// The etag of a version.
pub fn of(version: i64) -> String {
    format!("\"{version}\"")
}

/// Whether a caller that gave this etag knows the version. An empty one passes, for callers that do not care; a stale
/// or malformed one is [`DatabaseError::EtagMismatch`], which callers see as ABORTED.
pub fn check(given: &str, version: i64) -> Result<(), DatabaseError> {
    if given.is_empty() || given == of(version) {
        Ok(())
    } else {
        Err(DatabaseError::EtagMismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_etag_and_none_pass() {
        assert!(check(&of(3), 3).is_ok());
        assert!(check("", 3).is_ok());
    }

    #[test]
    fn a_stale_or_malformed_etag_is_a_mismatch() {
        for given in [of(2), "3".to_owned(), "\"3".to_owned(), "*".to_owned()] {
            assert!(
                matches!(check(&given, 3), Err(DatabaseError::EtagMismatch)),
                "{given}"
            );
        }
    }
}
