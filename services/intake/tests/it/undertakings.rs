//! What paralegals have signed towards firms.

use caseload_domain::name::{MatterName, ParalegalName, UndertakingName};
use caseload_domain::{MatterId, ParalegalId, UndertakingId};
use caseload_proto::caseload::intake::v1::undertaking_service_client::UndertakingServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::google::r#type::Date;
use caseload_runtime::Channel;
use caseload_testing::tokens;
use futures::future::join_all;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::world::{FirmOf, World, refusal, violations};

type Client = UndertakingServiceClient<Channel>;

fn client(world: &World, token: String) -> Client {
    UndertakingServiceClient::new(world.service.channel(token))
}

fn coordinator(world: &World) -> Client {
    client(world, tokens::coordinator())
}

fn attorney(world: &World, firm: &FirmOf) -> Client {
    client(world, tokens::attorney(firm.id))
}

fn day(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

fn signed(paralegal: ParalegalId) -> Undertaking {
    Undertaking {
        paralegal: ParalegalName(paralegal).to_string(),
        sign_date: Some(day(2025, 3, 1)),
        ..Undertaking::default()
    }
}

fn creation(firm: &FirmOf, undertaking: Undertaking) -> CreateUndertakingRequest {
    CreateUndertakingRequest {
        parent: firm.name.clone(),
        undertaking: Some(undertaking),
        request_id: String::new(),
    }
}

async fn create(
    world: &World,
    firm: &FirmOf,
    undertaking: Undertaking,
) -> Result<Undertaking, Status> {
    let request = creation(firm, undertaking);
    let answer = coordinator(world).create_undertaking(request).await?;
    Ok(answer.into_inner())
}

fn revocation(undertaking: &Undertaking) -> RevokeUndertakingRequest {
    RevokeUndertakingRequest {
        name: undertaking.name.clone(),
        reason: "Left the bureau".to_owned(),
        ..RevokeUndertakingRequest::default()
    }
}

async fn listed(mut client: Client, request: ListUndertakingsRequest) -> Vec<String> {
    let answer = client.list_undertakings(request).await.unwrap();
    let undertakings = answer.into_inner().undertakings.into_iter();
    undertakings.map(|one| one.name).collect()
}

fn names(undertakings: &[&Undertaking]) -> Vec<String> {
    let names = undertakings.iter().map(|one| one.name.clone());
    names.collect()
}

#[tokio::test]
async fn an_undertaking_is_answered_as_it_was_signed_and_told_to_the_other_services() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let given = Undertaking {
        matter: matter.name.clone(),
        expire_date: Some(day(2030, 2, 28)),
        document_reference: "DMS 4711".to_owned(),
        note: "Signed on paper 🖊".to_owned(),
        ..signed(ParalegalId::generate())
    };
    let created = create(&world, &firm, given.clone()).await.unwrap();
    let expected = Undertaking {
        name: created.name.clone(),
        recorded_by: created.recorded_by.clone(),
        create_time: created.create_time,
        etag: "\"1\"".to_owned(),
        ..given.clone()
    };
    assert_eq!(created, expected);
    assert!(!created.recorded_by.is_empty() && created.create_time.is_some());
    let get = GetUndertakingRequest {
        name: created.name.clone(),
    };
    let seen = attorney(&world, &firm).get_undertaking(get).await.unwrap();
    assert_eq!(seen.into_inner(), created);
    let told: UndertakingChanged = world.last_event(&created.name).await;
    let snapshot = UndertakingSnapshot {
        name: created.name,
        paralegal: given.paralegal,
        matter: given.matter,
        sign_date: given.sign_date,
        expire_date: given.expire_date,
        revoked: false,
    };
    assert_eq!(told.undertaking, Some(snapshot));
}

#[tokio::test]
async fn an_undertaking_is_revoked_once_with_a_reason() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let created = create(&world, &firm, signed(ParalegalId::generate())).await;
    let created = created.unwrap();
    let revocations = (0..6).map(|_| {
        let mut coordinator = coordinator(&world);
        let request = revocation(&created);
        async move { coordinator.revoke_undertaking(request).await }
    });
    let answers = join_all(revocations).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for answer in refused {
        assert_eq!(
            refusal(answer),
            (Code::FailedPrecondition, "WRONG_STATE".to_owned())
        );
    }
    let revoked = made.into_iter().next().unwrap().unwrap().into_inner();
    assert!(revoked.revoke_time.is_some() && !revoked.revoked_by.is_empty());
    assert_eq!(revoked.revoke_reason, "Left the bureau");
    assert_eq!(revoked.sign_date, created.sign_date);
    let told: UndertakingChanged = world.last_event(&created.name).await;
    assert!(told.undertaking.unwrap().revoked);
    assert_eq!(world.events(&created.name).await.len(), 2);

    let another = create(&world, &firm, signed(ParalegalId::generate())).await;
    let stale = RevokeUndertakingRequest {
        etag: "\"2\"".to_owned(),
        ..revocation(&another.unwrap())
    };
    let refused = coordinator(&world).revoke_undertaking(stale).await;
    assert_eq!(refusal(refused).1, "ETAG_MISMATCH");
}

