//! Deliveries.

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::name::DeliveryName;
use caseload_domain::{
    AssignmentId, DeliveryId, DocumentId, FirmId, MatterId, ParalegalId, TaskId,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Keys, Page, own, position, read, words_of};
use crate::domain::delivery::{Delivered, Delivery, DeliveryState};
use crate::domain::task::Worker;
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    delivery_id: Uuid,
    task_id: Uuid,
    matter_id: Uuid,
    paralegal_id: Uuid,
    assignment_id: Uuid,
    milestone_id: Option<String>,
    note: String,
    state: String,
    completes_task: bool,
    revision_reason: String,
    reviewed_by: String,
    review_time: Option<OffsetDateTime>,
    version: i64,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
}

impl TryFrom<Row> for Delivery {
    type Error = IntakeError;

    fn try_from(row: Row) -> Result<Self, IntakeError> {
        Ok(Self {
            name: DeliveryName::new(FirmId(row.firm_id), DeliveryId(row.delivery_id)),
            task: TaskId(row.task_id),
            matter: MatterId(row.matter_id),
            by: Worker {
                assignment: AssignmentId(row.assignment_id),
                paralegal: ParalegalId(row.paralegal_id),
            },
            milestone: row.milestone_id,
            note: row.note,
            documents: Vec::new(),
            state: read(&row.state)?,
            completes_task: row.completes_task,
            revision_reason: row.revision_reason,
            reviewed_by: row.reviewed_by,
            review_time: row.review_time,
            version: row.version,
            create_time: row.create_time,
            update_time: row.update_time,
        })
    }
}

/// What a list of deliveries is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) task: Option<TaskId>,
    pub(crate) states: Vec<DeliveryState>,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page,
) -> Result<Keys, IntakeError> {
    let states = words_of(&filter.states, DeliveryState::as_str);
    Ok(sqlx::query!(
        "select firm_id, delivery_id from deliveries
         where ($1::uuid is null or firm_id = $1) and ($2::uuid is null or delivery_id > $2)
           and ($3::uuid is null or task_id = $3) and ($4::text[] is null or state = any($4))
           and ($5::uuid is null or paralegal_id = $5)
         order by delivery_id limit $6",
        filter.firm.map(Uuid::from),
        page.after,
        filter.task.map(Uuid::from),
        states.as_deref(),
        own(tx),
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.delivery_id))
    .collect())
}

pub(crate) async fn load(tx: &mut Transaction, keys: &Keys) -> Result<Vec<Delivery>, IntakeError> {
    let rows = sqlx::query_as!(
        Row,
        "select d.firm_id, d.delivery_id, d.task_id, d.matter_id, d.paralegal_id, d.assignment_id, d.milestone_id,
                d.note, d.state, d.completes_task, d.revision_reason, d.reviewed_by, d.review_time, d.version,
                d.create_time, d.update_time
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, delivery_id)
         join deliveries d using (firm_id, delivery_id) order by d.delivery_id",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?;
    let mut documents = documents(tx, keys).await?;
    rows.into_iter()
        .map(|row| {
            let documents = documents.remove(&row.delivery_id).unwrap_or_default();
            let delivery = Delivery::try_from(row)?;
            Ok(Delivery {
                documents,
                ..delivery
            })
        })
        .collect()
}

async fn documents(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<HashMap<Uuid, Vec<Delivered>>, IntakeError> {
    let mut of_delivery: HashMap<Uuid, Vec<Delivered>> = HashMap::new();
    for row in sqlx::query!(
        "select d.delivery_id, d.document_id, d.number
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, delivery_id)
         join delivery_documents d using (firm_id, delivery_id) order by d.position",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    {
        of_delivery
            .entry(row.delivery_id)
            .or_default()
            .push(Delivered {
                document: DocumentId(row.document_id),
                version: row.number,
            });
    }
    Ok(of_delivery)
}

/// Writes what is handed over with a new delivery.
pub(crate) async fn hand_over(
    tx: &mut Transaction,
    delivery: &Delivery,
) -> Result<(), IntakeError> {
    for (at, one) in delivery.documents.iter().enumerate() {
        sqlx::query!(
            "insert into delivery_documents (firm_id, delivery_id, position, document_id, number)
             values ($1, $2, $3, $4, $5)",
            delivery.name.firm.0,
            delivery.name.id.0,
            position(at)?,
            one.document.0,
            one.version,
        )
        .execute(tx.connection())
        .await?;
    }
    Ok(())
}

/// One delivery; not found when the scope does not show it.
pub(crate) async fn get(tx: &mut Transaction, name: DeliveryName) -> Result<Delivery, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// One delivery, held for the transaction. Its task is held before it.
pub(crate) async fn lock(
    tx: &mut Transaction,
    name: DeliveryName,
) -> Result<Delivery, IntakeError> {
    sqlx::query_scalar!(
        "select delivery_id from deliveries where firm_id = $1 and delivery_id = $2 for no key update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, name).await
}

pub(crate) async fn insert(tx: &mut Transaction, delivery: &Delivery) -> Result<(), IntakeError> {
    sqlx::query!(
        "insert into deliveries (firm_id, delivery_id, task_id, matter_id, paralegal_id, assignment_id, milestone_id,
                                 note, state, completes_task, create_time, update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        delivery.name.firm.0,
        delivery.name.id.0,
        delivery.task.0,
        delivery.matter.0,
        delivery.by.paralegal.0,
        delivery.by.assignment.0,
        delivery.milestone,
        delivery.note,
        delivery.state.as_str(),
        delivery.completes_task,
        delivery.create_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Writes what can change of a delivery that is held, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    delivery: &mut Delivery,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    delivery.version += 1;
    delivery.update_time = now;
    sqlx::query!(
        "update deliveries set state = $3, revision_reason = $4, reviewed_by = $5, review_time = $6, version = $7,
                               update_time = $8
         where firm_id = $1 and delivery_id = $2",
        delivery.name.firm.0,
        delivery.name.id.0,
        delivery.state.as_str(),
        delivery.revision_reason,
        delivery.reviewed_by,
        delivery.review_time,
        delivery.version,
        delivery.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A delivery as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: DeliveryName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(d) as "record!" from deliveries d where firm_id = $1 and delivery_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
