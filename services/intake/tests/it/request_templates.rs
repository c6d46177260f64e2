//! Templates of requests, and the drafts made from them.

use caseload_proto::caseload::intake::v1::request_template_service_client::RequestTemplateServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::{seconds, timestamp};
use caseload_runtime::Channel;
use caseload_testing::tokens;
use futures::future::join_all;
use prost_types::FieldMask;
use time::macros::datetime;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::world::{FirmOf, World, project, refusal, task, violations};

const DAY: i64 = 86_400;

type Client = RequestTemplateServiceClient<Channel>;

fn client(world: &World, firm: &FirmOf) -> Client {
    Client::new(world.service.channel(tokens::attorney(firm.id)))
}

fn blueprint(key: &str, depends_on: &[&str]) -> TaskBlueprint {
    TaskBlueprint {
        key: key.to_owned(),
        task: Some(Task {
            title: format!("Task {key}"),
            due_time: None,
            ..task()
        }),
        due_after: Some(seconds(7 * DAY)),
        earliest_start_after: None,
        depends_on: depends_on.iter().map(|key| (*key).to_owned()).collect(),
    }
}

fn template(tasks: Vec<TaskBlueprint>) -> RequestTemplate {
    RequestTemplate {
        display_name: "Motion to dismiss".to_owned(),
        title: "Oppose a motion to dismiss".to_owned(),
        description: "As ever.".to_owned(),
        supervising_attorney_id: "roe".to_owned(),
        tasks,
        ..RequestTemplate::default()
    }
}

fn usual() -> RequestTemplate {
    let filing = TaskBlueprint {
        earliest_start_after: Some(seconds(5 * DAY)),
        due_after: Some(seconds(14 * DAY)),
        ..blueprint("file", &["draft"])
    };
    // What is waited for stands behind what waits.
    template(vec![
        filing,
        blueprint("draft", &["research"]),
        blueprint("research", &[]),
    ])
}

async fn create(
    client: &Client,
    firm: &FirmOf,
    template: RequestTemplate,
) -> Result<RequestTemplate, Status> {
    let request = CreateRequestTemplateRequest {
        parent: firm.name.clone(),
        request_template: Some(template),
        request_id: String::new(),
    };
    Ok(client
        .clone()
        .create_request_template(request)
        .await?
        .into_inner())
}

async fn get(client: &Client, name: &str) -> Result<RequestTemplate, Status> {
    let request = GetRequestTemplateRequest {
        name: name.to_owned(),
    };
    Ok(client
        .clone()
        .get_request_template(request)
        .await?
        .into_inner())
}

async fn update(
    client: &Client,
    template: RequestTemplate,
    paths: &[&str],
) -> Result<RequestTemplate, Status> {
    let request = UpdateRequestTemplateRequest {
        request_template: Some(template),
        update_mask: Some(FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        request_id: String::new(),
    };
    Ok(client
        .clone()
        .update_request_template(request)
        .await?
        .into_inner())
}

fn use_of(template: &RequestTemplate, matter: &Matter) -> CreateRequestFromTemplateRequest {
    CreateRequestFromTemplateRequest {
        name: template.name.clone(),
        matter: matter.name.clone(),
        start_time: Some(timestamp(datetime!(2027-03-01 09:00 UTC))),
        ..CreateRequestFromTemplateRequest::default()
    }
}

async fn tasks_of(firm: &FirmOf, request: &Request) -> Vec<Task> {
    let list = ListTasksRequest {
        parent: firm.name.clone(),
        request: request.name.clone(),
        ..ListTasksRequest::default()
    };
    let mut attorney = firm.attorney.clone();
    attorney
        .tasks
        .list_tasks(list)
        .await
        .unwrap()
        .into_inner()
        .tasks
}

#[tokio::test]
async fn a_template_makes_a_draft_with_all_its_tasks_due_from_the_start() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let mut client = client(&world, &firm);
    let kept = create(&client, &firm, usual()).await.unwrap();
    assert_eq!(get(&client, &kept.name).await.unwrap(), kept);

    let made = client
        .create_request_from_template(use_of(&kept, &matter))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(made.state(), RequestState::Draft);
    assert_eq!(made.title, "Oppose a motion to dismiss");
    assert_eq!(made.supervising_attorney_id, "roe");
    let tasks = tasks_of(&firm, &made).await;
    let titles: Vec<_> = tasks.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(
        titles,
        ["Task file", "Task draft", "Task research"],
        "as the template has them"
    );
    assert_eq!(tasks[0].depends_on, [tasks[1].name.clone()]);
    assert_eq!(tasks[1].depends_on, [tasks[2].name.clone()]);
    assert_eq!(
        tasks[0].due_time,
        Some(timestamp(datetime!(2027-03-15 09:00 UTC)))
    );
    assert_eq!(
        tasks[0].earliest_start_time,
        Some(timestamp(datetime!(2027-03-06 09:00 UTC)))
    );
    assert_eq!(tasks[2].practice_area, "Patent Law", "the matter's");
    assert_eq!(
        world
            .count("select count(*) from audit_log where resource like '%/tasks/%'")
            .await,
        3,
        "each is on record"
    );
    firm.submit(&made).await.unwrap();
}

