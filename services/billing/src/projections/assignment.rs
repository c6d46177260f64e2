//! What assignment tells: who the paralegals are, and what each assignment is paid.

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, ParalegalName, TaskName};
use caseload_domain::work::Level;
use caseload_domain::zone::Zone;
use caseload_domain::{HourlyRate, Money, Scope};
use caseload_events::{Event, Projection, ProjectionError};
use caseload_proto::caseload::assignment::v1::{
    AssignmentChanged, AssignmentSnapshot, ParalegalChanged, ParalegalSnapshot,
};
use caseload_proto::caseload::r#type::v1::pay_terms::Model;
use caseload_runtime::clock;
use futures::future::BoxFuture;

use super::{firm, name, parsed, part};
use crate::domain::earning::PayTerms;
use crate::store::{items, known, lock_firm, lock_paralegal};
use crate::work::{pay, pricing};

/// Keeps what assignment tells.
pub(crate) struct AssignmentFacts;

impl Projection for AssignmentFacts {
    fn source(&self) -> &'static str {
        "assignment"
    }

    fn apply<'a>(
        &'a self,
        tx: &'a mut Transaction,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ProjectionError>> {
        Box::pin(async move {
            if let Some(changed) = event.payload::<ParalegalChanged>()? {
                paralegal_changed(tx, part("paralegal", changed.paralegal)?).await
            } else if let Some(changed) = event.payload::<AssignmentChanged>()? {
                assignment_changed(tx, event, part("assignment", changed.assignment)?).await
            } else {
                Ok(())
            }
        })
    }
}

async fn paralegal_changed(
    tx: &mut Transaction,
    snapshot: ParalegalSnapshot,
) -> Result<(), ProjectionError> {
    let ParalegalName(id) = name("paralegal.name", &snapshot.name)?;
    parsed("paralegal.time_zone", snapshot.time_zone.parse::<Zone>())?;
    let known = known::Paralegal {
        given_name: snapshot.given_name,
        family_name: snapshot.family_name,
        timekeeper_id: snapshot.timekeeper_id,
        time_zone: snapshot.time_zone,
        level: Level::new(snapshot.level).ok(),
    };
    lock_paralegal(tx, id).await?;
    known::put_paralegal(tx, id, &known).await?;
    for firm in items::firms_waiting_for(tx, id).await? {
        lock_firm(tx, firm).await?;
        pricing::price_waiting(tx, firm, None, clock::now()).await?;
    }
    Ok(())
}

async fn assignment_changed(
    tx: &mut Transaction,
    event: &Event,
    snapshot: AssignmentSnapshot,
) -> Result<(), ProjectionError> {
    let assignment: AssignmentName = name("assignment.name", &snapshot.name)?;
    let task: TaskName = name("assignment.task", &snapshot.task)?;
    let ParalegalName(paralegal) = name("assignment.paralegal", &snapshot.paralegal)?;
    let firm = firm(event, assignment.firm)?;
    let model = part(
        "assignment.pay_terms",
        snapshot.pay_terms.and_then(|pay| pay.model),
    )?;
    let terms = match model {
        Model::HourlyRate(rate) => {
            PayTerms::Hourly(parsed("hourly_rate", HourlyRate::try_from(&rate))?)
        }
        Model::ProjectFee(fee) => PayTerms::Project(parsed("project_fee", Money::try_from(&fee))?),
    };
    let scope = tx.scope();
    lock_firm(tx, firm).await?;
    tx.set_scope(Scope::AllFirms).await?;
    known::put_pay_terms(tx, firm, assignment.id, paralegal, task.id, terms).await?;
    pay::settle_time(tx, firm, assignment.id).await?;
    pay::settle_fee(tx, firm, assignment.id, paralegal, task.id).await?;
    tx.set_scope(scope).await?;
    Ok(())
}
