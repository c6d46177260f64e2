//! Tasks: each method in each standing, on hold over each state that can be held.

use caseload_domain::ParalegalId;
use caseload_intake::domain::task::{Standing, TaskMove, TaskState as State};
use caseload_intake::domain::transition::WrongState;
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::caseload::r#type::v1::TaskKind;
use tonic::{Code, Status};

use super::{is_refused, written};
use crate::world::{FirmOf, World, deliver, get_task};

/// What can be called on a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Hold,
    Resume,
    Cancel,
    Rename,
    ChangeKind,
    Deliver,
}

const METHODS: [Method; 6] = [
    Method::Hold,
    Method::Resume,
    Method::Cancel,
    Method::Rename,
    Method::ChangeKind,
    Method::Deliver,
];

/// Every standing that a task can have.
fn standings() -> Vec<Standing> {
    let plain = State::ALL.iter().filter(|state| **state != State::OnHold);
    let held = State::ALL.iter().filter_map(|state| {
        let held = Standing::in_state(*state).after(TaskMove::Hold);
        held.ok()
    });
    plain
        .map(|state| Standing::in_state(*state))
        .chain(held)
        .collect()
}

/// A task that was brought into a standing, and whoever has it where somebody has.
async fn task_in(
    world: &World,
    firm: &FirmOf,
    matter: &Matter,
    at: Standing,
) -> (Task, ParalegalId) {
    let paralegal = ParalegalId::generate();
    let state = at.held().unwrap_or(at.state());
    if state == State::Pending {
        return (firm.submitted(matter).await.1, paralegal);
    }
    let (_, task) = firm.accepted(world, matter).await;
    let person = world.paralegal(paralegal);
    let mut attorney = firm.attorney.clone();
    match state {
        State::Assigned => {
            let assignment = caseload_domain::AssignmentId::generate();
            world
                .assignment(&task.name, assignment, paralegal, AssignmentState::Offered)
                .await;
            world.task_becomes(&task.name, TaskState::Assigned).await;
        }
        State::Pending | State::Open | State::OnHold => {}
        State::InProgress
        | State::Delivered
        | State::RevisionRequested
        | State::Accepted
        | State::Cancelled => {
            world.give(&task.name, paralegal).await;
        }
    }
    match state {
        State::Cancelled => {
            call(world, firm, &task, paralegal, Method::Cancel)
                .await
                .unwrap();
        }
        State::Delivered | State::RevisionRequested | State::Accepted => {
            let name = deliver(&person, &task, "").await.unwrap().name;
            if state == State::RevisionRequested {
                let reason = "Cite the statute".to_owned();
                let request = RequestRevisionRequest {
                    name,
                    reason,
                    ..RequestRevisionRequest::default()
                };
                attorney.deliveries.request_revision(request).await.unwrap();
            } else if state == State::Accepted {
                let request = AcceptDeliveryRequest {
                    name,
                    ..AcceptDeliveryRequest::default()
                };
                attorney.deliveries.accept_delivery(request).await.unwrap();
            }
        }
        _ => {}
    }
    if at.held().is_some() {
        call(world, firm, &task, paralegal, Method::Hold)
            .await
            .unwrap();
    }
    let task = get_task(&firm.attorney, &task.name).await.unwrap();
    assert_eq!(task.state(), TaskState::from(at.state()));
    (task, paralegal)
}

async fn call(
    world: &World,
    firm: &FirmOf,
    task: &Task,
    paralegal: ParalegalId,
    method: Method,
) -> Result<(), Status> {
    let mut attorney = firm.attorney.clone();
    let (name, reason) = (task.name.clone(), "The client asks".to_owned());
    let update = |task: Task| UpdateTaskRequest {
        task: Some(task),
        ..UpdateTaskRequest::default()
    };
    match method {
        Method::Hold => {
            let request = HoldTaskRequest {
                name,
                reason,
                ..HoldTaskRequest::default()
            };
            attorney.tasks.hold_task(request).await.map(drop)
        }
        Method::Resume => {
            let request = ResumeTaskRequest {
                name,
                ..ResumeTaskRequest::default()
            };
            attorney.tasks.resume_task(request).await.map(drop)
        }
        Method::Cancel => {
            let request = CancelTaskRequest {
                name,
                reason,
                ..CancelTaskRequest::default()
            };
            attorney.tasks.cancel_task(request).await.map(drop)
        }
        Method::Rename => {
            let renamed = Task {
                name,
                title: "Another".to_owned(),
                ..Task::default()
            };
            attorney.tasks.update_task(update(renamed)).await.map(drop)
        }
        Method::ChangeKind => {
            let changed = Task {
                name,
                kind: TaskKind::Filing.into(),
                ..Task::default()
            };
            attorney.tasks.update_task(update(changed)).await.map(drop)
        }
        Method::Deliver => deliver(&world.paralegal(paralegal), task, "")
            .await
            .map(drop),
    }
}

