//! The versions of documents. A version is written once.

use caseload_database::Transaction;
use caseload_domain::ParalegalId;
use caseload_domain::name::DocumentName;
use time::OffsetDateTime;
use uuid::Uuid;

use super::super::sound;
use crate::domain::document::{Content, DocumentVersion, Place, StoreCode};
use crate::error::IntakeError;

pub(super) struct VersionRow {
    pub(super) number: i32,
    pub(super) object_id: Uuid,
    pub(super) store: String,
    pub(super) display_name: String,
    pub(super) media_type: String,
    pub(super) size_bytes: i64,
    pub(super) sha256: Vec<u8>,
    pub(super) uploaded_by: String,
    pub(super) paralegal_id: Option<Uuid>,
    pub(super) create_time: OffsetDateTime,
}

impl TryFrom<VersionRow> for DocumentVersion {
    type Error = IntakeError;

    fn try_from(row: VersionRow) -> Result<Self, IntakeError> {
        let sha256 = sound(row.sha256.as_slice().try_into())?;
        Ok(Self {
            number: row.number,
            place: Place {
                store: StoreCode(row.store),
                object: row.object_id,
            },
            display_name: row.display_name,
            media_type: row.media_type,
            content: Content {
                size: row.size_bytes,
                sha256,
            },
            uploaded_by: row.uploaded_by,
            paralegal: row.paralegal_id.map(ParalegalId),
            create_time: row.create_time,
        })
    }
}

/// The versions of a document after one, the oldest first.
pub(crate) async fn page(
    tx: &mut Transaction,
    name: DocumentName,
    after: i32,
    limit: i64,
) -> Result<Vec<DocumentVersion>, IntakeError> {
    sqlx::query_as!(
        VersionRow,
        "select number, object_id, store, display_name, media_type, size_bytes, sha256, uploaded_by, paralegal_id,
                create_time
         from document_versions where firm_id = $1 and document_id = $2 and number > $3 order by number limit $4",
        name.firm.0,
        name.id.0,
        after,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// One version; none when there is none of this number, or the scope does not show it.
pub(crate) async fn find(
    tx: &mut Transaction,
    name: DocumentName,
    number: i32,
) -> Result<Option<DocumentVersion>, IntakeError> {
    let after = number.saturating_sub(1);
    let next = page(tx, name, after, 1).await?.pop();
    Ok(next.filter(|version| version.number == number))
}

pub(crate) async fn insert(
    tx: &mut Transaction,
    name: DocumentName,
    version: &DocumentVersion,
) -> Result<(), IntakeError> {
    sqlx::query!(
        "insert into document_versions (firm_id, document_id, number, object_id, store, display_name, media_type,
                                        size_bytes, sha256, uploaded_by, paralegal_id, create_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        name.firm.0,
        name.id.0,
        version.number,
        version.place.object,
        version.place.store.0,
        version.display_name,
        version.media_type,
        version.content.size,
        version.content.sha256.as_slice(),
        version.uploaded_by,
        version.paralegal.map(|paralegal| paralegal.0),
        version.create_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// How many bytes all versions of a document have.
pub(super) async fn total(tx: &mut Transaction, name: DocumentName) -> Result<i64, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select coalesce(sum(size_bytes), 0)::bigint as "total!" from document_versions
           where firm_id = $1 and document_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_one(tx.connection())
    .await?)
}
