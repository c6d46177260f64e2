//! Confidentiality undertakings.

use caseload_database::Transaction;
use caseload_domain::name::UndertakingName;
use caseload_domain::{FirmId, MatterId, ParalegalId, UndertakingId};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Keys, Page};
use crate::domain::undertaking::{Revocation, Undertaking, UndertakingTerms};
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    undertaking_id: Uuid,
    paralegal_id: Uuid,
    matter_id: Option<Uuid>,
    sign_date: Date,
    expire_date: Option<Date>,
    document_reference: String,
    note: String,
    recorded_by: String,
    revoke_time: Option<OffsetDateTime>,
    revoked_by: String,
    revoke_reason: String,
    version: i64,
    create_time: OffsetDateTime,
}

impl From<Row> for Undertaking {
    fn from(row: Row) -> Self {
        let (by, reason) = (row.revoked_by, row.revoke_reason);
        Self {
            name: UndertakingName::new(FirmId(row.firm_id), UndertakingId(row.undertaking_id)),
            terms: UndertakingTerms {
                paralegal: ParalegalId(row.paralegal_id),
                matter: row.matter_id.map(MatterId),
                sign_date: row.sign_date,
                expire_date: row.expire_date,
                document_reference: row.document_reference,
                note: row.note,
            },
            recorded_by: row.recorded_by,
            revocation: row.revoke_time.map(|time| Revocation { time, by, reason }),
            version: row.version,
            create_time: row.create_time,
        }
    }
}

/// What a list of undertakings is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) paralegal: Option<ParalegalId>,
    /// The matter that they reach; its firm is `firm`.
    pub(crate) matter: Option<MatterId>,
    /// The day on which they are in force.
    pub(crate) in_force: Option<Date>,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page,
) -> Result<Keys, IntakeError> {
    Ok(sqlx::query!(
        "select firm_id, undertaking_id from undertakings
         where ($1::uuid is null or firm_id = $1) and ($2::uuid is null or undertaking_id > $2)
           and ($3::uuid is null or paralegal_id = $3)
           and ($4::uuid is null or matter_id is null or matter_id = $4)
           and ($5::date is null
                or revoke_time is null and sign_date <= $5 and (expire_date is null or expire_date >= $5))
         order by undertaking_id limit $6",
        filter.firm.map(Uuid::from),
        page.after,
        filter.paralegal.map(Uuid::from),
        filter.matter.map(Uuid::from),
        filter.in_force,
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.undertaking_id))
    .collect())
}

pub(crate) async fn load(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<Vec<Undertaking>, IntakeError> {
    Ok(sqlx::query_as!(
        Row,
        "select u.firm_id, u.undertaking_id, u.paralegal_id, u.matter_id, u.sign_date, u.expire_date,
                u.document_reference, u.note, u.recorded_by, u.revoke_time, u.revoked_by, u.revoke_reason, u.version,
                u.create_time
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, undertaking_id)
         join undertakings u using (firm_id, undertaking_id) order by u.undertaking_id",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Into::into)
    .collect())
}

/// One undertaking; not found when the scope does not show it.
pub(crate) async fn get(
    tx: &mut Transaction,
    name: UndertakingName,
) -> Result<Undertaking, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// One undertaking, held for the transaction.
pub(crate) async fn lock(
    tx: &mut Transaction,
    name: UndertakingName,
) -> Result<Undertaking, IntakeError> {
    sqlx::query_scalar!(
        "select undertaking_id from undertakings where firm_id = $1 and undertaking_id = $2 for no key update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, name).await
}

pub(crate) async fn insert(
    tx: &mut Transaction,
    undertaking: &Undertaking,
) -> Result<(), IntakeError> {
    let (name, terms) = (undertaking.name, &undertaking.terms);
    sqlx::query!(
        "insert into undertakings (firm_id, undertaking_id, paralegal_id, matter_id, sign_date, expire_date,
                                   document_reference, note, recorded_by, create_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        name.firm.0,
        name.id.0,
        terms.paralegal.0,
        terms.matter.map(Uuid::from),
        terms.sign_date,
        terms.expire_date,
        terms.document_reference,
        terms.note,
        undertaking.recorded_by,
        undertaking.create_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Writes how an undertaking that is held has ended, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    undertaking: &mut Undertaking,
) -> Result<(), IntakeError> {
    undertaking.version += 1;
    let end = undertaking.revocation.as_ref();
    sqlx::query!(
        "update undertakings set revoke_time = $3, revoked_by = $4, revoke_reason = $5, version = $6
         where firm_id = $1 and undertaking_id = $2",
        undertaking.name.firm.0,
        undertaking.name.id.0,
        end.map(|end| end.time),
        end.map_or("", |end| &end.by),
        end.map_or("", |end| &end.reason),
        undertaking.version,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// An undertaking as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: UndertakingName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(u) as "record!" from undertakings u where firm_id = $1 and undertaking_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
