//! Conflict checks: what a comparison finds, where a check stands, and what a new comparison does to it.

use std::collections::HashSet;

use caseload_domain::name::{ConflictCheckName, MatterName};
use caseload_domain::{ConflictCheckId, FirmId, MatterId, ParalegalId};
use caseload_names::Score;
use time::OffsetDateTime;

pub use super::conflict_hold::Clearance;
pub use super::conflict_match::Likeness;
pub use super::conflict_state::{CheckMove, CheckResult, CheckState, Decision};
use super::party::PartyRole;

/// Two names that match on opposite sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The name in the matter that was checked.
    pub party_name: String,
    /// Its role there.
    pub party_role: PartyRole,
    /// The other firm's matter.
    pub other_matter: MatterName,
    /// The name there.
    pub other_name: String,
    /// Its role there.
    pub other_role: PartyRole,
    /// Whether both matters are one proceeding.
    pub same_proceeding: bool,
    /// How alike the names are.
    pub score: Score,
    /// What most of that comes from.
    pub likeness: Likeness,
}

/// What makes a collision the one that it is: the same names in the same roles and matters. How alike they are does
/// not: a better matcher makes no news of what was seen before.
pub type Meeting<'a> = (&'a str, PartyRole, MatterName, &'a str, PartyRole, bool);

impl Collision {
    /// What makes it the one that it is.
    pub fn meeting(&self) -> Meeting<'_> {
        (
            &self.party_name,
            self.party_role,
            self.other_matter,
            &self.other_name,
            self.other_role,
            self.same_proceeding,
        )
    }

    /// The same collision as the other matter has it, which is this one's turned round.
    #[must_use]
    pub fn turned(&self, checked: MatterName) -> Self {
        Self {
            party_name: self.other_name.clone(),
            party_role: self.other_role,
            other_matter: checked,
            other_name: self.party_name.clone(),
            other_role: self.party_role,
            ..self.clone()
        }
    }
}

/// The collisions of `found` that are not among `known`.
pub fn news<'a>(known: &[Collision], found: &'a [Collision]) -> Vec<&'a Collision> {
    let known: HashSet<Meeting<'_>> = known.iter().map(Collision::meeting).collect();
    let new = |collision: &&Collision| !known.contains(&collision.meeting());
    found.iter().filter(new).collect()
}

/// What a comparison comes to.
pub fn result(collisions: &[Collision]) -> CheckResult {
    if collisions.iter().any(|collision| collision.same_proceeding) {
        CheckResult::Blocked
    } else if collisions.is_empty() {
        CheckResult::Clear
    } else {
        CheckResult::Possible
    }
}

/// A check without what only conflict officers see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictCheck {
    /// Whose matter was checked.
    pub firm: FirmId,
    /// Which check.
    pub id: ConflictCheckId,
    /// The matter.
    pub matter: MatterId,
    /// Where it stands.
    pub state: CheckState,
    /// What the comparison found.
    pub result: CheckResult,
    /// When an officer decided; none when nobody did.
    pub resolve_time: Option<OffsetDateTime>,
    /// When the waiver ends; none when it does not, or there is none.
    pub waiver_expire_time: Option<OffsetDateTime>,
    /// Changes with every change.
    pub version: i64,
    /// When it was made.
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    pub update_time: OffsetDateTime,
}

impl ConflictCheck {
    /// Its name.
    pub const fn name(&self) -> ConflictCheckName {
        ConflictCheckName::new(self.firm, self.id)
    }

    /// The matter's name.
    pub const fn matter_name(&self) -> MatterName {
        MatterName::new(self.firm, self.matter)
    }

    /// Whether its waiver has run out.
    pub fn lapsed(&self, now: OffsetDateTime) -> bool {
        self.state == CheckState::Waived && self.waiver_expire_time.is_some_and(|end| end <= now)
    }

    /// Whether work may be taken on under it.
    pub fn allows_work(&self, now: OffsetDateTime) -> bool {
        matches!(self.state, CheckState::Clear | CheckState::Waived) && !self.lapsed(now)
    }

    /// What may be done on the matter.
    pub fn clearance(&self, now: OffsetDateTime) -> Clearance {
        if self.allows_work(now) {
            Clearance::Free
        } else if self.state == CheckState::Blocked && self.resolve_time.is_some() {
            Clearance::Nothing
        } else {
            Clearance::NothingNew
        }
    }

    /// Whether a comparison made now leaves this check as it is. `known` is what it found, `found` what is there now.
    pub fn stands(&self, known: &[Collision], found: &[Collision], now: OffsetDateTime) -> bool {
        match self.state {
            CheckState::Superseded => false,
            // Whatever an officer looked at is decided; something new is not.
            CheckState::Clear | CheckState::Waived => {
                !self.lapsed(now) && news(known, found).is_empty()
            }
            // An officer's block stands, whatever becomes of the names.
            CheckState::Blocked if self.resolve_time.is_some() => true,
            CheckState::Blocked | CheckState::UnderReview => {
                news(known, found).is_empty() && news(found, known).is_empty()
            }
        }
    }
}

/// An officer's decision, with what comes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The decision.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// What is waived; there with a waiver and only then.
    pub waiver: Option<Waiver>,
    /// Who is kept off the matter.
    pub screened: Vec<ParalegalId>,
}

/// What a waiver covers, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The work.
    pub scope: String,
    /// When it ends; none when it ends with the matter.
    pub expire_time: Option<OffsetDateTime>,
}

