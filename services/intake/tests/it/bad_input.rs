//! Bad requests: every violation is told at once, and nothing changes.

use caseload_proto::caseload::intake::v1::*;
use caseload_proto::caseload::r#type::v1::{Budget, HourlyPricing, Pricing, SkillLevel, pricing};
use caseload_proto::google::r#type::{Date, Money};
use prost_types::{Duration, Timestamp};
use tonic::Code;

use crate::world::{
    World, consent, create_firm, firm, party, project, refusal, task, usd, violations,
};

#[tokio::test]
async fn an_empty_firm_tells_everything_that_it_lacks() {
    let world = World::new().await;
    let answer = create_firm(&world.coordinator(), Firm::default()).await;
    assert_eq!(
        violations(answer),
        [
            "firm.code",
            "firm.currency_code",
            "firm.display_name",
            "firm.time_zone"
        ]
    );
    let mut coordinator = world.coordinator();
    let nothing = CreateFirmRequest {
        firm: None,
        request_id: "not a UUID".to_owned(),
    };
    assert_eq!(
        violations(coordinator.firms.create_firm(nothing).await),
        ["firm", "request_id"]
    );
    assert_eq!(world.count("select count(*) from firms").await, 0);
}

#[tokio::test]
async fn a_firms_every_field_is_looked_at() {
    let world = World::new().await;
    let odd = Firm {
        code: "toolongcode".to_owned(),
        display_name: "x".repeat(201),
        legal_name: "a\u{7}b".to_owned(),
        time_zone: "Mars/Olympus".to_owned(),
        currency_code: "usd".to_owned(),
        contact_email: "nowhere".to_owned(),
        supervising_attorneys: vec![SupervisingAttorney {
            attorney_id: "Jane Roe".to_owned(),
            display_name: "🙂".repeat(201),
            ..SupervisingAttorney::default()
        }],
        consents: vec![
            ConsentRecord {
                granted_by: String::new(),
                grant_date: Some(Date {
                    year: 2023,
                    month: 2,
                    day: 29,
                }),
                scope: None,
                ..ConsentRecord::default()
            },
            ConsentRecord {
                expire_date: Some(Date {
                    year: 2020,
                    month: 1,
                    day: 1,
                }),
                scope: Some(ConsentScope {
                    reach: Some(consent_scope::Reach::AllMatters(false)),
                }),
                ..consent()
            },
        ],
        ..Firm::default()
    };
    assert_eq!(
        violations(create_firm(&world.coordinator(), odd).await),
        [
            "firm.code",
            "firm.consents[0].grant_date",
            "firm.consents[0].granted_by",
            "firm.consents[0].scope",
            "firm.consents[1].expire_date",
            "firm.consents[1].scope.all_matters",
            "firm.contact_email",
            "firm.currency_code",
            "firm.display_name",
            "firm.legal_name",
            "firm.supervising_attorneys[0].attorney_id",
            "firm.supervising_attorneys[0].display_name",
            "firm.time_zone",
        ]
    );
    let mut future = firm("DOE");
    future.consents[0].grant_date = Some(Date {
        year: 9999,
        month: 1,
        day: 1,
    });
    assert_eq!(
        violations(create_firm(&world.coordinator(), future).await),
        ["firm.consents.grant_date"]
    );
}

