//! An officer looks a name up.

use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use super::create;
use crate::world::{Person, World, matter, party, violations};

fn of(name: &str) -> SearchConflictNamesRequest {
    SearchConflictNamesRequest {
        name: name.to_owned(),
        ..SearchConflictNamesRequest::default()
    }
}

async fn search(
    person: &Person,
    request: SearchConflictNamesRequest,
) -> Result<SearchConflictNamesResponse, Status> {
    let answer = person
        .clone()
        .conflicts
        .search_conflict_names(request)
        .await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn an_officer_finds_a_name_in_every_firm_on_every_side_with_how_alike_it_is() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let first = one.matter("Alice Corporation", "Somebody").await;
    let second = other.matter("Bob Ltd.", "ALICE CORP.").await;
    let third = Matter {
        parties: vec![party("Alice Corp", PartyRole::Expert)],
        ..matter("Carol", "Nobody")
    };
    let third = create(&other, third).await;
    let close = CloseMatterRequest {
        name: first.name.clone(),
        ..CloseMatterRequest::default()
    };
    let mut attorney = one.attorney.clone();
    attorney.matters.close_matter(close).await.unwrap();

    let officer = world.officer();
    let found = search(&officer, of("ALICE CORP.")).await.unwrap();
    let matters: Vec<_> = found
        .matches
        .iter()
        .map(|found| (found.matter.clone(), found.role(), found.matter_closed))
        .collect();
    assert_eq!(
        matters,
        [
            (first.name, PartyRole::Client, true),
            (second.name.clone(), PartyRole::Adverse, false),
            (third.name, PartyRole::Expert, false),
        ]
    );
    assert_eq!(found.total_matches, 3);
    assert!(found.matches.iter().all(|found| found.score == 100));
    let [_, exact, _] = &found.matches[..] else {
        panic!("three names");
    };
    assert_eq!(exact.firm, other.name);
    assert_eq!(exact.name, "ALICE CORP.");

    let adverse = SearchConflictNamesRequest {
        sides: vec![ConflictSide::Adverse.into()],
        ..of("Alice")
    };
    let found = search(&officer, adverse).await.unwrap();
    assert_eq!(found.matches.len(), 1);
    assert_eq!(found.matches[0].matter, second.name);
    let one = SearchConflictNamesRequest {
        max_matches: 1,
        ..of("Alice")
    };
    let found = search(&officer, one).await.unwrap();
    assert_eq!((found.matches.len(), found.total_matches), (1, 3));
    assert_eq!(
        search(&officer, of("Zebedee")).await.unwrap().total_matches,
        0
    );
}

#[tokio::test]
async fn nobody_else_looks_names_up() {
    let world = World::new().await;
    let one = world.firm("ONE").await;
    for person in [
        &one.attorney,
        &one.admin,
        &world.coordinator(),
        &world.manager(),
        &world.paralegal(caseload_domain::ParalegalId::generate()),
    ] {
        let refused = search(person, of("Alice")).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
}

#[tokio::test]
async fn a_lookup_says_everything_that_is_wrong_with_it() {
    let world = World::new().await;
    let wrong = SearchConflictNamesRequest {
        name: "🤝".to_owned(),
        sides: vec![ConflictSide::Client.into(), 99],
        min_score: 101,
        max_matches: -1,
    };
    let officer = world.officer();
    assert_eq!(
        violations(search(&officer, wrong).await),
        ["max_matches", "min_score", "name", "sides[1]"]
    );
    assert_eq!(violations(search(&officer, of("")).await), ["name"]);
    let long = "x".repeat(501);
    assert_eq!(violations(search(&officer, of(&long)).await), ["name"]);
}
