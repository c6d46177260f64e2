//! Checks that are made again, on either side.

use caseload_proto::caseload::intake::v1::*;
use caseload_testing::eventually;

use super::{checks, resolution, resolve, sweeping, two_firms};
use crate::world::{World, get_request, party, task};

#[tokio::test]
async fn a_new_party_is_checked_again_on_its_own_side() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice Corporation", "Somebody").await;
    let against = other.matter("Bob Ltd.", "Nobody").await;
    let (request, _) = other.submitted(&against).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::Clear);
    let mut attorney = other.attorney.clone();
    let add = AddMatterPartyRequest {
        name: against.name.clone(),
        party: Some(party("Alice Corp", PartyRole::Adverse)),
        ..AddMatterPartyRequest::default()
    };
    let changed = attorney
        .matters
        .add_matter_party(add)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(changed.conflict_state(), ConflictCheckState::UnderReview);
    let seen = get_request(&other.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    assert_ne!(seen.conflict_check, request.conflict_check, "a new check");
    assert_eq!(
        checks(&world.officer(), ConflictCheckState::Superseded)
            .await
            .len(),
        1
    );

    // A change of the role alone is a change.
    let mut parties = changed.parties;
    parties.last_mut().unwrap().role = PartyRole::Expert.into();
    let update = UpdateMatterRequest {
        matter: Some(Matter {
            name: against.name.clone(),
            parties,
            ..Matter::default()
        }),
        ..UpdateMatterRequest::default()
    };
    let changed = attorney
        .matters
        .update_matter(update)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(changed.conflict_state(), ConflictCheckState::Clear);
}

#[tokio::test]
async fn a_matter_that_another_firm_brings_later_is_checked_on_the_first_firms_side_too() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let first = one.matter("Alice Corporation", "Somebody").await;
    let (request, _) = one.submitted(&first).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::Clear);
    other.matter("Bob Ltd.", "Alice Corp.").await;
    let seen = get_request(&one.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    let mut connection = world.database.inspect().await;
    let actors: Vec<String> = sqlx::query_scalar(
        "select distinct actor from audit_log where firm_id = $1 and actor like $2",
    )
    .bind(one.id.0)
    .bind(format!("%{}%", other.id))
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(
        actors.is_empty(),
        "the first firm's records name the second's people: {actors:?}"
    );
}

#[tokio::test]
async fn what_an_officer_cleared_stays_clear_until_something_new_is_found() {
    let world = World::new().await;
    let (one, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    resolve(
        &world,
        resolution(&request.conflict_check, ConflictDecision::Clear),
    )
    .await
    .unwrap();
    // The same collision again is no news.
    let draft = other.draft(&against).await;
    other.add(&draft, task()).await.unwrap();
    let again = other.submit(&draft).await.unwrap();
    assert_eq!(again.conflict_check, request.conflict_check);
    assert_eq!(again.conflict_state(), ConflictCheckState::Clear);
    // Another matter of that client is.
    one.matter("Alice Corporation", "Another").await;
    let seen = get_request(&other.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
}

#[tokio::test]
async fn a_change_on_the_other_side_that_ends_a_collision_ends_the_review() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let first = one.matter("Alice Corporation", "Somebody").await;
    let (request, _) = one.submitted(&first).await;
    let mut against = other.matter("Bob Ltd.", "Alice Corp.").await;
    let seen = get_request(&one.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    against.parties.pop();
    let update = UpdateMatterRequest {
        matter: Some(Matter {
            name: against.name.clone(),
            parties: against.parties,
            ..Matter::default()
        }),
        ..UpdateMatterRequest::default()
    };
    let mut attorney = other.attorney.clone();
    attorney.matters.update_matter(update).await.unwrap();
    let seen = get_request(&one.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::Clear);
}

#[tokio::test]
async fn a_matter_that_is_closed_is_found_still_for_a_former_client_is_one() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let first = one.matter("Alice Corporation", "Somebody").await;
    let close = CloseMatterRequest {
        name: first.name,
        ..CloseMatterRequest::default()
    };
    let mut attorney = one.attorney.clone();
    attorney.matters.close_matter(close).await.unwrap();
    let against = other.matter("Bob Ltd.", "Alice Corp.").await;
    let (request, _) = other.submitted(&against).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::UnderReview);
}

#[tokio::test]
async fn what_is_found_after_an_officers_block_is_there_when_they_think_again() {
    let world = World::new().await;
    let (one, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let check = request.conflict_check.clone();
    resolve(&world, resolution(&check, ConflictDecision::Block))
        .await
        .unwrap();
    one.matter("Alice Corporation", "Another").await;
    let blocked = checks(&world.officer(), ConflictCheckState::Blocked).await;
    assert_eq!(blocked[0].name, check, "the block stands");
    assert_eq!(blocked[0].collisions.len(), 2);
    let cleared = resolve(&world, resolution(&check, ConflictDecision::Clear)).await;
    assert_eq!(cleared.unwrap().state(), ConflictCheckState::Clear);
    // What was seen is covered.
    let draft = other.draft(&against).await;
    other.add(&draft, task()).await.unwrap();
    let again = other.submit(&draft).await.unwrap();
    assert_eq!(again.conflict_check, check);
}

#[tokio::test]
async fn names_that_an_older_matcher_wrote_are_written_again_and_their_matters_compared() {
    let world = sweeping().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let first = one.matter("Alice Corporation", "Somebody").await;
    let (request, _) = one.submitted(&first).await;
    other.matter("Bob Ltd.", "Nobody").await;
    // As a matcher that knew no legal forms would have left it.
    world
        .database
        .as_owner(
            "alter table conflict_names no force row level security;
             update conflict_names set name = 'Alice Corp.', conflict_key = 'alice corp', folded = 'alice corp',
                    blocks = '{old}', matcher_version = 0 where name = 'Nobody';
             alter table conflict_names force row level security;
             alter table parties no force row level security;
             update parties set display_name = 'Alice Corp.' where display_name = 'Nobody';
             alter table parties force row level security",
        )
        .await;
    eventually("the matter is compared again", async || {
        let seen = get_request(&one.attorney, &request.name).await.unwrap();
        seen.conflict_state() == ConflictCheckState::UnderReview
    })
    .await;
    let old =
        "select count(*) from conflict_names where matcher_version = 0 or 'old' = any (blocks)";
    assert_eq!(world.count(old).await, 0);
}
