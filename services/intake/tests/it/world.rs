//! The service under test, the log that it follows, and people to call it.

use std::collections::HashMap;

use caseload_domain::name::{AssignmentName, FirmName, ParalegalName, TaskName};
use caseload_domain::{AssignmentId, FirmId, ParalegalId};
use caseload_intake::{IntakeConfig, MIGRATIONS};
use caseload_proto::caseload::assignment::v1::{
    AssignmentChanged, AssignmentSnapshot, AssignmentState,
};
use caseload_proto::caseload::intake::v1::conflict_service_client::ConflictServiceClient;
use caseload_proto::caseload::intake::v1::delivery_service_client::DeliveryServiceClient;
use caseload_proto::caseload::intake::v1::document_service_client::DocumentServiceClient;
use caseload_proto::caseload::intake::v1::firm_service_client::FirmServiceClient;
use caseload_proto::caseload::intake::v1::matter_service_client::MatterServiceClient;
use caseload_proto::caseload::intake::v1::request_service_client::RequestServiceClient;
use caseload_proto::caseload::intake::v1::service_level_service_client::ServiceLevelServiceClient;
use caseload_proto::caseload::intake::v1::task_service_client::TaskServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::caseload::r#type::v1::{
    HourlyPricing, Milestone, Pricing, ProjectPricing, TaskKind, pricing,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_proto::google::r#type::{Date, Money};
use caseload_runtime::Channel;
use caseload_testing::{TestDatabase, TestService, Upstream, eventually, service, tokens};
use time::{Duration, OffsetDateTime};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// The service under test with what it follows.
pub(crate) struct World {
    pub(crate) assignment: Upstream,
    pub(crate) service: TestService,
    pub(crate) database: TestDatabase,
    /// Where documents are kept.
    pub(crate) folder: tempfile::TempDir,
}

/// Somebody who calls the service.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) firms: FirmServiceClient<Channel>,
    pub(crate) matters: MatterServiceClient<Channel>,
    pub(crate) conflicts: ConflictServiceClient<Channel>,
    pub(crate) requests: RequestServiceClient<Channel>,
    pub(crate) tasks: TaskServiceClient<Channel>,
    pub(crate) service_levels: ServiceLevelServiceClient<Channel>,
    pub(crate) deliveries: DeliveryServiceClient<Channel>,
    pub(crate) documents: DocumentServiceClient<Channel>,
}

