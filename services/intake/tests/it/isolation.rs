//! Two firms' data never meet: what is another's is answered as what is not there.

use caseload_domain::name::{DeliveryName, MatterName, RequestName, TaskName};
use caseload_domain::{DeliveryId, FirmId, MatterId, ParalegalId, RequestId, TaskId};
use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use crate::world::{World, deliver, task, violations};

/// The answers to a resource that is another firm's and to one that is nowhere differ in the name alone.
fn same_answer(there: Result<(), Status>, nowhere: Result<(), Status>, names: [&str; 2]) {
    let (there, nowhere) = (there.unwrap_err(), nowhere.unwrap_err());
    assert_eq!(there.code(), Code::NotFound, "{there:?}");
    assert_eq!(nowhere.code(), Code::NotFound, "{nowhere:?}");
    assert_eq!(
        there.message().replace(names[0], ""),
        nowhere.message().replace(names[1], "")
    );
    assert_eq!(there.details().len(), nowhere.details().len());
}

#[tokio::test]
async fn another_firms_resources_cannot_be_told_from_absent_ones() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let matter = one.matter("Alice", "Bob").await;
    let (request, task) = one.accepted(&world, &matter).await;
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let delivery = deliver(&world.paralegal(paralegal), &task, "")
        .await
        .unwrap();
    let mut stranger = other.attorney.clone();

    let nowhere = MatterName::new(one.id, MatterId::generate()).to_string();
    let mut get = async |name: &str| {
        let request = GetMatterRequest {
            name: name.to_owned(),
        };
        stranger.matters.get_matter(request).await.map(drop)
    };
    same_answer(
        get(&matter.name).await,
        get(&nowhere).await,
        [&matter.name, &nowhere],
    );
    // Nor below its own firm, with the other's id.
    let id: MatterName = matter.name.parse().unwrap();
    let disguised = MatterName::new(other.id, id.id).to_string();
    let absent = MatterName::new(other.id, MatterId::generate()).to_string();
    same_answer(
        get(&disguised).await,
        get(&absent).await,
        [&disguised, &absent],
    );

    let mut stranger = other.attorney.clone();
    let nowhere = RequestName::new(one.id, RequestId::generate()).to_string();
    let mut withdraw = async |name: &str| {
        let request = WithdrawRequestRequest {
            name: name.to_owned(),
            ..WithdrawRequestRequest::default()
        };
        stranger.requests.withdraw_request(request).await.map(drop)
    };
    same_answer(
        withdraw(&request.name).await,
        withdraw(&nowhere).await,
        [&request.name, &nowhere],
    );

    let mut stranger = other.attorney.clone();
    let nowhere = TaskName::new(one.id, TaskId::generate()).to_string();
    let mut cancel = async |name: &str| {
        let request = CancelTaskRequest {
            name: name.to_owned(),
            reason: "Mischief".to_owned(),
            ..CancelTaskRequest::default()
        };
        stranger.tasks.cancel_task(request).await.map(drop)
    };
    same_answer(
        cancel(&task.name).await,
        cancel(&nowhere).await,
        [&task.name, &nowhere],
    );

    let mut stranger = other.attorney.clone();
    let nowhere = DeliveryName::new(one.id, DeliveryId::generate()).to_string();
    let mut accept = async |name: &str| {
        let request = AcceptDeliveryRequest {
            name: name.to_owned(),
            ..AcceptDeliveryRequest::default()
        };
        stranger.deliveries.accept_delivery(request).await.map(drop)
    };
    same_answer(
        accept(&delivery.name).await,
        accept(&nowhere).await,
        [&delivery.name, &nowhere],
    );

    let mut stranger = other.admin.clone();
    let nowhere = format!("firms/{}", FirmId::generate());
    let mut get = async |name: &str| {
        let request = GetFirmRequest {
            name: name.to_owned(),
        };
        stranger.firms.get_firm(request).await.map(drop)
    };
    same_answer(
        get(&one.name).await,
        get(&nowhere).await,
        [&one.name, &nowhere],
    );
}

#[tokio::test]
async fn nothing_is_put_below_another_firm() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let matter = one.matter("Alice", "Bob").await;
    let draft = one.draft(&matter).await;
    let mut stranger = other.attorney.clone();
    let create = CreateMatterRequest {
        parent: one.name.clone(),
        matter: Some(crate::world::matter("Carol", "Dave")),
        request_id: String::new(),
    };
    let refused = stranger.matters.create_matter(create).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    for parent in [&one.name, &other.name] {
        let create = CreateTaskRequest {
            parent: parent.clone(),
            task: Some(Task {
                request: draft.name.clone(),
                ..task()
            }),
            request_id: String::new(),
        };
        let refused = stranger.tasks.create_task(create).await.unwrap_err();
        assert!(matches!(
            refused.code(),
            Code::NotFound | Code::InvalidArgument
        ));
    }
    // With the other firm's id below its own name, it is a reference to nothing.
    let id: MatterName = matter.name.parse().unwrap();
    let create = CreateRequestRequest {
        parent: other.name.clone(),
        request: Some(Request {
            matter: MatterName::new(other.id, id.id).to_string(),
            title: "Mischief".to_owned(),
            ..Request::default()
        }),
        request_id: String::new(),
    };
    assert_eq!(
        violations(stranger.requests.create_request(create).await),
        ["request.matter"]
    );
    assert_eq!(world.count("select count(*) from tasks").await, 0);
    assert_eq!(world.count("select count(*) from requests").await, 1);
}

#[tokio::test]
async fn a_list_of_every_firm_shows_a_firm_its_own_alone() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    for firm in [&one, &other] {
        let matter = firm.matter("Alice", "Bob").await;
        firm.submitted(&matter).await;
    }
    let list = ListTasksRequest {
        parent: "firms/-".to_owned(),
        ..ListTasksRequest::default()
    };
    let own = one
        .attorney
        .clone()
        .tasks
        .list_tasks(list.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(own.tasks.len(), 1);
    assert!(own.tasks[0].name.starts_with(&one.name));
    let all = world
        .coordinator()
        .tasks
        .list_tasks(list)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(all.tasks.len(), 2);
    let firms = one
        .admin
        .clone()
        .firms
        .list_firms(ListFirmsRequest::default())
        .await
        .unwrap();
    let names: Vec<_> = firms
        .into_inner()
        .firms
        .into_iter()
        .map(|firm| firm.name)
        .collect();
    assert_eq!(names, std::slice::from_ref(&one.name));
    let theirs = ListTasksRequest {
        parent: other.name.clone(),
        ..ListTasksRequest::default()
    };
    let refused = one
        .attorney
        .clone()
        .tasks
        .list_tasks(theirs)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}
