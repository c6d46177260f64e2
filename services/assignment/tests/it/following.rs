//! What follows from intake's events.

use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::assignment::v1::{Pay, ProjectPay, ReleaseAssignmentRequest};
use caseload_proto::caseload::intake::v1::TaskState;
use caseload_proto::caseload::r#type::v1::pay_terms::Model;
use caseload_proto::caseload::r#type::v1::{Pricing, ProjectPricing, TaskKind, pricing};
use tonic::Code;

use crate::world::{World, failures, id_of, reason, usd};

#[tokio::test]
async fn a_cancelled_task_is_taken_back_and_never_offered() {
    let world = World::new().await;
    let matter = world.matter().await;
    let who = world.hire(|_| ()).await;
    for accepted in [false, true] {
        let mut task = world.task(matter, |_| ()).await;
        let offered = world.offer(&task, &who).await.expect("is offered");
        if accepted {
            world.accept(&offered).await.expect("is accepted");
        }
        task.set_state(TaskState::Cancelled);
        world.becomes(&task).await;
        let released = world.get(&offered.name).await;
        assert_eq!(released.state(), AssignmentState::Released);
        assert_eq!(released.end_reason, "the task was cancelled");
        let refused = world.offer(&task, &who).await.expect_err("is cancelled");
        assert_eq!(
            reason(&refused),
            (Code::FailedPrecondition, "WRONG_STATE".to_owned())
        );
        // Told again, nothing more happens.
        world.becomes(&task).await;
        let announced = world.announced(&offered.name).await.len();
        assert_eq!(announced, if accepted { 3 } else { 2 });
    }
    assert_eq!(world.plan().await.assignment_count, 0);
}

#[tokio::test]
async fn whoever_was_given_a_task_that_another_had_delivered_is_relieved_when_it_is_done() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let (first, next) = (world.hire(|_| ()).await, world.hire(|_| ()).await);
    let delivered = world.offer(&task, &first).await.expect("is offered");
    world.accept(&delivered).await.expect("is accepted");
    let release = ReleaseAssignmentRequest {
        name: delivered.name.clone(),
        reason: "on leave".to_owned(),
        ..ReleaseAssignmentRequest::default()
    };
    let released = world.desk().release_assignment(release).await;
    assert!(released.is_ok());
    let given_on = world.offer(&task, &next).await.expect("is offered");
    world.accept(&given_on).await.expect("is accepted");

    world.delivery_accepted(&delivered, true).await;
    let state = world.get(&delivered.name).await.state();
    assert_eq!(state, AssignmentState::Released);
    let relieved = world.get(&given_on.name).await;
    assert_eq!(relieved.state(), AssignmentState::Released);
    assert_eq!(relieved.end_reason, "the task is done");
}

#[tokio::test]
async fn a_task_that_is_not_open_is_neither_offered_nor_planned() {
    let world = World::new().await;
    let matter = world.matter().await;
    let who = world.hire(|_| ()).await;
    for state in [
        TaskState::Pending,
        TaskState::Delivered,
        TaskState::RevisionRequested,
        TaskState::Accepted,
        TaskState::OnHold,
        TaskState::Cancelled,
    ] {
        let task = world.task(matter, |task| task.set_state(state)).await;
        let refused = world.offer(&task, &who).await.expect_err("is not open");
        assert_eq!(
            reason(&refused),
            (Code::FailedPrecondition, "WRONG_STATE".to_owned()),
            "{state:?}"
        );
    }
    let plan = world.plan().await;
    assert_eq!((plan.assignment_count, plan.unplaced_task_count), (0, 0));
}

#[tokio::test]
async fn who_is_screened_off_a_matter_loses_what_they_have_on_it_and_gets_no_more() {
    let world = World::new().await;
    let (matter, other) = (world.matter().await, world.matter().await);
    let who = world.hire(|_| ()).await;
    let task = world.task(matter, |_| ()).await;
    let elsewhere = world.task(other, |_| ()).await;
    let on_it = world.offer(&task, &who).await.expect("is offered");
    let kept = world.offer(&elsewhere, &who).await.expect("is offered");
    world.screens(matter, &[id_of(&who)]).await;
    assert_eq!(
        world.get(&on_it.name).await.state(),
        AssignmentState::Released
    );
    assert_eq!(
        world.get(&kept.name).await.state(),
        AssignmentState::Offered
    );
    let refused = world.offer(&task, &who).await.expect_err("is screened");
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "PARALEGAL_EXCLUDED".to_owned())
    );
    assert_eq!(
        failures(&refused),
        [("SCREENED".to_owned(), who.name.clone())]
    );
}

#[tokio::test]
async fn a_suspended_firms_tasks_wait() {
    let world = World::new().await;
    let matter = world.matter().await;
    let task = world.task(matter, |_| ()).await;
    let who = world.hire(|_| ()).await;
    world.firm_is(matter.firm, true).await;
    let refused = world.offer(&task, &who).await.expect_err("is suspended");
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "FIRM_SUSPENDED".to_owned())
    );
    assert_eq!(world.plan().await.assignment_count, 0);
    world.firm_is(matter.firm, false).await;
    assert!(world.offer(&task, &who).await.is_ok());
}

#[tokio::test]
async fn a_project_is_paid_by_the_project() {
    let world = World::new().await;
    let task = world
        .task(world.matter().await, |task| {
            let project = ProjectPricing {
                fee: Some(usd(900)),
                milestones: Vec::new(),
            };
            task.pricing = Some(Pricing {
                model: Some(pricing::Model::Project(project)),
            });
        })
        .await;
    let who = world
        .hire(|who| {
            who.pay = Some(Pay {
                hourly_rate: Some(usd(40)),
                project_pay: vec![ProjectPay {
                    kind: TaskKind::LegalResearch.into(),
                    fee: Some(usd(350)),
                }],
            });
        })
        .await;
    let offered = world.offer(&task, &who).await.expect("is offered");
    let terms = offered.pay_terms.expect("terms").model;
    assert_eq!(terms, Some(Model::ProjectFee(usd(350))));
}

#[tokio::test]
async fn what_is_delivered_takes_no_more_of_the_paralegals_time() {
    let world = World::new().await;
    let matter = world.matter().await;
    let long = |task: &mut caseload_proto::caseload::intake::v1::TaskSnapshot| {
        task.effort_estimate = Some(caseload_proto::convert::seconds(30 * 3600));
    };
    let mut first = world.task(matter, long).await;
    let second = world.task(matter, long).await;
    let who = world.hire(|_| ()).await;
    world.offer(&first, &who).await.expect("is offered");
    let refused = world.offer(&second, &who).await.expect_err("is busy");
    assert_eq!(
        failures(&refused),
        [("CAPACITY".to_owned(), who.name.clone())]
    );
    first.set_state(TaskState::Delivered);
    world.becomes(&first).await;
    assert!(world.offer(&second, &who).await.is_ok());
}
