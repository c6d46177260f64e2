//! Bad requests: each answers precisely what is wrong, and changes nothing.

use caseload_domain::{FirmId, ParalegalId, TaskId, TimeEntryId};
use caseload_proto::caseload::timekeeping::v1::{
    BatchRejectTimeEntriesRequest, BatchSubmitTimeEntriesRequest, CreateTimeEntryRequest,
    StartTimerRequest, TimeEntry, TimeEntryRejection, Timer, UpdateTimeEntryRequest,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_testing::tokens;
use prost_types::{Duration, FieldMask, Timestamp};
use tonic::Code;

use crate::job::Job;
use crate::refusals::fields;
use crate::world::{MONDAY, World};

async fn create(world: &World, job: &Job, request: CreateTimeEntryRequest) -> tonic::Status {
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    entries.create_time_entry(request).await.unwrap_err()
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_entry_is_told_at_once() {
    let world = World::new().await;
    let job = world.job().await;
    let request = CreateTimeEntryRequest {
        parent: "firms/1".to_owned(),
        time_entry: Some(TimeEntry {
            paralegal: "paralegals/ada".to_owned(),
            task: "tasks/1".to_owned(),
            start_time: Some(timestamp(MONDAY)),
            worked: Some(seconds(-1)),
            narrative: "x".repeat(2001),
            utbms_task_code: "L100".to_owned(),
            utbms_activity_code: "L110".to_owned(),
            non_billable: true,
            ..TimeEntry::default()
        }),
        request_id: "not a uuid".to_owned(),
    };
    let refused = create(&world, &job, request).await;
    assert_eq!(
        fields(&refused),
        [
            "request_id",
            "parent",
            "time_entry.task",
            "time_entry.worked",
            "time_entry.narrative",
            "time_entry.utbms_task_code",
            "time_entry.utbms_activity_code",
            "time_entry.non_billable_reason",
            "time_entry.paralegal",
        ]
    );
    assert!(refused.message().contains("phase"), "{}", refused.message());
    let empty = create(&world, &job, CreateTimeEntryRequest::default()).await;
    assert_eq!(fields(&empty), ["parent", "time_entry"]);
    assert_eq!(world.count("select count(*) from time_entries").await, 0);
    assert_eq!(world.count("select count(*) from audit_log").await, 0);
}

#[tokio::test]
async fn time_that_nobody_can_work_is_refused() {
    let world = World::new().await;
    let job = world.job().await;
    let lasting = |worked: Duration| TimeEntry {
        worked: Some(worked),
        ..job.hour(0)
    };
    let half = Duration {
        seconds: 1,
        nanos: 500_000_000,
    };
    for worked in [
        seconds(-1),
        seconds(0),
        seconds(86_401),
        seconds(i64::MAX),
        seconds(i64::MIN),
        half,
    ] {
        let refused = create(&world, &job, job.creates(lasting(worked))).await;
        assert_eq!(fields(&refused), ["time_entry.worked"], "{worked:?}");
    }
    let ending = |end_time: Timestamp| TimeEntry {
        worked: None,
        end_time: Some(end_time),
        ..job.hour(0)
    };
    let nonsense = Timestamp {
        seconds: i64::MAX,
        nanos: -1,
    };
    for end in [
        timestamp(MONDAY),
        timestamp(MONDAY - time::Duration::SECOND),
        nonsense,
    ] {
        let refused = create(&world, &job, job.creates(ending(end))).await;
        assert_eq!(fields(&refused), ["time_entry.end_time"], "{end:?}");
    }
    let without = TimeEntry {
        start_time: None,
        worked: None,
        ..job.hour(0)
    };
    assert_eq!(
        fields(&create(&world, &job, job.creates(without)).await),
        ["time_entry.start_time"]
    );
    let disagreeing = TimeEntry {
        end_time: Some(timestamp(MONDAY + time::Duration::HOUR)),
        worked: Some(seconds(3599)),
        ..job.hour(0)
    };
    assert_eq!(
        fields(&create(&world, &job, job.creates(disagreeing)).await),
        ["time_entry.worked"]
    );
}

#[tokio::test]
async fn a_narrative_with_a_control_character_is_refused() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = TimeEntry {
        narrative: "Read\u{0} the patent.".to_owned(),
        ..job.hour(0)
    };
    assert_eq!(
        fields(&create(&world, &job, job.creates(entry)).await),
        ["time_entry.narrative"]
    );
}

#[tokio::test]
async fn another_persons_task_and_one_that_is_not_there_are_not_found_in_the_same_words() {
    let world = World::new().await;
    let job = world.job().await;
    let theirs = world
        .job_of(job.firm, world.paralegal_in("Asia/Manila").await)
        .await;
    let mut absent = job;
    absent.task = TaskId::generate();
    let mut words = Vec::new();
    for other in [theirs, absent] {
        let refused = create(&world, &job, job.creates(other.hour(0))).await;
        assert_eq!(refused.code(), Code::NotFound);
        words.push(refused.message().replace(&other.task_name(), ""));
    }
    assert_eq!(words[0], words[1]);
    let mut elsewhere = job;
    elsewhere.firm = FirmId::generate();
    let refused = create(&world, &job, job.creates(elsewhere.hour(0))).await;
    assert_eq!(
        fields(&refused),
        ["time_entry.task"],
        "a task of another firm than the parent"
    );
    let refused = create(&world, &job, elsewhere.creates(elsewhere.hour(0))).await;
    assert_eq!(refused.code(), Code::NotFound, "a firm that is not there");
}

#[tokio::test]
async fn nobody_records_for_another_paralegal() {
    let world = World::new().await;
    let job = world.job().await;
    let other = format!("paralegals/{}", ParalegalId::generate());
    let entry = TimeEntry {
        paralegal: other.clone(),
        ..job.hour(0)
    };
    let refused = create(&world, &job, job.creates(entry)).await;
    assert_eq!(refused.code(), Code::NotFound);
    assert!(refused.message().contains(&other));
    for token in [tokens::reviewer(), tokens::attorney(job.firm)] {
        let refused = world
            .entries(token)
            .create_time_entry(job.creates(job.hour(0)))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
}

#[tokio::test]
async fn an_update_names_what_can_be_changed_and_nothing_else() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let request = UpdateTimeEntryRequest {
        time_entry: Some(TimeEntry {
            name: entry.name.clone(),
            utbms_task_code: "L999".to_owned(),
            ..TimeEntry::default()
        }),
        update_mask: Some(FieldMask {
            paths: ["state", "billed", "utbms_task_code", "start_time", "task"]
                .map(str::to_owned)
                .to_vec(),
        }),
        request_id: String::new(),
    };
    let refused = entries.update_time_entry(request).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        [
            "update_mask",
            "update_mask",
            "time_entry.utbms_task_code",
            "time_entry.start_time",
            "time_entry.task",
        ]
    );
    let backwards = UpdateTimeEntryRequest {
        time_entry: Some(TimeEntry {
            name: entry.name,
            end_time: Some(timestamp(MONDAY - time::Duration::HOUR)),
            non_billable: true,
            ..TimeEntry::default()
        }),
        ..UpdateTimeEntryRequest::default()
    };
    let refused = entries.update_time_entry(backwards).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        ["time_entry.end_time", "time_entry.non_billable_reason"]
    );
    let nameless = entries
        .update_time_entry(UpdateTimeEntryRequest::default())
        .await
        .unwrap_err();
    assert_eq!(fields(&nameless), ["time_entry"]);
}

