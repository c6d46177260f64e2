//! Consents on file.

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{ConsentId, FirmId, MatterId};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Page, sound};
use crate::domain::conflict_key::same_name;
use crate::domain::consent::{Consent, ConsentReach, ConsentTerms};
use crate::domain::firm::MOST_CONSENTS;
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    consent_id: Uuid,
    granted_by: String,
    grant_date: Date,
    expire_date: Option<Date>,
    reach: String,
    client_display_name: Option<String>,
    matter_id: Option<Uuid>,
    note: String,
    recorded_by: String,
    record_time: OffsetDateTime,
    revoke_time: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Consent {
    type Error = IntakeError;

    fn try_from(row: Row) -> Result<Self, IntakeError> {
        let reach = match (row.reach.as_str(), row.client_display_name, row.matter_id) {
            ("all_matters", None, None) => ConsentReach::AllMatters,
            ("client", Some(client), None) => ConsentReach::Client(client),
            ("matter", None, Some(matter)) => ConsentReach::Matter(MatterId(matter)),
            (reach, ..) => {
                return Err(IntakeError::Damaged(format!("a consent reaches {reach}")));
            }
        };
        Ok(Self {
            id: ConsentId(row.consent_id),
            terms: ConsentTerms {
                granted_by: row.granted_by,
                grant_date: row.grant_date,
                expire_date: row.expire_date,
                reach,
                note: row.note,
            },
            recorded_by: row.recorded_by,
            record_time: row.record_time,
            revoke_time: row.revoke_time,
        })
    }
}

/// The newest consents of some firms, as many as the answer of a firm carries, the oldest of them first.
pub(crate) async fn newest(
    tx: &mut Transaction,
    firms: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Consent>>, IntakeError> {
    let most = sound(i64::try_from(MOST_CONSENTS))?;
    let rows = sqlx::query_as!(
        Row,
        "select c.firm_id, c.consent_id, c.granted_by, c.grant_date, c.expire_date, c.reach, c.client_display_name,
                c.matter_id, c.note, c.recorded_by, c.record_time, c.revoke_time
         from unnest($1::uuid[]) as f (firm_id)
         cross join lateral (
             select * from consents c where c.firm_id = f.firm_id order by c.consent_id desc limit $2) c
         order by c.firm_id, c.consent_id",
        firms,
        most,
    )
    .fetch_all(tx.connection())
    .await?;
    let mut of_firm: HashMap<Uuid, Vec<Consent>> = HashMap::new();
    for row in rows {
        let firm = row.firm_id;
        of_firm.entry(firm).or_default().push(row.try_into()?);
    }
    Ok(of_firm)
}

/// What a list of a firm's consents is narrowed to.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) firm: FirmId,
    /// The matter that they cover.
    pub(crate) covering: Option<MatterId>,
    /// The client whose matters they are for, however it is spelled.
    pub(crate) client: Option<String>,
    /// The day on which they are in force.
    pub(crate) in_force: Option<Date>,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page,
) -> Result<Vec<Uuid>, IntakeError> {
    let of_client = match &filter.client {
        Some(client) => Some(spellings(tx, filter.firm, client).await?),
        None => None,
    };
    let of_matter = match filter.covering {
        Some(matter) => {
            let matter = super::matters::get(tx, MatterName::new(filter.firm, matter)).await;
            let matter = matter.map_err(|error| error.in_field("matter"))?;
            Some(spellings(tx, filter.firm, &matter.facts.client_display_name).await?)
        }
        None => None,
    };
    Ok(sqlx::query_scalar!(
        "select consent_id from consents
         where firm_id = $1 and ($2::uuid is null or consent_id > $2)
           and ($3::uuid is null or reach = 'all_matters' or matter_id = $3 or client_display_name = any($4))
           and ($5::text[] is null or client_display_name = any($5))
           and ($6::date is null
                or revoke_time is null and grant_date <= $6 and (expire_date is null or expire_date >= $6))
         order by consent_id limit $7",
        filter.firm.0,
        page.after,
        filter.covering.map(Uuid::from),
        of_matter.as_deref(),
        of_client.as_deref(),
        filter.in_force,
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?)
}

pub(crate) async fn load(
    tx: &mut Transaction,
    firm: FirmId,
    ids: &[Uuid],
) -> Result<Vec<Consent>, IntakeError> {
    sqlx::query_as!(
        Row,
        "select firm_id, consent_id, granted_by, grant_date, expire_date, reach, client_display_name, matter_id, note,
                recorded_by, record_time, revoke_time
         from consents where firm_id = $1 and consent_id = any($2) order by consent_id",
        firm.0,
        ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// One consent; not found when the scope does not show it.
pub(crate) async fn get(
    tx: &mut Transaction,
    firm: FirmId,
    id: ConsentId,
) -> Result<Consent, IntakeError> {
    let found = load(tx, firm, &[id.0]).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(format!("consent {id}")))
}

/// Every consent that is not revoked and reaches a matter of a client, whatever the day.
pub(crate) async fn reaching(
    tx: &mut Transaction,
    matter: MatterName,
    client: &str,
) -> Result<Vec<Consent>, IntakeError> {
    let of_client = spellings(tx, matter.firm, client).await?;
    sqlx::query_as!(
        Row,
        "select firm_id, consent_id, granted_by, grant_date, expire_date, reach, client_display_name, matter_id, note,
                recorded_by, record_time, revoke_time
         from consents
         where firm_id = $1 and revoke_time is null
           and (reach = 'all_matters' or matter_id = $2 or client_display_name = any($3))
         order by consent_id",
        matter.firm.0,
        matter.id.0,
        &of_client,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// How a firm's consents spell the name of a client. They are compared here and not by a stored key, which would have to
/// be made anew whenever names are compared in another way.
async fn spellings(
    tx: &mut Transaction,
    firm: FirmId,
    client: &str,
) -> Result<Vec<String>, IntakeError> {
    let names = sqlx::query_scalar!(
        r#"select distinct client_display_name as "name!" from consents
           where firm_id = $1 and client_display_name is not null"#,
        firm.0,
    )
    .fetch_all(tx.connection())
    .await?;
    let alike = |name: &String| same_name(name, client);
    Ok(names.into_iter().filter(alike).collect())
}

pub(crate) async fn insert(
    tx: &mut Transaction,
    firm: FirmId,
    consent: &Consent,
) -> Result<(), IntakeError> {
    let (reach, client, matter) = match &consent.terms.reach {
        ConsentReach::AllMatters => ("all_matters", None, None),
        ConsentReach::Client(client) => ("client", Some(client.as_str()), None),
        ConsentReach::Matter(matter) => ("matter", None, Some(matter.0)),
    };
    sqlx::query!(
        "insert into consents (firm_id, consent_id, granted_by, grant_date, expire_date, reach, client_display_name,
                               matter_id, note, recorded_by, record_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        firm.0,
        consent.id.0,
        consent.terms.granted_by,
        consent.terms.grant_date,
        consent.terms.expire_date,
        reach,
        client,
        matter,
        consent.terms.note,
        consent.recorded_by,
        consent.record_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(crate) async fn revoke(
    tx: &mut Transaction,
    firm: FirmId,
    consent: ConsentId,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    sqlx::query!(
        "update consents set revoke_time = $3 where firm_id = $1 and consent_id = $2",
        firm.0,
        consent.0,
        now,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A consent as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    firm: FirmId,
    id: ConsentId,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(c) as "record!" from consents c where firm_id = $1 and consent_id = $2"#,
        firm.0,
        id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
