//! Deliveries: milestones, revisions, and what is refused.

use caseload_domain::ParalegalId;
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use crate::world::{
    FirmOf, World, deliver, metadata, project, refusal, review_and_accept, task, violations,
};

async fn accept(firm: &FirmOf, delivery: &Delivery) -> Result<Delivery, Status> {
    let request = AcceptDeliveryRequest {
        name: delivery.name.clone(),
        ..AcceptDeliveryRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .deliveries
        .accept_delivery(request)
        .await?
        .into_inner())
}

async fn revise(firm: &FirmOf, delivery: &Delivery, reason: &str) -> Result<Delivery, Status> {
    let request = RequestRevisionRequest {
        name: delivery.name.clone(),
        reason: reason.to_owned(),
        ..RequestRevisionRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .deliveries
        .request_revision(request)
        .await?
        .into_inner())
}

/// A task in the hands of a paralegal.
async fn in_hand(world: &World, firm: &FirmOf, task: Task) -> (Request, Task, ParalegalId) {
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let task = firm.add(&draft, task).await.unwrap();
    firm.submit(&draft).await.unwrap();
    let request = review_and_accept(world, &draft).await.unwrap();
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    (request, task, paralegal)
}

#[tokio::test]
async fn a_revision_is_asked_for_and_delivered_again() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let (_, task, paralegal) = in_hand(&world, &firm, task()).await;
    let person = world.paralegal(paralegal);
    let first = deliver(&person, &task, "").await.unwrap();
    let refused = metadata(deliver(&person, &task, "").await);
    assert_eq!(
        (refused["from"].as_str(), refused["to"].as_str()),
        ("delivered", "delivered")
    );

    assert_eq!(violations(revise(&firm, &first, " ").await), ["reason"]);
    let revised = revise(&firm, &first, "Cite the Federal Circuit")
        .await
        .unwrap();
    assert_eq!(revised.state(), DeliveryState::RevisionRequested);
    assert_eq!(revised.revision_reason, "Cite the Federal Circuit");
    assert_eq!(revised.reviewed_by, format!("attorney@{}", firm.id));
    world
        .task_becomes(&task.name, TaskState::RevisionRequested)
        .await;
    let judged = metadata(accept(&firm, &first).await);
    assert_eq!(
        (judged["from"].as_str(), judged["to"].as_str()),
        ("revision_requested", "accepted")
    );
    assert_eq!(
        world.events(&first.name).await.last().map(String::as_str),
        Some("caseload.intake.v1.RevisionRequested")
    );

    let second = deliver(&person, &task, "").await.unwrap();
    accept(&firm, &second).await.unwrap();
    world.task_becomes(&task.name, TaskState::Accepted).await;
    assert_eq!(refusal(accept(&firm, &second).await).1, "WRONG_STATE");
    assert_eq!(refusal(deliver(&person, &task, "").await).1, "WRONG_STATE");
}

#[tokio::test]
async fn milestones_are_delivered_and_accepted_one_by_one() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let priced = Task {
        pricing: Some(project(900, &[("outline", 300), ("brief", 600)])),
        ..task()
    };
    let (request, task, paralegal) = in_hand(&world, &firm, priced).await;
    let person = world.paralegal(paralegal);
    assert_eq!(
        violations(deliver(&person, &task, "").await),
        ["delivery.milestone_id"]
    );
    assert_eq!(
        violations(deliver(&person, &task, "appeal").await),
        ["delivery.milestone_id"]
    );

    let outline = deliver(&person, &task, "outline").await.unwrap();
    assert!(!outline.completes_task);
    accept(&firm, &outline).await.unwrap();
    let seen = world.task_becomes(&task.name, TaskState::InProgress).await;
    assert_eq!(seen.accepted_milestone_ids, ["outline"]);
    assert_eq!(
        violations(deliver(&person, &task, "outline").await),
        ["delivery.milestone_id"]
    );

    let brief = deliver(&person, &task, "brief").await.unwrap();
    assert!(brief.completes_task);
    accept(&firm, &brief).await.unwrap();
    world.task_becomes(&task.name, TaskState::Accepted).await;
    let done = crate::world::get_request(&firm.attorney, &request.name)
        .await
        .unwrap();
    assert_eq!(done.state(), RequestState::Completed);
}

#[tokio::test]
async fn a_delivery_outlives_its_assignment_and_a_revision_then_opens_the_task() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let (_, task, paralegal) = in_hand(&world, &firm, task()).await;
    let assignment = world
        .task_becomes(&task.name, TaskState::InProgress)
        .await
        .assignment;
    let assignment: caseload_domain::name::AssignmentName = assignment.parse().unwrap();
    let delivery = deliver(&world.paralegal(paralegal), &task, "")
        .await
        .unwrap();
    world
        .assignment(
            &task.name,
            assignment.id,
            paralegal,
            AssignmentState::Released,
        )
        .await;
    caseload_testing::eventually("the paralegal is gone", async || {
        let seen = crate::world::get_task(&firm.attorney, &task.name)
            .await
            .unwrap();
        seen.paralegal.is_empty()
    })
    .await;
    world.task_becomes(&task.name, TaskState::Delivered).await;
    revise(&firm, &delivery, "Once more").await.unwrap();
    world.task_becomes(&task.name, TaskState::Open).await;
}

#[tokio::test]
async fn a_task_that_nobody_has_begun_cannot_be_delivered() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    world
        .assignment(
            &task.name,
            caseload_domain::AssignmentId::generate(),
            paralegal,
            AssignmentState::Offered,
        )
        .await;
    world.task_becomes(&task.name, TaskState::Assigned).await;
    let refused = metadata(deliver(&world.paralegal(paralegal), &task, "").await);
    assert_eq!(
        (refused["from"].as_str(), refused["to"].as_str()),
        ("assigned", "delivered")
    );
    assert_eq!(world.count("select count(*) from deliveries").await, 0);
}

#[tokio::test]
async fn of_two_reviews_at_the_same_time_one_counts() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let (_, task, paralegal) = in_hand(&world, &firm, task()).await;
    let delivery = deliver(&world.paralegal(paralegal), &task, "")
        .await
        .unwrap();
    let (accepted, revised) =
        tokio::join!(accept(&firm, &delivery), revise(&firm, &delivery, "Again"));
    assert!(accepted.is_ok() != revised.is_ok());
    let refused = accepted.err().or(revised.err()).unwrap();
    assert_eq!(refused.code(), Code::FailedPrecondition);
}
