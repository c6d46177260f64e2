//! Conflict checks, from both sides.

mod deciding;
mod finding;
mod holds;
mod lookup;
mod names;
mod plans;
mod races;
mod rechecks;
pub(crate) mod screens;
mod secrecy;
mod waivers;

use caseload_intake::IntakeConfig;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use tonic::Status;

use crate::world::{FirmOf, Person, World};

pub(crate) async fn checks(person: &Person, state: ConflictCheckState) -> Vec<ConflictCheck> {
    let request = ListConflictChecksRequest {
        parent: "firms/-".to_owned(),
        states: vec![state.into()],
        ..ListConflictChecksRequest::default()
    };
    let answer = person
        .clone()
        .conflicts
        .list_conflict_checks(request)
        .await
        .unwrap();
    answer.into_inner().conflict_checks
}

pub(crate) fn resolution(check: &str, decision: ConflictDecision) -> ResolveConflictRequest {
    ResolveConflictRequest {
        name: check.to_owned(),
        decision: decision.into(),
        reason: "Another Alice, in another trade".to_owned(),
        ..ResolveConflictRequest::default()
    }
}

pub(crate) async fn resolve(
    world: &World,
    request: ResolveConflictRequest,
) -> Result<ConflictCheck, Status> {
    let answer = world.officer().conflicts.resolve_conflict(request).await?;
    Ok(answer.into_inner())
}

pub(crate) async fn create(firm: &FirmOf, matter: Matter) -> Matter {
    let request = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(matter),
        request_id: String::new(),
    };
    firm.attorney
        .clone()
        .matters
        .create_matter(request)
        .await
        .unwrap()
        .into_inner()
}

/// Two firms, the second of which sues the first's client.
pub(crate) async fn two_firms(world: &World) -> (FirmOf, FirmOf, Matter) {
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice Corporation", "Somebody").await;
    let against = other.matter("Bob Ltd.", "ALICE CORP.").await;
    (one, other, against)
}

/// The same decision, as a waiver that ends in so many days.
pub(crate) fn waiver(check: &str, days: i64) -> ResolveConflictRequest {
    let end = time::OffsetDateTime::now_utc() + time::Duration::days(days);
    ResolveConflictRequest {
        waiver: Some(ConflictWaiver {
            scope: "The first motion".to_owned(),
            expire_time: Some(timestamp(end)),
        }),
        ..resolution(check, ConflictDecision::Waive)
    }
}

/// A world in which nobody waits long for a sweep.
pub(crate) async fn sweeping() -> World {
    let often = IntakeConfig {
        conflict_sweep_interval_ms: 50,
        ..IntakeConfig::default()
    };
    World::with(often).await
}

/// Lets the time of every waiver be over.
pub(crate) async fn end_waivers(world: &World) {
    let past = "set row_security = on; alter table conflict_checks no force row level security;
                update conflict_checks set waiver_expire_time = now() - interval '1 second' where state = 'waived';
                alter table conflict_checks force row level security";
    world.database.as_owner(past).await;
}

/// A matter as somebody sees it.
pub(crate) async fn get_matter(person: &Person, name: &str) -> Matter {
    let get = GetMatterRequest {
        name: name.to_owned(),
    };
    let answer = person.clone().matters.get_matter(get).await;
    answer.unwrap().into_inner()
}
