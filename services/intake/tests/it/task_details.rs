//! Tasks in detail: all that they say, what they wait for, holds.

use caseload_domain::ParalegalId;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::caseload::r#type::v1::{Budget, Priority, SkillLevel, TaskKind};
use caseload_proto::convert::{seconds, timestamp};
use prost::Message as _;
use time::{Duration, OffsetDateTime};
use tonic::{Code, Status};

use crate::world::{
    FirmOf, Person, World, deliver, get_task, metadata, project, refusal, review_and_accept, task,
    usd, violations,
};

async fn update(person: &Person, task: Task) -> Result<Task, Status> {
    let request = UpdateTaskRequest {
        task: Some(task),
        ..UpdateTaskRequest::default()
    };
    Ok(person
        .clone()
        .tasks
        .update_task(request)
        .await?
        .into_inner())
}

async fn hold(person: &Person, name: &str) -> Result<Task, Status> {
    let request = HoldTaskRequest {
        name: name.to_owned(),
        reason: "Waiting for the client".to_owned(),
        ..HoldTaskRequest::default()
    };
    Ok(person.clone().tasks.hold_task(request).await?.into_inner())
}

async fn resume(person: &Person, name: &str) -> Result<Task, Status> {
    let request = ResumeTaskRequest {
        name: name.to_owned(),
        ..ResumeTaskRequest::default()
    };
    Ok(person
        .clone()
        .tasks
        .resume_task(request)
        .await?
        .into_inner())
}

async fn accept(firm: &FirmOf, delivery: Delivery) {
    let request = AcceptDeliveryRequest {
        name: delivery.name,
        ..AcceptDeliveryRequest::default()
    };
    firm.attorney
        .clone()
        .deliveries
        .accept_delivery(request)
        .await
        .unwrap();
}

async fn state(firm: &FirmOf, name: &str) -> TaskState {
    get_task(&firm.attorney, name).await.unwrap().state()
}

/// A task that says all that one can.
fn everything() -> Task {
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap();
    Task {
        title: "Contrat de licence 📄".to_owned(),
        instructions: "Comparer avec le précédent.\n\tArticle 4.".to_owned(),
        kind: TaskKind::DraftingAndReview.into(),
        subkind: "contract".to_owned(),
        practice_area: "Intellectual Property Law".to_owned(),
        required_skills: vec![
            SkillLevel {
                practice_area: "Intellectual Property Law".to_owned(),
                kind: TaskKind::DraftingAndReview.into(),
                level: 4,
            },
            SkillLevel {
                practice_area: String::new(),
                kind: TaskKind::LegalResearch.into(),
                level: 2,
            },
        ],
        effort_estimate: Some(seconds(27_000)),
        priority: Priority::Urgent.into(),
        earliest_start_time: Some(timestamp(now + Duration::days(1))),
        due_time: Some(timestamp(now + Duration::days(9))),
        pricing: Some(project(900, &[("draft", 600), ("final", 300)])),
        utbms_task_code: "P400".to_owned(),
        budget: Some(Budget {
            effort: Some(seconds(36_000)),
            amount: Some(usd(1_000)),
            notice_percents: vec![50, 80, 100],
        }),
        jurisdiction: "FR".to_owned(),
        language_code: "fr-CA".to_owned(),
        required_certification: "NALA CP".to_owned(),
        ..Task::default()
    }
}

