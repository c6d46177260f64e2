//! Tasks.

mod row;
mod write;

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::name::{RequestName, TaskName};
use caseload_domain::{FirmId, MatterId, RequestId};
use time::OffsetDateTime;
use uuid::Uuid;

use self::row::Row;
pub(super) use self::row::{StoredMilestone, StoredSkill};
pub(crate) use self::write::{insert, save};
use super::{Keys, Page, own, words_of};
use crate::domain::task::{Task, TaskState};
use crate::error::IntakeError;

/// What a list of tasks is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) request: Option<RequestId>,
    pub(crate) matter: Option<MatterId>,
    pub(crate) states: Vec<TaskState>,
    pub(crate) due_from: Option<OffsetDateTime>,
    pub(crate) due_before: Option<OffsetDateTime>,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page,
) -> Result<Keys, IntakeError> {
    let states = words_of(&filter.states, TaskState::as_str);
    Ok(sqlx::query!(
        "select firm_id, task_id from tasks
         where ($1::uuid is null or firm_id = $1) and ($2::uuid is null or task_id > $2)
           and ($3::uuid is null or request_id = $3) and ($4::uuid is null or matter_id = $4)
           and ($5::text[] is null or state = any($5))
           and ($6::timestamptz is null or due_time >= $6) and ($7::timestamptz is null or due_time < $7)
           and ($8::uuid is null or paralegal_id = $8)
         order by task_id limit $9",
        filter.firm.map(Uuid::from),
        page.after,
        filter.request.map(Uuid::from),
        filter.matter.map(Uuid::from),
        states.as_deref(),
        filter.due_from,
        filter.due_before,
        own(tx),
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.task_id))
    .collect())
}

pub(crate) async fn load(tx: &mut Transaction, keys: &Keys) -> Result<Vec<Task>, IntakeError> {
    let rows = sqlx::query_as!(
        Row,
        "select t.firm_id, t.task_id, t.request_id, t.matter_id, t.title, t.instructions, t.kind, t.practice_area,
                t.required_skills, t.effort_seconds, t.priority, t.earliest_start_time, t.due_time, t.pricing_model,
                t.currency, t.hourly_rate, t.hourly_cap_minor, t.project_fee_minor, t.milestones, t.utbms_task_code,
                t.budget_effort_seconds, t.budget_amount_minor, t.budget_notice_percents, t.jurisdiction,
                t.language_code, t.required_certification, t.depends_on, t.state, t.held_state, t.hold_reason,
                t.cancel_reason, t.assignment_id, t.paralegal_id, t.open_time, t.start_time, t.first_deliver_time,
                t.first_deliver_due_time, t.turnaround_seconds, t.accept_time, t.hold_start_time, t.held_seconds,
                t.revisions, t.version, t.create_time, t.update_time
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, task_id)
         join tasks t using (firm_id, task_id) order by t.task_id",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?;
    let mut accepted = accepted_milestones(tx, keys).await?;
    rows.into_iter()
        .map(|row| {
            let milestones = accepted.remove(&row.task_id).unwrap_or_default();
            row.task(milestones)
        })
        .collect()
}

async fn accepted_milestones(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<HashMap<Uuid, Vec<String>>, IntakeError> {
    let mut of_task: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in sqlx::query!(
        r#"select d.task_id, d.milestone_id as "milestone_id!"
           from unnest($1::uuid[], $2::uuid[]) as k (firm_id, task_id)
           join deliveries d using (firm_id, task_id)
           where d.state = 'accepted' and d.milestone_id is not null order by d.delivery_id"#,
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    {
        of_task
            .entry(row.task_id)
            .or_default()
            .push(row.milestone_id);
    }
    Ok(of_task)
}

/// One task; not found when the scope does not show it.
pub(crate) async fn get(tx: &mut Transaction, name: TaskName) -> Result<Task, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// One task, held for the transaction.
pub(crate) async fn lock(tx: &mut Transaction, name: TaskName) -> Result<Task, IntakeError> {
    sqlx::query_scalar!(
        "select task_id from tasks where firm_id = $1 and task_id = $2 for no key update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, name).await
}

/// The tasks of a request, held for the transaction in their order.
pub(crate) async fn lock_of_request(
    tx: &mut Transaction,
    request: RequestName,
) -> Result<Vec<Task>, IntakeError> {
    let keys: Keys = sqlx::query_scalar!(
        "select task_id from tasks where firm_id = $1 and request_id = $2 order by task_id for no key update",
        request.firm.0,
        request.id.0,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|id| (request.firm.0, id))
    .collect();
    load(tx, &keys).await
}

/// A task as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: TaskName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(t) as "record!" from tasks t where firm_id = $1 and task_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
