//! Deliveries as the contract carries them.

use caseload_database::etag;
use caseload_domain::FirmId;
use caseload_domain::name::{AssignmentName, FirmParent, MatterName, ParalegalName, TaskName};
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;

use crate::api::fields;
use crate::api::numbers::{self, Numbered as _};
use crate::domain::delivery::Delivery;
use crate::store::deliveries::Filter;

/// Work as it is handed over.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) task: TaskName,
    pub(super) milestone: Option<String>,
    pub(super) note: String,
}

/// Reads a new delivery.
pub(super) fn new_delivery(
    violations: &mut Violations,
    given: &v1::Delivery,
    firm: Option<FirmId>,
) -> Option<Given> {
    let task: Option<TaskName> = fields::parsed(violations, "delivery.task", &given.task);
    let below = task.zip(firm).is_none_or(|(task, firm)| task.firm == firm);
    violations.check("delivery.task", below, "is not below the parent");
    let milestone = if given.milestone_id.is_empty() {
        Some(None)
    } else {
        fields::slug(violations, "delivery.milestone_id", &given.milestone_id).map(Some)
    };
    let note = violations.text("delivery.note", &given.note, 20_000);
    Some(Given {
        task: task?,
        milestone: milestone?,
        note: note?,
    })
}

/// Reads what a list is narrowed to.
pub(super) fn filter(
    violations: &mut Violations,
    request: &v1::ListDeliveriesRequest,
    parent: Option<FirmParent>,
) -> Option<Filter> {
    let states = numbers::all(violations, "states", &request.states);
    let task: Option<Option<TaskName>> = fields::optional(violations, "task", &request.task);
    let firm = parent.and_then(FirmParent::one);
    let below = task
        .flatten()
        .zip(firm)
        .is_none_or(|(task, firm)| task.firm == firm);
    violations.check("task", below, "is not below the parent");
    Some(Filter {
        firm: parent?.one(),
        task: task?.map(|task| task.id),
        states: states?,
    })
}

/// A delivery as it is answered.
pub(super) fn answer(delivery: &Delivery) -> v1::Delivery {
    let firm = delivery.name.firm;
    v1::Delivery {
        name: delivery.name.to_string(),
        task: TaskName::new(firm, delivery.task).to_string(),
        matter: MatterName::new(firm, delivery.matter).to_string(),
        milestone_id: delivery.milestone.clone().unwrap_or_default(),
        note: delivery.note.clone(),
        paralegal: ParalegalName(delivery.by.paralegal).to_string(),
        assignment: AssignmentName::new(firm, delivery.by.assignment).to_string(),
        state: delivery.state.number(),
        completes_task: delivery.completes_task,
        revision_reason: delivery.revision_reason.clone(),
        reviewed_by: delivery.reviewed_by.clone(),
        review_time: delivery.review_time.map(timestamp),
        etag: etag::of(delivery.version),
        create_time: Some(timestamp(delivery.create_time)),
        update_time: Some(timestamp(delivery.update_time)),
    }
}
