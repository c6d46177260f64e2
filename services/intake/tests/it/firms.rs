//! Firms: taking them on, and what a firm does of its own.

use caseload_domain::FirmId;
use caseload_domain::name::FirmName;
use caseload_proto::caseload::intake::v1::*;
use caseload_testing::tokens;
use tonic::Code;

use crate::world::{World, consent, create_firm, firm, refusal, violations};

#[tokio::test]
async fn a_firm_is_answered_as_it_was_given_with_who_recorded_its_consents() {
    let world = World::new().await;
    let created = create_firm(&world.coordinator(), firm("DOE"))
        .await
        .unwrap();
    assert_eq!(created.state(), FirmState::Active);
    assert_eq!(
        created.supervising_attorneys,
        firm("DOE").supervising_attorneys
    );
    let on_file = &created.consents[0];
    assert_eq!(on_file.recorded_by, "test-coordinator");
    assert_eq!(
        (on_file.grant_date, on_file.scope.clone()),
        (consent().grant_date, consent().scope)
    );
    assert!(!on_file.consent_id.is_empty() && on_file.record_time.is_some());
    let id = created.name.parse::<FirmName>().unwrap().0;
    let get = GetFirmRequest {
        name: created.name.clone(),
    };
    let mut admin = world.person(tokens::firm_admin(id));
    assert_eq!(
        admin.firms.get_firm(get).await.unwrap().into_inner(),
        created
    );
}

#[tokio::test]
async fn a_code_is_given_once() {
    let world = World::new().await;
    create_firm(&world.coordinator(), firm("DOE"))
        .await
        .unwrap();
    let refused = refusal(create_firm(&world.coordinator(), firm("DOE")).await);
    assert_eq!(refused, (Code::AlreadyExists, "RESOURCE_EXISTS".to_owned()));
    assert_eq!(world.count("select count(*) from firms").await, 1);
}

#[tokio::test]
async fn only_the_suites_staff_take_firms_on_or_suspend_them() {
    let world = World::new().await;
    let firm_of = world.firm("DOE").await;
    for person in [&firm_of.admin, &firm_of.attorney] {
        assert_eq!(
            refusal(create_firm(person, firm("ROE")).await).0,
            Code::PermissionDenied
        );
        let suspend = SuspendFirmRequest {
            name: firm_of.name.clone(),
            reason: "Because".to_owned(),
            ..SuspendFirmRequest::default()
        };
        let refused = person.clone().firms.suspend_firm(suspend).await;
        assert_eq!(refusal(refused).0, Code::PermissionDenied);
    }
}

