//! Changing and deleting drafts.

use caseload_proto::caseload::timekeeping::v1::{
    DeleteTimeEntryRequest, TimeEntry, UpdateTimeEntryRequest,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_proto::google::r#type::Date;
use caseload_testing::tokens;
use prost_types::FieldMask;
use time::Duration;
use time::macros::datetime;
use tonic::Code;

use crate::refusals::{metadata, reason};
use crate::world::{MONDAY, World};

fn update(entry: TimeEntry, paths: &[&str]) -> UpdateTimeEntryRequest {
    UpdateTimeEntryRequest {
        time_entry: Some(entry),
        update_mask: Some(FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        request_id: String::new(),
    }
}

#[tokio::test]
async fn a_draft_is_changed_field_by_field() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let longer = TimeEntry {
        name: entry.name.clone(),
        worked: Some(seconds(3661)),
        narrative: "This is not in the mask.".to_owned(),
        etag: entry.etag.clone(),
        ..TimeEntry::default()
    };
    let changed = entries
        .update_time_entry(update(longer.clone(), &["worked"]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (changed.worked, changed.billed),
        (Some(seconds(3661)), Some(seconds(3960)))
    );
    assert_eq!(changed.narrative, entry.narrative);
    assert_ne!(changed.etag, entry.etag);
    let stale = entries
        .update_time_entry(update(longer, &["worked"]))
        .await
        .unwrap_err();
    assert_eq!(
        (stale.code(), reason(&stale).as_str()),
        (Code::Aborted, "ETAG_MISMATCH")
    );

    let without_mask = UpdateTimeEntryRequest {
        time_entry: Some(TimeEntry {
            name: entry.name.clone(),
            non_billable: true,
            non_billable_reason: "Training".to_owned(),
            ..TimeEntry::default()
        }),
        ..UpdateTimeEntryRequest::default()
    };
    let free = entries
        .update_time_entry(without_mask)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (free.worked, free.billed),
        (Some(seconds(3661)), Some(seconds(0)))
    );
    assert_eq!(free.narrative, entry.narrative);
}

#[tokio::test]
async fn an_entry_does_not_move_over_another_but_may_move_within_its_own_time() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    let other = world.recorded(&job, job.hour(2)).await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let moved = |start| TimeEntry {
        name: entry.name.clone(),
        start_time: Some(timestamp(start)),
        worked: Some(seconds(3600)),
        ..TimeEntry::default()
    };
    let mask = ["start_time", "worked"];
    let onto = moved(MONDAY + Duration::minutes(90));
    let refused = entries
        .update_time_entry(update(onto, &mask))
        .await
        .unwrap_err();
    assert_eq!(metadata(&refused)["overlaps"], other.name);
    let within = moved(MONDAY + Duration::minutes(30));
    entries
        .update_time_entry(update(within, &mask))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_paralegal_who_moves_keeps_the_dates_of_work_done_before() {
    let world = World::new().await;
    let job = world.job().await;
    let late = datetime!(2026-03-03 05:30 UTC);
    let entry = world.recorded(&job, job.work(late, 600)).await;
    assert_eq!(
        entry.work_date,
        Some(Date {
            year: 2026,
            month: 3,
            day: 2
        })
    );
    world.moves_to(job.paralegal, "Europe/London").await;
    world
        .sees(
            "select time_zone = 'Europe/London' from paralegals where id = $1",
            job.paralegal.0,
        )
        .await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let reworded = TimeEntry {
        name: entry.name.clone(),
        narrative: "Read claims 1 to 12.".to_owned(),
        ..TimeEntry::default()
    };
    let reworded = entries
        .update_time_entry(update(reworded, &["narrative"]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (reworded.work_date, reworded.time_zone.as_str()),
        (entry.work_date, "America/Chicago")
    );
    let here = world
        .recorded(&job, job.work(late + Duration::HOUR, 600))
        .await;
    assert_eq!(
        here.work_date,
        Some(Date {
            year: 2026,
            month: 3,
            day: 3
        })
    );
}

#[tokio::test]
async fn a_draft_is_deleted_and_its_time_is_free() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let request = DeleteTimeEntryRequest {
        name: entry.name,
        etag: entry.etag,
        request_id: String::new(),
    };
    entries.delete_time_entry(request.clone()).await.unwrap();
    assert_eq!(
        entries.delete_time_entry(request).await.unwrap_err().code(),
        Code::NotFound
    );
    world.recorded(&job, job.hour(0)).await;
}
