//! Requests as the contract carries them.

use caseload_database::etag;
use caseload_domain::name::{ConflictCheckName, FirmParent, MatterName};
use caseload_domain::{FirmId, MatterId};
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;

use crate::api::conflicts::matter_below;
use crate::api::fields;
use crate::api::numbers::{self, Numbered};
use crate::domain::request::{Request, RequestPatch};
use crate::store::requests::Filter;

/// What an update can change.
pub(super) const UPDATABLE: [&str; 3] = ["title", "description", "supervising_attorney_id"];

/// Reads the matter of a new request; it is the same firm's.
pub(super) fn matter(
    violations: &mut Violations,
    given: &v1::Request,
    firm: Option<FirmId>,
) -> Option<MatterId> {
    let name: MatterName = fields::parsed(violations, "request.matter", &given.matter)?;
    let own = firm.is_none_or(|firm| firm == name.firm);
    violations.check("request.matter", own, "is not below the parent");
    Some(name.id)
}

/// Reads what is said of a request, where the mask wants it.
pub(super) fn patch(violations: &mut Violations, given: &v1::Request, mask: &Mask) -> RequestPatch {
    RequestPatch {
        title: mask.read_if("title", !given.title.is_empty(), || {
            violations.text("request.title", &given.title, 200)
        }),
        description: mask.read_if("description", !given.description.is_empty(), || {
            violations.optional_text("request.description", &given.description, 20_000)
        }),
        supervising_attorney_id: mask.read_if(
            "supervising_attorney_id",
            !given.supervising_attorney_id.is_empty(),
            || attorney(violations, &given.supervising_attorney_id),
        ),
    }
}

fn attorney(violations: &mut Violations, id: &str) -> Option<Option<String>> {
    if id.is_empty() {
        Some(None)
    } else {
        fields::slug(violations, "request.supervising_attorney_id", id).map(Some)
    }
}

/// Reads what a list is narrowed to.
pub(super) fn filter(
    violations: &mut Violations,
    request: &v1::ListRequestsRequest,
    parent: Option<FirmParent>,
) -> Option<Filter> {
    let states = numbers::all(violations, "states", &request.states);
    let matter = matter_below(violations, &request.matter, parent);
    let query = fields::query(violations, &request.query);
    Some(Filter {
        firm: parent?.one(),
        matter: matter?,
        states: states?,
        query: query?,
    })
}

/// A request as it is answered.
pub(in crate::api) fn answer(request: &Request) -> v1::Request {
    let firm = request.name.firm;
    let (check, check_state) = request.conflict.unzip();
    v1::Request {
        name: request.name.to_string(),
        matter: MatterName::new(firm, request.matter).to_string(),
        title: request.facts.title.clone(),
        description: request.facts.description.clone(),
        supervising_attorney_id: request
            .facts
            .supervising_attorney_id
            .clone()
            .unwrap_or_default(),
        state: request.state.number(),
        close_reason: request.close_reason.clone(),
        conflict_check: check
            .map(|id| ConflictCheckName::new(firm, id).to_string())
            .unwrap_or_default(),
        conflict_state: check_state.map_or(0, Numbered::number),
        submit_time: request.submit_time.map(timestamp),
        accept_time: request.accept_time.map(timestamp),
        end_time: request.end_time.map(timestamp),
        etag: etag::of(request.version),
        create_time: Some(timestamp(request.create_time)),
        update_time: Some(timestamp(request.update_time)),
    }
}
