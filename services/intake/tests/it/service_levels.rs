//! How soon and how well work was done, against figures that the test counts for itself.

use std::collections::BTreeMap;

use caseload_domain::zone::Zone;
use caseload_domain::{FirmId, ParalegalId};
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::caseload::r#type::v1::TaskKind;
use caseload_proto::convert::seconds;
use caseload_proto::google::r#type::Date;
use caseload_runtime::clock;
use caseload_testing::{eventually, tokens};
use serde_json::json;
use time::format_description::well_known::Rfc3339;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};
use tonic::{Code, Status};

use crate::world::{FirmOf, Person, World, create_firm, deliver, firm, task, violations};

const KINDS: [(&str, TaskKind); 3] = [
    ("filing", TaskKind::Filing),
    ("legal_research", TaskKind::LegalResearch),
    ("trial_preparation", TaskKind::TrialPreparation),
];
const AREAS: [&str; 2] = ["Patent Law", "Tax Law"];

/// A task as the test knows it.
#[derive(Debug, Clone)]
struct Known {
    firm: FirmId,
    zone: Zone,
    kind: usize,
    area: usize,
    /// None: it is under way.
    accept: Option<OffsetDateTime>,
    deliver: OffsetDateTime,
    due: OffsetDateTime,
    /// None: it was opened before that was kept.
    turnaround: Option<i64>,
    revisions: i64,
}

type Group = (
    Option<FirmId>,
    Option<(i32, u8)>,
    Option<usize>,
    Option<usize>,
);

impl Known {
    fn group(&self, by: &[ServiceLevelDimension]) -> Group {
        use ServiceLevelDimension as By;
        let month = self.accept.map(|accept| {
            let date = self.zone.date_at(accept);
            (date.year(), u8::from(date.month()))
        });
        (
            by.contains(&By::Firm).then_some(self.firm),
            month.filter(|_| by.contains(&By::Month)),
            by.contains(&By::Kind).then_some(self.kind),
            by.contains(&By::PracticeArea).then_some(self.area),
        )
    }
}

/// To the nearest, halves up.
fn mean(sum: i128, of: i128) -> i64 {
    i64::try_from((2 * sum + of).div_euclid(2 * of)).unwrap()
}

/// The least value within which so many tenths of them are.
fn within(sorted: &[i64], tenths: usize) -> i64 {
    sorted[(sorted.len() * tenths).div_ceil(10) - 1]
}

/// What the service must answer, counted plainly.
fn model(
    known: &[Known],
    period: (time::Date, time::Date),
    by: &[ServiceLevelDimension],
) -> Vec<ServiceLevel> {
    let by_month = by.contains(&ServiceLevelDimension::Month);
    let mut groups: BTreeMap<_, Vec<&Known>> = BTreeMap::new();
    for task in known {
        let counts = match task.accept {
            Some(accept) => {
                let date = task.zone.date_at(accept);
                period.0 <= date && date <= period.1
            }
            None => !by_month,
        };
        if counts {
            let group = task.group(by);
            let kind = group.2.map(|kind| KINDS[kind].0);
            let area = group.3.map(|area| AREAS[area]);
            let order = (group.0.map(|firm| firm.0), group.1, kind, area);
            groups.entry((order, group)).or_default().push(task);
        }
    }
    groups
        .into_iter()
        .map(|((_, group), tasks)| level(group, &tasks, by_month))
        .collect()
}

