//! Firms and their supervising attorneys.

mod profile;

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::FirmId;
use time::OffsetDateTime;
use uuid::Uuid;

use self::profile::Columns;
use super::{Page, flags_of, position, read};
use crate::domain::firm::{Firm, FirmProfile, FirmState, SupervisingAttorney};
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    code: String,
    display_name: String,
    legal_name: String,
    time_zone: String,
    currency: String,
    contact_email: String,
    data_residency: String,
    attorney_acceptance_required: bool,
    undertaking_required: bool,
    offices: serde_json::Value,
    contacts: serde_json::Value,
    billing_guidelines: Option<serde_json::Value>,
    suspended: bool,
    suspend_reason: String,
    version: i64,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    page: Page,
    states: &[FirmState],
) -> Result<Vec<Uuid>, IntakeError> {
    let suspended = flags_of(states, FirmState::Suspended);
    Ok(sqlx::query_scalar!(
        "select firm_id from firms
         where ($1::uuid is null or firm_id > $1) and ($2::boolean[] is null or suspended = any($2))
         order by firm_id limit $3",
        page.after,
        suspended.as_deref(),
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?)
}

pub(crate) async fn load(tx: &mut Transaction, ids: &[Uuid]) -> Result<Vec<Firm>, IntakeError> {
    let rows = sqlx::query_as!(
        Row,
        "select firm_id, code, display_name, legal_name, time_zone, currency, contact_email,
                data_residency, attorney_acceptance_required, undertaking_required, offices, contacts,
                billing_guidelines, suspended, suspend_reason, version, create_time, update_time
         from firms where firm_id = any($1) order by firm_id",
        ids,
    )
    .fetch_all(tx.connection())
    .await?;
    let mut attorneys = attorneys(tx, ids).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Firm {
                id: FirmId(row.firm_id),
                code: row.code,
                currency: read(&row.currency)?,
                profile: FirmProfile {
                    display_name: row.display_name,
                    legal_name: row.legal_name,
                    time_zone: read(&row.time_zone)?,
                    contact_email: row.contact_email,
                    supervising_attorneys: attorneys.remove(&row.firm_id).unwrap_or_default(),
                    data_residency: row.data_residency,
                    attorney_acceptance_required: row.attorney_acceptance_required,
                    undertaking_required: row.undertaking_required,
                    offices: Columns::offices(row.offices)?,
                    contacts: Columns::contacts(row.contacts)?,
                    billing_guidelines: Columns::billing_guidelines(row.billing_guidelines)?,
                },
                suspended: row.suspended.then_some(row.suspend_reason),
                version: row.version,
                create_time: row.create_time,
                update_time: row.update_time,
            })
        })
        .collect()
}

/// One firm; not found when the scope does not show it.
pub(crate) async fn get(tx: &mut Transaction, id: FirmId) -> Result<Firm, IntakeError> {
    let found = load(tx, &[id.0]).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(format!("firms/{id}")))
}

/// One firm, held for the transaction.
pub(crate) async fn lock(tx: &mut Transaction, id: FirmId) -> Result<Firm, IntakeError> {
    sqlx::query_scalar!(
        "select firm_id from firms where firm_id = $1 for no key update",
        id.0
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, id).await
}

