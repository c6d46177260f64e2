//! Watching what changes: in order, from a token on, and of what is the watcher's to see alone.

use caseload_auth::Role;
use caseload_domain::name::{AssignmentName, TaskName};
use caseload_domain::{AssignmentId, FirmId, ParalegalId};
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::comment_service_client::CommentServiceClient;
use caseload_proto::caseload::intake::v1::watch_service_client::WatchServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_testing::{eventually, tokens};
use tonic::{Code, Status, Streaming};

use crate::world::{FirmOf, World, deliver, refusal, task, violations};

/// Somebody who watches, and remembers the last token.
struct Watcher {
    stream: Streaming<WatchChangesResponse>,
    token: String,
}

impl Watcher {
    async fn resume(world: &World, caller: &str, parent: &str, from: &str) -> Result<Self, Status> {
        let mut client = WatchServiceClient::new(world.service.channel(caller.to_owned()));
        let request = WatchChangesRequest {
            parent: parent.to_owned(),
            resume_token: from.to_owned(),
        };
        let mut stream = client.watch_changes(request).await?.into_inner();
        let first = stream.message().await?.expect("an answer at once");
        assert_eq!(first.change, None);
        Ok(Self {
            stream,
            token: first.resume_token,
        })
    }

    /// Watches from now on, when what was done before has its place in the log.
    async fn start(world: &World, caller: &str, parent: &str) -> Self {
        eventually("the log is numbered", async || {
            world
                .count("select count(*) from event_log where seq is null")
                .await
                == 0
        })
        .await;
        Self::resume(world, caller, parent, "").await.unwrap()
    }

    async fn next(&mut self) -> Result<Change, Status> {
        loop {
            let answer = self.stream.message().await?.expect("the stream goes on");
            self.token = answer.resume_token;
            if let Some(change) = answer.change {
                return Ok(change);
            }
        }
    }

    /// What and how each of the next changes is: the collection, the type and the state.
    async fn told(&mut self, count: usize) -> Vec<(String, String, String)> {
        let mut told = Vec::new();
        for _ in 0..count {
            let change = self.next().await.unwrap();
            let collection = change.resource.split('/').nth(2).unwrap_or("firms");
            told.push((collection.to_owned(), change.r#type, change.state));
        }
        told
    }
}

fn words(told: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let owned = |word: &str| word.to_owned();
    told.iter()
        .map(|(collection, happened, state)| (owned(collection), owned(happened), owned(state)))
        .collect()
}

#[tokio::test]
async fn a_firm_is_told_of_every_step_of_its_work_in_order() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut watcher = Watcher::start(&world, &tokens::attorney(firm.id), &firm.name).await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, task) = firm.accepted(&world, &matter).await;
    assert_eq!(
        watcher.told(6).await,
        words(&[
            ("matters", "MatterChanged", ""),
            ("requests", "RequestChanged", "REQUEST_STATE_DRAFT"),
            ("requests", "RequestChanged", "REQUEST_STATE_SUBMITTED"),
            ("requests", "RequestChanged", "REQUEST_STATE_IN_REVIEW"),
            ("requests", "RequestChanged", "REQUEST_STATE_ACCEPTED"),
            ("tasks", "TaskChanged", "TASK_STATE_OPEN"),
        ])
    );
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let delivery = deliver(&world.paralegal(paralegal), &task, "")
        .await
        .unwrap();
    let told = watcher.told(4).await;
    assert_eq!(
        told[..2],
        words(&[
            ("tasks", "TaskChanged", "TASK_STATE_ASSIGNED"),
            ("tasks", "TaskChanged", "TASK_STATE_IN_PROGRESS"),
        ])
    );
    assert!(told.contains(&(
        "deliveries".to_owned(),
        "DeliverySubmitted".to_owned(),
        String::new()
    )));
    let accept = AcceptDeliveryRequest {
        name: delivery.name.clone(),
        ..AcceptDeliveryRequest::default()
    };
    firm.attorney
        .clone()
        .deliveries
        .accept_delivery(accept)
        .await
        .unwrap();
    let mut resources = Vec::new();
    loop {
        let change = watcher.next().await.unwrap();
        assert!(change.change_time.is_some());
        if change.resource == delivery.name {
            assert_eq!(change.task, task.name);
        }
        let done = change.r#type == "RequestCompleted";
        resources.push(change.resource);
        if done {
            break;
        }
    }
    for expected in [&task.name, &delivery.name, &request.name] {
        assert!(resources.contains(expected), "{expected} in {resources:?}");
    }
}

