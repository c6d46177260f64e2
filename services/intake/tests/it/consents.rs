//! What the clients of a firm have consented to.

use caseload_domain::MatterId;
use caseload_domain::name::MatterName;
use caseload_proto::caseload::intake::v1::consent_scope::Reach;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::google::r#type::Date;
use tonic::{Code, Status};

use crate::world::{
    FirmOf, Person, World, consent, create_firm, firm, refusal, review_and_accept, violations,
};

fn day(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

fn of(reach: Reach) -> ConsentRecord {
    ConsentRecord {
        scope: Some(ConsentScope { reach: Some(reach) }),
        ..consent()
    }
}

async fn record(firm: &FirmOf, consent: ConsentRecord) -> ConsentRecord {
    let request = RecordConsentRequest {
        name: firm.name.clone(),
        consent: Some(consent),
        ..RecordConsentRequest::default()
    };
    let answer = firm.admin.clone().firms.record_consent(request).await;
    answer.unwrap().into_inner().consents.pop().unwrap()
}

async fn revoke(firm: &FirmOf, consent: &ConsentRecord) {
    let request = RevokeConsentRequest {
        name: firm.name.clone(),
        consent_id: consent.consent_id.clone(),
        ..RevokeConsentRequest::default()
    };
    firm.admin
        .clone()
        .firms
        .revoke_consent(request)
        .await
        .unwrap();
}

async fn page(
    person: &Person,
    request: ListConsentsRequest,
) -> Result<ListConsentsResponse, Status> {
    let answer = person.clone().firms.list_consents(request).await?;
    Ok(answer.into_inner())
}

/// The ids of the consents that a filter leaves.
async fn listed(firm: &FirmOf, filter: ListConsentsRequest) -> Vec<String> {
    let request = ListConsentsRequest {
        parent: firm.name.clone(),
        ..filter
    };
    let answer = page(&firm.attorney, request).await.unwrap();
    let consents = answer.consents.into_iter();
    consents.map(|one| one.consent_id).collect()
}

fn ids(consents: &[&ConsentRecord]) -> Vec<String> {
    let ids = consents.iter().map(|one| one.consent_id.clone());
    ids.collect()
}

/// A firm that came with no consent.
async fn bare(world: &World, code: &str) -> FirmOf {
    let firm = world.firm(code).await;
    let get = GetFirmRequest {
        name: firm.name.clone(),
    };
    let held = firm.admin.clone().firms.get_firm(get).await.unwrap();
    revoke(&firm, &held.into_inner().consents[0]).await;
    firm
}

#[tokio::test]
async fn consents_are_listed_by_the_matter_that_they_reach_and_by_their_client() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let (alice, other) = (
        firm.matter("Alice Corp.", "Bob").await,
        firm.matter("Carol", "Dave").await,
    );
    let of_matter = record(&firm, of(Reach::Matter(alice.name.clone()))).await;
    let of_client = record(
        &firm,
        of(Reach::ClientDisplayName("ALICE CORPORATION".to_owned())),
    )
    .await;
    let of_other = record(&firm, of(Reach::ClientDisplayName("Carol".to_owned()))).await;
    let all = listed(&firm, ListConsentsRequest::default()).await;
    assert_eq!(all.len(), 4);
    let first = &all[0];
    let reaching = |matter: &Matter| ListConsentsRequest {
        matter: matter.name.clone(),
        ..ListConsentsRequest::default()
    };
    assert_eq!(
        listed(&firm, reaching(&alice)).await,
        [vec![first.clone()], ids(&[&of_matter, &of_client])].concat()
    );
    assert_eq!(
        listed(&firm, reaching(&other)).await,
        [vec![first.clone()], ids(&[&of_other])].concat()
    );
    let for_client = |name: &str| ListConsentsRequest {
        client_display_name: name.to_owned(),
        ..ListConsentsRequest::default()
    };
    let found = listed(&firm, for_client("alice corp")).await;
    assert_eq!(found, ids(&[&of_client]));
    let nobody = listed(&firm, for_client("🙂")).await;
    assert!(nobody.is_empty());
}

#[tokio::test]
async fn consents_are_listed_by_the_day_on_which_they_are_in_force() {
    let world = World::new().await;
    let firm = bare(&world, "DOE").await;
    let of_march = record(
        &firm,
        ConsentRecord {
            grant_date: Some(day(2025, 3, 1)),
            expire_date: Some(day(2025, 3, 31)),
            ..consent()
        },
    )
    .await;
    let on = |date| ListConsentsRequest {
        in_force_date: date,
        ..ListConsentsRequest::default()
    };
    for (date, holds) in [
        (Some(day(2025, 2, 28)), false),
        (Some(day(2025, 3, 1)), true),
        (Some(day(2025, 3, 31)), true),
        (Some(day(2025, 4, 1)), false),
    ] {
        let expected = if holds { ids(&[&of_march]) } else { Vec::new() };
        assert_eq!(listed(&firm, on(date)).await, expected, "{date:?}");
    }
    revoke(&firm, &of_march).await;
    assert!(listed(&firm, on(Some(day(2025, 3, 15)))).await.is_empty());
    assert_eq!(listed(&firm, on(None)).await.len(), 2);
}

