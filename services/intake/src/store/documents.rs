//! Documents and their versions.

pub(crate) mod settings;
pub(crate) mod uploads;
pub(crate) mod versions;

use caseload_database::Transaction;
use caseload_domain::name::DocumentName;
use caseload_domain::{DocumentId, FirmId, MatterId, TaskId};
use time::OffsetDateTime;
use uuid::Uuid;

use self::versions::VersionRow;
use super::{Keys, Page, own, read, words_of};
use crate::domain::document::{Document, DocumentState};
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    document_id: Uuid,
    matter_id: Uuid,
    task_id: Option<Uuid>,
    state: String,
    delete_time: Option<OffsetDateTime>,
    purge_time: Option<OffsetDateTime>,
    version: i64,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
    number: i32,
    object_id: Uuid,
    store: String,
    display_name: String,
    media_type: String,
    size_bytes: i64,
    sha256: Vec<u8>,
    uploaded_by: String,
    paralegal_id: Option<Uuid>,
    upload_time: OffsetDateTime,
}

impl TryFrom<Row> for Document {
    type Error = IntakeError;

    fn try_from(row: Row) -> Result<Self, IntakeError> {
        let latest = VersionRow {
            number: row.number,
            object_id: row.object_id,
            store: row.store,
            display_name: row.display_name,
            media_type: row.media_type,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            uploaded_by: row.uploaded_by,
            paralegal_id: row.paralegal_id,
            create_time: row.upload_time,
        };
        Ok(Self {
            name: DocumentName::new(FirmId(row.firm_id), DocumentId(row.document_id)),
            matter: MatterId(row.matter_id),
            task: row.task_id.map(TaskId),
            state: read(&row.state)?,
            latest: latest.try_into()?,
            delete_time: row.delete_time,
            purge_time: row.purge_time,
            version: row.version,
            create_time: row.create_time,
            update_time: row.update_time,
        })
    }
}

/// What a list of documents is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) task: Option<TaskId>,
    pub(crate) matter: Option<MatterId>,
    pub(crate) states: Vec<DocumentState>,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page,
) -> Result<Keys, IntakeError> {
    let states = words_of(&filter.states, DocumentState::as_str);
    let firm = filter.firm.map(Uuid::from);
    let task = filter.task.map(Uuid::from);
    let matter = filter.matter.map(Uuid::from);
    if let Some(paralegal) = own(tx) {
        // By their tasks, which are few: the policy alone would look at every document there is.
        return Ok(sqlx::query!(
            "select d.firm_id, d.document_id from tasks t join documents d using (firm_id, task_id)
             where t.paralegal_id = $1 and ($2::uuid is null or d.firm_id = $2)
               and ($3::uuid is null or d.document_id > $3) and ($4::uuid is null or d.task_id = $4)
               and ($5::uuid is null or d.matter_id = $5) and ($6::text[] is null or d.state = any($6))
             order by d.document_id limit $7",
            paralegal,
            firm,
            page.after,
            task,
            matter,
            states.as_deref(),
            page.limit,
        )
        .fetch_all(tx.connection())
        .await?
        .into_iter()
        .map(|row| (row.firm_id, row.document_id))
        .collect());
    }
    Ok(sqlx::query!(
        "select firm_id, document_id from documents
         where ($1::uuid is null or firm_id = $1) and ($2::uuid is null or document_id > $2)
           and ($3::uuid is null or task_id = $3) and ($4::uuid is null or matter_id = $4)
           and ($5::text[] is null or state = any($5))
         order by document_id limit $6",
        firm,
        page.after,
        task,
        matter,
        states.as_deref(),
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.document_id))
    .collect())
}

