//! Requests: drafts, and every way they end.

use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use crate::world::{FirmOf, World, accept, get_request, metadata, refusal, task, violations};

async fn decline(world: &World, request: &Request, reason: &str) -> Result<Request, Status> {
    let decline = DeclineRequestRequest {
        name: request.name.clone(),
        reason: reason.to_owned(),
        ..DeclineRequestRequest::default()
    };
    Ok(world
        .coordinator()
        .requests
        .decline_request(decline)
        .await?
        .into_inner())
}

async fn withdraw(firm: &FirmOf, request: &Request) -> Result<Request, Status> {
    let withdraw = WithdrawRequestRequest {
        name: request.name.clone(),
        reason: "The client settled".to_owned(),
        ..WithdrawRequestRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .requests
        .withdraw_request(withdraw)
        .await?
        .into_inner())
}

async fn update(firm: &FirmOf, request: Request) -> Result<Request, Status> {
    let update = UpdateRequestRequest {
        request: Some(request),
        ..UpdateRequestRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .requests
        .update_request(update)
        .await?
        .into_inner())
}

#[tokio::test]
async fn a_request_without_a_task_is_not_submitted() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let refused = refusal(firm.submit(&draft).await);
    assert_eq!(
        refused,
        (Code::FailedPrecondition, "REQUEST_EMPTY".to_owned())
    );
    let task = firm.add(&draft, task()).await.unwrap();
    let cancel = CancelTaskRequest {
        name: task.name,
        reason: "No longer wanted".to_owned(),
        ..CancelTaskRequest::default()
    };
    firm.attorney
        .clone()
        .tasks
        .cancel_task(cancel)
        .await
        .unwrap();
    assert_eq!(refusal(firm.submit(&draft).await).1, "REQUEST_EMPTY");
    assert_eq!(world.count("select count(*) from conflict_checks").await, 0);
}

#[tokio::test]
async fn a_draft_names_a_matter_and_an_attorney_of_the_firm() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let mut attorney = firm.attorney.clone();
    let create = |request: Request| CreateRequestRequest {
        parent: firm.name.clone(),
        request: Some(request),
        request_id: String::new(),
    };
    let empty = attorney
        .requests
        .create_request(create(Request::default()))
        .await;
    assert_eq!(violations(empty), ["request.matter", "request.title"]);
    let unknown = create(Request {
        matter: matter.name.clone(),
        title: "Research".to_owned(),
        supervising_attorney_id: "stranger".to_owned(),
        ..Request::default()
    });
    let unknown = attorney.requests.create_request(unknown).await;
    assert_eq!(violations(unknown), ["request.supervising_attorney_id"]);
    let long = create(Request {
        matter: matter.name.clone(),
        title: "x".repeat(201),
        description: "y".repeat(20_001),
        ..Request::default()
    });
    let long = attorney.requests.create_request(long).await;
    assert_eq!(violations(long), ["request.description", "request.title"]);
}

#[tokio::test]
async fn a_declined_request_says_why_and_its_tasks_are_cancelled() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, task) = firm.submitted(&matter).await;
    assert_eq!(violations(decline(&world, &request, "").await), ["reason"]);
    let declined = decline(&world, &request, "No capacity before the due time")
        .await
        .unwrap();
    assert_eq!(declined.state(), RequestState::Declined);
    assert_eq!(declined.close_reason, "No capacity before the due time");
    let cancelled = world.task_becomes(&task.name, TaskState::Cancelled).await;
    assert_eq!(cancelled.cancel_reason, "the request was declined");
    // The other services never knew of it.
    assert!(world.events(&task.name).await.is_empty());
}

