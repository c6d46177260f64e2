//! Court deadlines: computed by themselves, and on tasks that are for them.

use caseload_domain::ParalegalId;
use caseload_proto::caseload::intake::v1::court_deadline::Trigger;
use caseload_proto::caseload::intake::v1::deadline_service_client::DeadlineServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use caseload_proto::google::r#type::{Date, TimeOfDay};
use caseload_testing::tokens;
use prost::Message as _;
use prost_types::{FieldMask, Timestamp};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tonic::{Code, Status};

use crate::world::{
    FirmOf, World, create_firm, firm, get_task, refusal, review_and_accept, task, violations,
};

const fn on(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

fn at(instant: OffsetDateTime) -> Option<Timestamp> {
    Some(timestamp(instant))
}

/// Twenty-one days to answer, served on Friday, June 12, 2099: July 3, a Friday; July 4 of 2099 is a Saturday, so the
/// Friday is observed, and the answer is due on Monday, July 6.
fn answer_due() -> CourtDeadline {
    CourtDeadline {
        trigger: Some(Trigger::TriggerDate(on(2099, 6, 12))),
        count: 21,
        unit: DeadlineUnit::Days.into(),
        time_zone: "America/New_York".to_owned(),
        authority: "Fed. R. Civ. P. 12(a)(1)(A)(i)".to_owned(),
        ..CourtDeadline::default()
    }
}

/// The midnight, by New York's clock, that ends July 6, 2099.
const ANSWER_DUE: OffsetDateTime = datetime!(2099-07-07 04:00 UTC);

async fn compute(
    world: &World,
    token: String,
    court_deadline: Option<CourtDeadline>,
) -> Result<ComputeDeadlineResponse, Status> {
    let request = ComputeDeadlineRequest { court_deadline };
    let mut client = DeadlineServiceClient::new(world.service.channel(token));
    Ok(client.compute_deadline(request).await?.into_inner())
}

async fn change(firm: &FirmOf, task: Task, paths: &[&str]) -> Result<Task, Status> {
    let request = UpdateTaskRequest {
        task: Some(task),
        update_mask: Some(FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        ..UpdateTaskRequest::default()
    };
    Ok(firm
        .attorney
        .clone()
        .tasks
        .update_task(request)
        .await?
        .into_inner())
}

#[tokio::test]
async fn whoever_reads_tasks_has_a_deadline_computed_and_told_step_by_step() {
    let world = World::new().await;
    let id = create_firm(&world.coordinator(), firm("DOE"))
        .await
        .unwrap();
    let caseload_domain::name::FirmName(id) = id.name.parse().unwrap();
    for token in [
        tokens::attorney(id),
        tokens::paralegal(ParalegalId::generate()),
        tokens::coordinator(),
        tokens::billing_clerk(),
    ] {
        let found = compute(&world, token, Some(answer_due())).await.unwrap();
        assert_eq!(found.date, Some(on(2099, 7, 6)));
        assert_eq!(found.deadline_time, at(ANSWER_DUE));
        let rules: Vec<_> = found.steps.iter().map(|step| step.rule.as_str()).collect();
        assert_eq!(
            rules,
            [
                "6(a)(1)(A)",
                "6(a)(1)(B)",
                "6(a)(6)(A)",
                "6(a)(1)(C)",
                "6(a)(1)(C)",
                "6(a)(5)",
                "6(a)(4)(A)"
            ]
        );
        assert_eq!(
            found.steps[1].description,
            "21 days after it, every day counted, is Friday, July 3, 2099"
        );
        assert_eq!(found.steps[1].date, Some(on(2099, 7, 3)));
    }
    let refused = compute(&world, tokens::conflict_officer(), Some(answer_due())).await;
    assert_eq!(refusal(refused).0, Code::PermissionDenied);
}

#[tokio::test]
async fn the_rest_of_the_rule_is_asked_for_by_field() {
    let world = World::new().await;
    let table = [
        // The Saturday alone is the holiday: July 3.
        (
            CourtDeadline {
                saturday_holidays: SaturdayHolidays::DayItself.into(),
                ..answer_due()
            },
            datetime!(2099-07-04 04:00 UTC),
        ),
        // Three days more for mail, from Monday, July 6 to Thursday, July 9.
        (
            CourtDeadline {
                service_method: ServiceMethod::Mail.into(),
                ..answer_due()
            },
            datetime!(2099-07-10 04:00 UTC),
        ),
        // Filed over the counter, which closes at half past four; a state holiday on the 6th, a flood on the 7th.
        (
            CourtDeadline {
                filing_mode: FilingMode::AtOffice.into(),
                office_close_time: Some(TimeOfDay {
                    hours: 16,
                    minutes: 30,
                    ..TimeOfDay::default()
                }),
                declared_holidays: vec![DeclaredHoliday {
                    date: Some(on(2099, 7, 6)),
                    declared_by: HolidayAuthority::State.into(),
                    title: "Founders' Day".to_owned(),
                }],
                inaccessible_dates: vec![on(2099, 7, 7)],
                ..answer_due()
            },
            datetime!(2099-07-08 20:30 UTC),
        ),
        // Three weeks before June 26, 2099, a Friday: June 5, a Friday.
        (
            CourtDeadline {
                trigger: Some(Trigger::TriggerDate(on(2099, 6, 26))),
                count: 3,
                unit: DeadlineUnit::Weeks.into(),
                direction: DeadlineDirection::Before.into(),
                ..answer_due()
            },
            datetime!(2099-06-06 04:00 UTC),
        ),
        // Thirty-six hours from Friday, June 12, 10:00 are Saturday, 22:00: Monday, 22:00.
        (
            CourtDeadline {
                trigger: Some(Trigger::TriggerTime(timestamp(
                    datetime!(2099-06-12 14:00 UTC),
                ))),
                count: 36,
                unit: DeadlineUnit::Hours.into(),
                ..answer_due()
            },
            datetime!(2099-06-16 02:00 UTC),
        ),
    ];
    for (question, expected) in table {
        let found = compute(&world, tokens::coordinator(), Some(question.clone())).await;
        assert_eq!(found.unwrap().deadline_time, at(expected), "{question:?}");
    }
}

#[tokio::test]
async fn a_question_tells_everything_that_is_wrong_with_it() {
    let world = World::new().await;
    let wrong = async |court: CourtDeadline| {
        violations(compute(&world, tokens::coordinator(), Some(court)).await)
    };
    let nothing = compute(&world, tokens::coordinator(), None).await;
    assert_eq!(violations(nothing), ["court_deadline"]);
    assert_eq!(
        wrong(CourtDeadline::default()).await,
        [
            "court_deadline.time_zone",
            "court_deadline.trigger_date",
            "court_deadline.unit"
        ]
    );
    let odd = CourtDeadline {
        trigger: Some(Trigger::TriggerDate(on(2099, 2, 29))),
        count: 0,
        unit: DeadlineUnit::Days.into(),
        direction: 99,
        service_method: -1,
        time_zone: "Mars/Olympus".to_owned(),
        filing_mode: FilingMode::AtOffice.into(),
        office_close_time: Some(TimeOfDay {
            hours: 24,
            ..TimeOfDay::default()
        }),
        declared_holidays: vec![
            DeclaredHoliday {
                date: None,
                declared_by: 0,
                title: "🙂".repeat(101),
            },
            DeclaredHoliday {
                date: Some(on(2099, 7, 6)),
                declared_by: HolidayAuthority::State.into(),
                title: String::new(),
            },
            DeclaredHoliday {
                date: Some(on(2099, 7, 6)),
                declared_by: HolidayAuthority::Nation.into(),
                title: String::new(),
            },
        ],
        inaccessible_dates: vec![on(2099, 7, 7), on(2099, 7, 7), on(2099, 13, 1)],
        saturday_holidays: 7,
        authority: "x".repeat(501),
    };
    let of = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .map(|name| format!("court_deadline.{name}"))
            .collect()
    };
    assert_eq!(
        wrong(odd).await,
        of(&[
            "authority",
            "declared_holidays[0].date",
            "declared_holidays[0].declared_by",
            "declared_holidays[0].title",
            "declared_holidays[2].date",
            "direction",
            "filing_mode",
            "inaccessible_dates[1]",
            "inaccessible_dates[2]",
            "office_close_time",
            "saturday_holidays",
            "service_method",
            "time_zone",
            "trigger_date",
        ])
        .into_iter()
        .filter(|field| field != "court_deadline.filing_mode")
        .collect::<Vec<_>>()
    );
    for (question, field) in [
        (
            CourtDeadline {
                count: 0,
                ..answer_due()
            },
            "count",
        ),
        (
            CourtDeadline {
                count: -21,
                ..answer_due()
            },
            "count",
        ),
        (
            CourtDeadline {
                count: 10_001,
                ..answer_due()
            },
            "count",
        ),
        (
            CourtDeadline {
                unit: DeadlineUnit::Hours.into(),
                ..answer_due()
            },
            "trigger_date",
        ),
        (
            CourtDeadline {
                trigger: Some(Trigger::TriggerDate(on(1999, 12, 31))),
                ..answer_due()
            },
            "trigger_date",
        ),
        (
            CourtDeadline {
                trigger: Some(Trigger::TriggerTime(Timestamp {
                    seconds: 253_402_300_799,
                    nanos: 0,
                })),
                ..answer_due()
            },
            "trigger_time",
        ),
        (
            CourtDeadline {
                direction: DeadlineDirection::Before.into(),
                service_method: ServiceMethod::Mail.into(),
                ..answer_due()
            },
            "service_method",
        ),
        (
            CourtDeadline {
                filing_mode: 9,
                ..answer_due()
            },
            "filing_mode",
        ),
        (
            CourtDeadline {
                filing_mode: FilingMode::AtOffice.into(),
                ..answer_due()
            },
            "office_close_time",
        ),
        (
            CourtDeadline {
                office_close_time: Some(TimeOfDay::default()),
                ..answer_due()
            },
            "office_close_time",
        ),
        (
            CourtDeadline {
                inaccessible_dates: vec![on(2099, 7, 7); 201],
                ..answer_due()
            },
            "inaccessible_dates",
        ),
    ] {
        assert_eq!(wrong(question).await, of(&[field]), "{field}");
    }
}

/// A draft with a task that is for the court's deadline, due when that is.
async fn for_the_court(firm: &FirmOf) -> (Request, Task) {
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let given = Task {
        due_time: None,
        court_deadline: Some(answer_due()),
        ..task()
    };
    let task = firm.add(&draft, given).await.unwrap();
    (draft, task)
}

#[tokio::test]
async fn a_task_that_names_no_due_time_is_due_when_the_court_says() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let (_, made) = for_the_court(&firm).await;
    assert_eq!(made.due_time, at(ANSWER_DUE));
    assert_eq!(made.court_deadline_time, at(ANSWER_DUE));
    assert_eq!(made.court_deadline_date, Some(on(2099, 7, 6)));
    assert_eq!(made.court_deadline_steps.len(), 7);
    let told = CourtDeadline {
        direction: DeadlineDirection::After.into(),
        filing_mode: FilingMode::Electronic.into(),
        saturday_holidays: SaturdayHolidays::FridayBefore.into(),
        ..answer_due()
    };
    assert_eq!(
        made.court_deadline,
        Some(told),
        "what was left out is told as it was taken"
    );
    assert_eq!(get_task(&firm.attorney, &made.name).await.unwrap(), made);
}