#[tokio::test]
async fn undertakings_are_listed_by_paralegal_by_matter_and_by_day() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let (alice, carol) = (
        firm.matter("Alice", "Bob").await,
        firm.matter("Carol", "Dave").await,
    );
    let paralegal = ParalegalId::generate();
    let make = async |firm: &FirmOf, undertaking| create(&world, firm, undertaking).await.unwrap();
    let wide = make(&firm, signed(paralegal)).await;
    let narrow = make(
        &firm,
        Undertaking {
            matter: alice.name.clone(),
            expire_date: Some(day(2025, 3, 31)),
            ..signed(paralegal)
        },
    )
    .await;
    let colleague = make(&firm, signed(ParalegalId::generate())).await;
    let elsewhere = make(&other, signed(paralegal)).await;
    let everywhere = || ListUndertakingsRequest {
        parent: "firms/-".to_owned(),
        ..ListUndertakingsRequest::default()
    };
    let of_paralegal = ListUndertakingsRequest {
        paralegal: ParalegalName(paralegal).to_string(),
        ..everywhere()
    };
    assert_eq!(
        listed(coordinator(&world), of_paralegal.clone()).await,
        names(&[&wide, &narrow, &elsewhere])
    );
    // A firm's list of every firm is its own.
    assert_eq!(
        listed(attorney(&world, &firm), of_paralegal).await,
        names(&[&wide, &narrow])
    );
    let reaching = |matter: &Matter| ListUndertakingsRequest {
        matter: matter.name.clone(),
        ..everywhere()
    };
    assert_eq!(
        listed(coordinator(&world), reaching(&alice)).await,
        names(&[&wide, &narrow, &colleague])
    );
    assert_eq!(
        listed(coordinator(&world), reaching(&carol)).await,
        names(&[&wide, &colleague])
    );
    let on = |date| ListUndertakingsRequest {
        in_force_date: date,
        parent: firm.name.clone(),
        paralegal: ParalegalName(paralegal).to_string(),
        ..ListUndertakingsRequest::default()
    };
    for (date, expected) in [
        (Some(day(2025, 2, 28)), names(&[])),
        (Some(day(2025, 3, 1)), names(&[&wide, &narrow])),
        (Some(day(2025, 3, 31)), names(&[&wide, &narrow])),
        (Some(day(2025, 4, 1)), names(&[&wide])),
    ] {
        assert_eq!(listed(coordinator(&world), on(date)).await, expected);
    }
    let revoke = revocation(&wide);
    coordinator(&world)
        .revoke_undertaking(revoke)
        .await
        .unwrap();
    assert!(
        listed(coordinator(&world), on(Some(day(2025, 4, 1))))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn pages_of_undertakings_follow_each_other() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut all = Vec::new();
    for _ in 0..5 {
        let made = create(&world, &firm, signed(ParalegalId::generate())).await;
        all.push(made.unwrap());
    }
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let request = ListUndertakingsRequest {
            parent: firm.name.clone(),
            page_size: 2,
            page_token: token,
            ..ListUndertakingsRequest::default()
        };
        let answer = attorney(&world, &firm).list_undertakings(request).await;
        let answer = answer.unwrap().into_inner();
        seen.extend(answer.undertakings);
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, all);
}

