//! The service under test, what it follows, and people to call it.

use std::sync::atomic::{AtomicI64, Ordering};

use caseload_assignment::{AssignmentConfig, MIGRATIONS};
use caseload_domain::name::{AssignmentName, FirmName, MatterName, ParalegalName, TaskName};
use caseload_domain::{FirmId, MatterId, ParalegalId, TaskId};
use caseload_proto::caseload::assignment::v1::assignment_service_client::AssignmentServiceClient;
use caseload_proto::caseload::assignment::v1::candidate_service_client::CandidateServiceClient;
use caseload_proto::caseload::assignment::v1::paralegal_service_client::ParalegalServiceClient;
use caseload_proto::caseload::assignment::v1::plan_service_client::PlanServiceClient;
use caseload_proto::caseload::assignment::v1::{
    AcceptAssignmentRequest, ApplyPlanRequest, Assignment, AssignmentChanged,
    CreateParalegalRequest, CreatePlanRequest, GetAssignmentRequest, OfferAssignmentRequest,
    Paralegal, Pay, Plan, PlanSpec, Skill,
};
use caseload_proto::caseload::intake::v1::{
    DeliveryAccepted, DeliverySnapshot, FirmChanged, FirmSnapshot, MatterChanged, MatterSnapshot,
    TaskChanged, TaskSnapshot, TaskState,
};
use caseload_proto::caseload::r#type::v1::{SkillLevel, TaskKind};
use caseload_proto::convert::{seconds, timestamp};
use caseload_proto::google::r#type::Money;
use caseload_runtime::Channel;
use caseload_testing::{TestDatabase, TestService, Upstream, eventually, service, tokens};
use prost::{Message as _, Name as _};
use sqlx::{PgConnection, Row as _};
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

pub(crate) const HOUR: i64 = 3600;

/// The service under test with what it follows.
pub(crate) struct World {
    pub(crate) intake: Upstream,
    pub(crate) service: TestService,
    pub(crate) database: TestDatabase,
    told: AtomicI64,
    /// For looking at what the service keeps.
    looking: Mutex<PgConnection>,
}

impl World {
    /// Starts everything.
    pub(crate) async fn new() -> Self {
        let database = caseload_testing::database("assignment", &MIGRATIONS).await;
        let looking = Mutex::new(database.inspect().await);
        let intake = Upstream::start("intake").await;
        let own = AssignmentConfig {
            expiry_interval_ms: 20,
            ..AssignmentConfig::default()
        };
        let mut config = service::config(database.config(), own);
        config.events.insert("intake".to_owned(), intake.config());
        config.server.rate.per_second = 100_000;
        config.server.rate.burst = 100_000;
        let service = TestService::start(config, caseload_assignment::build).await;
        service.ready().await;
        Self {
            intake,
            service,
            database,
            told: AtomicI64::new(0),
            looking,
        }
    }

    pub(crate) fn paralegals(&self, token: String) -> ParalegalServiceClient<Channel> {
        ParalegalServiceClient::new(self.service.channel(token))
    }

    pub(crate) fn plans(&self) -> PlanServiceClient<Channel> {
        PlanServiceClient::new(self.service.channel(tokens::coordinator()))
    }

    pub(crate) fn candidates(&self) -> CandidateServiceClient<Channel> {
        CandidateServiceClient::new(self.service.channel(tokens::coordinator()))
    }

    pub(crate) fn assignments(&self, token: String) -> AssignmentServiceClient<Channel> {
        AssignmentServiceClient::new(self.service.channel(token))
    }

    /// The assignments as a coordinator has them.
    pub(crate) fn desk(&self) -> AssignmentServiceClient<Channel> {
        self.assignments(tokens::coordinator())
    }

    /// Says what happened in intake, and waits until it is taken in.
    pub(crate) async fn tell<P>(&self, firm: FirmId, aggregate: String, payload: &P)
    where
        P: prost::Message + prost::Name + Clone + 'static,
    {
        self.intake.append(firm, aggregate, payload).await;
        let told = self.told.fetch_add(1, Ordering::SeqCst) + 1;
        eventually("the event is taken in", async || {
            let seq: Option<i64> = sqlx::query_scalar("select seq from event_cursor")
                .fetch_optional(&mut *self.looking.lock().await)
                .await
                .expect("a cursor");
            seq.is_some_and(|seq| seq >= told)
        })
        .await;
    }

    /// A matter of a firm that intake knows.
    pub(crate) async fn matter(&self) -> MatterName {
        let matter = MatterName::new(FirmId::generate(), MatterId::generate());
        self.firm_is(matter.firm, false).await;
        self.screens(matter, &[]).await;
        matter
    }

