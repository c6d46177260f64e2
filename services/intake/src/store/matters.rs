//! Matters, their external ids, parties, names and screens.

mod key_dates;
mod parts;

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{FirmId, MatterId, PracticeArea};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

pub(crate) use self::parts::screen;
use self::parts::{external_ids, insert_parts, parties, screens};
use super::words::{self, Sought};
use super::{Keys, Page, flags_of, read};
use crate::domain::matter::{ExternalId, Matter, MatterFacts, MatterState};
use crate::domain::search::Query;
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    matter_id: Uuid,
    caption: String,
    client_display_name: String,
    client_matter_number: String,
    practice_area: String,
    court: String,
    docket_number: String,
    jurisdiction: String,
    closed: bool,
    conflict_state: Option<String>,
    version: i64,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
}

/// What a list of matters is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) states: Vec<MatterState>,
    pub(crate) practice_area: Option<PracticeArea>,
    pub(crate) external_id: Option<ExternalId>,
    pub(crate) query: Option<Query>,
    pub(crate) key_date_from: Option<Date>,
    pub(crate) key_date_to: Option<Date>,
}

pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &Filter,
    page: Page,
) -> Result<Keys, IntakeError> {
    let external = filter.external_id.as_ref();
    let closed = flags_of(&filter.states, MatterState::Closed);
    let sought = Sought::new(tx, filter.query.as_ref());
    Ok(sqlx::query!(
        "select m.firm_id, m.matter_id from matters m
         left join matter_words w on $8::text is not null and w.firm_id = m.firm_id and w.matter_id = m.matter_id
         where ($1::uuid is null or m.firm_id = $1)
           and ($2::uuid is null or m.matter_id > $2)
           and ($3::boolean[] is null or m.closed = any($3))
           and ($4::text is null or m.practice_area = $4)
           and ($5::text is null or exists (
               select from matter_external_ids e
               where e.firm_id = m.firm_id and e.matter_id = m.matter_id and e.source = $5 and e.external_id = $6))
           and (($10::date is null and $11::date is null) or (m.firm_id, m.matter_id) in (
               select d.firm_id, d.matter_id from matter_key_dates d
               where ($1::uuid is null or d.firm_id = $1)
                 and ($10::date is null or d.date >= $10) and ($11::date is null or d.date <= $11)))
           and ($8::text is null or w.words @@ $8::text::tsquery)
           and ($9::text is null or m.matter_id = any(array(select matters_of_words($9::text::tsquery))))
         order by m.matter_id limit $7",
        filter.firm.map(Uuid::from),
        page.after,
        closed.as_deref(),
        filter.practice_area.map(PracticeArea::name),
        external.map(|id| id.source.as_str()),
        external.map(|id| id.id.as_str()),
        page.limit,
        sought.among_own,
        sought.among_all,
        filter.key_date_from,
        filter.key_date_to,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.matter_id))
    .collect())
}

pub(crate) async fn load(tx: &mut Transaction, keys: &Keys) -> Result<Vec<Matter>, IntakeError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select m.firm_id, m.matter_id, m.caption, m.client_display_name, m.client_matter_number, m.practice_area,
                  m.court, m.docket_number, m.jurisdiction, m.closed, c.state as "conflict_state?", m.version,
                  m.create_time, m.update_time
           from unnest($1::uuid[], $2::uuid[]) as k (firm_id, matter_id)
           join matters m using (firm_id, matter_id)
           left join conflict_checks c
               on c.firm_id = m.firm_id and c.matter_id = m.matter_id and c.state <> 'superseded'
           order by m.matter_id"#,
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?;
    let mut external_ids = external_ids(tx, keys).await?;
    let mut parties = parties(tx, keys).await?;
    let mut key_dates = key_dates::key_dates(tx, keys).await?;
    let mut screens = screens(tx, keys).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Matter {
                name: MatterName::new(FirmId(row.firm_id), MatterId(row.matter_id)),
                facts: MatterFacts {
                    caption: row.caption,
                    client_display_name: row.client_display_name,
                    client_matter_number: row.client_matter_number,
                    practice_area: read(&row.practice_area)?,
                    court: row.court,
                    docket_number: row.docket_number,
                    jurisdiction: row.jurisdiction,
                    external_ids: external_ids.remove(&row.matter_id).unwrap_or_default(),
                    parties: parties.remove(&row.matter_id).unwrap_or_default(),
                    key_dates: key_dates.remove(&row.matter_id).unwrap_or_default(),
                },
                closed: row.closed,
                conflict_state: row.conflict_state.as_deref().map(read).transpose()?,
                screened: screens.remove(&row.matter_id).unwrap_or_default(),
                version: row.version,
                create_time: row.create_time,
                update_time: row.update_time,
            })
        })
        .collect()
}