fn level((firm, month, kind, area): Group, tasks: &[&Known], by_month: bool) -> ServiceLevel {
    let accepted: Vec<_> = tasks.iter().filter(|task| task.accept.is_some()).collect();
    let under_way: Vec<_> = tasks.iter().filter(|task| task.accept.is_none()).collect();
    let count = |tasks: usize| i64::try_from(tasks).unwrap();
    let late: Vec<i128> = accepted
        .iter()
        .map(|task| (task.deliver - task.due).whole_microseconds())
        .filter(|micros| *micros > 0)
        .collect();
    let on_time = accepted.len() - late.len();
    let mut spans: Vec<i64> = accepted.iter().filter_map(|task| task.turnaround).collect();
    spans.sort_unstable();
    let of = |many: usize| i128::try_from(many).unwrap();
    ServiceLevel {
        firm: firm.map(|firm| format!("firms/{firm}")).unwrap_or_default(),
        month: month.map(|(year, month)| Date {
            year,
            month: month.into(),
            day: 0,
        }),
        kind: kind
            .map_or(TaskKind::Unspecified, |kind| KINDS[kind].1)
            .into(),
        practice_area: area.map(|area| AREAS[area].to_owned()).unwrap_or_default(),
        accepted_count: count(accepted.len()),
        accepted_at_first_count: count(accepted.iter().filter(|task| task.revisions == 0).count()),
        delivered_count: count(accepted.len()),
        on_time_count: count(on_time),
        on_time_permille: (!accepted.is_empty())
            .then(|| i32::try_from(mean(of(on_time) * 1_000, of(accepted.len()))).unwrap()),
        mean_lateness: (!late.is_empty())
            .then(|| seconds(mean(late.iter().sum(), of(late.len()) * 1_000_000))),
        turnaround: (!spans.is_empty()).then(|| Turnaround {
            count: count(spans.len()),
            mean: Some(seconds(mean(
                spans.iter().map(|span| i128::from(*span)).sum(),
                of(spans.len()),
            ))),
            median: Some(seconds(within(&spans, 5))),
            p90: Some(seconds(within(&spans, 9))),
        }),
        backlog: (!by_month).then(|| Backlog {
            open_count: count(under_way.len()),
            overdue_count: count(
                under_way
                    .iter()
                    .filter(|task| task.due < clock::now())
                    .count(),
            ),
        }),
    }
}

/// Numbers that look like chance, and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn seconds(&mut self, most: usize) -> i64 {
        i64::try_from(self.below(most)).unwrap()
    }
}

/// Tasks of a firm that were accepted around the ends of months and the nights of daylight saving, to the microsecond,
/// and some that are under way.
fn script(firm: FirmId, zone: &Zone, dice: &mut Dice) -> Vec<Known> {
    let turning_points = [
        datetime!(2024-02-29 05:00 UTC),
        datetime!(2024-03-01 05:00 UTC),
        datetime!(2024-03-01 06:00 UTC),
        datetime!(2024-03-10 07:00 UTC),
        datetime!(2024-03-11 04:00 UTC),
        datetime!(2024-04-01 04:00 UTC),
        datetime!(2024-04-01 05:00 UTC),
        datetime!(2024-11-03 05:00 UTC),
        datetime!(2024-11-04 05:00 UTC),
        datetime!(2025-01-01 05:00 UTC),
        datetime!(2025-01-01 06:00 UTC),
    ];
    let mut tasks = Vec::new();
    for point in turning_points {
        for offset in [
            -Duration::HOUR,
            -Duration::MICROSECOND,
            Duration::ZERO,
            Duration::MICROSECOND,
            Duration::HOUR,
        ] {
            let accept = point + offset;
            let deliver = accept - Duration::seconds(1 + dice.seconds(500_000));
            let due = match dice.below(4) {
                0 => deliver,
                1 => deliver - Duration::MICROSECOND,
                2 => deliver + Duration::seconds(dice.seconds(90_000)),
                _ => deliver - Duration::microseconds(dice.seconds(900_000_000)),
            };
            let measured = dice.below(10) > 0;
            let turnaround = measured.then(|| dice.seconds(1_000_000));
            tasks.push(Known {
                firm,
                zone: zone.clone(),
                kind: dice.below(KINDS.len()),
                area: dice.below(AREAS.len()),
                accept: Some(accept),
                deliver,
                due,
                turnaround,
                revisions: dice.seconds(3),
            });
        }
    }
    for late in [true, false, true] {
        let until_due = if late { -Duration::DAY } else { Duration::DAY };
        tasks.push(Known {
            firm,
            zone: zone.clone(),
            kind: dice.below(KINDS.len()),
            area: dice.below(AREAS.len()),
            accept: None,
            deliver: clock::now(),
            due: clock::now() + until_due,
            turnaround: None,
            revisions: 0,
        });
    }
    tasks
}

