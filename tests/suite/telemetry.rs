//! Where traces, metrics and logs go.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::{Context as Task, Poll};

use anyhow::Result;
use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::in_one_process::{folder, up_with};

/// What a collector was sent: the bytes, by kind.
type Sent = Arc<Mutex<BTreeMap<&'static str, Vec<u8>>>>;

/// One of the three services of an OTLP collector, which keeps the bytes that it is sent.
#[derive(Clone)]
struct Collector<Kind> {
    sent: Sent,
    kind: std::marker::PhantomData<fn() -> Kind>,
}

macro_rules! kinds {
    ($($kind:ident $name:literal),*) => {$(
        #[derive(Clone)]
        struct $kind;

        impl NamedService for Collector<$kind> {
            const NAME: &'static str = $name;
        }
    )*};
}

kinds! {
    Traces "opentelemetry.proto.collector.trace.v1.TraceService",
    Metrics "opentelemetry.proto.collector.metrics.v1.MetricsService",
    Logs "opentelemetry.proto.collector.logs.v1.LogsService"
}

impl<Kind> tower::Service<Request<Body>> for Collector<Kind>
where
    Self: NamedService,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Task<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let sent = Arc::clone(&self.sent);
        async move {
            let body = request.into_body().collect().await.unwrap().to_bytes();
            let mut sent = sent.lock().unwrap();
            sent.entry(<Self as NamedService>::NAME)
                .or_default()
                .extend_from_slice(&body);
            Ok(accepted())
        }
        .boxed()
    }
}

/// An answer with one empty message.
fn accepted() -> Response<Body> {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let frames = [
        Ok::<_, tonic::Status>(Frame::data(Bytes::from_static(&[0; 5]))),
        Ok(Frame::trailers(trailers)),
    ];
    let mut answer = Response::new(Body::new(StreamBody::new(futures::stream::iter(frames))));
    let grpc = HeaderValue::from_static("application/grpc");
    answer.headers_mut().insert("content-type", grpc);
    answer
}

fn collector() -> Result<(SocketAddr, Sent)> {
    let incoming = TcpIncoming::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = incoming.local_addr()?;
    let sent = Sent::default();
    let server = Server::builder()
        .add_service(Collector::<Traces>::of(&sent))
        .add_service(Collector::<Metrics>::of(&sent))
        .add_service(Collector::<Logs>::of(&sent));
    tokio::spawn(server.serve_with_incoming(incoming));
    Ok((address, sent))
}

impl<Kind> Collector<Kind> {
    fn of(sent: &Sent) -> Self {
        Self {
            sent: Arc::clone(sent),
            kind: std::marker::PhantomData,
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_metrics_and_logs_are_sent_where_they_are_to_go() -> Result<()> {
    let (address, sent) = collector()?;
    let folder = folder()?;
    let endpoint = format!("http://{address}");
    let (mut process, _) = up_with(
        folder.path(),
        &[("CASELOAD_TELEMETRY__OTLP_ENDPOINT", &endpoint)],
    )
    .await?;
    // What is left is sent when it stops.
    process.stop().await?;
    let sent = sent.lock().unwrap();
    let of = |kind: &str| sent.get(kind).map(Vec::as_slice).unwrap_or_default();
    let traces = of(Collector::<Traces>::NAME);
    assert!(holds(traces, "FollowEvents"), "a span of a call is sent");
    let metrics = of(Collector::<Metrics>::NAME);
    assert!(
        holds(metrics, "rpc.server.call.duration"),
        "calls are counted"
    );
    let logs = of(Collector::<Logs>::NAME);
    assert!(holds(logs, "serving"), "logs are sent");
    for bytes in [traces, metrics, logs] {
        assert!(holds(bytes, "caseload-suite"), "each says what sent it");
    }
    Ok(())
}
