//! A call belongs to its caller's trace, and so does whatever it calls in turn.

use std::sync::{Arc, Mutex};

use opentelemetry::trace::{TraceContextExt as _, TraceId, TracerProvider as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::probe::{Probe, Served, get, limits};

fn current() -> TraceId {
    let context = tracing::Span::current().context();
    context.span().span_context().trace_id()
}

#[tokio::test]
async fn one_trace_runs_through_every_process_that_a_call_reaches() {
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let provider = SdkTracerProvider::builder().build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    // For this thread alone, on which everything in this test runs.
    let _recording = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));

    let seen = Arc::new(Mutex::new(Vec::new()));
    let last_sees = Arc::clone(&seen);
    let last = Probe::doing(move || {
        last_sees.lock().unwrap().push(current());
        async { Ok(()) }
    });
    let last = Served::start(limits(), last).await;
    let behind = last.channel("relay");
    let first_sees = Arc::clone(&seen);
    let first = Probe::doing(move || {
        first_sees.lock().unwrap().push(current());
        get(behind.clone())
    });
    let first = Served::start(limits(), first).await;

    let span = tracing::info_span!("the caller's own");
    let (mine, answer) = async { (current(), get(first.channel("someone")).await) }
        .instrument(span)
        .await;
    answer.unwrap();
    assert_ne!(mine, TraceId::INVALID);
    assert_eq!(*seen.lock().unwrap(), [mine, mine]);
}
