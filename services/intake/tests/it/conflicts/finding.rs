//! What collides, and what does not.

use caseload_proto::caseload::intake::v1::*;
use tonic::Code;

use super::{checks, create, resolution, resolve, two_firms};
use crate::world::{World, accept, matter, party, refusal, review_and_accept};

#[tokio::test]
async fn acting_against_another_firms_client_is_under_review_and_the_officer_sees_with_whom() {
    let world = World::new().await;
    let (one, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::UnderReview);

    let waiting = checks(&world.officer(), ConflictCheckState::UnderReview).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].name, request.conflict_check);
    assert_eq!(waiting[0].result(), ConflictResult::Possible);
    let [collision] = &waiting[0].collisions[..] else {
        panic!("one collision: {waiting:?}");
    };
    assert_eq!(collision.party_name, "ALICE CORP.");
    assert_eq!(collision.party_role(), PartyRole::Adverse);
    assert_eq!(collision.other_name, "Alice Corporation");
    assert_eq!(collision.other_role(), PartyRole::Client);
    assert!(collision.other_matter.starts_with(&one.name));

    let refused = refusal(review_and_accept(&world, &request).await);
    assert_eq!(
        refused,
        (Code::FailedPrecondition, "CONFLICT_UNRESOLVED".to_owned())
    );
}

#[tokio::test]
async fn an_alias_counts_a_witness_does_not_and_one_firms_matters_never_collide() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    create(
        &one,
        Matter {
            parties: vec![
                Party {
                    aliases: vec!["Wonderland Trading GmbH".to_owned()],
                    ..party("Alice", PartyRole::ClientAffiliate)
                },
                party("Humpty Dumpty", PartyRole::Witness),
            ],
            ..matter("Carroll", "Nobody")
        },
    )
    .await;
    let own = one.matter("Somebody", "Carroll").await;
    let (request, _) = one.submitted(&own).await;
    assert_eq!(
        request.conflict_state(),
        ConflictCheckState::Clear,
        "its own matter"
    );

    let harmless = other.matter("Somebody", "Humpty Dumpty").await;
    let (request, _) = other.submitted(&harmless).await;
    assert_eq!(
        request.conflict_state(),
        ConflictCheckState::Clear,
        "a witness"
    );

    let against = other.matter("Somebody", "Wonderland Trading").await;
    let (request, _) = other.submitted(&against).await;
    assert_eq!(
        request.conflict_state(),
        ConflictCheckState::UnderReview,
        "an alias"
    );
}

#[tokio::test]
async fn two_firms_with_one_client_or_one_opponent_do_not_collide() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice", "United States").await;
    let same = other.matter("Alice", "United States").await;
    let (request, _) = other.submitted(&same).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::Clear);
}

#[tokio::test]
async fn both_sides_of_one_proceeding_are_blocked_until_an_officer_says_otherwise() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let in_court = |matter: Matter, court: &str, docket: &str| Matter {
        court: court.to_owned(),
        docket_number: docket.to_owned(),
        ..matter
    };
    create(
        &one,
        in_court(matter("Alice", "Bob"), "S.D.N.Y.", "1:24-cv-00123"),
    )
    .await;
    let across = in_court(matter("Bob", "Alice"), "SDNY", "1:24-CV-00123");
    let across = create(&other, across).await;
    let (request, _) = other.submitted(&across).await;
    assert_eq!(
        request.conflict_state(),
        ConflictCheckState::UnderReview,
        "more is not the firm's to know"
    );
    assert_eq!(
        refusal(review_and_accept(&world, &request).await).1,
        "CONFLICT_UNRESOLVED"
    );
    let blocked = checks(&world.officer(), ConflictCheckState::Blocked).await;
    assert_eq!(blocked[0].result(), ConflictResult::Blocked);
    assert!(
        blocked[0]
            .collisions
            .iter()
            .all(|collision| collision.same_proceeding)
    );

    let waive = ResolveConflictRequest {
        waiver: Some(ConflictWaiver {
            scope: "This proceeding".to_owned(),
            expire_time: None,
        }),
        ..resolution(&blocked[0].name, ConflictDecision::Waive)
    };
    let waived = resolve(&world, waive).await.unwrap();
    assert_eq!(waived.state(), ConflictCheckState::Waived);
    accept(&world, &request).await.unwrap();
}
