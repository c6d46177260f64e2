//! The units of work of `DeliveryService`.

use caseload_database::{Database, Transaction, etag};
use caseload_domain::name::{DeliveryName, DocumentName, RequestName, TaskName};
use caseload_domain::{ParalegalId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;

use super::contract::{Given, answer};
use crate::api::listing::Listing;
use crate::domain::delivery::{
    Delivery, DeliveryState, Verdict, can_be_handed_over, completes_task, task_move,
};
use crate::domain::task::TaskMove;
use crate::error::{IntakeError, Refusal};
use crate::store;
use crate::store::deliveries::Filter;
use crate::work::tasks::Known;
use crate::work::{self, snapshot};

/// What the firm says to a delivery.
#[derive(Debug, Clone)]
pub(super) enum Review {
    /// It is accepted.
    Accept,
    /// It is to be done again, for a reason.
    Revise(String),
}

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    name: DeliveryName,
    paralegal: ParalegalId,
    given: Given,
) -> Result<v1::Delivery, IntakeError> {
    // Seen in the paralegal's own scope; from here on the work is the firm's.
    store::tasks::get(tx, given.task).await?;
    tx.set_scope(Scope::Firm(name.firm)).await?;
    let mut task = store::tasks::lock(tx, given.task).await?;
    let own = task.worker.filter(|worker| worker.paralegal == paralegal);
    let by = own.ok_or_else(|| IntakeError::NotFound(given.task.to_string()))?;
    task.go(TaskMove::Deliver, act.now)?;
    let milestones = task.facts.pricing.milestones();
    let completes_task = completes_task(
        milestones,
        &task.accepted_milestones,
        given.milestone.as_deref(),
    )
    .map_err(|why| IntakeError::Invalid {
        field: "delivery.milestone_id",
        why: why.to_string(),
    })?;
    if completes_task {
        task.times.delivered(task.facts.due_time, act.now);
    }
    let delivery = Delivery {
        name,
        task: task.name.id,
        matter: task.matter,
        by,
        milestone: given.milestone,
        note: given.note,
        documents: given.documents,
        state: DeliveryState::Submitted,
        completes_task,
        revision_reason: String::new(),
        reviewed_by: String::new(),
        review_time: None,
        version: 1,
        create_time: act.now,
        update_time: act.now,
    };
    store::deliveries::insert(tx, &delivery).await?;
    are_of_the_task(tx, &delivery).await?;
    store::deliveries::hand_over(tx, &delivery).await?;
    let after = store::deliveries::record(tx, name).await?;
    act.record(tx, Some(name.firm), name.to_string(), None, after)
        .await?;
    work::tasks::keep(tx, &act, &mut task, Known::ToAll).await?;
    let submitted = v1::DeliverySubmitted {
        delivery: Some(snapshot::delivery(&delivery)),
    };
    act.announce(tx, Some(name.firm), name.to_string(), &submitted)
        .await?;
    Ok(answer(&delivery))
}

/// Whether every version that is handed over is one of the task's. None of them can be deleted from here on.
async fn are_of_the_task(tx: &mut Transaction, delivery: &Delivery) -> Result<(), IntakeError> {
    let firm = delivery.name.firm;
    let ids: Vec<_> = delivery
        .documents
        .iter()
        .map(|one| one.document.0)
        .collect();
    let found = store::documents::keep_as_they_are(tx, firm, &ids).await?;
    for one in &delivery.documents {
        let document = found.iter().find(|found| found.name.id == one.document);
        if !can_be_handed_over(document, delivery.task, one.version) {
            let name = DocumentName::new(firm, one.document);
            return Err(IntakeError::Invalid {
                field: "delivery.documents",
                why: format!(
                    "names version {} of {name}, which is not one of the task's",
                    one.version
                ),
            });
        }
    }
    Ok(())
}

pub(super) async fn get(
    tx: &mut Transaction,
    name: DeliveryName,
) -> Result<v1::Delivery, IntakeError> {
    Ok(answer(&store::deliveries::get(tx, name).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    filter: Filter,
) -> Result<v1::ListDeliveriesResponse, IntakeError> {
    let mut keys = store::deliveries::page(tx, &filter, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let deliveries = store::deliveries::load(tx, &keys).await?;
    Ok(v1::ListDeliveriesResponse {
        deliveries: deliveries.iter().map(answer).collect(),
        next_page_token,
    })
}

pub(super) async fn review(
    tx: &mut Transaction,
    act: Act,
    name: DeliveryName,
    etag: String,
    review: Review,
    by_the_firm: bool,
) -> Result<v1::Delivery, IntakeError> {
    // Held in everyone's order: request, task, delivery.
    let seen = store::deliveries::get(tx, name).await?;
    let task_name = TaskName::new(name.firm, seen.task);
    let of = store::tasks::get(tx, task_name).await?.request;
    let mut request = store::requests::lock(tx, RequestName::new(name.firm, of)).await?;
    let mut task = store::tasks::lock(tx, task_name).await?;
    let mut delivery = store::deliveries::lock(tx, name).await?;
    etag::check(&etag, delivery.version)?;

    let verdict = match &review {
        Review::Accept => Verdict::Accept,
        Review::Revise(_) => Verdict::Revise,
    };
    delivery.state = delivery.state.after(verdict)?;
    if verdict == Verdict::Accept && !by_the_firm {
        let firm = store::firms::get(tx, name.firm).await?;
        if firm.profile.attorney_acceptance_required {
            return Err(IntakeError::Refused(Refusal::AttorneyAcceptanceRequired));
        }
    }
    delivery.reviewed_by.clone_from(&act.actor);
    delivery.review_time = Some(act.now);
    if let Review::Revise(reason) = &review {
        delivery.revision_reason.clone_from(reason);
        task.times.revisions += 1;
    }
    let by = task_move(verdict, delivery.completes_task, task.worker.is_some());
    task.go(by, act.now)?;

    let before = store::deliveries::record(tx, name).await?;
    store::deliveries::save(tx, &mut delivery, act.now).await?;
    let after = store::deliveries::record(tx, name).await?;
    act.record(tx, Some(name.firm), name.to_string(), before, after)
        .await?;
    work::tasks::keep(tx, &act, &mut task, Known::ToAll).await?;
    tell(tx, &act, &delivery, review).await?;
    if verdict == Verdict::Accept {
        work::progress::advance(tx, &act, &mut request).await?;
    }
    Ok(answer(&delivery))
}

async fn tell(
    tx: &mut Transaction,
    act: &Act,
    delivery: &Delivery,
    review: Review,
) -> Result<(), IntakeError> {
    let (firm, name) = (delivery.name.firm, delivery.name.to_string());
    let told = Some(snapshot::delivery(delivery));
    match review {
        Review::Accept => {
            let accepted = v1::DeliveryAccepted {
                delivery: told,
                accept_time: Some(timestamp(act.now)),
            };
            act.announce(tx, Some(firm), name, &accepted).await?;
        }
        Review::Revise(reason) => {
            let asked = v1::RevisionRequested {
                delivery: told,
                reason,
            };
            act.announce(tx, Some(firm), name, &asked).await?;
        }
    }
    Ok(())
}