/// Puts tasks into the firm's books as though they had gone their way then. What the moves write is what is tested
/// with the moves.
async fn plant(world: &World, like: &Task, known: &[Known]) {
    let at = |instant: OffsetDateTime| instant.format(&Rfc3339).unwrap();
    let rows: Vec<_> = known
        .iter()
        .map(|task| {
            let accepted = task.accept.is_some();
            json!({
                "task_id": uuid::Uuid::new_v4(),
                "kind": KINDS[task.kind].0,
                "practice_area": AREAS[task.area],
                "state": if accepted { "accepted" } else { "open" },
                "due_time": at(task.due),
                "accept_time": task.accept.map(at),
                "first_deliver_time": accepted.then(|| at(task.deliver)),
                "first_deliver_due_time": accepted.then(|| at(task.due)),
                "turnaround_seconds": task.turnaround,
                "revisions": task.revisions,
            })
        })
        .collect();
    let mut connection = world.database.inspect().await;
    sqlx::query(
        "insert into tasks select (jsonb_populate_record(t, o)).* from tasks t, jsonb_array_elements($1) o
         where t.task_id = $2",
    )
    .bind(serde_json::Value::from(rows))
    .bind(
        like.name
            .rsplit('/')
            .next()
            .unwrap()
            .parse::<uuid::Uuid>()
            .unwrap(),
    )
    .execute(&mut connection)
    .await
    .unwrap();
}

fn question(
    parent: &str,
    period: (time::Date, time::Date),
    by: &[ServiceLevelDimension],
) -> QueryServiceLevelsRequest {
    QueryServiceLevelsRequest {
        parent: parent.to_owned(),
        start_date: Some(period.0.into()),
        end_date: Some(period.1.into()),
        group_by: by.iter().map(|by| i32::from(*by)).collect(),
        page_size: 1_000,
        page_token: String::new(),
    }
}

async fn ask(
    person: &Person,
    question: QueryServiceLevelsRequest,
) -> Result<Vec<ServiceLevel>, Status> {
    let answer = person
        .clone()
        .service_levels
        .query_service_levels(question)
        .await?;
    Ok(answer.into_inner().service_levels)
}

/// A firm with a task that others are like, and that counts in nothing itself.
async fn firm_in(world: &World, code: &str, zone: &str) -> (FirmOf, Task) {
    let given = Firm {
        time_zone: zone.to_owned(),
        ..firm(code)
    };
    let created = create_firm(&world.coordinator(), given).await.unwrap();
    let id: caseload_domain::name::FirmName = created.name.parse().unwrap();
    let firm = FirmOf {
        id: id.0,
        name: created.name,
        admin: world.person(tokens::firm_admin(id.0)),
        attorney: world.person(tokens::attorney(id.0)),
    };
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let like = firm.add(&draft, task()).await.unwrap();
    let lasting = firm.add(&draft, task()).await.unwrap();
    firm.submit(&draft).await.unwrap();
    crate::world::review_and_accept(world, &draft)
        .await
        .unwrap();
    // So that it is not under way.
    for name in [&like.name, &lasting.name] {
        let cancel = CancelTaskRequest {
            name: name.clone(),
            reason: "Another has it".to_owned(),
            ..CancelTaskRequest::default()
        };
        firm.attorney
            .clone()
            .tasks
            .cancel_task(cancel)
            .await
            .unwrap();
    }
    (firm, like)
}

