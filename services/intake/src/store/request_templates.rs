//! Templates of requests.

mod blueprint;

use caseload_database::Transaction;
use caseload_domain::name::RequestTemplateName;
use caseload_domain::{FirmId, RequestTemplateId};
use time::OffsetDateTime;
use uuid::Uuid;

use self::blueprint::{StoredBlueprint, stored};
use super::{Keys, Page, sound};
use crate::domain::request_template::{Blueprint, RequestTemplate, TemplateFacts};
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    request_template_id: Uuid,
    display_name: String,
    title: String,
    description: String,
    supervising_attorney_id: Option<String>,
    tasks: serde_json::Value,
    version: i64,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
}

impl TryFrom<Row> for RequestTemplate {
    type Error = IntakeError;

    fn try_from(row: Row) -> Result<Self, IntakeError> {
        let tasks: Vec<StoredBlueprint> = sound(serde_json::from_value(row.tasks))?;
        Ok(Self {
            name: RequestTemplateName::new(
                FirmId(row.firm_id),
                RequestTemplateId(row.request_template_id),
            ),
            facts: TemplateFacts {
                display_name: row.display_name,
                title: row.title,
                description: row.description,
                supervising_attorney_id: row.supervising_attorney_id,
                tasks: tasks
                    .into_iter()
                    .map(TryInto::try_into)
                    .collect::<Result<_, _>>()?,
            },
            version: row.version,
            create_time: row.create_time,
            update_time: row.update_time,
        })
    }
}

fn column(tasks: &[Blueprint]) -> Result<serde_json::Value, IntakeError> {
    let stored: Option<Vec<_>> = tasks.iter().map(stored).collect();
    let stored = stored
        .ok_or_else(|| IntakeError::Damaged("a parsed blueprint lacks a field".to_owned()))?;
    sound(serde_json::to_value(stored))
}

/// The templates of one firm, or of every firm that the scope shows.
pub(crate) async fn page(
    tx: &mut Transaction,
    firm: Option<FirmId>,
    page: Page,
) -> Result<Keys, IntakeError> {
    Ok(sqlx::query!(
        "select firm_id, request_template_id from request_templates
         where ($1::uuid is null or firm_id = $1) and ($2::uuid is null or request_template_id > $2)
         order by request_template_id limit $3",
        firm.map(Uuid::from),
        page.after,
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.request_template_id))
    .collect())
}

pub(crate) async fn load(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<Vec<RequestTemplate>, IntakeError> {
    sqlx::query_as!(
        Row,
        "select t.firm_id, t.request_template_id, t.display_name, t.title, t.description, t.supervising_attorney_id,
                t.tasks, t.version, t.create_time, t.update_time
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, request_template_id)
         join request_templates t using (firm_id, request_template_id) order by t.request_template_id",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// One template; not found when the scope does not show it.
pub(crate) async fn get(
    tx: &mut Transaction,
    name: RequestTemplateName,
) -> Result<RequestTemplate, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// One template, held for the transaction.
pub(crate) async fn lock(
    tx: &mut Transaction,
    name: RequestTemplateName,
) -> Result<RequestTemplate, IntakeError> {
    sqlx::query_scalar!(
        "select request_template_id from request_templates where firm_id = $1 and request_template_id = $2
         for no key update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, name).await
}

pub(crate) async fn insert(
    tx: &mut Transaction,
    template: &RequestTemplate,
) -> Result<(), IntakeError> {
    let facts = &template.facts;
    sqlx::query!(
        "insert into request_templates (firm_id, request_template_id, display_name, title, description,
                                        supervising_attorney_id, tasks, create_time, update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        template.name.firm.0,
        template.name.id.0,
        facts.display_name,
        facts.title,
        facts.description,
        facts.supervising_attorney_id,
        column(&facts.tasks)?,
        template.create_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Writes what can change of a template that is held, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    template: &mut RequestTemplate,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    template.version += 1;
    template.update_time = now;
    let facts = &template.facts;
    sqlx::query!(
        "update request_templates set display_name = $3, title = $4, description = $5, supervising_attorney_id = $6,
                                      tasks = $7, version = $8, update_time = $9
         where firm_id = $1 and request_template_id = $2",
        template.name.firm.0,
        template.name.id.0,
        facts.display_name,
        facts.title,
        facts.description,
        facts.supervising_attorney_id,
        column(&facts.tasks)?,
        template.version,
        template.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Removes a template that is held.
pub(crate) async fn delete(
    tx: &mut Transaction,
    name: RequestTemplateName,
) -> Result<(), IntakeError> {
    sqlx::query!(
        "delete from request_templates where firm_id = $1 and request_template_id = $2",
        name.firm.0,
        name.id.0,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A template as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: RequestTemplateName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(t) as "record!" from request_templates t
           where firm_id = $1 and request_template_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