#[tokio::test]
async fn a_firm_has_as_many_consents_as_it_has_clients_and_shows_the_newest() {
    let world = World::new().await;
    let with = |count: usize| Firm {
        consents: vec![consent(); count],
        ..firm("DOE")
    };
    let coordinator = world.coordinator();
    assert_eq!(
        violations(create_firm(&coordinator, with(501)).await),
        ["firm.consents"]
    );
    let created = create_firm(&coordinator, with(500)).await.unwrap();
    let record = RecordConsentRequest {
        name: created.name.clone(),
        consent: Some(consent()),
        ..RecordConsentRequest::default()
    };
    let more = coordinator.clone().firms.record_consent(record).await;
    let more = more.unwrap().into_inner();
    assert_eq!(more.consents.len(), 500);
    assert_eq!(more.consents[..499], created.consents[1..]);

    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let request = ListConsentsRequest {
            parent: created.name.clone(),
            page_size: 200,
            page_token: token,
            ..ListConsentsRequest::default()
        };
        let answer = page(&coordinator, request).await.unwrap();
        seen.extend(answer.consents);
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen[0], created.consents[0]);
    assert_eq!(seen[1..], more.consents);
}

#[tokio::test]
async fn the_oldest_of_very_many_consents_still_covers_its_client() {
    let world = World::new().await;
    let firm = bare(&world, "DOE").await;
    let matter = firm.matter("Alice Corp.", "Bob").await;
    let client = "ALICE CORPORATION".to_owned();
    let oldest = record(&firm, of(Reach::ClientDisplayName(client))).await;
    let mut connection = world.database.inspect().await;
    sqlx::query(
        "insert into consents (firm_id, consent_id, granted_by, grant_date, reach, client_display_name, note,
                               recorded_by)
         select $1, ('ffffffff-ffff-7fff-bfff-' || lpad(n::text, 12, '0'))::uuid, 'Counsel', '2024-01-01', 'client',
                'Client ' || n, '', 'someone'
         from generate_series(1, 5000) n",
    )
    .bind(firm.id.0)
    .execute(&mut connection)
    .await
    .unwrap();
    let (request, _) = firm.submitted(&matter).await;
    review_and_accept(&world, &request).await.unwrap();

    revoke(&firm, &oldest).await;
    let (request, _) = firm.submitted(&matter).await;
    let refused = refusal(review_and_accept(&world, &request).await);
    assert_eq!(refused.1, "CONSENT_MISSING");
}

#[tokio::test]
async fn a_consent_has_a_record_of_its_own_when_it_is_given_and_when_it_ends() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let given = record(&firm, consent()).await;
    revoke(&firm, &given).await;
    let resource = format!("{}/consents/{}", firm.name, given.consent_id);
    let mut connection = world.database.inspect().await;
    let records: Vec<(bool, bool)> = sqlx::query_as(
        "select before is null, (after ->> 'revoke_time') is null from audit_log where resource = $1 order by 1 desc",
    )
    .bind(resource)
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert_eq!(records, [(true, true), (false, false)]);
}

#[tokio::test]
async fn every_field_of_a_list_of_consents_is_looked_at() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let odd = ListConsentsRequest {
        parent: "firms/-".to_owned(),
        page_size: -1,
        matter: "matters/7".to_owned(),
        client_display_name: "x".repeat(201),
        in_force_date: Some(day(2023, 2, 29)),
        ..ListConsentsRequest::default()
    };
    assert_eq!(
        violations(page(&firm.attorney, odd).await),
        [
            "client_display_name",
            "in_force_date",
            "matter",
            "page_size",
            "parent"
        ]
    );
    let theirs = other.matter("Alice", "Bob").await;
    let id: MatterName = theirs.name.parse().unwrap();
    for matter in [
        theirs.name.clone(),
        MatterName::new(firm.id, id.id).to_string(),
        MatterName::new(firm.id, MatterId::generate()).to_string(),
    ] {
        let request = ListConsentsRequest {
            parent: firm.name.clone(),
            matter,
            ..ListConsentsRequest::default()
        };
        assert_eq!(violations(page(&firm.attorney, request).await), ["matter"]);
    }
}

#[tokio::test]
async fn a_firm_lists_its_own_consents_alone() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let of = |firm: &FirmOf| ListConsentsRequest {
        parent: firm.name.clone(),
        page_size: 1,
        ..ListConsentsRequest::default()
    };
    record(&firm, consent()).await;
    let refused = refusal(page(&other.attorney, of(&firm)).await);
    assert_eq!(refused.0, Code::NotFound);
    let own = page(&firm.attorney, of(&firm)).await.unwrap();
    assert_eq!(own.consents.len(), 1);
    // A token serves its own list alone.
    let elsewhere = ListConsentsRequest {
        page_token: own.next_page_token,
        ..of(&other)
    };
    let refused = refusal(page(&world.coordinator(), elsewhere).await);
    assert_eq!(refused.1, "PAGE_TOKEN_INVALID");
}
