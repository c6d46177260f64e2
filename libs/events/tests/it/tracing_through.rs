//! One trace, from the call that made an event true to whoever takes it in.

use caseload_testing::Upstream;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::setting::{Follower, Running, completed};

/// The trace that the current span belongs to.
pub(crate) fn current_trace() -> String {
    tracing::Span::current()
        .context()
        .span()
        .span_context()
        .trace_id()
        .to_string()
}

#[tokio::test]
async fn the_trace_of_the_call_goes_on_where_its_event_is_taken_in() {
    let tracer = SdkTracerProvider::builder().build().tracer("test");
    let layer = tracing_opentelemetry::layer().with_tracer(tracer);
    // Of this thread alone, and the test has no other.
    let _here = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));

    let upstream = Upstream::start("intake").await;
    let call = tracing::info_span!("a firm's call");
    let trace = call.in_scope(current_trace);
    upstream
        .append(None, "a", &completed("a"))
        .instrument(call)
        .await;

    let follower = Follower::new().await;
    let running = Running::start(&follower.subscription(&upstream).0);
    follower.has_seen(1).await;
    let seen: Vec<(String,)> = follower.rows("select traced from seen").await;
    assert_eq!(seen, [(trace,)]);
    running.stop().await;
}
