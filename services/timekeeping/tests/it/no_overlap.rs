//! Whatever is recorded, in whatever order and at the same time: no overlap is ever stored, and what is refused
//! overlaps something that is.

use caseload_domain::work_time::{IncrementRounding, IncrementRule, WorkedTime};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::caseload::timekeeping::v1::{TimeEntry, TimeRules, UpdateTimeRulesRequest};
use caseload_proto::convert::{instant, seconds};
use caseload_testing::tokens;
use futures::future::join_all;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use time::{Duration, OffsetDateTime};

use crate::refusals::reason;
use crate::world::{MONDAY, World};

const ZONES: [&str; 4] = [
    "America/Chicago",
    "Asia/Manila",
    "Europe/London",
    "Pacific/Kiritimati",
];

/// A day's worth of attempts: when each begins and how long it lasts, in seconds.
fn attempts() -> impl Strategy<Value = Vec<(i64, i64)>> {
    vec((0_i64..40_000, 1_i64..9_000), 1..14)
}

fn rule() -> impl Strategy<Value = (i64, contract::IncrementRounding)> {
    let roundings = [
        contract::IncrementRounding::Up,
        contract::IncrementRounding::Down,
        contract::IncrementRounding::Nearest,
        contract::IncrementRounding::Exact,
    ];
    (
        select(vec![60_i64, 300, 360, 900, 3600]),
        select(roundings.to_vec()),
    )
}

type Case = (Vec<(i64, i64)>, usize, (i64, contract::IncrementRounding));

fn span(entry: &TimeEntry) -> (OffsetDateTime, OffsetDateTime) {
    let read = |stamp: &Option<prost_types::Timestamp>| instant(stamp.as_ref().unwrap()).unwrap();
    (read(&entry.start_time), read(&entry.end_time))
}

fn overlap(one: (OffsetDateTime, OffsetDateTime), other: (OffsetDateTime, OffsetDateTime)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

fn billed(worked: i64, (increment, rounding): (i64, contract::IncrementRounding)) -> i64 {
    let rounding = match rounding {
        contract::IncrementRounding::Down => IncrementRounding::Down,
        contract::IncrementRounding::Nearest => IncrementRounding::Nearest,
        contract::IncrementRounding::Exact => IncrementRounding::Exact,
        contract::IncrementRounding::Up | contract::IncrementRounding::Unspecified => {
            IncrementRounding::Up
        }
    };
    let rule = IncrementRule::new(increment, rounding).unwrap();
    rule.bill(WorkedTime::from_seconds(worked).unwrap())
        .seconds()
        .into()
}

async fn holds(world: &World, (attempts, zone, rule): Case) -> Result<(), TestCaseError> {
    let firm = world.firm().await;
    let paralegal = world.paralegal_in(ZONES[zone]).await;
    let jobs = [
        world.job_of(firm, paralegal).await,
        world.job_of(world.firm().await, paralegal).await,
    ];
    for job in &jobs {
        let update = UpdateTimeRulesRequest {
            time_rules: Some(TimeRules {
                name: format!("{}/timeRules", job.firm_name()),
                billing_rule: Some(contract::IncrementRule {
                    increment: Some(seconds(rule.0)),
                    rounding: rule.1.into(),
                }),
                ..TimeRules::default()
            }),
            ..UpdateTimeRulesRequest::default()
        };
        world
            .rules(tokens::billing_clerk())
            .update_time_rules(update)
            .await
            .unwrap();
    }
    let calls = attempts.iter().enumerate().map(|(at, (start, worked))| {
        let job = jobs[at % 2];
        let request = job.creates(job.work(MONDAY + Duration::seconds(*start), *worked));
        let mut entries = world.entries(tokens::paralegal(paralegal));
        async move { entries.create_time_entry(request).await }
    });
    let answers = join_all(calls).await;
    let stored: Vec<TimeEntry> = answers
        .iter()
        .filter_map(|answer| Some(answer.as_ref().ok()?.get_ref().clone()))
        .collect();
    for (at, one) in stored.iter().enumerate() {
        for other in &stored[at + 1..] {
            prop_assert!(!overlap(span(one), span(other)));
        }
        let worked = one.worked.unwrap().seconds;
        prop_assert_eq!(one.billed.unwrap().seconds, billed(worked, rule));
    }
    for ((start, worked), answer) in attempts.iter().zip(&answers) {
        let Err(refusal) = answer else { continue };
        prop_assert_eq!(reason(refusal), "TIME_OVERLAPS");
        let begin = MONDAY + Duration::seconds(*start);
        let wanted = (begin, begin + Duration::seconds(*worked));
        prop_assert!(
            stored.iter().any(|entry| overlap(span(entry), wanted)),
            "refused without a cause"
        );
    }
    Ok(())
}

#[test]
fn no_overlap_is_ever_stored() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(World::new());
    let config = Config {
        cases: 24,
        // Shrinking would record again what is recorded already, for other people: that works, and takes long.
        max_shrink_iters: 32,
        ..Config::default()
    };
    let cases = (attempts(), 0..ZONES.len(), rule());
    TestRunner::new(config)
        .run(&cases, |case| runtime.block_on(holds(&world, case)))
        .unwrap();
    let pairs = "select count(*) from time_entries a join time_entries b
        on a.paralegal_id = b.paralegal_id and a.id < b.id and a.span && b.span";
    assert_eq!(runtime.block_on(world.count(pairs)), 0);
    runtime.block_on(async { drop(world) });
}