#[tokio::test]
async fn the_figures_are_those_that_are_counted_by_hand_in_every_grouping_and_zone() {
    use ServiceLevelDimension::{Firm, Kind, Month, PracticeArea};
    let world = World::new().await;
    let (east, east_task) = firm_in(&world, "EAST", "America/New_York").await;
    let (west, west_task) = firm_in(&world, "WEST", "America/Chicago").await;
    let mut dice = Dice(7);
    let eastern = script(east.id, &"America/New_York".parse().unwrap(), &mut dice);
    let western = script(west.id, &"America/Chicago".parse().unwrap(), &mut dice);
    plant(&world, &east_task, &eastern).await;
    plant(&world, &west_task, &western).await;
    let both: Vec<_> = eastern.iter().chain(&western).cloned().collect();
    let periods = [
        (date!(2024 - 01 - 01), date!(2024 - 12 - 31)),
        (date!(2024 - 02 - 29), date!(2024 - 02 - 29)),
        (date!(2024 - 03 - 10), date!(2024 - 03 - 10)),
        (date!(2024 - 11 - 03), date!(2024 - 11 - 03)),
        (date!(2024 - 03 - 10), date!(2024 - 04 - 01)),
        (date!(2024 - 12 - 31), date!(2025 - 01 - 01)),
        (date!(2030 - 01 - 01), date!(2030 - 01 - 31)),
    ];
    let groupings: [&[ServiceLevelDimension]; 7] = [
        &[],
        &[Firm],
        &[Kind],
        &[Month],
        &[PracticeArea, Firm],
        &[Firm, Kind, PracticeArea],
        &[Month, Firm, PracticeArea, Kind],
    ];
    let coordinator = world.coordinator();
    for period in periods {
        for by in groupings {
            let all = ask(&coordinator, question("firms/-", period, by)).await;
            assert_eq!(all.unwrap(), model(&both, period, by), "{period:?} {by:?}");
            for (firm, known) in [(&east, &eastern), (&west, &western)] {
                let one = ask(&firm.attorney, question(&firm.name, period, by)).await;
                assert_eq!(one.unwrap(), model(known, period, by), "{period:?} {by:?}");
            }
        }
    }

    // The same, a row at a time.
    let (period, by) = (periods[0], groupings[6]);
    let mut pages = Vec::new();
    let mut page_token = String::new();
    loop {
        let question = QueryServiceLevelsRequest {
            page_size: 1,
            page_token,
            ..question("firms/-", period, by)
        };
        let page = coordinator
            .clone()
            .service_levels
            .query_service_levels(question)
            .await
            .unwrap()
            .into_inner();
        pages.extend(page.service_levels);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(pages, model(&both, period, by));
}

#[tokio::test]
async fn work_that_is_done_today_is_in_todays_figures_and_work_under_way_in_the_backlog() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let today: Zone = "America/Chicago".parse().unwrap();
    // Yesterday too, for a night that falls while the test runs.
    let today = today.date_at(clock::now());
    let period = (today - Duration::DAY, today + Duration::DAY);
    assert!(
        ask(&firm.attorney, question(&firm.name, period, &[]))
            .await
            .unwrap()
            .is_empty(),
        "no work, no row"
    );

    let (_, done) = firm.accepted(&world, &matter).await;
    let (_, _under_way) = firm.accepted(&world, &matter).await;
    // A draft is no work yet.
    firm.submitted(&matter).await;
    let paralegal = ParalegalId::generate();
    world.give(&done.name, paralegal).await;
    let delivery = deliver(&world.paralegal(paralegal), &done, "")
        .await
        .unwrap();
    let accept = AcceptDeliveryRequest {
        name: delivery.name,
        ..AcceptDeliveryRequest::default()
    };
    let mut attorney = firm.attorney.clone();
    attorney.deliveries.accept_delivery(accept).await.unwrap();
    let levels = ask(&firm.attorney, question(&firm.name, period, &[])).await;
    let levels = levels.unwrap();
    assert_eq!(levels.len(), 1);
    let level = &levels[0];
    assert_eq!(
        (
            level.accepted_count,
            level.accepted_at_first_count,
            level.delivered_count,
            level.on_time_count
        ),
        (1, 1, 1, 1)
    );
    assert_eq!(level.on_time_permille, Some(1_000));
    assert_eq!(level.mean_lateness, None);
    assert_eq!(level.turnaround.as_ref().unwrap().count, 1);
    let backlog = level.backlog.as_ref().unwrap();
    assert_eq!((backlog.open_count, backlog.overdue_count), (1, 0));
}

