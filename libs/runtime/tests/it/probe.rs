//! A service that stands where a real one would: `FirmService` by name, whose every method does what a test says.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use caseload_auth::development::{DevelopmentIssuer, TokenRequest};
use caseload_auth::{Environment, Role};
use caseload_database::DatabaseConfig;
use caseload_proto::caseload::intake::v1::GetFirmRequest;
use caseload_proto::caseload::intake::v1::firm_service_client::FirmServiceClient;
use caseload_runtime::{
    App, CancellationToken, Channel, ChannelOptions, Config, Listeners, ServeError, ServerConfig,
    TelemetryConfig, TokenSource,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use tokio::task::JoinHandle;
use tonic::Status;
use tonic::body::Body;
use tonic::server::NamedService;

type Does = dyn Fn() -> BoxFuture<'static, Result<(), Status>> + Send + Sync;

/// The service.
#[derive(Clone)]
pub(crate) struct Probe(Arc<Does>);

impl Probe {
    /// Does this with every call, once the whole request is read.
    pub(crate) fn doing<F, R>(does: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Status>> + Send + 'static,
    {
        Self(Arc::new(move || does().boxed()))
    }

    /// Answers at once.
    pub(crate) fn answering() -> Self {
        Self::doing(|| async { Ok(()) })
    }
}

impl NamedService for Probe {
    const NAME: &'static str = "caseload.intake.v1.FirmService";
}

impl tower::Service<Request<Body>> for Probe {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let does = Arc::clone(&self.0);
        async move {
            let done = match request.into_body().collect().await {
                Ok(_) => does().await,
                Err(status) => Err(status),
            };
            Ok(done.map_or_else(Status::into_http, |()| empty_message()))
        }
        .boxed()
    }
}

/// An answer with one empty message, as gRPC frames it.
fn empty_message() -> Response<Body> {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let frames = [
        Ok::<_, Status>(Frame::data(Bytes::from_static(&[0; 5]))),
        Ok(Frame::trailers(trailers)),
    ];
    let mut answer = Response::new(Body::new(StreamBody::new(futures::stream::iter(frames))));
    let grpc = HeaderValue::from_static("application/grpc");
    answer.headers_mut().insert("content-type", grpc);
    answer
}

fn issuer() -> &'static DevelopmentIssuer {
    static ISSUER: LazyLock<(tempfile::TempDir, DevelopmentIssuer)> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let issuer =
            DevelopmentIssuer::open(folder.path().to_owned(), Environment::Development).unwrap();
        (folder, issuer)
    });
    &ISSUER.1
}

/// A token of someone of the suite's staff.
pub(crate) fn token(subject: &str) -> String {
    let request = TokenRequest {
        subject: subject.to_owned(),
        roles: vec![Role::Coordinator],
        firm: None,
        paralegal: None,
        audiences: vec!["caseload-probe".to_owned()],
        lifetime: Duration::from_mins(10),
    };
    issuer().mint(&request).unwrap()
}

/// Limits for a test, on free ports.
pub(crate) fn limits() -> ServerConfig {
    let mut server = ServerConfig {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        health_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ..ServerConfig::default()
    };
    server.drain.settle_ms = 0;
    server
}

/// A served process.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) health: SocketAddr,
    pub(crate) shutdown: CancellationToken,
    pub(crate) task: JoinHandle<Result<(), ServeError>>,
}

impl Served {
    /// Serves the probe alone.
    pub(crate) async fn start(server: ServerConfig, probe: Probe) -> Self {
        Self::start_app(server, App::new("probe").service(probe)).await
    }

    pub(crate) async fn start_app(server: ServerConfig, app: App) -> Self {
        let listeners = Listeners::bind(server.listen, server.health_listen)
            .await
            .unwrap();
        let (address, health) = listeners.addresses().unwrap();
        let config = Config {
            clock_ahead_seconds: 0,
            environment: Environment::Development,
            server,
            database: DatabaseConfig::new("postgres://nobody@nowhere/none".into(), "".into()),
            auth: issuer().auth_config(),
            telemetry: TelemetryConfig::default(),
            events: std::collections::BTreeMap::default(),
            service: (),
        };
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let task =
            tokio::spawn(
                async move { caseload_runtime::serve(app, &config, listeners, stop).await },
            );
        Self {
            address,
            health,
            shutdown,
            task,
        }
    }

    /// A channel with a token of `subject`.
    pub(crate) fn channel(&self, subject: &str) -> Channel {
        let tokens = TokenSource::fixed(token(subject).into());
        self.open(ChannelOptions::with_tokens(tokens))
    }

    pub(crate) fn open(&self, options: ChannelOptions) -> Channel {
        Channel::lazy(&format!("http://{}", self.address), options).unwrap()
    }

    /// Calls the probe as `subject`.
    pub(crate) async fn call(&self, subject: &str) -> Result<(), Status> {
        get(self.channel(subject)).await
    }
}

/// Calls the probe through a channel.
pub(crate) async fn get(channel: Channel) -> Result<(), Status> {
    FirmServiceClient::new(channel)
        .get_firm(GetFirmRequest::default())
        .await
        .map(drop)
}

/// The reason of a status.
pub(crate) fn reason(status: &Status) -> String {
    use tonic_types::StatusExt as _;
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}