#[tokio::test]
async fn everything_that_a_court_deadline_says_is_kept() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let (_, made) = for_the_court(&firm).await;
    let court = CourtDeadline {
        trigger: Some(Trigger::TriggerTime(timestamp(
            datetime!(2099-06-12 14:00:00.123456 UTC),
        ))),
        count: 2,
        unit: DeadlineUnit::Months.into(),
        direction: DeadlineDirection::After.into(),
        service_method: ServiceMethod::OtherConsented.into(),
        time_zone: "Pacific/Guam".to_owned(),
        filing_mode: FilingMode::AtOffice.into(),
        office_close_time: Some(TimeOfDay {
            hours: 15,
            minutes: 45,
            ..TimeOfDay::default()
        }),
        declared_holidays: vec![DeclaredHoliday {
            date: Some(on(2099, 8, 12)),
            declared_by: HolidayAuthority::Nation.into(),
            title: "Día de duelo 🕯".to_owned(),
        }],
        inaccessible_dates: vec![on(2099, 8, 13), on(2099, 8, 14)],
        saturday_holidays: SaturdayHolidays::DayItself.into(),
        authority: "Order of June 12, ¶ 4".to_owned(),
    };
    let given = Task {
        court_deadline: Some(court.clone()),
        ..made
    };
    let changed = change(&firm, given, &["court_deadline"]).await.unwrap();
    assert_eq!(changed.court_deadline, Some(court));
    assert_eq!(
        get_task(&firm.attorney, &changed.name).await.unwrap(),
        changed
    );
}

