//! The service under test, what it follows, and people to call it.

use std::sync::{Arc, Mutex};

use caseload_domain::name::{AssignmentName, FirmName, MatterName, ParalegalName, TaskName};
use caseload_domain::{AssignmentId, FirmId, MatterId, ParalegalId, TaskId};
use caseload_proto::caseload::assignment::v1::{
    AssignmentChanged, AssignmentSnapshot, AssignmentState, ParalegalChanged, ParalegalSnapshot,
};
use caseload_proto::caseload::intake::v1::{
    FirmChanged, FirmSnapshot, MatterChanged, MatterSnapshot, TaskChanged, TaskSnapshot, TaskState,
};
use caseload_proto::caseload::timekeeping::v1::time_entry_service_client::TimeEntryServiceClient;
use caseload_proto::caseload::timekeeping::v1::time_rules_service_client::TimeRulesServiceClient;
use caseload_proto::caseload::timekeeping::v1::timer_service_client::TimerServiceClient;
use caseload_proto::caseload::timekeeping::v1::{
    BatchApproveTimeEntriesRequest, BatchSubmitTimeEntriesRequest, TimeEntry,
};
use caseload_proto::caseload::r#type::v1::TaskKind;
use caseload_proto::convert::timestamp;
use caseload_runtime::Channel;
use caseload_testing::{TestDatabase, TestService, Upstream, eventually, service, tokens};
use caseload_timekeeping::MIGRATIONS;
use caseload_timekeeping::clock::Clock;
use caseload_timekeeping::config::TimekeepingConfig;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::job::Job;

/// When the tests are, until they say otherwise: a Friday evening in Chicago.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-07 00:00 UTC);
/// Nine in the morning of the Monday before, in Chicago.
pub(crate) const MONDAY: OffsetDateTime = datetime!(2026-03-02 15:00 UTC);
/// When assignments were accepted.
pub(crate) const ACCEPTED: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

/// The service under test with what it follows.
pub(crate) struct World {
    pub(crate) intake: Upstream,
    pub(crate) assignment: Upstream,
    pub(crate) service: TestService,
    pub(crate) database: TestDatabase,
    now: Arc<Mutex<OffsetDateTime>>,
}

impl World {
    /// Starts everything; it is the evening of [`NOW`].
    pub(crate) async fn new() -> Self {
        let database = caseload_testing::database("timekeeping", &MIGRATIONS).await;
        let (intake, assignment) = (
            Upstream::start("intake").await,
            Upstream::start("assignment").await,
        );
        let mut config = service::config(database.config(), TimekeepingConfig::default());
        config.events = [("intake", &intake), ("assignment", &assignment)]
            .map(|(name, upstream)| (name.to_owned(), upstream.config()))
            .into();
        // Many tests of many calls share one subject.
        config.server.rate.per_second = 100_000;
        config.server.rate.burst = 100_000;
        let now = Arc::new(Mutex::new(NOW));
        let told = Arc::clone(&now);
        let clock = Clock::new(move || *told.lock().unwrap());
        let service = TestService::start(config, async move |config| {
            caseload_timekeeping::build_at(config, clock).await
        })
        .await;
        service.ready().await;
        Self {
            intake,
            assignment,
            service,
            database,
            now,
        }
    }

    /// It is this time now.
    pub(crate) fn set_now(&self, now: OffsetDateTime) {
        *self.now.lock().unwrap() = now;
    }

    /// A firm that intake knows.
    pub(crate) async fn firm(&self) -> FirmId {
        let firm = FirmId::generate();
        let snapshot = FirmSnapshot {
            name: FirmName(firm).to_string(),
            display_name: "Tillinghast & Partners".to_owned(),
            time_zone: "America/Chicago".to_owned(),
            currency_code: "USD".to_owned(),
            code: "TILL".to_owned(),
            suspended: false,
            ..FirmSnapshot::default()
        };
        let changed = FirmChanged {
            firm: Some(snapshot),
        };
        self.intake
            .append(firm, FirmName(firm).to_string(), &changed)
            .await;
        self.sees(
            "select exists (select from firms where firm_id = $1)",
            firm.0,
        )
        .await;
        firm
    }

