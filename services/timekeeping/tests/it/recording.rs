//! Recording, changing and deleting drafts.

use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::timekeeping::v1::{
    GetTimeEntryRequest, TimeEntry, TimeEntrySource, TimeEntryState,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_proto::google::r#type::Date;
use caseload_testing::tokens;
use time::Duration;
use time::macros::datetime;
use tonic::Code;

use crate::refusals::{metadata, reason};
use crate::world::{ACCEPTED, MONDAY, NOW, World};

#[tokio::test]
async fn an_hour_is_recorded_by_its_start_and_length_or_by_its_start_and_end() {
    let world = World::new().await;
    let job = world.job().await;
    let by_length = world.recorded(&job, job.hour(0)).await;
    let mut hour = job.hour(1);
    hour.worked = None;
    hour.end_time = Some(timestamp(MONDAY + Duration::hours(2)));
    let by_end = world.recorded(&job, hour).await;
    for entry in [&by_length, &by_end] {
        assert_eq!(
            (entry.worked, entry.billed),
            (Some(seconds(3600)), Some(seconds(3600)))
        );
        assert_eq!(
            (entry.state(), entry.source()),
            (TimeEntryState::Draft, TimeEntrySource::Manual)
        );
        assert_eq!(
            entry.work_date,
            Some(Date {
                year: 2026,
                month: 3,
                day: 2
            })
        );
        assert_eq!(entry.time_zone, "America/Chicago");
        assert_eq!(
            (
                entry.utbms_task_code.as_str(),
                entry.utbms_activity_code.as_str()
            ),
            ("L120", "A102")
        );
        assert_eq!(
            entry.matter_caption,
            "Alice Corp. v. CLS Bank International"
        );
        assert_eq!(entry.paralegal, job.paralegal_name());
        let request = GetTimeEntryRequest {
            name: entry.name.clone(),
        };
        let got = world
            .entries(tokens::paralegal(job.paralegal))
            .get_time_entry(request)
            .await;
        assert_eq!(&got.unwrap().into_inner(), entry);
    }
    assert_eq!(
        by_length.end_time, by_end.start_time,
        "the two touch, which is no overlap"
    );
}

#[tokio::test]
async fn overlapping_time_is_refused_and_the_other_entry_named_whatever_its_firm() {
    let world = World::new().await;
    let here = world.job().await;
    let elsewhere = world.job_of(world.firm().await, here.paralegal).await;
    let first = world.recorded(&here, here.hour(0)).await;
    let overlap = elsewhere.work(MONDAY + Duration::minutes(59), 3600);
    let mut entries = world.entries(tokens::paralegal(here.paralegal));
    let refused = entries
        .create_time_entry(elsewhere.creates(overlap))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(reason(&refused), "TIME_OVERLAPS");
    assert_eq!(metadata(&refused)["overlaps"], first.name);
    let touching = elsewhere.work(MONDAY + Duration::hours(1), 3600);
    entries
        .create_time_entry(elsewhere.creates(touching))
        .await
        .unwrap();
}

#[tokio::test]
async fn two_people_may_work_at_the_same_time() {
    let world = World::new().await;
    let one = world.job().await;
    let other = world
        .job_of(one.firm, world.paralegal_in("Asia/Manila").await)
        .await;
    world.recorded(&one, one.hour(0)).await;
    let entry = world.recorded(&other, other.hour(15)).await;
    assert_eq!(
        entry.work_date,
        Some(Date {
            year: 2026,
            month: 3,
            day: 3
        }),
        "it is Tuesday in Manila"
    );
    world.recorded(&other, other.hour(0)).await;
}

#[tokio::test]
async fn work_through_the_night_of_a_change_of_the_clocks_is_dated_by_its_start() {
    let world = World::new().await;
    let job = world.job().await;
    world.set_now(datetime!(2026-11-03 00:00 UTC));
    for (start, day) in [
        (
            datetime!(2026-03-08 05:30 UTC),
            Date {
                year: 2026,
                month: 3,
                day: 7,
            },
        ),
        (
            datetime!(2026-03-09 04:30 UTC),
            Date {
                year: 2026,
                month: 3,
                day: 8,
            },
        ),
        (
            datetime!(2026-11-01 04:30 UTC),
            Date {
                year: 2026,
                month: 10,
                day: 31,
            },
        ),
        (
            datetime!(2026-11-02 05:30 UTC),
            Date {
                year: 2026,
                month: 11,
                day: 1,
            },
        ),
    ] {
        let entry = world.recorded(&job, job.work(start, 4 * 3600)).await;
        assert_eq!(entry.work_date, Some(day));
        assert_eq!(
            entry.worked,
            Some(seconds(4 * 3600)),
            "seconds that passed, whatever clocks showed"
        );
    }
}

#[tokio::test]
async fn a_narrative_keeps_every_letter_that_was_written() {
    let world = World::new().await;
    let job = world.job().await;
    let narrative = "Reviewed café contract § 4 with 山田さん 👩‍⚖️📄 — «final»\nand noted 3 issues";
    let entry = TimeEntry {
        narrative: narrative.to_owned(),
        ..job.hour(0)
    };
    assert_eq!(world.recorded(&job, entry).await.narrative, narrative);
}

#[tokio::test]
async fn time_before_acceptance_or_on_an_offer_is_not_the_paralegals() {
    let world = World::new().await;
    let job = world.job().await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let early = job.work(ACCEPTED - Duration::seconds(1), 3600);
    let refused = entries
        .create_time_entry(job.creates(early))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "NOT_ASSIGNED")
    );
    assert_eq!(metadata(&refused)["assigned_from"], "2026-03-01T12:00:00Z");

    let mut offered = job;
    offered.task = caseload_domain::TaskId::generate();
    offered.assignment = caseload_domain::AssignmentId::generate();
    world
        .assigned(&offered, AssignmentState::Offered, None, None)
        .await;
    world
        .sees(
            "select exists (select from assignments where id = $1)",
            offered.assignment.0,
        )
        .await;
    let refused = entries
        .create_time_entry(offered.creates(offered.hour(0)))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "NOT_ASSIGNED");
    assert!(metadata(&refused).is_empty());
}

