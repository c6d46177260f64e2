//! Tasks: what they wait for, changes, holds.

use caseload_domain::name::TaskName;
use caseload_domain::{AssignmentId, ParalegalId, TaskId};
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use time::{Duration, OffsetDateTime};
use tonic::{Code, Status};

use crate::world::{
    FirmOf, World, get_request, hourly, metadata, refusal, review_and_accept, task, violations,
};

async fn update(firm: &FirmOf, task: Task) -> Result<Task, Status> {
    let request = UpdateTaskRequest {
        task: Some(task),
        ..UpdateTaskRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .tasks
        .update_task(request)
        .await?
        .into_inner())
}

async fn hold(firm: &FirmOf, task: &Task) -> Result<Task, Status> {
    let request = HoldTaskRequest {
        name: task.name.clone(),
        reason: "Waiting for the client".to_owned(),
        ..HoldTaskRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .tasks
        .hold_task(request)
        .await?
        .into_inner())
}

async fn resume(firm: &FirmOf, task: &Task) -> Result<Task, Status> {
    let request = ResumeTaskRequest {
        name: task.name.clone(),
        ..ResumeTaskRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .tasks
        .resume_task(request)
        .await?
        .into_inner())
}

async fn cancel(firm: &FirmOf, task: &Task) -> Result<Task, Status> {
    let request = CancelTaskRequest {
        name: task.name.clone(),
        reason: "Settled".to_owned(),
        ..CancelTaskRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .tasks
        .cancel_task(request)
        .await?
        .into_inner())
}

#[tokio::test]
async fn tasks_are_put_into_drafts_alone() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, _) = firm.submitted(&matter).await;
    let refused = refusal(firm.add(&request, task()).await);
    assert_eq!(
        refused,
        (Code::FailedPrecondition, "REQUEST_NOT_DRAFT".to_owned())
    );
    let nowhere = Request {
        name: format!("{}/requests/{}", firm.name, TaskId::generate()),
        ..Request::default()
    };
    assert_eq!(
        violations(firm.add(&nowhere, task()).await),
        ["task.request"]
    );
}

#[tokio::test]
async fn tasks_wait_for_tasks_of_their_own_request_and_never_in_a_circle() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (draft, elsewhere) = (firm.draft(&matter).await, firm.draft(&matter).await);
    let waiting_for = |names: &[&str]| Task {
        depends_on: names.iter().map(|name| (*name).to_owned()).collect(),
        ..task()
    };
    let first = firm.add(&draft, task()).await.unwrap();
    let second = firm.add(&draft, waiting_for(&[&first.name])).await.unwrap();
    let third = firm
        .add(&draft, waiting_for(&[&second.name]))
        .await
        .unwrap();
    let other = firm.add(&elsewhere, task()).await.unwrap();
    for name in [
        &other.name,
        &TaskName::new(firm.id, TaskId::generate()).to_string(),
    ] {
        let refused = firm.add(&draft, waiting_for(&[name])).await;
        assert_eq!(violations(refused), ["task.depends_on"]);
    }
    let refused = firm
        .add(&draft, waiting_for(&[&first.name, &first.name]))
        .await;
    assert_eq!(violations(refused), ["task.depends_on[1]"]);
    for circle in [&first.name, &second.name, &third.name] {
        let round = Task {
            name: first.name.clone(),
            depends_on: vec![circle.clone()],
            ..Task::default()
        };
        assert_eq!(violations(update(&firm, round).await), ["task.depends_on"]);
    }
}

