//! What timekeeping tells: time that was approved, and approved time that was reversed.

use caseload_database::Transaction;
use caseload_domain::Scope;
use caseload_domain::name::{AssignmentName, MatterName, ParalegalName, TaskName, TimeEntryName};
use caseload_domain::work_time::{BilledTime, WorkedTime};
use caseload_events::{Event, Projection, ProjectionError};
use caseload_proto::caseload::timekeeping::v1::{
    TimeEntryApproved, TimeEntryReversed, TimeEntrySnapshot,
};
use caseload_proto::convert::whole_seconds;
use caseload_runtime::clock;
use futures::future::BoxFuture;
use time::Date;

use super::intake::day;
use super::{firm, name, parsed, part};
use crate::store::earnings::{self, Worked};
use crate::store::items::{self, Time};
use crate::store::{known, lock_firm, lock_paralegal};
use crate::work::{pay, pricing, reversing};

/// Keeps what timekeeping tells.
pub(crate) struct TimekeepingFacts;

impl Projection for TimekeepingFacts {
    fn source(&self) -> &'static str {
        "timekeeping"
    }

    fn apply<'a>(
        &'a self,
        tx: &'a mut Transaction,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        Box::pin(async move {
            if let Some(approved) = event.payload::<TimeEntryApproved>()? {
                entry_approved(tx, event, part("entry", approved.entry)?).await
            } else if let Some(reversed) = event.payload::<TimeEntryReversed>()? {
                entry_reversed(tx, event, &part("entry", reversed.entry)?).await
            } else {
                Ok(())
            }
        })
    }
}

async fn entry_approved(
    tx: &mut Transaction,
    event: &Event,
    snapshot: TimeEntrySnapshot,
) -> Result<(), ProjectionError> {
    let entry: TimeEntryName = name("entry.name", &snapshot.name)?;
    let matter: MatterName = name("entry.matter", &snapshot.matter)?;
    let task: TaskName = name("entry.task", &snapshot.task)?;
    let assignment: AssignmentName = name("entry.assignment", &snapshot.assignment)?;
    let ParalegalName(paralegal) = name("entry.paralegal", &snapshot.paralegal)?;
    let firm = firm(event, entry.firm)?;
    let work_date = parsed(
        "entry.work_date",
        Date::try_from(&part("entry.work_date", snapshot.work_date)?),
    )?;
    let worked = parsed(
        "entry.worked",
        whole_seconds(&part("entry.worked", snapshot.worked)?),
    )?;
    let worked = parsed("entry.worked", WorkedTime::from_seconds(worked))?;
    let billed = parsed(
        "entry.billed",
        whole_seconds(&part("entry.billed", snapshot.billed)?),
    )?;
    let billed = parsed("entry.billed", BilledTime::from_seconds(billed))?;

    lock_paralegal(tx, paralegal).await?;
    lock_firm(tx, firm).await?;
    if snapshot.billable {
        let time = Time {
            entry: entry.id,
            matter: matter.id,
            task: task.id,
            paralegal,
            work_date,
            billed,
            narrative: snapshot.narrative,
            utbms_task_code: snapshot.utbms_task_code,
            utbms_activity_code: snapshot.utbms_activity_code,
        };
        items::insert_time(tx, firm, &time).await?;
        pricing::price_waiting(tx, firm, Some(task.id), clock::now()).await?;
    }
    let time = Worked {
        entry: entry.id,
        paralegal,
        assignment: assignment.id,
        task: task.id,
        work_date,
        time: worked,
    };
    let scope = tx.scope();
    tx.set_scope(Scope::AllFirms).await?;
    earnings::insert_time(tx, firm, &time).await?;
    pay::settle_time(tx, firm, assignment.id).await?;
    tx.set_scope(scope).await?;
    Ok(())
}

async fn entry_reversed(
    tx: &mut Transaction,
    event: &Event,
    snapshot: &TimeEntrySnapshot,
) -> Result<(), ProjectionError> {
    let entry: TimeEntryName = name("entry.name", &snapshot.name)?;
    let task: TaskName = name("entry.task", &snapshot.task)?;
    let ParalegalName(paralegal) = name("entry.paralegal", &snapshot.paralegal)?;
    let firm = firm(event, entry.firm)?;

    lock_firm(tx, firm).await?;
    let zone = known::firm(tx, firm).await?.map(|firm| firm.time_zone);
    let in_firm = day(zone, event.occur_time);
    reversing::reverse(tx, firm, entry.id, task.id, in_firm, clock::now()).await?;

    let zone = known::paralegal(tx, paralegal)
        .await?
        .map(|paralegal| paralegal.time_zone);
    let scope = tx.scope();
    tx.set_scope(Scope::AllFirms).await?;
    earnings::insert_reversal(tx, firm, entry.id, day(zone, event.occur_time)).await?;
    tx.set_scope(scope).await?;
    Ok(())
}