#[tokio::test]
async fn a_firm_keeps_its_own_profile_and_never_its_code_or_currency() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut admin = firm.admin.clone();
    let update = |paths: &[&str]| UpdateFirmRequest {
        firm: Some(Firm {
            name: firm.name.clone(),
            display_name: "Doe, Roe & Partners".to_owned(),
            time_zone: "America/New_York".to_owned(),
            code: "ROE".to_owned(),
            currency_code: "EUR".to_owned(),
            ..Firm::default()
        }),
        update_mask: Some(prost_types::FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        request_id: String::new(),
    };
    let changed = admin
        .firms
        .update_firm(update(&["display_name", "time_zone"]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(changed.display_name, "Doe, Roe & Partners");
    assert_eq!(
        (changed.code.as_str(), changed.currency_code.as_str()),
        ("DOE", "USD")
    );
    for path in ["code", "currency_code", "consents", "state"] {
        assert_eq!(
            violations(admin.firms.update_firm(update(&[path])).await),
            ["update_mask"]
        );
    }
    let refused = firm
        .attorney
        .clone()
        .firms
        .update_firm(update(&["display_name"]))
        .await;
    assert_eq!(refusal(refused).0, Code::PermissionDenied);
}

#[tokio::test]
async fn a_firm_says_where_its_documents_are_kept_and_who_accepts_its_deliveries() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut admin = firm.admin.clone();
    let mut update = async |given: Firm, paths: &[&str]| {
        let request = UpdateFirmRequest {
            firm: Some(Firm {
                name: firm.name.clone(),
                ..given
            }),
            update_mask: (!paths.is_empty()).then(|| prost_types::FieldMask {
                paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            }),
            request_id: String::new(),
        };
        let answer = admin.firms.update_firm(request).await;
        answer.map(tonic::Response::into_inner)
    };
    let rules = Firm {
        data_residency: "EU".to_owned(),
        attorney_acceptance_required: true,
        ..Firm::default()
    };
    let seen = update(rules, &[]).await.unwrap();
    assert_eq!(seen.data_residency, "EU");
    assert!(seen.attorney_acceptance_required);
    let seen = update(Firm::default(), &["attorney_acceptance_required"]).await;
    let seen = seen.unwrap();
    assert!(!seen.attorney_acceptance_required);
    assert_eq!(seen.data_residency, "EU");
    let seen = update(Firm::default(), &["data_residency"]).await.unwrap();
    assert_eq!(seen.data_residency, "");
    for odd in ["E", "eu", "EU WEST", "EU-WEST-1", "🙂🙂", "EU\n"] {
        let odd = Firm {
            data_residency: odd.to_owned(),
            ..Firm::default()
        };
        assert_eq!(violations(update(odd, &[]).await), ["firm.data_residency"]);
    }
}

#[tokio::test]
async fn a_consent_is_revoked_once_and_an_unknown_one_is_not_found() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut admin = firm.admin.clone();
    let get = GetFirmRequest {
        name: firm.name.clone(),
    };
    let held = admin.firms.get_firm(get).await.unwrap().into_inner();
    let revoke = |consent_id: &str| RevokeConsentRequest {
        name: firm.name.clone(),
        consent_id: consent_id.to_owned(),
        ..RevokeConsentRequest::default()
    };
    let id = &held.consents[0].consent_id;
    let once = admin
        .firms
        .revoke_consent(revoke(id))
        .await
        .unwrap()
        .into_inner();
    let twice = admin
        .firms
        .revoke_consent(revoke(id))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(once, twice);
    let stranger = FirmId::generate().to_string();
    assert_eq!(
        refusal(admin.firms.revoke_consent(revoke(&stranger)).await).0,
        Code::NotFound
    );
    assert_eq!(
        violations(admin.firms.revoke_consent(revoke("7")).await),
        ["consent_id"]
    );
}

#[tokio::test]
async fn a_consent_for_a_matter_names_one_of_the_firms_own() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let theirs = other.matter("Alice", "Bob").await;
    let id: caseload_domain::name::MatterName = theirs.name.parse().unwrap();
    let disguised = caseload_domain::name::MatterName::new(firm.id, id.id).to_string();
    let mut admin = firm.admin.clone();
    for (matter, field) in [
        (theirs.name, "consent.scope.matter"),
        (disguised, "consent.scope.matter"),
    ] {
        let record = RecordConsentRequest {
            name: firm.name.clone(),
            consent: Some(ConsentRecord {
                scope: Some(ConsentScope {
                    reach: Some(consent_scope::Reach::Matter(matter)),
                }),
                ..consent()
            }),
            ..RecordConsentRequest::default()
        };
        assert_eq!(
            violations(admin.firms.record_consent(record).await),
            [field]
        );
    }
}

#[tokio::test]
async fn firms_are_listed_by_any_of_the_states_asked_for() {
    let world = World::new().await;
    let (active, other) = (world.firm("DOE").await, world.firm("ROE").await);
    let mut coordinator = world.coordinator();
    let suspend = SuspendFirmRequest {
        name: other.name.clone(),
        reason: "Unpaid".to_owned(),
        ..SuspendFirmRequest::default()
    };
    let mut manager = world.manager();
    manager.firms.suspend_firm(suspend).await.unwrap();
    let mut listed = async |states: &[FirmState]| {
        let request = ListFirmsRequest {
            states: states.iter().map(|state| (*state).into()).collect(),
            ..ListFirmsRequest::default()
        };
        let answer = coordinator.firms.list_firms(request).await.unwrap();
        let firms = answer.into_inner().firms;
        firms.into_iter().map(|firm| firm.name).collect::<Vec<_>>()
    };
    let both = [active.name.clone(), other.name.clone()];
    assert_eq!(listed(&[]).await, both);
    assert_eq!(
        listed(&[FirmState::Suspended, FirmState::Active]).await,
        both
    );
    assert_eq!(listed(&[FirmState::Active]).await, [active.name]);
    assert_eq!(listed(&[FirmState::Suspended]).await, [other.name]);
    let odd = ListFirmsRequest {
        states: vec![1, 0, 99],
        ..ListFirmsRequest::default()
    };
    assert_eq!(
        violations(coordinator.firms.list_firms(odd).await),
        ["states[1]", "states[2]"]
    );
}
