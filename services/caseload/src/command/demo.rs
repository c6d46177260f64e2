//! `caseload demo`: the main job, played on a suite of its own.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use caseload_runtime::config::Sources;
use caseload_runtime::{
    CancellationToken, Environment, TelemetryConfig, clock, signals, telemetry,
};
use time::OffsetDateTime;
use time::macros::format_description;

use super::up;
use crate::cli::Demo;
use crate::demo::data::Dataset;
use crate::demo::desk::Desk;
use crate::demo::progress::Progress;
use crate::demo::scratch;
use crate::demo::story::Story;
use crate::demo::{beginning, first_act, report, second_act};
use crate::place::Place;
use crate::suite::{Suite, SuiteOptions};

pub(super) async fn run(sources: Sources, options: Demo) -> Result<()> {
    let mut config: TelemetryConfig = sources.section("telemetry")?;
    if config.log_filter == TelemetryConfig::default().log_filter {
        // What happens is told on standard output; the services speak up only when something is wrong.
        "warn".clone_into(&mut config.log_filter);
    }
    let telemetry = telemetry::start(&config, "demo")?;
    let played = play(sources, options).await;
    tokio::task::spawn_blocking(move || telemetry.shutdown()).await?;
    played
}

async fn play(sources: Sources, options: Demo) -> Result<()> {
    let stop = signals::shutdown()?;
    let scratch = scratch::folder()?;
    println!("A legal BPO's main job, from a firm's request to its invoice");
    let suite = SuiteOptions {
        place: Place::of(Some(scratch.path().join("data")))?,
        port: 0,
        durable: true,
        sources: sources.with("server.drain.settle_ms", "0"),
    };
    let Some(mut suite) = Suite::start_unless(&stop, suite).await? else {
        return Ok(());
    };
    let told = tell(&mut suite, &options, &stop).await;
    let stopped = suite.shutdown().await;
    clock::set_ahead(Environment::Development, time::Duration::ZERO)?;
    told.and(stopped)
}

async fn tell(suite: &mut Suite, options: &Demo, stop: &CancellationToken) -> Result<()> {
    let all = Box::pin(async {
        suite.ready().await?;
        let invoices = invoices(options)?;
        let mut story = Story::new(
            Dataset::load()?,
            Desk::new(&suite.endpoints(), suite.issuer())?,
            Progress::told(),
            beginning(OffsetDateTime::now_utc()),
        );
        clock::set_ahead(
            Environment::Development,
            story.start - OffsetDateTime::now_utc(),
        )?;
        first_act(&mut story).await?;
        clock::set_ahead(Environment::Development, time::Duration::ZERO)?;
        second_act(&mut story, OffsetDateTime::now_utc(), &invoices).await?;
        report::print(&story)
    });
    match stop.run_until_cancelled(all).await {
        None => bail!("stopped before the end"),
        Some(told) => told?,
    }
    if options.keep {
        println!("\n{}", up::directions(suite));
        suite.run_until(stop.clone()).await?;
    }
    Ok(())
}

/// Where the invoices go: the folder that was named, or one of this run's own in the current folder.
fn invoices(options: &Demo) -> Result<PathBuf> {
    if let Some(folder) = &options.invoices {
        return Ok(folder.clone());
    }
    let now = OffsetDateTime::now_utc().format(format_description!(
        "[year]-[month]-[day]T[hour][minute][second]Z"
    ))?;
    Ok(std::env::current_dir()
        .context("there is no current folder to write to")?
        .join("caseload-demo")
        .join(format!("{now}-{}", std::process::id())))
}