#[tokio::test]
async fn a_firm_may_want_the_work_sooner_than_the_court_and_never_later() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let due = |due_time| Task {
        due_time: at(due_time),
        court_deadline: Some(answer_due()),
        ..task()
    };
    let late = firm
        .add(&draft, due(ANSWER_DUE + Duration::MICROSECOND))
        .await;
    assert_eq!(violations(late), ["task.due_time"]);
    firm.add(&draft, due(ANSWER_DUE)).await.unwrap();
    let sooner = ANSWER_DUE - Duration::days(3);
    let made = firm.add(&draft, due(sooner)).await.unwrap();
    assert_eq!(made.due_time, at(sooner));

    // The court sets an earlier day: the firm's own time does not move, and must be before it.
    let earlier = Task {
        court_deadline: Some(CourtDeadline {
            count: 14,
            ..answer_due()
        }),
        ..made.clone()
    };
    let refused = change(&firm, earlier.clone(), &["court_deadline"]).await;
    assert_eq!(violations(refused), ["task.due_time"]);
    let both = Task {
        due_time: at(datetime!(2099-06-20 12:00 UTC)),
        ..earlier.clone()
    };
    let changed = change(&firm, both, &["court_deadline", "due_time"])
        .await
        .unwrap();
    // 12 + 14 = 26 June, a Friday.
    assert_eq!(changed.court_deadline_date, Some(on(2099, 6, 26)));
    // Left to the court again.
    let left = Task {
        due_time: None,
        ..changed
    };
    let changed = change(&firm, left, &["due_time"]).await.unwrap();
    assert_eq!(changed.due_time, at(datetime!(2099-06-27 04:00 UTC)));
}