#[tokio::test]
async fn letters_of_every_script_are_names_and_pictures_alone_are_not() {
    let world = World::new().await;
    let of = world.firm("DOE").await;
    let mut attorney = of.attorney.clone();
    for name in ["Łódź S.A.", "株式会社 日立", "Ünïcode 🙂 GmbH", "O’Brien"] {
        let created = of.matter(name, "Bob").await;
        assert_eq!(created.client_display_name, name);
    }
    for name in ["🙂", "...", "\u{200b}", ""] {
        let request = CreateMatterRequest {
            parent: of.name.clone(),
            matter: Some(Matter {
                client_display_name: name.to_owned(),
                parties: Vec::new(),
                ..crate::world::matter("Alice", "Bob")
            }),
            request_id: String::new(),
        };
        let answer = attorney.matters.create_matter(request).await;
        assert_eq!(
            violations(answer),
            ["matter.client_display_name"],
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn a_matters_every_field_is_looked_at() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut attorney = firm.attorney.clone();
    let external = |source: &str, id: &str| ExternalId {
        source: source.to_owned(),
        id: id.to_owned(),
    };
    let odd = Matter {
        caption: " ".to_owned(),
        client_display_name: String::new(),
        practice_area: "Patent law".to_owned(),
        court: "c".repeat(201),
        docket_number: "d".repeat(64),
        jurisdiction: "US/NY".to_owned(),
        external_ids: vec![
            external("clio", "1"),
            external("clio", "2"),
            external("Clio", ""),
        ],
        parties: vec![
            Party::default(),
            Party {
                party_id: "7".to_owned(),
                role: 99,
                aliases: vec!["fine".to_owned(), "?".to_owned()],
                ..party("Alice", PartyRole::Client)
            },
        ],
        ..Matter::default()
    };
    let request = CreateMatterRequest {
        parent: "firm/1".to_owned(),
        matter: Some(odd),
        request_id: String::new(),
    };
    assert_eq!(
        violations(attorney.matters.create_matter(request).await),
        [
            "matter.caption",
            "matter.client_display_name",
            "matter.court",
            "matter.docket_number",
            "matter.external_ids[1].source",
            "matter.external_ids[2].id",
            "matter.external_ids[2].source",
            "matter.jurisdiction",
            "matter.parties[0].display_name",
            "matter.parties[0].role",
            "matter.parties[1].aliases[1]",
            "matter.parties[1].party_id",
            "matter.parties[1].role",
            "matter.practice_area",
            "parent",
        ]
    );
    let crowd = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(Matter {
            parties: vec![party("Alice", PartyRole::Other); 501],
            ..crate::world::matter("Alice", "Bob")
        }),
        request_id: String::new(),
    };
    assert_eq!(
        violations(attorney.matters.create_matter(crowd).await),
        ["matter.parties"]
    );
    assert_eq!(world.count("select count(*) from matters").await, 0);
}

#[tokio::test]
async fn a_tasks_every_field_is_looked_at() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let odd = Task {
        title: String::new(),
        instructions: "x".repeat(20_001),
        kind: 0,
        practice_area: "Law".to_owned(),
        required_skills: vec![SkillLevel {
            practice_area: String::new(),
            kind: 0,
            level: 6,
        }],
        effort_estimate: Some(Duration {
            seconds: 59,
            nanos: 0,
        }),
        priority: 9,
        due_time: Some(Timestamp {
            seconds: i64::MAX,
            nanos: 0,
        }),
        pricing: Some(Pricing { model: None }),
        utbms_task_code: "L100".to_owned(),
        budget: Some(Budget {
            notice_percents: vec![100, 50],
            ..Budget::default()
        }),
        jurisdiction: "New York".to_owned(),
        language_code: "français".to_owned(),
        required_certification: "c".repeat(64),
        lawyer_only: true,
        depends_on: vec!["tasks/1".to_owned()],
        ..Task::default()
    };
    assert_eq!(
        violations(firm.add(&draft, odd).await),
        [
            "task.budget",
            "task.budget.notice_percents",
            "task.depends_on[0]",
            "task.due_time",
            "task.effort_estimate",
            "task.instructions",
            "task.jurisdiction",
            "task.kind",
            "task.language_code",
            "task.lawyer_only",
            "task.practice_area",
            "task.pricing",
            "task.priority",
            "task.required_certification",
            "task.required_skills[0]",
            "task.required_skills[0].level",
            "task.title",
            "task.utbms_task_code",
        ]
    );
    let bare = firm.add(&draft, Task::default()).await;
    assert_eq!(
        violations(bare),
        [
            "task.due_time",
            "task.effort_estimate",
            "task.kind",
            "task.pricing",
            "task.title"
        ]
    );
    assert_eq!(world.count("select count(*) from tasks").await, 0);
}

#[tokio::test]
async fn money_that_is_negative_huge_broken_or_foreign_is_refused() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let hourly = |rate: Option<Money>, cap: Option<Money>| Pricing {
        model: Some(pricing::Model::Hourly(HourlyPricing { rate, cap })),
    };
    let cents = |units, nanos| Money {
        nanos,
        ..usd(units)
    };
    let euro = |units| Money {
        currency_code: "EUR".to_owned(),
        ..usd(units)
    };
    for (pricing, field) in [
        (hourly(Some(usd(-1)), None), "task.pricing.hourly.rate"),
        (
            hourly(Some(usd(i64::MAX)), None),
            "task.pricing.hourly.rate",
        ),
        (hourly(None, Some(usd(0))), "task.pricing.hourly.cap"),
        (hourly(None, Some(cents(1, 1))), "task.pricing.hourly.cap"),
        (
            hourly(None, Some(cents(1, -10_000_000))),
            "task.pricing.hourly.cap",
        ),
        (hourly(None, Some(usd(i64::MAX))), "task.pricing.hourly.cap"),
        (
            hourly(Some(usd(100)), Some(euro(100))),
            "task.pricing.hourly.cap",
        ),
        (hourly(Some(euro(100)), None), "task.pricing"),
        (project(-5, &[]), "task.pricing.project.fee"),
        (project(0, &[]), "task.pricing.project.fee"),
        (project(i64::MIN, &[]), "task.pricing.project.fee"),
        (
            project(100, &[("a", 60), ("b", 60)]),
            "task.pricing.project.milestones",
        ),
        (
            project(100, &[("a", 50), ("a", 50)]),
            "task.pricing.project.milestones",
        ),
        (
            project(100, &[("a", 150), ("b", -50)]),
            "task.pricing.project.milestones[1].fee",
        ),
        (
            project(100, &[("A B", 100)]),
            "task.pricing.project.milestones[0].milestone_id",
        ),
    ] {
        let priced = Task {
            pricing: Some(pricing.clone()),
            ..task()
        };
        assert_eq!(
            violations(firm.add(&draft, priced).await),
            [field],
            "{pricing:?}"
        );
    }
    let budget = Task {
        budget: Some(Budget {
            amount: Some(euro(1)),
            ..Budget::default()
        }),
        ..task()
    };
    assert_eq!(
        violations(firm.add(&draft, budget).await),
        ["task.budget.amount"]
    );
}

#[tokio::test]
async fn a_message_over_the_limit_is_refused() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut attorney = firm.attorney.clone();
    let request = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(crate::world::matter(&"x".repeat(2 * 1024 * 1024), "Bob")),
        request_id: String::new(),
    };
    let refused = attorney.matters.create_matter(request).await.unwrap_err();
    assert!(
        matches!(refused.code(), Code::OutOfRange | Code::ResourceExhausted),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_call_without_a_token_is_refused() {
    let world = World::new().await;
    let anonymous =
        caseload_proto::caseload::intake::v1::firm_service_client::FirmServiceClient::new(
            world.service.anonymous(),
        );
    let answer = anonymous
        .clone()
        .list_firms(ListFirmsRequest::default())
        .await;
    assert_eq!(refusal(answer).0, Code::Unauthenticated);
}
