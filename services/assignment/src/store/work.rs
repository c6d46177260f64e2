//! What intake tells of firms, matters and tasks: written by the projection, read by the rules.

use caseload_database::Transaction;
use caseload_domain::name::{MatterName, TaskName};
use caseload_domain::{FirmId, ParalegalId};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{known, word};
use crate::domain::task::{RequiredSkill, Task, TaskState};
use crate::error::Error;

/// A required skill as the store keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredSkill {
    practice_area: String,
    kind: String,
    level: u8,
}

/// Makes it so that a firm is, or is not, suspended.
pub async fn put_firm(
    tx: &mut Transaction,
    firm: FirmId,
    suspended: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into firms (firm_id, suspended) values ($1, $2)
         on conflict (firm_id) do update set suspended = excluded.suspended",
        firm.0,
        suspended,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Makes it so that these paralegals are screened off a matter. The version grows only when they change.
pub async fn put_matter(
    tx: &mut Transaction,
    matter: MatterName,
    screened: &[ParalegalId],
) -> Result<(), sqlx::Error> {
    let screened: Vec<Uuid> = screened.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into matters (firm_id, matter_id, screened_paralegals) values ($1, $2, $3)
         on conflict (firm_id, matter_id) do update
         set screened_paralegals = excluded.screened_paralegals,
             version = matters.version
                 + (matters.screened_paralegals is distinct from excluded.screened_paralegals)::integer",
        matter.firm.0,
        matter.id.0,
        &screened,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Makes a task so. The version grows only when a fact changes that plans rest on; the task's own is passed over.
pub async fn put_task(tx: &mut Transaction, task: &Task) -> Result<(), sqlx::Error> {
    let required: Vec<StoredSkill> = task
        .required_skills
        .iter()
        .map(|skill| StoredSkill {
            practice_area: skill.practice_area.clone(),
            kind: skill.kind.map_or("", |kind| kind.as_str()).to_owned(),
            level: skill.level,
        })
        .collect();
    sqlx::query!(
        "insert into tasks (firm_id, task_id, matter_id, title, kind, practice_area, required_skills, effort_seconds,
             priority, earliest_start_time, due_time, jurisdiction, language_code, required_certification,
             priced_by_project, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (firm_id, task_id) do update
         set matter_id = excluded.matter_id, title = excluded.title, kind = excluded.kind,
             practice_area = excluded.practice_area, required_skills = excluded.required_skills,
             effort_seconds = excluded.effort_seconds, priority = excluded.priority,
             earliest_start_time = excluded.earliest_start_time, due_time = excluded.due_time,
             jurisdiction = excluded.jurisdiction, language_code = excluded.language_code,
             required_certification = excluded.required_certification,
             priced_by_project = excluded.priced_by_project, state = excluded.state,
             version = tasks.version + (
                 (tasks.matter_id, tasks.kind, tasks.practice_area, tasks.required_skills, tasks.effort_seconds,
                  tasks.priority, tasks.earliest_start_time, tasks.due_time, tasks.jurisdiction,
                  tasks.language_code, tasks.required_certification, tasks.priced_by_project)
                 is distinct from
                 (excluded.matter_id, excluded.kind, excluded.practice_area, excluded.required_skills,
                  excluded.effort_seconds, excluded.priority, excluded.earliest_start_time, excluded.due_time,
                  excluded.jurisdiction, excluded.language_code, excluded.required_certification,
                  excluded.priced_by_project)
             )::integer",
        task.name.firm.0,
        task.name.id.0,
        task.matter.0,
        task.title,
        task.kind.as_str(),
        task.practice_area,
        Json(required) as _,
        task.effort,
        task.priority.as_str(),
        task.earliest_start,
        task.due,
        task.jurisdiction,
        task.language_code,
        task.certification,
        task.priced_by_project,
        task.state.as_str(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Locks the rows of tasks, in the order of their names, so that nobody waits for another in a circle. A task that is
/// not there is passed over.
pub async fn lock(tx: &mut Transaction, tasks: &[TaskName]) -> Result<(), Error> {
    let (firms, ids) = columns(tasks);
    sqlx::query_scalar!(
        "select task_id from tasks
         where (firm_id, task_id) in (select * from unnest($1::uuid[], $2::uuid[]))
         order by firm_id, task_id for update",
        &firms,
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(())
}

/// Names as two columns.
pub(super) fn columns(tasks: &[TaskName]) -> (Vec<Uuid>, Vec<Uuid>) {
    tasks.iter().map(|name| (name.firm.0, name.id.0)).unzip()
}

/// The tasks of these names that there are, in the order of their names.
pub async fn load(tx: &mut Transaction, tasks: &[TaskName]) -> Result<Vec<Task>, Error> {
    let (firms, ids) = columns(tasks);
    let rows = sqlx::query_as!(
        Row,
        r#"select firm_id, task_id, version, matter_id, title, kind, practice_area,
             required_skills as "required_skills: Json<Vec<StoredSkill>>", effort_seconds, priority,
             earliest_start_time, due_time, jurisdiction, language_code, required_certification,
             priced_by_project, state
           from tasks
           where (firm_id, task_id) in (select * from unnest($1::uuid[], $2::uuid[]))
           order by firm_id, task_id"#,
        &firms,
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter().map(Task::try_from).collect()
}

/// The names of the tasks that could be offered: assignable, without a live assignment, of a firm that is not
/// suspended.
pub async fn assignable(tx: &mut Transaction, limit: i64) -> Result<Vec<TaskName>, Error> {
    let rows = sqlx::query!(
        "select firm_id, task_id from tasks
         where state in ('open', 'assigned', 'in_progress')
             and not exists (
                 select from assignments
                 where assignments.firm_id = tasks.firm_id and assignments.task_id = tasks.task_id
                     and assignments.state in ('offered', 'accepted')
             )
             and not exists (select from firms where firms.firm_id = tasks.firm_id and firms.suspended)
         order by firm_id, task_id
         limit $1",
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| TaskName::new(row.firm_id.into(), row.task_id.into()))
        .collect())
}

/// Where a task stands, as far as the transaction's scope sees it.
pub async fn state(tx: &mut Transaction, task: TaskName) -> Result<Option<TaskState>, Error> {
    let state = sqlx::query_scalar!(
        "select state from tasks where firm_id = $1 and task_id = $2",
        task.firm.0,
        task.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    state
        .map(|state| word(&state, TaskState::from_word))
        .transpose()
}

struct Row {
    firm_id: Uuid,
    task_id: Uuid,
    version: i64,
    matter_id: Uuid,
    title: String,
    kind: String,
    practice_area: String,
    required_skills: Json<Vec<StoredSkill>>,
    effort_seconds: i64,
    priority: String,
    earliest_start_time: Option<OffsetDateTime>,
    due_time: Option<OffsetDateTime>,
    jurisdiction: String,
    language_code: String,
    required_certification: String,
    priced_by_project: bool,
    state: String,
}

impl TryFrom<Row> for Task {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let required_skills = row.required_skills.0.into_iter().map(|skill| {
            let kind = if skill.kind.is_empty() {
                None
            } else {
                Some(known(skill.kind.parse())?)
            };
            Ok(RequiredSkill {
                practice_area: skill.practice_area,
                kind,
                level: skill.level,
            })
        });
        Ok(Self {
            name: TaskName::new(row.firm_id.into(), row.task_id.into()),
            version: row.version,
            matter: row.matter_id.into(),
            title: row.title,
            kind: known(row.kind.parse())?,
            practice_area: row.practice_area,
            required_skills: required_skills.collect::<Result<_, Error>>()?,
            effort: row.effort_seconds,
            priority: known(row.priority.parse())?,
            earliest_start: row.earliest_start_time,
            due: row.due_time,
            jurisdiction: row.jurisdiction,
            language_code: row.language_code,
            certification: row.required_certification,
            priced_by_project: row.priced_by_project,
            state: word(&row.state, TaskState::from_word)?,
        })
    }
}
