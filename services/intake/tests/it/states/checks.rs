//! Conflict checks: each decision in each state.

use caseload_intake::domain::conflict::{CheckMove, CheckState as State, Decision};
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use time::{Duration, OffsetDateTime};
use tonic::Status;

use super::{is_refused, written};
use crate::world::{FirmOf, World, party};

async fn decide(world: &World, name: &str, decision: Decision) -> Result<ConflictCheck, Status> {
    let waives = decision == Decision::Waive;
    let request = ResolveConflictRequest {
        name: name.to_owned(),
        decision: ConflictDecision::from(decision).into(),
        reason: "Another Alice, in another trade".to_owned(),
        waiver: waives.then(|| ConflictWaiver {
            scope: "This matter".to_owned(),
            expire_time: Some(timestamp(OffsetDateTime::now_utc() + Duration::WEEK)),
        }),
        ..ResolveConflictRequest::default()
    };
    let answer = world.officer().conflicts.resolve_conflict(request).await?;
    Ok(answer.into_inner())
}

/// The check of a matter against another firm's client, brought into a state.
async fn check_in(world: &World, firm: &FirmOf, state: State) -> String {
    let against = firm.matter("Bob Ltd.", "ALICE CORP.").await;
    let (request, _) = firm.submitted(&against).await;
    let check = request.conflict_check;
    match state {
        State::UnderReview => {}
        State::Clear => drop(decide(world, &check, Decision::Clear).await.unwrap()),
        State::Waived => drop(decide(world, &check, Decision::Waive).await.unwrap()),
        State::Blocked => drop(decide(world, &check, Decision::Block).await.unwrap()),
        State::Superseded => {
            let add = AddMatterPartyRequest {
                name: against.name,
                party: Some(party("ZEBRA HOLDINGS", PartyRole::Adverse)),
                ..AddMatterPartyRequest::default()
            };
            firm.attorney
                .clone()
                .matters
                .add_matter_party(add)
                .await
                .unwrap();
        }
    }
    let get = GetConflictCheckRequest {
        name: check.clone(),
    };
    let seen = world.officer().conflicts.get_conflict_check(get).await;
    assert_eq!(
        seen.unwrap().into_inner().state(),
        ConflictCheckState::from(state)
    );
    check
}

#[tokio::test]
async fn each_decision_leads_where_the_table_says_and_is_refused_elsewhere() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice Corporation", "Somebody").await;
    one.matter("Zebra Holdings", "Nobody").await;
    for at in State::ALL {
        for decision in Decision::ALL {
            let case = format!("{decision} of a check that is {at}");
            let check = check_in(&world, &other, *at).await;
            let before = written(&world).await;
            let answer = decide(&world, &check, *decision).await;
            match at.after(CheckMove::Decide(*decision)) {
                Ok(to) => {
                    let answer = answer.unwrap_or_else(|status| panic!("{case}: {status:?}"));
                    assert_eq!(answer.state(), ConflictCheckState::from(to), "{case}");
                }
                Err(wrong) => is_refused(&world, before, answer, wrong, &case).await,
            }
        }
    }
}
