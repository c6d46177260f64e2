//! Assignments and their terms.

mod choose;
mod row;

pub use choose::{live_of_task, live_on_matter, offered_to, overdue};

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, TaskName};
use caseload_domain::{Currency, FirmId, MatterId, ParalegalId, PlanId, TaskId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::columns;
use crate::domain::assignment::AssignmentState;
use crate::domain::plan::Offer;
use crate::error::Error;
use row::Row;

/// An assignment as the store keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Whose and which.
    pub name: AssignmentName,
    /// Grows with every change.
    pub version: i64,
    /// The task.
    pub task: TaskId,
    /// Its matter.
    pub matter: MatterId,
    /// Who it was offered to.
    pub paralegal: ParalegalId,
    /// Where it stands.
    pub state: AssignmentState,
    /// When it was offered.
    pub offer_time: OffsetDateTime,
    /// Until when the paralegal may answer.
    pub answer_by_time: OffsetDateTime,
    /// When it was accepted.
    pub accept_time: Option<OffsetDateTime>,
    /// When it ended.
    pub end_time: Option<OffsetDateTime>,
    /// Why it ended, where somebody said so.
    pub end_reason: String,
    /// When it last changed.
    pub update_time: OffsetDateTime,
    /// What it comes to. None: the transaction's scope may not see it.
    pub terms: Option<Terms>,
    /// What is to be done. Empty: nothing was told of the task.
    pub task_title: String,
    /// When the task is due.
    pub due_time: Option<OffsetDateTime>,
    /// The paralegal's name.
    pub paralegal_display_name: String,
}

/// What an assignment comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Effort, pay and cost as they were when the offer was made.
    pub offer: Offer,
    /// The plan that made it. None: by hand.
    pub plan: Option<PlanId>,
}

impl Assignment {
    /// The task's name.
    pub const fn task_name(&self) -> TaskName {
        TaskName::new(self.name.firm, self.task)
    }
}

/// Which assignments to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this firm's.
    pub firm: Option<FirmId>,
    /// Only in these states; none for any.
    pub states: Vec<AssignmentState>,
    /// Only of this task.
    pub task: Option<TaskName>,
    /// Only of this matter.
    pub matter: Option<MatterId>,
    /// Only of this paralegal.
    pub paralegal: Option<ParalegalId>,
    /// Only of the paralegal who asks.
    pub own: Option<ParalegalId>,
}

/// Adds an assignment with its terms. In the scope of every firm.
pub async fn insert(
    tx: &mut Transaction,
    assignment: &Assignment,
    terms: &Terms,
    currency: Currency,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into assignments (firm_id, assignment_id, task_id, matter_id, paralegal_id, state, offer_time,
             answer_by_time, update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $7)",
        assignment.name.firm.0,
        assignment.name.id.0,
        assignment.task.0,
        assignment.matter.0,
        assignment.paralegal.0,
        assignment.state.as_str(),
        assignment.offer_time,
        assignment.answer_by_time,
    )
    .execute(tx.connection())
    .await
    .map_err(|error| taken(error, assignment))?;
    let (hourly_rate, project_fee_minor) = columns(terms.offer.terms);
    let cost = terms.offer.cost;
    sqlx::query!(
        "insert into assignment_terms (firm_id, assignment_id, paralegal_id, plan_id, effort_seconds, currency,
             hourly_rate, project_fee_minor, pay_minor, lateness_minor, load_minor, over_qualification_minor)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        assignment.name.firm.0,
        assignment.name.id.0,
        assignment.paralegal.0,
        terms.plan.map(|plan| plan.0),
        terms.offer.effort,
        currency.code(),
        hourly_rate,
        project_fee_minor,
        cost.pay,
        cost.lateness,
        cost.load,
        cost.over_qualification,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

fn taken(error: sqlx::Error, assignment: &Assignment) -> Error {
    use caseload_database::DatabaseError;
    match DatabaseError::from(error) {
        DatabaseError::Unique { constraint } if constraint == "assignments_live" => {
            Error::TaskTaken(assignment.task_name().to_string())
        }
        error => error.into(),
    }
}

/// Writes the state of an assignment whose row is locked. The version is the new one.
pub async fn update(tx: &mut Transaction, assignment: &Assignment) -> Result<(), Error> {
    sqlx::query!(
        "update assignments
         set version = $3, state = $4, accept_time = $5, end_time = $6, end_reason = $7, update_time = $8
         where firm_id = $1 and assignment_id = $2",
        assignment.name.firm.0,
        assignment.name.id.0,
        assignment.version,
        assignment.state.as_str(),
        assignment.accept_time,
        assignment.end_time,
        assignment.end_reason,
        assignment.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Locks an assignment's row, and says whether the transaction's scope sees it.
pub async fn lock(tx: &mut Transaction, name: AssignmentName) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        "select assignment_id from assignments where firm_id = $1 and assignment_id = $2 for update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(found.is_some())
}

/// One assignment, if the transaction's scope sees it.
pub async fn find(tx: &mut Transaction, name: AssignmentName) -> Result<Option<Assignment>, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select a.firm_id, a.assignment_id, a.version, a.task_id, a.matter_id, a.paralegal_id, a.state,
             a.offer_time, a.answer_by_time, a.accept_time, a.end_time, a.end_reason, a.update_time,
             t.title as "title?", t.due_time as "due_time?", p.given_name, p.family_name,
             x.plan_id as "plan_id?", x.effort_seconds as "effort_seconds?", x.currency as "currency?",
             x.hourly_rate as "hourly_rate?", x.project_fee_minor as "project_fee_minor?",
             x.pay_minor as "pay_minor?", x.lateness_minor as "lateness_minor?", x.load_minor as "load_minor?",
             x.over_qualification_minor as "over_qualification_minor?"
           from assignments as a
           join paralegals as p on p.paralegal_id = a.paralegal_id
           left join tasks as t on t.firm_id = a.firm_id and t.task_id = a.task_id
           left join assignment_terms as x on x.firm_id = a.firm_id and x.assignment_id = a.assignment_id
           where a.firm_id = $1 and a.assignment_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    row.map(Assignment::try_from).transpose()
}

/// A page of assignments, the newest first, after one.
pub async fn list(
    tx: &mut Transaction,
    filter: &Filter,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Assignment>, Error> {
    let states: Vec<String> = filter
        .states
        .iter()
        .map(|state| state.as_str().to_owned())
        .collect();
    let rows = sqlx::query_file_as!(
        Row,
        "src/store/assignments/list.sql",
        filter.firm.map(|firm| firm.0),
        after,
        &states,
        filter.task.map(|task| task.firm.0),
        filter.task.map(|task| task.id.0),
        filter.matter.map(|matter| matter.0),
        filter.paralegal.map(|paralegal| paralegal.0),
        filter.own.map(|paralegal| paralegal.0),
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter().map(Assignment::try_from).collect()
}
