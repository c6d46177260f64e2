//! What paralegals have earned. Transactions that write here are in the scope of all firms, those that read in that of
//! all firms or of the paralegal.

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, DeliveryName, EarningName, TaskName, TimeEntryName};
use caseload_domain::work_time::WorkedTime;
use caseload_domain::{
    AssignmentId, Currency, DeliveryId, EarningId, FirmId, HourlyRate, Money, ParalegalId, TaskId,
    TimeEntryId,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;
use uuid::Uuid;

use super::{Corrupt, currency, money, plan_for_values, rate, read_in_order};
use crate::domain::earning::{EarningKind, PayTerms};
use crate::error::Error;

/// Approved time, as far as pay goes.
#[derive(Debug)]
pub(crate) struct Worked {
    pub(crate) entry: TimeEntryId,
    pub(crate) paralegal: ParalegalId,
    pub(crate) assignment: AssignmentId,
    pub(crate) task: TaskId,
    pub(crate) work_date: Date,
    pub(crate) time: WorkedTime,
}

/// Keeps approved time, without an amount yet. Nothing happens when it is kept already.
pub(crate) async fn insert_time(
    tx: &mut Transaction,
    firm: FirmId,
    work: &Worked,
) -> Result<(), Error> {
    let seconds = i32::try_from(work.time.seconds()).map_err(Corrupt::new)?;
    sqlx::query!(
        "insert into earnings (firm_id, earning_id, paralegal_id, kind, time_entry_id, assignment_id, task_id, earn_date,
             worked_seconds)
         values ($1, $2, $3, 'time', $4, $5, $6, $7, $8)
         on conflict do nothing",
        firm.0,
        EarningId::generate().0,
        work.paralegal.0,
        work.entry.0,
        work.assignment.0,
        work.task.0,
        work.work_date,
        seconds,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Takes back what a time entry earned, whatever that was or will be. Once, however often it is asked for.
pub(crate) async fn insert_reversal(
    tx: &mut Transaction,
    firm: FirmId,
    entry: TimeEntryId,
    day: Date,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into earnings (firm_id, earning_id, paralegal_id, kind, time_entry_id, assignment_id, task_id, earn_date,
             worked_seconds, hourly_pay, amount_minor, currency)
         select firm_id, $3, paralegal_id, 'reversal', time_entry_id, assignment_id, task_id, $4, -worked_seconds,
             hourly_pay, -amount_minor, currency
         from earnings where firm_id = $1 and time_entry_id = $2 and kind = 'time'
         on conflict do nothing",
        firm.0,
        entry.0,
        EarningId::generate().0,
        day,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Work that was completed, as far as pay goes.
#[derive(Debug)]
pub(crate) struct Completed {
    pub(crate) delivery: DeliveryId,
    pub(crate) paralegal: ParalegalId,
    pub(crate) assignment: AssignmentId,
    pub(crate) task: TaskId,
    pub(crate) day: Date,
    pub(crate) fee: Money,
}

/// Keeps the fee of an assignment. Once, however often it is asked for.
pub(crate) async fn insert_fee(
    tx: &mut Transaction,
    firm: FirmId,
    work: &Completed,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into earnings (firm_id, earning_id, paralegal_id, kind, delivery_id, assignment_id, task_id, earn_date,
             amount_minor, currency)
         values ($1, $2, $3, 'project_fee', $4, $5, $6, $7, $8, $9)
         on conflict do nothing",
        firm.0,
        EarningId::generate().0,
        work.paralegal.0,
        work.delivery.0,
        work.assignment.0,
        work.task.0,
        work.day,
        work.fee.minor,
        work.fee.currency.code(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Time of an assignment that waits for its amount.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) id: EarningId,
    /// Negative for a reversal.
    pub(crate) seconds: i32,
}

pub(crate) async fn pending(
    tx: &mut Transaction,
    firm: FirmId,
    assignment: AssignmentId,
) -> Result<Vec<Pending>, Error> {
    let rows = sqlx::query!(
        r#"select earning_id, worked_seconds as "seconds!" from earnings
         where firm_id = $1 and assignment_id = $2 and amount_minor is null"#,
        firm.0,
        assignment.0,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Pending {
            id: EarningId(row.earning_id),
            seconds: row.seconds,
        })
        .collect())
}

/// Takes an amount down, with the terms that gave it.
pub(crate) async fn set_amount(
    tx: &mut Transaction,
    firm: FirmId,
    earning: EarningId,
    terms: PayTerms,
    amount: Money,
) -> Result<(), Error> {
    sqlx::query!(
        "update earnings set hourly_pay = $3, amount_minor = $4, currency = $5 where firm_id = $1 and earning_id = $2",
        firm.0,
        earning.0,
        terms.hourly().map(HourlyRate::amount),
        amount.minor,
        amount.currency.code(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Keeps a delivery that completed its task until the terms of its assignment are known.
pub(crate) async fn insert_completion(
    tx: &mut Transaction,
    firm: FirmId,
    delivery: DeliveryId,
    assignment: AssignmentId,
    day: Date,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into completed_assignments (firm_id, assignment_id, delivery_id, complete_date) values ($1, $2, $3, $4)
         on conflict do nothing",
        firm.0,
        assignment.0,
        delivery.0,
        day,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The delivery that completed an assignment, and when.
pub(crate) async fn completion(
    tx: &mut Transaction,
    firm: FirmId,
    assignment: AssignmentId,
) -> Result<Option<(DeliveryId, Date)>, Error> {
    let row = sqlx::query!(
        "select delivery_id, complete_date from completed_assignments where firm_id = $1 and assignment_id = $2",
        firm.0,
        assignment.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(row.map(|row| (DeliveryId(row.delivery_id), row.complete_date)))
}

/// An earning as a list shows it.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) name: EarningName,
    pub(crate) kind: EarningKind,
    pub(crate) source: String,
    pub(crate) assignment: AssignmentName,
    pub(crate) task: TaskName,
    pub(crate) day: Date,
    pub(crate) worked_seconds: Option<i32>,
    pub(crate) hourly_pay: Option<HourlyRate>,
    pub(crate) amount: Option<Money>,
}

struct Row {
    firm_id: Uuid,
    earning_id: Uuid,
    paralegal_id: Uuid,
    kind: String,
    time_entry_id: Option<Uuid>,
    delivery_id: Option<Uuid>,
    assignment_id: Uuid,
    task_id: Uuid,
    earn_date: Date,
    worked_seconds: Option<i32>,
    hourly_pay: Option<Decimal>,
    amount_minor: Option<i64>,
    currency: Option<String>,
}

impl TryFrom<Row> for Listed {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let firm = FirmId(row.firm_id);
        let source = match (row.time_entry_id, row.delivery_id) {
            (Some(entry), None) => TimeEntryName::new(firm, TimeEntryId(entry)).to_string(),
            (None, Some(delivery)) => DeliveryName::new(firm, DeliveryId(delivery)).to_string(),
            _ => return Err(Corrupt::new("an earning of no one source").into()),
        };
        let amount = money(row.amount_minor, row.currency.as_deref())?;
        Ok(Self {
            name: EarningName::new(ParalegalId(row.paralegal_id), EarningId(row.earning_id)),
            kind: row.kind.parse().map_err(Corrupt::new)?,
            source,
            assignment: AssignmentName::new(firm, AssignmentId(row.assignment_id)),
            task: TaskName::new(firm, TaskId(row.task_id)),
            day: row.earn_date,
            worked_seconds: row.worked_seconds,
            hourly_pay: amount
                .zip(row.hourly_pay)
                .map(|(amount, pay)| rate(pay, amount.currency))
                .transpose()?,
            amount,
        })
    }
}

/// Which earnings a list or a sum takes in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filter {
    pub(crate) paralegal: Option<ParalegalId>,
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
}

/// Where a list of earnings stopped.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct After {
    day: Date,
    id: Uuid,
}

impl After {
    pub(crate) fn of(earning: &Listed) -> Self {
        Self {
            day: earning.day,
            id: earning.name.id.0,
        }
    }
}

/// Earnings in the order of their days.
pub(crate) async fn list(
    tx: &mut Transaction,
    filter: Filter,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    read_in_order(tx).await?;
    let (day, id) = after.map(|after| (after.day, after.id)).unzip();
    sqlx::query_as!(
        Row,
        "select firm_id, earning_id, paralegal_id, kind, time_entry_id, delivery_id, assignment_id, task_id, earn_date,
             worked_seconds, hourly_pay, amount_minor, currency
         from earnings
         where ($1::uuid is null or paralegal_id = $1)
             and ($2::date is null or earn_date >= $2)
             and ($3::date is null or earn_date <= $3)
             and ($4::date is null or (earn_date, earning_id) > ($4, $5::uuid))
         order by earn_date, earning_id
         limit $6",
        filter.paralegal.map(|paralegal| paralegal.0),
        filter.start,
        filter.end,
        day,
        id,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Listed::try_from)
    .collect()
}

/// What a paralegal earned in a currency.
#[derive(Debug)]
pub(crate) struct Sum {
    pub(crate) paralegal: ParalegalId,
    pub(crate) display_name: Option<String>,
    pub(crate) worked_seconds: i64,
    pub(crate) hourly: Money,
    pub(crate) project: Money,
}

/// Where a list of sums stopped.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AfterSum {
    paralegal: Uuid,
    currency: String,
}

impl AfterSum {
    pub(crate) fn of(sum: &Sum) -> Self {
        Self {
            paralegal: sum.paralegal.0,
            currency: sum.hourly.currency.code().to_owned(),
        }
    }
}

/// Sums by paralegal and currency. What has no amount yet is not in them.
pub(crate) async fn sums(
    tx: &mut Transaction,
    filter: Filter,
    after: Option<AfterSum>,
    limit: i64,
) -> Result<Vec<Sum>, Error> {
    plan_for_values(tx).await?;
    let (paralegal, code) = after.map(|after| (after.paralegal, after.currency)).unzip();
    let rows = sqlx::query!(
        r#"select e.paralegal_id, e.currency as "currency!",
             (select p.given_name || ' ' || p.family_name from known_paralegals p where p.paralegal_id = e.paralegal_id)
                 as display_name,
             coalesce(sum(e.worked_seconds), 0)::bigint as "worked_seconds!",
             coalesce(sum(e.amount_minor) filter (where e.kind <> 'project_fee'), 0)::bigint as "hourly!",
             coalesce(sum(e.amount_minor) filter (where e.kind = 'project_fee'), 0)::bigint as "project!"
         from earnings e
         where e.amount_minor is not null
             and ($1::uuid is null or e.paralegal_id = $1)
             and ($2::date is null or e.earn_date >= $2)
             and ($3::date is null or e.earn_date <= $3)
             and ($4::uuid is null or (e.paralegal_id, e.currency) > ($4, $5::text))
         group by e.paralegal_id, e.currency
         order by e.paralegal_id, e.currency
         limit $6"#,
        filter.paralegal.map(|paralegal| paralegal.0),
        filter.start,
        filter.end,
        paralegal,
        code,
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency: Currency = currency(&row.currency)?;
            Ok(Sum {
                paralegal: ParalegalId(row.paralegal_id),
                display_name: row.display_name,
                worked_seconds: row.worked_seconds,
                hourly: Money::new(row.hourly, currency),
                project: Money::new(row.project, currency),
            })
        })
        .collect()
}
