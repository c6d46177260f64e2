//! What becomes of an offer: accepted, declined, expired, released.

use caseload_proto::caseload::assignment::v1::{
    AssignmentState, DeclineAssignmentRequest, ListAssignmentsRequest, ReleaseAssignmentRequest,
};
use caseload_proto::caseload::intake::v1::TaskState;
use caseload_testing::eventually;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::world::{World, reason, token_of};

#[tokio::test]
async fn a_declined_task_goes_to_somebody_else_and_back_only_by_hand() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let first = world.hire(|_| ()).await;
    let offered = world.offer(&task, &first).await.expect("is offered");
    let request = DeclineAssignmentRequest {
        name: offered.name.clone(),
        reason: "I know a party".to_owned(),
        ..DeclineAssignmentRequest::default()
    };
    let mut theirs = world.assignments(token_of(&first.name));
    let declined = theirs
        .decline_assignment(request.clone())
        .await
        .expect("is declined")
        .into_inner();
    assert_eq!(declined.state(), AssignmentState::Declined);
    assert_eq!(declined.end_reason, "I know a party");

    let plan = world.plan().await;
    assert_eq!(
        plan.unplaced_task_count, 1,
        "who declined is not asked again"
    );
    assert!(
        plan.unplaced_tasks[0]
            .detail
            .contains("answered excludes 1")
    );
    let second = world.hire(|_| ()).await;
    let plan = world.plan().await;
    assert_eq!(plan.assignments[0].paralegal, second.name);
    assert!(
        world.offer(&task, &first).await.is_ok(),
        "by hand they may be"
    );

    let again = theirs
        .decline_assignment(request)
        .await
        .expect_err("is over");
    assert_eq!(
        reason(&again),
        (Code::FailedPrecondition, "WRONG_STATE".to_owned())
    );
    let info = again.get_details_error_info().expect("a reason");
    assert_eq!(
        (info.metadata["from"].as_str(), info.metadata["to"].as_str()),
        ("declined", "declined")
    );
}

#[tokio::test]
async fn an_offer_that_nobody_answers_expires_and_frees_its_task() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let offered = world
        .offer(&task, &world.hire(|_| ()).await)
        .await
        .expect("is offered");
    time_passes(&world).await;
    eventually("the offer expires", async || {
        world.get(&offered.name).await.state() == AssignmentState::Expired
    })
    .await;
    let late = world.accept(&offered).await.expect_err("is over");
    assert_eq!(
        reason(&late),
        (Code::FailedPrecondition, "WRONG_STATE".to_owned())
    );
    let second = world.hire(|_| ()).await;
    assert!(world.offer(&task, &second).await.is_ok());
}

/// The time to answer every offer is over.
async fn time_passes(world: &World) {
    sqlx::query(
        "update assignments
         set offer_time = now() - interval '2 hours', answer_by_time = now() - interval '1 hour'",
    )
    .execute(&mut world.database.inspect().await)
    .await
    .expect("time passes");
}

#[tokio::test]
async fn an_offer_that_nobody_could_accept_does_not_count_against_them() {
    let world = World::new().await;
    let mut task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let offered = world.offer(&task, &who).await.expect("is offered");
    task.set_state(TaskState::OnHold);
    world.becomes(&task).await;
    time_passes(&world).await;
    eventually("the offer is taken back", async || {
        world.get(&offered.name).await.state() == AssignmentState::Released
    })
    .await;
    task.set_state(TaskState::Open);
    world.becomes(&task).await;
    let plan = world.plan().await;
    assert_eq!(plan.assignments[0].paralegal, who.name);
}

#[tokio::test]
async fn a_released_task_can_be_offered_again_and_time_on_it_is_free() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|who| who.task_limit = 1).await;
    let offered = world.offer(&task, &who).await.expect("is offered");
    let accepted = world.accept(&offered).await.expect("is accepted");
    let request = ReleaseAssignmentRequest {
        name: accepted.name.clone(),
        reason: "is ill".to_owned(),
        etag: accepted.etag.clone(),
        request_id: String::new(),
    };
    let released = world
        .desk()
        .release_assignment(request)
        .await
        .expect("is released")
        .into_inner();
    assert_eq!(released.state(), AssignmentState::Released);
    assert!(released.accept_time.is_some(), "what was stays");
    assert!(world.offer(&task, &who).await.is_ok());
}

#[tokio::test]
async fn work_that_intake_holds_can_not_be_begun() {
    let world = World::new().await;
    let mut task = world.task(world.matter().await, |_| ()).await;
    let offered = world
        .offer(&task, &world.hire(|_| ()).await)
        .await
        .expect("is offered");
    task.set_state(TaskState::OnHold);
    world.becomes(&task).await;
    let refused = world.accept(&offered).await.expect_err("is held");
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "WRONG_STATE".to_owned())
    );
    assert_eq!(
        world.get(&offered.name).await.state(),
        AssignmentState::Offered
    );
    task.set_state(TaskState::Open);
    world.becomes(&task).await;
    assert!(world.accept(&offered).await.is_ok());
}

#[tokio::test]
async fn assignments_are_listed_the_newest_first_by_page_and_filter() {
    let world = World::new().await;
    let (matter, other) = (world.matter().await, world.matter().await);
    let who = world.hire(|_| ()).await;
    let short = |task: &mut caseload_proto::caseload::intake::v1::TaskSnapshot| {
        task.effort_estimate = Some(caseload_proto::convert::seconds(600));
    };
    let mut made = Vec::new();
    for matter in [matter, matter, other] {
        let task = world.task(matter, short).await;
        made.push(world.offer(&task, &who).await.expect("is offered"));
    }
    world.accept(&made[0]).await.expect("is accepted");
    let names = |filter: ListAssignmentsRequest| {
        let mut desk = world.desk();
        async move {
            let answer = desk
                .list_assignments(filter)
                .await
                .expect("a list")
                .into_inner();
            let names: Vec<String> = answer.assignments.into_iter().map(|one| one.name).collect();
            (names, answer.next_page_token)
        }
    };
    let all = ListAssignmentsRequest {
        parent: "firms/-".to_owned(),
        ..Default::default()
    };
    let newest: Vec<String> = made.iter().rev().map(|one| one.name.clone()).collect();
    assert_eq!(names(all.clone()).await.0, newest);

    let page = ListAssignmentsRequest {
        page_size: 2,
        ..all.clone()
    };
    let (first, token) = names(page.clone()).await;
    assert_eq!(first, newest[..2]);
    let (second, end) = names(ListAssignmentsRequest {
        page_token: token,
        ..page
    })
    .await;
    assert_eq!((second.as_slice(), end.as_str()), (&newest[2..], ""));

    let accepted = ListAssignmentsRequest {
        states: vec![AssignmentState::Accepted.into()],
        ..all.clone()
    };
    assert_eq!(names(accepted).await.0, [made[0].name.clone()]);
    let of_task = ListAssignmentsRequest {
        task: made[1].task.clone(),
        ..all.clone()
    };
    assert_eq!(names(of_task).await.0, [made[1].name.clone()]);
    let of_matter = ListAssignmentsRequest {
        matter: other.to_string(),
        ..all.clone()
    };
    assert_eq!(names(of_matter).await.0, [made[2].name.clone()]);
    let of_somebody_else = ListAssignmentsRequest {
        paralegal: world.hire(|_| ()).await.name,
        ..all
    };
    assert!(names(of_somebody_else).await.0.is_empty());
}