#[tokio::test]
async fn a_request_is_withdrawn_before_it_is_accepted_and_not_after() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (submitted, task) = firm.submitted(&matter).await;
    let withdrawn = withdraw(&firm, &submitted).await.unwrap();
    assert_eq!(withdrawn.state(), RequestState::Withdrawn);
    world.task_becomes(&task.name, TaskState::Cancelled).await;
    let (accepted, _) = firm.accepted(&world, &matter).await;
    let refused = metadata(withdraw(&firm, &accepted).await);
    assert_eq!(
        (refused["from"].as_str(), refused["to"].as_str()),
        ("accepted", "withdrawn")
    );
}

#[tokio::test]
async fn every_move_from_a_wrong_state_names_both_states() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    firm.add(&draft, task()).await.unwrap();
    let states = |answer| {
        let metadata = metadata::<Request>(answer);
        (metadata["from"].clone(), metadata["to"].clone())
    };
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(
        states(accept(&world, &draft).await),
        pair("draft", "accepted")
    );
    assert_eq!(
        states(decline(&world, &draft, "No").await),
        pair("draft", "declined")
    );
    firm.submit(&draft).await.unwrap();
    assert_eq!(
        states(firm.submit(&draft).await),
        pair("submitted", "submitted")
    );
    assert_eq!(
        states(accept(&world, &draft).await),
        pair("submitted", "accepted")
    );
    decline(&world, &draft, "No").await.unwrap();
    assert_eq!(
        states(withdraw(&firm, &draft).await),
        pair("declined", "withdrawn")
    );
    assert_eq!(
        states(firm.submit(&draft).await),
        pair("declined", "submitted")
    );
}

#[tokio::test]
async fn a_draft_can_be_changed_and_what_was_submitted_only_in_its_attorney() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let title = |title: &str| Request {
        name: draft.name.clone(),
        title: title.to_owned(),
        ..Request::default()
    };
    let changed = update(&firm, title("Research alone")).await.unwrap();
    assert_eq!(changed.title, "Research alone");
    assert_eq!(changed.supervising_attorney_id, "roe", "as it was");
    firm.add(&draft, task()).await.unwrap();
    firm.submit(&draft).await.unwrap();
    assert_eq!(
        refusal(update(&firm, title("Other")).await).1,
        "WRONG_STATE"
    );
    let attorney = Request {
        name: draft.name.clone(),
        supervising_attorney_id: "roe".to_owned(),
        ..Request::default()
    };
    update(&firm, attorney).await.unwrap();
    let stranger = Request {
        name: draft.name.clone(),
        supervising_attorney_id: "stranger".to_owned(),
        ..Request::default()
    };
    assert_eq!(
        violations(update(&firm, stranger).await),
        ["request.supervising_attorney_id"]
    );
}

#[tokio::test]
async fn a_firm_does_not_review_its_own_requests() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, _) = firm.submitted(&matter).await;
    let mut attorney = firm.attorney.clone();
    let start = StartReviewRequest {
        name: request.name.clone(),
        ..StartReviewRequest::default()
    };
    assert_eq!(
        refusal(attorney.requests.start_review(start).await).0,
        Code::PermissionDenied
    );
    let accept = AcceptRequestRequest {
        name: request.name.clone(),
        ..AcceptRequestRequest::default()
    };
    assert_eq!(
        refusal(attorney.requests.accept_request(accept).await).0,
        Code::PermissionDenied
    );
    let unchanged = get_request(&firm.attorney, &request.name).await.unwrap();
    assert_eq!(unchanged.state(), RequestState::Submitted);
}

#[tokio::test]
async fn of_two_acceptances_at_the_same_time_one_counts_and_the_tasks_open_once() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, task) = firm.submitted(&matter).await;
    let start = StartReviewRequest {
        name: request.name.clone(),
        ..StartReviewRequest::default()
    };
    world
        .coordinator()
        .requests
        .start_review(start)
        .await
        .unwrap();
    let (one, other) = tokio::join!(accept(&world, &request), accept(&world, &request));
    assert!(one.is_ok() != other.is_ok());
    assert_eq!(world.events(&task.name).await.len(), 1);
}
