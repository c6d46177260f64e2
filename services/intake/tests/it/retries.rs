//! Requests that are sent again.

use caseload_proto::caseload::intake::v1::*;
use futures::future::join_all;
use tonic::Code;
use uuid::Uuid;

use crate::world::{World, firm, matter, refusal};

#[tokio::test]
async fn a_request_that_is_sent_again_answers_what_the_first_answered() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut attorney = firm.attorney.clone();
    let create = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(matter("Alice", "Bob")),
        request_id: Uuid::now_v7().to_string(),
    };
    let first = attorney
        .matters
        .create_matter(create.clone())
        .await
        .unwrap()
        .into_inner();
    let again = attorney
        .matters
        .create_matter(create.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(again, first);
    assert_eq!(world.count("select count(*) from matters").await, 1);

    let another = CreateMatterRequest {
        matter: Some(matter("Carol", "Dave")),
        ..create.clone()
    };
    let refused = refusal(attorney.matters.create_matter(another).await);
    assert_eq!(
        refused,
        (Code::FailedPrecondition, "REQUEST_ID_REUSED".to_owned())
    );
    // It is another caller's to use.
    let theirs = firm
        .admin
        .clone()
        .matters
        .create_matter(create)
        .await
        .unwrap()
        .into_inner();
    assert_ne!(theirs.name, first.name);
}

#[tokio::test]
async fn many_at_the_same_time_are_one() {
    let world = World::new().await;
    let request_id = Uuid::now_v7().to_string();
    let creations = (0..6).map(|_| {
        let mut coordinator = world.coordinator();
        let create = CreateFirmRequest {
            firm: Some(firm("DOE")),
            request_id: request_id.clone(),
        };
        async move {
            coordinator
                .firms
                .create_firm(create)
                .await
                .unwrap()
                .into_inner()
        }
    });
    let firms = join_all(creations).await;
    assert!(firms.iter().all(|firm| firm.name == firms[0].name));
    assert_eq!(world.count("select count(*) from firms").await, 1);
}

#[tokio::test]
async fn an_acceptance_is_repeated_without_being_refused_as_one_too_many() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, _) = firm.submitted(&matter).await;
    let mut coordinator = world.coordinator();
    let start = StartReviewRequest {
        name: request.name.clone(),
        ..StartReviewRequest::default()
    };
    coordinator.requests.start_review(start).await.unwrap();
    let accept = AcceptRequestRequest {
        name: request.name.clone(),
        etag: String::new(),
        request_id: Uuid::now_v7().to_string(),
    };
    let first = coordinator
        .requests
        .accept_request(accept.clone())
        .await
        .unwrap()
        .into_inner();
    let again = coordinator
        .requests
        .accept_request(accept)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(again, first);
}

#[tokio::test]
async fn a_request_that_failed_may_be_sent_again() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let mut attorney = firm.attorney.clone();
    let submit = SubmitRequestRequest {
        name: draft.name.clone(),
        etag: String::new(),
        request_id: Uuid::now_v7().to_string(),
    };
    let refused = attorney.requests.submit_request(submit.clone()).await;
    assert_eq!(refusal(refused).1, "REQUEST_EMPTY");
    firm.add(&draft, crate::world::task()).await.unwrap();
    attorney.requests.submit_request(submit).await.unwrap();
}
