//! A row of tasks, and the task that it stands for.

use caseload_domain::name::TaskName;
use caseload_domain::work::Level;
use caseload_domain::{
    AssignmentId, Currency, FirmId, HourlyRate, MatterId, Money, ParalegalId, RequestId, TaskId,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::super::{read, sound};
use super::court;
use crate::domain::pricing::{Milestone, Pricing, Project};
use crate::domain::task::{
    Budget, Effort, FirstDelivery, RequiredSkill, Standing, Task, TaskFacts, TaskTimes, Worker,
};
use crate::error::IntakeError;

pub(super) struct Row {
    pub(super) firm_id: Uuid,
    pub(super) task_id: Uuid,
    pub(super) request_id: Uuid,
    pub(super) matter_id: Uuid,
    pub(super) title: String,
    pub(super) instructions: String,
    pub(super) kind: String,
    pub(super) subkind: String,
    pub(super) practice_area: String,
    pub(super) required_skills: serde_json::Value,
    pub(super) effort_seconds: i64,
    pub(super) priority: String,
    pub(super) earliest_start_time: Option<OffsetDateTime>,
    pub(super) due_time: OffsetDateTime,
    pub(super) due_by: String,
    pub(super) court_deadline: Option<serde_json::Value>,
    pub(super) court_deadline_time: Option<OffsetDateTime>,
    pub(super) pricing_model: String,
    pub(super) currency: String,
    pub(super) hourly_rate: Option<Decimal>,
    pub(super) hourly_cap_minor: Option<i64>,
    pub(super) project_fee_minor: Option<i64>,
    pub(super) milestones: serde_json::Value,
    pub(super) utbms_task_code: String,
    pub(super) budget_effort_seconds: Option<i64>,
    pub(super) budget_amount_minor: Option<i64>,
    pub(super) budget_notice_percents: Vec<i32>,
    pub(super) jurisdiction: String,
    pub(super) language_code: String,
    pub(super) required_certification: String,
    pub(super) depends_on: Vec<Uuid>,
    pub(super) state: String,
    pub(super) held_state: Option<String>,
    pub(super) hold_reason: String,
    pub(super) hold_cause: String,
    pub(super) cancel_reason: String,
    pub(super) assignment_id: Option<Uuid>,
    pub(super) paralegal_id: Option<Uuid>,
    pub(super) open_time: Option<OffsetDateTime>,
    pub(super) start_time: Option<OffsetDateTime>,
    pub(super) first_deliver_time: Option<OffsetDateTime>,
    pub(super) first_deliver_due_time: Option<OffsetDateTime>,
    pub(super) turnaround_seconds: Option<i64>,
    pub(super) accept_time: Option<OffsetDateTime>,
    pub(super) hold_start_time: Option<OffsetDateTime>,
    pub(super) held_seconds: i64,
    pub(super) revisions: i32,
    pub(super) version: i64,
    pub(super) create_time: OffsetDateTime,
    pub(super) update_time: OffsetDateTime,
}

/// A required skill as a column keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct StoredSkill {
    practice_area: Option<String>,
    kind: Option<String>,
    level: u8,
}

impl From<&RequiredSkill> for StoredSkill {
    fn from(skill: &RequiredSkill) -> Self {
        Self {
            practice_area: skill.practice_area.map(|area| area.name().to_owned()),
            kind: skill.kind.map(|kind| kind.as_str().to_owned()),
            level: skill.level.get(),
        }
    }
}

impl TryFrom<StoredSkill> for RequiredSkill {
    type Error = IntakeError;

    fn try_from(skill: StoredSkill) -> Result<Self, IntakeError> {
        Ok(Self {
            practice_area: skill.practice_area.as_deref().map(read).transpose()?,
            kind: skill.kind.as_deref().map(read).transpose()?,
            level: sound(Level::new(i32::from(skill.level)))?,
        })
    }
}

/// A milestone as a column keeps it; the currency is kept beside.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct StoredMilestone {
    id: String,
    title: String,
    fee_minor: i64,
}

impl From<&Milestone> for StoredMilestone {
    fn from(milestone: &Milestone) -> Self {
        Self {
            id: milestone.id.clone(),
            title: milestone.title.clone(),
            fee_minor: milestone.fee.minor,
        }
    }
}

impl StoredMilestone {
    pub(in crate::store) fn milestone(self, currency: Currency) -> Milestone {
        Milestone {
            id: self.id,
            title: self.title,
            fee: Money::new(self.fee_minor, currency),
        }
    }
}

