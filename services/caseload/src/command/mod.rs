//! What each subcommand does.

mod check_config;
mod demo;
mod migrate;
mod single;
mod token;
mod up;

use anyhow::Result;

use crate::cli::{Cli, Command};

/// Does what the command line says.
pub async fn run(cli: Cli) -> Result<()> {
    let sources = cli.configuration.sources();
    match cli.command {
        Command::Up(options) => up::run(sources, options).await,
        Command::Demo(options) => Box::pin(demo::run(sources, options)).await,
        Command::Intake => single::run("intake", sources).await,
        Command::Assignment => single::run("assignment", sources).await,
        Command::Timekeeping => single::run("timekeeping", sources).await,
        Command::Billing => single::run("billing", sources).await,
        Command::Migrate(options) => migrate::run(&options).await,
        Command::Token(options) => token::run(&sources, options),
        Command::CheckConfig(options) => check_config::run(&sources, &options),
    }
}
