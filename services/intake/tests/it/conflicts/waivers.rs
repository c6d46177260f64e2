//! Waivers, and their end.

use caseload_proto::caseload::intake::v1::*;
use caseload_testing::eventually;

use super::{checks, end_waivers, resolve, sweeping, two_firms, waiver};
use crate::world::{World, get_request, refusal, review_and_accept};

#[tokio::test]
async fn a_waiver_ends_and_the_request_waits_again() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    resolve(&world, waiver(&request.conflict_check, 1))
        .await
        .unwrap();
    end_waivers(&world).await;
    assert_eq!(
        refusal(review_and_accept(&world, &request).await).1,
        "CONFLICT_UNRESOLVED"
    );
    // What was found is kept though the acceptance failed.
    let seen = get_request(&other.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    assert_eq!(seen.state(), RequestState::InReview);
}

#[tokio::test]
async fn a_waiver_that_has_ended_is_swept_into_a_new_check_that_waits_for_an_officer() {
    let world = sweeping().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let officer = world.officer();
    resolve(&world, waiver(&request.conflict_check, 1))
        .await
        .unwrap();
    assert!(
        checks(&officer, ConflictCheckState::UnderReview)
            .await
            .is_empty()
    );
    end_waivers(&world).await;
    eventually("the waiver is swept", async || {
        !checks(&officer, ConflictCheckState::UnderReview)
            .await
            .is_empty()
    })
    .await;
    let [again] = &checks(&officer, ConflictCheckState::UnderReview).await[..] else {
        panic!("one check");
    };
    assert_ne!(again.name, request.conflict_check);
    assert_eq!(again.collisions.len(), 1, "what was waived is found again");
    let before = checks(&officer, ConflictCheckState::Superseded).await;
    assert_eq!(before[0].name, request.conflict_check);
    let seen = get_request(&other.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    let mut connection = world.database.inspect().await;
    let actors: Vec<String> = sqlx::query_scalar("select actor from audit_log where resource = $1")
        .bind(&again.name)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(actors, ["system:conflicts"]);
}

#[tokio::test]
async fn a_waiver_that_goes_on_is_left_alone_by_the_sweep_of_another() {
    let world = sweeping().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let forever = ResolveConflictRequest {
        waiver: Some(ConflictWaiver {
            scope: "The whole matter".to_owned(),
            expire_time: None,
        }),
        ..waiver(&request.conflict_check, 1)
    };
    resolve(&world, forever).await.unwrap();
    let second = other.matter("Carol", "Alice Corp").await;
    let (second, _) = other.submitted(&second).await;
    resolve(&world, waiver(&second.conflict_check, 1))
        .await
        .unwrap();
    world
        .database
        .as_owner(
            "set row_security = on; alter table conflict_checks no force row level security;
             update conflict_checks set waiver_expire_time = now() - interval '1 second'
             where waiver_expire_time is not null;
             alter table conflict_checks force row level security",
        )
        .await;
    let officer = world.officer();
    eventually("the one is swept", async || {
        checks(&officer, ConflictCheckState::UnderReview)
            .await
            .len()
            == 1
    })
    .await;
    let waived = checks(&officer, ConflictCheckState::Waived).await;
    assert_eq!(waived.len(), 1);
    assert_eq!(waived[0].name, request.conflict_check);
}
