//! Writing tasks.

use caseload_database::{DatabaseError, Transaction};
use rust_decimal::Decimal;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::super::{sound, words};
use super::court;
use super::row::{StoredMilestone, StoredSkill};
use crate::domain::pricing::Pricing;
use crate::domain::task::{Effort, Task, TaskFacts, TaskState};
use crate::error::IntakeError;

/// What a row keeps of a price.
struct Price {
    model: &'static str,
    rate: Option<Decimal>,
    cap_minor: Option<i64>,
    fee_minor: Option<i64>,
    milestones: serde_json::Value,
}

fn price(pricing: &Pricing) -> Result<Price, DatabaseError> {
    let milestones: Vec<StoredMilestone> = pricing.milestones().iter().map(Into::into).collect();
    let milestones = serde_json::to_value(milestones)?;
    Ok(match pricing {
        Pricing::Hourly { rate, cap } => Price {
            model: "hourly",
            rate: rate.map(caseload_domain::HourlyRate::amount),
            cap_minor: cap.map(|cap| cap.minor),
            fee_minor: None,
            milestones,
        },
        Pricing::Project(project) => Price {
            model: "project",
            rate: None,
            cap_minor: None,
            fee_minor: Some(project.fee().minor),
            milestones,
        },
    })
}

fn skills(facts: &TaskFacts) -> Result<serde_json::Value, DatabaseError> {
    let skills: Vec<StoredSkill> = facts.required_skills.iter().map(Into::into).collect();
    Ok(serde_json::to_value(skills)?)
}

/// Puts a new task in. What the firm says of it is written by the same statement as every later change.
pub(crate) async fn insert(tx: &mut Transaction, task: &Task) -> Result<(), IntakeError> {
    let facts = &task.facts;
    let price = price(&facts.pricing)?;
    sqlx::query!(
        "insert into tasks (firm_id, task_id, request_id, matter_id, title, instructions, kind, practice_area,
                            required_skills, effort_seconds, priority, due_time, pricing_model, currency,
                            project_fee_minor, milestones, utbms_task_code, budget_notice_percents, jurisdiction,
                            language_code, required_certification, depends_on, state, create_time, update_time)
         values ($1, $2, $3, $4, $5, '', $6, $7, '[]', $8, $9, $10, $11, $12, $13, '[]', '', '{}', '', '', '', '{}',
                 $14, $15, $15)",
        task.name.firm.0,
        task.name.id.0,
        task.request.0,
        task.matter.0,
        facts.title,
        facts.kind.as_str(),
        facts.practice_area.name(),
        facts.effort_estimate.seconds(),
        facts.priority.as_str(),
        facts.due_time,
        price.model,
        task.currency.code(),
        price.fee_minor,
        task.standing.state().as_str(),
        task.create_time,
    )
    .execute(tx.connection())
    .await?;
    update(tx, task).await
}

/// Writes what can change of a task that is held, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    task: &mut Task,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    task.version += 1;
    task.update_time = now;
    update(tx, task).await
}

/// What was told of a due time was told of that one: another is told of anew.
async fn update(tx: &mut Transaction, task: &Task) -> Result<(), IntakeError> {
    let facts = &task.facts;
    let price = price(&facts.pricing)?;
    let budget = facts.budget.as_ref();
    let notice_percents = budget.map_or(&[][..], |budget| &budget.notice_percents);
    let times = &task.times;
    let first = times.first_delivery;
    let depends_on: Vec<Uuid> = facts.depends_on.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update tasks set title = $3, instructions = $4, kind = $5, practice_area = $6, required_skills = $7,
                          effort_seconds = $8, priority = $9, earliest_start_time = $10, due_time = $11,
                          pricing_model = $12, currency = $13, hourly_rate = $14, hourly_cap_minor = $15,
                          project_fee_minor = $16, milestones = $17, utbms_task_code = $18,
                          budget_effort_seconds = $19, budget_amount_minor = $20, budget_notice_percents = $21,
                          jurisdiction = $22, language_code = $23, required_certification = $24, depends_on = $25,
                          state = $26, held_state = $27, hold_reason = $28, cancel_reason = $29, assignment_id = $30,
                          paralegal_id = $31, version = $32, update_time = $33, open_time = $34, start_time = $35,
                          first_deliver_time = $36, first_deliver_due_time = $37, turnaround_seconds = $38,
                          accept_time = $39, hold_start_time = $40, held_seconds = $41, revisions = $42,
                          due_soon_told = due_soon_told and due_time = $11,
                          overdue_told = overdue_told and due_time = $11,
                          subkind = $43, due_by = $44, court_deadline = $45, court_deadline_time = $46,
                          hold_cause = $47
         where firm_id = $1 and task_id = $2",
        task.name.firm.0,
        task.name.id.0,
        facts.title,
        facts.instructions,
        facts.kind.as_str(),
        facts.practice_area.name(),
        skills(facts)?,
        facts.effort_estimate.seconds(),
        facts.priority.as_str(),
        facts.earliest_start_time,
        facts.due_time,
        price.model,
        task.currency.code(),
        price.rate,
        price.cap_minor,
        price.fee_minor,
        price.milestones,
        facts.utbms_task_code.map_or("", |code| code.as_str()),
        budget.and_then(|budget| budget.effort.map(Effort::seconds)),
        budget.and_then(|budget| budget.amount.map(|amount| amount.minor)),
        notice_percents,
        facts.jurisdiction,
        facts.language_code,
        facts.required_certification,
        &depends_on,
        task.standing.state().as_str(),
        task.standing.held().map(TaskState::as_str),
        task.hold_reason,
        task.cancel_reason,
        task.worker.map(|worker| worker.assignment.0),
        task.worker.map(|worker| worker.paralegal.0),
        task.version,
        task.update_time,
        times.open,
        times.start,
        first.map(|delivery| delivery.time),
        first.map(|delivery| delivery.due_time),
        first.and_then(|delivery| delivery.turnaround.map(Duration::whole_seconds)),
        times.accept,
        times.hold_start,
        times.held.whole_seconds(),
        sound(i32::try_from(times.revisions))?,
        facts.subkind.map_or("", |subkind| subkind.slug()),
        facts.due_by.as_str(),
        facts.court_deadline.as_ref().map(court::stored).transpose()?,
        facts.court_deadline.as_ref().map(|court| court.deadline.time),
        task.hold_cause.as_str(),
    )
    .execute(tx.connection())
    .await?;
    words::put_task(tx, task).await
}
