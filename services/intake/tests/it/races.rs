//! People who act at the same time, each over a connection of their own: one of them is first, nothing is lost, and
//! afterwards the rows, the audit log and the events tell one story.

use std::fmt::Debug;

use caseload_domain::{AssignmentId, ParalegalId};
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::*;
use caseload_testing::tokens;
use futures::FutureExt as _;
use futures::future::{BoxFuture, join, join_all};
use prost::Message as _;
use tonic::{Code, Status};

use crate::world::{
    FirmOf, Person, World, accept, deliver, get_request, get_task, party, refusal, task,
};

/// How many act at once.
const MANY: usize = 8;
/// How often two are set against each other.
const ROUNDS: usize = 6;

/// An attorney on a connection of their own.
fn attorney(world: &World, firm: &FirmOf) -> Person {
    world.person(tokens::attorney(firm.id))
}

/// Of many answers one is good, and the others are refused so.
fn one_of<T: Debug>(answers: Vec<Result<T, Status>>, code: Code, reason: &str) -> T {
    let (mut made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1, "one is first: {refused:?}");
    for answer in refused {
        assert_eq!(refusal(answer), (code, reason.to_owned()));
    }
    made.remove(0).unwrap()
}

/// Many edits of one version at the same time.
async fn raced<T: Debug>(edits: Vec<BoxFuture<'_, Result<T, Status>>>) -> T {
    one_of(join_all(edits).await, Code::Aborted, "ETAG_MISMATCH")
}