#[tokio::test]
async fn two_firms_that_watch_at_once_are_told_of_their_own_alone() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let mut watchers = Vec::new();
    for firm in [&one, &other] {
        watchers.push(Watcher::start(&world, &tokens::firm_admin(firm.id), &firm.name).await);
    }
    let work = async |firm: &FirmOf| {
        let matter = firm.matter("Alice", "Bob").await;
        for _ in 0..10 {
            firm.draft(&matter).await;
        }
    };
    futures::join!(work(&one), work(&other));
    for (firm, watcher) in [&one, &other].into_iter().zip(&mut watchers) {
        for _ in 0..11 {
            let change = watcher.next().await.unwrap();
            assert!(change.resource.starts_with(&firm.name), "{change:?}");
        }
    }
    for parent in [&other.name, &format!("firms/{}", FirmId::generate())] {
        let refused = Watcher::resume(&world, &tokens::attorney(one.id), parent, "").await;
        assert_eq!(refused.err().unwrap().code(), Code::NotFound);
    }
    let nobody = format!("firms/{}", FirmId::generate());
    let refused = Watcher::resume(&world, &tokens::coordinator(), &nobody, "").await;
    assert_eq!(refused.err().unwrap().code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_watch_that_is_cut_again_and_again_misses_nothing_of_eight_writers() {
    const WRITERS: usize = 8;
    const EACH: usize = 12;
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let caller = tokens::attorney(firm.id);
    let mut token = Watcher::start(&world, &caller, &firm.name).await.token;
    let writers = (0..WRITERS).map(|_| async {
        for _ in 0..EACH {
            firm.draft(&matter).await;
        }
    });
    let watching = async {
        let mut told = Vec::new();
        while told.len() < WRITERS * EACH {
            let mut watcher = Watcher::resume(&world, &caller, &firm.name, &token)
                .await
                .unwrap();
            for _ in 0..(1 + told.len() % 4).min(WRITERS * EACH - told.len()) {
                told.push(watcher.next().await.unwrap().resource);
            }
            token = watcher.token;
        }
        told
    };
    let (_, told) = futures::join!(futures::future::join_all(writers), watching);
    let mut connection = world.database.inspect().await;
    let logged: Vec<String> = sqlx::query_scalar(
        "select aggregate from event_log where firm_id = $1 and type like '%RequestChanged' order by seq",
    )
    .bind(firm.id.0)
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert_eq!(told, logged);
}

#[tokio::test]
async fn a_watch_goes_on_where_it_was_when_the_service_was_away() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let caller = tokens::attorney(firm.id);
    let mut watcher = Watcher::start(&world, &caller, &firm.name).await;
    let first = firm.draft(&matter).await;
    assert_eq!(watcher.next().await.unwrap().resource, first.name);
    let token = watcher.token.clone();
    let second = firm.draft(&matter).await;

    let id = firm.id;
    let ended = tokio::spawn(async move {
        loop {
            if let Err(status) = watcher.next().await {
                return status;
            }
        }
    });
    let world = world.restarted().await;
    assert_eq!(ended.await.unwrap().code(), Code::Unavailable);
    let mut watcher = Watcher::resume(&world, &caller, &firm.name, &token)
        .await
        .unwrap();
    assert_eq!(watcher.next().await.unwrap().resource, second.name);
    let submit = WithdrawRequestRequest {
        name: first.name.clone(),
        ..WithdrawRequestRequest::default()
    };
    let attorney = world.person(tokens::attorney(id));
    attorney
        .clone()
        .requests
        .withdraw_request(submit)
        .await
        .unwrap();
    let change = watcher.next().await.unwrap();
    assert_eq!(
        (change.resource, change.state.as_str()),
        (first.name, "REQUEST_STATE_WITHDRAWN")
    );
}