#[tokio::test]
async fn everything_that_a_task_says_is_kept_and_given_back() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let client = client(&world, &firm);
    let mut whole = blueprint("all", &[]);
    let said = whole.task.as_mut().unwrap();
    said.instructions = "Mind the 📄".to_owned();
    said.practice_area = "Patent Law".to_owned();
    said.required_skills = vec![caseload_proto::caseload::r#type::v1::SkillLevel {
        practice_area: "Patent Law".to_owned(),
        kind: 1,
        level: 3,
    }];
    said.priority = 4;
    said.pricing = Some(project(900, &[("one", 400), ("two", 500)]));
    said.utbms_task_code = "L110".to_owned();
    said.budget = Some(caseload_proto::caseload::r#type::v1::Budget {
        effort: Some(seconds(7_200)),
        amount: Some(crate::world::usd(1_000)),
        notice_percents: vec![50, 100],
    });
    said.jurisdiction = "US-NY".to_owned();
    said.language_code = "es".to_owned();
    said.required_certification = "CP".to_owned();
    let mut by_the_hour = blueprint("hours", &[]);
    by_the_hour.task.as_mut().unwrap().pricing =
        Some(caseload_proto::caseload::r#type::v1::Pricing {
            model: Some(
                caseload_proto::caseload::r#type::v1::pricing::Model::Hourly(
                    caseload_proto::caseload::r#type::v1::HourlyPricing {
                        rate: Some(crate::world::usd(85)),
                        cap: Some(crate::world::usd(850)),
                    },
                ),
            ),
        });
    by_the_hour.task.as_mut().unwrap().priority = 2;
    let given = vec![whole, by_the_hour];
    let kept = create(&client, &firm, template(given.clone()))
        .await
        .unwrap();
    assert_eq!(kept.tasks, given);
    assert_eq!(get(&client, &kept.name).await.unwrap().tasks, given);
}

