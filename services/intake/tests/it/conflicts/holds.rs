//! What a new conflict does to work that was taken on.

use caseload_domain::ParalegalId;
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use super::{checks, get_matter, resolution, resolve, waiver};
use crate::world::{FirmOf, Person, World, deliver, get_task, refusal, review_and_accept, task};

const UNRESOLVED: (Code, &str) = (Code::FailedPrecondition, "CONFLICT_UNRESOLVED");

/// Work that a firm has under way, and another firm that can come against its client.
struct Work {
    one: FirmOf,
    other: FirmOf,
    matter: Matter,
    /// Nobody has it.
    open: Task,
    /// A paralegal has begun it.
    begun: Task,
    paralegal: ParalegalId,
    /// It waits for what is begun.
    waits: Task,
}

impl Work {
    async fn under_way(world: &World) -> Self {
        let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
        let matter = one.matter("Alice Corporation", "Somebody").await;
        let draft = one.draft(&matter).await;
        let open = one.add(&draft, task()).await.unwrap();
        let begun = one.add(&draft, task()).await.unwrap();
        let waits = Task {
            depends_on: vec![begun.name.clone()],
            ..task()
        };
        let waits = one.add(&draft, waits).await.unwrap();
        let request = one.submit(&draft).await.unwrap();
        review_and_accept(world, &request).await.unwrap();
        let paralegal = ParalegalId::generate();
        world.give(&begun.name, paralegal).await;
        Self {
            one,
            other,
            matter,
            open,
            begun,
            paralegal,
            waits,
        }
    }

    /// The other firm comes against the client.
    async fn conflict(&self) -> Matter {
        self.other.matter("Bob Ltd.", "ALICE CORP.").await
    }

    /// The check of the work's matter that waits for an officer.
    async fn check(&self, world: &World) -> String {
        let waiting = checks(&world.officer(), ConflictCheckState::UnderReview).await;
        let own = waiting
            .iter()
            .find(|check| check.matter == self.matter.name);
        own.expect("a check that waits").name.clone()
    }

    async fn states(&self) -> [TaskState; 3] {
        let mut states = [TaskState::Unspecified; 3];
        for (state, task) in states
            .iter_mut()
            .zip([&self.open, &self.begun, &self.waits])
        {
            *state = get_task(&self.one.attorney, &task.name)
                .await
                .unwrap()
                .state();
        }
        states
    }
}

async fn resume(person: &Person, task: &str) -> Result<Task, Status> {
    let resume = ResumeTaskRequest {
        name: task.to_owned(),
        ..ResumeTaskRequest::default()
    };
    let answer = person.clone().tasks.resume_task(resume).await?;
    Ok(answer.into_inner())
}

async fn hold(person: &Person, task: &str) -> Result<Task, Status> {
    let hold = HoldTaskRequest {
        name: task.to_owned(),
        reason: "The client is on holiday".to_owned(),
        ..HoldTaskRequest::default()
    };
    let answer = person.clone().tasks.hold_task(hold).await?;
    Ok(answer.into_inner())
}

