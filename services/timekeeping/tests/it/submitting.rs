//! Handing in.

use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::timekeeping::v1::{
    DeleteTimeEntryRequest, TimeEntry, UpdateTimeEntryRequest,
};
use caseload_proto::convert::timestamp;
use caseload_testing::tokens;
use time::Duration;

use crate::job::submits;
use crate::refusals::{failures, metadata};
use crate::world::{ACCEPTED, MONDAY, World};

#[tokio::test]
async fn a_batch_is_submitted_whole_or_not_at_all_and_everything_in_the_way_is_told() {
    let world = World::new().await;
    let job = world.job().await;
    let good = world.recorded(&job, job.hour(0)).await;
    let mute = TimeEntry {
        narrative: String::new(),
        ..job.hour(1)
    };
    let mute = world.recorded(&job, mute).await;
    let done = world.recorded(&job, job.hour(2)).await;
    world.submitted(&job, &[&done]).await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let all = [&good, &mute, &done];
    let refused = entries
        .batch_submit_time_entries(submits(&job, &all))
        .await
        .unwrap_err();
    assert_eq!(
        failures(&refused),
        [
            (mute.name.clone(), "SUBMISSION_INCOMPLETE".to_owned()),
            (done.name.clone(), "WRONG_STATE".to_owned()),
        ]
    );
    assert_eq!(
        world
            .count("select count(*) from time_entries where state = 'draft'")
            .await,
        2
    );
}

#[tokio::test]
async fn what_is_handed_in_can_be_neither_changed_nor_deleted() {
    let world = World::new().await;
    let job = world.job().await;
    let submitted = world.recorded(&job, job.hour(0)).await;
    world.submitted(&job, &[&submitted]).await;
    let approved = world.approved(&job, 1).await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    for (entry, state) in [(submitted, "submitted"), (approved, "approved")] {
        let change = UpdateTimeEntryRequest {
            time_entry: Some(TimeEntry {
                name: entry.name.clone(),
                narrative: "Something else.".to_owned(),
                ..TimeEntry::default()
            }),
            ..UpdateTimeEntryRequest::default()
        };
        let refused = entries.update_time_entry(change).await.unwrap_err();
        assert_eq!(
            (
                metadata(&refused)["from"].as_str(),
                metadata(&refused)["to"].as_str()
            ),
            (state, "draft")
        );
        let delete = DeleteTimeEntryRequest {
            name: entry.name,
            ..DeleteTimeEntryRequest::default()
        };
        let refused = entries.delete_time_entry(delete).await.unwrap_err();
        assert_eq!(
            (
                metadata(&refused)["from"].as_str(),
                metadata(&refused)["to"].as_str()
            ),
            (state, "deleted")
        );
    }
}

#[tokio::test]
async fn time_after_the_assignment_ended_is_not_accepted_at_submission() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    let ended = Some(MONDAY + Duration::minutes(30));
    world
        .assigned(&job, AssignmentState::Completed, Some(ACCEPTED), ended)
        .await;
    world
        .sees(
            "select exists (select from assignments where id = $1 and end_time is not null)",
            job.assignment.0,
        )
        .await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let refused = entries
        .batch_submit_time_entries(submits(&job, &[&entry]))
        .await
        .unwrap_err();
    assert_eq!(
        failures(&refused),
        [(entry.name.clone(), "NOT_ASSIGNED".to_owned())]
    );
    assert_eq!(metadata(&refused)["assigned_until"], "2026-03-02T15:30:00Z");
    let cut = UpdateTimeEntryRequest {
        time_entry: Some(TimeEntry {
            name: entry.name.clone(),
            end_time: ended.map(timestamp),
            ..TimeEntry::default()
        }),
        ..UpdateTimeEntryRequest::default()
    };
    entries.update_time_entry(cut).await.unwrap();
    world.submitted(&job, &[&entry]).await;
}
