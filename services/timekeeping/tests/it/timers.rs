//! The clock that a paralegal starts and stops.

use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::timekeeping::v1::{
    DiscardTimerRequest, GetTimeEntryRequest, GetTimerRequest, StartTimerRequest, StopTimerRequest,
    TimeEntry, TimeEntrySource, TimeEntryState, Timer,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_testing::tokens;
use time::Duration;
use tonic::{Code, Status};

use crate::job::Job;
use crate::refusals::{metadata, reason};
use crate::world::{ACCEPTED, MONDAY, NOW, World};

async fn start(world: &World, job: &Job) -> Result<Timer, Status> {
    let request = StartTimerRequest {
        timer: Some(Timer {
            name: job.timer_name(),
            task: job.task_name(),
            narrative: "Reading the specification.".to_owned(),
            ..Timer::default()
        }),
        request_id: String::new(),
    };
    let answer = world
        .timers(tokens::paralegal(job.paralegal))
        .start_timer(request)
        .await;
    answer.map(tonic::Response::into_inner)
}

async fn get(world: &World, job: &Job) -> Result<Timer, Status> {
    let request = GetTimerRequest {
        name: job.timer_name(),
    };
    let answer = world
        .timers(tokens::paralegal(job.paralegal))
        .get_timer(request)
        .await;
    answer.map(tonic::Response::into_inner)
}

fn stops(job: &Job) -> StopTimerRequest {
    StopTimerRequest {
        name: job.timer_name(),
        ..StopTimerRequest::default()
    }
}

async fn stop(world: &World, job: &Job) -> Result<TimeEntry, Status> {
    let answer = world
        .timers(tokens::paralegal(job.paralegal))
        .stop_timer(stops(job))
        .await;
    answer.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn a_timer_is_started_seen_and_stopped_into_a_draft() {
    let world = World::new().await;
    let job = world.job().await;
    world.set_now(MONDAY);
    let started = start(&world, &job).await.unwrap();
    assert_eq!(started.start_time, Some(timestamp(MONDAY)));
    assert_eq!(
        (
            started.utbms_task_code.as_str(),
            started.utbms_activity_code.as_str()
        ),
        ("L120", "A102")
    );

    world.set_now(MONDAY + Duration::seconds(754));
    let running = get(&world, &job).await.unwrap();
    assert_eq!(running.elapsed, Some(seconds(754)));
    assert_eq!(running.time_entry, started.time_entry);
    let entry = GetTimeEntryRequest {
        name: started.time_entry.clone(),
    };
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let not_yet = entries.get_time_entry(entry.clone()).await.unwrap_err();
    assert_eq!(
        not_yet.code(),
        Code::NotFound,
        "a running timer is no entry yet"
    );

    let stopped = stop(&world, &job).await.unwrap();
    assert_eq!(stopped.name, started.time_entry);
    assert_eq!(
        (stopped.state(), stopped.source()),
        (TimeEntryState::Draft, TimeEntrySource::Timer)
    );
    assert_eq!(
        (stopped.worked, stopped.billed),
        (Some(seconds(754)), Some(seconds(1080)))
    );
    assert_eq!(stopped.narrative, "Reading the specification.");
    assert_eq!(stopped.task_title, "Research patent eligibility");
    assert_eq!(
        entries.get_time_entry(entry).await.unwrap().into_inner(),
        stopped
    );
    assert_eq!(get(&world, &job).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(stop(&world, &job).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn a_second_timer_waits_for_the_first() {
    let world = World::new().await;
    let job = world.job().await;
    start(&world, &job).await.unwrap();
    let second = start(&world, &job).await.unwrap_err();
    assert_eq!(
        (second.code(), reason(&second).as_str()),
        (Code::FailedPrecondition, "TIMER_RUNNING")
    );
}

#[tokio::test]
async fn timers_started_one_right_after_the_other_touch_and_do_not_overlap() {
    let world = World::new().await;
    let job = world.job().await;
    for _ in 0..3 {
        start(&world, &job).await.unwrap();
        stop(&world, &job).await.unwrap();
    }
    assert_eq!(
        world
            .count("select count(*) from time_entries where state = 'draft'")
            .await,
        3
    );
}

#[tokio::test]
async fn a_discarded_timer_leaves_nothing_but_its_record() {
    let world = World::new().await;
    let job = world.job().await;
    start(&world, &job).await.unwrap();
    let request = DiscardTimerRequest {
        name: job.timer_name(),
        ..DiscardTimerRequest::default()
    };
    let mut timers = world.timers(tokens::paralegal(job.paralegal));
    timers.discard_timer(request.clone()).await.unwrap();
    assert_eq!(world.count("select count(*) from time_entries").await, 0);
    assert_eq!(
        world
            .count("select count(*) from audit_log where method like '%Timer'")
            .await,
        2
    );
    assert_eq!(
        timers.discard_timer(request).await.unwrap_err().code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn a_running_timer_holds_the_time_from_its_start() {
    let world = World::new().await;
    let job = world.job().await;
    world.set_now(MONDAY + Duration::minutes(30));
    let timer = start(&world, &job).await.unwrap();
    world.set_now(NOW);
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let overlap = entries
        .create_time_entry(job.creates(job.hour(2)))
        .await
        .unwrap_err();
    assert_eq!(reason(&overlap), "TIME_OVERLAPS");
    assert_eq!(metadata(&overlap)["overlaps"], timer.time_entry);
    let before = job.work(MONDAY, 1800);
    entries
        .create_time_entry(job.creates(before))
        .await
        .unwrap();
    stop(&world, &job).await.unwrap();
}

#[tokio::test]
async fn a_timer_does_not_start_before_time_that_is_recorded_already() {
    let world = World::new().await;
    let job = world.job().await;
    let recorded = world.recorded(&job, job.hour(0)).await;
    world.set_now(MONDAY - Duration::HOUR);
    let refused = start(&world, &job).await.unwrap_err();
    assert_eq!(metadata(&refused)["overlaps"], recorded.name);
}

#[tokio::test]
async fn a_forgotten_timer_ends_at_the_limit_and_is_marked() {
    let world = World::new().await;
    let job = world.job().await;
    world.set_now(MONDAY);
    start(&world, &job).await.unwrap();
    world.set_now(NOW);
    let entry = stop(&world, &job).await.unwrap();
    assert!(entry.stopped_at_limit);
    assert_eq!(entry.worked, Some(seconds(12 * 3600)));
}

#[tokio::test]
async fn a_timer_is_stopped_though_the_task_was_taken_away_meanwhile() {
    let world = World::new().await;
    let job = world.job().await;
    world.set_now(MONDAY);
    start(&world, &job).await.unwrap();
    let released = Some(MONDAY + Duration::minutes(5));
    world
        .assigned(&job, AssignmentState::Released, Some(ACCEPTED), released)
        .await;
    world
        .sees(
            "select exists (select from assignments where id = $1 and end_time is not null)",
            job.assignment.0,
        )
        .await;
    world.set_now(MONDAY + Duration::HOUR);
    let entry = stop(&world, &job).await.unwrap();
    assert_eq!(
        entry.worked,
        Some(seconds(3600)),
        "the time is kept, for the paralegal to cut"
    );
    let again = start(&world, &job).await.unwrap_err();
    assert_eq!(reason(&again), "NOT_ASSIGNED");
}

#[tokio::test]
async fn a_paralegals_timer_is_nobody_elses() {
    let world = World::new().await;
    let job = world.job().await;
    start(&world, &job).await.unwrap();
    let other = world.paralegal_in("America/Chicago").await;
    let theirs = world
        .timers(tokens::paralegal(other))
        .stop_timer(stops(&job))
        .await
        .unwrap_err();
    assert_eq!(theirs.code(), Code::NotFound);
    let attorney = world
        .timers(tokens::attorney(job.firm))
        .stop_timer(stops(&job))
        .await
        .unwrap_err();
    assert_eq!(attorney.code(), Code::PermissionDenied);
    let seen = GetTimerRequest {
        name: job.timer_name(),
    };
    let manager = world
        .timers(tokens::operations_manager())
        .get_timer(seen)
        .await;
    assert_eq!(manager.unwrap().into_inner().task, job.task_name());
}

#[tokio::test]
async fn a_stale_etag_stops_no_timer() {
    let world = World::new().await;
    let job = world.job().await;
    let timer = start(&world, &job).await.unwrap();
    let mut timers = world.timers(tokens::paralegal(job.paralegal));
    let stale = StopTimerRequest {
        etag: "\"7\"".to_owned(),
        ..stops(&job)
    };
    assert_eq!(
        timers.stop_timer(stale).await.unwrap_err().code(),
        Code::Aborted
    );
    let current = StopTimerRequest {
        etag: timer.etag,
        ..stops(&job)
    };
    timers.stop_timer(current).await.unwrap();
}

#[tokio::test]
async fn a_repeated_stop_answers_what_the_first_answered() {
    let world = World::new().await;
    let job = world.job().await;
    start(&world, &job).await.unwrap();
    let request = StopTimerRequest {
        request_id: "0b7c5cf0-9f0e-4c6a-8a55-0e8d3d0c3a11".to_owned(),
        ..stops(&job)
    };
    let mut timers = world.timers(tokens::paralegal(job.paralegal));
    let first = timers
        .stop_timer(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = timers.stop_timer(request).await.unwrap().into_inner();
    assert_eq!(first, again);
}