impl Row {
    pub(super) fn task(self, accepted_milestones: Vec<String>) -> Result<Task, IntakeError> {
        let currency: Currency = read(&self.currency)?;
        let held = self.held_state.as_deref().map(read).transpose()?;
        let standing = Standing::stored(read(&self.state)?, held)
            .ok_or_else(|| IntakeError::Damaged("half a hold".to_owned()))?;
        let pricing = self.pricing(currency)?;
        let budget = self.budget(currency)?;
        let times = self.times()?;
        Ok(Task {
            name: TaskName::new(FirmId(self.firm_id), TaskId(self.task_id)),
            request: RequestId(self.request_id),
            matter: MatterId(self.matter_id),
            standing,
            currency,
            worker: self
                .assignment_id
                .zip(self.paralegal_id)
                .map(|(assignment, paralegal)| Worker {
                    assignment: AssignmentId(assignment),
                    paralegal: ParalegalId(paralegal),
                }),
            accepted_milestones,
            times,
            facts: TaskFacts {
                kind: read(&self.kind)?,
                subkind: match self.subkind.as_str() {
                    "" => None,
                    slug => Some(read(slug)?),
                },
                practice_area: read(&self.practice_area)?,
                required_skills: skills(self.required_skills)?,
                effort_estimate: sound(Effort::from_seconds(self.effort_seconds))?,
                priority: read(&self.priority)?,
                earliest_start_time: self.earliest_start_time,
                due_time: self.due_time,
                due_by: read(&self.due_by)?,
                court_deadline: court::read_stored(self.court_deadline, self.court_deadline_time)?,
                pricing,
                utbms_task_code: match self.utbms_task_code.as_str() {
                    "" => None,
                    code => Some(read(code)?),
                },
                budget,
                depends_on: self.depends_on.into_iter().map(TaskId).collect(),
                title: self.title,
                instructions: self.instructions,
                jurisdiction: self.jurisdiction,
                language_code: self.language_code,
                required_certification: self.required_certification,
            },
            hold_reason: self.hold_reason,
            hold_cause: read(&self.hold_cause)?,
            cancel_reason: self.cancel_reason,
            version: self.version,
            create_time: self.create_time,
            update_time: self.update_time,
        })
    }

    fn times(&self) -> Result<TaskTimes, IntakeError> {
        let first_delivery = self
            .first_deliver_time
            .zip(self.first_deliver_due_time)
            .map(|(time, due_time)| FirstDelivery {
                time,
                due_time,
                turnaround: self.turnaround_seconds.map(Duration::seconds),
            });
        Ok(TaskTimes {
            open: self.open_time,
            start: self.start_time,
            first_delivery,
            accept: self.accept_time,
            hold_start: self.hold_start_time,
            held: Duration::seconds(self.held_seconds),
            revisions: sound(u32::try_from(self.revisions))?,
        })
    }

    fn pricing(&self, currency: Currency) -> Result<Pricing, IntakeError> {
        let Some(fee) = self.project_fee_minor else {
            if self.pricing_model != "hourly" {
                return Err(IntakeError::Damaged("a project without a fee".to_owned()));
            }
            let rate = self
                .hourly_rate
                .map(|amount| HourlyRate::new(amount, currency));
            return Ok(Pricing::Hourly {
                rate: sound(rate.transpose())?,
                cap: self
                    .hourly_cap_minor
                    .map(|minor| Money::new(minor, currency)),
            });
        };
        let stored: Vec<StoredMilestone> = sound(serde_json::from_value(self.milestones.clone()))?;
        let milestones = stored
            .into_iter()
            .map(|milestone| milestone.milestone(currency))
            .collect();
        Ok(Pricing::Project(sound(Project::new(
            Money::new(fee, currency),
            milestones,
        ))?))
    }

    fn budget(&self, currency: Currency) -> Result<Option<Budget>, IntakeError> {
        if self.budget_effort_seconds.is_none() && self.budget_amount_minor.is_none() {
            return Ok(None);
        }
        let effort = self.budget_effort_seconds.map(Effort::from_seconds);
        Ok(Some(Budget {
            effort: sound(effort.transpose())?,
            amount: self
                .budget_amount_minor
                .map(|minor| Money::new(minor, currency)),
            notice_percents: self.budget_notice_percents.clone(),
        }))
    }
}

fn skills(stored: serde_json::Value) -> Result<Vec<RequiredSkill>, IntakeError> {
    let stored: Vec<StoredSkill> = sound(serde_json::from_value(stored))?;
    stored.into_iter().map(TryInto::try_into).collect()
}
