//! The whole path: from a firm that is taken on to its request's completion.

use caseload_domain::ParalegalId;
use caseload_domain::name::ParalegalName;
use caseload_proto::caseload::intake::v1::*;

use crate::world::{World, deliver, get_request, review_and_accept, task};

#[tokio::test]
async fn a_request_is_drafted_submitted_reviewed_worked_on_delivered_and_completed() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice Corp.", "CLS Bank International").await;
    assert_eq!(matter.state(), MatterState::Open);

    let draft = firm.draft(&matter).await;
    assert_eq!(draft.state(), RequestState::Draft);
    let first = firm.add(&draft, task()).await.unwrap();
    assert_eq!(first.state(), TaskState::Pending);
    assert_eq!(first.practice_area, "Patent Law", "the matter's");
    assert_eq!(first.matter, matter.name);
    let waiting = Task {
        title: "Draft the brief".to_owned(),
        depends_on: vec![first.name.clone()],
        ..task()
    };
    let second = firm.add(&draft, waiting).await.unwrap();

    let submitted = firm.submit(&draft).await.unwrap();
    assert_eq!(submitted.state(), RequestState::Submitted);
    assert_eq!(submitted.conflict_state(), ConflictCheckState::Clear);
    let accepted = review_and_accept(&world, &draft).await.unwrap();
    assert_eq!(accepted.state(), RequestState::Accepted);
    world.task_becomes(&first.name, TaskState::Open).await;
    world.task_becomes(&second.name, TaskState::Pending).await;

    let paralegal = ParalegalId::generate();
    for task in [&first, &second] {
        world.give(&task.name, paralegal).await;
        let person = world.paralegal(paralegal);
        let delivery = deliver(&person, task, "").await.unwrap();
        assert_eq!(delivery.paralegal, ParalegalName(paralegal).to_string());
        assert!(delivery.completes_task);
        world.task_becomes(&task.name, TaskState::Delivered).await;
        let accept = AcceptDeliveryRequest {
            name: delivery.name.clone(),
            ..AcceptDeliveryRequest::default()
        };
        let accepted = firm
            .attorney
            .clone()
            .deliveries
            .accept_delivery(accept)
            .await
            .unwrap();
        assert_eq!(accepted.into_inner().state(), DeliveryState::Accepted);
        world.task_becomes(&task.name, TaskState::Accepted).await;
        let events = world.events(&delivery.name).await;
        let expected = ["DeliverySubmitted", "DeliveryAccepted"]
            .map(|name| format!("caseload.intake.v1.{name}"));
        assert_eq!(events, expected);
    }
    let done = get_request(&firm.attorney, &draft.name).await.unwrap();
    assert_eq!(done.state(), RequestState::Completed);
    assert!(done.end_time.is_some());

    assert_eq!(
        world.events(&firm.name).await,
        ["caseload.intake.v1.FirmChanged"]
    );
    assert_eq!(
        world.events(&matter.name).await,
        ["caseload.intake.v1.MatterChanged"]
    );
    assert_eq!(
        world.events(&draft.name).await,
        // Drafted, submitted, in review, accepted, completed.
        [
            "RequestChanged",
            "RequestChanged",
            "RequestChanged",
            "RequestChanged",
            "RequestChanged",
            "RequestCompleted"
        ]
        .map(|name| format!("caseload.intake.v1.{name}"))
    );
    // Opened, assigned, in progress, delivered, accepted; nothing while it was the firm's own draft.
    assert_eq!(
        world.events(&first.name).await,
        ["caseload.intake.v1.TaskChanged"; 5]
    );
}

#[tokio::test]
async fn every_change_is_on_record_with_who_made_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice Corp.", "CLS Bank International").await;
    firm.accepted(&world, &matter).await;
    let mut connection = world.database.inspect().await;
    let recorded: Vec<(String, String, bool)> = sqlx::query_as(
        "select actor, split_part(method, '/', 2), before is null and after is not null from audit_log order by id",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let attorney = format!("attorney@{}", firm.id);
    let expected = [
        // The firm, and its consent.
        ("test-coordinator", "CreateFirm", true),
        ("test-coordinator", "CreateFirm", true),
        (attorney.as_str(), "CreateMatter", true),
        (attorney.as_str(), "CreateRequest", true),
        (attorney.as_str(), "CreateTask", true),
        // The check, and the request.
        (attorney.as_str(), "SubmitRequest", true),
        (attorney.as_str(), "SubmitRequest", false),
        ("test-coordinator", "StartReview", false),
        // The request, and its task.
        ("test-coordinator", "AcceptRequest", false),
        ("test-coordinator", "AcceptRequest", false),
    ]
    .map(|(actor, method, new)| (actor.to_owned(), method.to_owned(), new));
    assert_eq!(recorded, expected);
}
