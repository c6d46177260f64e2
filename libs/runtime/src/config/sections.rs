//! The sections that every service has.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::channel::{Channel, ChannelError, ChannelOptions};
use crate::token_source::TokenSource;

/// The largest message that the gRPC library takes, whatever it is told.
const MOST_MESSAGE_BYTES: u32 = 4 * 1024 * 1024;

/// The longest of any time: what is longer is a slip, and might not fit the clock.
const LONGEST_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// Ports, limits, and how to stop. The defaults are those of the embedded reference.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Where the gRPC services listen.
    pub listen: SocketAddr,
    /// Where health is answered in plaintext.
    pub health_listen: SocketAddr,
    /// Connections at once; more wait in the system's queue.
    pub max_connections: usize,
    /// Calls at once in one connection.
    pub max_streams: u32,
    /// Bytes of headers in one call.
    pub max_header_bytes: u32,
    /// Bytes of one message of a request.
    pub max_message_bytes: u32,
    /// Errors of a client's own making before its connection is closed.
    pub max_error_resets: usize,
    /// How long a new connection may take over TLS, and again over HTTP/2's first bytes.
    pub preface_timeout_ms: u64,
    /// How often a connection is asked whether it lives.
    pub keepalive_interval_ms: u64,
    /// How long it may take to answer.
    pub keepalive_timeout_ms: u64,
    /// How old a connection grows before it is asked to leave, give or take a tenth.
    pub max_connection_age_seconds: u64,
    /// Calls under way at once, over all connections; more are turned away.
    pub max_calls: usize,
    /// The most time a call may take, whatever it asks for.
    pub deadline_ms: u64,
    /// The same for calls that answer a stream.
    pub stream_deadline_ms: u64,
    /// How fast one firm, or one subject that belongs to none, may call.
    pub rate: RateConfig,
    /// How to stop.
    pub drain: DrainConfig,
    /// TLS on the gRPC port; plaintext without.
    pub tls: Option<TlsConfig>,
}

/// A token bucket.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateConfig {
    /// Calls a second in the long run.
    pub per_second: u32,
    /// Calls at once after a rest.
    pub burst: u32,
}

/// How a process stops.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrainConfig {
    /// How long it goes on serving after it said that it is not ready, so that those who route calls take notice.
    pub settle_ms: u64,
    /// How long calls and workers under way may take from then on before they are cut.
    pub deadline_ms: u64,
}

/// A certificate and its key, in PEM files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The certificate, and what it was signed with.
    pub certificate_file: PathBuf,
    /// The private key.
    pub key_file: PathBuf,
}

/// Where traces, metrics and logs go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Where OTLP is spoken over gRPC, in plaintext: `http://collector:4317`. Without it logs are written to standard error alone.
    pub otlp_endpoint: Option<String>,
    /// How logs are written to standard error.
    pub log_format: LogFormat,
    /// What is logged: `info`, or `info,caseload_events=debug`.
    pub log_filter: String,
    /// The share of traces begun here that are sampled, from 0 to 1. A caller's own decision is kept.
    pub trace_ratio: f64,
    /// How often metrics are sent.
    pub metrics_interval_seconds: u64,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// A service whose events this one follows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamConfig {
    /// Where it answers: `http://intake:7101`, or `https://…`.
    pub endpoint: String,
    /// The file that holds this service's own token for it.
    pub token_file: Option<PathBuf>,
    /// The authority that signed its certificate; needed for `https`.
    pub ca_file: Option<PathBuf>,
    /// A source of tokens in this process, in the token file's place.
    #[serde(skip)]
    pub tokens: Option<TokenSource>,
}

impl UpstreamConfig {
    /// Where the tokens for it come from.
    pub fn token_source(&self) -> TokenSource {
        match (&self.tokens, &self.token_file) {
            (Some(tokens), _) => tokens.clone(),
            (None, Some(file)) => TokenSource::file(file.clone()),
            (None, None) => TokenSource::anonymous(),
        }
    }