#[tokio::test]
async fn a_paralegal_watches_a_task_for_as_long_as_they_have_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let (_, other) = firm.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    let caller = tokens::paralegal(paralegal);
    for parent in [&task.name, &firm.name] {
        let refused = Watcher::resume(&world, &caller, parent, "").await;
        assert_eq!(refused.err().unwrap().code(), Code::NotFound, "{parent}");
    }

    let assignment = world.give(&task.name, paralegal).await;
    world.give(&other.name, paralegal).await;
    let mut watcher = Watcher::start(&world, &caller, &task.name).await;
    let mut of_firm = Watcher::start(&world, &tokens::attorney(firm.id), &task.name).await;
    let hold = |name: &str| HoldTaskRequest {
        name: name.to_owned(),
        reason: "Wait".to_owned(),
        ..HoldTaskRequest::default()
    };
    for name in [&other.name, &task.name] {
        firm.attorney
            .clone()
            .tasks
            .hold_task(hold(name))
            .await
            .unwrap();
    }
    for watcher in [&mut watcher, &mut of_firm] {
        let change = watcher.next().await.unwrap();
        assert_eq!(
            (change.resource.as_str(), change.state.as_str()),
            (task.name.as_str(), "TASK_STATE_ON_HOLD"),
            "and nothing of the other task"
        );
    }
    let comment = CreateCommentRequest {
        parent: firm.name.clone(),
        comment: Some(Comment {
            task: task.name.clone(),
            text: "Please wait for the ruling".to_owned(),
            ..Comment::default()
        }),
        request_id: String::new(),
    };
    let channel = world.service.channel(tokens::attorney(firm.id));
    let comment = CommentServiceClient::new(channel)
        .create_comment(comment)
        .await;
    let comment = comment.unwrap().into_inner();
    for watcher in [&mut watcher, &mut of_firm] {
        let change = watcher.next().await.unwrap();
        assert_eq!(
            (change.resource, change.task, change.r#type.as_str()),
            (comment.name.clone(), task.name.clone(), "CommentAdded")
        );
    }
    let token = watcher.token.clone();
    world
        .assignment(&task.name, assignment, paralegal, AssignmentState::Released)
        .await;
    let ended = watcher.next().await.unwrap_err();
    assert_eq!(ended.code(), Code::NotFound, "{ended:?}");
    assert_eq!(of_firm.next().await.unwrap().resource, task.name);
    let again = Watcher::resume(&world, &caller, &task.name, &token).await;
    assert_eq!(again.err().unwrap().code(), Code::NotFound);
}

#[tokio::test]
async fn a_paralegal_who_has_a_task_again_is_not_told_what_another_delivered_meanwhile() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let (_, task) = firm
        .accepted(&world, &firm.matter("Alice", "Bob").await)
        .await;
    let (first, second) = (ParalegalId::generate(), ParalegalId::generate());
    let release = async |assignment: AssignmentId, paralegal| {
        world
            .assignment(&task.name, assignment, paralegal, AssignmentState::Released)
            .await;
        eventually("nobody has it", async || {
            let request = GetTaskRequest {
                name: task.name.clone(),
            };
            let task = firm.attorney.clone().tasks.get_task(request).await.unwrap();
            task.into_inner().paralegal.is_empty()
        })
        .await;
    };
    let assignment = world.give(&task.name, first).await;
    let caller = tokens::paralegal(first);
    let token = Watcher::start(&world, &caller, &task.name).await.token;
    release(assignment, first).await;
    let assignment = world.give(&task.name, second).await;
    let delivery = deliver(&world.paralegal(second), &task, "").await.unwrap();
    let revise = RequestRevisionRequest {
        name: delivery.name.clone(),
        reason: "Once more".to_owned(),
        ..RequestRevisionRequest::default()
    };
    firm.attorney
        .clone()
        .deliveries
        .request_revision(revise)
        .await
        .unwrap();
    release(assignment, second).await;
    let again = AssignmentId::generate();
    for state in [AssignmentState::Offered, AssignmentState::Accepted] {
        world.assignment(&task.name, again, first, state).await;
    }
    let name: TaskName = task.name.parse().unwrap();
    let again = AssignmentName::new(name.firm, again).to_string();
    let mut watcher = None;
    eventually("they have it again", async || {
        watcher = Watcher::resume(&world, &caller, &task.name, &token)
            .await
            .ok();
        let request = GetTaskRequest {
            name: task.name.clone(),
        };
        let shown = world.paralegal(first).tasks.get_task(request).await;
        watcher.is_some() && shown.is_ok_and(|task| task.into_inner().assignment == again)
    })
    .await;
    let mut watcher = watcher.unwrap();
    let hold = HoldTaskRequest {
        name: task.name.clone(),
        reason: "Wait".to_owned(),
        ..HoldTaskRequest::default()
    };
    firm.attorney.clone().tasks.hold_task(hold).await.unwrap();
    loop {
        let change = watcher.next().await.unwrap();
        assert_eq!(change.resource, task.name);
        if change.state == "TASK_STATE_ON_HOLD" {
            break;
        }
    }
}

