//! Tasks.

mod court;
mod row;
mod write;

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::name::{MatterName, RequestName, TaskName};
use caseload_domain::work::{Priority, TaskKind};
use caseload_domain::{FirmId, MatterId, ParalegalId, PracticeArea, RequestId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use self::row::Row;
pub(super) use self::row::{StoredMilestone, StoredSkill};
pub(crate) use self::write::{insert, save};
use super::words::Sought;
use super::{Keys, Page, own, sound, words_of};
use crate::domain::search::Query;
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
    pub(crate) practice_areas: Vec<PracticeArea>,
    pub(crate) kinds: Vec<TaskKind>,
    pub(crate) priorities: Vec<Priority>,
    pub(crate) paralegal: Option<ParalegalId>,
    pub(crate) query: Option<Query>,
    pub(crate) order: Order,
}

/// The order of a list of tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Order {
    /// By due time, and those due at one time by age; else by age alone.
    pub(crate) by_due_time: bool,
    /// The last first.
    pub(crate) descending: bool,
}

/// Where a task stands in a list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Place {
    firm: Uuid,
    id: Uuid,
    /// In microseconds since 1970.
    due: i64,
}

impl Place {
    pub(crate) fn key(self) -> (Uuid, Uuid) {
        (self.firm, self.id)
    }

    fn due_time(self) -> Result<OffsetDateTime, IntakeError> {
        sound(OffsetDateTime::from_unix_timestamp_nanos(
            i128::from(self.due) * 1_000,
        ))
    }
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page<Place>,
) -> Result<Vec<Place>, IntakeError> {
    let states = words_of(&filter.states, TaskState::as_str);
    let areas = words_of(&filter.practice_areas, PracticeArea::name);
    let kinds = words_of(&filter.kinds, TaskKind::as_str);
    let priorities = words_of(&filter.priorities, Priority::as_str);
    let sought = Sought::new(tx, filter.query.as_ref());
    // The order and what is looked for are known when the statement is planned: what does not apply folds away, and
    // the index of what does is walked from the last key on.
    let rows = sqlx::query!(
        "select t.firm_id, t.task_id, t.due_time from tasks t
         left join task_words w on $15::text is not null and w.firm_id = t.firm_id and w.task_id = t.task_id
         where ($1::uuid is null or t.firm_id = $1)
           and ($2::uuid is null or case
               when $3::boolean and $4::boolean then (t.due_time, t.task_id) < ($5::timestamptz, $2)
               when $3 then (t.due_time, t.task_id) > ($5, $2)
               when $4 then t.task_id < $2
               else t.task_id > $2 end)
           and ($6::uuid is null or t.request_id = $6) and ($7::uuid is null or t.matter_id = $7)
           and ($8::text[] is null or t.state = any($8))
           and ($9::timestamptz is null or t.due_time >= $9) and ($10::timestamptz is null or t.due_time < $10)
           and ($11::uuid is null or t.paralegal_id = $11) and ($17::uuid is null or t.paralegal_id = $17)
           and ($12::text[] is null or t.practice_area = any($12))
           and ($13::text[] is null or t.kind = any($13))
           and ($14::text[] is null or t.priority = any($14))
           and ($15::text is null or w.words @@ $15::text::tsquery)
           and ($16::text is null or t.task_id = any(array(select tasks_of_words($16::text::tsquery))))
         order by case when $3 and $4 then t.due_time end desc, case when $3 and not $4 then t.due_time end,
                  case when $4 then t.task_id end desc, case when not $4 then t.task_id end
         limit $18",
        filter.firm.map(Uuid::from),
        page.after.map(|place| place.id),
        filter.order.by_due_time,
        filter.order.descending,
        page.after.map(Place::due_time).transpose()?,
        filter.request.map(Uuid::from),
        filter.matter.map(Uuid::from),
        states.as_deref(),
        filter.due_from,
        filter.due_before,
        own(tx),
        areas.as_deref(),
        kinds.as_deref(),
        priorities.as_deref(),
        sought.among_own,
        sought.among_all,
        filter.paralegal.map(Uuid::from),
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Place {
                firm: row.firm_id,
                id: row.task_id,
                due: sound(i64::try_from(row.due_time.unix_timestamp_nanos() / 1_000))?,
            })
        })
        .collect()
}

/// Tasks by name, in the order of the names.
pub(crate) async fn load(tx: &mut Transaction, keys: &Keys) -> Result<Vec<Task>, IntakeError> {
    let rows = sqlx::query_as!(
        Row,
        "select t.firm_id, t.task_id, t.request_id, t.matter_id, t.title, t.instructions, t.kind, t.practice_area,
                t.required_skills, t.effort_seconds, t.priority, t.earliest_start_time, t.due_time, t.pricing_model,
                t.currency, t.hourly_rate, t.hourly_cap_minor, t.project_fee_minor, t.milestones, t.subkind,
                t.court_deadline, t.court_deadline_time, t.due_by, t.utbms_task_code,
                t.budget_effort_seconds, t.budget_amount_minor, t.budget_notice_percents, t.jurisdiction,
                t.language_code, t.required_certification, t.depends_on, t.state, t.held_state, t.hold_reason,
                t.hold_cause, t.cancel_reason, t.assignment_id, t.paralegal_id, t.open_time, t.start_time,
                t.first_deliver_time, t.first_deliver_due_time, t.turnaround_seconds, t.accept_time, t.hold_start_time, t.held_seconds,
                t.revisions, t.version, t.create_time, t.update_time
         from unnest($1::uuid[], $2::uuid[]) with ordinality as k (firm_id, task_id, place)
         join tasks t using (firm_id, task_id) order by k.place",
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

/// The tasks of a matter that something is left to do of, held for the transaction in their order.
pub(crate) async fn lock_of_matter(
    tx: &mut Transaction,
    matter: MatterName,
) -> Result<Vec<Task>, IntakeError> {
    let keys: Keys = sqlx::query_scalar!(
        "select task_id from tasks
         where firm_id = $1 and matter_id = $2 and state not in ('accepted', 'cancelled')
         order by task_id for no key update",
        matter.firm.0,
        matter.id.0,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|id| (matter.firm.0, id))
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
