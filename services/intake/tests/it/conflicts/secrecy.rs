//! What a firm learns of the others: nothing.

use caseload_proto::caseload::intake::v1::*;
use tonic::Code;

use super::{checks, resolution, resolve, two_firms};
use crate::world::{Person, World, get_request};

#[tokio::test]
async fn nobody_but_the_officer_learns_with_whom() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    for person in [&other.attorney, &other.admin] {
        let get = GetConflictCheckRequest {
            name: request.conflict_check.clone(),
        };
        let refused = person
            .clone()
            .conflicts
            .get_conflict_check(get)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
    let get = GetConflictCheckRequest {
        name: request.conflict_check.clone(),
    };
    let seen = world
        .coordinator()
        .conflicts
        .get_conflict_check(get)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen.state(), ConflictCheckState::UnderReview);
    assert_eq!(seen.result(), ConflictResult::Unspecified);
    assert!(
        seen.collisions.is_empty() && seen.resolve_reason.is_empty() && seen.resolved_by.is_empty()
    );
    let listed = checks(&world.coordinator(), ConflictCheckState::UnderReview).await;
    assert!(listed.iter().all(|check| check.collisions.is_empty()));
    // Neither does the firm's request tell, nor its matter.
    let told = format!("{request:?}");
    assert!(!told.contains("Alice") && !told.contains("ONE"));
    let matter = other
        .attorney
        .clone()
        .matters
        .get_matter(GetMatterRequest { name: against.name })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(matter.conflict_state(), ConflictCheckState::UnderReview);
    // Nor the records that row-level security lets the firm's own transactions read.
    let in_its_log = world
        .count("select count(*) from audit_log where coalesce(before::text, '') || coalesce(after::text, '') like '%Alice Corporation%' and resource like '%conflictChecks%'")
        .await;
    assert_eq!(in_its_log, 0);
}

#[tokio::test]
async fn a_firm_learns_only_that_work_is_under_review_or_clear() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let waive = ResolveConflictRequest {
        waiver: Some(ConflictWaiver {
            scope: "This matter".to_owned(),
            expire_time: None,
        }),
        ..resolution(&request.conflict_check, ConflictDecision::Waive)
    };
    let block = resolution(&request.conflict_check, ConflictDecision::Block);
    for (decision, is, shown) in [
        (
            block,
            ConflictCheckState::Blocked,
            ConflictCheckState::UnderReview,
        ),
        (waive, ConflictCheckState::Waived, ConflictCheckState::Clear),
    ] {
        resolve(&world, decision).await.unwrap();
        for (person, expected) in [(&other.attorney, shown), (&world.coordinator(), is)] {
            assert_eq!(states_seen(person, &against, &request).await, [expected; 4]);
        }
    }
}

/// Where a check stands as somebody sees it: in the matter and the request, each by itself and listed.
async fn states_seen(
    person: &Person,
    matter: &Matter,
    request: &Request,
) -> [ConflictCheckState; 4] {
    let (mut matters, mut requests) = (person.matters.clone(), person.requests.clone());
    let parent = matter.name.split("/matters").next().unwrap().to_owned();
    let get = GetMatterRequest {
        name: matter.name.clone(),
    };
    let list = ListMattersRequest {
        parent: parent.clone(),
        ..ListMattersRequest::default()
    };
    let one = matters.get_matter(get).await.unwrap().into_inner();
    let all = matters.list_matters(list).await.unwrap().into_inner();
    let list = ListRequestsRequest {
        parent,
        ..ListRequestsRequest::default()
    };
    let listed = requests.list_requests(list).await.unwrap().into_inner();
    [
        one.conflict_state(),
        all.matters[0].conflict_state(),
        get_request(person, &request.name)
            .await
            .unwrap()
            .conflict_state(),
        listed.requests[0].conflict_state(),
    ]
}
