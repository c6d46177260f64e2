//! Plans: what they hold, what outdates them, and what they refuse.

use caseload_proto::caseload::assignment::v1::{
    ApplyPlanRequest, CreatePlanRequest, DeactivateParalegalRequest, GetPlanRequest,
    ListPlansRequest, PlanSpec, PlanState, TaskPair, UnplacedReason, UpdateParalegalRequest,
};
use caseload_proto::caseload::intake::v1::TaskState;
use caseload_proto::convert::seconds;
use caseload_testing::tokens;
use tonic::Code;

use crate::world::{HOUR, World, cents, failures, id_of, paid, reason};

#[tokio::test]
async fn a_plan_is_kept_and_read_again_and_lists_hold_it_without_its_tasks() {
    let world = World::new().await;
    let matter = world.matter().await;
    world.task(matter, |_| ()).await;
    world.hire(|_| ()).await;
    let (first, second) = (world.plan().await, world.plan().await);
    assert_eq!(
        first.spec.as_ref().expect("a spec").tasks.len(),
        1,
        "what was open is filled in"
    );
    let request = GetPlanRequest {
        name: first.name.clone(),
    };
    let read = world
        .plans()
        .get_plan(request)
        .await
        .expect("is there")
        .into_inner();
    assert_eq!(read, first);
    world.apply(&second).await.expect("is applied");
    let list = |states: Vec<i32>| {
        let mut plans = world.plans();
        async move {
            let request = ListPlansRequest {
                states,
                ..ListPlansRequest::default()
            };
            plans
                .list_plans(request)
                .await
                .expect("a list")
                .into_inner()
                .plans
        }
    };
    let all = list(Vec::new()).await;
    assert_eq!(
        all.iter().map(|plan| &plan.name).collect::<Vec<_>>(),
        [&second.name, &first.name]
    );
    assert!(
        all.iter()
            .all(|plan| plan.assignments.is_empty() && plan.assignment_count == 1)
    );
    let applied = list(vec![PlanState::Applied.into()]).await;
    assert_eq!(applied.len(), 1);
    assert!(applied[0].apply_time.is_some());
}

