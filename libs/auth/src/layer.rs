//! The policy in front of a service: nothing gets by that a rule does not let by.

use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

use caseload_proto::status::{Reason, status};
use futures::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderMap, Request, Response};
use tonic::Code;
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};
use tower::{Layer, Service};

use crate::denial::Denials;
use crate::policy::{Reach, Rule};
use crate::{Authenticator, Caller, Denial, Policy};

/// The address at the other end of the connection, for servers whose accept loop is their own: put it into each
/// request's extensions. Without it the layer looks for what tonic's own listener leaves there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remote(pub SocketAddr);

/// Puts the policy in front of a service.
///
/// Every request either carries a [`Caller`] in its extensions when the service sees it, is for a public method,
/// or is answered here: `UNAUTHENTICATED`, `PERMISSION_DENIED`, or `UNIMPLEMENTED` where no method is known at the path.
#[derive(Debug, Clone)]
pub struct AuthLayer {
    gate: Arc<Gate>,
}

#[derive(Debug)]
struct Gate {
    authenticator: Authenticator,
    policy: Policy,
    denials: Denials,
}

impl AuthLayer {
    /// A layer that asks the authenticator who is calling and the policy whether they may. Make it once telemetry
    /// has been set up, so that its counts go there.
    pub fn new(authenticator: Authenticator, policy: Policy) -> Self {
        Self {
            gate: Arc::new(Gate {
                authenticator,
                policy,
                denials: Denials::new(),
            }),
        }
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> AuthService<S> {
        AuthService {
            gate: self.gate.clone(),
            inner,
        }
    }
}

/// A service behind the policy.
#[derive(Debug, Clone)]
pub struct AuthService<S> {
    gate: Arc<Gate>,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for AuthService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The clone that was polled ready is the one that must be called.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let gate = self.gate.clone();
        Box::pin(async move {
            match gate.admit(&mut request).await {
                Ok(()) => inner.call(request).await,
                Err(answer) => Ok(answer.into_http()),
            }
        })
    }
}

impl Gate {
    /// Lets the request by, with its caller, or says what to answer.
    async fn admit<B>(&self, request: &mut Request<B>) -> Result<(), tonic::Status> {
        // Whatever came with the request from outside the layer is not who is calling.
        request.extensions_mut().remove::<Caller>();
        for (name, value) in request.headers_mut() {
            if name == AUTHORIZATION {
                // So that whoever prints the headers does not print the token.
                value.set_sensitive(true);
            }
        }
        let Some(rule) = self.policy.rule(request.uri().path()) else {
            // Refused here and not passed on: a method that no rule names can't be reached, whatever is behind.
            return Err(status(
                Code::Unimplemented,
                Reason::new("METHOD_UNKNOWN"),
                "no such method is served here",
            ));
        };
        if rule.reach == Reach::Public {
            return Ok(());
        }
        let remote = remote(request.extensions());
        match self
            .caller(rule, request.headers(), remote.as_deref())
            .await
        {
            Ok(caller) => {
                request.extensions_mut().insert(caller);
                Ok(())
            }
            Err((denial, caller)) => {
                let method = request.uri().path();
                self.denials
                    .record(&denial, method, caller.as_ref(), remote.as_deref());
                Err(denial.status(method))
            }
        }
    }

    /// Who is calling, if they may. With a denial comes who was denied, where that is known.
    async fn caller(
        &self,
        rule: &Rule,
        headers: &HeaderMap,
        remote: Option<&str>,
    ) -> Result<Caller, (Denial, Option<Caller>)> {
        let token = bearer(headers).ok_or((Denial::NoToken, None))?;
        let mut caller = self
            .authenticator
            .authenticate(token)
            .await
            .map_err(|denial| (denial, None))?;
        caller.remote = remote.map(str::to_owned);
        match rule.check(&caller) {
            Ok(()) => Ok(caller),
            Err(denial) => Err((denial, Some(caller))),
        }
    }
}

/// The one bearer token of a request. Two are none: which is meant can't be told.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).into_iter();
    let (Some(only), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Where a request came from.
fn remote(extensions: &Extensions) -> Option<String> {
    let address = extensions
        .get::<Remote>()
        .map(|remote| remote.0)
        .or_else(|| extensions.get::<TcpConnectInfo>()?.remote_addr())
        .or_else(|| {
            extensions
                .get::<TlsConnectInfo<TcpConnectInfo>>()?
                .get_ref()
                .remote_addr()
        })?;
    Some(address.to_string())
}
