//! What the other services tell: firms, matters, tasks, paralegals, assignments, time, deliveries.

use caseload_domain::name::{
    AssignmentName, DeliveryName, FirmName, ParalegalName, TaskName, TimeEntryName,
};
use caseload_domain::{
    AssignmentId, DeliveryId, FirmId, MatterId, ParalegalId, TaskId, TimeEntryId,
};
use caseload_proto::caseload::assignment::v1::{
    AssignmentChanged, AssignmentSnapshot, AssignmentState, ParalegalChanged, ParalegalSnapshot,
};
use caseload_proto::caseload::billing::v1::GetBillingProfileRequest;
use caseload_proto::caseload::intake::v1::{
    DeliveryAccepted, DeliverySnapshot, FirmChanged, FirmSnapshot, MatterChanged, MatterSnapshot,
    TaskChanged, TaskSnapshot,
};
use caseload_proto::caseload::timekeeping::v1::{
    TimeEntryApproved, TimeEntryReversed, TimeEntrySnapshot,
};
use caseload_proto::caseload::r#type::v1::{
    HourlyPricing, Milestone, PayTerms, Pricing, ProjectPricing, TaskKind, pay_terms, pricing,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_proto::google::r#type as common;
use caseload_testing::eventually;
use time::macros::datetime;

use crate::world::{World, march, matter_name, paralegal_name, usd};

/// A task that a paralegal has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    pub(crate) firm: FirmId,
    pub(crate) matter: MatterId,
    pub(crate) task: TaskId,
    pub(crate) paralegal: ParalegalId,
    pub(crate) assignment: AssignmentId,
}

impl Job {
    /// Ids that nobody knows yet.
    pub(crate) fn unheard_of(firm: FirmId) -> Self {
        Self {
            firm,
            matter: MatterId::generate(),
            task: TaskId::generate(),
            paralegal: ParalegalId::generate(),
            assignment: AssignmentId::generate(),
        }
    }

    pub(crate) fn task_name(&self) -> String {
        TaskName::new(self.firm, self.task).to_string()
    }

    pub(crate) fn assignment_name(&self) -> String {
        AssignmentName::new(self.firm, self.assignment).to_string()
    }

    /// Time on the task.
    pub(crate) fn time(&self, day: i32, worked: i64, billed: i64) -> TimeEntrySnapshot {
        TimeEntrySnapshot {
            name: TimeEntryName::new(self.firm, TimeEntryId::generate()).to_string(),
            matter: matter_name(self.firm, self.matter),
            task: self.task_name(),
            assignment: self.assignment_name(),
            paralegal: paralegal_name(self.paralegal),
            work_date: Some(march(day)),
            worked: Some(seconds(worked)),
            billed: Some(seconds(billed)),
            narrative: format!("Prepared exhibits of {day} March"),
            utbms_task_code: "L330".to_owned(),
            utbms_activity_code: "A103".to_owned(),
            billable: true,
            approve_time: None,
        }
    }
}

/// By the hour.
pub(crate) fn hourly(rate: Option<common::Money>, cap: Option<common::Money>) -> Pricing {
    Pricing {
        model: Some(pricing::Model::Hourly(HourlyPricing { rate, cap })),
    }
}

/// By the project: a fee in parts, each an id and its cents.
pub(crate) fn project(fee: i64, parts: &[(&str, i64)]) -> Pricing {
    let milestones = parts
        .iter()
        .map(|(id, minor)| Milestone {
            milestone_id: (*id).to_owned(),
            title: format!("Part {id}"),
            fee: Some(usd(*minor)),
        })
        .collect();
    Pricing {
        model: Some(pricing::Model::Project(ProjectPricing {
            fee: Some(usd(fee)),
            milestones,
        })),
    }
}

/// Paid so much an hour.
pub(crate) fn paid_hourly(minor: i64) -> pay_terms::Model {
    pay_terms::Model::HourlyRate(usd(minor))
}

impl World {
    /// A firm in Chicago that billing knows.
    pub(crate) async fn firm(&self, code: &str) -> FirmId {
        let firm = FirmId::generate();
        let changed = FirmChanged {
            firm: Some(FirmSnapshot {
                name: FirmName(firm).to_string(),
                display_name: format!("{code} & Núñez LLP"),
                time_zone: "America/Chicago".to_owned(),
                currency_code: "USD".to_owned(),
                code: code.to_owned(),
                suspended: false,
                ..FirmSnapshot::default()
            }),
        };
        self.intake
            .append(firm, FirmName(firm).to_string(), &changed)
            .await;
        let name = format!("{}/billingProfile", FirmName(firm));
        eventually("the firm is known", async || {
            let request = GetBillingProfileRequest { name: name.clone() };
            self.profiles().get_billing_profile(request).await.is_ok()
        })
        .await;
        firm
    }

