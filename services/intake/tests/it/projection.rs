//! What assignment's events do to tasks.

use caseload_domain::name::{AssignmentName, ParalegalName, TaskName};
use caseload_domain::{AssignmentId, FirmId, ParalegalId, TaskId};
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::*;
use caseload_testing::eventually;

use crate::world::{World, get_task};

#[tokio::test]
async fn a_task_follows_its_assignments_until_one_is_accepted() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    for end in [
        AssignmentState::Declined,
        AssignmentState::Expired,
        AssignmentState::Released,
    ] {
        let assignment = AssignmentId::generate();
        world
            .assignment(&task.name, assignment, paralegal, AssignmentState::Offered)
            .await;
        let offered = world.task_becomes(&task.name, TaskState::Assigned).await;
        assert_eq!(offered.paralegal, ParalegalName(paralegal).to_string());
        assert_eq!(
            offered.assignment,
            AssignmentName::new(firm.id, assignment).to_string()
        );
        world
            .assignment(&task.name, assignment, paralegal, end)
            .await;
        let open = world.task_becomes(&task.name, TaskState::Open).await;
        assert_eq!(
            (open.paralegal.as_str(), open.assignment.as_str()),
            ("", "")
        );
    }
    world.give(&task.name, paralegal).await;
}

#[tokio::test]
async fn a_cancelled_task_stays_cancelled_whatever_assignment_says_of_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let cancel = CancelTaskRequest {
        name: task.name.clone(),
        reason: "Settled".to_owned(),
        ..CancelTaskRequest::default()
    };
    firm.attorney
        .clone()
        .tasks
        .cancel_task(cancel)
        .await
        .unwrap();
    let assignment = AssignmentId::generate();
    let paralegal = ParalegalId::generate();
    for state in [
        AssignmentState::Offered,
        AssignmentState::Accepted,
        AssignmentState::Completed,
    ] {
        world
            .assignment(&task.name, assignment, paralegal, state)
            .await;
    }
    // An event of a task that was never here stops nothing either.
    let stranger = TaskName::new(firm.id, TaskId::generate()).to_string();
    world
        .assignment(
            &stranger,
            AssignmentId::generate(),
            paralegal,
            AssignmentState::Offered,
        )
        .await;
    taken_in(&world, 4).await;
    let seen = get_task(&firm.attorney, &task.name).await.unwrap();
    assert_eq!(seen.state(), TaskState::Cancelled);
    assert_eq!(seen.paralegal, "");
    assert!(world.service.is_ready().await);
}

#[tokio::test]
async fn a_replay_from_the_beginning_leaves_everything_as_it_is() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let first = AssignmentId::generate();
    let paralegal = ParalegalId::generate();
    world
        .assignment(&task.name, first, paralegal, AssignmentState::Offered)
        .await;
    world
        .assignment(&task.name, first, paralegal, AssignmentState::Declined)
        .await;
    world.give(&task.name, ParalegalId::generate()).await;
    let before = get_task(&firm.attorney, &task.name).await.unwrap();
    world
        .database
        .as_owner("update event_cursor set seq = 0")
        .await;
    // Its follower reads the cursor again with the next event.
    world
        .assignment(&task.name, first, paralegal, AssignmentState::Declined)
        .await;
    taken_in(&world, 5).await;
    let after = get_task(&firm.attorney, &task.name).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_malformed_event_stops_the_subscription_and_loses_nothing() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    world
        .assignment(
            &task.name,
            AssignmentId::generate(),
            ParalegalId::generate(),
            AssignmentState::Unspecified,
        )
        .await;
    eventually("the service is not ready", async || {
        !world.service.is_ready().await
    })
    .await;
    let seen = get_task(&firm.attorney, &task.name).await.unwrap();
    assert_eq!(seen.state(), TaskState::Open);
}

/// Waits until so many events are taken in.
async fn taken_in(world: &World, events: i64) {
    eventually("the events are taken in", async || {
        world
            .count("select coalesce(max(seq), 0) from event_cursor")
            .await
            >= events
    })
    .await;
}

#[tokio::test]
async fn an_event_in_another_firms_name_finds_no_task() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let id: TaskName = task.name.parse().unwrap();
    let elsewhere = TaskName::new(FirmId::generate(), id.id).to_string();
    world
        .assignment(
            &elsewhere,
            AssignmentId::generate(),
            ParalegalId::generate(),
            AssignmentState::Offered,
        )
        .await;
    taken_in(&world, 1).await;
    let seen = get_task(&firm.attorney, &task.name).await.unwrap();
    assert_eq!(seen.state(), TaskState::Open);
}
