//! Blueprints of tasks as the column of a template keeps them.

use caseload_domain::{Currency, HourlyRate, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::super::tasks::{StoredMilestone, StoredSkill};
use super::super::{read, sound};
use crate::domain::pricing::{Pricing, Project};
use crate::domain::request_template::Blueprint;
use crate::domain::task::{Budget, Effort, TaskPatch};
use crate::error::IntakeError;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredBlueprint {
    key: String,
    title: String,
    instructions: String,
    kind: String,
    #[serde(default)]
    subkind: Option<String>,
    practice_area: Option<String>,
    required_skills: Vec<StoredSkill>,
    effort_seconds: i64,
    priority: String,
    pricing: StoredPricing,
    utbms_task_code: Option<String>,
    budget: Option<StoredBudget>,
    jurisdiction: String,
    language_code: String,
    required_certification: String,
    due_after_seconds: i64,
    earliest_start_after_seconds: Option<i64>,
    depends_on: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "model", rename_all = "snake_case")]
enum StoredPricing {
    Hourly {
        rate: Option<(Decimal, String)>,
        cap: Option<StoredMoney>,
    },
    Project {
        fee: StoredMoney,
        milestones: Vec<StoredMilestone>,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredBudget {
    effort_seconds: Option<i64>,
    amount: Option<StoredMoney>,
    notice_percents: Vec<i32>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredMoney {
    minor: i64,
    currency: String,
}

impl From<Money> for StoredMoney {
    fn from(money: Money) -> Self {
        Self {
            minor: money.minor,
            currency: money.currency.code().to_owned(),
        }
    }
}

impl TryFrom<StoredMoney> for Money {
    type Error = IntakeError;

    fn try_from(stored: StoredMoney) -> Result<Self, IntakeError> {
        Ok(Self::new(stored.minor, read(&stored.currency)?))
    }
}

impl From<&Pricing> for StoredPricing {
    fn from(pricing: &Pricing) -> Self {
        match pricing {
            Pricing::Hourly { rate, cap } => Self::Hourly {
                rate: rate.map(|rate| (rate.amount(), rate.currency().code().to_owned())),
                cap: cap.map(Into::into),
            },
            Pricing::Project(project) => Self::Project {
                fee: project.fee().into(),
                milestones: project.milestones().iter().map(Into::into).collect(),
            },
        }
    }
}

impl TryFrom<StoredPricing> for Pricing {
    type Error = IntakeError;

    fn try_from(stored: StoredPricing) -> Result<Self, IntakeError> {
        Ok(match stored {
            StoredPricing::Hourly { rate, cap } => Self::Hourly {
                rate: match rate {
                    None => None,
                    Some((amount, currency)) => {
                        let currency: Currency = read(&currency)?;
                        Some(sound(HourlyRate::new(amount, currency))?)
                    }
                },
                cap: cap.map(TryInto::try_into).transpose()?,
            },
            StoredPricing::Project { fee, milestones } => {
                let fee = Money::try_from(fee)?;
                let parts = milestones
                    .into_iter()
                    .map(|milestone| milestone.milestone(fee.currency))
                    .collect();
                Self::Project(sound(Project::new(fee, parts))?)
            }
        })
    }
}

/// What a blueprint keeps. It says all that a task may say: what is left out was never parsed.
pub(super) fn stored(blueprint: &Blueprint) -> Option<StoredBlueprint> {
    let facts = blueprint.said.clone();
    Some(StoredBlueprint {
        key: blueprint.key.clone(),
        title: facts.title?,
        instructions: facts.instructions?,
        kind: facts.kind?.as_str().to_owned(),
        subkind: facts.subkind?.map(|subkind| subkind.slug().to_owned()),
        practice_area: facts.practice_area.map(|area| area.name().to_owned()),
        required_skills: facts.required_skills?.iter().map(Into::into).collect(),
        effort_seconds: facts.effort_estimate?.seconds(),
        priority: facts.priority?.as_str().to_owned(),
        pricing: (&facts.pricing?).into(),
        utbms_task_code: facts.utbms_task_code?.map(|code| code.as_str().to_owned()),
        budget: facts.budget?.map(|budget| StoredBudget {
            effort_seconds: budget.effort.map(Effort::seconds),
            amount: budget.amount.map(Into::into),
            notice_percents: budget.notice_percents,
        }),
        jurisdiction: facts.jurisdiction?,
        language_code: facts.language_code?,
        required_certification: facts.required_certification?,
        due_after_seconds: blueprint.due_after.whole_seconds(),
        earliest_start_after_seconds: blueprint
            .earliest_start_after
            .map(time::Duration::whole_seconds),
        depends_on: blueprint.depends_on.clone(),
    })
}

impl TryFrom<StoredBlueprint> for Blueprint {
    type Error = IntakeError;

    fn try_from(stored: StoredBlueprint) -> Result<Self, IntakeError> {
        let skills = stored.required_skills.into_iter().map(TryInto::try_into);
        let said = TaskPatch {
            title: Some(stored.title),
            instructions: Some(stored.instructions),
            kind: Some(read(&stored.kind)?),
            subkind: Some(stored.subkind.as_deref().map(read).transpose()?),
            practice_area: stored.practice_area.as_deref().map(read).transpose()?,
            required_skills: Some(skills.collect::<Result<_, IntakeError>>()?),
            effort_estimate: Some(sound(Effort::from_seconds(stored.effort_seconds))?),
            priority: Some(read(&stored.priority)?),
            earliest_start_time: None,
            due_time: None,
            due_by: None,
            court_deadline: None,
            pricing: Some(stored.pricing.try_into()?),
            utbms_task_code: Some(stored.utbms_task_code.as_deref().map(read).transpose()?),
            budget: Some(stored.budget.map(TryInto::try_into).transpose()?),
            jurisdiction: Some(stored.jurisdiction),
            language_code: Some(stored.language_code),
            required_certification: Some(stored.required_certification),
            depends_on: None,
        };
        Ok(Self {
            key: stored.key,
            said,
            due_after: Duration::seconds(stored.due_after_seconds),
            earliest_start_after: stored.earliest_start_after_seconds.map(Duration::seconds),
            depends_on: stored.depends_on,
        })
    }
}

impl TryFrom<StoredBudget> for Budget {
    type Error = IntakeError;

    fn try_from(stored: StoredBudget) -> Result<Self, IntakeError> {
        let effort = stored.effort_seconds.map(Effort::from_seconds);
        Ok(Self {
            effort: sound(effort.transpose())?,
            amount: stored.amount.map(TryInto::try_into).transpose()?,
            notice_percents: stored.notice_percents,
        })
    }
}
