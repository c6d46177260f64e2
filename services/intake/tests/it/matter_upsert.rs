//! Matters that another system says, by its own ids.

use caseload_proto::caseload::intake::v1::*;
use futures::future::join_all;
use prost_types::FieldMask;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::world::{FirmOf, Person, World, matter, party, refusal, violations};

fn clio(id: &str) -> ExternalId {
    external("clio", id)
}

fn external(source: &str, id: &str) -> ExternalId {
    ExternalId {
        source: source.to_owned(),
        id: id.to_owned(),
    }
}

async fn send(person: &Person, request: UpsertMatterRequest) -> Result<Matter, Status> {
    let answer = person.clone().matters.upsert_matter(request).await?;
    Ok(answer.into_inner())
}

fn request(firm: &FirmOf, id: &str, matter: Matter) -> UpsertMatterRequest {
    UpsertMatterRequest {
        parent: firm.name.clone(),
        external_id: Some(clio(id)),
        matter: Some(matter),
        ..UpsertMatterRequest::default()
    }
}

async fn upsert(firm: &FirmOf, id: &str, matter: Matter) -> Result<Matter, Status> {
    send(&firm.attorney, request(firm, id, matter)).await
}

fn mask(paths: &[&str]) -> FieldMask {
    FieldMask {
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
    }
}

#[tokio::test]
async fn a_matter_is_opened_the_first_time_and_changed_from_then_on() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let opened = upsert(&firm, "42", matter("Alice", "Bob")).await.unwrap();
    assert_eq!(opened.external_ids, [clio("42")]);
    assert_eq!((opened.parties.len(), opened.etag.as_str()), (2, "\"1\""));
    let court = Matter {
        court: "S.D.N.Y.".to_owned(),
        ..Matter::default()
    };
    let changed = upsert(&firm, "42", court).await.unwrap();
    assert_eq!(changed.name, opened.name);
    assert_eq!(changed.court, "S.D.N.Y.");
    assert_eq!(changed.caption, opened.caption);
    assert_eq!(changed.parties, opened.parties);
    assert_eq!(world.count("select count(*) from matters").await, 1);
}

#[tokio::test]
async fn what_is_said_again_changes_nothing_and_is_told_to_nobody() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let given = Matter {
        external_ids: vec![external("filevine", "7"), external("a-b", "1")],
        docket_number: "13-298".to_owned(),
        ..matter("Alice", "Bob")
    };
    let opened = upsert(&firm, "42", given.clone()).await.unwrap();
    let sources: Vec<_> = opened.external_ids.iter().map(|id| &id.source).collect();
    assert_eq!(sources, ["a-b", "clio", "filevine"]);
    for paths in [
        None,
        Some(mask(&["*"])),
        Some(mask(&["parties", "external_ids"])),
    ] {
        let again = UpsertMatterRequest {
            update_mask: paths,
            ..request(&firm, "42", given.clone())
        };
        assert_eq!(send(&firm.attorney, again).await.unwrap(), opened);
    }
    assert_eq!(world.events(&opened.name).await.len(), 1);
}

#[tokio::test]
async fn a_party_is_the_matters_own_by_its_name_and_keeps_its_id() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let opened = upsert(&firm, "42", matter("Alice", "Bob")).await.unwrap();
    let parties = vec![
        party("Carol", PartyRole::Expert),
        // Bob turned out to be a witness.
        party("Bob", PartyRole::Witness),
        party("Alice", PartyRole::Client),
    ];
    let given = Matter {
        parties,
        ..Matter::default()
    };
    let changed = upsert(&firm, "42", given).await.unwrap();
    let ids: Vec<_> = changed.parties.iter().map(|one| &one.party_id).collect();
    assert_eq!(
        ids[1..],
        [&opened.parties[1].party_id, &opened.parties[0].party_id]
    );
    assert!(opened.parties.iter().all(|one| one.party_id != *ids[0]));
    assert_eq!(changed.parties[1].role(), PartyRole::Witness);
}

#[tokio::test]
async fn of_many_at_the_same_time_one_opens_the_matter() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let upserts = (0..12).map(|number| {
        let given = Matter {
            docket_number: format!("13-{number}"),
            ..matter("Alice", "Bob")
        };
        let person = if number % 2 == 0 {
            &firm.attorney
        } else {
            &firm.admin
        };
        send(person, request(&firm, "42", given))
    });
    let answers: Vec<_> = join_all(upserts)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert!(answers.iter().all(|one| one.name == answers[0].name));
    assert_eq!(world.count("select count(*) from matters").await, 1);
    // Every one of them was made, one after another.
    let mut versions: Vec<_> = answers.iter().map(|one| one.etag.clone()).collect();
    versions.sort_by_key(|etag| etag.trim_matches('"').parse::<i64>().unwrap());
    let all: Vec<_> = (1..=12).map(|version| format!("\"{version}\"")).collect();
    assert_eq!(versions, all);
}