    /// A paralegal who works in a zone.
    pub(crate) async fn paralegal_in(&self, zone: &str) -> ParalegalId {
        let paralegal = ParalegalId::generate();
        self.moves_to(paralegal, zone).await;
        self.sees(
            "select exists (select from paralegals where id = $1)",
            paralegal.0,
        )
        .await;
        paralegal
    }

    /// The paralegal works in this zone from here on.
    pub(crate) async fn moves_to(&self, paralegal: ParalegalId, zone: &str) {
        let name = ParalegalName(paralegal).to_string();
        let changed = ParalegalChanged {
            paralegal: Some(ParalegalSnapshot {
                name: name.clone(),
                given_name: "Ada".to_owned(),
                family_name: "Okafor".to_owned(),
                timekeeper_id: "AO-1".to_owned(),
                time_zone: zone.to_owned(),
                active: true,
                level: 3,
            }),
        };
        self.assignment.append(None, name, &changed).await;
    }

    /// A research task of a firm, accepted by a paralegal in Chicago.
    pub(crate) async fn job(&self) -> Job {
        let (firm, paralegal) = (
            self.firm().await,
            self.paralegal_in("America/Chicago").await,
        );
        self.job_of(firm, paralegal).await
    }

    /// A research task of this firm, accepted by this paralegal.
    pub(crate) async fn job_of(&self, firm: FirmId, paralegal: ParalegalId) -> Job {
        let job = Job {
            firm,
            task: TaskId::generate(),
            matter: MatterId::generate(),
            assignment: AssignmentId::generate(),
            paralegal,
        };
        self.matter(&job).await;
        self.task(&job).await;
        self.assigned(&job, AssignmentState::Accepted, Some(ACCEPTED), None)
            .await;
        self.sees(
            "select exists (select from assignments where id = $1)",
            job.assignment.0,
        )
        .await;
        self.sees(
            "select exists (select from tasks where id = $1)",
            job.task.0,
        )
        .await;
        job
    }

    async fn matter(&self, job: &Job) {
        let name = MatterName::new(job.firm, job.matter).to_string();
        let changed = MatterChanged {
            matter: Some(MatterSnapshot {
                name: name.clone(),
                caption: "Alice Corp. v. CLS Bank International".to_owned(),
                practice_area: "Patent Law".to_owned(),
                ..MatterSnapshot::default()
            }),
            ..MatterChanged::default()
        };
        self.intake.append(job.firm, name, &changed).await;
    }

    /// Intake says what the job's task is.
    pub(crate) async fn task(&self, job: &Job) {
        let name = TaskName::new(job.firm, job.task).to_string();
        let changed = TaskChanged {
            task: Some(TaskSnapshot {
                name: name.clone(),
                matter: MatterName::new(job.firm, job.matter).to_string(),
                title: "Research patent eligibility".to_owned(),
                kind: TaskKind::LegalResearch.into(),
                utbms_task_code: "L120".to_owned(),
                state: TaskState::InProgress.into(),
                ..TaskSnapshot::default()
            }),
        };
        self.intake.append(job.firm, name, &changed).await;
    }

    /// Assignment says where the job's assignment stands.
    pub(crate) async fn assigned(
        &self,
        job: &Job,
        state: AssignmentState,
        accepted: Option<OffsetDateTime>,
        ended: Option<OffsetDateTime>,
    ) {
        let name = AssignmentName::new(job.firm, job.assignment).to_string();
        let changed = AssignmentChanged {
            assignment: Some(AssignmentSnapshot {
                name: name.clone(),
                task: TaskName::new(job.firm, job.task).to_string(),
                matter: MatterName::new(job.firm, job.matter).to_string(),
                paralegal: ParalegalName(job.paralegal).to_string(),
                state: state.into(),
                pay_terms: None,
                accept_time: accepted.map(timestamp),
                end_time: ended.map(timestamp),
            }),
        };
        self.assignment.append(job.firm, name, &changed).await;
    }

