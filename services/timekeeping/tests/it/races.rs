//! Calls that race each other: nothing is lost, nothing is stored twice.

use caseload_proto::caseload::timekeeping::v1::{
    BatchApproveTimeEntriesRequest, BatchRejectTimeEntriesRequest, StartTimerRequest,
    StopTimerRequest, TimeEntryRejection, Timer,
};
use caseload_testing::tokens;
use futures::future::join_all;
use time::Duration;
use tonic::Code;

use crate::refusals::reason;
use crate::world::{MONDAY, World};

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_starts_one_timer_runs_and_the_others_are_told_so() {
    let world = World::new().await;
    let job = world.job().await;
    let elsewhere = world.job_of(world.firm().await, job.paralegal).await;
    let starts = (0..16).map(|at| {
        let job = if at % 2 == 0 { job } else { elsewhere };
        let mut timers = world.timers(tokens::paralegal(job.paralegal));
        async move {
            let request = StartTimerRequest {
                timer: Some(Timer {
                    name: job.timer_name(),
                    task: job.task_name(),
                    ..Timer::default()
                }),
                request_id: String::new(),
            };
            timers.start_timer(request).await
        }
    });
    let (started, refused): (Vec<_>, Vec<_>) =
        join_all(starts).await.into_iter().partition(Result::is_ok);
    assert_eq!(started.len(), 1);
    for refusal in refused {
        assert_eq!(reason(&refusal.unwrap_err()), "TIMER_RUNNING");
    }
    assert_eq!(world.count("select count(*) from time_entries").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_stops_one_makes_the_entry() {
    let world = World::new().await;
    let job = world.job().await;
    let start = StartTimerRequest {
        timer: Some(Timer {
            name: job.timer_name(),
            task: job.task_name(),
            ..Timer::default()
        }),
        request_id: String::new(),
    };
    world
        .timers(tokens::paralegal(job.paralegal))
        .start_timer(start)
        .await
        .unwrap();
    let stops = (0..8).map(|_| {
        let mut timers = world.timers(tokens::paralegal(job.paralegal));
        let request = StopTimerRequest {
            name: job.timer_name(),
            ..StopTimerRequest::default()
        };
        async move { timers.stop_timer(request).await }
    });
    let (stopped, refused): (Vec<_>, Vec<_>) =
        join_all(stops).await.into_iter().partition(Result::is_ok);
    assert_eq!(stopped.len(), 1);
    assert!(
        refused
            .into_iter()
            .all(|refusal| refusal.unwrap_err().code() == Code::NotFound)
    );
    assert_eq!(
        world
            .count("select count(*) from time_entries where state = 'draft'")
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_overlapping_entries_one_is_stored() {
    let world = World::new().await;
    let job = world.job().await;
    let creates = (0..16).map(|minute| {
        let mut entries = world.entries(tokens::paralegal(job.paralegal));
        let request = job.creates(job.work(MONDAY + Duration::minutes(minute), 3600));
        async move { entries.create_time_entry(request).await }
    });
    let (stored, refused): (Vec<_>, Vec<_>) =
        join_all(creates).await.into_iter().partition(Result::is_ok);
    assert_eq!(stored.len(), 1);
    for refusal in refused {
        assert_eq!(reason(&refusal.unwrap_err()), "TIME_OVERLAPS");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_repeats_of_one_request_are_one_entry() {
    let world = World::new().await;
    let job = world.job().await;
    let mut request = job.creates(job.hour(0));
    request.request_id = "6e0c9f0a-5f0b-4a2e-8c9a-3e5b8b6f1d22".to_owned();
    let creates = (0..10).map(|_| {
        let mut entries = world.entries(tokens::paralegal(job.paralegal));
        let request = request.clone();
        async move {
            entries
                .create_time_entry(request)
                .await
                .unwrap()
                .into_inner()
        }
    });
    let answers = join_all(creates).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(world.count("select count(*) from time_entries").await, 1);
    assert_eq!(world.count("select count(*) from audit_log").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_approved_or_rejected_and_never_both() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    world.submitted(&job, &[&entry]).await;
    let (mut approver, mut rejecter) = (
        world.entries(tokens::reviewer()),
        world.entries(tokens::attorney(job.firm)),
    );
    let approve = BatchApproveTimeEntriesRequest {
        parent: job.firm_name(),
        names: vec![entry.name.clone()],
        request_id: String::new(),
    };
    let reject = BatchRejectTimeEntriesRequest {
        parent: job.firm_name(),
        rejections: vec![TimeEntryRejection {
            name: entry.name,
            reason: "Vague.".to_owned(),
        }],
        request_id: String::new(),
    };
    let (approval, rejection) = tokio::join!(
        approver.batch_approve_time_entries(approve),
        rejecter.batch_reject_time_entries(reject)
    );
    assert!(approval.is_ok() != rejection.is_ok());
    let events = world.count("select count(*) from event_log").await;
    assert_eq!(events, i64::from(approval.is_ok()));
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_share_entries_in_opposite_orders_do_not_wait_for_each_other() {
    let world = World::new().await;
    let job = world.job().await;
    let mut names = Vec::new();
    for minute in 0..40 {
        let entry = world
            .recorded(&job, job.work(MONDAY + Duration::minutes(minute), 60))
            .await;
        world.submitted(&job, &[&entry]).await;
        names.push(entry.name);
    }
    let approvals = (0..6).map(|at| {
        let mut names = names.clone();
        if at % 2 == 0 {
            names.reverse();
        }
        let mut reviewer = world.entries(tokens::reviewer());
        let request = BatchApproveTimeEntriesRequest {
            parent: job.firm_name(),
            names,
            request_id: String::new(),
        };
        async move { reviewer.batch_approve_time_entries(request).await }
    });
    let answers = join_all(approvals).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refusal in answers.into_iter().filter_map(Result::err) {
        assert_eq!(reason(&refusal), "WRONG_STATE");
    }
    assert_eq!(world.count("select count(*) from event_log").await, 40);
}
