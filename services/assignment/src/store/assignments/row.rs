//! A row of assignments as the domain has it.

use caseload_domain::PlanId;
use caseload_domain::name::AssignmentName;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Assignment, Terms};
use crate::domain::assignment::AssignmentState;
use crate::domain::cost::Cost;
use crate::domain::plan::Offer;
use crate::error::Error;
use crate::store::{known, terms, word};

pub(super) struct Row {
    pub(super) firm_id: Uuid,
    pub(super) assignment_id: Uuid,
    pub(super) version: i64,
    pub(super) task_id: Uuid,
    pub(super) matter_id: Uuid,
    pub(super) paralegal_id: Uuid,
    pub(super) state: String,
    pub(super) offer_time: OffsetDateTime,
    pub(super) answer_by_time: OffsetDateTime,
    pub(super) accept_time: Option<OffsetDateTime>,
    pub(super) end_time: Option<OffsetDateTime>,
    pub(super) end_reason: String,
    pub(super) update_time: OffsetDateTime,
    pub(super) title: Option<String>,
    pub(super) due_time: Option<OffsetDateTime>,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) plan_id: Option<Uuid>,
    pub(super) effort_seconds: Option<i64>,
    pub(super) currency: Option<String>,
    pub(super) hourly_rate: Option<rust_decimal::Decimal>,
    pub(super) project_fee_minor: Option<i64>,
    pub(super) pay_minor: Option<i64>,
    pub(super) lateness_minor: Option<i64>,
    pub(super) load_minor: Option<i64>,
    pub(super) over_qualification_minor: Option<i64>,
}

impl TryFrom<Row> for Assignment {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let terms = match (row.effort_seconds, &row.currency) {
            (Some(effort), Some(currency)) => Some(Terms {
                offer: Offer {
                    effort,
                    terms: terms(
                        known(currency.parse())?,
                        row.hourly_rate,
                        row.project_fee_minor,
                    )?,
                    cost: Cost {
                        pay: row.pay_minor.unwrap_or(0),
                        lateness: row.lateness_minor.unwrap_or(0),
                        load: row.load_minor.unwrap_or(0),
                        over_qualification: row.over_qualification_minor.unwrap_or(0),
                    },
                },
                plan: row.plan_id.map(PlanId::from),
            }),
            _ => None,
        };
        Ok(Self {
            name: AssignmentName::new(row.firm_id.into(), row.assignment_id.into()),
            version: row.version,
            task: row.task_id.into(),
            matter: row.matter_id.into(),
            paralegal: row.paralegal_id.into(),
            state: word(&row.state, AssignmentState::from_word)?,
            offer_time: row.offer_time,
            answer_by_time: row.answer_by_time,
            accept_time: row.accept_time,
            end_time: row.end_time,
            end_reason: row.end_reason,
            update_time: row.update_time,
            terms,
            task_title: row.title.unwrap_or_default(),
            due_time: row.due_time,
            paralegal_display_name: format!("{} {}", row.given_name, row.family_name),
        })
    }
}