#[tokio::test]
async fn a_task_opens_when_what_it_waits_for_is_cancelled_and_the_last_completes_the_request() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let first = firm.add(&draft, task()).await.unwrap();
    let waiting = Task {
        depends_on: vec![first.name.clone()],
        ..task()
    };
    let second = firm.add(&draft, waiting).await.unwrap();
    firm.submit(&draft).await.unwrap();
    review_and_accept(&world, &draft).await.unwrap();
    cancel(&firm, &first).await.unwrap();
    world.task_becomes(&second.name, TaskState::Open).await;
    cancel(&firm, &second).await.unwrap();
    let request = get_request(&firm.attorney, &draft.name).await.unwrap();
    assert_eq!(request.state(), RequestState::Completed);
    let refused = metadata(cancel(&firm, &second).await);
    assert_eq!(
        (refused["from"].as_str(), refused["to"].as_str()),
        ("cancelled", "cancelled")
    );
}

#[tokio::test]
async fn everything_of_a_task_changes_in_a_draft_and_less_after_the_acceptance() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let task = firm.add(&draft, task()).await.unwrap();
    let named = |change: Task| Task {
        name: task.name.clone(),
        ..change
    };
    let area = named(Task {
        practice_area: "Immigration Law".to_owned(),
        ..Task::default()
    });
    let changed = update(&firm, area.clone()).await.unwrap();
    assert_eq!(changed.practice_area, "Immigration Law");
    assert_eq!(changed.title, task.title);
    let begins_late = named(Task {
        earliest_start_time: task.due_time,
        ..Task::default()
    });
    assert_eq!(
        violations(update(&firm, begins_late).await),
        ["task.due_time"]
    );

    firm.submit(&draft).await.unwrap();
    review_and_accept(&world, &draft).await.unwrap();
    for change in [
        area,
        named(Task {
            pricing: Some(hourly()),
            ..Task::default()
        }),
    ] {
        assert_eq!(refusal(update(&firm, change).await).1, "WRONG_STATE");
    }
    let later = timestamp(OffsetDateTime::now_utc() + Duration::days(30));
    let due = named(Task {
        due_time: Some(later),
        ..Task::default()
    });
    let changed = update(&firm, due).await.unwrap();
    assert_ne!(changed.due_time, task.due_time);
    assert_eq!(
        world.events(&task.name).await.len(),
        2,
        "opened, and changed"
    );
}

#[tokio::test]
async fn a_held_task_is_resumed_to_where_it_would_be() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let held = hold(&firm, &task).await.unwrap();
    assert_eq!(held.state(), TaskState::OnHold);
    assert_eq!(held.hold_reason, "Waiting for the client");
    assert_eq!(refusal(hold(&firm, &task).await).1, "WRONG_STATE");
    let resumed = resume(&firm, &task).await.unwrap();
    assert_eq!(
        (resumed.state(), resumed.hold_reason.as_str()),
        (TaskState::Open, "")
    );
    assert_eq!(refusal(resume(&firm, &task).await).1, "WRONG_STATE");

    let (assignment, paralegal) = (AssignmentId::generate(), ParalegalId::generate());
    world
        .assignment(&task.name, assignment, paralegal, AssignmentState::Offered)
        .await;
    world.task_becomes(&task.name, TaskState::Assigned).await;
    hold(&firm, &task).await.unwrap();
    world
        .assignment(&task.name, assignment, paralegal, AssignmentState::Expired)
        .await;
    caseload_testing::eventually("the offer has expired", async || {
        let seen = crate::world::get_task(&firm.attorney, &task.name)
            .await
            .unwrap();
        seen.paralegal.is_empty()
    })
    .await;
    world.task_becomes(&task.name, TaskState::OnHold).await;
    assert_eq!(resume(&firm, &task).await.unwrap().state(), TaskState::Open);
}

#[tokio::test]
async fn a_task_of_a_draft_is_neither_held_nor_known_to_others() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let task = firm.add(&draft, task()).await.unwrap();
    let refused = metadata(hold(&firm, &task).await);
    assert_eq!(
        (refused["from"].as_str(), refused["to"].as_str()),
        ("pending", "on_hold")
    );
    let cancelled = cancel(&firm, &task).await.unwrap();
    assert_eq!(cancelled.cancel_reason, "Settled");
    assert!(world.events(&task.name).await.is_empty());
}
