//! So many calls at once, over all connections; more are turned away at once rather than made to wait.

use std::sync::Arc;

use caseload_proto::status::{Reason, status};
use http::{Request, Response};
use tokio::sync::Semaphore;
use tonic::Code;
use tonic::body::Body;

use super::Next;

/// Places for calls under way.
#[derive(Debug, Clone)]
pub(super) struct Slots(Arc<Semaphore>);

impl Slots {
    /// So many places.
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))))
    }
}

/// Lets a call through if there is a place for it. The place is given back when the call has answered, not when the
/// last of a stream is sent: followers of a feed must not take the places of calls.
pub(super) async fn shed(slots: Slots, next: Next, request: Request<Body>) -> Response<Body> {
    let Ok(_place) = slots.0.try_acquire() else {
        let message = "the server has as many calls under way as it takes; try again later";
        return status(Code::ResourceExhausted, Reason::OVERLOADED, message).into_http();
    };
    next.run(request).await
}
