//! A firm's rules for time.

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::FirmId;
use caseload_domain::work_time::IncrementRule;
use time::OffsetDateTime;

use super::unreadable;

/// A firm's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRules {
    /// The firm.
    pub firm: FirmId,
    /// How worked time becomes billed time.
    pub rule: IncrementRule,
    /// Counts the changes; 0 while the rules are the suite's own.
    pub version: i64,
    /// When they last changed.
    pub update_time: Option<OffsetDateTime>,
}

impl TimeRules {
    /// What holds until a firm sets its own.
    const fn of_the_suite(firm: FirmId) -> Self {
        Self {
            firm,
            rule: IncrementRule::TENTHS_UP,
            version: 0,
            update_time: None,
        }
    }
}

/// A rule as it is kept.
pub(super) fn rule((seconds, rounding): (i32, String)) -> Result<IncrementRule, DatabaseError> {
    let rounding = rounding.parse().map_err(unreadable)?;
    IncrementRule::new(seconds.into(), rounding).map_err(unreadable)
}

/// A firm's rules.
pub async fn get(tx: &mut Transaction, firm: FirmId) -> Result<TimeRules, DatabaseError> {
    let row = sqlx::query!(
        "select increment_seconds, increment_rounding, version, update_time
         from time_rules where firm_id = $1",
        firm.0
    )
    .fetch_optional(tx.connection())
    .await?;
    let Some(row) = row else {
        return Ok(TimeRules::of_the_suite(firm));
    };
    Ok(TimeRules {
        firm,
        rule: rule((row.increment_seconds, row.increment_rounding))?,
        version: row.version,
        update_time: Some(row.update_time),
    })
}

/// A firm's rules, to be changed: whoever else would change them waits, even where no row is there to lock yet.
pub async fn lock(tx: &mut Transaction, firm: FirmId) -> Result<TimeRules, DatabaseError> {
    sqlx::query_scalar!(
        "select firm_id from firms where firm_id = $1 for no key update",
        firm.0
    )
    .fetch_optional(tx.connection())
    .await?;
    get(tx, firm).await
}

/// Writes a firm's rules.
pub async fn save(tx: &mut Transaction, rules: &TimeRules) -> Result<(), DatabaseError> {
    sqlx::query!(
        "insert into time_rules (firm_id, increment_seconds, increment_rounding, version, update_time)
         values ($1, $2, $3, $4, coalesce($5, now()))
         on conflict (firm_id) do update set
             increment_seconds = excluded.increment_seconds,
             increment_rounding = excluded.increment_rounding,
             version = excluded.version,
             update_time = excluded.update_time",
        rules.firm.0,
        i32::try_from(rules.rule.seconds()).unwrap_or(i32::MAX),
        rules.rule.rounding().as_str(),
        rules.version,
        rules.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