/// The matter of a firm that another system knows by an id; none when there is none.
pub(crate) async fn known_as(
    tx: &mut Transaction,
    firm: FirmId,
    key: &ExternalId,
) -> Result<Option<MatterName>, IntakeError> {
    let found = sqlx::query_scalar!(
        "select matter_id from matter_external_ids where firm_id = $1 and source = $2 and external_id = $3",
        firm.0,
        key.source,
        key.id,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(found.map(|id| MatterName::new(firm, MatterId(id))))
}

/// One matter; not found when the scope does not show it.
pub(crate) async fn get(tx: &mut Transaction, name: MatterName) -> Result<Matter, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// One matter, held for the transaction.
pub(crate) async fn lock(tx: &mut Transaction, name: MatterName) -> Result<Matter, IntakeError> {
    sqlx::query_scalar!(
        "select matter_id from matters where firm_id = $1 and matter_id = $2 for no key update",
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, name).await
}

pub(crate) async fn insert(tx: &mut Transaction, matter: &Matter) -> Result<(), IntakeError> {
    let facts = &matter.facts;
    sqlx::query!(
        "insert into matters (firm_id, matter_id, caption, client_display_name, client_matter_number, practice_area,
                              court, docket_number, jurisdiction, proceeding_key, create_time, update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        matter.name.firm.0,
        matter.name.id.0,
        facts.caption,
        facts.client_display_name,
        facts.client_matter_number,
        facts.practice_area.name(),
        facts.court,
        facts.docket_number,
        facts.jurisdiction,
        facts.proceeding_key(),
        matter.create_time,
    )
    .execute(tx.connection())
    .await?;
    insert_parts(tx, matter).await?;
    key_dates::keep(tx, matter.name, &matter.facts.key_dates).await?;
    words::put_matter(tx, matter).await
}

/// Writes what can change of a matter that is held, and makes it a version newer.
pub(crate) async fn save(
    tx: &mut Transaction,
    matter: &mut Matter,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    matter.version += 1;
    matter.update_time = now;
    let (name, facts) = (matter.name, &matter.facts);
    sqlx::query!(
        "update matters set caption = $3, client_display_name = $4, client_matter_number = $5, practice_area = $6,
                            court = $7, docket_number = $8, jurisdiction = $9, proceeding_key = $10, closed = $11,
                            version = $12, update_time = $13
         where firm_id = $1 and matter_id = $2",
        name.firm.0,
        name.id.0,
        facts.caption,
        facts.client_display_name,
        facts.client_matter_number,
        facts.practice_area.name(),
        facts.court,
        facts.docket_number,
        facts.jurisdiction,
        facts.proceeding_key(),
        matter.closed,
        matter.version,
        matter.update_time,
    )
    .execute(tx.connection())
    .await?;
    sqlx::query!(
        "with ids as (delete from matter_external_ids where firm_id = $1 and matter_id = $2)
         delete from parties where firm_id = $1 and matter_id = $2",
        name.firm.0,
        name.id.0,
    )
    .execute(tx.connection())
    .await?;
    insert_parts(tx, matter).await?;
    key_dates::keep(tx, matter.name, &matter.facts.key_dates).await?;
    words::put_matter(tx, matter).await
}

/// A matter as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: MatterName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(m) || jsonb_build_object(
               'parties',
               (select jsonb_agg(p order by p.position) from parties p
                where p.firm_id = m.firm_id and p.matter_id = m.matter_id),
               'external_ids',
               (select jsonb_object_agg(e.source, e.external_id) from matter_external_ids e
                where e.firm_id = m.firm_id and e.matter_id = m.matter_id),
               'key_dates',
               (select jsonb_agg(d order by d.date, d.time_of_day nulls first, d.key_date_id) from matter_key_dates d
                where d.firm_id = m.firm_id and d.matter_id = m.matter_id),
               'screened_paralegals',
               (select jsonb_agg(s.paralegal_id order by s.paralegal_id) from matter_screens s
                where s.firm_id = m.firm_id and s.matter_id = m.matter_id)) as "record!"
           from matters m where m.firm_id = $1 and m.matter_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