/// Every change is on record as the next of the one before, the last is what the row says, and what others were told
/// of each task last is where it stands.
async fn one_story(world: &World) {
    let broken = "select count(*) from (
        select before, lag(after) over (partition by resource order by id) as was from audit_log) t
        where before is distinct from was";
    assert_eq!(
        world.count(broken).await,
        0,
        "a change that is based on another state"
    );
    for (table, query) in [
        (
            "tasks",
            "select count(*) from tasks t where to_jsonb(t) is distinct from (
                 select after from audit_log where resource = 'firms/' || t.firm_id || '/tasks/' || t.task_id
                 order by id desc limit 1)",
        ),
        (
            "requests",
            "select count(*) from requests t where to_jsonb(t) is distinct from (
                 select after from audit_log where resource = 'firms/' || t.firm_id || '/requests/' || t.request_id
                 order by id desc limit 1)",
        ),
        (
            "versions",
            "select count(*) from (
                 select (after ->> 'version')::bigint as version,
                        row_number() over (partition by resource order by id) as number from audit_log
                 where resource like '%/tasks/%' or resource like '%/requests/%') t
             where version <> number",
        ),
    ] {
        assert_eq!(world.count(query).await, 0, "{table}");
    }
    let mut connection = world.database.inspect().await;
    let told: Vec<(String, Vec<u8>)> = sqlx::query_as(
        "select distinct on (t.task_id) t.state, e.payload from tasks t
         join event_log e on e.aggregate = 'firms/' || t.firm_id || '/tasks/' || t.task_id
         where e.type like '%.TaskChanged' order by t.task_id, e.id desc",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    for (state, payload) in told {
        let snapshot = TaskChanged::decode(payload.as_slice())
            .unwrap()
            .task
            .unwrap();
        let name = snapshot.state().as_str_name().to_lowercase();
        assert_eq!(name.strip_prefix("task_state_"), Some(state.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_edits_of_one_version_of_anything_one_is_made() {
    let world = World::new().await;
    let (one, firm) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice Corporation", "Somebody").await;
    let matter = firm.matter("Bob Ltd.", "ALICE CORP.").await;
    let (request, task) = firm.submitted(&matter).await;

    let get = GetFirmRequest {
        name: firm.name.clone(),
    };
    let before = firm
        .admin
        .clone()
        .firms
        .get_firm(get.clone())
        .await
        .unwrap()
        .into_inner();
    let made = raced(
        (0..MANY)
            .map(|number| {
                let edit = UpdateFirmRequest {
                    firm: Some(Firm {
                        name: firm.name.clone(),
                        display_name: format!("Firm {number}"),
                        etag: before.etag.clone(),
                        ..Firm::default()
                    }),
                    ..UpdateFirmRequest::default()
                };
                let mut admin = world.person(tokens::firm_admin(firm.id));
                async move { admin.firms.update_firm(edit).await }.boxed()
            })
            .collect(),
    )
    .await
    .into_inner();
    let seen = firm
        .admin
        .clone()
        .firms
        .get_firm(get)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen, made);

    let get = GetMatterRequest {
        name: matter.name.clone(),
    };
    let before = firm
        .attorney
        .clone()
        .matters
        .get_matter(get.clone())
        .await
        .unwrap()
        .into_inner();
    let made = raced(
        (0..MANY)
            .map(|number| {
                let edit = UpdateMatterRequest {
                    matter: Some(Matter {
                        name: matter.name.clone(),
                        court: format!("Court {number}"),
                        etag: before.etag.clone(),
                        ..Matter::default()
                    }),
                    ..UpdateMatterRequest::default()
                };
                let mut attorney = attorney(&world, &firm);
                async move { attorney.matters.update_matter(edit).await }.boxed()
            })
            .collect(),
    )
    .await
    .into_inner();
    let seen = firm
        .attorney
        .clone()
        .matters
        .get_matter(get)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen, made);

    let before = get_request(&firm.attorney, &request.name).await.unwrap();
    let made = raced(
        (0..MANY)
            .map(|_| {
                let edit = UpdateRequestRequest {
                    request: Some(Request {
                        name: request.name.clone(),
                        supervising_attorney_id: "roe".to_owned(),
                        etag: before.etag.clone(),
                        ..Request::default()
                    }),
                    ..UpdateRequestRequest::default()
                };
                let mut attorney = attorney(&world, &firm);
                async move { attorney.requests.update_request(edit).await }.boxed()
            })
            .collect(),
    )
    .await
    .into_inner();
    assert_eq!(
        get_request(&firm.attorney, &request.name).await.unwrap(),
        made
    );

    let before = get_task(&firm.attorney, &task.name).await.unwrap();
    let made = raced(
        (0..MANY)
            .map(|number| {
                let edit = UpdateTaskRequest {
                    task: Some(Task {
                        name: task.name.clone(),
                        title: format!("Title {number}"),
                        etag: before.etag.clone(),
                        ..Task::default()
                    }),
                    ..UpdateTaskRequest::default()
                };
                let mut attorney = attorney(&world, &firm);
                async move { attorney.tasks.update_task(edit).await }.boxed()
            })
            .collect(),
    )
    .await
    .into_inner();
    assert_eq!(get_task(&firm.attorney, &task.name).await.unwrap(), made);

    let get = GetConflictCheckRequest {
        name: request.conflict_check.clone(),
    };
    let before = world
        .officer()
        .conflicts
        .get_conflict_check(get.clone())
        .await
        .unwrap()
        .into_inner();
    let made = raced(
        (0..MANY)
            .map(|number| {
                let decision = if number % 2 == 0 {
                    ConflictDecision::Clear
                } else {
                    ConflictDecision::Block
                };
                let edit = ResolveConflictRequest {
                    name: before.name.clone(),
                    decision: decision.into(),
                    reason: format!("Reason {number}"),
                    etag: before.etag.clone(),
                    ..ResolveConflictRequest::default()
                };
                let mut officer = world.officer();
                async move { officer.conflicts.resolve_conflict(edit).await }.boxed()
            })
            .collect(),
    )
    .await
    .into_inner();
    let seen = world
        .officer()
        .conflicts
        .get_conflict_check(get)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (seen.state(), seen.resolve_reason),
        (made.state(), made.resolve_reason)
    );
    one_story(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn edits_of_different_fields_by_people_who_know_of_no_version_are_all_kept() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let task = firm.add(&draft, task()).await.unwrap();
    let name = task.name.clone();
    let changes = [
        Task {
            title: "Another".to_owned(),
            ..Task::default()
        },
        Task {
            instructions: "Cite the statute".to_owned(),
            ..Task::default()
        },
        Task {
            jurisdiction: "US-NY".to_owned(),
            ..Task::default()
        },
        Task {
            language_code: "en-GB".to_owned(),
            ..Task::default()
        },
        Task {
            required_certification: "Notary".to_owned(),
            ..Task::default()
        },
        Task {
            utbms_task_code: "L110".to_owned(),
            ..Task::default()
        },
    ];
    let edits = changes.map(|change| {
        let edit = UpdateTaskRequest {
            task: Some(Task {
                name: name.clone(),
                ..change
            }),
            ..UpdateTaskRequest::default()
        };
        let mut attorney = attorney(&world, &firm);
        async move { attorney.tasks.update_task(edit).await }
    });
    for answer in join_all(edits).await {
        answer.unwrap();
    }
    let seen = get_task(&firm.attorney, &name).await.unwrap();
    assert_eq!(seen.title, "Another");
    assert_eq!(seen.instructions, "Cite the statute");
    assert_eq!(seen.jurisdiction, "US-NY");
    assert_eq!(seen.language_code, "en-GB");
    assert_eq!(seen.required_certification, "Notary");
    assert_eq!(seen.utbms_task_code, "L110");
    one_story(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_is_accepted_or_withdrawn_and_its_tasks_with_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    for _ in 0..ROUNDS {
        let (request, task) = firm.submitted(&matter).await;
        review(&world, &request).await;
        let withdraw = WithdrawRequestRequest {
            name: request.name.clone(),
            ..WithdrawRequestRequest::default()
        };
        let mut other = attorney(&world, &firm);
        let withdrawn = other.requests.withdraw_request(withdraw);
        let (accepted, withdrawn) = join(accept(&world, &request), withdrawn).await;
        let answers = vec![accepted.map(drop), withdrawn.map(drop)];
        one_of(answers, Code::FailedPrecondition, "WRONG_STATE");
        let request = get_request(&firm.attorney, &request.name).await.unwrap();
        let task = get_task(&firm.attorney, &task.name).await.unwrap();
        let ends = (request.state(), task.state());
        assert!(
            ends == (RequestState::Accepted, TaskState::Open)
                || ends == (RequestState::Withdrawn, TaskState::Cancelled),
            "{ends:?}"
        );
    }
    one_story(&world).await;
}

async fn review(world: &World, request: &Request) {
    let start = StartReviewRequest {
        name: request.name.clone(),
        ..StartReviewRequest::default()
    };
    world
        .coordinator()
        .requests
        .start_review(start)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_is_accepted_after_a_party_in_conflict_was_added() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    for round in 0..ROUNDS {
        let theirs = format!(
            "{} Zebra Holdings",
            ["North", "South", "East", "West", "Upper", "Lower"][round]
        );
        one.matter(&theirs, "Somebody").await;
        let matter = other.matter("Bob Ltd.", "Carol").await;
        let (request, _) = other.submitted(&matter).await;
        review(&world, &request).await;
        let add = AddMatterPartyRequest {
            name: matter.name.clone(),
            party: Some(party(&theirs, PartyRole::Adverse)),
            ..AddMatterPartyRequest::default()
        };
        let mut adds = attorney(&world, &other);
        let (accepted, added) =
            join(accept(&world, &request), adds.matters.add_matter_party(add)).await;
        added.unwrap();
        let mut connection = world.database.inspect().await;
        let order = "select id from audit_log where resource = $1 and method like '%/' || $2 order by id desc limit 1";
        let mut when = async |resource: &str, method: &str| -> Option<i64> {
            sqlx::query_scalar(order)
                .bind(resource)
                .bind(method)
                .fetch_optional(&mut connection)
                .await
                .unwrap()
        };
        let (taken, stained) = (
            when(&request.name, "AcceptRequest").await,
            when(&matter.name, "AddMatterParty").await,
        );
        if accepted.is_ok() {
            assert!(taken < stained, "accepted in the face of a conflict");
        } else {
            assert_eq!(refusal(accepted).1, "CONFLICT_UNRESOLVED");
            assert_eq!(taken, None);
        }
        let get = GetMatterRequest { name: matter.name };
        let seen = other
            .attorney
            .clone()
            .matters
            .get_matter(get)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    }
    one_story(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_task_is_held_or_delivered() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    for _ in 0..ROUNDS {
        let (_, task) = firm.accepted(&world, &matter).await;
        let paralegal = ParalegalId::generate();
        world.give(&task.name, paralegal).await;
        let hold = HoldTaskRequest {
            name: task.name.clone(),
            reason: "The client travels".to_owned(),
            ..HoldTaskRequest::default()
        };
        let (person, mut holds) = (world.paralegal(paralegal), attorney(&world, &firm));
        let (held, delivered) =
            join(holds.tasks.hold_task(hold), deliver(&person, &task, "")).await;
        let was_held = held.is_ok();
        let answers = vec![held.map(drop), delivered.map(drop)];
        one_of(answers, Code::FailedPrecondition, "WRONG_STATE");
        let list = ListDeliveriesRequest {
            parent: firm.name.clone(),
            task: task.name.clone(),
            ..ListDeliveriesRequest::default()
        };
        let deliveries = holds
            .deliveries
            .list_deliveries(list)
            .await
            .unwrap()
            .into_inner()
            .deliveries;
        let state = get_task(&firm.attorney, &task.name).await.unwrap().state();
        let ends = if was_held {
            (TaskState::OnHold, 0)
        } else {
            (TaskState::Delivered, 1)
        };
        assert_eq!((state, deliveries.len()), ends);
    }
    one_story(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_delivery_is_accepted_once_and_its_request_completed_once() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, task) = firm.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let delivery = deliver(&world.paralegal(paralegal), &task, "")
        .await
        .unwrap();
    let verdicts = (0..MANY).map(|number| {
        let (mut person, name) = (attorney(&world, &firm), delivery.name.clone());
        async move {
            if number % 2 == 0 {
                let request = AcceptDeliveryRequest {
                    name,
                    ..AcceptDeliveryRequest::default()
                };
                person.deliveries.accept_delivery(request).await
            } else {
                let request = RequestRevisionRequest {
                    name,
                    reason: "Cite the statute".to_owned(),
                    ..RequestRevisionRequest::default()
                };
                person.deliveries.request_revision(request).await
            }
        }
    });
    let judged = one_of(
        join_all(verdicts).await,
        Code::FailedPrecondition,
        "WRONG_STATE",
    )
    .into_inner();
    let accepted = judged.state() == DeliveryState::Accepted;
    let (verdict, state, completed) = if accepted {
        ("DeliveryAccepted", TaskState::Accepted, 1)
    } else {
        ("RevisionRequested", TaskState::RevisionRequested, 0)
    };
    let told = ["DeliverySubmitted", verdict].map(|name| format!("caseload.intake.v1.{name}"));
    assert_eq!(world.events(&delivery.name).await, told);
    assert_eq!(
        get_task(&firm.attorney, &task.name).await.unwrap().state(),
        state
    );
    assert_eq!(completions(&world, &request.name).await, completed);
    one_story(&world).await;
}

async fn completions(world: &World, request: &str) -> usize {
    let events = world.events(request).await;
    events
        .iter()
        .filter(|name| name.ends_with(".RequestCompleted"))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancelled_task_stays_so_whatever_assignment_says_at_that_moment() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, last) = firm.accepted(&world, &matter).await;
    let mut tasks = Vec::new();
    for _ in 0..ROUNDS {
        let (_, task) = firm.accepted(&world, &matter).await;
        let cancel = CancelTaskRequest {
            name: task.name.clone(),
            reason: "Settled".to_owned(),
            ..CancelTaskRequest::default()
        };
        let (assignment, paralegal) = (AssignmentId::generate(), ParalegalId::generate());
        let given = async {
            world
                .assignment(&task.name, assignment, paralegal, AssignmentState::Offered)
                .await;
            world
                .assignment(&task.name, assignment, paralegal, AssignmentState::Accepted)
                .await;
        };
        let mut cancels = attorney(&world, &firm);
        let (cancelled, ()) = join(cancels.tasks.cancel_task(cancel), given).await;
        cancelled.unwrap();
        tasks.push(task);
    }
    // What comes last in the log is followed last.
    world.give(&last.name, ParalegalId::generate()).await;
    for task in tasks {
        let seen = get_task(&firm.attorney, &task.name).await.unwrap();
        assert_eq!(seen.state(), TaskState::Cancelled);
    }
    one_story(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_whose_tasks_end_at_the_same_time_is_completed_once() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let mut tasks = Vec::new();
    for _ in 0..MANY {
        // Each waits for the one before, so that an end opens the next one.
        let depends_on = tasks
            .last()
            .map(|task: &Task| task.name.clone())
            .into_iter()
            .collect();
        tasks.push(
            firm.add(
                &draft,
                Task {
                    depends_on,
                    ..task()
                },
            )
            .await
            .unwrap(),
        );
    }
    firm.submit(&draft).await.unwrap();
    crate::world::review_and_accept(&world, &draft)
        .await
        .unwrap();
    let cancels = tasks.iter().map(|task| {
        let cancel = CancelTaskRequest {
            name: task.name.clone(),
            reason: "Settled".to_owned(),
            ..CancelTaskRequest::default()
        };
        let mut attorney = attorney(&world, &firm);
        async move { attorney.tasks.cancel_task(cancel).await }
    });
    for answer in join_all(cancels).await {
        answer.unwrap();
    }
    let request = get_request(&firm.attorney, &draft.name).await.unwrap();
    assert_eq!(request.state(), RequestState::Completed);
    assert_eq!(completions(&world, &draft.name).await, 1);
    one_story(&world).await;
}
