//! Bad requests are answered with everything that is wrong, and change nothing.

use caseload_domain::name::{FirmName, ParalegalName, PlanName, TaskName};
use caseload_domain::{FirmId, ParalegalId, PlanId, TaskId};
use caseload_proto::caseload::assignment::v1::{
    AcceptAssignmentRequest, ApplyPlanRequest, CreateParalegalRequest, DeclineAssignmentRequest,
    GetAssignmentRequest, GetParalegalRequest, GetPlanRequest, ListAssignmentsRequest,
    ListParalegalsRequest, ListPlansRequest, OfferAssignmentRequest, Paralegal, Pay, PlanSpec,
    ProjectPay, ReleaseAssignmentRequest, Skill, TaskPair, UpdateParalegalRequest,
};
use caseload_proto::caseload::r#type::v1::TaskKind;
use caseload_proto::convert::seconds;
use caseload_testing::tokens;
use prost_types::FieldMask;
use tonic::Code;

use crate::world::{World, reason, somebody, usd, wrong_fields};

#[tokio::test]
async fn everything_that_is_wrong_with_a_paralegal_is_told_at_once() {
    let world = World::new().await;
    let mut euros = usd(5);
    euros.currency_code = "EUR".to_owned();
    let skill = Skill {
        practice_area: "Wizardry".to_owned(),
        kind: 77,
        level: 6,
    };
    let twice = Skill {
        level: 1,
        ..Skill::default()
    };
    let wrong = Paralegal {
        given_name: "  ".to_owned(),
        family_name: "x".repeat(101),
        timekeeper_id: "no spaces".to_owned(),
        time_zone: "Mars/Olympus".to_owned(),
        skills: vec![skill, twice.clone(), twice],
        jurisdictions: vec!["US_NY".to_owned()],
        language_codes: vec!["e".to_owned()],
        certifications: vec![String::new()],
        weekly_capacity: Some(seconds(81 * 3600)),
        task_limit: 0,
        pay: Some(Pay {
            hourly_rate: Some(euros),
            project_pay: vec![
                ProjectPay {
                    kind: 0,
                    fee: Some(usd(-1)),
                },
                ProjectPay {
                    kind: TaskKind::LegalResearch.into(),
                    fee: Some(usd(1_000_001)),
                },
            ],
        }),
        ..Paralegal::default()
    };
    let mut roster = world.paralegals(tokens::operations_manager());
    let request = CreateParalegalRequest {
        paralegal: Some(wrong),
        request_id: "not a UUID".to_owned(),
    };
    let refused = roster
        .create_paralegal(request)
        .await
        .expect_err("is wrong");
    let expected = [
        "paralegal.certifications[0]",
        "paralegal.family_name",
        "paralegal.given_name",
        "paralegal.jurisdictions[0]",
        "paralegal.language_codes[0]",
        "paralegal.pay.hourly_rate",
        "paralegal.pay.project_pay[0].fee",
        "paralegal.pay.project_pay[0].kind",
        "paralegal.pay.project_pay[1].fee",
        "paralegal.skills[0].kind",
        "paralegal.skills[0].level",
        "paralegal.skills[0].practice_area",
        "paralegal.skills[2]",
        "paralegal.task_limit",
        "paralegal.time_zone",
        "paralegal.timekeeper_id",
        "paralegal.weekly_capacity",
        "request_id",
    ];
    assert_eq!(wrong_fields(&refused), expected);
    let nothing = roster
        .create_paralegal(CreateParalegalRequest::default())
        .await;
    assert_eq!(wrong_fields(&nothing.expect_err("is wrong")), ["paralegal"]);
    assert_eq!(world.count("select count(*) from paralegals").await, 0);
}

#[tokio::test]
async fn an_update_that_names_what_can_not_be_changed_changes_nothing() {
    let world = World::new().await;
    let who = world.hire(|_| ()).await;
    let mut roster = world.paralegals(tokens::operations_manager());
    let paths = ["state", "create_time", "nonsense", "task_limit"]
        .map(str::to_owned)
        .to_vec();
    let request = UpdateParalegalRequest {
        paralegal: Some(Paralegal {
            name: who.name.clone(),
            task_limit: -1,
            ..Paralegal::default()
        }),
        update_mask: Some(FieldMask { paths }),
        request_id: String::new(),
    };
    let refused = roster
        .update_paralegal(request)
        .await
        .expect_err("is wrong");
    let mask = || "update_mask".to_owned();
    let limit = "paralegal.task_limit".to_owned();
    assert_eq!(wrong_fields(&refused), [limit, mask(), mask(), mask()]);
    let request = UpdateParalegalRequest {
        paralegal: Some(Paralegal {
            name: who.name.clone(),
            ..Paralegal::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["task_limit".to_owned(), "skills".to_owned()],
        }),
        request_id: String::new(),
    };
    let refused = roster
        .update_paralegal(request)
        .await
        .expect_err("is wrong");
    assert_eq!(
        wrong_fields(&refused),
        ["paralegal.skills", "paralegal.task_limit"]
    );
    let read = GetParalegalRequest {
        name: who.name.clone(),
    };
    assert_eq!(
        roster
            .get_paralegal(read)
            .await
            .expect("is there")
            .into_inner(),
        who
    );
}