    pub(crate) async fn tell_matter(&self, job: &Job, caption: &str, client_number: &str) {
        let changed = MatterChanged {
            matter: Some(MatterSnapshot {
                name: matter_name(job.firm, job.matter),
                caption: caption.to_owned(),
                client_matter_number: client_number.to_owned(),
                practice_area: "Patent Law".to_owned(),
                ..Default::default()
            }),
            ..MatterChanged::default()
        };
        self.intake
            .append(job.firm, matter_name(job.firm, job.matter), &changed)
            .await;
    }

    pub(crate) async fn tell_task(&self, job: &Job, pricing: Pricing) {
        let changed = TaskChanged {
            task: Some(TaskSnapshot {
                name: job.task_name(),
                matter: matter_name(job.firm, job.matter),
                title: "Exhibit list".to_owned(),
                kind: TaskKind::TrialPreparation.into(),
                practice_area: "Patent Law".to_owned(),
                pricing: Some(pricing),
                utbms_task_code: "L440".to_owned(),
                ..Default::default()
            }),
        };
        self.intake
            .append(job.firm, job.task_name(), &changed)
            .await;
    }

    pub(crate) async fn tell_paralegal(&self, paralegal: ParalegalId, level: i32) {
        let name = ParalegalName(paralegal).to_string();
        let changed = ParalegalChanged {
            paralegal: Some(ParalegalSnapshot {
                name: name.clone(),
                given_name: "Ana".to_owned(),
                family_name: "Reyes".to_owned(),
                timekeeper_id: "AR-1".to_owned(),
                time_zone: "America/New_York".to_owned(),
                active: true,
                level,
            }),
        };
        self.assignment.append(None, name, &changed).await;
    }

    pub(crate) async fn tell_assignment(&self, job: &Job, pay: pay_terms::Model) {
        let changed = AssignmentChanged {
            assignment: Some(AssignmentSnapshot {
                name: job.assignment_name(),
                task: job.task_name(),
                matter: matter_name(job.firm, job.matter),
                paralegal: paralegal_name(job.paralegal),
                state: AssignmentState::Accepted.into(),
                pay_terms: Some(PayTerms { model: Some(pay) }),
                accept_time: None,
                end_time: None,
            }),
        };
        self.assignment
            .append(job.firm, job.assignment_name(), &changed)
            .await;
    }

    /// A job of which everything is told.
    pub(crate) async fn job(&self, firm: FirmId, pricing: Pricing) -> Job {
        let job = Job::unheard_of(firm);
        self.tell_matter(&job, "Alice Corp. v. CLS Bank International", "13-298")
            .await;
        self.tell_task(&job, pricing).await;
        self.tell_paralegal(job.paralegal, 3).await;
        self.tell_assignment(&job, paid_hourly(3_000)).await;
        job
    }

    /// Another task of the same matter and paralegal.
    pub(crate) async fn sibling(&self, of: &Job, pricing: Pricing) -> Job {
        let job = Job {
            task: TaskId::generate(),
            assignment: AssignmentId::generate(),
            ..*of
        };
        self.tell_task(&job, pricing).await;
        self.tell_assignment(&job, paid_hourly(3_000)).await;
        job
    }

    pub(crate) async fn approve(&self, entry: &TimeEntrySnapshot) {
        let approved = TimeEntryApproved {
            entry: Some(entry.clone()),
        };
        self.timekeeping
            .append(firm_of(entry), entry.name.clone(), &approved)
            .await;
    }

    pub(crate) async fn reverse(&self, entry: &TimeEntrySnapshot) {
        let reversed = TimeEntryReversed {
            entry: Some(entry.clone()),
            replacement: String::new(),
        };
        self.timekeeping
            .append(firm_of(entry), entry.name.clone(), &reversed)
            .await;
    }

    /// The firm accepts a delivery, on the evening of 20 March in Chicago: the 21st in UTC.
    pub(crate) async fn accept(&self, job: &Job, milestone_id: &str, completes_task: bool) {
        let name = DeliveryName::new(job.firm, DeliveryId::generate()).to_string();
        let accepted = DeliveryAccepted {
            delivery: Some(DeliverySnapshot {
                name: name.clone(),
                task: job.task_name(),
                matter: matter_name(job.firm, job.matter),
                paralegal: paralegal_name(job.paralegal),
                assignment: job.assignment_name(),
                milestone_id: milestone_id.to_owned(),
                completes_task,
            }),
            accept_time: Some(timestamp(datetime!(2026-03-21 02:00 UTC))),
        };
        self.intake.append(job.firm, name, &accepted).await;
    }
}

fn firm_of(entry: &TimeEntrySnapshot) -> FirmId {
    entry.name.parse::<TimeEntryName>().unwrap().firm
}