/// What only conflict officers see of a check.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// With whom.
    pub collisions: Vec<Collision>,
    /// What was decided last, and by whom.
    pub resolution: Option<(Resolution, String)>,
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    const NOW: OffsetDateTime = time::macros::datetime!(2026-05-01 12:00 UTC);

    fn check(state: CheckState) -> ConflictCheck {
        ConflictCheck {
            firm: FirmId::generate(),
            id: ConflictCheckId::generate(),
            matter: MatterId::generate(),
            state,
            result: CheckResult::Possible,
            resolve_time: None,
            waiver_expire_time: None,
            version: 1,
            create_time: NOW,
            update_time: NOW,
        }
    }

    fn collision(name: &str, same_proceeding: bool) -> Collision {
        Collision {
            party_name: name.to_owned(),
            party_role: PartyRole::Adverse,
            other_matter: MatterName::new(FirmId(uuid::Uuid::nil()), MatterId(uuid::Uuid::nil())),
            other_name: name.to_owned(),
            other_role: PartyRole::Client,
            same_proceeding,
            score: Score::MOST,
            likeness: Likeness::Normalised,
        }
    }

    #[test]
    fn nothing_found_is_clear_something_is_possible_and_one_proceeding_is_blocked() {
        assert_eq!(result(&[]), CheckResult::Clear);
        assert_eq!(result(&[collision("Alice", false)]), CheckResult::Possible);
        let both = [collision("Alice", false), collision("Bob", true)];
        assert_eq!(result(&both), CheckResult::Blocked);
    }

    #[test]
    fn work_is_taken_on_when_clear_or_waived_until_the_waiver_ends() {
        assert!(check(CheckState::Clear).allows_work(NOW));
        assert!(check(CheckState::Waived).allows_work(NOW));
        for state in [
            CheckState::UnderReview,
            CheckState::Blocked,
            CheckState::Superseded,
        ] {
            assert!(!check(state).allows_work(NOW));
        }
        let mut waived = check(CheckState::Waived);
        waived.waiver_expire_time = Some(NOW + Duration::SECOND);
        assert!(waived.allows_work(NOW));
        assert!(!waived.allows_work(NOW + Duration::SECOND));
    }

    #[test]
    fn a_decision_covers_what_the_officer_saw_and_nothing_new() {
        let (seen, new) = (collision("Alice", false), collision("Bob", false));
        for state in [CheckState::Clear, CheckState::Waived] {
            let known = [seen.clone()];
            assert!(check(state).stands(&known, &known, NOW));
            assert!(check(state).stands(&known, &[], NOW));
            assert!(!check(state).stands(&known, &[seen.clone(), new.clone()], NOW));
        }
    }

    #[test]
    fn a_collision_seen_before_with_another_score_is_no_news() {
        let known = [collision("Alice", false)];
        let mut again = known.clone();
        again[0].score = Score::new(80).unwrap();
        again[0].likeness = Likeness::Fuzzy;
        for state in [
            CheckState::Clear,
            CheckState::Waived,
            CheckState::UnderReview,
        ] {
            assert!(check(state).stands(&known, &again, NOW), "{state}");
        }
    }

    #[test]
    fn a_collision_turned_round_twice_is_itself() {
        let own = MatterName::new(FirmId::generate(), MatterId::generate());
        let one = Collision {
            other_name: "ALICE".to_owned(),
            ..collision("Alice", true)
        };
        let turned = one.turned(own);
        assert_eq!(turned.other_matter, own);
        assert_eq!(
            (turned.party_name.as_str(), turned.party_role),
            ("ALICE", PartyRole::Client)
        );
        assert_eq!(turned.turned(one.other_matter), one);
    }

    #[test]
    fn an_unresolved_conflict_begins_nothing_new_and_an_officers_block_stops_all() {
        let mut blocked = check(CheckState::Blocked);
        assert_eq!(check(CheckState::Clear).clearance(NOW), Clearance::Free);
        assert_eq!(
            check(CheckState::UnderReview).clearance(NOW),
            Clearance::NothingNew
        );
        assert_eq!(blocked.clearance(NOW), Clearance::NothingNew);
        blocked.resolve_time = Some(NOW);
        assert_eq!(blocked.clearance(NOW), Clearance::Nothing);
        let mut waived = check(CheckState::Waived);
        waived.waiver_expire_time = Some(NOW);
        assert_eq!(waived.clearance(NOW), Clearance::NothingNew);
    }

    #[test]
    fn a_waiver_that_has_ended_covers_nothing() {
        let mut waived = check(CheckState::Waived);
        waived.waiver_expire_time = Some(NOW);
        assert!(!waived.stands(
            &[collision("Alice", false)],
            &[collision("Alice", false)],
            NOW
        ));
    }

    #[test]
    fn what_waits_for_an_officer_follows_every_change_of_what_is_found() {
        let (one, other) = (collision("Alice", false), collision("Bob", false));
        let waiting = check(CheckState::UnderReview);
        assert!(waiting.stands(
            &[one.clone(), other.clone()],
            &[other.clone(), one.clone()],
            NOW
        ));
        assert!(!waiting.stands(
            &[one.clone(), other.clone()],
            std::slice::from_ref(&one),
            NOW
        ));
        assert!(!waiting.stands(&[one], &[], NOW));
    }

    #[test]
    fn an_officers_block_stands_while_a_found_one_goes_with_its_cause() {
        let known = [collision("Alice", true)];
        let mut blocked = check(CheckState::Blocked);
        assert!(!blocked.stands(&known, &[], NOW));
        blocked.resolve_time = Some(NOW);
        assert!(blocked.stands(&known, &[], NOW));
    }
}