/// Where a method leads by the domain's rules.
fn expected(at: Standing, method: Method) -> Result<Standing, WrongState> {
    let changed = |may: bool| {
        may.then_some(at).ok_or(WrongState {
            what: "task",
            from: at.state().as_str(),
            to: "changed",
        })
    };
    match method {
        Method::Hold => at.after(TaskMove::Hold),
        Method::Resume => at.after(TaskMove::Resume),
        Method::Cancel => at.after(TaskMove::Cancel),
        Method::Deliver => at.after(TaskMove::Deliver),
        Method::Rename => changed(!at.is_done() && at.state() != State::Delivered),
        // That is for drafts, and these requests are submitted.
        Method::ChangeKind => changed(false),
    }
}

#[tokio::test]
async fn each_method_leads_where_the_table_says_and_is_refused_elsewhere() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    for at in standings() {
        let state = at.held().unwrap_or(at.state());
        let nobody_has_it = matches!(state, State::Pending | State::Open);
        let (mut task, mut paralegal) = task_in(&world, &firm, &matter, at).await;
        for method in METHODS {
            let case = format!("{method:?} of a task that is {at:?}");
            let before = written(&world).await;
            let answer = call(&world, &firm, &task, paralegal, method).await;
            if method == Method::Deliver && nobody_has_it {
                // Whoever does not have a task is not shown it.
                assert_eq!(answer.expect_err(&case).code(), Code::NotFound, "{case}");
                assert_eq!(written(&world).await, before, "{case}");
                continue;
            }
            match expected(at, method) {
                Ok(to) => {
                    answer.unwrap_or_else(|status| panic!("{case}: {status:?}"));
                    assert!(written(&world).await > before, "{case}");
                    let seen = get_task(&firm.attorney, &task.name).await.unwrap();
                    assert_eq!(seen.state(), TaskState::from(to.state()), "{case}");
                    (task, paralegal) = task_in(&world, &firm, &matter, at).await;
                }
                Err(wrong) => is_refused(&world, before, answer, wrong, &case).await,
            }
        }
    }
}

#[tokio::test]
async fn assignments_events_move_a_task_where_the_table_says_and_are_passed_over_elsewhere() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    // The last of the log: when it is followed, so is all before it.
    let (_, sentinel) = firm.accepted(&world, &matter).await;
    for at in standings() {
        for step in [AssignmentState::Offered, AssignmentState::Accepted] {
            let (task, _) = task_in(&world, &firm, &matter, at).await;
            let nobody = task.paralegal.is_empty();
            let other = caseload_domain::AssignmentId::generate();
            world
                .assignment(&task.name, other, ParalegalId::generate(), step)
                .await;
            world.task_becomes(&sentinel.name, TaskState::Open).await;
            let offer = caseload_domain::AssignmentId::generate();
            let whoever = ParalegalId::generate();
            world
                .assignment(&sentinel.name, offer, whoever, AssignmentState::Offered)
                .await;
            world
                .task_becomes(&sentinel.name, TaskState::Assigned)
                .await;
            world
                .assignment(&sentinel.name, offer, whoever, AssignmentState::Declined)
                .await;
            world.task_becomes(&sentinel.name, TaskState::Open).await;

            let by = if step == AssignmentState::Offered {
                TaskMove::Offer
            } else {
                TaskMove::Begin
            };
            let to = if nobody {
                at.after(by).unwrap_or(at)
            } else {
                at
            };
            let seen = get_task(&firm.attorney, &task.name).await.unwrap();
            let case = format!("{step:?} of a task that is {at:?}");
            assert_eq!(seen.state(), TaskState::from(to.state()), "{case}");
            assert_eq!(seen.etag == task.etag, to == at, "{case}");
        }
    }
}
