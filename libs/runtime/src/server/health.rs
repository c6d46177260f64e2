//! What readiness makes of the service's health, as `grpc.health.v1` tells it.
//!
//! The names that may be asked for: the empty one and `readiness`, which follow the checks; the full name of each
//! gRPC service, which does too; and `liveness`, which is well for as long as the process answers, whatever the
//! database does, so that an orchestrator does not restart what a restart can't help.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use super::supervise::{State, Watched};
use crate::readiness::Readiness;

/// How often the checks are asked.
const EVERY: Duration = Duration::from_millis(500);
/// How long a check may take.
const LIMIT: Duration = Duration::from_secs(3);

/// The health of one process.
#[derive(Clone)]
pub(super) struct Health {
    service: &'static str,
    reporter: HealthReporter,
    names: Arc<[String]>,
    /// What was told last; `None` once the process is leaving, after which nothing is told.
    told: Arc<Mutex<Option<Told>>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    problems: Vec<String>,
}

impl Health {
    /// Not ready yet.
    pub(super) async fn new(service: &'static str, services: &[&'static str]) -> Self {
        let health = Self {
            service,
            reporter: HealthReporter::new(),
            names: ["", "readiness"]
                .into_iter()
                .chain(services.iter().copied())
                .map(str::to_owned)
                .collect(),
            told: Arc::new(Mutex::new(Some(Told {
                problems: vec!["starting".to_owned()],
            }))),
        };
        health
            .reporter
            .set_service_status("liveness", ServingStatus::Serving)
            .await;
        health.tell(ServingStatus::NotServing).await;
        health
    }

    /// The gRPC service that tells it.
    pub(super) fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    /// Follows the checks and the workers until `stop` is cancelled.
    pub(super) async fn follow(
        self,
        readiness: Vec<Readiness>,
        workers: Vec<Watched>,
        stop: CancellationToken,
    ) {
        let round = async {
            loop {
                self.update(problems(&readiness, &workers).await).await;
                tokio::time::sleep(EVERY).await;
            }
        };
        stop.run_until_cancelled(round).await;
    }

    /// Not ready, for good: the process is leaving.
    pub(super) async fn stop(&self) {
        *self.told.lock().await = None;
        self.tell(ServingStatus::NotServing).await;
    }

    async fn update(&self, problems: Vec<String>) {
        let mut told = self.told.lock().await;
        let Some(before) = &mut *told else {
            return;
        };
        if before.problems == problems {
            return;
        }
        if problems.is_empty() {
            tracing::info!(service = self.service, "ready");
            self.tell(ServingStatus::Serving).await;
        } else {
            tracing::warn!(
                service = self.service,
                problems = problems.join("; "),
                "not ready"
            );
            self.tell(ServingStatus::NotServing).await;
        }
        before.problems = problems;
    }

    async fn tell(&self, status: ServingStatus) {
        for name in &*self.names {
            self.reporter.set_service_status(name, status).await;
        }
    }
}

/// What is not well, each with its name.
async fn problems(readiness: &[Readiness], workers: &[Watched]) -> Vec<String> {
    let checks = readiness.iter().map(|one| async {
        match tokio::time::timeout(LIMIT, one.check()).await {
            Ok(Ok(())) => None,
            Ok(Err(why)) => Some(format!("{}: {why}", one.name)),
            Err(_) => Some(format!("{}: no answer in time", one.name)),
        }
    });
    let failed = workers
        .iter()
        .filter_map(|(name, state)| match &*state.borrow() {
            State::Well => None,
            State::Failed(why) => Some(format!("{name}: {why}")),
        });
    futures::future::join_all(checks)
        .await
        .into_iter()
        .flatten()
        .chain(failed)
        .collect()
}
