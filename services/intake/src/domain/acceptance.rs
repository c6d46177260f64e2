//! What stands in the way of taking a request on (ABA Model Rules 5.3 and 1.7, Formal Opinion 08-451).

use time::OffsetDateTime;

use super::conflict::ConflictCheck;
use super::consent::Consent;
use super::firm::Firm;
use super::request::Request;

/// Something that stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Conflicts are neither clear nor waived.
    ConflictUnresolved,
    /// No consent on file covers the matter.
    ConsentMissing,
    /// No supervising attorney is named, or the one named no longer supervises.
    SupervisingAttorneyMissing,
    /// The firm is suspended.
    FirmSuspended,
}

impl Obstacle {
    /// The reason, as it travels.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::ConflictUnresolved => "CONFLICT_UNRESOLVED",
            Self::ConsentMissing => "CONSENT_MISSING",
            Self::SupervisingAttorneyMissing => "SUPERVISING_ATTORNEY_MISSING",
            Self::FirmSuspended => "FIRM_SUSPENDED",
        }
    }

    /// The same for people. Nothing in it tells of another firm.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ConflictUnresolved => "the conflict check is neither clear nor waived",
            Self::ConsentMissing => "no consent on file covers the matter",
            Self::SupervisingAttorneyMissing => "no active supervising attorney is named",
            Self::FirmSuspended => "the firm is suspended",
        }
    }
}

/// Everything that stands in the way, not the first thing alone.
pub fn obstacles(
    firm: &Firm,
    consents: &[Consent],
    client: &str,
    request: &Request,
    check: Option<&ConflictCheck>,
    now: OffsetDateTime,
) -> Vec<Obstacle> {
    let today = firm.today(now);
    let consented = consents
        .iter()
        .any(|consent| consent.covers(request.matter, client, today));
    let supervised = request
        .facts
        .supervising_attorney_id
        .as_deref()
        .is_some_and(|id| firm.has_active_attorney(id));
    [
        (
            !check.is_some_and(|check| check.allows_work(now)),
            Obstacle::ConflictUnresolved,
        ),
        (!consented, Obstacle::ConsentMissing),
        (!supervised, Obstacle::SupervisingAttorneyMissing),
        (firm.suspended.is_some(), Obstacle::FirmSuspended),
    ]
    .into_iter()
    .filter_map(|(stands, obstacle)| stands.then_some(obstacle))
    .collect()
}

#[cfg(test)]
mod tests {
    use caseload_domain::name::RequestName;
    use caseload_domain::{ConflictCheckId, ConsentId, MatterId, RequestId};
    use time::macros::{date, datetime};

    use super::super::conflict::{CheckResult, CheckState};
    use super::super::consent::{ConsentReach, ConsentTerms};
    use super::super::firm::tests::firm;
    use super::super::request::{RequestFacts, RequestState};
    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-05-01 03:00 UTC);

    fn everything_in_order() -> (Firm, Vec<Consent>, Request, ConflictCheck) {
        let firm = firm();
        let consent = Consent {
            id: ConsentId::generate(),
            terms: ConsentTerms {
                granted_by: "The client".to_owned(),
                grant_date: date!(2026 - 01 - 01),
                // In Chicago it is still the last day.
                expire_date: Some(date!(2026 - 04 - 30)),
                reach: ConsentReach::AllMatters,
                note: String::new(),
            },
            recorded_by: "someone".to_owned(),
            record_time: NOW,
            revoke_time: None,
        };
        let matter = MatterId::generate();
        let request = Request {
            name: RequestName::new(firm.id, RequestId::generate()),
            matter,
            facts: RequestFacts {
                title: "Research".to_owned(),
                description: String::new(),
                supervising_attorney_id: Some("roe".to_owned()),
            },
            state: RequestState::InReview,
            close_reason: String::new(),
            conflict: None,
            submit_time: Some(NOW),
            accept_time: None,
            end_time: None,
            version: 1,
            create_time: NOW,
            update_time: NOW,
        };
        let check = ConflictCheck {
            firm: firm.id,
            id: ConflictCheckId::generate(),
            matter,
            state: CheckState::Clear,
            result: CheckResult::Clear,
            resolve_time: None,
            waiver_expire_time: None,
            version: 1,
            create_time: NOW,
            update_time: NOW,
        };
        (firm, vec![consent], request, check)
    }

    #[test]
    fn nothing_stands_in_the_way_when_everything_is_in_order() {
        let (firm, consents, request, check) = everything_in_order();
        assert_eq!(
            obstacles(&firm, &consents, "Alice", &request, Some(&check), NOW),
            []
        );
    }

    #[test]
    fn everything_that_is_missing_is_told_at_once() {
        let (mut firm, _, mut request, mut check) = everything_in_order();
        firm.suspended = Some("unpaid".to_owned());
        request.facts.supervising_attorney_id = None;
        check.state = CheckState::UnderReview;
        let all = [
            Obstacle::ConflictUnresolved,
            Obstacle::ConsentMissing,
            Obstacle::SupervisingAttorneyMissing,
            Obstacle::FirmSuspended,
        ];
        assert_eq!(
            obstacles(&firm, &[], "Alice", &request, Some(&check), NOW),
            all
        );
        assert_eq!(obstacles(&firm, &[], "Alice", &request, None, NOW), all);
    }

    #[test]
    fn a_consent_ends_with_its_last_day_where_the_firm_is() {
        let (firm, consents, request, check) = everything_in_order();
        let next_day = NOW + time::Duration::hours(2);
        assert_eq!(
            obstacles(&firm, &consents, "Alice", &request, Some(&check), next_day),
            [Obstacle::ConsentMissing]
        );
    }

    #[test]
    fn an_attorney_who_left_does_not_supervise() {
        let (firm, consents, mut request, check) = everything_in_order();
        request.facts.supervising_attorney_id = Some("gone".to_owned());
        assert_eq!(
            obstacles(&firm, &consents, "Alice", &request, Some(&check), NOW),
            [Obstacle::SupervisingAttorneyMissing]
        );
    }
}
