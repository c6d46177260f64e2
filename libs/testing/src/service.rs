//! A running service for a test: the real server with its real limits, on free ports of this machine.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::SocketAddr;
use std::time::Duration;

use caseload_database::DatabaseConfig;
use caseload_runtime::{
    App, CancellationToken, Channel, ChannelOptions, Config, Environment, Listeners, ServeError,
    ServerConfig, TelemetryConfig, TokenSource, UpstreamConfig,
};
use tokio::task::JoinHandle;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::tokens;

/// How long a test waits for a service to be ready.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// The configuration of a service under test: development, the tests' issuer, no pause before it stops.
pub fn config<S>(database: DatabaseConfig, service: S) -> Config<S> {
    let mut server = ServerConfig {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        health_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ..ServerConfig::default()
    };
    server.drain.settle_ms = 0;
    server.drain.deadline_ms = 5_000;
    Config {
        environment: Environment::Development,
        clock_ahead_seconds: 0,
        server,
        database,
        auth: tokens::auth_config(),
        telemetry: TelemetryConfig::default(),
        events: BTreeMap::new(),
        service,
    }
}

/// An upstream at an endpoint, followed with a service's token.
pub fn upstream(endpoint: impl Into<String>, token: impl Into<String>) -> UpstreamConfig {
    UpstreamConfig {
        endpoint: endpoint.into(),
        token_file: None,
        ca_file: None,
        tokens: Some(TokenSource::fixed(token.into().into())),
    }
}

/// A running service. It is stopped when it is dropped; a test that looks at how it stops calls [`stop`](Self::stop).
pub struct TestService {
    address: SocketAddr,
    health: SocketAddr,
    shutdown: CancellationToken,
    served: JoinHandle<Result<(), ServeError>>,
}

impl TestService {
    /// Starts what `build` makes of the configuration: `TestService::start(config, caseload_intake::build)`.
    ///
    /// # Panics
    /// When the service can't be built or no port is free.
    pub async fn start<S, E>(
        config: Config<S>,
        build: impl AsyncFnOnce(&Config<S>) -> Result<App, E>,
    ) -> Self
    where
        S: Send + Sync + 'static,
        E: Display,
    {
        let listeners = Listeners::bind(config.server.listen, config.server.health_listen)
            .await
            .unwrap_or_else(|why| panic!("{why}"));
        let (address, health) = listeners
            .addresses()
            .unwrap_or_else(|why| panic!("a listener has no address: {why}"));
        let app = build(&config)
            .await
            .unwrap_or_else(|why| panic!("the service can't be built: {why}"));
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let served =
            tokio::spawn(
                async move { caseload_runtime::serve(app, &config, listeners, stop).await },
            );
        Self {
            address,
            health,
            shutdown,
            served,
        }
    }

    /// Where it answers: `http://127.0.0.1:40123`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its gRPC port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its health port.
    pub fn health_address(&self) -> SocketAddr {
        self.health
    }

    /// A channel whose calls carry a token: `FirmServiceClient::new(service.channel(&token))`.
    ///
    /// # Panics
    /// Never: the endpoint is an address.
    pub fn channel(&self, token: impl Into<String>) -> Channel {
        let tokens = TokenSource::fixed(token.into().into());
        self.open(ChannelOptions::with_tokens(tokens))
    }

    /// A channel whose calls carry no token.
    ///
    /// # Panics
    /// Never: the endpoint is an address.
    pub fn anonymous(&self) -> Channel {
        self.open(ChannelOptions::default())
    }

    fn open(&self, options: ChannelOptions) -> Channel {
        Channel::lazy(&self.endpoint(), options).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Whether it says that it is ready.
    pub async fn is_ready(&self) -> bool {
        HealthClient::new(self.anonymous())
            .check(HealthCheckRequest::default())
            .await
            .is_ok_and(|answer| answer.into_inner().status() == ServingStatus::Serving)
    }

    /// Waits until it says that it is ready.
    ///
    /// # Panics
    /// When it does not within half a minute.
    pub async fn ready(&self) {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        let waited = tokio::time::timeout(READY_WITHIN, async {
            while !self.is_ready().await {
                pause.tick().await;
            }
        });
        assert!(waited.await.is_ok(), "the service did not become ready");
    }

    /// Tells it to stop, and waits until it has.
    ///
    /// # Panics
    /// When it could not be served, or its task panicked.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        match (&mut self.served).await {
            Ok(Ok(())) => {}
            Ok(Err(why)) => panic!("the service could not be served: {why}"),
            Err(why) => panic!("the service's task: {why}"),
        }
    }
}

impl Drop for TestService {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}
