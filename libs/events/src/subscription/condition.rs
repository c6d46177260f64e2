//! How a subscription is: what readiness, metrics and the log say of it.

use std::sync::Arc;

use caseload_runtime::{NotReady, Readiness};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge};
use tokio::sync::watch;

/// How a subscription is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    /// Following, or about to.
    Following,
    /// The source is away. The service stays ready: two that follow each other would otherwise wait for ever.
    Waiting(String),
    /// Stopped by something that needs a person. Nothing is skipped; it is tried again now and then.
    Stopped(String),
}

/// The condition of one subscription, shared by its worker and its readiness.
#[derive(Debug, Clone)]
pub(super) struct Health {
    name: &'static str,
    source: &'static str,
    condition: Arc<watch::Sender<Condition>>,
}

impl Health {
    pub(super) fn new(name: &'static str, source: &'static str) -> Self {
        Self {
            name,
            source,
            condition: Arc::new(watch::Sender::new(Condition::Following)),
        }
    }

    /// Not ready while the subscription is stopped.
    pub(super) fn readiness(&self) -> Readiness {
        let health = self.clone();
        Readiness::new(self.name, move || {
            let condition = health.condition.borrow().clone();
            let (name, source) = (health.name, health.source);
            async move {
                match condition {
                    Condition::Following | Condition::Waiting(_) => Ok(()),
                    Condition::Stopped(why) => Err(NotReady(format!(
                        "subscription {name} to {source} is stopped: {why}"
                    ))),
                }
            }
        })
    }

    pub(super) fn following(&self) {
        if self.turn(Condition::Following) {
            tracing::info!(subscription = self.name, source = self.source, "following");
        }
    }

    pub(super) fn waiting(&self, why: &str) {
        // What has stopped the subscription is still there when the source goes away as well.
        if matches!(*self.condition.borrow(), Condition::Stopped(_)) {
            return;
        }
        if self.turn(Condition::Waiting(why.to_owned())) {
            tracing::warn!(
                subscription = self.name,
                source = self.source,
                why,
                "waiting for the source"
            );
        }
    }

    /// Said each time, so that it is not lost in a long log.
    pub(super) fn stopped(&self, why: &str) {
        self.turn(Condition::Stopped(why.to_owned()));
        tracing::error!(
            subscription = self.name,
            source = self.source,
            why,
            "the subscription is stopped"
        );
    }

    /// Whether it is another condition than before.
    fn turn(&self, to: Condition) -> bool {
        let kind = std::mem::discriminant(&to);
        let before = self.condition.send_replace(to);
        std::mem::discriminant(&before) != kind
    }
}

/// What is measured of one subscription.
#[derive(Debug)]
pub(super) struct Meters {
    labels: [KeyValue; 2],
    lag: Gauge<i64>,
    stopped: Gauge<u64>,
    applied: Counter<u64>,
    poisoned: Counter<u64>,
}

impl Meters {
    /// Made when the worker starts: the process's meter is set by then.
    pub(super) fn new(name: &'static str, source: &'static str) -> Self {
        let meter = opentelemetry::global::meter("caseload.events");
        Self {
            labels: [
                KeyValue::new("subscription", name),
                KeyValue::new("source", source),
            ],
            lag: meter
                .i64_gauge("caseload.events.lag")
                .with_description(
                    "Events that the source has numbered and the subscription has not taken in",
                )
                .build(),
            stopped: meter
                .u64_gauge("caseload.events.stopped")
                .with_description(
                    "1 while the subscription is stopped by something that needs a person",
                )
                .build(),
            applied: meter
                .u64_counter("caseload.events.applied")
                .with_description("Events that this process has taken in")
                .build(),
            poisoned: meter
                .u64_counter("caseload.events.poisoned")
                .with_description("Tries of an event that ended in an error which no retry mends")
                .build(),
        }
    }

    pub(super) fn lag(&self, behind: i64) {
        self.lag.record(behind.max(0), &self.labels);
    }

    pub(super) fn stopped(&self, stopped: bool) {
        self.stopped.record(stopped.into(), &self.labels);
    }

    pub(super) fn applied(&self, events: usize) {
        self.applied.add(events as u64, &self.labels);
    }

    pub(super) fn poisoned(&self) {
        self.poisoned.add(1, &self.labels);
    }
}