async fn accept_delivery(person: &Person, delivery: &Delivery) -> Result<Delivery, Status> {
    let accept = AcceptDeliveryRequest {
        name: delivery.name.clone(),
        ..AcceptDeliveryRequest::default()
    };
    let answer = person.clone().deliveries.accept_delivery(accept).await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn a_new_conflict_begins_nothing_new_and_lets_work_under_way_go_on() {
    let world = World::new().await;
    let work = Work::under_way(&world).await;
    work.conflict().await;
    let stopped = [TaskState::OnHold, TaskState::InProgress, TaskState::Pending];
    assert_eq!(work.states().await, stopped);
    let held = get_task(&work.one.attorney, &work.open.name).await.unwrap();
    assert_eq!(held.hold_reason, "the matter is under review");
    let mut connection = world.database.inspect().await;
    let payload: Vec<u8> = sqlx::query_scalar(
        "select payload from event_log where aggregate = $1 order by id desc limit 1",
    )
    .bind(&work.open.name)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let told = <TaskChanged as prost::Message>::decode(payload.as_slice()).unwrap();
    assert_eq!(told.task.unwrap().state(), TaskState::OnHold);

    // Nobody but an officer ends it.
    for person in [&work.one.attorney, &work.one.admin, &world.coordinator()] {
        let refused = refusal(resume(person, &work.open.name).await);
        assert_eq!((refused.0, refused.1.as_str()), UNRESOLVED);
    }
    let check = work.check(&world).await;
    resolve(&world, resolution(&check, ConflictDecision::Clear))
        .await
        .unwrap();
    let free = [TaskState::Open, TaskState::InProgress, TaskState::Pending];
    assert_eq!(work.states().await, free);
    let freed = get_task(&work.one.attorney, &work.open.name).await.unwrap();
    assert_eq!(freed.hold_reason, "");
}

#[tokio::test]
async fn what_becomes_ready_during_a_review_waits_for_its_end() {
    let world = World::new().await;
    let work = Work::under_way(&world).await;
    work.conflict().await;
    let delivery = deliver(&world.paralegal(work.paralegal), &work.begun, "").await;
    accept_delivery(&work.one.attorney, &delivery.unwrap())
        .await
        .unwrap();
    let stopped = [TaskState::OnHold, TaskState::Accepted, TaskState::OnHold];
    assert_eq!(work.states().await, stopped);
    let refused = refusal(resume(&work.one.attorney, &work.waits.name).await);
    assert_eq!((refused.0, refused.1.as_str()), UNRESOLVED);
    let check = work.check(&world).await;
    resolve(&world, waiver(&check, 1)).await.unwrap();
    let free = [TaskState::Open, TaskState::Accepted, TaskState::Open];
    assert_eq!(work.states().await, free);
}

#[tokio::test]
async fn an_officers_block_stops_work_under_way_until_they_think_again() {
    let world = World::new().await;
    let work = Work::under_way(&world).await;
    work.conflict().await;
    let check = work.check(&world).await;
    resolve(&world, resolution(&check, ConflictDecision::Block))
        .await
        .unwrap();
    let stopped = [TaskState::OnHold, TaskState::OnHold, TaskState::Pending];
    assert_eq!(work.states().await, stopped);
    let held = get_task(&work.one.attorney, &work.begun.name)
        .await
        .unwrap();
    assert_eq!(
        held.hold_reason, "the matter is under review",
        "and no more"
    );
    let matter = get_matter(&work.one.attorney, &work.matter.name).await;
    assert_eq!(matter.conflict_state(), ConflictCheckState::UnderReview);
    let paralegal = world.paralegal(work.paralegal);
    let refused = refusal(deliver(&paralegal, &work.begun, "").await);
    assert_eq!(refused.1, "WRONG_STATE");
    let refused = refusal(resume(&work.one.attorney, &work.begun.name).await);
    assert_eq!((refused.0, refused.1.as_str()), UNRESOLVED);

    resolve(&world, resolution(&check, ConflictDecision::Clear))
        .await
        .unwrap();
    let free = [TaskState::Open, TaskState::InProgress, TaskState::Pending];
    assert_eq!(work.states().await, free);
    deliver(&paralegal, &work.begun, "").await.unwrap();
}

#[tokio::test]
async fn the_firms_own_hold_stays_when_a_conflict_ends_and_is_not_lifted_into_one() {
    let world = World::new().await;
    let work = Work::under_way(&world).await;
    hold(&work.one.attorney, &work.open.name).await.unwrap();
    hold(&work.one.attorney, &work.begun.name).await.unwrap();
    work.conflict().await;
    let refused = refusal(resume(&work.one.attorney, &work.open.name).await);
    assert_eq!((refused.0, refused.1.as_str()), UNRESOLVED);
    let own = get_task(&work.one.attorney, &work.open.name).await.unwrap();
    assert_eq!(own.hold_reason, "The client is on holiday");
    // Work that was begun goes on whenever the firm wants.
    let begun = resume(&work.one.attorney, &work.begun.name).await.unwrap();
    assert_eq!(begun.state(), TaskState::InProgress);

    let check = work.check(&world).await;
    resolve(&world, resolution(&check, ConflictDecision::Clear))
        .await
        .unwrap();
    let own = get_task(&work.one.attorney, &work.open.name).await.unwrap();
    assert_eq!(own.state(), TaskState::OnHold);
    let own = resume(&work.one.attorney, &work.open.name).await.unwrap();
    assert_eq!(own.state(), TaskState::Open);
}

#[tokio::test]
async fn a_task_that_its_paralegal_gives_up_during_a_review_is_given_to_nobody() {
    let world = World::new().await;
    let work = Work::under_way(&world).await;
    let begun = get_task(&work.one.attorney, &work.begun.name)
        .await
        .unwrap();
    work.conflict().await;
    let assignment = begun
        .assignment
        .parse::<caseload_domain::name::AssignmentName>()
        .unwrap();
    world
        .assignment(
            &work.begun.name,
            assignment.id,
            work.paralegal,
            AssignmentState::Released,
        )
        .await;
    let held = world
        .task_becomes(&work.begun.name, TaskState::OnHold)
        .await;
    assert_eq!(held.paralegal, "");
    let check = work.check(&world).await;
    resolve(&world, resolution(&check, ConflictDecision::Clear))
        .await
        .unwrap();
    world.task_becomes(&work.begun.name, TaskState::Open).await;
}

#[tokio::test]
async fn a_conflict_that_the_other_firm_takes_away_ends_its_holds() {
    let world = World::new().await;
    let work = Work::under_way(&world).await;
    let mut against = work.conflict().await;
    against.parties.pop();
    let update = UpdateMatterRequest {
        matter: Some(Matter {
            name: against.name,
            parties: against.parties,
            ..Matter::default()
        }),
        ..UpdateMatterRequest::default()
    };
    let mut attorney = work.other.attorney.clone();
    attorney.matters.update_matter(update).await.unwrap();
    assert_eq!(work.states().await[0], TaskState::Open);
}

#[tokio::test]
async fn a_task_that_a_conflict_holds_can_be_cancelled() {
    let world = World::new().await;
    let work = Work::under_way(&world).await;
    work.conflict().await;
    let cancel = CancelTaskRequest {
        name: work.open.name.clone(),
        reason: "Settled".to_owned(),
        ..CancelTaskRequest::default()
    };
    let mut attorney = work.one.attorney.clone();
    let cancelled = attorney.tasks.cancel_task(cancel).await.unwrap();
    let cancelled = cancelled.into_inner();
    assert_eq!(cancelled.state(), TaskState::Cancelled);
    assert_eq!(cancelled.hold_reason, "");
}

#[tokio::test]
async fn work_that_becomes_ready_just_as_a_conflict_comes_is_never_left_open() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    for round in 0..8 {
        let client = format!("Alice {round}");
        let matter = one.matter(&client, "Somebody").await;
        let (request, task) = one.submitted(&matter).await;
        let (accepted, _) = tokio::join!(
            review_and_accept(&world, &request),
            other.matter("Bob Ltd.", &client)
        );
        let seen = get_task(&one.attorney, &task.name).await.unwrap();
        let expected = match accepted {
            Ok(_) => TaskState::OnHold,
            Err(refused) => {
                assert_eq!(refused.code(), Code::FailedPrecondition);
                TaskState::Pending
            }
        };
        assert_eq!(seen.state(), expected, "round {round}");
    }
}
