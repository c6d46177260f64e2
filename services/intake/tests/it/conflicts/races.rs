//! Firms that come at the same time.

use caseload_proto::caseload::intake::v1::*;

use crate::world::{World, get_request, task};

#[tokio::test]
async fn a_check_and_a_name_that_come_at_the_same_time_do_not_miss_each_other() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    for round in 0..20 {
        let (client, opponent) = (format!("Alice {round}"), format!("Bob {round}"));
        let matter = one.matter(&client, &opponent).await;
        let draft = one.draft(&matter).await;
        one.add(&draft, task()).await.unwrap();
        let (submitted, _) = tokio::join!(one.submit(&draft), other.matter(&opponent, &client));
        let seen = get_request(&one.attorney, &submitted.unwrap().name)
            .await
            .unwrap();
        assert_eq!(
            seen.conflict_state(),
            ConflictCheckState::UnderReview,
            "round {round}"
        );
    }
}

#[tokio::test]
async fn firms_that_bring_each_others_clients_at_the_same_time_are_both_under_review() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let (of_one, of_other) = tokio::join!(one.matter("Alice", "Bob"), other.matter("Bob", "Alice"));
    let ((first, _), (second, _)) =
        tokio::join!(one.submitted(&of_one), other.submitted(&of_other));
    for (firm, request) in [(&one, first), (&other, second)] {
        let seen = get_request(&firm.attorney, &request.name).await.unwrap();
        assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    }
}