    /// Waits until a question about one id is answered with yes.
    pub(crate) async fn sees(&self, question: &'static str, id: uuid::Uuid) {
        let mut database = self.database.inspect().await;
        eventually(question, async || {
            sqlx::query_scalar::<_, bool>(question)
                .bind(id)
                .fetch_one(&mut database)
                .await
                .unwrap()
        })
        .await;
    }

    /// How many rows a question counts.
    pub(crate) async fn count(&self, question: &'static str) -> i64 {
        let mut database = self.database.inspect().await;
        sqlx::query_scalar(question)
            .fetch_one(&mut database)
            .await
            .unwrap()
    }

    pub(crate) fn entries(&self, token: String) -> TimeEntryServiceClient<Channel> {
        TimeEntryServiceClient::new(self.service.channel(token))
    }

    pub(crate) fn timers(&self, token: String) -> TimerServiceClient<Channel> {
        TimerServiceClient::new(self.service.channel(token))
    }

    pub(crate) fn rules(&self, token: String) -> TimeRulesServiceClient<Channel> {
        TimeRulesServiceClient::new(self.service.channel(token))
    }

    /// The job's paralegal records time.
    pub(crate) async fn recorded(&self, job: &Job, entry: TimeEntry) -> TimeEntry {
        self.entries(tokens::paralegal(job.paralegal))
            .create_time_entry(job.creates(entry))
            .await
            .unwrap()
            .into_inner()
    }

    /// So many drafts of a minute each, one right after the other from Monday at nine, as if they had been recorded.
    /// Written to the database at once, because a thousand calls take long.
    pub(crate) async fn minutes(&self, job: &Job, minutes: i32) -> Vec<String> {
        let mut database = self.database.inspect().await;
        let ids: Vec<uuid::Uuid> = sqlx::query_scalar(
            "insert into time_entries (
                 firm_id, id, paralegal_id, assignment_id, task_id, matter_id, start_time, end_time,
                 worked_seconds, work_date, time_zone, billed_seconds, increment_seconds, increment_rounding,
                 narrative, utbms_task_code, utbms_activity_code, non_billable, non_billable_reason,
                 state, source, create_actor
             )
             select $1, gen_random_uuid(), $2, $3, $4, $5, $6::timestamptz + make_interval(mins => n),
                 $6::timestamptz + make_interval(mins => n + 1), 60, '2026-03-02', 'America/Chicago', 360, 360, 'up',
                 'Read page ' || n, 'L120', 'A102', false, '', 'draft', 'manual', 'someone'
             from generate_series(0, $7 - 1) n
             returning id",
        )
        .bind(job.firm.0)
        .bind(job.paralegal.0)
        .bind(job.assignment.0)
        .bind(job.task.0)
        .bind(job.matter.0)
        .bind(MONDAY)
        .bind(minutes)
        .fetch_all(&mut database)
        .await
        .unwrap();
        ids.into_iter()
            .map(|id| format!("{}/timeEntries/{id}", job.firm_name()))
            .collect()
    }

    /// The job's paralegal hands entries in.
    pub(crate) async fn submitted(&self, job: &Job, names: &[&TimeEntry]) -> Vec<TimeEntry> {
        let request = BatchSubmitTimeEntriesRequest {
            parent: job.firm_name(),
            names: names.iter().map(|entry| entry.name.clone()).collect(),
            request_id: String::new(),
        };
        self.entries(tokens::paralegal(job.paralegal))
            .batch_submit_time_entries(request)
            .await
            .unwrap()
            .into_inner()
            .time_entries
    }

    /// An hour of Monday, handed in and approved by a reviewer.
    pub(crate) async fn approved(&self, job: &Job, hour: i64) -> TimeEntry {
        let entry = self.recorded(job, job.hour(hour)).await;
        self.submitted(job, &[&entry]).await;
        let request = BatchApproveTimeEntriesRequest {
            parent: job.firm_name(),
            names: vec![entry.name],
            request_id: String::new(),
        };
        let answer = self
            .entries(tokens::reviewer())
            .batch_approve_time_entries(request)
            .await;
        answer.unwrap().into_inner().time_entries.remove(0)
    }
}
