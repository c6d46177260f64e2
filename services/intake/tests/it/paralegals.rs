//! What a paralegal sees and does.

use caseload_domain::{AssignmentId, ParalegalId};
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::caseload::r#type::v1::{Budget, Milestone, pricing};
use caseload_proto::convert::seconds;
use tonic::Code;

use crate::world::{Person, World, deliver, get_task, refusal, review_and_accept, task, usd};

async fn tasks_of(person: &Person) -> Vec<String> {
    let request = ListTasksRequest {
        parent: "firms/-".to_owned(),
        ..ListTasksRequest::default()
    };
    let answer = person
        .clone()
        .tasks
        .list_tasks(request)
        .await
        .unwrap()
        .into_inner();
    answer.tasks.into_iter().map(|task| task.name).collect()
}

#[tokio::test]
async fn a_paralegal_sees_what_is_offered_or_assigned_to_them_and_nothing_else() {
    let world = World::new().await;
    let firms = [world.firm("ONE").await, world.firm("TWO").await];
    let mut tasks = Vec::new();
    for firm in &firms {
        let matter = firm.matter("Alice", "Bob").await;
        let (_, task) = firm.accepted(&world, &matter).await;
        tasks.push(task.name);
    }
    let (one, other) = (ParalegalId::generate(), ParalegalId::generate());
    let (anna, ben) = (world.paralegal(one), world.paralegal(other));
    assert!(tasks_of(&anna).await.is_empty());

    let offer = AssignmentId::generate();
    world
        .assignment(&tasks[0], offer, one, AssignmentState::Offered)
        .await;
    world.task_becomes(&tasks[0], TaskState::Assigned).await;
    world.give(&tasks[1], one).await;
    assert_eq!(tasks_of(&anna).await, tasks, "in whatever firm");
    assert!(tasks_of(&ben).await.is_empty());
    let stranger = get_task(&ben, &tasks[0]).await.unwrap_err();
    assert_eq!(stranger.code(), Code::NotFound);
    assert_eq!(stranger.message(), format!("{} was not found", tasks[0]));

    world
        .assignment(&tasks[0], offer, one, AssignmentState::Declined)
        .await;
    world.task_becomes(&tasks[0], TaskState::Open).await;
    assert_eq!(
        tasks_of(&anna).await,
        tasks[1..],
        "no longer what was declined"
    );
}

#[tokio::test]
async fn a_paralegal_does_not_see_what_the_firm_pays() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let priced = Task {
        pricing: Some(crate::world::project(500, &[])),
        budget: Some(Budget {
            effort: Some(seconds(36_000)),
            amount: Some(usd(600)),
            notice_percents: vec![80, 100],
        }),
        ..task()
    };
    let task = firm.add(&draft, priced).await.unwrap();
    firm.submit(&draft).await.unwrap();
    review_and_accept(&world, &draft).await.unwrap();
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let seen = get_task(&world.paralegal(paralegal), &task.name)
        .await
        .unwrap();
    assert_eq!(seen.pricing, None);
    let budget = seen.budget.unwrap();
    assert_eq!(
        (budget.amount, budget.effort),
        (None, Some(seconds(36_000)))
    );
    let whole = get_task(&firm.attorney, &task.name).await.unwrap();
    assert!(whole.pricing.is_some() && whole.budget.unwrap().amount.is_some());
}

#[tokio::test]
async fn a_paralegal_sees_the_milestones_to_deliver_without_their_fees() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let priced = Task {
        pricing: Some(crate::world::project(
            900,
            &[("outline", 300), ("brief", 600)],
        )),
        ..task()
    };
    let task = firm.add(&draft, priced).await.unwrap();
    firm.submit(&draft).await.unwrap();
    review_and_accept(&world, &draft).await.unwrap();
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let person = world.paralegal(paralegal);
    let seen = get_task(&person, &task.name).await.unwrap();
    let Some(pricing::Model::Project(project)) = seen.pricing.and_then(|pricing| pricing.model)
    else {
        panic!("the parts of the project");
    };
    assert_eq!(project.fee, None);
    let part = |id: &str| Milestone {
        milestone_id: id.to_owned(),
        title: format!("Part {id}"),
        fee: None,
    };
    assert_eq!(project.milestones, [part("outline"), part("brief")]);
    deliver(&person, &task, &project.milestones[0].milestone_id)
        .await
        .unwrap();
}

#[tokio::test]
async fn only_who_has_the_task_delivers_on_it_and_sees_the_delivery() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let (own, other) = (
        world.paralegal(paralegal),
        world.paralegal(ParalegalId::generate()),
    );
    assert_eq!(refusal(deliver(&other, &task, "").await).0, Code::NotFound);
    assert_eq!(
        refusal(deliver(&firm.attorney, &task, "").await).0,
        Code::PermissionDenied
    );
    let delivery = deliver(&own, &task, "").await.unwrap();
    let get = GetDeliveryRequest {
        name: delivery.name.clone(),
    };
    assert!(
        own.clone()
            .deliveries
            .get_delivery(get.clone())
            .await
            .is_ok()
    );
    assert_eq!(
        refusal(other.clone().deliveries.get_delivery(get).await).0,
        Code::NotFound
    );
    let list = ListDeliveriesRequest {
        parent: "firms/-".to_owned(),
        ..ListDeliveriesRequest::default()
    };
    let listed = other
        .clone()
        .deliveries
        .list_deliveries(list.clone())
        .await
        .unwrap();
    assert!(listed.into_inner().deliveries.is_empty());
    let listed = own.clone().deliveries.list_deliveries(list).await.unwrap();
    assert_eq!(listed.into_inner().deliveries, [delivery]);
}

#[tokio::test]
async fn a_paralegal_reads_neither_firms_nor_matters_nor_requests() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut person = world.paralegal(ParalegalId::generate());
    let get = GetFirmRequest {
        name: firm.name.clone(),
    };
    assert_eq!(
        refusal(person.firms.get_firm(get).await).0,
        Code::PermissionDenied
    );
    let list = ListMattersRequest {
        parent: firm.name.clone(),
        ..ListMattersRequest::default()
    };
    assert_eq!(
        refusal(person.matters.list_matters(list).await).0,
        Code::PermissionDenied
    );
    let list = ListRequestsRequest {
        parent: firm.name,
        ..ListRequestsRequest::default()
    };
    assert_eq!(
        refusal(person.requests.list_requests(list).await).0,
        Code::PermissionDenied
    );
}
