//! `caseload up`: the whole suite until it is stopped.

use anyhow::Result;
use caseload_runtime::config::Sources;
use caseload_runtime::{TelemetryConfig, signals, telemetry};

use crate::cli::Up;
use crate::place::Place;
use crate::services::SERVICES;
use crate::suite::{Suite, SuiteOptions};

pub(super) async fn run(sources: Sources, options: Up) -> Result<()> {
    let config: TelemetryConfig = sources.section("telemetry")?;
    let telemetry = telemetry::start(&config, "suite")?;
    let served = serve(sources, options).await;
    tokio::task::spawn_blocking(move || telemetry.shutdown()).await?;
    served
}

async fn serve(sources: Sources, options: Up) -> Result<()> {
    let stop = signals::shutdown()?;
    let place = Place::of(options.data.data_dir)?;
    println!("data in {}", place.path().display());
    // No pause before the drain: nobody routes calls here by health.
    let sources = sources.with("server.drain.settle_ms", "0");
    let options = SuiteOptions {
        place,
        port: options.port,
        durable: true,
        sources,
    };
    let Some(mut suite) = Suite::start_unless(&stop, options).await? else {
        return Ok(());
    };
    let ready = stop.run_until_cancelled(suite.ready()).await;
    let served = match ready {
        Some(Err(why)) => Err(why),
        Some(Ok(())) => {
            println!("{}", directions(&suite));
            suite.run_until(stop).await
        }
        None => Ok(()),
    };
    let stopped = suite.shutdown().await;
    served.and(stopped)
}

/// Where the services answer, and commands to paste into another terminal.
pub(crate) fn directions(suite: &Suite) -> String {
    let mut lines = Vec::new();
    for service in &SERVICES {
        let name = service.name;
        if let Some((grpc, health)) = suite.addresses().get(name) {
            lines.push(format!("{name:<12} grpc {grpc}   health {health}"));
        }
    }
    let program = std::env::current_exe()
        .map_or_else(|_| "caseload".to_owned(), |path| path.display().to_string());
    let place = suite.place().path().display();
    let intake = suite.addresses().get("intake");
    let address = intake.map(|(grpc, _)| grpc.to_string()).unwrap_or_default();
    lines.push(format!(
        "\nCall it from another terminal:\n  \
         TOKEN=$({program} token --data-dir '{place}' --role coordinator)\n  \
         grpcurl -plaintext -H \"authorization: Bearer $TOKEN\" {address} caseload.intake.v1.FirmService/ListFirms\n  \
         buf curl --protocol grpc --http2-prior-knowledge -H \"authorization: Bearer $TOKEN\" -d '{{}}' \
         http://{address}/caseload.intake.v1.FirmService/ListFirms\n\n\
         Stop it with Ctrl-C."
    ));
    lines.join("\n")
}
