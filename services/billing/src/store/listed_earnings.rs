//! Earnings as lists and sums show them.

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, DeliveryName, EarningName, TaskName, TimeEntryName};
use caseload_domain::{
    AssignmentId, Currency, DeliveryId, EarningId, FirmId, HourlyRate, Money, ParalegalId, TaskId,
    TimeEntryId,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;
use uuid::Uuid;

use super::{Corrupt, currency, money, plan_for_values, rate, read_in_order};
use crate::domain::earning::EarningKind;
use crate::error::Error;

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