#[tokio::test]
async fn the_same_facts_and_seed_make_the_same_plan() {
    let world = World::new().await;
    let matter = world.matter().await;
    for hours in 1..=12 {
        world
            .task(matter, |task| {
                task.effort_estimate = Some(seconds(hours * HOUR));
            })
            .await;
    }
    for dollars in [31, 37, 43] {
        world.hire(|who| who.pay = Some(paid(dollars))).await;
    }
    let spec = PlanSpec {
        seed: 7,
        time_limit: Some(seconds(20)),
        ..PlanSpec::default()
    };
    let one = world.plan_of(spec.clone()).await.expect("a plan");
    let other = world.plan_of(spec).await.expect("a plan");
    let choice = |plan: &caseload_proto::caseload::assignment::v1::Plan| {
        let pairs = plan.assignments.iter();
        pairs
            .map(|one| (one.task.clone(), one.paralegal.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(choice(&one), choice(&other));
    assert!(one.gap < 0.2, "{}", one.gap);
}

#[tokio::test]
async fn a_task_that_finds_nobody_says_why() {
    let world = World::new().await;
    let matter = world.matter().await;
    let nobody = world
        .task(matter, |task| task.jurisdiction = "US-CA".to_owned())
        .await;
    let long = |task: &mut caseload_proto::caseload::intake::v1::TaskSnapshot| {
        task.effort_estimate = Some(seconds(25 * HOUR));
    };
    world.task(matter, long).await;
    world.task(matter, long).await;
    world.hire(|_| ()).await;
    let plan = world.plan().await;
    assert_eq!((plan.assignment_count, plan.unplaced_task_count), (1, 2));
    for left in &plan.unplaced_tasks {
        if left.task == nobody.name {
            assert_eq!(left.reason(), UnplacedReason::NobodyEligible);
            assert_eq!(left.detail, "jurisdiction excludes 1");
            assert_eq!(cents(left.penalty.as_ref()), 0);
        } else {
            assert_eq!(left.reason(), UnplacedReason::NoRoom);
            assert_eq!(cents(left.penalty.as_ref()), 100_000 + 25 * 50_000);
        }
    }
    let sum = cents(
        plan.assignment_cost
            .as_ref()
            .and_then(|cost| cost.total.as_ref()),
    ) + cents(plan.unplaced_penalty.as_ref());
    assert_eq!(cents(plan.total_cost.as_ref()), sum);
}

#[tokio::test]
async fn a_plan_is_not_applied_when_a_fact_has_moved_and_then_changes_nothing() {
    let world = World::new().await;
    let matter = world.matter().await;
    let mut task = world.task(matter, |_| ()).await;
    let other = world.task(matter, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let refused = async |what: &[(&str, &str)], plan| {
        let refused = world.apply(&plan).await.expect_err("is outdated");
        assert_eq!(
            reason(&refused),
            (Code::FailedPrecondition, "PLAN_OUTDATED".to_owned())
        );
        let expected: Vec<(String, String)> = what
            .iter()
            .map(|(kind, subject)| ((*kind).to_owned(), (*subject).to_owned()))
            .collect();
        assert_eq!(failures(&refused), expected, "{refused:?}");
        assert_eq!(
            world
                .count(
                    "select count(*) from assignments where state = 'offered' and firm_id in
            (select firm_id from assignment_terms where plan_id is not null)"
                )
                .await,
            0
        );
    };

    let plan = world.plan().await;
    task.effort_estimate = Some(seconds(2 * HOUR));
    world.becomes(&task).await;
    refused(&[("TASK_CHANGED", &task.name)], plan).await;

    let plan = world.plan().await;
    task.set_state(TaskState::OnHold);
    world.becomes(&task).await;
    refused(&[("TASK_CHANGED", &task.name)], plan).await;
    task.set_state(TaskState::Open);
    world.becomes(&task).await;

    let plan = world.plan().await;
    let mut changed = who.clone();
    changed.pay = Some(paid(41));
    let request = UpdateParalegalRequest {
        paralegal: Some(changed),
        ..Default::default()
    };
    let mut roster = world.paralegals(tokens::operations_manager());
    let who = roster
        .update_paralegal(request)
        .await
        .expect("is changed")
        .into_inner();
    refused(&[("PARALEGAL_CHANGED", &who.name)], plan).await;

    let plan = world.plan().await;
    let stranger = world.hire(|_| ()).await;
    world.screens(matter, &[id_of(&stranger)]).await;
    let matters = [
        ("MATTER_CHANGED", matter.to_string()),
        ("MATTER_CHANGED", matter.to_string()),
    ];
    let matters: Vec<(&str, &str)> = matters
        .iter()
        .map(|(kind, name)| (*kind, name.as_str()))
        .collect();
    refused(&matters, plan).await;

    let plan = world.plan().await;
    let taken = world.offer(&other, &who).await.expect("is offered");
    refused(&[("TASK_CHANGED", &taken.task)], plan).await;

    let plan = world.plan().await;
    assert_eq!(plan.assignment_count, 1);
    world.apply(&plan).await.expect("nothing has moved");
}

#[tokio::test]
async fn a_plan_is_outdated_when_who_it_names_has_no_room_or_is_inactive_by_now() {
    let world = World::new().await;
    let matter = world.matter().await;
    let planned = world
        .task(matter, |task| {
            task.effort_estimate = Some(seconds(25 * HOUR));
        })
        .await;
    let who = world.hire(|_| ()).await;
    let spec = PlanSpec {
        tasks: vec![planned.name.clone()],
        ..PlanSpec::default()
    };
    let plan = world.plan_of(spec.clone()).await.expect("a plan");
    let meanwhile = world
        .task(matter, |task| {
            task.effort_estimate = Some(seconds(25 * HOUR));
        })
        .await;
    world.offer(&meanwhile, &who).await.expect("is offered");
    let refused = world.apply(&plan).await.expect_err("is outdated");
    assert_eq!(
        failures(&refused),
        [("LOAD_CHANGED".to_owned(), who.name.clone())]
    );

    let second = world.hire(|_| ()).await;
    let plan = world.plan_of(spec).await.expect("a plan");
    let request = DeactivateParalegalRequest {
        name: second.name.clone(),
        ..Default::default()
    };
    let mut roster = world.paralegals(tokens::operations_manager());
    roster
        .deactivate_paralegal(request)
        .await
        .expect("is inactive");
    let refused = world.apply(&plan).await.expect_err("is outdated");
    assert_eq!(
        failures(&refused),
        [("PARALEGAL_CHANGED".to_owned(), second.name)]
    );
}

#[tokio::test]
async fn a_plan_is_applied_once_and_a_repeat_of_the_request_answers_the_same() {
    let world = World::new().await;
    world.task(world.matter().await, |_| ()).await;
    world.hire(|_| ()).await;
    let create = CreatePlanRequest {
        spec: None,
        request_id: uuid::Uuid::new_v4().to_string(),
    };
    let mut plans = world.plans();
    let plan = plans
        .create_plan(create.clone())
        .await
        .expect("a plan")
        .into_inner();
    let repeated = plans
        .create_plan(create)
        .await
        .expect("a plan")
        .into_inner();
    assert_eq!(plan, repeated);
    let apply = ApplyPlanRequest {
        name: plan.name.clone(),
        etag: plan.etag.clone(),
        request_id: uuid::Uuid::new_v4().to_string(),
        ..ApplyPlanRequest::default()
    };
    let applied = plans
        .apply_plan(apply.clone())
        .await
        .expect("is applied")
        .into_inner();
    let repeated = plans
        .apply_plan(apply)
        .await
        .expect("is applied")
        .into_inner();
    assert_eq!(applied, repeated);
    let again = world.apply(&plan).await.expect_err("is applied");
    assert_eq!(
        reason(&again),
        (Code::FailedPrecondition, "WRONG_STATE".to_owned())
    );
    assert_eq!(world.count("select count(*) from assignments").await, 1);
}

#[tokio::test]
async fn pins_and_forbidden_pairs_hold_and_pins_that_can_not_be_are_refused() {
    let world = World::new().await;
    let matter = world.matter().await;
    let (one, other) = (
        world.task(matter, |_| ()).await,
        world.task(matter, |_| ()).await,
    );
    let cheap = world.hire(|who| who.pay = Some(paid(20))).await;
    let dear = world.hire(|who| who.pay = Some(paid(80))).await;
    let pair = |task: &str, paralegal: &str| TaskPair {
        task: task.to_owned(),
        paralegal: paralegal.to_owned(),
    };
    let spec = PlanSpec {
        pinned_pairs: vec![pair(&one.name, &dear.name)],
        forbidden_pairs: vec![pair(&other.name, &cheap.name)],
        ..PlanSpec::default()
    };
    let plan = world.plan_of(spec).await.expect("a plan");
    assert!(
        plan.assignments
            .iter()
            .all(|planned| planned.paralegal == dear.name)
    );
    assert_eq!(plan.assignment_count, 2);

    let lacking = world.hire(|who| who.skills[0].level = 1).await;
    let spec = PlanSpec {
        pinned_pairs: vec![pair(&one.name, &lacking.name)],
        ..PlanSpec::default()
    };
    let refused = world.plan_of(spec).await.expect_err("can't be");
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "PINS_DO_NOT_FIT".to_owned())
    );
    assert_eq!(failures(&refused), [("SKILL".to_owned(), lacking.name)]);

    let busy = world.hire(|who| who.task_limit = 1).await;
    let spec = PlanSpec {
        pinned_pairs: vec![pair(&one.name, &busy.name), pair(&other.name, &busy.name)],
        ..PlanSpec::default()
    };
    let refused = world.plan_of(spec).await.expect_err("can't be");
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "PINS_DO_NOT_FIT".to_owned())
    );
}