    pub(crate) async fn firm_is(&self, firm: FirmId, suspended: bool) {
        let name = FirmName(firm).to_string();
        let snapshot = FirmSnapshot {
            name: name.clone(),
            display_name: "Tillinghast & Partners".to_owned(),
            time_zone: "America/Chicago".to_owned(),
            currency_code: "USD".to_owned(),
            code: "TILL".to_owned(),
            suspended,
            ..FirmSnapshot::default()
        };
        self.tell(
            firm,
            name,
            &FirmChanged {
                firm: Some(snapshot),
            },
        )
        .await;
    }

    pub(crate) async fn screens(&self, matter: MatterName, screened: &[ParalegalId]) {
        let snapshot = MatterSnapshot {
            name: matter.to_string(),
            caption: "Alice Corp. v. CLS Bank International".to_owned(),
            practice_area: "Patent Law".to_owned(),
            screened_paralegals: screened
                .iter()
                .map(|id| ParalegalName(*id).to_string())
                .collect(),
            ..MatterSnapshot::default()
        };
        let changed = MatterChanged {
            matter: Some(snapshot),
            ..MatterChanged::default()
        };
        self.tell(matter.firm, matter.to_string(), &changed).await;
    }

    /// Ten hours of open research on a matter, due in a week, with what `change` makes of it.
    pub(crate) async fn task(
        &self,
        matter: MatterName,
        change: impl FnOnce(&mut TaskSnapshot),
    ) -> TaskSnapshot {
        let name = TaskName::new(matter.firm, TaskId::generate()).to_string();
        let mut task = TaskSnapshot {
            name,
            matter: matter.to_string(),
            title: "Research patent eligibility".to_owned(),
            kind: TaskKind::LegalResearch.into(),
            practice_area: "Patent Law".to_owned(),
            required_skills: vec![SkillLevel {
                practice_area: "Patent Law".to_owned(),
                kind: TaskKind::LegalResearch.into(),
                level: 2,
            }],
            effort_estimate: Some(seconds(10 * HOUR)),
            due_time: Some(timestamp(OffsetDateTime::now_utc() + Duration::days(7))),
            state: TaskState::Open.into(),
            ..TaskSnapshot::default()
        };
        change(&mut task);
        self.becomes(&task).await;
        task
    }

    /// Says that a task is so.
    pub(crate) async fn becomes(&self, task: &TaskSnapshot) {
        let firm = task.name.parse::<TaskName>().expect("a name").firm;
        let changed = TaskChanged {
            task: Some(task.clone()),
        };
        self.tell(firm, task.name.clone(), &changed).await;
    }

    /// Says that the firm has accepted what was delivered under an assignment.
    pub(crate) async fn delivery_accepted(&self, assignment: &Assignment, completes_task: bool) {
        let firm = assignment
            .name
            .parse::<AssignmentName>()
            .expect("a name")
            .firm;
        let delivery = DeliverySnapshot {
            name: format!("{}/deliveries/{}", FirmName(firm), uuid::Uuid::now_v7()),
            task: assignment.task.clone(),
            matter: assignment.matter.clone(),
            paralegal: assignment.paralegal.clone(),
            assignment: assignment.name.clone(),
            completes_task,
            ..DeliverySnapshot::default()
        };
        let accepted = DeliveryAccepted {
            delivery: Some(delivery),
            accept_time: Some(timestamp(OffsetDateTime::now_utc())),
        };
        self.tell(firm, assignment.task.clone(), &accepted).await;
    }

    /// Takes on somebody who can do the research, with what `change` makes of them.
    pub(crate) async fn hire(&self, change: impl FnOnce(&mut Paralegal)) -> Paralegal {
        let mut paralegal = somebody();
        change(&mut paralegal);
        let request = CreateParalegalRequest {
            paralegal: Some(paralegal),
            request_id: String::new(),
        };
        let mut roster = self.paralegals(tokens::operations_manager());
        roster
            .create_paralegal(request)
            .await
            .expect("is taken on")
            .into_inner()
    }

    /// Offers a task to a paralegal.
    pub(crate) async fn offer(
        &self,
        task: &TaskSnapshot,
        paralegal: &Paralegal,
    ) -> Result<Assignment, Status> {
        let firm = task.name.parse::<TaskName>().expect("a name").firm;
        let request = OfferAssignmentRequest {
            parent: FirmName(firm).to_string(),
            task: task.name.clone(),
            paralegal: paralegal.name.clone(),
            ..OfferAssignmentRequest::default()
        };
        Ok(self.desk().offer_assignment(request).await?.into_inner())
    }