#[tokio::test]
async fn all_that_a_task_says_is_kept_and_told_to_those_who_plan_and_bill_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let before = firm.add(&draft, task()).await.unwrap();
    let given = everything();
    let made = firm.add(&draft, given.clone()).await.unwrap();
    let said = |task: &Task| Task {
        name: String::new(),
        request: String::new(),
        matter: String::new(),
        state: 0,
        etag: String::new(),
        create_time: None,
        update_time: None,
        ..task.clone()
    };
    assert_eq!(said(&made), given);
    assert_eq!(get_task(&firm.attorney, &made.name).await.unwrap(), made);
    // What was said of another is said of this one instead, in one change.
    let changed = Task {
        name: before.name.clone(),
        ..given.clone()
    };
    assert_eq!(said(&update(&firm.attorney, changed).await.unwrap()), given);

    firm.submit(&draft).await.unwrap();
    review_and_accept(&world, &draft).await.unwrap();
    let mut connection = world.database.inspect().await;
    let payload: Vec<u8> = sqlx::query_scalar("select payload from event_log where aggregate = $1")
        .bind(&made.name)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let told = TaskChanged::decode(payload.as_slice())
        .unwrap()
        .task
        .unwrap();
    assert_eq!(told.required_skills, given.required_skills);
    assert_eq!(told.effort_estimate, given.effort_estimate);
    assert_eq!((told.pricing, told.budget), (given.pricing, given.budget));
    assert_eq!(
        (told.earliest_start_time, told.due_time),
        (given.earliest_start_time, given.due_time)
    );
    assert_eq!(
        [
            told.jurisdiction,
            told.language_code,
            told.required_certification,
            told.utbms_task_code
        ],
        ["FR", "fr-CA", "NALA CP", "P400"]
    );
    // Once it is taken on, who can do it no longer changes; what it may cost and by when, does.
    for change in [
        Task {
            required_certification: "PP".to_owned(),
            ..Task::default()
        },
        Task {
            language_code: "de".to_owned(),
            ..Task::default()
        },
        Task {
            jurisdiction: "DE".to_owned(),
            ..Task::default()
        },
        Task {
            required_skills: everything().required_skills,
            ..Task::default()
        },
    ] {
        let change = Task {
            name: made.name.clone(),
            ..change
        };
        assert_eq!(
            refusal(update(&firm.attorney, change).await).1,
            "WRONG_STATE"
        );
    }
    let raised = Budget {
        effort: None,
        amount: Some(usd(1_200)),
        notice_percents: vec![90],
    };
    let change = Task {
        name: made.name,
        budget: Some(raised.clone()),
        ..Task::default()
    };
    let changed = update(&firm.attorney, change).await.unwrap();
    assert_eq!(changed.budget, Some(raised));
}

#[tokio::test]
async fn work_that_only_a_lawyer_may_do_is_never_taken_on() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let made = firm.add(&draft, task()).await.unwrap();
    assert!(!made.lawyer_only);
    let reserved = Task {
        lawyer_only: true,
        ..task()
    };
    // Whatever else is changed, and whatever the mask says.
    let change = Task {
        name: made.name.clone(),
        title: "Advise the client".to_owned(),
        lawyer_only: true,
        ..Task::default()
    };
    for answer in [
        firm.add(&draft, reserved).await,
        update(&firm.attorney, change).await,
    ] {
        let refused = answer.unwrap_err();
        assert!(
            refused.message().contains("only a lawyer may do"),
            "{refused:?}"
        );
        assert_eq!(violations::<Task>(Err(refused)), ["task.lawyer_only"]);
    }
    assert_eq!(get_task(&firm.attorney, &made.name).await.unwrap(), made);
    assert_eq!(world.count("select count(*) from tasks").await, 1);
}

#[tokio::test]
async fn a_language_is_told_by_a_well_formed_tag() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let spoken = |tag: &str| Task {
        language_code: tag.to_owned(),
        ..task()
    };
    for odd in ["e", "english-", "en_US", "日本語", &"a".repeat(36)] {
        let refused = firm.add(&draft, spoken(odd)).await;
        assert_eq!(violations(refused), ["task.language_code"], "{odd}");
    }
    for fine in ["", "ja", "zh-Hant-TW"] {
        assert_eq!(
            firm.add(&draft, spoken(fine)).await.unwrap().language_code,
            fine
        );
    }
}