/// A firm with its people.
pub(crate) struct FirmOf {
    pub(crate) id: FirmId,
    pub(crate) name: String,
    pub(crate) admin: Person,
    pub(crate) attorney: Person,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(IntakeConfig::default()).await
    }

    /// The same, where the operator has decided otherwise.
    pub(crate) async fn with(own: IntakeConfig) -> Self {
        let database = caseload_testing::database("intake", &MIGRATIONS).await;
        let assignment = Upstream::start("assignment").await;
        let folder = tempfile::tempdir().unwrap();
        let service = replica(&database, &assignment, folder.path(), own).await;
        Self {
            assignment,
            service,
            database,
            folder,
        }
    }

    /// The same, stopped and started again. Whoever calls it must be asked for anew.
    pub(crate) async fn restarted(self) -> Self {
        self.service.stop().await;
        let (database, folder) = (&self.database, self.folder.path());
        let own = IntakeConfig::default();
        Self {
            service: replica(database, &self.assignment, folder, own).await,
            ..self
        }
    }

    /// Another replica of the service, on the same database.
    pub(crate) async fn replica(&self, own: IntakeConfig) -> TestService {
        replica(&self.database, &self.assignment, self.folder.path(), own).await
    }

    pub(crate) fn person(&self, token: String) -> Person {
        let channel = self.service.channel(token);
        Person {
            firms: FirmServiceClient::new(channel.clone()),
            matters: MatterServiceClient::new(channel.clone()),
            conflicts: ConflictServiceClient::new(channel.clone()),
            requests: RequestServiceClient::new(channel.clone()),
            tasks: TaskServiceClient::new(channel.clone()),
            service_levels: ServiceLevelServiceClient::new(channel.clone()),
            deliveries: DeliveryServiceClient::new(channel.clone()),
            documents: DocumentServiceClient::new(channel),
        }
    }

    pub(crate) fn coordinator(&self) -> Person {
        self.person(tokens::coordinator())
    }

    pub(crate) fn officer(&self) -> Person {
        self.person(tokens::conflict_officer())
    }

    pub(crate) fn reviewer(&self) -> Person {
        self.person(tokens::reviewer())
    }

    pub(crate) fn manager(&self) -> Person {
        self.person(tokens::operations_manager())
    }

    pub(crate) fn paralegal(&self, id: ParalegalId) -> Person {
        self.person(tokens::paralegal(id))
    }

    /// A firm with a consent on file and an attorney who supervises.
    pub(crate) async fn firm(&self, code: &str) -> FirmOf {
        let created = create_firm(&self.coordinator(), firm(code)).await.unwrap();
        let id = created.name.parse::<FirmName>().unwrap().0;
        FirmOf {
            id,
            name: created.name,
            admin: self.person(tokens::firm_admin(id)),
            attorney: self.person(tokens::attorney(id)),
        }
    }

    /// Says that an assignment of a task came to a state.
    pub(crate) async fn assignment(
        &self,
        task: &str,
        assignment: AssignmentId,
        paralegal: ParalegalId,
        state: AssignmentState,
    ) {
        let task: TaskName = task.parse().unwrap();
        let name = AssignmentName::new(task.firm, assignment).to_string();
        let changed = AssignmentChanged {
            assignment: Some(AssignmentSnapshot {
                name: name.clone(),
                task: task.to_string(),
                matter: String::new(),
                paralegal: ParalegalName(paralegal).to_string(),
                state: state.into(),
                pay_terms: None,
                accept_time: None,
                end_time: None,
            }),
        };
        self.assignment.append(task.firm, name, &changed).await;
    }

    /// Waits until a task is in a state.
    pub(crate) async fn task_becomes(&self, task: &str, state: TaskState) -> Task {
        let mut coordinator = self.coordinator();
        let mut seen = Task::default();
        eventually("a task's state", async || {
            let request = GetTaskRequest {
                name: task.to_owned(),
            };
            seen = coordinator
                .tasks
                .get_task(request)
                .await
                .unwrap()
                .into_inner();
            seen.state() == state
        })
        .await;
        seen
    }

    /// A paralegal is offered a task and accepts it.
    pub(crate) async fn give(&self, task: &str, paralegal: ParalegalId) -> AssignmentId {
        let assignment = AssignmentId::generate();
        self.assignment(task, assignment, paralegal, AssignmentState::Offered)
            .await;
        self.assignment(task, assignment, paralegal, AssignmentState::Accepted)
            .await;
        self.task_becomes(task, TaskState::InProgress).await;
        assignment
    }

    /// The types of the events in the log, in their order.
    pub(crate) async fn events(&self, aggregate: &str) -> Vec<String> {
        let mut connection = self.database.inspect().await;
        sqlx::query_scalar("select type from event_log where aggregate = $1 order by id")
            .bind(aggregate)
            .fetch_all(&mut connection)
            .await
            .unwrap()
    }

    /// What the last event about a resource says.
    pub(crate) async fn last_event<E: prost::Message + prost::Name + Default>(
        &self,
        aggregate: &str,
    ) -> E {
        let mut connection = self.database.inspect().await;
        let (name, payload): (String, Vec<u8>) = sqlx::query_as(
            "select type, payload from event_log where aggregate = $1 order by id desc limit 1",
        )
        .bind(aggregate)
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert_eq!(name, E::full_name());
        E::decode(payload.as_slice()).unwrap()
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        let mut connection = self.database.inspect().await;
        sqlx::query_scalar(query)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }
}

impl FirmOf {
    /// A matter of a client against an opponent.
    pub(crate) async fn matter(&self, client: &str, opponent: &str) -> Matter {
        let mut attorney = self.attorney.clone();
        let request = CreateMatterRequest {
            parent: self.name.clone(),
            matter: Some(matter(client, opponent)),
            request_id: String::new(),
        };
        attorney
            .matters
            .create_matter(request)
            .await
            .unwrap()
            .into_inner()
    }