    /// A channel to it for following its events: it connects when it is first used, and again after a loss.
    /// Its calls have no deadline of their own, since they stream.
    pub fn channel(&self) -> Result<Channel, ChannelError> {
        Channel::lazy(
            &self.endpoint,
            ChannelOptions {
                deadline: None,
                tokens: self.token_source(),
                ca_file: self.ca_file.clone(),
            },
        )
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7100)),
            health_listen: SocketAddr::from(([127, 0, 0, 1], 7200)),
            max_connections: 1024,
            max_streams: 128,
            max_header_bytes: 16 * 1024,
            max_message_bytes: 1024 * 1024,
            max_error_resets: 256,
            preface_timeout_ms: 5_000,
            keepalive_interval_ms: 30_000,
            keepalive_timeout_ms: 10_000,
            max_connection_age_seconds: 1_800,
            max_calls: 512,
            deadline_ms: 30_000,
            stream_deadline_ms: 600_000,
            rate: RateConfig {
                per_second: 500,
                burst: 1_000,
            },
            drain: DrainConfig {
                settle_ms: 3_000,
                deadline_ms: 20_000,
            },
            tls: None,
        }
    }
}

impl ServerConfig {
    pub(crate) fn preface_timeout(&self) -> Duration {
        Duration::from_millis(self.preface_timeout_ms)
    }

    pub(crate) fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }

    pub(crate) fn stream_deadline(&self) -> Duration {
        Duration::from_millis(self.stream_deadline_ms)
    }

    /// The most time that any call takes.
    pub(crate) fn longest_call(&self) -> Duration {
        self.deadline().max(self.stream_deadline())
    }

    /// What is wrong with the values, taken together.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (key, value) in [
            ("max_connections", self.max_connections as u64),
            ("max_streams", u64::from(self.max_streams)),
            ("max_header_bytes", u64::from(self.max_header_bytes)),
            ("max_message_bytes", u64::from(self.max_message_bytes)),
            ("preface_timeout_ms", self.preface_timeout_ms),
            ("keepalive_interval_ms", self.keepalive_interval_ms),
            ("keepalive_timeout_ms", self.keepalive_timeout_ms),
            (
                "max_connection_age_seconds",
                self.max_connection_age_seconds,
            ),
            ("max_calls", self.max_calls as u64),
            ("deadline_ms", self.deadline_ms),
            ("stream_deadline_ms", self.stream_deadline_ms),
            ("rate.per_second", u64::from(self.rate.per_second)),
            ("rate.burst", u64::from(self.rate.burst)),
            ("drain.deadline_ms", self.drain.deadline_ms),
        ] {
            if value == 0 {
                problems.push(format!(
                    "server.{key} is 0, which would let nothing through"
                ));
            }
        }
        if self.max_message_bytes > MOST_MESSAGE_BYTES {
            problems.push(format!(
                "server.max_message_bytes is {}, of at most {MOST_MESSAGE_BYTES}",
                self.max_message_bytes
            ));
        }
        for (key, milliseconds) in [
            ("preface_timeout_ms", self.preface_timeout_ms),
            ("keepalive_interval_ms", self.keepalive_interval_ms),
            ("keepalive_timeout_ms", self.keepalive_timeout_ms),
            (
                "max_connection_age_seconds",
                self.max_connection_age_seconds.saturating_mul(1_000),
            ),
            ("deadline_ms", self.deadline_ms),
            ("stream_deadline_ms", self.stream_deadline_ms),
            ("drain.settle_ms", self.drain.settle_ms),
            ("drain.deadline_ms", self.drain.deadline_ms),
        ] {
            if milliseconds > LONGEST_MS {
                problems.push(format!("server.{key} is longer than thirty days"));
            }
        }
        problems
    }
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            otlp_endpoint: None,
            log_format: LogFormat::Text,
            log_filter: "info".into(),
            trace_ratio: 1.0,
            metrics_interval_seconds: 30,
        }
    }
}

impl TelemetryConfig {
    /// What is wrong with the values.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !(0.0..=1.0).contains(&self.trace_ratio) {
            problems.push("telemetry.trace_ratio is not between 0 and 1".into());
        }
        if let Some(endpoint) = &self.otlp_endpoint
            && !endpoint.starts_with("http://")
        {
            problems.push("telemetry.otlp_endpoint is not of the form http://host:port".into());
        }
        if self.metrics_interval_seconds == 0 {
            problems.push("telemetry.metrics_interval_seconds is 0".into());
        }
        if let Err(why) = tracing_subscriber::EnvFilter::try_new(&self.log_filter) {
            problems.push(format!("telemetry.log_filter can't be read: {why}"));
        }
        problems
    }
}
