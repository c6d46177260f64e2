//! A suspended firm keeps reading what it has and keeps it up; it begins nothing and submits nothing.

use caseload_domain::ParalegalId;
use caseload_proto::caseload::intake::v1::request_template_service_client::RequestTemplateServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_testing::tokens;
use tonic::{Code, Status};

use crate::world::{FirmOf, World, consent, deliver, get_request, matter, party, refusal, task};

async fn suspend(world: &World, firm: &FirmOf) {
    let request = SuspendFirmRequest {
        name: firm.name.clone(),
        reason: "Invoices are unpaid".to_owned(),
        ..SuspendFirmRequest::default()
    };
    world.manager().firms.suspend_firm(request).await.unwrap();
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Status>) {
    assert_eq!(
        refusal(answer),
        (Code::FailedPrecondition, "FIRM_SUSPENDED".to_owned())
    );
}

fn upsert(firm: &FirmOf, id: &str) -> UpsertMatterRequest {
    UpsertMatterRequest {
        parent: firm.name.clone(),
        external_id: Some(ExternalId {
            source: "clio".to_owned(),
            id: id.to_owned(),
        }),
        matter: Some(matter("Alice", "Bob")),
        ..UpsertMatterRequest::default()
    }
}

#[tokio::test]
async fn it_begins_no_matter_and_no_request_and_submits_none() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let held = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&held).await;
    firm.add(&draft, task()).await.unwrap();
    suspend(&world, &firm).await;
    let create = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(matter("Carol", "Dave")),
        request_id: String::new(),
    };
    let another = CreateRequestRequest {
        parent: firm.name.clone(),
        request: Some(Request {
            matter: held.name.clone(),
            title: "More".to_owned(),
            ..Request::default()
        }),
        request_id: String::new(),
    };
    // Nor does a coordinator for it.
    for mut person in [firm.attorney.clone(), world.coordinator()] {
        refused(person.matters.create_matter(create.clone()).await);
        refused(person.matters.upsert_matter(upsert(&firm, "42")).await);
        refused(person.requests.create_request(another.clone()).await);
    }
    refused(firm.submit(&draft).await);
    assert_eq!(world.count("select count(*) from matters").await, 1);
    assert_eq!(world.count("select count(*) from requests").await, 1);
}

#[tokio::test]
async fn a_template_begins_no_request_for_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let held = firm.matter("Alice", "Bob").await;
    let mut templates =
        RequestTemplateServiceClient::new(world.service.channel(tokens::attorney(firm.id)));
    let create = CreateRequestTemplateRequest {
        parent: firm.name.clone(),
        request_template: Some(RequestTemplate {
            display_name: "Motion to dismiss".to_owned(),
            title: "Oppose a motion to dismiss".to_owned(),
            tasks: vec![TaskBlueprint {
                key: "research".to_owned(),
                task: Some(Task {
                    due_time: None,
                    ..task()
                }),
                due_after: Some(caseload_proto::convert::seconds(86_400)),
                ..TaskBlueprint::default()
            }],
            ..RequestTemplate::default()
        }),
        request_id: String::new(),
    };
    let template = templates.create_request_template(create).await.unwrap();
    suspend(&world, &firm).await;
    let make = CreateRequestFromTemplateRequest {
        name: template.into_inner().name,
        matter: held.name,
        ..CreateRequestFromTemplateRequest::default()
    };
    refused(templates.create_request_from_template(make).await);
    assert_eq!(world.count("select count(*) from requests").await, 0);
}

#[tokio::test]
async fn work_under_way_for_it_is_delivered_and_accepted() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let held = firm.matter("Alice", "Bob").await;
    let (_, open) = firm.accepted(&world, &held).await;
    let paralegal = ParalegalId::generate();
    world.give(&open.name, paralegal).await;
    suspend(&world, &firm).await;
    let delivery = deliver(&world.paralegal(paralegal), &open, "").await;
    let accept = AcceptDeliveryRequest {
        name: delivery.unwrap().name,
        ..AcceptDeliveryRequest::default()
    };
    let mut attorney = firm.attorney.clone();
    attorney.deliveries.accept_delivery(accept).await.unwrap();
}

#[tokio::test]
async fn it_reads_what_it_has_and_keeps_it_up() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut attorney = firm.attorney.clone();
    let held = attorney.matters.upsert_matter(upsert(&firm, "42")).await;
    let held = held.unwrap().into_inner();
    let (request, open) = firm.accepted(&world, &held).await;
    let draft = firm.draft(&held).await;
    suspend(&world, &firm).await;

    let get = GetMatterRequest {
        name: held.name.clone(),
    };
    attorney.matters.get_matter(get).await.unwrap();
    get_request(&attorney, &request.name).await.unwrap();
    let list = ListTasksRequest {
        parent: firm.name.clone(),
        ..ListTasksRequest::default()
    };
    let tasks = attorney.tasks.list_tasks(list).await.unwrap();
    assert_eq!(tasks.into_inner().tasks.len(), 1);

    // Who is in a matter must be true whoever pays: conflicts are found by it.
    let add = AddMatterPartyRequest {
        name: held.name.clone(),
        party: Some(party("Carol", PartyRole::Witness)),
        ..AddMatterPartyRequest::default()
    };
    attorney.matters.add_matter_party(add).await.unwrap();
    let mut known = upsert(&firm, "42");
    known.matter.as_mut().unwrap().court = "S.D.N.Y.".to_owned();
    attorney.matters.upsert_matter(known).await.unwrap();

    // So must what its clients have agreed to.
    let record = RecordConsentRequest {
        name: firm.name.clone(),
        consent: Some(consent()),
        ..RecordConsentRequest::default()
    };
    firm.admin
        .clone()
        .firms
        .record_consent(record)
        .await
        .unwrap();

    // What it has asked for, it can stop.
    let withdraw = WithdrawRequestRequest {
        name: draft.name,
        ..WithdrawRequestRequest::default()
    };
    attorney.requests.withdraw_request(withdraw).await.unwrap();
    let cancel = CancelTaskRequest {
        name: open.name,
        reason: "Settled".to_owned(),
        ..CancelTaskRequest::default()
    };
    attorney.tasks.cancel_task(cancel).await.unwrap();
    let close = CloseMatterRequest {
        name: held.name,
        ..CloseMatterRequest::default()
    };
    attorney.matters.close_matter(close).await.unwrap();
}

#[tokio::test]
async fn it_begins_again_when_it_is_reinstated() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    suspend(&world, &firm).await;
    let reinstate = ReinstateFirmRequest {
        name: firm.name.clone(),
        ..ReinstateFirmRequest::default()
    };
    let mut manager = world.manager();
    manager.firms.reinstate_firm(reinstate).await.unwrap();
    let held = firm.matter("Alice", "Bob").await;
    firm.submitted(&held).await;
}