#[tokio::test]
async fn every_bad_field_of_a_template_is_named() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let client = client(&world, &firm);
    let bad = |change: &dyn Fn(&mut RequestTemplate)| {
        let mut bad = usual();
        change(&mut bad);
        create(&client, &firm, bad)
    };
    assert_eq!(
        violations(create(&client, &firm, RequestTemplate::default()).await),
        [
            "request_template.display_name",
            "request_template.tasks",
            "request_template.title"
        ]
    );
    assert_eq!(
        violations(bad(&|it| it.tasks = vec![TaskBlueprint::default()]).await),
        [
            "request_template.tasks[0].due_after",
            "request_template.tasks[0].key",
            "request_template.tasks[0].task"
        ]
    );
    assert_eq!(
        violations(
            bad(&|it| it.tasks[1].task = Some(Task {
                due_time: task().due_time,
                kind: 99,
                ..task()
            }))
            .await
        ),
        [
            "request_template.tasks[1].task.due_time",
            "request_template.tasks[1].task.kind"
        ]
    );
    assert_eq!(
        violations(bad(&|it| it.tasks[1].due_after = Some(seconds(0_i64))).await),
        ["request_template.tasks[1].due_after"]
    );
    assert_eq!(
        violations(bad(&|it| it.tasks[0].earliest_start_after = it.tasks[0].due_after).await),
        ["request_template.tasks[0].earliest_start_after"]
    );
    assert_eq!(
        violations(bad(&|it| it.tasks[1].key = "file".to_owned()).await),
        [
            "request_template.tasks[0].depends_on",
            "request_template.tasks[1].key"
        ]
    );
    let round = |it: &mut RequestTemplate| it.tasks[2].depends_on = vec!["file".to_owned()];
    assert_eq!(
        violations(bad(&round).await),
        [
            "request_template.tasks[0].depends_on",
            "request_template.tasks[1].depends_on",
            "request_template.tasks[2].depends_on"
        ]
    );
    let many = |it: &mut RequestTemplate| {
        it.tasks = (0..201)
            .map(|at| blueprint(&format!("t{at}"), &[]))
            .collect();
    };
    assert_eq!(violations(bad(&many).await), ["request_template.tasks"]);
    assert_eq!(
        violations(bad(&|it| it.supervising_attorney_id = "stranger".to_owned()).await),
        ["request_template.supervising_attorney_id"]
    );
    let euros = |it: &mut RequestTemplate| {
        let fee = caseload_proto::google::r#type::Money {
            currency_code: "EUR".to_owned(),
            units: 5,
            nanos: 0,
        };
        it.tasks[0].task.as_mut().unwrap().budget =
            Some(caseload_proto::caseload::r#type::v1::Budget {
                amount: Some(fee),
                ..Default::default()
            });
    };
    assert_eq!(violations(bad(&euros).await), ["request_template.tasks"]);
}

#[tokio::test]
async fn a_name_is_one_templates_within_the_firm_alone() {
    let world = World::new().await;
    let (doe, roe) = (world.firm("DOE").await, world.firm("ROE").await);
    let (of_doe, of_roe) = (client(&world, &doe), client(&world, &roe));
    create(&of_doe, &doe, usual()).await.unwrap();
    let shouted = RequestTemplate {
        display_name: "MOTION TO DISMISS".to_owned(),
        ..usual()
    };
    assert_eq!(
        refusal(create(&of_doe, &doe, shouted).await),
        (Code::AlreadyExists, "RESOURCE_EXISTS".to_owned())
    );
    create(&of_roe, &roe, usual()).await.unwrap();
}

#[tokio::test]
async fn a_firm_neither_sees_nor_uses_anothers_template_or_matter() {
    let world = World::new().await;
    let (doe, roe) = (world.firm("DOE").await, world.firm("ROE").await);
    let (of_doe, mut of_roe) = (client(&world, &doe), client(&world, &roe));
    let kept = create(&of_doe, &doe, usual()).await.unwrap();
    let matter = roe.matter("Carol", "Dave").await;
    assert_eq!(refusal(get(&of_roe, &kept.name).await).0, Code::NotFound);
    assert_eq!(
        refusal(update(&of_roe, kept.clone(), &["title"]).await).0,
        Code::NotFound
    );
    let delete = DeleteRequestTemplateRequest {
        name: kept.name.clone(),
        ..Default::default()
    };
    assert_eq!(
        refusal(of_roe.delete_request_template(delete).await).0,
        Code::NotFound
    );
    let list = ListRequestTemplatesRequest {
        parent: "firms/-".to_owned(),
        ..Default::default()
    };
    let listed = of_roe
        .list_request_templates(list)
        .await
        .unwrap()
        .into_inner();
    assert!(listed.request_templates.is_empty());
    let mixed = of_doe
        .clone()
        .create_request_from_template(use_of(&kept, &matter))
        .await;
    assert_eq!(violations(mixed), ["matter"]);
    let mut client = Client::new(
        world
            .service
            .channel(tokens::paralegal(caseload_domain::ParalegalId::generate())),
    );
    let request = GetRequestTemplateRequest { name: kept.name };
    assert_eq!(
        refusal(client.get_request_template(request).await).0,
        Code::PermissionDenied
    );
}

