//! How one process calls another: a channel that connects when it is needed, sends a token and the trace that the
//! call belongs to, and never waits longer than the call it is made for.

use std::path::PathBuf;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use opentelemetry::propagation::Injector;
use tonic::body::Body;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};
use tonic::{Code, Status, TimeoutExpired};
use tower::Service;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::deadline;
use crate::token_source::TokenSource;

/// How long a call waits that says nothing itself.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(10);
/// How long it may take to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a connection is asked whether it lives, and how long it may take to answer.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));

/// What a channel does with every call.
#[derive(Debug, Clone)]
pub struct ChannelOptions {
    /// How long a call waits for its answer's beginning, at most. `None` for channels that stream.
    pub deadline: Option<Duration>,
    /// Where the access token comes from.
    pub tokens: TokenSource,
    /// The authority that signed the server's certificate; needed for `https`.
    pub ca_file: Option<PathBuf>,
}

impl Default for ChannelOptions {
    fn default() -> Self {
        Self {
            deadline: Some(DEFAULT_DEADLINE),
            tokens: TokenSource::anonymous(),
            ca_file: None,
        }
    }
}

impl ChannelOptions {
    /// The usual deadline, and tokens from here.
    pub fn with_tokens(tokens: TokenSource) -> Self {
        Self {
            tokens,
            ..Self::default()
        }
    }
}

/// A channel can't be made.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The endpoint is not an http or https address.
    #[error("{endpoint} is not an address to call: {source}")]
    Endpoint {
        /// What was given.
        endpoint: String,
        /// Why not.
        source: tonic::transport::Error,
    },
    /// `https`, and no authority to check it against.
    #[error("{0} speaks TLS: name the file of the authority that signed its certificate (ca_file)")]
    NoAuthority(String),
    /// The authority's file can't be read.
    #[error("can't read {path}: {source}")]
    Authority {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// A channel to one service. Generated clients take it: `FirmServiceClient::new(channel)`.
#[derive(Debug, Clone)]
pub struct Channel {
    inner: tonic::transport::Channel,
    options: ChannelOptions,
}

impl Channel {
    /// A channel that connects when it is first used, and again after a loss.
    pub fn lazy(endpoint: &str, options: ChannelOptions) -> Result<Self, ChannelError> {
        let wrong = |source| ChannelError::Endpoint {
            endpoint: endpoint.to_owned(),
            source,
        };
        let mut to = Endpoint::from_shared(endpoint.to_owned())
            .map_err(wrong)?
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(KEEPALIVE.0)
            .keep_alive_timeout(KEEPALIVE.1)
            .keep_alive_while_idle(true)
            .http2_max_local_error_reset_streams(Some(256));
        if to.uri().scheme_str() == Some("https") {
            let Some(path) = &options.ca_file else {
                return Err(ChannelError::NoAuthority(endpoint.to_owned()));
            };
            let pem = std::fs::read(path).map_err(|source| ChannelError::Authority {
                path: path.clone(),
                source,
            })?;
            let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem));
            to = to.tls_config(tls).map_err(wrong)?;
        }
        Ok(Self {
            inner: to.connect_lazy(),
            options,
        })
    }

    /// The same connection with another source of tokens: another caller.
    #[must_use]
    pub fn with_tokens(&self, tokens: TokenSource) -> Self {
        let mut other = self.clone();
        other.options.tokens = tokens;
        other
    }

    /// How long this call may wait: what it asks for, what the channel allows, and what is left to the call it is
    /// made for, whichever is least.
    fn wait(&self, headers: &http::HeaderMap) -> Option<Duration> {
        [
            deadline::asked(headers),
            self.options.deadline,
            deadline::remaining(),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}

impl Service<http::Request<Body>> for Channel {
    type Response = http::Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Self::Response, Status>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.inner.poll_ready(context).map_err(unreachable)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let wait = self.wait(request.headers());
        let headers = request.headers_mut();
        match self.options.tokens.header() {
            Ok(Some(token)) => {
                let mut metadata = tonic::metadata::MetadataMap::new();
                metadata.insert("authorization", token);
                headers.extend(metadata.into_headers());
            }
            Ok(None) => {}
            Err(why) => {
                let status = Status::unauthenticated(why.to_string());
                return std::future::ready(Err(status)).boxed();
            }
        }
        let context = tracing::Span::current().context();
        opentelemetry::global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&context, &mut Headers(headers));
        });
        if let Some(wait) = wait {
            headers.insert(deadline::GRPC_TIMEOUT, deadline::header(wait));
        }
        let answer = self.inner.call(request);
        async move {
            match wait {
                None => answer.await.map_err(unreachable),
                Some(wait) => match tokio::time::timeout(wait, answer).await {
                    Ok(answer) => answer.map_err(unreachable),
                    Err(_) => Err(too_late()),
                },
            }
        }
        .boxed()
    }
}

fn too_late() -> Status {
    Status::deadline_exceeded("the server did not answer in time")
}

fn unreachable(error: tonic::transport::Error) -> Status {
    // The transport keeps to the call's deadline too, and may be first to notice.
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(this) = cause {
        if this.is::<TimeoutExpired>() {
            return too_late();
        }
        cause = this.source();
    }
    let status = Status::from_error(Box::new(error));
    if status.code() == Code::Unknown {
        Status::unavailable(status.message())
    } else {
        status
    }
}

/// Headers as the trace context is written to them.
struct Headers<'a>(&'a mut http::HeaderMap);

impl Injector for Headers<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (
            http::HeaderName::from_bytes(key.as_bytes()),
            http::HeaderValue::from_str(&value),
        ) {
            self.0.insert(name, value);
        }
    }
}
