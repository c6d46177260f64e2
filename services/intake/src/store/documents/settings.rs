//! How much a firm may store, and how much it does.

use caseload_database::Transaction;
use caseload_domain::FirmId;
use time::OffsetDateTime;

use crate::domain::document::Settings;
use crate::error::IntakeError;

/// What was decided for a firm; nothing where nothing ever was.
pub(crate) async fn get(tx: &mut Transaction, firm: FirmId) -> Result<Settings, IntakeError> {
    let row = sqlx::query!(
        "select most_version_bytes, most_total_bytes, version, update_time from document_settings where firm_id = $1",
        firm.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(match row {
        Some(row) => Settings {
            most_version: row.most_version_bytes,
            most_total: row.most_total_bytes,
            version: row.version,
            update_time: Some(row.update_time),
        },
        None => Settings {
            most_version: None,
            most_total: None,
            version: 0,
            update_time: None,
        },
    })
}

/// Writes what is decided for a firm that is held, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    firm: FirmId,
    settings: &mut Settings,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    settings.version += 1;
    settings.update_time = Some(now);
    sqlx::query!(
        "insert into document_settings (firm_id, most_version_bytes, most_total_bytes, version, update_time)
         values ($1, $2, $3, $4, $5)
         on conflict (firm_id) do update
         set most_version_bytes = $2, most_total_bytes = $3, version = $4, update_time = $5",
        firm.0,
        settings.most_version,
        settings.most_total,
        settings.version,
        now,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The settings as the audit log keeps them.
pub(crate) async fn record(
    tx: &mut Transaction,
    firm: FirmId,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(s) as "record!" from document_settings s where firm_id = $1"#,
        firm.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}

/// How many bytes a firm stores, with those of uploads under way.
pub(crate) async fn stored(tx: &mut Transaction, firm: FirmId) -> Result<i64, IntakeError> {
    let stored = sqlx::query_scalar!(
        "select stored_bytes from document_usage where firm_id = $1",
        firm.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(stored.unwrap_or_default())
}

/// Takes room for so many bytes, when there is as much below a limit. The firm's count is held from here on, so that two
/// do not take the same room.
pub(crate) async fn take(
    tx: &mut Transaction,
    firm: FirmId,
    bytes: i64,
    most: i64,
) -> Result<bool, IntakeError> {
    sqlx::query!(
        "insert into document_usage (firm_id, stored_bytes) values ($1, 0) on conflict do nothing",
        firm.0,
    )
    .execute(tx.connection())
    .await?;
    let taken = sqlx::query!(
        "update document_usage set stored_bytes = stored_bytes + $2
         where firm_id = $1 and stored_bytes + $2 <= $3",
        firm.0,
        bytes,
        most,
    )
    .execute(tx.connection())
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Gives room back.
pub(crate) async fn free(
    tx: &mut Transaction,
    firm: FirmId,
    bytes: i64,
) -> Result<(), IntakeError> {
    sqlx::query!(
        "update document_usage set stored_bytes = stored_bytes - $2 where firm_id = $1",
        firm.0,
        bytes,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
