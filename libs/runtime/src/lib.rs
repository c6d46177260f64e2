//! One service process: configuration, telemetry, server, health, drain, deadlines, channels.
//!
//! # Layout
//! - [`config`]: one scheme for every process: file, then environment, then flags
//! - [`app`]: what a service hands over to be served
//! - [`worker`]: what runs on its own beside the calls
//! - [`readiness`]: what must be well for a service to say that it is ready
//! - [`server`]: connections, limits, layers, health, reflection, drain
//! - [`Call`]: who calls which method, and whose data it may touch
//! - [`deadline`]: the time that a call may take, and what is left of it
//! - [`channel`] and [`token_source`]: how one process calls another
//! - [`clock`]: what time it is, for every rule of the services
//! - [`telemetry`]: traces, metrics and logs
//! - [`signals`]: how a process is told to stop
//! - [`tls`]: the one TLS provider, and certificates

pub mod app;
pub mod call;
pub mod channel;
pub mod clock;
pub mod config;
pub mod deadline;
pub mod readiness;
pub mod server;
pub mod signals;
pub mod telemetry;
pub mod tls;
pub mod token_source;
pub mod worker;

pub use app::{App, Listeners};
pub use call::Call;
pub use channel::{Channel, ChannelError, ChannelOptions};
pub use config::{Config, ConfigError, Environment, ServerConfig, TelemetryConfig, UpstreamConfig};
pub use readiness::{NotReady, Readiness};
pub use server::{ServeError, serve};
pub use token_source::{TokenError, TokenSource};
pub use tokio_util::sync::CancellationToken;
pub use worker::{Worker, WorkerError};
