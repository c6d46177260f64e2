//! What an officer decides.

use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use tonic::Code;

use super::{resolution, resolve, two_firms};
use crate::world::{World, refusal, review_and_accept, violations};

#[tokio::test]
async fn an_officer_clears_waives_or_blocks_with_a_reason() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let check = request.conflict_check.clone();

    let blocked = resolve(&world, resolution(&check, ConflictDecision::Block))
        .await
        .unwrap();
    assert_eq!(blocked.state(), ConflictCheckState::Blocked);
    let again = refusal(resolve(&world, resolution(&check, ConflictDecision::Block)).await);
    assert_eq!(again, (Code::FailedPrecondition, "WRONG_STATE".to_owned()));

    let cleared = resolve(&world, resolution(&check, ConflictDecision::Clear))
        .await
        .unwrap();
    assert_eq!(cleared.state(), ConflictCheckState::Clear);
    assert_eq!(cleared.resolve_reason, "Another Alice, in another trade");
    assert_eq!(cleared.resolved_by, "test-conflict_officer");
    review_and_accept(&world, &request).await.unwrap();

    let mut stale = resolution(&check, ConflictDecision::Block);
    stale.etag = blocked.etag;
    assert_eq!(
        refusal(resolve(&world, stale).await),
        (Code::Aborted, "ETAG_MISMATCH".to_owned())
    );
    assert_eq!(
        world
            .count("select count(*) from conflict_resolutions")
            .await,
        2
    );
}

#[tokio::test]
async fn a_decision_says_everything_that_is_wrong_with_it() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let check = &request.conflict_check;
    let past = ConflictWaiver {
        scope: " ".to_owned(),
        expire_time: Some(timestamp(time::OffsetDateTime::UNIX_EPOCH)),
    };
    let wrong = ResolveConflictRequest {
        reason: String::new(),
        waiver: Some(past),
        screened_paralegals: vec!["someone".to_owned()],
        request_id: "7".to_owned(),
        ..resolution("conflictChecks/1", ConflictDecision::Waive)
    };
    assert_eq!(
        violations(resolve(&world, wrong).await),
        [
            "name",
            "reason",
            "request_id",
            "screened_paralegals[0]",
            "waiver.expire_time",
            "waiver.scope"
        ]
    );
    let no_waiver = resolution(check, ConflictDecision::Waive);
    assert_eq!(violations(resolve(&world, no_waiver).await), ["waiver"]);
    let waiver_with_clear = ResolveConflictRequest {
        waiver: Some(ConflictWaiver::default()),
        ..resolution(check, ConflictDecision::Clear)
    };
    assert_eq!(
        violations(resolve(&world, waiver_with_clear).await),
        ["waiver"]
    );
    let undecided = resolution(check, ConflictDecision::Unspecified);
    assert_eq!(violations(resolve(&world, undecided).await), ["decision"]);
    let unknown = check.replace(&check[check.len() - 12..], "000000000000");
    let unknown = resolution(&unknown, ConflictDecision::Clear);
    assert_eq!(refusal(resolve(&world, unknown).await).0, Code::NotFound);
}