#[tokio::test]
async fn an_entry_ends_a_minute_from_now_at_the_latest() {
    let world = World::new().await;
    let job = world.job().await;
    world
        .recorded(&job, job.work(NOW - Duration::minutes(59), 3600))
        .await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let later = job.work(NOW + Duration::minutes(1), 1);
    let refused = entries
        .create_time_entry(job.creates(later))
        .await
        .unwrap_err();
    assert_eq!(crate::refusals::fields(&refused), ["time_entry.worked"]);
}

#[tokio::test]
async fn an_entry_can_be_recorded_before_intakes_word_of_its_task_has_come() {
    let world = World::new().await;
    let (firm, paralegal) = (
        world.firm().await,
        world.paralegal_in("America/Chicago").await,
    );
    let mut job = world.job_of(firm, paralegal).await;
    job.task = caseload_domain::TaskId::generate();
    job.assignment = caseload_domain::AssignmentId::generate();
    world
        .assigned(&job, AssignmentState::Accepted, Some(ACCEPTED), None)
        .await;
    world
        .sees(
            "select exists (select from assignments where id = $1)",
            job.assignment.0,
        )
        .await;
    let entry = world.recorded(&job, job.hour(0)).await;
    assert_eq!(
        (
            entry.task_title.as_str(),
            entry.utbms_activity_code.as_str()
        ),
        ("", "")
    );
    world.task(&job).await;
    world
        .sees(
            "select exists (select from tasks where id = $1)",
            job.task.0,
        )
        .await;
    let submitted = world.submitted(&job, &[&entry]).await;
    assert_eq!(submitted[0].utbms_activity_code, "A102");
    assert_eq!(submitted[0].task_title, "Research patent eligibility");
}

#[tokio::test]
async fn a_repeated_creation_answers_what_the_first_answered_and_another_body_is_refused() {
    let world = World::new().await;
    let job = world.job().await;
    let mut request = job.creates(job.hour(0));
    request.request_id = "2f1cbb6e-1f51-4f3e-9d34-5a0a5a0f7b7e".to_owned();
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let first = entries
        .create_time_entry(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = entries
        .create_time_entry(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    request.time_entry = Some(job.hour(1));
    let reused = entries.create_time_entry(request).await.unwrap_err();
    assert_eq!(reason(&reused), "REQUEST_ID_REUSED");
    assert_eq!(world.count("select count(*) from time_entries").await, 1);
}
