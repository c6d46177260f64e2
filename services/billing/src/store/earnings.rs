//! What paralegals have earned. Transactions that write here are in the scope of all firms.

use caseload_database::Transaction;
use caseload_domain::work_time::WorkedTime;
use caseload_domain::{
    AssignmentId, DeliveryId, EarningId, FirmId, HourlyRate, Money, ParalegalId, TaskId,
    TimeEntryId,
};
use time::Date;

use super::Corrupt;
use crate::domain::earning::PayTerms;
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
