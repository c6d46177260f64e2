//! The main job: planned, offered, accepted, completed.

use caseload_proto::caseload::assignment::v1::{AssignmentState, PlanState};
use caseload_proto::caseload::r#type::v1::pay_terms::Model;

use crate::world::{World, cents, paid, usd};

#[tokio::test]
async fn open_tasks_are_planned_offered_accepted_and_completed() {
    let world = World::new().await;
    let matter = world.matter().await;
    let (one, other) = (
        world.task(matter, |_| ()).await,
        world.task(matter, |_| ()).await,
    );
    let cheap = world.hire(|who| who.pay = Some(paid(30))).await;
    world.hire(|who| who.pay = Some(paid(60))).await;

    let plan = world.plan().await;
    assert_eq!(plan.state(), PlanState::Proposed);
    assert_eq!((plan.assignment_count, plan.unplaced_task_count), (2, 0));
    assert!(
        plan.assignments
            .iter()
            .all(|planned| planned.paralegal == cheap.name)
    );
    let total = cents(plan.total_cost.as_ref());
    assert!(cents(plan.lower_bound.as_ref()) <= total);
    assert!((0.0..=1.0).contains(&plan.gap));
    let parts: i64 = plan
        .assignments
        .iter()
        .map(|planned| cents(planned.cost.as_ref().and_then(|cost| cost.total.as_ref())))
        .sum();
    assert_eq!(parts, total);
    assert_eq!(
        world.count("select count(*) from assignments").await,
        0,
        "a plan changes nothing"
    );

    let applied = world.apply(&plan).await.expect("is applied");
    assert_eq!(applied.state(), PlanState::Applied);
    let names: Vec<&str> = applied
        .assignments
        .iter()
        .map(|planned| planned.assignment.as_str())
        .collect();
    assert_eq!(names.len(), 2);
    for name in names {
        let offered = world.get(name).await;
        assert_eq!(offered.state(), AssignmentState::Offered);
        assert_eq!(offered.plan, plan.name);
        assert!([&one.name, &other.name].contains(&&offered.task));
        assert_eq!(offered.task_title, "Research patent eligibility");
        let accepted = world.accept(&offered).await.expect("is accepted");
        assert_eq!(accepted.state(), AssignmentState::Accepted);
        assert!(accepted.accept_time.is_some());
        world.delivery_accepted(&accepted, false).await;
        assert_eq!(
            world.get(name).await.state(),
            AssignmentState::Accepted,
            "more is to come"
        );
        world.delivery_accepted(&accepted, true).await;
        let completed = world.get(name).await;
        assert_eq!(completed.state(), AssignmentState::Completed);
        assert!(completed.end_time.is_some());

        let announced = world.announced(name).await;
        let states: Vec<AssignmentState> = announced
            .iter()
            .map(|changed| changed.assignment.as_ref().expect("whole").state())
            .collect();
        let expected = [
            AssignmentState::Offered,
            AssignmentState::Accepted,
            AssignmentState::Completed,
        ];
        assert_eq!(states, expected);
        for changed in announced {
            let snapshot = changed.assignment.expect("whole");
            assert_eq!(snapshot.paralegal, cheap.name);
            let terms = snapshot.pay_terms.expect("pay").model;
            assert_eq!(terms, Some(Model::HourlyRate(usd(30))));
        }
    }
    // A completed task is not offered again, as intake says.
    world
        .becomes(&{
            let mut done = one.clone();
            done.set_state(caseload_proto::caseload::intake::v1::TaskState::Accepted);
            done
        })
        .await;
    let next = world.plan().await;
    assert!(
        next.assignments
            .iter()
            .all(|planned| planned.task != one.name)
    );
}

#[tokio::test]
async fn what_is_delivered_is_completed_once_however_often_it_is_told() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let offered = world
        .offer(&task, &world.hire(|_| ()).await)
        .await
        .expect("is offered");
    world.delivery_accepted(&offered, true).await;
    assert_eq!(
        world.get(&offered.name).await.state(),
        AssignmentState::Offered
    );
    let accepted = world.accept(&offered).await.expect("is accepted");
    world.delivery_accepted(&accepted, true).await;
    world.delivery_accepted(&accepted, true).await;
    assert_eq!(world.announced(&offered.name).await.len(), 3);
}
