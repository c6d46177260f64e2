//! One trace from a firm's request to the invoice: the W3C trace context that an event carries.

use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::Event;

/// The trace context of the current span, as an event carries it. Empty when nothing is traced.
pub(crate) fn current() -> String {
    let context = tracing::Span::current().context();
    let span = context.span();
    let about = span.span_context();
    if about.is_valid() {
        written(about)
    } else {
        String::new()
    }
}

/// The span in which a subscription takes in an event: a child of the call that made the event true.
pub(crate) fn consumer(subscription: &str, event: &Event) -> tracing::Span {
    let span = tracing::info_span!(
        "event",
        otel.name = %format_args!("{subscription} process"),
        otel.kind = "consumer",
        messaging.operation.name = "process",
        messaging.destination.subscription.name = subscription,
        messaging.message.id = %event.id,
        event.type_name = event.type_name,
        event.position = event.position,
    );
    if let Some(parent) = read(&event.traceparent) {
        let parent = opentelemetry::Context::new().with_remote_span_context(parent);
        if let Err(why) = span.set_parent(parent) {
            // There is no telemetry in this process, so there is no trace to continue.
            tracing::trace!(error = %why, "the trace is not continued");
        }
    }
    span
}

fn written(about: &SpanContext) -> String {
    format!(
        "00-{}-{}-{:02x}",
        about.trace_id(),
        about.span_id(),
        about.trace_flags()
    )
}

/// Reads version 00 of the form; anything else is no trace context.
fn read(traceparent: &str) -> Option<SpanContext> {
    let mut parts = traceparent.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let lengths = [version.len(), trace.len(), span.len(), flags.len()];
    if version != "00" || lengths != [2, 32, 16, 2] || parts.next().is_some() {
        return None;
    }
    let about = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    about.is_valid().then_some(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_context_is_read_as_it_was_written() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let about = read(text).expect("a trace context");
        assert!(about.is_remote() && about.is_sampled());
        assert_eq!(written(&about), text);
    }

    #[test]
    fn what_is_no_trace_context_is_no_parent() {
        for text in [
            "",
            "00",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4bf92f3577b34da6a3ce929d0e0e47zz-00f067aa0ba902b7-01",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
