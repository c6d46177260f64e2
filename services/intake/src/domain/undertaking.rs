//! What paralegals have signed towards firms (ABA Model Rule 5.3, Formal Opinion 08-451).

use caseload_domain::name::UndertakingName;
use caseload_domain::{MatterId, ParalegalId};
use time::{Date, OffsetDateTime};

use super::transition::WrongState;

/// An undertaking on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undertaking {
    /// Which one.
    pub name: UndertakingName,
    /// What was signed.
    pub terms: UndertakingTerms,
    /// Who put it on file.
    pub recorded_by: String,
    /// How it ended; none when it did not.
    pub revocation: Option<Revocation>,
    /// Changes when it is revoked.
    pub version: i64,
    /// When it was put on file.
    pub create_time: OffsetDateTime,
}

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndertakingTerms {
    /// Who has signed.
    pub paralegal: ParalegalId,
    /// The matter that it is for; none for every matter of the firm.
    pub matter: Option<MatterId>,
    /// When it was signed.
    pub sign_date: Date,
    /// The last day it holds, where the firm is; none when it holds until it is revoked.
    pub expire_date: Option<Date>,
    /// Where the signed document is kept; empty when not told.
    pub document_reference: String,
    /// What else is to be known of it.
    pub note: String,
}

/// How an undertaking ended before its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub time: OffsetDateTime,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Undertaking {
    /// Ends it; once.
    pub fn revoke(&mut self, revocation: Revocation) -> Result<(), WrongState> {
        if self.revocation.is_some() {
            return Err(WrongState {
                what: "undertaking",
                from: "revoked",
                to: "revoked",
            });
        }
        self.revocation = Some(revocation);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use caseload_domain::{FirmId, UndertakingId};
    use time::macros::date;

    use super::*;

    #[test]
    fn an_undertaking_ends_once_and_as_the_first_said() {
        let mut undertaking = Undertaking {
            name: UndertakingName::new(FirmId::generate(), UndertakingId::generate()),
            terms: UndertakingTerms {
                paralegal: ParalegalId::generate(),
                matter: None,
                sign_date: date!(2026 - 01 - 01),
                expire_date: None,
                document_reference: String::new(),
                note: String::new(),
            },
            recorded_by: "someone".to_owned(),
            revocation: None,
            version: 1,
            create_time: OffsetDateTime::UNIX_EPOCH,
        };
        let because = |reason: &str| Revocation {
            time: OffsetDateTime::UNIX_EPOCH,
            by: "someone".to_owned(),
            reason: reason.to_owned(),
        };
        undertaking.revoke(because("left")).unwrap();
        let refused = undertaking.revoke(because("again")).unwrap_err();
        assert_eq!((refused.from, refused.to), ("revoked", "revoked"));
        assert_eq!(undertaking.revocation, Some(because("left")));
    }
}