#[tokio::test]
async fn the_suites_staff_are_told_of_what_their_role_may_read() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut clerk = Watcher::start(&world, &tokens::billing_clerk(), &firm.name).await;
    let mut coordinator = Watcher::start(&world, &tokens::coordinator(), &firm.name).await;
    firm.accepted(&world, &firm.matter("Alice", "Bob").await)
        .await;
    assert_eq!(
        clerk.told(2).await,
        words(&[
            ("matters", "MatterChanged", ""),
            ("tasks", "TaskChanged", "TASK_STATE_OPEN"),
        ])
    );
    assert_eq!(coordinator.told(6).await.len(), 6);
    let officer = Watcher::resume(&world, &tokens::conflict_officer(), &firm.name, "").await;
    assert_eq!(officer.err().unwrap().code(), Code::PermissionDenied);
    let service = Watcher::resume(&world, &tokens::of(Role::Service), &firm.name, "").await;
    assert_eq!(service.err().unwrap().code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_token_serves_the_watch_that_it_was_given_in_alone() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let (_, task) = one
        .accepted(&world, &one.matter("Alice", "Bob").await)
        .await;
    let caller = tokens::attorney(one.id);
    let token = Watcher::start(&world, &caller, &one.name).await.token;
    assert!(
        Watcher::resume(&world, &caller, &one.name, &token)
            .await
            .is_ok()
    );
    let mut broken = token.clone().into_bytes();
    broken[12] = if broken[12] == b'A' { b'B' } else { b'A' };
    let broken = String::from_utf8(broken).unwrap();
    for (caller, parent, token) in [
        (tokens::firm_admin(one.id), &one.name, &token),
        (tokens::attorney(other.id), &other.name, &token),
        (caller.clone(), &task.name, &token),
        (caller.clone(), &one.name, &broken),
        (caller.clone(), &one.name, &"nonsense".to_owned()),
    ] {
        let refused = Watcher::resume(&world, &caller, parent, token).await;
        assert_eq!(violations(refused.map(|_| ())), ["resume_token"]);
    }
    for parent in [
        "",
        "firms/-",
        "firms/x",
        "firms/x/tasks/y",
        &format!("{}/tasks/", one.name),
    ] {
        let refused = Watcher::resume(&world, &caller, parent, "").await;
        assert_eq!(violations(refused.map(|_| ())), ["parent"], "{parent}");
    }

    // The database is restored from a backup: positions mean something else now.
    world
        .database
        .as_owner("update event_head set epoch = gen_random_uuid()")
        .await;
    let refused = Watcher::resume(&world, &caller, &one.name, &token).await;
    assert_eq!(
        refusal(refused.map(|_| ())),
        (Code::FailedPrecondition, "WATCH_TOKEN_EXPIRED".to_owned())
    );
}

#[tokio::test]
async fn a_firm_is_not_told_of_a_screen_and_the_staff_are() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice Corporation", "Somebody").await;
    let against = other.matter("Bob Ltd.", "Alice Corp.").await;
    let (request, _) = other.submitted(&against).await;
    let mut of_firm = Watcher::start(&world, &tokens::attorney(other.id), &other.name).await;
    let mut of_staff = Watcher::start(&world, &tokens::coordinator(), &other.name).await;
    screen(&world, &request).await;
    let draft = other.draft(&against).await;
    assert_eq!(of_staff.next().await.unwrap().resource, against.name);
    assert_eq!(of_firm.next().await.unwrap().resource, draft.name);
}

/// An officer clears a check, with a screen.
async fn screen(world: &World, request: &Request) {
    let paralegal = ParalegalId::generate();
    crate::conflicts::screens::taken_on(world, paralegal).await;
    let resolve = ResolveConflictRequest {
        name: request.conflict_check.clone(),
        decision: ConflictDecision::Clear.into(),
        reason: "Another person of the same name".to_owned(),
        screened_paralegals: vec![format!("paralegals/{paralegal}")],
        ..ResolveConflictRequest::default()
    };
    let mut officer = world.officer();
    officer.conflicts.resolve_conflict(resolve).await.unwrap();
}

#[tokio::test]
async fn whoever_reads_after_the_watch_began_misses_nothing() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let draft = firm.draft(&firm.matter("Alice", "Bob").await).await;
    let mut watcher = Watcher::start(&world, &tokens::attorney(firm.id), &firm.name).await;
    // A client that stops reading holds nothing up, and finds all of it when it comes back.
    for _ in 0..40 {
        let update = UpdateRequestRequest {
            request: Some(Request {
                name: draft.name.clone(),
                title: "Another title".to_owned(),
                ..Request::default()
            }),
            ..UpdateRequestRequest::default()
        };
        firm.attorney
            .clone()
            .requests
            .update_request(update)
            .await
            .unwrap();
    }
    firm.add(&draft, task()).await.unwrap();
    firm.submit(&draft).await.unwrap();
    let told = watcher.told(41).await;
    assert!(
        told[..40]
            .iter()
            .all(|(_, _, state)| state == "REQUEST_STATE_DRAFT")
    );
    assert_eq!(told[40].2, "REQUEST_STATE_SUBMITTED");
}
