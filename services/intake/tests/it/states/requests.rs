//! Requests: each method in each state.

use caseload_intake::domain::request::{RequestMove, RequestState as State};
use caseload_intake::domain::transition::WrongState;
use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use super::{is_refused, written};
use crate::world::{FirmOf, World, get_request, refusal, review_and_accept, task};

/// What can be called on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Submit,
    StartReview,
    Accept,
    Decline,
    Withdraw,
    Rename,
    NameAttorney,
    AddTask,
}

const METHODS: [Method; 8] = [
    Method::Submit,
    Method::StartReview,
    Method::Accept,
    Method::Decline,
    Method::Withdraw,
    Method::Rename,
    Method::NameAttorney,
    Method::AddTask,
];

/// A request that was brought into a state.
async fn request_in(world: &World, firm: &FirmOf, matter: &Matter, state: State) -> Request {
    let draft = firm.draft(matter).await;
    let task = firm.add(&draft, task()).await.unwrap();
    let steps: &[Method] = match state {
        State::Draft => &[],
        State::Submitted => &[Method::Submit],
        State::InReview => &[Method::Submit, Method::StartReview],
        State::Accepted | State::Completed => {
            &[Method::Submit, Method::StartReview, Method::Accept]
        }
        State::Declined => &[Method::Submit, Method::Decline],
        State::Withdrawn => &[Method::Withdraw],
    };
    for step in steps {
        call(world, firm, &draft, *step).await.unwrap();
    }
    if state == State::Completed {
        let cancel = CancelTaskRequest {
            name: task.name,
            reason: "Settled".to_owned(),
            ..CancelTaskRequest::default()
        };
        firm.attorney
            .clone()
            .tasks
            .cancel_task(cancel)
            .await
            .unwrap();
    }
    let request = get_request(&firm.attorney, &draft.name).await.unwrap();
    assert_eq!(request.state(), RequestState::from(state));
    request
}

async fn call(
    world: &World,
    firm: &FirmOf,
    request: &Request,
    method: Method,
) -> Result<(), Status> {
    let (mut attorney, mut coordinator) = (firm.attorney.clone(), world.coordinator());
    let (name, reason) = (request.name.clone(), "The client asks".to_owned());
    let update = |request: Request| UpdateRequestRequest {
        request: Some(request),
        ..UpdateRequestRequest::default()
    };
    match method {
        Method::Submit => {
            let request = SubmitRequestRequest {
                name,
                ..SubmitRequestRequest::default()
            };
            attorney.requests.submit_request(request).await.map(drop)
        }
        Method::StartReview => {
            let request = StartReviewRequest {
                name,
                ..StartReviewRequest::default()
            };
            coordinator.requests.start_review(request).await.map(drop)
        }
        Method::Accept => {
            let request = AcceptRequestRequest {
                name,
                ..AcceptRequestRequest::default()
            };
            coordinator.requests.accept_request(request).await.map(drop)
        }
        Method::Decline => {
            let request = DeclineRequestRequest {
                name,
                reason,
                ..DeclineRequestRequest::default()
            };
            coordinator
                .requests
                .decline_request(request)
                .await
                .map(drop)
        }
        Method::Withdraw => {
            let request = WithdrawRequestRequest {
                name,
                ..WithdrawRequestRequest::default()
            };
            attorney.requests.withdraw_request(request).await.map(drop)
        }
        Method::Rename => {
            let renamed = Request {
                name,
                title: "Another".to_owned(),
                ..Request::default()
            };
            attorney
                .requests
                .update_request(update(renamed))
                .await
                .map(drop)
        }
        Method::NameAttorney => {
            let named = Request {
                name,
                supervising_attorney_id: "roe".to_owned(),
                ..Request::default()
            };
            attorney
                .requests
                .update_request(update(named))
                .await
                .map(drop)
        }
        Method::AddTask => firm.add(request, task()).await.map(drop),
    }
}

/// Where a method leads by the domain's rules.
fn expected(at: State, method: Method) -> Result<State, WrongState> {
    let changed = |may: bool| {
        may.then_some(at).ok_or(WrongState {
            what: "request",
            from: at.as_str(),
            to: "changed",
        })
    };
    match method {
        Method::Submit => at.after(RequestMove::Submit),
        Method::StartReview => at.after(RequestMove::StartReview),
        Method::Accept => at.after(RequestMove::Accept),
        Method::Decline => at.after(RequestMove::Decline),
        Method::Withdraw => at.after(RequestMove::Withdraw),
        Method::Rename | Method::AddTask => changed(at == State::Draft),
        Method::NameAttorney => changed(!at.is_over()),
    }
}

#[tokio::test]
async fn each_method_leads_where_the_table_says_and_is_refused_elsewhere() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    for at in State::ALL {
        let mut request = request_in(&world, &firm, &matter, *at).await;
        for method in METHODS {
            let case = format!("{method:?} of a request that is {at}");
            let before = written(&world).await;
            let answer = call(&world, &firm, &request, method).await;
            match expected(*at, method) {
                Ok(to) => {
                    answer.unwrap_or_else(|status| panic!("{case}: {status:?}"));
                    assert!(written(&world).await > before, "{case}");
                    let seen = get_request(&firm.attorney, &request.name).await.unwrap();
                    assert_eq!(seen.state(), RequestState::from(to), "{case}");
                    request = request_in(&world, &firm, &matter, *at).await;
                }
                Err(_) if method == Method::AddTask => {
                    let reason = (Code::FailedPrecondition, "REQUEST_NOT_DRAFT".to_owned());
                    assert_eq!(refusal(answer), reason, "{case}");
                    assert_eq!(written(&world).await, before, "{case}");
                }
                Err(wrong) => is_refused(&world, before, answer, wrong, &case).await,
            }
        }
    }
}

#[tokio::test]
async fn a_request_is_never_accepted_twice_nor_reviewed_after_it_was() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, _) = firm.accepted(&world, &matter).await;
    let again = review_and_accept(&world, &request).await;
    assert_eq!(refusal(again).1, "WRONG_STATE");
}