async fn attorneys(
    tx: &mut Transaction,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<SupervisingAttorney>>, IntakeError> {
    let rows = sqlx::query!(
        "select firm_id, attorney_id, display_name, email, bar_jurisdiction, bar_number, inactive
         from supervising_attorneys where firm_id = any($1) order by firm_id, position",
        ids,
    )
    .fetch_all(tx.connection())
    .await?;
    let mut of_firm: HashMap<Uuid, Vec<SupervisingAttorney>> = HashMap::new();
    for row in rows {
        of_firm
            .entry(row.firm_id)
            .or_default()
            .push(SupervisingAttorney {
                attorney_id: row.attorney_id,
                display_name: row.display_name,
                email: row.email,
                bar_jurisdiction: row.bar_jurisdiction,
                bar_number: row.bar_number,
                inactive: row.inactive,
            });
    }
    Ok(of_firm)
}

pub(crate) async fn insert(tx: &mut Transaction, firm: &Firm) -> Result<(), IntakeError> {
    sqlx::query!("insert into firm_codes (code) values ($1)", firm.code)
        .execute(tx.connection())
        .await?;
    let columns = Columns::of(&firm.profile)?;
    sqlx::query!(
        "insert into firms (firm_id, code, display_name, legal_name, time_zone, currency, contact_email,
                            data_residency, attorney_acceptance_required, undertaking_required, offices, contacts,
                            billing_guidelines, create_time, update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)",
        firm.id.0,
        firm.code,
        firm.profile.display_name,
        firm.profile.legal_name,
        firm.profile.time_zone.name(),
        firm.currency.code(),
        firm.profile.contact_email,
        firm.profile.data_residency,
        firm.profile.attorney_acceptance_required,
        firm.profile.undertaking_required,
        columns.offices,
        columns.contacts,
        columns.billing_guidelines,
        firm.create_time,
    )
    .execute(tx.connection())
    .await?;
    keep_attorneys(tx, firm).await
}

/// Writes what can change of a firm that is held, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    firm: &mut Firm,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    firm.version += 1;
    firm.update_time = now;
    let columns = Columns::of(&firm.profile)?;
    sqlx::query!(
        "update firms set display_name = $2, legal_name = $3, time_zone = $4, contact_email = $5,
                          data_residency = $6, attorney_acceptance_required = $7,
                          undertaking_required = $8, offices = $9, contacts = $10, billing_guidelines = $11,
                          suspended = $12, suspend_reason = $13, version = $14, update_time = $15
         where firm_id = $1",
        firm.id.0,
        firm.profile.display_name,
        firm.profile.legal_name,
        firm.profile.time_zone.name(),
        firm.profile.contact_email,
        firm.profile.data_residency,
        firm.profile.attorney_acceptance_required,
        firm.profile.undertaking_required,
        columns.offices,
        columns.contacts,
        columns.billing_guidelines,
        firm.suspended.is_some(),
        firm.suspended.as_deref().unwrap_or_default(),
        firm.version,
        firm.update_time,
    )
    .execute(tx.connection())
    .await?;
    keep_attorneys(tx, firm).await
}

async fn keep_attorneys(tx: &mut Transaction, firm: &Firm) -> Result<(), IntakeError> {
    let attorneys = &firm.profile.supervising_attorneys;
    let ids: Vec<String> = attorneys
        .iter()
        .map(|attorney| attorney.attorney_id.clone())
        .collect();
    sqlx::query!(
        "delete from supervising_attorneys where firm_id = $1 and attorney_id <> all($2)",
        firm.id.0,
        &ids,
    )
    .execute(tx.connection())
    .await?;
    for (at, attorney) in attorneys.iter().enumerate() {
        sqlx::query!(
            "insert into supervising_attorneys
                 (firm_id, attorney_id, position, display_name, email, bar_jurisdiction, bar_number, inactive)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (firm_id, attorney_id) do update
             set position = excluded.position, display_name = excluded.display_name, email = excluded.email,
                 bar_jurisdiction = excluded.bar_jurisdiction, bar_number = excluded.bar_number,
                 inactive = excluded.inactive",
            firm.id.0,
            attorney.attorney_id,
            position(at)?,
            attorney.display_name,
            attorney.email,
            attorney.bar_jurisdiction,
            attorney.bar_number,
            attorney.inactive,
        )
        .execute(tx.connection())
        .await?;
    }
    Ok(())
}

/// A firm as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    id: FirmId,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(f) || jsonb_build_object(
               'supervising_attorneys',
               (select jsonb_agg(a order by a.position) from supervising_attorneys a where a.firm_id = f.firm_id)) as "record!"
           from firms f where f.firm_id = $1"#,
        id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