#[tokio::test]
async fn what_is_not_known_is_not_found() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let firm = task.name.parse::<TaskName>().expect("a name").firm;
    let nobody = ParalegalName(ParalegalId::generate()).to_string();
    let nothing = TaskName::new(firm, TaskId::generate()).to_string();
    let offer = |task: &str, paralegal: &str| OfferAssignmentRequest {
        parent: FirmName(firm).to_string(),
        task: task.to_owned(),
        paralegal: paralegal.to_owned(),
        ..OfferAssignmentRequest::default()
    };
    let mut desk = world.desk();
    for (request, missing) in [
        (offer(&nothing, &who.name), &nothing),
        (offer(&task.name, &nobody), &nobody),
    ] {
        let refused = desk
            .offer_assignment(request)
            .await
            .expect_err("is not there");
        assert_eq!(
            reason(&refused),
            (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned())
        );
        assert_eq!(refused.message(), format!("{missing} was not found"));
    }
    let spec = PlanSpec {
        tasks: vec![nothing.clone()],
        ..PlanSpec::default()
    };
    assert_eq!(
        world.plan_of(spec).await.expect_err("is not there").code(),
        Code::NotFound
    );
    let pair = TaskPair {
        task: task.name.clone(),
        paralegal: nobody.clone(),
    };
    let spec = PlanSpec {
        forbidden_pairs: vec![pair],
        ..PlanSpec::default()
    };
    assert_eq!(
        world.plan_of(spec).await.expect_err("is not there").code(),
        Code::NotFound
    );
    let plan = PlanName(PlanId::generate()).to_string();
    let mut plans = world.plans();
    let read = plans.get_plan(GetPlanRequest { name: plan.clone() }).await;
    assert_eq!(read.expect_err("is not there").code(), Code::NotFound);
    let apply = ApplyPlanRequest {
        name: plan,
        ..ApplyPlanRequest::default()
    };
    assert_eq!(
        plans
            .apply_plan(apply)
            .await
            .expect_err("is not there")
            .code(),
        Code::NotFound
    );
    let mut roster = world.paralegals(tokens::operations_manager());
    let update = UpdateParalegalRequest {
        paralegal: Some(Paralegal {
            name: nobody,
            ..somebody()
        }),
        ..UpdateParalegalRequest::default()
    };
    assert_eq!(
        roster
            .update_paralegal(update)
            .await
            .expect_err("nobody")
            .code(),
        Code::NotFound
    );
    assert_eq!(world.count("select count(*) from assignments").await, 0);
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_offer_an_answer_or_a_list_is_told_at_once() {
    let world = World::new().await;
    let mut desk = world.desk();
    let offer = OfferAssignmentRequest {
        parent: "firms/x".to_owned(),
        task: "tasks/1".to_owned(),
        paralegal: String::new(),
        answer_within: Some(seconds(59)),
        request_id: "1".to_owned(),
    };
    let refused = desk.offer_assignment(offer).await.expect_err("is wrong");
    let expected = ["answer_within", "paralegal", "parent", "request_id", "task"];
    assert_eq!(wrong_fields(&refused), expected);
    let elsewhere = OfferAssignmentRequest {
        parent: FirmName(FirmId::generate()).to_string(),
        task: TaskName::new(FirmId::generate(), TaskId::generate()).to_string(),
        paralegal: ParalegalName(ParalegalId::generate()).to_string(),
        ..OfferAssignmentRequest::default()
    };
    let refused = desk
        .offer_assignment(elsewhere)
        .await
        .expect_err("is wrong");
    assert_eq!(wrong_fields(&refused), ["task"]);
    let get = GetAssignmentRequest {
        name: "assignments/1".to_owned(),
    };
    assert_eq!(
        wrong_fields(&desk.get_assignment(get).await.expect_err("is wrong")),
        ["name"]
    );
    let release = ReleaseAssignmentRequest::default();
    let refused = desk
        .release_assignment(release)
        .await
        .expect_err("is wrong");
    assert_eq!(wrong_fields(&refused), ["name", "reason"]);
    let list = ListAssignmentsRequest {
        parent: "all".to_owned(),
        page_size: -1,
        states: vec![0, 99],
        task: "x".to_owned(),
        matter: "x".to_owned(),
        paralegal: "x".to_owned(),
        ..ListAssignmentsRequest::default()
    };
    let refused = desk.list_assignments(list).await.expect_err("is wrong");
    let expected = [
        "matter",
        "page_size",
        "paralegal",
        "parent",
        "states[0]",
        "states[1]",
        "task",
    ];
    assert_eq!(wrong_fields(&refused), expected);
    let mut theirs = world.assignments(tokens::paralegal(ParalegalId::generate()));
    let decline = DeclineAssignmentRequest {
        reason: "x".repeat(1001),
        ..Default::default()
    };
    let refused = theirs
        .decline_assignment(decline)
        .await
        .expect_err("is wrong");
    assert_eq!(wrong_fields(&refused), ["name", "reason"]);
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_plan_is_told_at_once() {
    let world = World::new().await;
    let name = TaskName::new(FirmId::generate(), TaskId::generate()).to_string();
    let other = TaskName::new(FirmId::generate(), TaskId::generate()).to_string();
    let pair = |task: &str| TaskPair {
        task: task.to_owned(),
        paralegal: "nobody".to_owned(),
    };
    let spec = PlanSpec {
        tasks: vec![name.clone(), name.clone(), "x".to_owned()],
        pinned_pairs: vec![pair(&other)],
        forbidden_pairs: vec![pair("x")],
        time_limit: Some(seconds(21)),
        seed: 0,
    };
    let refused = world.plan_of(spec).await.expect_err("is wrong");
    let expected = [
        "spec.forbidden_pairs[0].paralegal",
        "spec.forbidden_pairs[0].task",
        "spec.pinned_pairs[0].paralegal",
        "spec.pinned_pairs[0].task",
        "spec.tasks[1]",
        "spec.tasks[2]",
        "spec.time_limit",
    ];
    assert_eq!(wrong_fields(&refused), expected);
    assert_eq!(world.count("select count(*) from plans").await, 0);
}

#[tokio::test]
async fn a_page_token_serves_the_list_it_was_made_for_and_no_other() {
    let world = World::new().await;
    for _ in 0..3 {
        world.hire(|_| ()).await;
        world.plan().await;
    }
    let mut roster = world.paralegals(tokens::operations_manager());
    let page = ListParalegalsRequest {
        page_size: 1,
        ..ListParalegalsRequest::default()
    };
    let token = roster
        .list_paralegals(page.clone())
        .await
        .expect("a page")
        .into_inner()
        .next_page_token;
    let with = |page_token: String| ListParalegalsRequest {
        page_token,
        ..page.clone()
    };
    assert!(roster.list_paralegals(with(token.clone())).await.is_ok());
    let mut tampered = token.clone();
    tampered.replace_range(20..21, if &token[20..21] == "A" { "B" } else { "A" });
    let refused = roster
        .list_paralegals(with(tampered))
        .await
        .expect_err("is tampered with");
    assert_eq!(
        reason(&refused),
        (Code::InvalidArgument, "PAGE_TOKEN_INVALID".to_owned())
    );
    let filtered = ListParalegalsRequest {
        states: vec![1],
        ..with(token.clone())
    };
    let refused = roster
        .list_paralegals(filtered)
        .await
        .expect_err("is another list");
    assert_eq!(refused.code(), Code::InvalidArgument);
    let mut others = world.paralegals(tokens::coordinator());
    let refused = others
        .list_paralegals(with(token.clone()))
        .await
        .expect_err("is another's");
    assert_eq!(refused.code(), Code::InvalidArgument);
    let request = ListPlansRequest {
        page_token: token,
        ..ListPlansRequest::default()
    };
    let refused = world
        .plans()
        .list_plans(request)
        .await
        .expect_err("is another list");
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_stale_etag_and_a_request_id_of_another_request_are_refused() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let offered = world.offer(&task, &who).await.expect("is offered");
    let mut theirs = world.assignments(crate::world::token_of(&who.name));
    let mut accept = AcceptAssignmentRequest {
        name: offered.name.clone(),
        etag: "\"7\"".to_owned(),
        request_id: uuid::Uuid::new_v4().to_string(),
    };
    let stale = theirs
        .accept_assignment(accept.clone())
        .await
        .expect_err("is stale");
    assert_eq!(reason(&stale), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
    accept.etag = offered.etag.clone();
    let accepted = theirs
        .accept_assignment(accept.clone())
        .await
        .expect("is accepted")
        .into_inner();
    let repeated = theirs
        .accept_assignment(accept.clone())
        .await
        .expect("the same")
        .into_inner();
    assert_eq!(accepted, repeated);
    accept.etag = String::new();
    let reused = theirs
        .accept_assignment(accept)
        .await
        .expect_err("another request");
    assert_eq!(
        reason(&reused),
        (Code::FailedPrecondition, "REQUEST_ID_REUSED".to_owned())
    );
}
