//! Traces, metrics and logs.
//!
//! With an OTLP endpoint all three are sent there over gRPC; logs are written to standard error either way. Traces
//! are made even when nothing is sent, so that an event always carries the trace it belongs to. No client data goes
//! into any of them: names of methods and states, counts and durations, ids at most.

pub(crate) mod calls;

use std::io::IsTerminal as _;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::{ExporterBuildError, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::{LogFormat, TelemetryConfig};

/// How long sending may take, each time.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// Telemetry can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The OTLP endpoint can't be used.
    #[error("the OTLP endpoint can't be used: {0}")]
    Exporter(#[from] ExporterBuildError),
    /// The filter can't be read.
    #[error("the log filter can't be read: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The configuration says what can't be.
    #[error("{0}")]
    Configuration(#[from] crate::ConfigError),
    /// It was set up before.
    #[error("telemetry was set up before: {0}")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// What has to be flushed before the process ends.
#[must_use = "telemetry that is not shut down loses what it has not sent yet"]
#[derive(Debug)]
pub struct Telemetry {
    traces: SdkTracerProvider,
    metrics: SdkMeterProvider,
    logs: Option<SdkLoggerProvider>,
}

/// Sets up traces, metrics and logs for the process. `service` is what they are filed under.
pub fn start(config: &TelemetryConfig, service: &str) -> Result<Telemetry, TelemetryError> {
    let problems = config.problems();
    if !problems.is_empty() {
        return Err(crate::ConfigError { problems }.into());
    }
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let resource = Resource::builder()
        .with_service_name(format!("caseload-{service}"))
        .with_attribute(KeyValue::new("service.namespace", "caseload"))
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();

    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.trace_ratio)));
    let mut traces = SdkTracerProvider::builder()
        .with_sampler(sampler)
        .with_resource(resource.clone());
    let mut metrics = SdkMeterProvider::builder().with_resource(resource.clone());
    let mut logs = None;
    if let Some(endpoint) = &config.otlp_endpoint {
        traces = traces.with_batch_exporter(
            opentelemetry_otlp::SpanExporter::builder()
                .with_tonic()
                .with_endpoint(endpoint)
                .with_timeout(EXPORT_TIMEOUT)
                .build()?,
        );
        let exporter = opentelemetry_otlp::MetricExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(EXPORT_TIMEOUT)
            .build()?;
        let every = Duration::from_secs(config.metrics_interval_seconds);
        metrics = metrics.with_reader(
            PeriodicReader::builder(exporter)
                .with_interval(every)
                .build(),
        );
        logs = Some(
            SdkLoggerProvider::builder()
                .with_resource(resource)
                .with_batch_exporter(
                    opentelemetry_otlp::LogExporter::builder()
                        .with_tonic()
                        .with_endpoint(endpoint)
                        .with_timeout(EXPORT_TIMEOUT)
                        .build()?,
                )
                .build(),
        );
    }
    let traces = traces.build();
    let metrics = metrics.build();
    opentelemetry::global::set_tracer_provider(traces.clone());
    opentelemetry::global::set_meter_provider(metrics.clone());

    let filter = EnvFilter::try_new(&config.log_filter)?;
    let written = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let written = match config.log_format {
        LogFormat::Text => written.with_target(false).boxed(),
        LogFormat::Json => written.json().flatten_event(true).boxed(),
    };
    // Spans are made whatever the logs' filter hides, or traces would have holes.
    let spans = tracing_opentelemetry::layer()
        .with_tracer(traces.tracer("caseload"))
        .with_location(false)
        .with_threads(false)
        .with_filter(EnvFilter::new(
            "info,h2=off,hyper=off,tonic=off,tower=off,sqlx=off",
        ));
    // What sends telemetry must not send word of its own sending.
    let not_its_own = "h2=off,hyper=off,tonic=off,tower=off,opentelemetry=off";
    let sent = match &logs {
        Some(provider) => Some(OpenTelemetryTracingBridge::new(provider).with_filter(
            EnvFilter::try_new(format!("{},{not_its_own}", config.log_filter))?,
        )),
        None => None,
    };
    tracing_subscriber::registry()
        .with(written.with_filter(filter))
        .with(spans)
        .with(sent)
        .try_init()?;
    Ok(Telemetry {
        traces,
        metrics,
        logs,
    })
}

impl Telemetry {
    /// Sends what is left, within seconds. Called from a thread that may block.
    pub fn shutdown(self) {
        let ended = [
            self.traces.shutdown_with_timeout(EXPORT_TIMEOUT),
            self.metrics.shutdown_with_timeout(EXPORT_TIMEOUT),
            self.logs
                .map_or(Ok(()), |logs| logs.shutdown_with_timeout(EXPORT_TIMEOUT)),
        ];
        for failure in ended.into_iter().filter_map(Result::err) {
            // Telemetry itself is gone: standard error is what is left.
            eprintln!("telemetry was not sent to the end: {failure}");
        }
    }
}
