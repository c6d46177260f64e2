//! When tasks passed their stations, as those who look at them are told.

use caseload_domain::ParalegalId;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use time::{Duration, OffsetDateTime};

use crate::world::{World, deliver, get_task, project, task};

#[tokio::test]
async fn a_task_shows_when_it_was_opened_begun_delivered_and_accepted() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.submitted(&matter).await;
    assert_eq!(
        (task.open_time, task.start_time, task.first_deliver_time),
        (None, None, None)
    );
    let (_, task) = firm.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let person = world.paralegal(paralegal);
    let first = deliver(&person, &task, "").await.unwrap();
    let revise = RequestRevisionRequest {
        name: first.name,
        reason: "Cite the statute".to_owned(),
        ..RequestRevisionRequest::default()
    };
    let mut attorney = firm.attorney.clone();
    attorney.deliveries.request_revision(revise).await.unwrap();
    let second = deliver(&person, &task, "").await.unwrap();
    let accept = AcceptDeliveryRequest {
        name: second.name,
        ..AcceptDeliveryRequest::default()
    };
    attorney.deliveries.accept_delivery(accept).await.unwrap();

    let seen = get_task(&firm.attorney, &task.name).await.unwrap();
    let at = |stamp: Option<prost_types::Timestamp>| {
        let stamp = stamp.unwrap();
        (stamp.seconds, stamp.nanos)
    };
    let stations = [
        at(seen.open_time),
        at(seen.start_time),
        at(seen.first_deliver_time),
        at(seen.accept_time),
    ];
    assert!(stations.is_sorted());
    assert_eq!(stations[2], at(first.create_time), "and not the second");
    assert_eq!(stations[3], at(seen.update_time));
    assert_eq!(seen.revision_count, 1);
    assert!(!seen.overdue);
}

#[tokio::test]
async fn a_task_on_hold_shows_since_when_and_a_task_past_its_time_that_it_is_overdue() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let late = Task {
        due_time: Some(timestamp(OffsetDateTime::now_utc() - Duration::HOUR)),
        ..task()
    };
    let task = firm.add(&draft, late).await.unwrap();
    assert!(task.overdue);
    firm.submit(&draft).await.unwrap();
    crate::world::review_and_accept(&world, &draft)
        .await
        .unwrap();
    let mut attorney = firm.attorney.clone();
    let hold = HoldTaskRequest {
        name: task.name.clone(),
        reason: "The client travels".to_owned(),
        ..HoldTaskRequest::default()
    };
    let held = attorney.tasks.hold_task(hold).await.unwrap().into_inner();
    assert_eq!(held.hold_start_time, held.update_time);
    assert!(held.overdue, "a hold stops no court");
    let resume = ResumeTaskRequest {
        name: task.name.clone(),
        ..ResumeTaskRequest::default()
    };
    let resumed = attorney
        .tasks
        .resume_task(resume)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(resumed.hold_start_time, None);
}

#[tokio::test]
async fn a_project_is_delivered_when_its_last_part_is() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let parts = Task {
        pricing: Some(project(3, &[("a", 1), ("b", 2)])),
        ..task()
    };
    let task = firm.add(&draft, parts).await.unwrap();
    firm.submit(&draft).await.unwrap();
    crate::world::review_and_accept(&world, &draft)
        .await
        .unwrap();
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let person = world.paralegal(paralegal);
    let part = deliver(&person, &task, "b").await.unwrap();
    let seen = get_task(&person, &task.name).await.unwrap();
    assert_eq!(seen.first_deliver_time, None);
    let accept = AcceptDeliveryRequest {
        name: part.name,
        ..AcceptDeliveryRequest::default()
    };
    let mut attorney = firm.attorney.clone();
    attorney.deliveries.accept_delivery(accept).await.unwrap();
    let last = deliver(&person, &task, "a").await.unwrap();
    let seen = get_task(&person, &task.name).await.unwrap();
    assert_eq!(seen.first_deliver_time, last.create_time);
    assert_eq!(seen.accept_time, None);
}
