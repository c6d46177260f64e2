//! What a service hands over to be served.

use std::convert::Infallible;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::Routes;
use tower::Service;

use crate::readiness::Readiness;
use crate::worker::Worker;

/// A service put together: its gRPC services, what must be well for it to be ready, and its workers.
pub struct App {
    /// The service's short name: `intake`.
    pub name: &'static str,
    /// The full names of the gRPC services in `routes`: `caseload.intake.v1.FirmService`.
    pub services: Vec<&'static str>,
    /// The gRPC services.
    pub routes: Routes,
    /// What must be well for the service to be ready.
    pub readiness: Vec<Readiness>,
    /// What runs beside the calls.
    pub workers: Vec<Worker>,
}

impl App {
    /// A service of this name that does nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            services: Vec::new(),
            routes: Routes::default(),
            readiness: Vec::new(),
            workers: Vec::new(),
        }
    }

    /// Adds a gRPC service.
    #[must_use]
    pub fn service<S>(mut self, service: S) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.services.push(S::NAME);
        self.routes = self.routes.add_service(service);
        self
    }

    /// Adds something that must be well for the service to be ready.
    #[must_use]
    pub fn ready_when(mut self, readiness: Readiness) -> Self {
        self.readiness.push(readiness);
        self
    }

    /// Adds a worker.
    #[must_use]
    pub fn worker(mut self, worker: Worker) -> Self {
        self.workers.push(worker);
        self
    }
}

/// The ports of one service, bound before anything else is done, so that a port that is taken is told at once.
#[derive(Debug)]
pub struct Listeners {
    /// Where the gRPC services answer.
    pub grpc: TcpListener,
    /// Where health is answered, in plaintext and without a token.
    pub health: TcpListener,
}

/// A port could not be bound.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {address} for {purpose}: {source}")]
pub struct BindError {
    /// The address that was asked for.
    pub address: SocketAddr,
    /// What the port is for.
    pub purpose: &'static str,
    /// Why it could not be bound.
    pub source: std::io::Error,
}

impl Listeners {
    /// Binds both ports. Port 0 asks the system for a free one.
    pub async fn bind(grpc: SocketAddr, health: SocketAddr) -> Result<Self, BindError> {
        let bind = async |address: SocketAddr, purpose: &'static str| {
            TcpListener::bind(address)
                .await
                .map_err(|source| BindError {
                    address,
                    purpose,
                    source,
                })
        };
        Ok(Self {
            grpc: bind(grpc, "gRPC").await?,
            health: bind(health, "health").await?,
        })
    }

    /// The addresses that were bound, gRPC's first.
    pub fn addresses(&self) -> std::io::Result<(SocketAddr, SocketAddr)> {
        Ok((self.grpc.local_addr()?, self.health.local_addr()?))
    }
}