    /// A draft on a matter.
    pub(crate) async fn draft(&self, matter: &Matter) -> Request {
        let mut attorney = self.attorney.clone();
        let request = CreateRequestRequest {
            parent: self.name.clone(),
            request: Some(Request {
                matter: matter.name.clone(),
                title: "Research and draft".to_owned(),
                supervising_attorney_id: "roe".to_owned(),
                ..Request::default()
            }),
            request_id: String::new(),
        };
        attorney
            .requests
            .create_request(request)
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn add(&self, request: &Request, task: Task) -> Result<Task, Status> {
        let mut attorney = self.attorney.clone();
        let request = CreateTaskRequest {
            parent: self.name.clone(),
            task: Some(Task {
                request: request.name.clone(),
                ..task
            }),
            request_id: String::new(),
        };
        Ok(attorney.tasks.create_task(request).await?.into_inner())
    }

    pub(crate) async fn submit(&self, request: &Request) -> Result<Request, Status> {
        let mut attorney = self.attorney.clone();
        let request = SubmitRequestRequest {
            name: request.name.clone(),
            ..SubmitRequestRequest::default()
        };
        Ok(attorney
            .requests
            .submit_request(request)
            .await?
            .into_inner())
    }

    /// A request with one task on a matter without conflicts, submitted.
    pub(crate) async fn submitted(&self, matter: &Matter) -> (Request, Task) {
        let draft = self.draft(matter).await;
        let task = self.add(&draft, task()).await.unwrap();
        (self.submit(&draft).await.unwrap(), task)
    }

    /// The same, accepted.
    pub(crate) async fn accepted(&self, world: &World, matter: &Matter) -> (Request, Task) {
        let (request, task) = self.submitted(matter).await;
        (review_and_accept(world, &request).await.unwrap(), task)
    }
}

async fn replica(
    database: &TestDatabase,
    assignment: &Upstream,
    folder: &std::path::Path,
    mut own: IntakeConfig,
) -> TestService {
    own.documents.directory = Some(folder.to_owned());
    let mut config = service::config(database.config(), own);
    config
        .events
        .insert("assignment".to_owned(), assignment.config());
    // Many tests of many calls share one subject.
    config.server.rate.per_second = 100_000;
    config.server.rate.burst = 100_000;
    let service = TestService::start(config, caseload_intake::build).await;
    service.ready().await;
    service
}

pub(crate) async fn review_and_accept(world: &World, request: &Request) -> Result<Request, Status> {
    let mut coordinator = world.coordinator();
    let start = StartReviewRequest {
        name: request.name.clone(),
        ..StartReviewRequest::default()
    };
    coordinator.requests.start_review(start).await?;
    accept(world, request).await
}

pub(crate) async fn accept(world: &World, request: &Request) -> Result<Request, Status> {
    let accept = AcceptRequestRequest {
        name: request.name.clone(),
        ..AcceptRequestRequest::default()
    };
    let answer = world.coordinator().requests.accept_request(accept).await?;
    Ok(answer.into_inner())
}

pub(crate) async fn create_firm(person: &Person, firm: Firm) -> Result<Firm, Status> {
    let request = CreateFirmRequest {
        firm: Some(firm),
        request_id: String::new(),
    };
    Ok(person
        .clone()
        .firms
        .create_firm(request)
        .await?
        .into_inner())
}

pub(crate) async fn deliver(
    person: &Person,
    task: &Task,
    milestone: &str,
) -> Result<Delivery, Status> {
    let name: TaskName = task.name.parse().unwrap();
    let request = CreateDeliveryRequest {
        parent: FirmName(name.firm).to_string(),
        delivery: Some(Delivery {
            task: task.name.clone(),
            milestone_id: milestone.to_owned(),
            note: "Done as asked.".to_owned(),
            ..Delivery::default()
        }),
        request_id: String::new(),
    };
    Ok(person
        .clone()
        .deliveries
        .create_delivery(request)
        .await?
        .into_inner())
}

pub(crate) async fn get_task(person: &Person, name: &str) -> Result<Task, Status> {
    let request = GetTaskRequest {
        name: name.to_owned(),
    };
    Ok(person.clone().tasks.get_task(request).await?.into_inner())
}

pub(crate) async fn get_request(person: &Person, name: &str) -> Result<Request, Status> {
    let request = GetRequestRequest {
        name: name.to_owned(),
    };
    Ok(person
        .clone()
        .requests
        .get_request(request)
        .await?
        .into_inner())
}

pub(crate) fn consent() -> ConsentRecord {
    ConsentRecord {
        granted_by: "General counsel of the client".to_owned(),
        grant_date: Some(Date {
            year: 2024,
            month: 2,
            day: 29,
        }),
        scope: Some(ConsentScope {
            reach: Some(consent_scope::Reach::AllMatters(true)),
        }),
        ..ConsentRecord::default()
    }
}

pub(crate) fn firm(code: &str) -> Firm {
    Firm {
        code: code.to_owned(),
        display_name: format!("{code} & Partners"),
        time_zone: "America/Chicago".to_owned(),
        currency_code: "USD".to_owned(),
        supervising_attorneys: vec![SupervisingAttorney {
            attorney_id: "roe".to_owned(),
            display_name: "Jane Roe".to_owned(),
            ..SupervisingAttorney::default()
        }],
        consents: vec![consent()],
        ..Firm::default()
    }
}

pub(crate) fn party(name: &str, role: PartyRole) -> Party {
    Party {
        display_name: name.to_owned(),
        role: role.into(),
        ..Party::default()
    }
}

pub(crate) fn matter(client: &str, opponent: &str) -> Matter {
    Matter {
        caption: format!("{client} v. {opponent}"),
        client_display_name: client.to_owned(),
        practice_area: "Patent Law".to_owned(),
        parties: vec![
            party(client, PartyRole::Client),
            party(opponent, PartyRole::Adverse),
        ],
        ..Matter::default()
    }
}

pub(crate) fn task() -> Task {
    Task {
        title: "Research abstract ideas".to_owned(),
        kind: TaskKind::LegalResearch.into(),
        effort_estimate: Some(seconds(7_200)),
        due_time: Some(timestamp(OffsetDateTime::now_utc() + Duration::days(7))),
        pricing: Some(hourly()),
        ..Task::default()
    }
}

pub(crate) fn hourly() -> Pricing {
    Pricing {
        model: Some(pricing::Model::Hourly(HourlyPricing {
            rate: None,
            cap: None,
        })),
    }
}

pub(crate) fn usd(units: i64) -> Money {
    Money {
        currency_code: "USD".to_owned(),
        units,
        nanos: 0,
    }
}

pub(crate) fn project(fee: i64, milestones: &[(&str, i64)]) -> Pricing {
    Pricing {
        model: Some(pricing::Model::Project(ProjectPricing {
            fee: Some(usd(fee)),
            milestones: milestones
                .iter()
                .map(|(id, fee)| Milestone {
                    milestone_id: (*id).to_owned(),
                    title: format!("Part {id}"),
                    fee: Some(usd(*fee)),
                })
                .collect(),
        })),
    }
}

/// The code and the reason of an answer.
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Code, String) {
    let status = answer.expect_err("a refusal");
    let reason = status.get_details_error_info().map(|info| info.reason);
    (status.code(), reason.unwrap_or_default())
}

/// The fields that an answer says are wrong, in their order.
pub(crate) fn violations<T: std::fmt::Debug>(answer: Result<T, Status>) -> Vec<String> {
    let status = answer.expect_err("a refusal");
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let details = status.get_details_bad_request().expect("violations");
    let mut fields: Vec<_> = details
        .field_violations
        .into_iter()
        .map(|violation| violation.field)
        .collect();
    fields.sort();
    fields.dedup();
    fields
}

/// What an answer tells beside its reason.
pub(crate) fn metadata<T: std::fmt::Debug>(answer: Result<T, Status>) -> HashMap<String, String> {
    let status = answer.expect_err("a refusal");
    status.get_details_error_info().expect("a reason").metadata
}