#[tokio::test]
async fn every_field_of_an_undertaking_is_looked_at() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    assert_eq!(
        violations(create(&world, &firm, Undertaking::default()).await),
        ["undertaking.paralegal", "undertaking.sign_date"]
    );
    let odd = Undertaking {
        paralegal: "paralegals/7".to_owned(),
        matter: "matters/7".to_owned(),
        sign_date: Some(day(2023, 2, 29)),
        expire_date: Some(day(2025, 13, 1)),
        document_reference: "🙂".repeat(201),
        note: "a\u{202e}b".to_owned(),
        ..Undertaking::default()
    };
    assert_eq!(
        violations(create(&world, &firm, odd).await),
        [
            "undertaking.document_reference",
            "undertaking.expire_date",
            "undertaking.matter",
            "undertaking.note",
            "undertaking.paralegal",
            "undertaking.sign_date"
        ]
    );
    let paralegal = ParalegalId::generate();
    let backwards = Undertaking {
        expire_date: Some(day(2025, 2, 28)),
        ..signed(paralegal)
    };
    assert_eq!(
        violations(create(&world, &firm, backwards).await),
        ["undertaking.expire_date"]
    );
    let future = Undertaking {
        sign_date: Some(day(9999, 1, 1)),
        ..signed(paralegal)
    };
    assert_eq!(
        violations(create(&world, &firm, future).await),
        ["undertaking.sign_date"]
    );
    let theirs = other.matter("Alice", "Bob").await.name;
    let id: MatterName = theirs.parse().unwrap();
    for matter in [
        theirs,
        MatterName::new(firm.id, id.id).to_string(),
        MatterName::new(firm.id, MatterId::generate()).to_string(),
    ] {
        let foreign = Undertaking {
            matter,
            ..signed(paralegal)
        };
        assert_eq!(
            violations(create(&world, &firm, foreign).await),
            ["undertaking.matter"]
        );
    }
    let list = ListUndertakingsRequest {
        parent: other.name.clone(),
        page_size: -1,
        paralegal: "7".to_owned(),
        matter: MatterName::new(firm.id, MatterId::generate()).to_string(),
        in_force_date: Some(day(0, 1, 1)),
        ..ListUndertakingsRequest::default()
    };
    assert_eq!(
        violations(coordinator(&world).list_undertakings(list).await),
        ["in_force_date", "matter", "page_size", "paralegal"]
    );
    let nameless = RevokeUndertakingRequest {
        name: firm.name.clone(),
        request_id: "7".to_owned(),
        ..RevokeUndertakingRequest::default()
    };
    assert_eq!(
        violations(coordinator(&world).revoke_undertaking(nameless).await),
        ["name", "reason", "request_id"]
    );
    assert_eq!(world.count("select count(*) from undertakings").await, 0);
}

#[tokio::test]
async fn the_suites_staff_record_undertakings_and_firms_read_their_own() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let paralegal = ParalegalId::generate();
    let created = create(&world, &firm, signed(paralegal)).await.unwrap();
    for token in [
        tokens::firm_admin(firm.id),
        tokens::attorney(firm.id),
        tokens::paralegal(paralegal),
    ] {
        let mut person = client(&world, token);
        let request = creation(&firm, signed(paralegal));
        let refused = person.create_undertaking(request).await;
        assert_eq!(refusal(refused).0, Code::PermissionDenied);
        let refused = person.revoke_undertaking(revocation(&created)).await;
        assert_eq!(refusal(refused).0, Code::PermissionDenied);
    }
    let mut stranger = attorney(&world, &other);
    let id: UndertakingName = created.name.parse().unwrap();
    let mut get = async |name: String| {
        let request = GetUndertakingRequest { name: name.clone() };
        let refused = stranger.get_undertaking(request).await.unwrap_err();
        (refused.code(), refused.message().replace(&name, ""))
    };
    let there = get(created.name.clone()).await;
    assert_eq!(there.0, Code::NotFound);
    for name in [
        UndertakingName::new(firm.id, UndertakingId::generate()),
        UndertakingName::new(other.id, id.id),
        UndertakingName::new(other.id, UndertakingId::generate()),
    ] {
        assert_eq!(get(name.to_string()).await, there);
    }
    let theirs = ListUndertakingsRequest {
        parent: firm.name.clone(),
        ..ListUndertakingsRequest::default()
    };
    let refused = attorney(&world, &other).list_undertakings(theirs).await;
    assert_eq!(refusal(refused).0, Code::NotFound);
}

#[tokio::test]
async fn an_undertaking_that_is_sent_again_is_on_file_once() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let request = CreateUndertakingRequest {
        request_id: Uuid::now_v7().to_string(),
        ..creation(&firm, signed(ParalegalId::generate()))
    };
    let many = (0..4).map(|_| {
        let mut coordinator = coordinator(&world);
        let request = request.clone();
        async move { coordinator.create_undertaking(request).await }
    });
    let answers: Vec<_> = join_all(many)
        .await
        .into_iter()
        .map(|answer| answer.unwrap().into_inner())
        .collect();
    assert!(answers.iter().all(|one| *one == answers[0]));
    assert_eq!(world.count("select count(*) from undertakings").await, 1);
    let revoke = RevokeUndertakingRequest {
        request_id: Uuid::now_v7().to_string(),
        ..revocation(&answers[0])
    };
    let mut coordinator = coordinator(&world);
    let first = coordinator.revoke_undertaking(revoke.clone()).await;
    let again = coordinator.revoke_undertaking(revoke).await;
    assert_eq!(first.unwrap().into_inner(), again.unwrap().into_inner());
}
