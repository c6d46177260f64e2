//! What a firm's clients have consented to (ABA Formal Opinion 08-451): who, when, and how far.

use caseload_domain::{ConsentId, MatterId};
use time::{Date, OffsetDateTime};

use super::conflict_key::same_name;

/// A consent on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Which one.
    pub id: ConsentId,
    /// What was agreed to.
    pub terms: ConsentTerms,
    /// Who recorded it.
    pub recorded_by: String,
    /// When it was recorded.
    pub record_time: OffsetDateTime,
    /// When it was revoked; none when it was not.
    pub revoke_time: Option<OffsetDateTime>,
}

/// What was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentTerms {
    /// Who gave it.
    pub granted_by: String,
    /// When it was given.
    pub grant_date: Date,
    /// The last day it holds; none when it holds until it is revoked.
    pub expire_date: Option<Date>,
    /// How far it reaches.
    pub reach: ConsentReach,
    /// What else is to be known of it.
    pub note: String,
}

/// How far a consent reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentReach {
    /// Every matter of the firm.
    AllMatters,
    /// The matters of one client.
    Client(String),
    /// One matter.
    Matter(MatterId),
}

impl Consent {
    /// Whether it covers a matter of a client on a day of the firm's calendar.
    pub fn covers(&self, matter: MatterId, client: &str, today: Date) -> bool {
        let holds = self.revoke_time.is_none()
            && self.terms.grant_date <= today
            && self.terms.expire_date.is_none_or(|last| today <= last);
        holds
            && match &self.terms.reach {
                ConsentReach::AllMatters => true,
                ConsentReach::Client(name) => same_name(name, client),
                ConsentReach::Matter(id) => *id == matter,
            }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn consent(reach: ConsentReach) -> Consent {
        Consent {
            id: ConsentId::generate(),
            terms: ConsentTerms {
                granted_by: "General counsel of Alice".to_owned(),
                grant_date: date!(2026 - 03 - 01),
                expire_date: Some(date!(2026 - 03 - 31)),
                reach,
                note: String::new(),
            },
            recorded_by: "someone".to_owned(),
            record_time: OffsetDateTime::UNIX_EPOCH,
            revoke_time: None,
        }
    }

    #[test]
    fn a_consent_reaches_as_far_as_it_says() {
        let (own, other) = (MatterId::generate(), MatterId::generate());
        let day = date!(2026 - 03 - 15);
        assert!(consent(ConsentReach::AllMatters).covers(own, "Alice Corp.", day));
        let of_client = consent(ConsentReach::Client("ALICE CORPORATION".to_owned()));
        assert!(of_client.covers(own, "Alice Corp.", day));
        assert!(!of_client.covers(own, "CLS Bank", day));
        let of_matter = consent(ConsentReach::Matter(own));
        assert!(of_matter.covers(own, "Alice Corp.", day));
        assert!(!of_matter.covers(other, "Alice Corp.", day));
    }

    #[test]
    fn a_consent_holds_from_its_first_day_to_its_last() {
        let covers =
            |day| consent(ConsentReach::AllMatters).covers(MatterId::generate(), "Alice", day);
        assert!(!covers(date!(2026 - 02 - 28)));
        assert!(covers(date!(2026 - 03 - 01)));
        assert!(covers(date!(2026 - 03 - 31)));
        assert!(!covers(date!(2026 - 04 - 01)));
    }

    #[test]
    fn a_consent_without_a_last_day_holds_until_it_is_revoked() {
        let mut open = consent(ConsentReach::AllMatters);
        open.terms.expire_date = None;
        let far = date!(2050 - 01 - 01);
        assert!(open.covers(MatterId::generate(), "Alice", far));
        open.revoke_time = Some(OffsetDateTime::UNIX_EPOCH);
        assert!(!open.covers(MatterId::generate(), "Alice", far));
    }
}
