//! Conflict checks as the contract carries them.

use caseload_auth::Caller;
use caseload_database::etag;
use caseload_domain::name::{FirmParent, MatterName, ParalegalName};
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;
use time::OffsetDateTime;

use crate::api::fields;
use crate::api::numbers::{self, Numbered as _};
use crate::domain::conflict::{Collision, ConflictCheck, Decision, Findings, Resolution, Waiver};
use crate::store::conflicts::Filter;

const MOST_SCREENED: usize = 200;

/// Who looks at a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Viewer {
    /// Whoever decides conflicts: sees with whom.
    Officer,
    /// Anyone else: sees where it stands.
    Other,
}

impl Viewer {
    pub(super) fn of(caller: &Caller) -> Self {
        // Nobody of a firm, whatever their roles come to be.
        if caller.firm().is_none() && caller.allows("conflicts.resolve") {
            Self::Officer
        } else {
            Self::Other
        }
    }
}

/// Reads a decision.
pub(super) fn resolution(
    violations: &mut Violations,
    request: &v1::ResolveConflictRequest,
    now: OffsetDateTime,
) -> Option<Resolution> {
    let decision: Option<Decision> = numbers::required(violations, "decision", request.decision);
    let reason = fields::reason(violations, &request.reason);
    let waiver = match (decision, &request.waiver) {
        (Some(Decision::Waive), given) => violations
            .required("waiver", given.as_ref())
            .and_then(|given| waiver(violations, given, now))
            .map(Some),
        (_, Some(_)) => {
            violations.add("waiver", "goes with the decision WAIVE alone");
            None
        }
        (_, None) => Some(None),
    };
    let screened = screened(violations, &request.screened_paralegals);
    violations.check(
        "screened_paralegals",
        decision != Some(Decision::Block) || request.screened_paralegals.is_empty(),
        "does not go with the decision BLOCK",
    );
    Some(Resolution {
        decision: decision?,
        reason: reason?,
        waiver: waiver?,
        screened: screened?,
    })
}

fn waiver(
    violations: &mut Violations,
    given: &v1::ConflictWaiver,
    now: OffsetDateTime,
) -> Option<Waiver> {
    let scope = violations.text("waiver.scope", &given.scope, 2_000);
    let end =
        fields::optional_instant(violations, "waiver.expire_time", given.expire_time.as_ref());
    if let Some(Some(end)) = end {
        violations.check("waiver.expire_time", end > now, "is not in the future");
    }
    Some(Waiver {
        scope: scope?,
        expire_time: end?,
    })
}

fn screened(
    violations: &mut Violations,
    given: &[String],
) -> Option<Vec<caseload_domain::ParalegalId>> {
    if given.len() > MOST_SCREENED {
        let why = format!("has {}, of at most {MOST_SCREENED}", given.len());
        violations.add("screened_paralegals", why);
        return None;
    }
    let names: Vec<ParalegalName> = given
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            fields::parsed(violations, &format!("screened_paralegals[{at}]"), name)
        })
        .collect();
    // As given, so that one that is not known is told by its place.
    (names.len() == given.len()).then(|| names.into_iter().map(|name| name.0).collect())
}

/// Reads what a list is narrowed to.
pub(super) fn filter(
    violations: &mut Violations,
    request: &v1::ListConflictChecksRequest,
    parent: Option<FirmParent>,
) -> Option<Filter> {
    let states = numbers::all(violations, "states", &request.states);
    let matter = matter_below(violations, &request.matter, parent);
    Some(Filter {
        firm: parent?.one(),
        matter: matter?,
        states: states?,
    })
}

/// Reads the matter that a list is narrowed to; it must be below the list's parent.
pub(crate) fn matter_below(
    violations: &mut Violations,
    name: &str,
    parent: Option<FirmParent>,
) -> Option<Option<caseload_domain::MatterId>> {
    let name: Option<MatterName> = fields::optional(violations, "matter", name)?;
    let below = name
        .zip(parent.and_then(FirmParent::one))
        .is_none_or(|(name, firm)| name.firm == firm);
    violations.check("matter", below, "is not below the parent");
    Some(name.map(|name| name.id))
}

/// A check as it is answered: without findings to whoever may not see them.
pub(super) fn answer(check: &ConflictCheck, findings: Option<&Findings>) -> v1::ConflictCheck {
    let mut answer = v1::ConflictCheck {
        name: check.name().to_string(),
        matter: check.matter_name().to_string(),
        state: check.state.number(),
        etag: etag::of(check.version),
        create_time: Some(timestamp(check.create_time)),
        update_time: Some(timestamp(check.update_time)),
        resolve_time: check.resolve_time.map(timestamp),
        ..v1::ConflictCheck::default()
    };
    if let Some(findings) = findings {
        answer.result = check.result.number();
        answer.collisions = findings.collisions.iter().map(collision).collect();
        if let Some((resolution, resolved_by)) = &findings.resolution {
            answer.resolve_reason.clone_from(&resolution.reason);
            answer.resolved_by.clone_from(resolved_by);
            answer.waiver = resolution.waiver.as_ref().map(|waiver| v1::ConflictWaiver {
                scope: waiver.scope.clone(),
                expire_time: waiver.expire_time.map(timestamp),
            });
            answer.screened_paralegals = resolution
                .screened
                .iter()
                .map(|id| ParalegalName(*id).to_string())
                .collect();
        }
    }
    answer
}

fn collision(collision: &Collision) -> v1::ConflictCollision {
    v1::ConflictCollision {
        party_name: collision.party_name.clone(),
        party_role: collision.party_role.number(),
        other_matter: collision.other_matter.to_string(),
        other_name: collision.other_name.clone(),
        other_role: collision.other_role.number(),
        same_proceeding: collision.same_proceeding,
        score: i32::from(collision.score.get()),
        likeness: collision.likeness.number(),
    }
}