#[tokio::test]
async fn of_many_changes_of_one_etag_one_counts() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let client = client(&world, &firm);
    let kept = create(&client, &firm, usual()).await.unwrap();
    let changes = (0..6).map(|at| {
        let changed = RequestTemplate {
            title: format!("Title {at}"),
            ..kept.clone()
        };
        let client = client.clone();
        async move { update(&client, changed, &["title"]).await }
    });
    let answers = join_all(changes).await;
    let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    for answer in refused {
        assert_eq!(refusal(answer), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
    }
    let now = get(&client, &kept.name).await.unwrap();
    assert_eq!(now.title, done[0].as_ref().unwrap().title);
    assert_eq!(now.tasks, kept.tasks, "as they were");
}

#[tokio::test]
async fn a_template_that_is_gone_leaves_its_requests() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let mut client = client(&world, &firm);
    let kept = create(&client, &firm, usual()).await.unwrap();
    let made = client
        .create_request_from_template(use_of(&kept, &matter))
        .await
        .unwrap()
        .into_inner();
    let stale = DeleteRequestTemplateRequest {
        name: kept.name.clone(),
        etag: "\"9\"".to_owned(),
        request_id: String::new(),
    };
    assert_eq!(
        refusal(client.delete_request_template(stale.clone()).await).1,
        "ETAG_MISMATCH"
    );
    let delete = DeleteRequestTemplateRequest {
        etag: kept.etag.clone(),
        request_id: Uuid::now_v7().to_string(),
        ..stale
    };
    client
        .delete_request_template(delete.clone())
        .await
        .unwrap();
    client.delete_request_template(delete).await.unwrap();
    assert_eq!(refusal(get(&client, &kept.name).await).0, Code::NotFound);
    assert_eq!(tasks_of(&firm, &made).await.len(), 3);
}

#[tokio::test]
async fn a_draft_is_made_once_for_a_request_id_and_whole_or_not_at_all() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let mut client = client(&world, &firm);
    let kept = create(&client, &firm, usual()).await.unwrap();
    let made = CreateRequestFromTemplateRequest {
        title: "Another title".to_owned(),
        request_id: Uuid::now_v7().to_string(),
        ..use_of(&kept, &matter)
    };
    let first = client
        .create_request_from_template(made.clone())
        .await
        .unwrap()
        .into_inner();
    let again = client
        .create_request_from_template(made)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    assert_eq!(first.title, "Another title");
    let beyond = CreateRequestFromTemplateRequest {
        start_time: Some(timestamp(datetime!(9999-12-30 00:00 UTC))),
        ..use_of(&kept, &matter)
    };
    assert_eq!(
        violations(client.create_request_from_template(beyond).await),
        ["start_time"]
    );
    let stranger = CreateRequestFromTemplateRequest {
        supervising_attorney_id: "stranger".to_owned(),
        ..use_of(&kept, &matter)
    };
    assert_eq!(
        violations(client.create_request_from_template(stranger).await),
        ["supervising_attorney_id"]
    );
    assert_eq!(world.count("select count(*) from requests").await, 1);
    assert_eq!(world.count("select count(*) from tasks").await, 3);
}

#[tokio::test]
async fn templates_are_listed_page_by_page() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut client = client(&world, &firm);
    for at in 0..5 {
        let named = RequestTemplate {
            display_name: format!("Template {at}"),
            ..usual()
        };
        create(&client, &firm, named).await.unwrap();
    }
    let mut names = Vec::new();
    let mut page_token = String::new();
    loop {
        let list = ListRequestTemplatesRequest {
            parent: firm.name.clone(),
            page_size: 2,
            page_token,
        };
        let page = client
            .list_request_templates(list)
            .await
            .unwrap()
            .into_inner();
        names.extend(
            page.request_templates
                .into_iter()
                .map(|template| template.display_name),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let expected: Vec<_> = (0..5).map(|at| format!("Template {at}")).collect();
    assert_eq!(names, expected);
}
