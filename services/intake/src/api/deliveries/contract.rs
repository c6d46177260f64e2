//! Deliveries as the contract carries them.

use caseload_database::etag;
use caseload_domain::FirmId;
use caseload_domain::name::{
    AssignmentName, DocumentName, FirmParent, MatterName, ParalegalName, TaskName,
};
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;

use crate::api::fields;
use crate::api::numbers::{self, Numbered as _};
use crate::domain::delivery::{Delivered, Delivery, MOST_DOCUMENTS};
use crate::store::deliveries::Filter;

/// Work as it is handed over.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) task: TaskName,
    pub(super) milestone: Option<String>,
    pub(super) note: String,
    pub(super) documents: Vec<Delivered>,
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
    let documents = documents(violations, &given.documents, firm);
    Some(Given {
        task: task?,
        milestone: milestone?,
        note: note?,
        documents: documents?,
    })
}

/// Reads what is handed over: each version once.
fn documents(
    violations: &mut Violations,
    given: &[v1::DeliveredDocument],
    firm: Option<FirmId>,
) -> Option<Vec<Delivered>> {
    const FIELD: &str = "delivery.documents";
    if given.len() > MOST_DOCUMENTS {
        let why = format!("has {} versions, of at most {MOST_DOCUMENTS}", given.len());
        violations.add(FIELD, why);
        return None;
    }
    let mut read = Vec::new();
    for (at, one) in given.iter().enumerate() {
        let field = format!("{FIELD}[{at}].document");
        let name: Option<DocumentName> = fields::parsed(violations, &field, &one.document);
        let below = name.zip(firm).is_none_or(|(name, firm)| name.firm == firm);
        violations.check(&field, below, "is not below the parent");
        let numbered = one.version > 0;
        violations.check(
            &format!("{FIELD}[{at}].version"),
            numbered,
            "must be at least 1",
        );
        let Some(name) = name else { continue };
        let delivered = Delivered {
            document: name.id,
            version: one.version,
        };
        violations.check(&field, !read.contains(&delivered), "is handed over twice");
        read.push(delivered);
    }
    (read.len() == given.len()).then_some(read)
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
        documents: delivery
            .documents
            .iter()
            .map(|delivered| v1::DeliveredDocument {
                document: DocumentName::new(firm, delivered.document).to_string(),
                version: delivered.version,
            })
            .collect(),
    }
}
