//! What timekeeping tells the other services.

use caseload_proto::caseload::events::v1::FollowEventsRequest;
use caseload_proto::caseload::events::v1::event_service_client::EventServiceClient;
use caseload_proto::caseload::timekeeping::v1::{
    ReverseTimeEntryRequest, TimeEntry, TimeEntryApproved, TimeEntryReversed,
};
use caseload_proto::convert::seconds;
use caseload_testing::tokens;
use prost::Message as _;
use tonic::Code;

use crate::world::{MONDAY, World};

#[tokio::test]
async fn an_approval_and_a_reversal_are_told_whole_and_in_order() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.approved(&job, 0).await;
    let reverse = ReverseTimeEntryRequest {
        name: entry.name.clone(),
        reason: "It was half an hour.".to_owned(),
        replacement: Some(job.work(MONDAY, 1800)),
        ..ReverseTimeEntryRequest::default()
    };
    let reversed = world
        .entries(tokens::reviewer())
        .reverse_time_entry(reverse)
        .await
        .unwrap()
        .into_inner();

    let mut feed = EventServiceClient::new(world.service.channel(tokens::service()));
    let mut stream = feed
        .follow_events(FollowEventsRequest::default())
        .await
        .unwrap()
        .into_inner();
    let mut events = Vec::new();
    while events.len() < 2 {
        events.extend(stream.message().await.unwrap().unwrap().events);
    }
    assert_eq!(
        events[0].r#type,
        "caseload.timekeeping.v1.TimeEntryApproved"
    );
    assert_eq!(
        (events[0].firm.as_str(), events[0].aggregate.as_str()),
        (job.firm_name().as_str(), entry.name.as_str())
    );
    let payload = events[0].payload.as_ref().unwrap();
    let told = TimeEntryApproved::decode(payload.value.as_slice())
        .unwrap()
        .entry
        .unwrap();
    assert_eq!(
        (told.name, told.task, told.matter),
        (entry.name.clone(), entry.task, entry.matter)
    );
    assert_eq!(
        (told.assignment, told.paralegal),
        (entry.assignment, entry.paralegal)
    );
    assert_eq!(
        (told.work_date, told.worked, told.billed),
        (entry.work_date, entry.worked, entry.billed)
    );
    assert_eq!((told.narrative, told.billable), (entry.narrative, true));
    assert_eq!(
        (
            told.utbms_task_code.as_str(),
            told.utbms_activity_code.as_str()
        ),
        ("L120", "A102")
    );
    assert!(told.approve_time.is_some());

    assert_eq!(
        events[1].r#type,
        "caseload.timekeeping.v1.TimeEntryReversed"
    );
    let payload = events[1].payload.as_ref().unwrap();
    let told = TimeEntryReversed::decode(payload.value.as_slice()).unwrap();
    assert_eq!(told.replacement, reversed.reversal.unwrap().replacement);
    assert_eq!(
        told.entry.map(|entry| (entry.name, entry.billed)),
        Some((entry.name, Some(seconds(3600))))
    );
}

#[tokio::test]
async fn time_that_the_firm_is_not_billed_for_is_told_as_such() {
    let world = World::new().await;
    let job = world.job().await;
    let free = TimeEntry {
        non_billable: true,
        non_billable_reason: "Learning the firm's templates".to_owned(),
        ..job.hour(0)
    };
    let entry = world.recorded(&job, free).await;
    world.submitted(&job, &[&entry]).await;
    let approve = caseload_proto::caseload::timekeeping::v1::BatchApproveTimeEntriesRequest {
        parent: job.firm_name(),
        names: vec![entry.name],
        request_id: String::new(),
    };
    world
        .entries(tokens::reviewer())
        .batch_approve_time_entries(approve)
        .await
        .unwrap();
    let mut feed = EventServiceClient::new(world.service.channel(tokens::service()));
    let mut stream = feed
        .follow_events(FollowEventsRequest::default())
        .await
        .unwrap()
        .into_inner();
    let event = loop {
        let batch = stream.message().await.unwrap().unwrap();
        if let Some(event) = batch.events.into_iter().next() {
            break event;
        }
    };
    let told = TimeEntryApproved::decode(event.payload.unwrap().value.as_slice())
        .unwrap()
        .entry
        .unwrap();
    assert!(!told.billable);
    assert_eq!(
        (told.worked, told.billed),
        (Some(seconds(3600)), Some(seconds(0)))
    );
}

#[tokio::test]
async fn the_feed_is_for_services_alone() {
    let world = World::new().await;
    let mut feed = EventServiceClient::new(world.service.channel(tokens::reviewer()));
    let refused = feed
        .follow_events(FollowEventsRequest::default())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}
