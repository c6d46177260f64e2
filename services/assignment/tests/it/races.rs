//! Many at once: no task is ever assigned twice.

use caseload_domain::name::{FirmName, TaskName};
use caseload_proto::caseload::assignment::v1::{
    AcceptAssignmentRequest, ApplyPlanRequest, DeclineAssignmentRequest, OfferAssignmentRequest,
    ReleaseAssignmentRequest,
};
use futures::future::join_all;
use tonic::Code;

use crate::world::{World, paid, reason, token_of};

#[tokio::test(flavor = "multi_thread")]
async fn of_many_offers_of_one_task_one_is_made() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let mut roster = Vec::new();
    for _ in 0..6 {
        roster.push(world.hire(|_| ()).await);
    }
    let firm = task.name.parse::<TaskName>().expect("a name").firm;
    let offers = roster.iter().flat_map(|who| [who, who]).map(|who| {
        let mut desk = world.desk();
        let request = OfferAssignmentRequest {
            parent: FirmName(firm).to_string(),
            task: task.name.clone(),
            paralegal: who.name.clone(),
            ..OfferAssignmentRequest::default()
        };
        async move { desk.offer_assignment(request).await }
    });
    let answers = join_all(offers).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter_map(Result::err) {
        assert_eq!(
            reason(&refused),
            (Code::FailedPrecondition, "TASK_TAKEN".to_owned())
        );
    }
    assert_eq!(world.count("select count(*) from assignments").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_applies_of_overlapping_plans_one_is_made_whole() {
    let world = World::new().await;
    let matter = world.matter().await;
    for _ in 0..4 {
        world.task(matter, |_| ()).await;
    }
    for dollars in [30, 40, 50] {
        world.hire(|who| who.pay = Some(paid(dollars))).await;
    }
    let mut plans = Vec::new();
    for _ in 0..3 {
        plans.push(world.plan().await);
    }
    let applies = plans.iter().flat_map(|plan| [plan, plan]).map(|plan| {
        let mut client = world.plans();
        let request = ApplyPlanRequest {
            name: plan.name.clone(),
            ..ApplyPlanRequest::default()
        };
        async move { client.apply_plan(request).await }
    });
    let answers = join_all(applies).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter_map(Result::err) {
        let (code, reason) = reason(&refused);
        assert_eq!(code, Code::FailedPrecondition);
        assert!(
            ["PLAN_OUTDATED", "WRONG_STATE"].contains(&reason.as_str()),
            "{reason}"
        );
    }
    assert_eq!(world.count("select count(*) from assignments").await, 4);
    assert_eq!(
        world
            .count("select count(distinct task_id) from assignments")
            .await,
        4
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_accepting_declining_and_taking_back_at_once_one_comes_first_and_the_rest_follow_the_table()
 {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let offered = world.offer(&task, &who).await.expect("is offered");
    let name = &offered.name;
    let accepts = (0..8).map(|_| {
        let mut theirs = world.assignments(token_of(&who.name));
        let request = AcceptAssignmentRequest {
            name: name.clone(),
            ..Default::default()
        };
        async move { theirs.accept_assignment(request).await.is_ok() }
    });
    let declines = (0..4).map(|_| {
        let mut theirs = world.assignments(token_of(&who.name));
        let request = DeclineAssignmentRequest {
            name: name.clone(),
            reason: "busy".to_owned(),
            ..Default::default()
        };
        async move { theirs.decline_assignment(request).await.is_ok() }
    });
    let releases = (0..2).map(|_| {
        let mut desk = world.desk();
        let request = ReleaseAssignmentRequest {
            name: name.clone(),
            reason: "not now".to_owned(),
            ..Default::default()
        };
        async move { desk.release_assignment(request).await.is_ok() }
    });
    let (accepted, declined, released) =
        futures::join!(join_all(accepts), join_all(declines), join_all(releases));
    let made = |answers: Vec<bool>| answers.into_iter().filter(|ok| *ok).count();
    let (accepted, declined, released) = (made(accepted), made(declined), made(released));
    assert!(accepted <= 1 && declined <= 1 && released <= 1);
    assert_eq!(declined + released, 1, "it ends once");
    assert!(accepted + declined <= 1, "it is answered once");
    // Every change was announced once, in the order in which it was made.
    let announced = world.announced(name).await;
    assert_eq!(announced.len(), 1 + accepted + declined + released);
    let end = announced
        .last()
        .and_then(|changed| changed.assignment.clone())
        .expect("an end");
    assert_eq!(end.state(), world.get(name).await.state());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_sent_many_times_at_once_is_done_once() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let firm = task.name.parse::<TaskName>().expect("a name").firm;
    let request = OfferAssignmentRequest {
        parent: FirmName(firm).to_string(),
        task: task.name.clone(),
        paralegal: who.name.clone(),
        request_id: uuid::Uuid::new_v4().to_string(),
        ..OfferAssignmentRequest::default()
    };
    let answers = join_all((0..6).map(|_| {
        let (mut desk, request) = (world.desk(), request.clone());
        async move {
            desk.offer_assignment(request)
                .await
                .expect("the same answer")
                .into_inner()
        }
    }))
    .await;
    assert!(answers.windows(2).all(|two| two[0] == two[1]));
    let mut other = request;
    other.answer_within = Some(caseload_proto::convert::seconds(600));
    let reused = world
        .desk()
        .offer_assignment(other)
        .await
        .expect_err("another request");
    assert_eq!(
        reason(&reused),
        (Code::FailedPrecondition, "REQUEST_ID_REUSED".to_owned())
    );
}
