//! The layers that every call goes through, named, in their order.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use caseload_auth::AuthLayer;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::{Request, Response};
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::service::Routes;
use tower::util::BoxCloneSyncService;
use tower::{Layer as _, Service, ServiceExt as _};

use super::{Methods, deadlines, message_size, overload, panics, rate};
use crate::config::ServerConfig;
use crate::telemetry::calls::Calls;

/// What answers calls, whatever stands before it.
pub(crate) type CallService = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// The layers, outermost first. Observation stands before authentication, so that a refused call is counted too; the
/// deadline before authentication, so that a slow key server can't hold a call for ever; the rate limit after it,
/// since it asks who is calling.
#[cfg(test)]
pub(crate) const ORDER: [&str; 7] = [
    "observation",
    "panics",
    "overload",
    "deadline",
    "message size",
    "authentication",
    "rate",
];

/// Layers around the routes.
pub(crate) struct Stack {
    /// Innermost first, as they were put on.
    names: Vec<&'static str>,
    service: CallService,
}

/// What stands behind a layer.
pub(crate) struct Next(CallService);

impl Next {
    /// Lets the call through.
    pub(crate) async fn run(self, request: Request<Body>) -> Response<Body> {
        match self.0.oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        }
    }
}

/// The routes alone, with no layer: for the health port.
pub(crate) fn bare(routes: Routes) -> CallService {
    BoxCloneSyncService::new(routes.prepare())
}

/// The routes behind every layer.
pub(crate) fn build(
    routes: Routes,
    authentication: &AuthLayer,
    server: &Arc<ServerConfig>,
    streams_end: &CancellationToken,
) -> Stack {
    let methods = Arc::new(Methods::from_contracts());
    let stack = Stack {
        names: Vec::new(),
        service: bare(routes),
    };
    let buckets = Arc::new(rate::Buckets::new(server.rate));
    let stack = stack.around("rate", move |next, request| {
        rate::limit(Arc::clone(&buckets), next, request)
    });
    let stack = Stack {
        names: [stack.names, vec!["authentication"]].concat(),
        service: BoxCloneSyncService::new(authentication.layer(stack.service)),
    };
    let most = server.max_message_bytes;
    let stack = stack.around("message size", move |next: Next, request| {
        next.run(message_size::limited(request, most))
    });
    let limits = deadlines::Limits {
        call: server.deadline(),
        stream: server.stream_deadline(),
        streams_end: streams_end.clone(),
    };
    let known = Arc::clone(&methods);
    let stack = stack.around("deadline", move |next, request| {
        let method = known.of(request.uri().path());
        deadlines::limit(limits.clone(), method, next, request)
    });
    let slots = overload::Slots::new(server.max_calls);
    let stack = stack.around("overload", move |next, request| {
        overload::shed(slots.clone(), next, request)
    });
    let stack = stack.around("panics", panics::catch);
    let calls = Arc::new(Calls::new());
    stack.around("observation", move |next, request| {
        let method = methods.of(request.uri().path());
        Arc::clone(&calls).observe(method, next, request)
    })
}

impl Stack {
    /// Puts a layer around what is there.
    fn around<F, R>(mut self, name: &'static str, layer: F) -> Self
    where
        F: Fn(Next, Request<Body>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Response<Body>> + Send + 'static,
    {
        self.names.push(name);
        Self {
            names: self.names,
            service: BoxCloneSyncService::new(Around {
                inner: self.service,
                layer,
            }),
        }
    }

    /// The layers' names, outermost first.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.names.iter().rev().copied().collect()
    }

    /// The whole, ready to answer.
    pub(crate) fn into_service(self) -> CallService {
        self.service
    }
}

#[derive(Clone)]
struct Around<F> {
    inner: CallService,
    layer: F,
}

impl<F, R> Service<Request<Body>> for Around<F>
where
    F: Fn(Next, Request<Body>) -> R,
    R: Future<Output = Response<Body>> + Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Every call drives a clone of the inner service to readiness by itself.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        (self.layer)(Next(self.inner.clone()), request)
            .map(Ok)
            .boxed()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;
    use std::sync::Mutex;

    use caseload_auth::{AuthConfig, Authenticator, Environment, Policy};
    use tonic::Status;

    use super::*;

    fn stack() -> Stack {
        let config = AuthConfig::with_key_file("https://id.example", "/nonexistent/jwks.json");
        let authenticator =
            Authenticator::new(&config, "caseload-probe", Environment::Production).unwrap();
        let services = ["caseload.events.v1.EventService"];
        let policy = Policy::from_descriptors(caseload_proto::descriptors(), services).unwrap();
        build(
            Routes::default(),
            &AuthLayer::new(authenticator, policy),
            &Arc::new(ServerConfig::default()),
            &CancellationToken::new(),
        )
    }

    #[test]
    fn the_layers_stand_in_their_order() {
        assert_eq!(stack().names(), ORDER);
    }

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_call_that_is_refused_is_observed() {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let recording = tracing::subscriber::set_default(subscriber);
        let request = Request::builder()
            .uri("/caseload.events.v1.EventService/FollowEvents")
            .body(Body::empty())
            .unwrap();
        let Ok(answer) = stack().into_service().oneshot(request).await;
        drop(recording);
        let status = Status::from_header_map(answer.headers()).unwrap();
        assert_eq!(status.code(), tonic::Code::Unauthenticated);
        let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let method = "method=\"caseload.events.v1.EventService/FollowEvents\"";
        let line = log.lines().find(|line| line.contains("answered")).unwrap();
        assert!(line.contains(method), "{log}");
        assert!(line.contains("UNAUTHENTICATED"), "{log}");
    }
}