#[tokio::test]
async fn an_upsert_and_a_creation_at_the_same_time_make_one_matter() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    for number in 0..4 {
        let id = number.to_string();
        let create = CreateMatterRequest {
            parent: firm.name.clone(),
            matter: Some(Matter {
                external_ids: vec![clio(&id)],
                ..matter("Alice", "Bob")
            }),
            request_id: String::new(),
        };
        let mut attorney = firm.attorney.clone();
        let (created, upserted) = futures::join!(
            attorney.matters.create_matter(create),
            upsert(&firm, &id, matter("Alice", "Bob"))
        );
        let upserted = upserted.unwrap();
        match created {
            Ok(created) => assert_eq!(created.into_inner().name, upserted.name),
            Err(refused) => assert_eq!(refused.code(), Code::AlreadyExists),
        }
    }
    assert_eq!(world.count("select count(*) from matters").await, 4);
}

#[tokio::test]
async fn another_id_that_is_another_matters_is_refused() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let taken = Matter {
        external_ids: vec![external("filevine", "7")],
        ..matter("Alice", "Bob")
    };
    upsert(&firm, "42", taken.clone()).await.unwrap();
    let refused = upsert(&firm, "43", taken.clone()).await;
    assert_eq!(
        refusal(refused),
        (Code::AlreadyExists, "RESOURCE_EXISTS".to_owned())
    );
    upsert(&firm, "43", matter("Alice", "Bob")).await.unwrap();
    assert_eq!(
        refusal(upsert(&firm, "43", taken).await).0,
        Code::AlreadyExists
    );
}

#[tokio::test]
async fn an_upsert_is_based_on_a_version_or_on_none() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let at = |etag: &str| Matter {
        etag: etag.to_owned(),
        court: "S.D.N.Y.".to_owned(),
        ..matter("Alice", "Bob")
    };
    let mismatch = (Code::Aborted, "ETAG_MISMATCH".to_owned());
    assert_eq!(refusal(upsert(&firm, "42", at("\"1\"")).await), mismatch);
    let opened = upsert(&firm, "42", matter("Alice", "Bob")).await.unwrap();
    let edits = (0..6).map(|_| upsert(&firm, "42", at(&opened.etag)));
    let answers = join_all(edits).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter(Result::is_err) {
        assert_eq!(refusal(refused), mismatch);
    }
}

#[tokio::test]
async fn a_new_matter_is_whole_and_a_known_one_need_not_be() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let part = Matter {
        court: "S.D.N.Y.".to_owned(),
        ..Matter::default()
    };
    assert_eq!(
        violations(upsert(&firm, "42", part.clone()).await),
        [
            "matter.caption",
            "matter.client_display_name",
            "matter.practice_area"
        ]
    );
    let with_id = Matter {
        parties: vec![Party {
            party_id: Uuid::now_v7().to_string(),
            ..party("Alice", PartyRole::Client)
        }],
        ..matter("Alice", "Bob")
    };
    assert_eq!(
        violations(upsert(&firm, "42", with_id.clone()).await),
        ["matter.parties[0].party_id"]
    );
    upsert(&firm, "42", matter("Alice", "Bob")).await.unwrap();
    upsert(&firm, "42", part).await.unwrap();
    assert_eq!(
        violations(upsert(&firm, "42", with_id).await),
        ["matter.parties.party_id"]
    );
    assert_eq!(world.count("select count(*) from matters").await, 1);
}

#[tokio::test]
async fn every_field_of_an_upsert_is_looked_at() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let empty = UpsertMatterRequest {
        request_id: "7".to_owned(),
        update_mask: Some(mask(&["state"])),
        ..UpsertMatterRequest::default()
    };
    assert_eq!(
        violations(send(&firm.attorney, empty).await),
        [
            "external_id",
            "matter",
            "parent",
            "request_id",
            "update_mask"
        ]
    );
    let contrary = Matter {
        caption: "🙂".repeat(501),
        external_ids: vec![clio("43")],
        ..matter("Alice", "Bob")
    };
    let odd = UpsertMatterRequest {
        external_id: Some(external("Clio", &"x".repeat(201))),
        ..request(&firm, "42", contrary.clone())
    };
    assert_eq!(
        violations(send(&firm.attorney, odd).await),
        ["external_id.id", "external_id.source", "matter.caption"]
    );
    let contrary = Matter {
        caption: "Alice v. Bob".to_owned(),
        ..contrary
    };
    assert_eq!(
        violations(upsert(&firm, "42", contrary).await),
        ["matter.external_ids"]
    );
}

#[tokio::test]
async fn an_id_is_the_firms_own_and_a_repeat_answers_what_the_first_did() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let once = UpsertMatterRequest {
        request_id: Uuid::now_v7().to_string(),
        ..request(&firm, "42", matter("Alice", "Bob"))
    };
    let first = send(&firm.attorney, once.clone()).await.unwrap();
    let court = Matter {
        court: "S.D.N.Y.".to_owned(),
        ..Matter::default()
    };
    upsert(&firm, "42", court).await.unwrap();
    assert_eq!(send(&firm.attorney, once.clone()).await.unwrap(), first);
    let theirs = upsert(&other, "42", matter("Carol", "Dave")).await.unwrap();
    assert!(theirs.name.starts_with(&other.name));
    assert_eq!(refusal(send(&other.attorney, once).await).0, Code::NotFound);
}
