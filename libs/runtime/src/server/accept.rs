//! Connections, from the socket to HTTP/2.
//!
//! The loop is our own because what it needs can't be had from a ready-made one: a place taken before a connection is
//! accepted, a limit on how long one may take to say its first word, and an age that is not the same for all.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rand::RngExt as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::body::Body;
use tonic::transport::server::TcpConnectInfo;
use tower::ServiceExt as _;

use super::rewind::Rewind;
use super::stack::CallService;
use crate::config::ServerConfig;

/// How long the loop rests when the system has no file descriptor left.
const REST: Duration = Duration::from_millis(100);
/// When TCP itself begins to ask whether the other side lives.
const TCP_KEEPALIVE: Duration = Duration::from_mins(1);
/// How long a connection that was asked to leave may stay after the last of its calls must have ended.
const LEAVE: Duration = Duration::from_secs(1);
/// How far a connection's age limit lies from the configured one, so that clients do not all come back at once.
const AGE_JITTER: f64 = 0.1;

/// One port: what answers on it, and how it is told to end.
#[derive(Clone)]
pub(super) struct Port {
    /// What answers calls.
    pub(super) calls: CallService,
    /// The limits.
    pub(super) server: Arc<ServerConfig>,
    /// TLS, if it is spoken.
    pub(super) tls: Option<Arc<rustls::ServerConfig>>,
    /// Cancelled when no more connections are taken, and those there are asked to leave.
    pub(super) draining: CancellationToken,
    /// Cancelled when those that are left are cut.
    pub(super) closed: CancellationToken,
    /// The connections there are.
    pub(super) connections: TaskTracker,
}

impl Port {
    /// Takes connections until the drain.
    pub(super) async fn accept(self, listener: TcpListener) {
        let places = Arc::new(Semaphore::new(self.server.max_connections));
        let port = Arc::new(self);
        let draining = port.draining.clone();
        loop {
            let next = async {
                // A place first: while there is none, connections wait in the system's queue, which is bounded.
                let place = Arc::clone(&places).acquire_owned().await.ok()?;
                Some((place, listener.accept().await))
            };
            let Some(Some((place, accepted))) = draining.run_until_cancelled(next).await else {
                return;
            };
            match accepted {
                Ok((stream, peer)) => {
                    let connection = Arc::clone(&port).connection(stream, peer, place);
                    port.connections.spawn(connection);
                }
                Err(why) if ended_early(&why) => {}
                Err(why) => {
                    tracing::error!(error = %why, "can't accept a connection");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// One connection, from its first byte to its last.
    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        _place: OwnedSemaphorePermit,
    ) {
        let served = async {
            configure(&stream)?;
            let info = TcpConnectInfo {
                local_addr: stream.local_addr().ok(),
                remote_addr: Some(peer),
            };
            let limit = self.server.preface_timeout();
            match self.tls.clone() {
                None => {
                    let ready = self.in_time(limit, Rewind::past_preface(stream)).await?;
                    self.serve(ready, info).await
                }
                Some(tls) => {
                    let handshake = TlsAcceptor::from(tls).accept(stream);
                    let stream = self.in_time(limit, handshake).await?;
                    let ready = self.in_time(limit, Rewind::past_preface(stream)).await?;
                    self.serve(ready, info).await
                }
            }
        };
        match self.closed.run_until_cancelled(served).await {
            Some(Ok(())) | None => {}
            Some(Err(why)) => tracing::debug!(error = %why, "a connection ended"),
        }
    }

    /// A step of opening a connection, which is given up when it takes too long or the drain begins.
    async fn in_time<T>(
        &self,
        limit: Duration,
        step: impl Future<Output = io::Result<T>>,
    ) -> io::Result<T> {
        let slow = |_| io::Error::new(io::ErrorKind::TimedOut, "nothing was said in time");
        self.draining
            .run_until_cancelled(tokio::time::timeout(limit, step))
            .await
            .unwrap_or_else(|| Ok(Err(io::Error::other("the server is stopping"))))
            .map_err(slow)?
    }

    /// Speaks HTTP/2 until the client leaves, the connection is old enough, or the drain has begun; in the last two
    /// cases the client is asked to leave, and what is under way is finished.
    async fn serve<I>(&self, io: I, info: TcpConnectInfo) -> io::Result<()>
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let calls = self.calls.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(info.clone());
            calls.clone().oneshot(request)
        });
        let server = &self.server;
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(server.max_streams)
            .max_header_list_size(server.max_header_bytes)
            .max_local_error_reset_streams(Some(server.max_error_resets))
            .keep_alive_interval(Some(Duration::from_millis(server.keepalive_interval_ms)))
            .keep_alive_timeout(Duration::from_millis(server.keepalive_timeout_ms));
        let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(io), service));
        let age = age_limit(server.max_connection_age_seconds);
        let leave = async {
            tokio::select! {
                () = tokio::time::sleep(age) => {}
                () = self.draining.cancelled() => {}
            }
        };
        tokio::select! {
            ended = connection.as_mut() => return ended.map_err(io::Error::other),
            () = leave => {}
        }
        connection.as_mut().graceful_shutdown();
        // One that reads nothing of its answers would never leave: HTTP/2's flow control holds its streams open, and
        // nothing polls them, so that their own deadlines do not pass either.
        tokio::time::timeout(self.server.longest_call() + LEAVE, connection)
            .await
            .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "it did not leave in time"))?
            .map_err(io::Error::other)
    }
}

/// An age near the configured one.
fn age_limit(seconds: u64) -> Duration {
    let factor = rand::rng().random_range(1.0 - AGE_JITTER..=1.0 + AGE_JITTER);
    Duration::from_secs(seconds).mul_f64(factor)
}

fn configure(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    rustix::net::sockopt::set_socket_keepalive(stream, true)?;
    rustix::net::sockopt::set_tcp_keepidle(stream, TCP_KEEPALIVE)?;
    Ok(())
}

/// Whether a connection was gone before it was accepted, which is nobody's fault.
fn ended_early(why: &io::Error) -> bool {
    matches!(
        why.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_age_within_a_tenth_of_the_limit() {
        for _ in 0..1_000 {
            let age = age_limit(1_010);
            assert!((Duration::from_secs(909)..=Duration::from_secs(1_111)).contains(&age));
        }
    }
}
