//! What billing keeps of the other services' facts.

use caseload_database::Transaction;
use caseload_domain::work::Level;
use caseload_domain::{AssignmentId, Currency, FirmId, MatterId, Money, ParalegalId, TaskId};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::{Corrupt, currency, money, rate};
use crate::domain::earning::PayTerms;
use crate::domain::task::{Milestone, Task, TaskPricing};
use crate::error::Error;

/// A firm, as far as billing needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Firm {
    pub(crate) display_name: String,
    pub(crate) code: String,
    pub(crate) time_zone: String,
    pub(crate) currency: Currency,
}

/// A matter, as far as billing needs it.
#[derive(Debug)]
pub(crate) struct Matter<'a> {
    pub(crate) caption: &'a str,
    pub(crate) client_matter_number: &'a str,
}

/// A paralegal, as far as billing needs them.
#[derive(Debug)]
pub(crate) struct Paralegal {
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) timekeeper_id: String,
    pub(crate) time_zone: String,
    pub(crate) level: Option<Level>,
}

/// A milestone as the store keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct StoredMilestone {
    id: String,
    title: String,
    minor: i64,
}

pub(crate) async fn put_firm(tx: &mut Transaction, id: FirmId, firm: &Firm) -> Result<(), Error> {
    sqlx::query!(
        "insert into known_firms (firm_id, display_name, code, time_zone, currency)
         values ($1, $2, $3, $4, $5)
         on conflict (firm_id) do update set display_name = excluded.display_name, code = excluded.code,
             time_zone = excluded.time_zone, currency = excluded.currency",
        id.0,
        firm.display_name,
        firm.code,
        firm.time_zone,
        firm.currency.code(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(crate) async fn firm(tx: &mut Transaction, id: FirmId) -> Result<Option<Firm>, Error> {
    let row = sqlx::query!(
        "select display_name, code, time_zone, currency from known_firms where firm_id = $1",
        id.0
    )
    .fetch_optional(tx.connection())
    .await?;
    row.map(|row| {
        Ok(Firm {
            display_name: row.display_name,
            code: row.code,
            time_zone: row.time_zone,
            currency: currency(&row.currency)?,
        })
    })
    .transpose()
}

/// Keeps a matter; a new one gets the firm's next number. The caller holds the firm's lock.
pub(crate) async fn put_matter(
    tx: &mut Transaction,
    firm: FirmId,
    id: MatterId,
    matter: Matter<'_>,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into known_matters (firm_id, matter_id, number, caption, client_matter_number)
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4 from known_matters where firm_id = $1
         on conflict (firm_id, matter_id) do update set caption = excluded.caption,
             client_matter_number = excluded.client_matter_number",
        firm.0,
        id.0,
        matter.caption,
        matter.client_matter_number,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(crate) async fn has_matter(
    tx: &mut Transaction,
    firm: FirmId,
    id: MatterId,
) -> Result<bool, Error> {
    let known = sqlx::query_scalar!(
        r#"select exists (select from known_matters where firm_id = $1 and matter_id = $2) as "known!""#,
        firm.0,
        id.0,
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(known)
}

/// Keeps a task of a matter, with the UTBMS code that its fees are billed under.
pub(crate) async fn put_task(
    tx: &mut Transaction,
    firm: FirmId,
    id: TaskId,
    matter: MatterId,
    task: &Task,
    utbms_task_code: &str,
) -> Result<(), Error> {
    let (pricing, rate, cap, fee, milestones) = match &task.pricing {
        TaskPricing::Hourly { rate, cap } => ("hourly", *rate, *cap, None, Vec::new()),
        TaskPricing::Project { fee, milestones } => {
            let stored = milestones
                .iter()
                .map(|part| StoredMilestone {
                    id: part.id.clone(),
                    title: part.title.clone(),
                    minor: part.fee.minor,
                })
                .collect();
            ("project", None, None, Some(*fee), stored)
        }
    };
    sqlx::query!(
        "insert into known_tasks (firm_id, task_id, matter_id, title, kind, practice_area, utbms_task_code, pricing,
             rate, rate_currency, cap_minor, cap_currency, fee_minor, fee_currency, milestones)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict (firm_id, task_id) do update set matter_id = excluded.matter_id, title = excluded.title,
             kind = excluded.kind, practice_area = excluded.practice_area, utbms_task_code = excluded.utbms_task_code,
             pricing = excluded.pricing, rate = excluded.rate, rate_currency = excluded.rate_currency,
             cap_minor = excluded.cap_minor, cap_currency = excluded.cap_currency, fee_minor = excluded.fee_minor,
             fee_currency = excluded.fee_currency, milestones = excluded.milestones",
        firm.0,
        id.0,
        matter.0,
        task.title,
        task.kind.as_str(),
        task.practice_area,
        utbms_task_code,
        pricing,
        rate.map(caseload_domain::HourlyRate::amount),
        rate.map(|rate| rate.currency().code()),
        cap.map(|cap| cap.minor),
        cap.map(|cap| cap.currency.code()),
        fee.map(|fee| fee.minor),
        fee.map(|fee| fee.currency.code()),
        Json(milestones) as _,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A task, with the UTBMS code that its fees are billed under.
pub(crate) async fn task(
    tx: &mut Transaction,
    firm: FirmId,
    id: TaskId,
) -> Result<Option<(Task, String)>, Error> {
    let row = sqlx::query!(
        r#"select title, kind, practice_area, utbms_task_code, rate, rate_currency, cap_minor, cap_currency,
             fee_minor, fee_currency, milestones as "milestones: Json<Vec<StoredMilestone>>"
         from known_tasks where firm_id = $1 and task_id = $2"#,
        firm.0,
        id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    row.map(|row| {
        let pricing = match money(row.fee_minor, row.fee_currency.as_deref())? {
            Some(fee) => TaskPricing::Project {
                fee,
                milestones: row
                    .milestones
                    .0
                    .into_iter()
                    .map(|part| Milestone {
                        id: part.id,
                        title: part.title,
                        fee: Money::new(part.minor, fee.currency),
                    })
                    .collect(),
            },
            None => TaskPricing::Hourly {
                rate: row
                    .rate
                    .zip(row.rate_currency)
                    .map(|(amount, code)| rate(amount, currency(&code)?))
                    .transpose()?,
                cap: money(row.cap_minor, row.cap_currency.as_deref())?,
            },
        };
        let task = Task {
            title: row.title,
            kind: row.kind.parse().map_err(Corrupt::new)?,
            practice_area: row.practice_area,
            pricing,
        };
        Ok((task, row.utbms_task_code))
    })
    .transpose()
}

pub(crate) async fn put_paralegal(
    tx: &mut Transaction,
    id: ParalegalId,
    paralegal: &Paralegal,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into known_paralegals (paralegal_id, given_name, family_name, timekeeper_id, time_zone, level)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (paralegal_id) do update set given_name = excluded.given_name,
             family_name = excluded.family_name, timekeeper_id = excluded.timekeeper_id,
             time_zone = excluded.time_zone, level = excluded.level",
        id.0,
        paralegal.given_name,
        paralegal.family_name,
        paralegal.timekeeper_id,
        paralegal.time_zone,
        paralegal.level.map_or(0, |level| i32::from(level.get())),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(crate) async fn paralegal(
    tx: &mut Transaction,
    id: ParalegalId,
) -> Result<Option<Paralegal>, Error> {
    let row = sqlx::query!(
        "select given_name, family_name, timekeeper_id, time_zone, level from known_paralegals where paralegal_id = $1",
        id.0
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.map(|row| Paralegal {
        given_name: row.given_name,
        family_name: row.family_name,
        timekeeper_id: row.timekeeper_id,
        time_zone: row.time_zone,
        level: Level::new(row.level).ok(),
    }))
}

/// Keeps what an assignment is paid. The transaction is in the scope of all firms.
pub(crate) async fn put_pay_terms(
    tx: &mut Transaction,
    firm: FirmId,
    assignment: AssignmentId,
    paralegal: ParalegalId,
    task: TaskId,
    terms: PayTerms,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into known_pay_terms (firm_id, assignment_id, paralegal_id, task_id, hourly_pay, fee_minor, currency)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (firm_id, assignment_id) do update set hourly_pay = excluded.hourly_pay,
             fee_minor = excluded.fee_minor, currency = excluded.currency",
        firm.0,
        assignment.0,
        paralegal.0,
        task.0,
        terms.hourly().map(caseload_domain::HourlyRate::amount),
        terms.for_completion().map(|fee| fee.minor),
        terms.currency().code(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// What an assignment is paid. The transaction is in the scope of all firms.
pub(crate) async fn pay_terms(
    tx: &mut Transaction,
    firm: FirmId,
    assignment: AssignmentId,
) -> Result<Option<PayTerms>, Error> {
    let row = sqlx::query!(
        "select hourly_pay, fee_minor, currency from known_pay_terms where firm_id = $1 and assignment_id = $2",
        firm.0,
        assignment.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    row.map(|row| {
        let currency = currency(&row.currency)?;
        match (row.hourly_pay, row.fee_minor) {
            (Some(amount), None) => Ok(PayTerms::Hourly(rate(amount, currency)?)),
            (None, Some(minor)) => Ok(PayTerms::Project(Money::new(minor, currency))),
            _ => Err(Corrupt::new("pay terms that are neither hourly nor a fee").into()),
        }
    })
    .transpose()
}
