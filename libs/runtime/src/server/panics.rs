//! A handler that panics answers INTERNAL, and the process goes on.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use http::{Request, Response};
use tonic::body::Body;

use super::Next;

/// Lets a call through, and answers in its place if it panics. The panic's own words go to the log by the process's
/// panic hook.
pub(super) async fn catch(next: Next, request: Request<Body>) -> Response<Body> {
    // Nothing that the call touched is used again: what it shares with others is behind locks that tell.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(answer) => answer,
        Err(_) => caseload_proto::status::internal("a handler panicked").into_http(),
    }
}
