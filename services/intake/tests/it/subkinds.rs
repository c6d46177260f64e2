//! Subkinds: what work of each kind consists of, more closely.

use std::collections::BTreeSet;

use caseload_domain::ParalegalId;
use caseload_proto::caseload::intake::v1::request_template_service_client::RequestTemplateServiceClient;
use caseload_proto::caseload::intake::v1::task_kind_service_client::TaskKindServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::caseload::r#type::v1::TaskKind;
use caseload_proto::convert::seconds;
use caseload_testing::tokens;
use prost::Message as _;
use tonic::{Code, Status};

use crate::world::{FirmOf, World, get_task, refusal, review_and_accept, task, violations};

async fn list(
    world: &World,
    token: String,
    request: ListTaskSubkindsRequest,
) -> Result<ListTaskSubkindsResponse, Status> {
    let mut client = TaskKindServiceClient::new(world.service.channel(token));
    Ok(client.list_task_subkinds(request).await?.into_inner())
}

async fn update(firm: &FirmOf, task: Task) -> Result<Task, Status> {
    let request = UpdateTaskRequest {
        task: Some(task),
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
async fn the_subkinds_are_listed_kind_by_kind_and_page_by_page() {
    let world = World::new().await;
    let token = || tokens::paralegal(ParalegalId::generate());
    let mut all = Vec::new();
    let mut request = ListTaskSubkindsRequest {
        page_size: 7,
        ..ListTaskSubkindsRequest::default()
    };
    let one_paralegal = token();
    loop {
        let page = list(&world, one_paralegal.clone(), request.clone())
            .await
            .unwrap();
        all.extend(page.task_subkinds);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert!(all.is_sorted_by_key(|subkind| subkind.kind));
    let slugs: BTreeSet<_> = all.iter().map(|subkind| subkind.slug.as_str()).collect();
    assert_eq!(slugs.len(), all.len());
    for kind in 1..=6 {
        let of_kind = ListTaskSubkindsRequest {
            kind,
            ..ListTaskSubkindsRequest::default()
        };
        let found = list(&world, token(), of_kind).await.unwrap().task_subkinds;
        assert!(found.len() >= 6, "{kind}");
        assert_eq!(
            found,
            all.iter()
                .filter(|subkind| subkind.kind == kind)
                .cloned()
                .collect::<Vec<_>>()
        );
    }
    let odd = ListTaskSubkindsRequest {
        kind: 7,
        page_size: -1,
        ..ListTaskSubkindsRequest::default()
    };
    assert_eq!(
        violations(list(&world, token(), odd).await),
        ["kind", "page_size"]
    );
    let refused = list(
        &world,
        tokens::conflict_officer(),
        ListTaskSubkindsRequest::default(),
    )
    .await;
    assert_eq!(refusal(refused).0, Code::PermissionDenied);
}

#[tokio::test]
async fn a_task_names_a_subkind_of_its_own_kind_or_none() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let named = |subkind: &str| Task {
        subkind: subkind.to_owned(),
        ..task()
    };
    for odd in ["nonsense", "Citation-Check", "exhibits"] {
        let refused = firm.add(&draft, named(odd)).await;
        assert_eq!(violations(refused), ["task.subkind"], "{odd}");
    }
    let made = firm.add(&draft, named("citation-check")).await.unwrap();
    assert_eq!(made.subkind, "citation-check");
    assert_eq!(get_task(&firm.attorney, &made.name).await.unwrap(), made);
    // The kind does not change from under it.
    let change = |kind: TaskKind, subkind: &str| Task {
        name: made.name.clone(),
        kind: kind.into(),
        subkind: subkind.to_owned(),
        ..Task::default()
    };
    let refused = update(&firm, change(TaskKind::TrialPreparation, "")).await;
    assert_eq!(violations(refused), ["task.subkind"]);
    let changed = update(&firm, change(TaskKind::TrialPreparation, "exhibits"))
        .await
        .unwrap();
    assert_eq!(changed.subkind, "exhibits");

    firm.submit(&draft).await.unwrap();
    review_and_accept(&world, &draft).await.unwrap();
    let later = change(TaskKind::Unspecified, "trial-notebook");
    assert_eq!(refusal(update(&firm, later).await).1, "WRONG_STATE");
    let mut connection = world.database.inspect().await;
    let payload: Vec<u8> = sqlx::query_scalar(
        "select payload from event_log where aggregate = $1 and type like '%TaskChanged'",
    )
    .bind(&made.name)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let told = TaskChanged::decode(payload.as_slice())
        .unwrap()
        .task
        .unwrap();
    assert_eq!(told.subkind, "exhibits");
}

#[tokio::test]
async fn a_template_keeps_the_subkind_and_knows_no_court() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let mut templates =
        RequestTemplateServiceClient::new(world.service.channel(tokens::attorney(firm.id)));
    let create = |task: Task| CreateRequestTemplateRequest {
        parent: firm.name.clone(),
        request_template: Some(RequestTemplate {
            display_name: "Cite check".to_owned(),
            title: "Check the citations".to_owned(),
            tasks: vec![TaskBlueprint {
                key: "check".to_owned(),
                task: Some(Task {
                    due_time: None,
                    ..task
                }),
                due_after: Some(seconds(86_400)),
                ..TaskBlueprint::default()
            }],
            ..RequestTemplate::default()
        }),
        request_id: String::new(),
    };
    let checked = Task {
        subkind: "citation-check".to_owned(),
        ..task()
    };
    let for_a_court = Task {
        court_deadline: Some(CourtDeadline::default()),
        ..checked.clone()
    };
    let refused = templates.create_request_template(create(for_a_court)).await;
    assert!(
        violations(refused).contains(&"request_template.tasks[0].task.court_deadline".to_owned())
    );
    let template = templates
        .create_request_template(create(checked))
        .await
        .unwrap()
        .into_inner();
    let kept = template.tasks[0].task.as_ref().unwrap();
    assert_eq!(kept.subkind, "citation-check");
    let from = CreateRequestFromTemplateRequest {
        name: template.name,
        matter: matter.name,
        ..CreateRequestFromTemplateRequest::default()
    };
    templates.create_request_from_template(from).await.unwrap();
    let list = ListTasksRequest {
        parent: firm.name.clone(),
        ..ListTasksRequest::default()
    };
    let made = firm.attorney.clone().tasks.list_tasks(list).await.unwrap();
    assert_eq!(made.into_inner().tasks[0].subkind, "citation-check");
}
