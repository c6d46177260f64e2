//! Reading the roster.

use std::collections::{BTreeMap, HashMap};

use caseload_database::Transaction;
use caseload_domain::work::{Level, TaskKind};
use caseload_domain::{Currency, HourlyRate, Money, ParalegalId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Entry, Filter, kind_word};
use crate::domain::paralegal::{Paralegal, Pay, Profile, Skill};
use crate::error::Error;
use crate::store::known;

fn kind_of(word: &str) -> Result<Option<TaskKind>, Error> {
    if word.is_empty() {
        Ok(None)
    } else {
        known(word.parse()).map(Some)
    }
}

/// The paralegals of these ids that there are, or all, in the order of their ids.
pub async fn load(tx: &mut Transaction, ids: Option<&[ParalegalId]>) -> Result<Vec<Entry>, Error> {
    let ids: Option<Vec<Uuid>> = ids.map(|ids| ids.iter().map(|id| id.0).collect());
    let rows = sqlx::query_as!(
        Row,
        "select paralegal_id, version, active, given_name, family_name, timekeeper_id, time_zone, jurisdictions,
             language_codes, certifications, weekly_capacity_seconds, task_limit, create_time, update_time
         from paralegals
         where $1::uuid[] is null or paralegal_id = any($1)
         order by paralegal_id",
        ids.as_deref(),
    )
    .fetch_all(tx.connection())
    .await?;
    with_parts(tx, rows).await
}

/// One paralegal, if there is such a one.
pub async fn find(tx: &mut Transaction, id: ParalegalId) -> Result<Option<Entry>, Error> {
    Ok(load(tx, Some(&[id])).await?.pop())
}

/// A page of paralegals, by timekeeper id, after one.
pub async fn list(
    tx: &mut Transaction,
    filter: &Filter,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let skill = filter.skill.as_ref();
    let rows = sqlx::query_as!(
        Row,
        "select paralegal_id, version, active, given_name, family_name, timekeeper_id, time_zone, jurisdictions,
             language_codes, certifications, weekly_capacity_seconds, task_limit, create_time, update_time
         from paralegals
         where ($1::text is null or timekeeper_id > $1)
             and ($2::boolean is null or active = $2)
             and ($3::smallint is null or exists (
                 select from paralegal_skills as skill
                 where skill.paralegal_id = paralegals.paralegal_id and skill.level >= $3
                     and ($4::text = '' or skill.practice_area in ('', $4))
                     and ($5::text = '' or skill.kind in ('', $5))
             ))
             and ($6::uuid is null or paralegal_id = $6)
         order by timekeeper_id
         limit $7",
        after,
        filter.active,
        skill.map(|skill| i16::from(skill.level)),
        skill.map_or("", |skill| skill.practice_area.as_str()),
        skill.map_or("", |skill| kind_word(skill.kind)),
        filter.only.map(|id| id.0),
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    with_parts(tx, rows).await
}

struct Row {
    paralegal_id: Uuid,
    version: i64,
    active: bool,
    given_name: String,
    family_name: String,
    timekeeper_id: String,
    time_zone: String,
    jurisdictions: Vec<String>,
    language_codes: Vec<String>,
    certifications: Vec<String>,
    weekly_capacity_seconds: i64,
    task_limit: i32,
    create_time: OffsetDateTime,
    update_time: OffsetDateTime,
}

/// Rows with what stands in the tables beside them.
async fn with_parts(tx: &mut Transaction, rows: Vec<Row>) -> Result<Vec<Entry>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.paralegal_id).collect();
    let mut skills: HashMap<Uuid, Vec<Skill>> = HashMap::new();
    let given = sqlx::query!(
        "select paralegal_id, practice_area, kind, level from paralegal_skills
         where paralegal_id = any($1) order by practice_area, kind",
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    for row in given {
        skills.entry(row.paralegal_id).or_default().push(Skill {
            practice_area: row.practice_area,
            kind: kind_of(&row.kind)?,
            level: known(Level::new(i32::from(row.level)))?,
        });
    }
    let mut pay: HashMap<Uuid, (Currency, Pay)> = HashMap::new();
    let given = sqlx::query!(
        "select paralegal_id, currency, hourly_rate from paralegal_pay where paralegal_id = any($1)",
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    for row in given {
        let currency: Currency = known(row.currency.parse())?;
        let hourly = row
            .hourly_rate
            .map(|rate| known(HourlyRate::new(rate, currency)))
            .transpose()?;
        pay.insert(
            row.paralegal_id,
            (
                currency,
                Pay {
                    hourly,
                    project: BTreeMap::new(),
                },
            ),
        );
    }
    let given = sqlx::query!(
        "select paralegal_id, kind, fee_minor from paralegal_project_pay where paralegal_id = any($1)",
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    for row in given {
        if let Some((currency, pay)) = pay.get_mut(&row.paralegal_id) {
            pay.project.insert(
                known(row.kind.parse())?,
                Money::new(row.fee_minor, *currency),
            );
        }
    }
    rows.into_iter()
        .map(|row| {
            let (_, pay) = pay
                .remove(&row.paralegal_id)
                .ok_or_else(|| Error::Corrupt("a paralegal without pay".to_owned()))?;
            Ok(Entry {
                paralegal: Paralegal {
                    id: row.paralegal_id.into(),
                    version: row.version,
                    active: row.active,
                    profile: Profile {
                        given_name: row.given_name,
                        family_name: row.family_name,
                        timekeeper_id: row.timekeeper_id,
                        zone: known(row.time_zone.parse())?,
                        skills: skills.remove(&row.paralegal_id).unwrap_or_default(),
                        jurisdictions: row.jurisdictions,
                        language_codes: row.language_codes,
                        certifications: row.certifications,
                        weekly_capacity: row.weekly_capacity_seconds,
                        task_limit: known(u32::try_from(row.task_limit))?,
                        pay,
                    },
                },
                create_time: row.create_time,
                update_time: row.update_time,
            })
        })
        .collect()
}