#[tokio::test]
async fn a_due_time_that_follows_the_court_moves_with_its_deadline_until_there_is_none() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let (draft, made) = for_the_court(&firm).await;
    firm.submit(&draft).await.unwrap();
    review_and_accept(&world, &draft).await.unwrap();
    let made = get_task(&firm.attorney, &made.name).await.unwrap();

    // An extension, granted after the work was taken on.
    let extended = Task {
        court_deadline: Some(CourtDeadline {
            count: 60,
            ..answer_due()
        }),
        ..made
    };
    let changed = change(&firm, extended, &["court_deadline"]).await.unwrap();
    // 18 days left in June, 31 in July: 49; 11 August is the 60th, a Tuesday.
    let moved = at(datetime!(2099-08-12 04:00 UTC));
    assert_eq!(
        (changed.due_time, changed.court_deadline_time),
        (moved, moved)
    );
    let told = last_told(&world, &changed).await;
    assert_eq!((told.due_time, told.court_deadline_time), (moved, moved));

    let stays = Task {
        title: "Answer the complaint".to_owned(),
        ..changed
    };
    let changed = change(&firm, stays, &["title"]).await.unwrap();
    assert_eq!(changed.due_time, moved);

    // The case is stayed: the deadline goes, and the work is due when it was, by the firm's own word.
    let none = Task {
        court_deadline: None,
        due_time: None,
        ..changed
    };
    let refused = change(&firm, none.clone(), &["court_deadline", "due_time"]).await;
    assert_eq!(violations(refused), ["task.due_time"]);
    let changed = change(&firm, none, &["court_deadline"]).await.unwrap();
    assert_eq!(
        (changed.due_time, changed.court_deadline_time),
        (moved, None)
    );
    assert!(changed.court_deadline.is_none() && changed.court_deadline_steps.is_empty());
    assert_eq!(last_told(&world, &changed).await.court_deadline_time, None);
    let unsaid = Task {
        due_time: None,
        ..changed
    };
    assert_eq!(
        violations(change(&firm, unsaid, &["due_time"]).await),
        ["task.due_time"]
    );
}

/// The task as the other services were last told of it.
async fn last_told(world: &World, task: &Task) -> TaskSnapshot {
    let mut connection = world.database.inspect().await;
    let payload: Vec<u8> = sqlx::query_scalar(
        "select payload from event_log where aggregate = $1 and type like '%TaskChanged' order by id desc limit 1",
    )
    .bind(&task.name)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    TaskChanged::decode(payload.as_slice())
        .unwrap()
        .task
        .unwrap()
}

#[tokio::test]
async fn a_court_deadline_that_is_wrong_is_told_with_the_rest_of_the_task() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let odd = Task {
        title: String::new(),
        due_time: None,
        court_deadline: Some(CourtDeadline {
            time_zone: String::new(),
            ..answer_due()
        }),
        ..task()
    };
    assert_eq!(
        violations(firm.add(&draft, odd).await),
        ["task.court_deadline.time_zone", "task.title"]
    );
    let neither = Task {
        due_time: None,
        ..task()
    };
    assert_eq!(
        violations(firm.add(&draft, neither).await),
        ["task.due_time"]
    );
    let begins_after = Task {
        due_time: None,
        court_deadline: Some(answer_due()),
        earliest_start_time: at(ANSWER_DUE),
        ..task()
    };
    assert_eq!(
        violations(firm.add(&draft, begins_after).await),
        ["task.due_time"]
    );
}
