//! Each call is a span in its caller's trace, and is counted: how many, how they ended, how long they took.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, UpDownCounter};
use opentelemetry::propagation::Extractor;
use tonic::body::Body;
use tonic::{Code, Status};
use tracing::{Instrument as _, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::server::{Method, Next};

/// OpenTelemetry's names for what a call is.
const RPC_METHOD: &str = "rpc.method";
const RPC_RESPONSE_STATUS_CODE: &str = "rpc.response.status_code";
const RPC_SYSTEM_NAME: &str = "rpc.system.name";

/// The bounds of the durations that are counted, in seconds.
const BOUNDS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// What counts calls.
#[derive(Debug)]
pub(crate) struct Calls {
    durations: Histogram<f64>,
    active: UpDownCounter<i64>,
}

impl Calls {
    /// Counters of the process's meter.
    pub(crate) fn new() -> Self {
        let meter = opentelemetry::global::meter("caseload");
        Self {
            durations: meter
                .f64_histogram("rpc.server.call.duration")
                .with_unit("s")
                .with_description("How long calls took, by method and by how they ended.")
                .with_boundaries(BOUNDS.to_vec())
                .build(),
            active: meter
                .i64_up_down_counter("rpc.server.active_calls")
                .with_unit("{call}")
                .with_description("Calls under way, by method.")
                .build(),
        }
    }

    /// Lets a call through, and watches it to its end.
    pub(crate) async fn observe(
        self: Arc<Self>,
        method: Method,
        next: Next,
        request: Request<Body>,
    ) -> Response<Body> {
        let span = tracing::info_span!(
            "call",
            otel.name = method.name,
            otel.kind = "server",
            otel.status_code = field::Empty,
            rpc.system.name = "grpc",
            rpc.method = method.name,
            rpc.response.status_code = field::Empty,
        );
        let parent = opentelemetry::global::get_text_map_propagator(|propagator| {
            propagator.extract(&Headers(request.headers()))
        });
        // Only fails for a span that is recorded by nobody.
        let _ = span.set_parent(parent);
        let mut watched = Watched::new(self, method, span.clone());
        let answer = next.run(request).instrument(span).await;
        // A call that fails before it sends anything says so in its headers.
        if let Some(status) = Status::from_header_map(answer.headers()) {
            watched.end(status.code());
            return answer;
        }
        answer.map(|body| Body::new(Observed { body, watched }))
    }
}

/// A call that is watched. One that is dropped before it ended was cancelled.
struct Watched {
    calls: Arc<Calls>,
    method: Method,
    span: Span,
    began: Instant,
    ended: bool,
}

impl Watched {
    fn new(calls: Arc<Calls>, method: Method, span: Span) -> Self {
        calls
            .active
            .add(1, &[KeyValue::new(RPC_METHOD, method.name)]);
        Self {
            calls,
            method,
            span,
            began: Instant::now(),
            ended: false,
        }
    }

    fn end(&mut self, code: Code) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let took = self.began.elapsed();
        let code_name = name(code);
        let method = KeyValue::new(RPC_METHOD, self.method.name);
        self.calls.active.add(-1, std::slice::from_ref(&method));
        self.calls.durations.record(
            took.as_secs_f64(),
            &[
                KeyValue::new(RPC_SYSTEM_NAME, "grpc"),
                method,
                KeyValue::new(RPC_RESPONSE_STATUS_CODE, code_name),
            ],
        );
        self.span.record("rpc.response.status_code", code_name);
        let method = self.method.name;
        let _entered = self.span.enter();
        match code {
            // How a stream that is followed ends when the server leaves.
            Code::Unavailable if self.method.streams => {
                tracing::debug!(method, code = code_name, ?took, "answered");
            }
            Code::Ok => tracing::debug!(method, code = code_name, ?took, "answered"),
            Code::Unknown
            | Code::Internal
            | Code::Unavailable
            | Code::DataLoss
            | Code::Unimplemented => {
                self.span.record("otel.status_code", "ERROR");
                tracing::warn!(method, code = code_name, ?took, "answered");
            }
            _ => tracing::info!(method, code = code_name, ?took, "answered"),
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.end(Code::Cancelled);
    }
}

/// The body of an answer, watched for how it ends.
struct Observed {
    body: Body,
    watched: Watched,
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let span = self.watched.span.clone();
        let frame = span.in_scope(|| Pin::new(&mut self.body).poll_frame(context));
        let frame = ready!(frame);
        match &frame {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    let code = Status::from_header_map(trailers)
                        .map_or(Code::Unknown, |status| status.code());
                    self.watched.end(code);
                }
            }
            Some(Err(status)) => self.watched.end(status.code()),
            None => self.watched.end(Code::Unknown),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Headers as the trace context is read from them.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// A code as gRPC's documents write it.
const fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