#[tokio::test]
async fn a_batch_has_names_each_once_and_at_most_a_thousand() {
    let world = World::new().await;
    let job = world.job().await;
    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let batch = |names: Vec<String>| BatchSubmitTimeEntriesRequest {
        parent: job.firm_name(),
        names,
        request_id: String::new(),
    };
    let name = |firm: FirmId| format!("firms/{firm}/timeEntries/{}", TimeEntryId::generate());
    let own = name(job.firm);
    let bad = vec![
        own.clone(),
        own,
        "timeEntries/1".to_owned(),
        name(FirmId::generate()),
        String::new(),
    ];
    let refused = entries
        .batch_submit_time_entries(batch(bad))
        .await
        .unwrap_err();
    assert_eq!(
        fields(&refused),
        ["names[1]", "names[2]", "names[3]", "names[4]"]
    );
    for names in [Vec::new(), (0..1001).map(|_| name(job.firm)).collect()] {
        let refused = entries
            .batch_submit_time_entries(batch(names))
            .await
            .unwrap_err();
        assert_eq!(fields(&refused), ["names"]);
    }
    let nonsense: Vec<String> = (0..1000).map(|at| format!("nonsense {at}")).collect();
    let refused = entries
        .batch_submit_time_entries(batch(nonsense))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "{refused:?}");
    assert_eq!(fields(&refused)[0], "names[0]");
    assert!(refused.message().ends_with(" more"), "{refused:?}");

    let reject = BatchRejectTimeEntriesRequest {
        parent: job.firm_name(),
        rejections: vec![TimeEntryRejection::default()],
        request_id: String::new(),
    };
    let refused = world
        .entries(tokens::reviewer())
        .batch_reject_time_entries(reject)
        .await
        .unwrap_err();
    assert_eq!(
        fields(&refused),
        ["rejections[0].name", "rejections[0].reason"]
    );
}

#[tokio::test]
async fn a_timer_needs_its_name_and_a_task() {
    let world = World::new().await;
    let job = world.job().await;
    let mut timers = world.timers(tokens::paralegal(job.paralegal));
    let start = |timer: Option<Timer>| StartTimerRequest {
        timer,
        request_id: String::new(),
    };
    let refused = timers.start_timer(start(None)).await.unwrap_err();
    assert_eq!(fields(&refused), ["timer"]);
    let nonsense = Timer {
        name: job.paralegal_name(),
        narrative: "x".repeat(2001),
        utbms_activity_code: "E101".to_owned(),
        ..Timer::default()
    };
    let refused = timers.start_timer(start(Some(nonsense))).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        [
            "timer.name",
            "timer.task",
            "timer.narrative",
            "timer.utbms_activity_code"
        ]
    );
}

#[tokio::test]
async fn a_call_without_a_token_or_with_one_for_nothing_is_refused() {
    let world = World::new().await;
    let job = world.job().await;
    let mut nobody = world.entries(String::new());
    let refused = nobody
        .create_time_entry(job.creates(job.hour(0)))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let officer = world
        .entries(tokens::conflict_officer())
        .create_time_entry(job.creates(job.hour(0)))
        .await;
    assert_eq!(officer.unwrap_err().code(), Code::PermissionDenied);
}
