//! Serving a service: connections and their limits, the layers that every call goes through, health, reflection,
//! and stopping.
//!
//! # Layout
//! - [`stack`]: the layers, named, in their order
//! - `calls` in [`telemetry`](crate::telemetry), `panics`, `overload`, `deadlines`, `message_size`, `rate`: one each
//! - [`accept`]: connections, from the socket to HTTP/2
//! - [`health`]: what readiness makes of the service's health
//! - [`supervise`]: workers, started again when they fail
//! - [`retries`]: the one worker that every service has: it forgets the answers kept for requests sent again

mod accept;
mod deadlines;
mod health;
mod message_size;
mod methods;
mod overload;
mod panics;
mod rate;
mod retries;
mod rewind;
mod stack;
mod supervise;

pub(crate) use methods::{Method, Methods};
pub(crate) use stack::Next;

use std::sync::Arc;
use std::time::Duration;

use caseload_auth::{AuthLayer, Authenticator, Policy};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

use crate::app::{App, Listeners};
use crate::config::Config;
use crate::readiness::{NotReady, Readiness};

/// What answers beside a service's own gRPC services.
const BESIDE: [&str; 3] = [
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
];

/// How long streams go on once the drain has begun.
const STREAMS_STAY: Duration = Duration::from_millis(200);

/// A service can't be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Tokens can't be verified as configured.
    #[error(transparent)]
    Auth(#[from] caseload_auth::AuthConfigError),
    /// The contracts do not say who may call a method.
    #[error(transparent)]
    Policy(#[from] caseload_auth::PolicyError),
    /// The certificate can't be used.
    #[error(transparent)]
    Tls(#[from] crate::tls::TlsError),
    /// The contracts can't be offered by reflection.
    #[error("reflection can't be offered: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// A listener is of no use.
    #[error("can't use the listener: {0}")]
    Listener(#[from] std::io::Error),
}

/// Serves a service until `shutdown` is cancelled and what was under way is done, or the drain's deadline has passed.
pub async fn serve<S: Sync>(
    app: App,
    config: &Config<S>,
    listeners: Listeners,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let App {
        name,
        services,
        routes,
        mut readiness,
        workers,
    } = app;
    let server = Arc::new(config.server.clone());
    let authenticator = Authenticator::new(
        &config.auth,
        &format!("caseload-{name}"),
        config.environment,
    )?;
    readiness.push(keys(authenticator.clone()));
    let policy = Policy::from_descriptors(caseload_proto::descriptors(), &services)?;
    let tls = server.tls.as_ref().map(crate::tls::server).transpose()?;

    let health = health::Health::new(name, &services).await;
    let routes = with_reflection(routes.add_service(health.service()), &services)?.prepare();
    let (draining, streams_end) = (CancellationToken::new(), CancellationToken::new());
    let stack = stack::build(
        routes,
        &AuthLayer::new(authenticator, policy),
        &server,
        &streams_end,
    );
    tracing::debug!(service = name, layers = ?stack.names(), "layers, outermost first");
    let (grpc, health_address) = listeners.addresses()?;
    tracing::info!(service = name, %grpc, health = %health_address, tls = tls.is_some(), "serving");

    let connections = TaskTracker::new();
    let closed = CancellationToken::new();
    let port = accept::Port {
        calls: stack.into_service(),
        server: Arc::clone(&server),
        tls,
        draining: draining.clone(),
        closed: closed.clone(),
        connections: connections.clone(),
    };
    let health_port = accept::Port {
        calls: stack::bare(Routes::new(health.service())),
        tls: None,
        // Health is answered until the very end.
        draining: closed.clone(),
        connections: TaskTracker::new(),
        ..port.clone()
    };
    // Whoever drops this future cuts everything that it began.
    let _cut = [&draining, &streams_end, &closed].map(|token| token.clone().drop_guard());
    let mut beside = JoinSet::new();
    beside.spawn(port.accept(listeners.grpc));
    beside.spawn(health_port.accept(listeners.health));

    let running = TaskTracker::new();
    let states = workers
        .into_iter()
        .chain([retries::worker(&config.database)])
        .map(|worker| supervise::start(worker, &running, &draining))
        .collect();
    beside.spawn(health.clone().follow(readiness, states, shutdown.clone()));

    shutdown.cancelled().await;
    health.stop().await;
    let drain = server.drain;
    tracing::info!(
        service = name,
        settle_ms = drain.settle_ms,
        "no longer ready"
    );
    tokio::time::sleep(Duration::from_millis(drain.settle_ms)).await;

    tracing::info!(service = name, deadline_ms = drain.deadline_ms, "draining");
    draining.cancel();
    connections.close();
    running.close();
    let done = async {
        // Followers that are told to stop at the same time leave by themselves; the others are sent elsewhere.
        let _ = tokio::time::timeout(STREAMS_STAY, connections.wait()).await;
        streams_end.cancel();
        connections.wait().await;
        running.wait().await;
    };
    let in_time = tokio::time::timeout(Duration::from_millis(drain.deadline_ms), done).await;
    closed.cancel();
    if in_time.is_err() {
        tracing::warn!(
            service = name,
            connections = connections.len(),
            workers = running.len(),
            "the drain's deadline has passed: what is left is cut"
        );
    }
    beside.shutdown().await;
    tracing::info!(service = name, "stopped");
    Ok(())
}

/// A service that can check no token can answer nobody.
fn keys(authenticator: Authenticator) -> Readiness {
    Readiness::new("token keys", move || {
        let authenticator = authenticator.clone();
        async move { authenticator.ready().await.map_err(NotReady::because) }
    })
}

/// Adds reflection in both versions: some clients speak v1alpha alone.
fn with_reflection(
    routes: Routes,
    services: &[&'static str],
) -> Result<Routes, tonic_reflection::server::Error> {
    let builder = || {
        let mut builder = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(caseload_proto::DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET);
        for name in services.iter().chain(&BESIDE) {
            builder = builder.with_service_name(*name);
        }
        builder
    };
    Ok(routes
        .add_service(builder().build_v1()?)
        .add_service(builder().build_v1alpha()?))
}
