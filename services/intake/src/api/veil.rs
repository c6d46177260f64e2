//! What a firm is told of a conflict: that the work is under review, and no more.
//!
//! That a check is blocked or waived says that there is a conflict, and a firm that tries captions and docket numbers
//! could find out whom the suite works for. So a firm sees what is not decided in its favour as under review, and what
//! is as clear.

use caseload_proto::caseload::intake::v1::{
    ConflictCheckState, ListMattersResponse, ListRequestsResponse, Matter, Request,
};
use caseload_runtime::Call;
use tonic::Response;

/// An answer that tells where a conflict check stands.
pub(crate) trait Veil {
    /// Leaves of it what a firm may know.
    fn veil(&mut self);
}

/// The answer to a call as its caller may see it.
pub(crate) fn tell<T: Veil>(call: &Call, mut answer: T) -> Response<T> {
    if call.caller.firm().is_some() {
        answer.veil();
    }
    Response::new(answer)
}

fn veiled(state: ConflictCheckState) -> ConflictCheckState {
    match state {
        ConflictCheckState::Blocked => ConflictCheckState::UnderReview,
        ConflictCheckState::Waived => ConflictCheckState::Clear,
        state => state,
    }
}

impl Veil for Matter {
    fn veil(&mut self) {
        self.set_conflict_state(veiled(self.conflict_state()));
    }
}

impl Veil for Request {
    fn veil(&mut self) {
        self.set_conflict_state(veiled(self.conflict_state()));
    }
}

impl Veil for ListMattersResponse {
    fn veil(&mut self) {
        self.matters.iter_mut().for_each(Veil::veil);
    }
}

impl Veil for ListRequestsResponse {
    fn veil(&mut self) {
        self.requests.iter_mut().for_each(Veil::veil);
    }
}
