//! Names that are written in odd ways.

use caseload_proto::caseload::intake::v1::*;

use super::{checks, create};
use crate::world::{World, matter, party};

#[tokio::test]
async fn however_a_name_is_written_it_collides_and_says_how_alike_it_is() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Nestlé Wonderland Trading S.A.", "Somebody")
        .await;
    let written = [
        "Nestlé Wonderland Trading S.A.",
        "NESTLE WONDERLAND TRADING",
        "Trading Wonderland Nestlé GmbH",
        "Nest\u{200b}lé Wonder\u{ad}land Trading",
        "Ｎｅｓｔｌé Wonderland Trading",
    ];
    let against = Matter {
        parties: written
            .iter()
            .map(|name| party(name, PartyRole::Adverse))
            .collect(),
        ..matter("Bob", "Nobody")
    };
    let against = create(&other, against).await;
    other.submitted(&against).await;
    let waiting = checks(&world.officer(), ConflictCheckState::UnderReview).await;
    let collisions = &waiting[0].collisions;
    assert!(collisions.iter().all(|collision| collision.score == 100));
    assert!(!collisions.is_empty());
}

#[tokio::test]
async fn odd_and_very_long_names_are_compared_like_others() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let long = "Wonderland ".repeat(18).trim_end().to_owned();
    for name in ["🤝 4 🤝", "محمد", "株式会社任天堂", "x", long.as_str()] {
        one.matter(name, "Somebody").await;
        let against = other.matter("Nobody", name).await;
        let (request, _) = other.submitted(&against).await;
        let state = request.conflict_state();
        assert_eq!(state, ConflictCheckState::UnderReview, "{name:?}");
    }
}
