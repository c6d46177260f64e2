//! `caseload intake` and its siblings: one service, as an orchestrator runs it.

use std::collections::BTreeMap;

use anyhow::Result;
use caseload_runtime::config::Sources;
use caseload_runtime::{TelemetryConfig, signals, telemetry};

use crate::services::{Launch, Service};

pub(super) async fn run(name: &str, sources: Sources) -> Result<()> {
    let service = Service::named(name)?;
    service.check(&sources)?;
    let config: TelemetryConfig = sources.section("telemetry")?;
    let telemetry = telemetry::start(&config, name)?;
    let launch = Launch {
        sources,
        listeners: None,
        tokens: BTreeMap::new(),
        shutdown: signals::shutdown()?,
    };
    let served = async { Ok(service.start(launch).await?.await?) }.await;
    if let Err(why) = &served {
        tracing::error!(service = name, error = super::told(why), "can't serve");
    }
    tokio::task::spawn_blocking(move || telemetry.shutdown()).await?;
    served
}
