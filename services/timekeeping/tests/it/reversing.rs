//! Approved time that was wrong.

use caseload_proto::caseload::timekeeping::v1::{
    BatchApproveTimeEntriesRequest, GetTimeEntryRequest, ReverseTimeEntryRequest, TimeEntry,
    TimeEntrySource, TimeEntryState,
};
use caseload_proto::convert::seconds;
use caseload_testing::tokens;
use tonic::Code;

use crate::job::Job;
use crate::refusals::{failures, fields, metadata, reason};
use crate::world::{MONDAY, World};

fn reverses(entry: &TimeEntry, replacement: Option<TimeEntry>) -> ReverseTimeEntryRequest {
    ReverseTimeEntryRequest {
        name: entry.name.clone(),
        reason: "It was half an hour.".to_owned(),
        replacement,
        etag: entry.etag.clone(),
        request_id: String::new(),
    }
}

async fn get(world: &World, name: &str) -> TimeEntry {
    let request = GetTimeEntryRequest {
        name: name.to_owned(),
    };
    let answer = world
        .entries(tokens::reviewer())
        .get_time_entry(request)
        .await;
    answer.unwrap().into_inner()
}

fn half_an_hour(job: &Job) -> TimeEntry {
    job.work(MONDAY, 1800)
}

#[tokio::test]
async fn reversed_time_frees_its_place_and_the_replacement_takes_it() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.approved(&job, 0).await;
    let mut reviewer = world.entries(tokens::reviewer());
    let request = reverses(&entry, Some(half_an_hour(&job)));
    let reversed = reviewer
        .reverse_time_entry(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(reversed.state(), TimeEntryState::Reversed);
    assert_eq!(
        (reversed.worked, reversed.billed),
        (entry.worked, entry.billed),
        "what was, stays to be read"
    );
    let reversal = reversed.reversal.unwrap();
    assert_eq!(reversal.reason, "It was half an hour.");

    let replacement = get(&world, &reversal.replacement).await;
    assert_eq!(replacement.replaces, entry.name);
    assert_eq!(replacement.source(), TimeEntrySource::Replacement);
    assert_eq!(replacement.state(), TimeEntryState::Submitted);
    assert_eq!(
        (replacement.worked, replacement.paralegal),
        (Some(seconds(1800)), job.paralegal_name())
    );

    let approve = BatchApproveTimeEntriesRequest {
        parent: job.firm_name(),
        names: vec![reversal.replacement],
        request_id: String::new(),
    };
    let own = reviewer
        .batch_approve_time_entries(approve.clone())
        .await
        .unwrap_err();
    assert_eq!(
        reason(&own),
        "OWN_TIME",
        "whoever reverses does not approve what they wrote instead"
    );
    world
        .entries(tokens::attorney(job.firm))
        .batch_approve_time_entries(approve)
        .await
        .unwrap();
}

#[tokio::test]
async fn time_is_reversed_without_a_replacement_and_can_be_recorded_anew() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.approved(&job, 0).await;
    let mut manager = world.entries(tokens::operations_manager());
    let reversed = manager
        .reverse_time_entry(reverses(&entry, None))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        reversed.reversal.map(|reversal| reversal.replacement),
        Some(String::new())
    );
    world.recorded(&job, job.hour(0)).await;
}

#[tokio::test]
async fn a_replacement_that_does_not_fit_undoes_the_reversal_as_well() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.approved(&job, 0).await;
    let neighbour = world.approved(&job, 1).await;
    let mut reviewer = world.entries(tokens::reviewer());
    let too_long = job.work(MONDAY, 2 * 3600);
    let refused = reviewer
        .reverse_time_entry(reverses(&entry, Some(too_long)))
        .await
        .unwrap_err();
    assert_eq!(metadata(&refused)["overlaps"], neighbour.name);
    let mute = TimeEntry {
        narrative: String::new(),
        ..half_an_hour(&job)
    };
    let refused = reviewer
        .reverse_time_entry(reverses(&entry, Some(mute)))
        .await
        .unwrap_err();
    assert_eq!(failures(&refused).len(), 1);
    assert_eq!(reason(&refused), "SUBMISSION_INCOMPLETE");
    let of_another = TimeEntry {
        paralegal: format!("paralegals/{}", caseload_domain::ParalegalId::generate()),
        ..half_an_hour(&job)
    };
    let refused = reviewer
        .reverse_time_entry(reverses(&entry, Some(of_another)))
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["replacement.paralegal"]);
    assert_eq!(get(&world, &entry.name).await, entry, "nothing has changed");
    assert_eq!(
        world
            .count("select count(*) from event_log where type like '%Reversed'")
            .await,
        0
    );
}

#[tokio::test]
async fn only_approved_time_is_reversed_and_only_once() {
    let world = World::new().await;
    let job = world.job().await;
    let draft = world.recorded(&job, job.hour(1)).await;
    let mut reviewer = world.entries(tokens::reviewer());
    let refused = reviewer
        .reverse_time_entry(reverses(&draft, None))
        .await
        .unwrap_err();
    assert_eq!(
        (
            metadata(&refused)["from"].as_str(),
            metadata(&refused)["to"].as_str()
        ),
        ("draft", "reversed")
    );
    let entry = world.approved(&job, 0).await;
    reviewer
        .reverse_time_entry(reverses(&entry, None))
        .await
        .unwrap();
    let stale = reviewer
        .reverse_time_entry(reverses(&entry, None))
        .await
        .unwrap_err();
    assert_eq!(stale.code(), Code::Aborted);
    let again = ReverseTimeEntryRequest {
        etag: String::new(),
        ..reverses(&entry, None)
    };
    assert_eq!(
        reason(&reviewer.reverse_time_entry(again).await.unwrap_err()),
        "WRONG_STATE"
    );
}

#[tokio::test]
async fn a_reversal_needs_a_reason_and_a_role() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.approved(&job, 0).await;
    let silent = ReverseTimeEntryRequest {
        reason: "  ".to_owned(),
        ..reverses(&entry, None)
    };
    let refused = world
        .entries(tokens::reviewer())
        .reverse_time_entry(silent)
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["reason"]);
    for token in [tokens::paralegal(job.paralegal), tokens::attorney(job.firm)] {
        let refused = world
            .entries(token)
            .reverse_time_entry(reverses(&entry, None))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
}

#[tokio::test]
async fn time_in_another_firm_stands_in_the_way_of_a_replacement_and_is_not_named() {
    let world = World::new().await;
    let job = world.job().await;
    let elsewhere = world.job_of(world.firm().await, job.paralegal).await;
    let entry = world.approved(&job, 0).await;
    world.recorded(&elsewhere, elsewhere.hour(1)).await;
    let longer = job.work(MONDAY, 5400);
    let mut reviewer = world.entries(tokens::reviewer());
    let request = reverses(&entry, Some(longer));
    let refused = reviewer.reverse_time_entry(request).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_OVERLAPS");
    assert!(metadata(&refused).is_empty());
    assert_eq!(get(&world, &entry.name).await, entry, "nothing has changed");
}
