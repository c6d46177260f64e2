//! What intake tells: firms, matters, tasks, and deliveries that were accepted.

use caseload_database::Transaction;
use caseload_domain::name::{
    AssignmentName, DeliveryName, FirmName, MatterName, ParalegalName, TaskName,
};
use caseload_domain::zone::Zone;
use caseload_domain::{HourlyRate, Money, Scope};
use caseload_events::{Event, Projection, ProjectionError};
use caseload_proto::caseload::intake::v1::{
    DeliveryAccepted, DeliverySnapshot, FirmChanged, FirmSnapshot, MatterChanged, MatterSnapshot,
    TaskChanged, TaskSnapshot,
};
use caseload_proto::caseload::r#type::v1::{Pricing, pricing};
use caseload_proto::convert::{instant, task_kind};
use caseload_runtime::clock;
use futures::future::BoxFuture;
use time::OffsetDateTime;

use super::{firm, name, parsed, part};
use crate::domain::task::{Milestone, Task, TaskPricing};
use crate::store::items::{self, Fee};
use crate::store::{earnings, known, lock_firm, lock_paralegal};
use crate::work::{pay, pricing as prices};

/// Keeps what intake tells.
pub(crate) struct IntakeFacts;

impl Projection for IntakeFacts {
    fn source(&self) -> &'static str {
        "intake"
    }

    fn apply<'a>(
        &'a self,
        tx: &'a mut Transaction,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        Box::pin(async move {
            if let Some(changed) = event.payload::<FirmChanged>()? {
                firm_changed(tx, event, part("firm", changed.firm)?).await
            } else if let Some(changed) = event.payload::<MatterChanged>()? {
                matter_changed(tx, event, part("matter", changed.matter)?).await
            } else if let Some(changed) = event.payload::<TaskChanged>()? {
                task_changed(tx, event, part("task", changed.task)?).await
            } else if let Some(accepted) = event.payload::<DeliveryAccepted>()? {
                let time = match &accepted.accept_time {
                    Some(stamp) => parsed("accept_time", instant(stamp))?,
                    None => event.occur_time,
                };
                delivery_accepted(tx, event, part("delivery", accepted.delivery)?, time).await
            } else {
                Ok(())
            }
        })
    }
}

async fn firm_changed(
    tx: &mut Transaction,
    event: &Event,
    snapshot: FirmSnapshot,
) -> Result<(), ProjectionError> {
    let FirmName(id) = name("firm.name", &snapshot.name)?;
    let id = firm(event, id)?;
    parsed("firm.time_zone", snapshot.time_zone.parse::<Zone>())?;
    let known = known::Firm {
        display_name: snapshot.display_name,
        code: snapshot.code,
        time_zone: snapshot.time_zone,
        currency: parsed("firm.currency_code", snapshot.currency_code.parse())?,
    };
    lock_firm(tx, id).await?;
    Ok(known::put_firm(tx, id, &known).await?)
}

async fn matter_changed(
    tx: &mut Transaction,
    event: &Event,
    snapshot: MatterSnapshot,
) -> Result<(), ProjectionError> {
    let matter: MatterName = name("matter.name", &snapshot.name)?;
    let firm = firm(event, matter.firm)?;
    let known = known::Matter {
        caption: &snapshot.caption,
        client_matter_number: &snapshot.client_matter_number,
    };
    lock_firm(tx, firm).await?;
    known::put_matter(tx, firm, matter.id, known).await?;
    Ok(prices::price_waiting(tx, firm, None, clock::now()).await?)
}

