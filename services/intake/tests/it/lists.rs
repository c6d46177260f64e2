//! Lists: filters, pages, and tokens that serve one list alone.

use caseload_proto::caseload::intake::v1::practice_area_service_client::PracticeAreaServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use caseload_testing::tokens;
use time::{Duration, OffsetDateTime};
use tonic::Code;

use crate::world::{FirmOf, Person, World, refusal, task, violations};

async fn page(
    person: &Person,
    parent: &str,
    token: &str,
    states: &[TaskState],
) -> Result<ListTasksResponse, tonic::Status> {
    let request = ListTasksRequest {
        parent: parent.to_owned(),
        page_size: 2,
        page_token: token.to_owned(),
        states: states.iter().map(|state| (*state).into()).collect(),
        ..ListTasksRequest::default()
    };
    Ok(person.clone().tasks.list_tasks(request).await?.into_inner())
}

/// A draft with five tasks, due one day after another.
async fn five_tasks(firm: &FirmOf) -> Vec<Task> {
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let mut tasks = Vec::new();
    for day in 1..=5 {
        let due = Task {
            due_time: Some(timestamp(
                OffsetDateTime::UNIX_EPOCH + Duration::days(20_000 + day),
            )),
            ..task()
        };
        tasks.push(firm.add(&draft, due).await.unwrap());
    }
    tasks
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_or_a_repeat() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let tasks = five_tasks(&firm).await;
    let (mut seen, mut token, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let answer = page(&firm.attorney, &firm.name, &token, &[]).await.unwrap();
        seen.extend(answer.tasks);
        token = answer.next_page_token;
        pages += 1;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!((seen, pages), (tasks, 3));
}

#[tokio::test]
async fn a_page_token_serves_its_own_list_and_caller_alone() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    five_tasks(&firm).await;
    five_tasks(&other).await;
    let token = page(&firm.attorney, "firms/-", "", &[])
        .await
        .unwrap()
        .next_page_token;
    assert!(page(&firm.attorney, "firms/-", &token, &[]).await.is_ok());
    let mut tampered = token.clone().into_bytes();
    tampered[10] = if tampered[10] == b'A' { b'B' } else { b'A' };
    let tampered = String::from_utf8(tampered).unwrap();
    for answer in [
        page(&other.attorney, "firms/-", &token, &[]).await,
        page(&world.coordinator(), "firms/-", &token, &[]).await,
        page(&firm.attorney, &firm.name, &token, &[]).await,
        page(&firm.attorney, "firms/-", &token, &[TaskState::Pending]).await,
        page(&firm.attorney, "firms/-", &tampered, &[]).await,
        page(&firm.attorney, "firms/-", "nonsense", &[]).await,
    ] {
        assert_eq!(
            refusal(answer),
            (Code::InvalidArgument, "PAGE_TOKEN_INVALID".to_owned())
        );
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_state_request_matter_and_due_time() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let tasks = five_tasks(&firm).await;
    let matter = firm.matter("Carol", "Dave").await;
    let (request, other) = firm.accepted(&world, &matter).await;
    let narrowed = async |request: ListTasksRequest| {
        let mut names: Vec<_> = firm
            .attorney
            .clone()
            .tasks
            .list_tasks(ListTasksRequest {
                parent: firm.name.clone(),
                ..request
            })
            .await
            .unwrap()
            .into_inner()
            .tasks
            .into_iter()
            .map(|task| task.name)
            .collect();
        names.sort();
        names
    };
    let by_state = ListTasksRequest {
        states: vec![TaskState::Open.into()],
        ..ListTasksRequest::default()
    };
    assert_eq!(narrowed(by_state).await, std::slice::from_ref(&other.name));
    let by_request = ListTasksRequest {
        request: request.name.clone(),
        ..ListTasksRequest::default()
    };
    assert_eq!(
        narrowed(by_request).await,
        std::slice::from_ref(&other.name)
    );
    let by_matter = ListTasksRequest {
        matter: matter.name.clone(),
        ..ListTasksRequest::default()
    };
    assert_eq!(narrowed(by_matter).await, std::slice::from_ref(&other.name));
    let by_due_time = ListTasksRequest {
        due_from: tasks[1].due_time,
        due_before: tasks[3].due_time,
        ..ListTasksRequest::default()
    };
    assert_eq!(
        narrowed(by_due_time).await,
        [tasks[1].name.clone(), tasks[2].name.clone()]
    );
}

#[tokio::test]
async fn a_list_says_everything_that_is_wrong_with_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let moment = Some(timestamp(OffsetDateTime::UNIX_EPOCH));
    let request = ListTasksRequest {
        parent: "firms".to_owned(),
        page_size: -1,
        states: vec![0, 77],
        request: "requests/1".to_owned(),
        matter: "matters/1".to_owned(),
        due_from: moment,
        due_before: moment,
        ..ListTasksRequest::default()
    };
    assert_eq!(
        violations(firm.attorney.clone().tasks.list_tasks(request).await),
        [
            "due_before",
            "matter",
            "page_size",
            "parent",
            "request",
            "states[0]",
            "states[1]"
        ]
    );
}

#[tokio::test]
async fn every_practice_area_is_listed_page_by_page() {
    let world = World::new().await;
    let mut areas = PracticeAreaServiceClient::new(
        world
            .service
            .channel(tokens::paralegal(caseload_domain::ParalegalId::generate())),
    );
    let (mut all, mut token) = (Vec::new(), String::new());
    loop {
        let request = ListPracticeAreasRequest {
            page_size: 60,
            page_token: token,
        };
        let answer = areas
            .list_practice_areas(request)
            .await
            .unwrap()
            .into_inner();
        all.extend(answer.practice_areas);
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let iris = all.iter().filter(|area| !area.iri.is_empty());
    assert!(iris.clone().count() > 0);
    assert!(
        iris.map(|area| &area.iri)
            .all(|iri| iri.starts_with("https://folio."))
    );
    let names: Vec<_> = all.into_iter().map(|area| area.display_name).collect();
    assert_eq!(names.len(), 161);
    assert!(names.is_sorted() && names.contains(&"Patent Law".to_owned()));
    let refused = areas
        .list_practice_areas(ListPracticeAreasRequest {
            page_token: "nonsense".to_owned(),
            ..ListPracticeAreasRequest::default()
        })
        .await;
    assert_eq!(refusal(refused).1, "PAGE_TOKEN_INVALID");
}