    /// Accepts as the paralegal.
    pub(crate) async fn accept(&self, assignment: &Assignment) -> Result<Assignment, Status> {
        let request = AcceptAssignmentRequest {
            name: assignment.name.clone(),
            ..AcceptAssignmentRequest::default()
        };
        let mut theirs = self.assignments(token_of(&assignment.paralegal));
        Ok(theirs.accept_assignment(request).await?.into_inner())
    }

    /// An assignment as a coordinator sees it.
    pub(crate) async fn get(&self, name: &str) -> Assignment {
        let request = GetAssignmentRequest {
            name: name.to_owned(),
        };
        self.desk()
            .get_assignment(request)
            .await
            .expect("is there")
            .into_inner()
    }

    /// A plan of everything.
    pub(crate) async fn plan(&self) -> Plan {
        self.plan_of(PlanSpec::default()).await.expect("a plan")
    }

    pub(crate) async fn plan_of(&self, spec: PlanSpec) -> Result<Plan, Status> {
        let request = CreatePlanRequest {
            spec: Some(spec),
            request_id: String::new(),
        };
        Ok(self.plans().create_plan(request).await?.into_inner())
    }

    pub(crate) async fn apply(&self, plan: &Plan) -> Result<Plan, Status> {
        let request = ApplyPlanRequest {
            name: plan.name.clone(),
            ..ApplyPlanRequest::default()
        };
        Ok(self.plans().apply_plan(request).await?.into_inner())
    }

    /// The states of an assignment that its events announced, in order.
    pub(crate) async fn announced(&self, assignment: &str) -> Vec<AssignmentChanged> {
        let rows = sqlx::query(
            "select payload from event_log where type = $1 and aggregate = $2 order by id",
        )
        .bind(AssignmentChanged::full_name())
        .bind(assignment)
        .fetch_all(&mut *self.looking.lock().await)
        .await
        .expect("events");
        rows.iter()
            .map(|row| AssignmentChanged::decode(row.get::<&[u8], _>(0)).expect("decodes"))
            .collect()
    }

    /// How many rows a query counts.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(&mut *self.looking.lock().await)
            .await
            .expect("a count")
    }
}

/// Somebody who can do the research: level 3, forty hours a week, forty dollars an hour.
pub(crate) fn somebody() -> Paralegal {
    let id = uuid::Uuid::now_v7().simple().to_string().to_uppercase();
    Paralegal {
        given_name: "Ada".to_owned(),
        family_name: "Okafor".to_owned(),
        timekeeper_id: format!("T-{}", &id[id.len() - 12..]),
        time_zone: "America/Chicago".to_owned(),
        skills: vec![Skill {
            practice_area: "Patent Law".to_owned(),
            kind: TaskKind::LegalResearch.into(),
            level: 3,
        }],
        weekly_capacity: Some(seconds(40 * HOUR)),
        task_limit: 5,
        pay: Some(paid(40)),
        ..Paralegal::default()
    }
}

pub(crate) fn paid(dollars: i64) -> Pay {
    Pay {
        hourly_rate: Some(usd(dollars)),
        project_pay: Vec::new(),
    }
}

pub(crate) fn usd(units: i64) -> Money {
    Money {
        currency_code: "USD".to_owned(),
        units,
        nanos: 0,
    }
}

/// An amount in cents.
pub(crate) fn cents(money: Option<&Money>) -> i64 {
    let money = money.expect("an amount");
    money.units * 100 + i64::from(money.nanos) / 10_000_000
}

/// The token of a paralegal, by name.
pub(crate) fn token_of(paralegal: &str) -> String {
    tokens::paralegal(paralegal.parse::<ParalegalName>().expect("a name").0)
}

pub(crate) fn id_of(paralegal: &Paralegal) -> ParalegalId {
    paralegal.name.parse::<ParalegalName>().expect("a name").0
}

/// The reason that a status carries.
pub(crate) fn reason(status: &Status) -> (Code, String) {
    let info = status.get_details_error_info().expect("a reason");
    assert_eq!(info.domain, "caseload");
    (status.code(), info.reason)
}

/// The fields that a status says are wrong, in order.
pub(crate) fn wrong_fields(status: &Status) -> Vec<String> {
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let bad = status.get_details_bad_request().expect("violations");
    let mut fields: Vec<String> = bad
        .field_violations
        .into_iter()
        .map(|violation| violation.field)
        .collect();
    fields.sort();
    fields
}

/// The preconditions that a status says failed: type and subject.
pub(crate) fn failures(status: &Status) -> Vec<(String, String)> {
    let failure = status.get_details_precondition_failure().expect("failures");
    failure
        .violations
        .into_iter()
        .map(|one| (one.r#type, one.subject))
        .collect()
}