async fn task_changed(
    tx: &mut Transaction,
    event: &Event,
    snapshot: TaskSnapshot,
) -> Result<(), ProjectionError> {
    let task: TaskName = name("task.name", &snapshot.name)?;
    let matter: MatterName = name("task.matter", &snapshot.matter)?;
    let firm = firm(event, task.firm)?;
    let known = Task {
        kind: parsed("task.kind", task_kind(snapshot.kind))?,
        pricing: task_pricing(part("task.pricing", snapshot.pricing)?)?,
        title: snapshot.title,
        practice_area: snapshot.practice_area,
    };
    lock_firm(tx, firm).await?;
    known::put_task(
        tx,
        firm,
        task.id,
        matter.id,
        &known,
        &snapshot.utbms_task_code,
    )
    .await?;
    Ok(prices::price_waiting(tx, firm, Some(task.id), clock::now()).await?)
}

fn task_pricing(pricing: Pricing) -> Result<TaskPricing, ProjectionError> {
    Ok(match part("task.pricing.model", pricing.model)? {
        pricing::Model::Hourly(hourly) => TaskPricing::Hourly {
            rate: parsed(
                "rate",
                hourly.rate.as_ref().map(HourlyRate::try_from).transpose(),
            )?,
            cap: parsed("cap", hourly.cap.as_ref().map(Money::try_from).transpose())?,
        },
        pricing::Model::Project(project) => {
            let fee = parsed("fee", Money::try_from(&part("fee", project.fee)?))?;
            let milestones = project
                .milestones
                .into_iter()
                .map(|milestone| {
                    let part_fee = parsed(
                        "milestone.fee",
                        Money::try_from(&part("milestone.fee", milestone.fee)?),
                    )?;
                    if part_fee.currency != fee.currency {
                        return Err(ProjectionError::Malformed(
                            "a milestone in another currency".to_owned(),
                        ));
                    }
                    Ok(Milestone {
                        id: milestone.milestone_id,
                        title: milestone.title,
                        fee: part_fee,
                    })
                })
                .collect::<Result<_, _>>()?;
            TaskPricing::Project { fee, milestones }
        }
    })
}

async fn delivery_accepted(
    tx: &mut Transaction,
    event: &Event,
    snapshot: DeliverySnapshot,
    accept_time: OffsetDateTime,
) -> Result<(), ProjectionError> {
    let delivery: DeliveryName = name("delivery.name", &snapshot.name)?;
    let task: TaskName = name("delivery.task", &snapshot.task)?;
    let matter: MatterName = name("delivery.matter", &snapshot.matter)?;
    let ParalegalName(paralegal) = name("delivery.paralegal", &snapshot.paralegal)?;
    let assignment: AssignmentName = name("delivery.assignment", &snapshot.assignment)?;
    let firm = firm(event, delivery.firm)?;

    lock_paralegal(tx, paralegal).await?;
    lock_firm(tx, firm).await?;
    let firm_zone = known::firm(tx, firm).await?.map(|firm| firm.time_zone);
    let fee = Fee {
        delivery: delivery.id,
        milestone_id: Some(snapshot.milestone_id).filter(|id| !id.is_empty()),
        matter: matter.id,
        task: task.id,
        paralegal,
        accept_date: day(firm_zone, accept_time),
    };
    items::insert_fee(tx, firm, &fee).await?;
    prices::price_waiting(tx, firm, Some(task.id), clock::now()).await?;

    if snapshot.completes_task {
        let zone = known::paralegal(tx, paralegal)
            .await?
            .map(|paralegal| paralegal.time_zone);
        let scope = tx.scope();
        tx.set_scope(Scope::AllFirms).await?;
        earnings::insert_completion(tx, firm, delivery.id, assignment.id, day(zone, accept_time))
            .await?;
        pay::settle_fee(tx, firm, assignment.id, paralegal, task.id).await?;
        tx.set_scope(scope).await?;
    }
    Ok(())
}

/// The day of an instant in a zone; in UTC while the zone is not known.
pub(super) fn day(zone: Option<String>, instant: OffsetDateTime) -> time::Date {
    zone.and_then(|zone| zone.parse::<Zone>().ok())
        .unwrap_or_else(Zone::utc)
        .date_at(instant)
}