#[tokio::test]
async fn a_firm_sees_its_own_figures_alone_and_a_paralegal_none() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    for firm in [&one, &other, &other] {
        let matter = firm.matter("Alice", "Bob").await;
        firm.accepted(&world, &matter).await;
    }
    let period = (date!(2026 - 01 - 01), date!(2026 - 12 - 31));
    let by = [ServiceLevelDimension::Firm];
    for person in [&one.admin, &one.attorney] {
        let own = ask(person, question("firms/-", period, &by)).await.unwrap();
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].firm, one.name);
        assert_eq!(own[0].backlog.as_ref().unwrap().open_count, 1);
        let whole = ask(person, question("firms/-", period, &[])).await.unwrap();
        assert_eq!(whole[0].backlog, own[0].backlog);
        let theirs = ask(person, question(&other.name, period, &by)).await;
        assert_eq!(theirs.unwrap_err().code(), Code::NotFound);
    }
    let nowhere = format!("firms/{}", FirmId::generate());
    let absent = ask(&world.coordinator(), question(&nowhere, period, &by)).await;
    assert_eq!(absent.unwrap_err().code(), Code::NotFound);
    let paralegal = world.paralegal(ParalegalId::generate());
    for parent in ["firms/-", one.name.as_str()] {
        let refused = ask(&paralegal, question(parent, period, &by)).await;
        assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    }
}

type Spoil = fn(&mut QueryServiceLevelsRequest);

#[tokio::test]
async fn what_is_no_period_and_no_grouping_is_told() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let period = (date!(2024 - 01 - 01), date!(2024 - 12 - 31));
    let good = question(&firm.name, period, &[]);
    let day = |year, month, day| Some(Date { year, month, day });
    let bad: [(Spoil, &[&str]); 9] = [
        (|asked| asked.start_date = None, &["start_date"]),
        (|asked| asked.end_date = None, &["end_date"]),
        (
            |asked| std::mem::swap(&mut asked.start_date, &mut asked.end_date),
            &["end_date"],
        ),
        (
            |asked| asked.end_date.as_mut().unwrap().year = 2029,
            &["end_date"],
        ),
        (
            |asked| asked.start_date.as_mut().unwrap().month = 13,
            &["start_date"],
        ),
        (
            |asked| asked.group_by = vec![0, 99],
            &["group_by[0]", "group_by[1]"],
        ),
        (|asked| asked.group_by = vec![1, 2, 1], &["group_by[2]"]),
        (|asked| asked.page_size = -1, &["page_size"]),
        (|asked| asked.parent = "matters/x".to_owned(), &["parent"]),
    ];
    for (spoil, fields) in bad {
        let mut asked = good.clone();
        spoil(&mut asked);
        assert_eq!(violations(ask(&firm.attorney, asked).await), fields);
    }
    // Five years are a period, at the end of the calendar too.
    for (first, last) in [
        (day(2024, 1, 1), day(2028, 12, 31)),
        (day(9994, 1, 1), day(9998, 12, 31)),
        (day(1, 1, 1), day(1, 1, 1)),
    ] {
        let asked = QueryServiceLevelsRequest {
            start_date: first,
            end_date: last,
            ..good.clone()
        };
        assert!(ask(&firm.attorney, asked).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_month_among_years_of_a_firms_work_is_found_by_index() {
    let world = World::new().await;
    let (firm, like) = firm_in(&world, "DOE", "America/Chicago").await;
    let zone: Zone = "America/Chicago".parse().unwrap();
    let first = datetime!(2022-01-01 12:00 UTC);
    let years: Vec<_> = (0..20_000)
        .map(|number| {
            let accept = first + Duration::hours(number);
            Known {
                firm: firm.id,
                zone: zone.clone(),
                kind: 0,
                area: 0,
                accept: Some(accept),
                deliver: accept,
                due: accept,
                turnaround: Some(number),
                revisions: 0,
            }
        })
        .collect();
    plant(&world, &like, &years).await;
    let mut connection = world.database.inspect().await;
    for step in [
        "analyze",
        "select pg_stat_force_next_flush()",
        "select pg_stat_reset()",
    ] {
        sqlx::raw_sql(step).execute(&mut connection).await.unwrap();
    }
    let period = (date!(2023 - 02 - 01), date!(2023 - 02 - 28));
    let levels = ask(&firm.attorney, question(&firm.name, period, &[])).await;
    assert_eq!(levels.unwrap(), model(&years, period, &[]));
    eventually("the statistics tell of the index", async || {
        world
            .count("select idx_scan from pg_stat_user_indexes where indexrelname = 'tasks_by_accept_time'")
            .await
            > 0
    })
    .await;
    let whole_table = "select seq_scan from pg_stat_user_tables where relname = 'tasks'";
    assert_eq!(world.count(whole_table).await, 0);
}