#[tokio::test]
async fn a_task_opens_when_all_that_it_waits_for_is_accepted_and_not_before() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let first = firm.add(&draft, task()).await.unwrap();
    let second = firm.add(&draft, task()).await.unwrap();
    let waiting = Task {
        depends_on: vec![first.name.clone(), second.name.clone()],
        ..task()
    };
    let last = firm.add(&draft, waiting).await.unwrap();
    firm.submit(&draft).await.unwrap();
    review_and_accept(&world, &draft).await.unwrap();
    let paralegal = ParalegalId::generate();
    let anna = world.paralegal(paralegal);
    let waits = async || assert_eq!(state(&firm, &last.name).await, TaskState::Pending);

    world.give(&first.name, paralegal).await;
    waits().await;
    let delivered = deliver(&anna, &first, "").await.unwrap();
    waits().await;
    let revise = RequestRevisionRequest {
        name: delivered.name,
        reason: "Once more".to_owned(),
        ..RequestRevisionRequest::default()
    };
    firm.attorney
        .clone()
        .deliveries
        .request_revision(revise)
        .await
        .unwrap();
    waits().await;
    let delivered = deliver(&anna, &first, "").await.unwrap();
    accept(&firm, delivered).await;
    waits().await;
    // The other one is held meanwhile, which opens nothing.
    hold(&firm.attorney, &second.name).await.unwrap();
    waits().await;
    resume(&firm.attorney, &second.name).await.unwrap();
    world.give(&second.name, paralegal).await;
    let delivered = deliver(&anna, &second, "").await.unwrap();
    assert!(
        world.events(&last.name).await.is_empty(),
        "nobody plans it yet"
    );
    accept(&firm, delivered).await;
    assert_eq!(state(&firm, &last.name).await, TaskState::Open);
    assert_eq!(
        world.events(&last.name).await,
        ["caseload.intake.v1.TaskChanged"]
    );
}

#[tokio::test]
async fn two_changes_at_the_same_time_close_no_circle() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    for _ in 0..5 {
        let one = firm.add(&draft, task()).await.unwrap();
        let other = firm.add(&draft, task()).await.unwrap();
        let waits = |task: &Task, on: &Task| Task {
            name: task.name.clone(),
            depends_on: vec![on.name.clone()],
            ..Task::default()
        };
        let (there, back) = tokio::join!(
            update(&firm.attorney, waits(&one, &other)),
            update(&firm.admin, waits(&other, &one))
        );
        assert!(there.is_ok() != back.is_ok(), "{there:?} {back:?}");
        let refused = if there.is_ok() { back } else { there };
        assert_eq!(violations(refused), ["task.depends_on"]);
    }
}

#[tokio::test]
async fn a_held_task_is_not_delivered_and_a_delivered_one_not_held() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let anna = world.paralegal(paralegal);
    let refused = hold(&anna, &task.name).await;
    assert_eq!(refusal(refused).0, Code::PermissionDenied);

    hold(&world.coordinator(), &task.name).await.unwrap();
    let held = get_task(&anna, &task.name).await.unwrap();
    assert_eq!(
        (held.state(), held.hold_reason.as_str()),
        (TaskState::OnHold, "Waiting for the client"),
        "whoever works on it is told"
    );
    let refused = metadata(deliver(&anna, &task, "").await);
    assert_eq!(
        (refused["from"].as_str(), refused["to"].as_str()),
        ("on_hold", "delivered")
    );
    // What is held can be changed: often that is why it is.
    let change = Task {
        name: task.name.clone(),
        instructions: "By the new statute".to_owned(),
        ..Task::default()
    };
    assert_eq!(
        update(&firm.attorney, change).await.unwrap().state(),
        TaskState::OnHold
    );
    let resumed = resume(&world.manager(), &task.name).await.unwrap();
    assert_eq!(resumed.state(), TaskState::InProgress);
    deliver(&anna, &task, "").await.unwrap();
    let refused = metadata(hold(&firm.attorney, &task.name).await);
    assert_eq!(
        (refused["from"].as_str(), refused["to"].as_str()),
        ("delivered", "on_hold")
    );
}