pub(crate) async fn load(tx: &mut Transaction, keys: &Keys) -> Result<Vec<Document>, IntakeError> {
    sqlx::query_as!(
        Row,
        "select d.firm_id, d.document_id, d.matter_id, d.task_id, d.state, d.delete_time, d.purge_time, d.version,
                d.create_time, d.update_time, v.number, v.object_id, v.store, v.display_name, v.media_type,
                v.size_bytes, v.sha256, v.uploaded_by, v.paralegal_id, v.create_time as upload_time
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, document_id)
         join documents d using (firm_id, document_id)
         join document_versions v
             on v.firm_id = d.firm_id and v.document_id = d.document_id and v.number = d.latest_version
         order by d.document_id",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// One document; not found when the scope does not show it.
pub(crate) async fn get(tx: &mut Transaction, name: DocumentName) -> Result<Document, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// One document, held for the transaction. Its task is held before it, where both are.
pub(crate) async fn lock(
    tx: &mut Transaction,
    name: DocumentName,
) -> Result<Document, IntakeError> {
    sqlx::query_scalar!(
        "select document_id from documents where firm_id = $1 and document_id = $2 for no key update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, name).await
}

/// Documents of a firm, in the order of their ids, kept as they are until the transaction ends. Those that are not there
/// are left out.
pub(crate) async fn keep_as_they_are(
    tx: &mut Transaction,
    firm: FirmId,
    ids: &[Uuid],
) -> Result<Vec<Document>, IntakeError> {
    let keys: Keys = sqlx::query_scalar!(
        "select document_id from documents where firm_id = $1 and document_id = any($2)
         order by document_id for share",
        firm.0,
        ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|id| (firm.0, id))
    .collect();
    load(tx, &keys).await
}

/// Puts a new document in, with its first version.
pub(crate) async fn insert(tx: &mut Transaction, document: &Document) -> Result<(), IntakeError> {
    sqlx::query!(
        "insert into documents (firm_id, document_id, matter_id, task_id, state, latest_version, create_time,
                                update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
        document.name.firm.0,
        document.name.id.0,
        document.matter.0,
        document.task.map(|task| task.0),
        document.state.as_str(),
        document.latest.number,
        document.create_time,
    )
    .execute(tx.connection())
    .await?;
    versions::insert(tx, document.name, &document.latest).await
}

/// Writes what can change of a document that is held, and makes it a version newer (of itself, not of its content).
pub(crate) async fn save(
    tx: &mut Transaction,
    document: &mut Document,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    document.version += 1;
    document.update_time = now;
    sqlx::query!(
        "update documents set state = $3, latest_version = $4, delete_time = $5, purge_time = $6, version = $7,
                              update_time = $8
         where firm_id = $1 and document_id = $2",
        document.name.firm.0,
        document.name.id.0,
        document.state.as_str(),
        document.latest.number,
        document.delete_time,
        document.purge_time,
        document.version,
        document.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Whether a delivery holds a version of it.
pub(crate) async fn is_delivered(
    tx: &mut Transaction,
    name: DocumentName,
) -> Result<bool, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from delivery_documents where firm_id = $1 and document_id = $2) as "delivered!""#,
        name.firm.0,
        name.id.0,
    )
    .fetch_one(tx.connection())
    .await?)
}

/// Deleted documents whose content is to go by now.
pub(crate) async fn to_purge(
    tx: &mut Transaction,
    now: OffsetDateTime,
    most: i64,
) -> Result<Vec<DocumentName>, IntakeError> {
    Ok(sqlx::query!(
        "select firm_id, document_id from documents
         where state = 'deleted' and not purged and purge_time <= $1 order by purge_time limit $2",
        now,
        most,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| DocumentName::new(FirmId(row.firm_id), DocumentId(row.document_id)))
    .collect())
}

/// Notes that the content of a deleted document has gone, and gives the room back. Once.
pub(crate) async fn purged(tx: &mut Transaction, name: DocumentName) -> Result<(), IntakeError> {
    let changed = sqlx::query!(
        "update documents set purged = true
         where firm_id = $1 and document_id = $2 and state = 'deleted' and not purged",
        name.firm.0,
        name.id.0,
    )
    .execute(tx.connection())
    .await?;
    if changed.rows_affected() == 1 {
        let freed = versions::total(tx, name).await?;
        settings::free(tx, name.firm, freed).await?;
    }
    Ok(())
}

/// A document as the audit log keeps it, with its newest version.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: DocumentName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(d) || jsonb_build_object('latest', to_jsonb(v)) as "record!"
           from documents d join document_versions v
               on v.firm_id = d.firm_id and v.document_id = d.document_id and v.number = d.latest_version
           where d.firm_id = $1 and d.document_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
