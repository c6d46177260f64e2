//! Paralegals, with their skills and their pay.
//!
//! Writing is here, reading in `read`.

mod read;

pub use read::{find, list, load};

use caseload_database::Transaction;
use caseload_domain::work::TaskKind;
use caseload_domain::{Currency, HourlyRate, ParalegalId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::known;
use crate::domain::paralegal::{Paralegal, Pay, Profile};
use crate::domain::task::RequiredSkill;
use crate::error::Error;

/// A paralegal as the roster keeps them.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The paralegal.
    pub paralegal: Paralegal,
    /// When they were taken on.
    pub create_time: OffsetDateTime,
    /// When they last changed.
    pub update_time: OffsetDateTime,
}

/// Which paralegals to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this one.
    pub only: Option<ParalegalId>,
    /// Only those who take work, or who take none.
    pub active: Option<bool>,
    /// Only those who have this.
    pub skill: Option<RequiredSkill>,
}

/// Adds a paralegal.
pub async fn insert(tx: &mut Transaction, entry: &Entry) -> Result<(), Error> {
    let Paralegal {
        id,
        version,
        active,
        profile,
    } = &entry.paralegal;
    sqlx::query!(
        "insert into paralegals (paralegal_id, version, active, given_name, family_name, timekeeper_id, time_zone,
             jurisdictions, language_codes, certifications, weekly_capacity_seconds, task_limit,
             create_time, update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        id.0,
        version,
        active,
        profile.given_name,
        profile.family_name,
        profile.timekeeper_id,
        profile.zone.name(),
        &profile.jurisdictions,
        &profile.language_codes,
        &profile.certifications,
        profile.weekly_capacity,
        known(i32::try_from(profile.task_limit))?,
        entry.create_time,
        entry.update_time,
    )
    .execute(tx.connection())
    .await
    .map_err(|error| timekeeper_taken(error, profile))?;
    write_parts(tx, *id, profile).await
}

/// Writes a paralegal whose row is locked. The version is the new one.
pub async fn update(tx: &mut Transaction, entry: &Entry) -> Result<(), Error> {
    let Paralegal {
        id,
        version,
        active,
        profile,
    } = &entry.paralegal;
    sqlx::query!(
        "update paralegals
         set version = $2, active = $3, given_name = $4, family_name = $5, timekeeper_id = $6, time_zone = $7,
             jurisdictions = $8, language_codes = $9, certifications = $10, weekly_capacity_seconds = $11,
             task_limit = $12, update_time = $13
         where paralegal_id = $1",
        id.0,
        version,
        active,
        profile.given_name,
        profile.family_name,
        profile.timekeeper_id,
        profile.zone.name(),
        &profile.jurisdictions,
        &profile.language_codes,
        &profile.certifications,
        profile.weekly_capacity,
        known(i32::try_from(profile.task_limit))?,
        entry.update_time,
    )
    .execute(tx.connection())
    .await
    .map_err(|error| timekeeper_taken(error, profile))?;
    sqlx::query!("delete from paralegal_skills where paralegal_id = $1", id.0)
        .execute(tx.connection())
        .await?;
    sqlx::query!(
        "delete from paralegal_project_pay where paralegal_id = $1",
        id.0
    )
    .execute(tx.connection())
    .await?;
    write_parts(tx, *id, profile).await
}

fn timekeeper_taken(error: sqlx::Error, profile: &Profile) -> Error {
    use caseload_database::DatabaseError;
    match DatabaseError::from(error) {
        DatabaseError::Unique { constraint } if constraint == "paralegals_timekeeper_id" => {
            Error::TimekeeperTaken(profile.timekeeper_id.clone())
        }
        error => error.into(),
    }
}

async fn write_parts(
    tx: &mut Transaction,
    id: ParalegalId,
    profile: &Profile,
) -> Result<(), Error> {
    let areas: Vec<String> = profile
        .skills
        .iter()
        .map(|one| one.practice_area.clone())
        .collect();
    let kinds: Vec<String> = profile
        .skills
        .iter()
        .map(|one| kind_word(one.kind).to_owned())
        .collect();
    let levels: Vec<i16> = profile
        .skills
        .iter()
        .map(|one| i16::from(one.level.get()))
        .collect();
    sqlx::query!(
        "insert into paralegal_skills (paralegal_id, practice_area, kind, level)
         select $1, practice_area, kind, level
         from unnest($2::text[], $3::text[], $4::smallint[]) as given (practice_area, kind, level)",
        id.0,
        &areas,
        &kinds,
        &levels,
    )
    .execute(tx.connection())
    .await?;
    let currency = pay_currency(&profile.pay);
    sqlx::query!(
        "insert into paralegal_pay (paralegal_id, currency, hourly_rate) values ($1, $2, $3)
         on conflict (paralegal_id) do update
         set currency = excluded.currency, hourly_rate = excluded.hourly_rate",
        id.0,
        currency.code(),
        profile.pay.hourly.map(HourlyRate::amount),
    )
    .execute(tx.connection())
    .await?;
    let kinds: Vec<String> = profile
        .pay
        .project
        .keys()
        .map(|kind| kind.as_str().to_owned())
        .collect();
    let fees: Vec<i64> = profile.pay.project.values().map(|fee| fee.minor).collect();
    sqlx::query!(
        "insert into paralegal_project_pay (paralegal_id, kind, fee_minor)
         select $1, kind, fee_minor from unnest($2::text[], $3::bigint[]) as given (kind, fee_minor)",
        id.0,
        &kinds,
        &fees,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

fn pay_currency(pay: &Pay) -> Currency {
    let hourly = pay.hourly.map(HourlyRate::currency);
    let project = pay.project.values().next().map(|fee| fee.currency);
    hourly.or(project).unwrap_or(Currency::USD)
}

fn kind_word(kind: Option<TaskKind>) -> &'static str {
    kind.map_or("", TaskKind::as_str)
}

/// Locks the rows of paralegals, in the order of their ids, so that nobody waits for another in a circle. Who is not
/// there is passed over.
pub async fn lock(tx: &mut Transaction, ids: &[ParalegalId]) -> Result<(), Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        "select paralegal_id from paralegals where paralegal_id = any($1) order by paralegal_id for update",
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(())
}
