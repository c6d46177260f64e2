//! What each subcommand does.

mod check_config;
mod demo;
mod migrate;
mod single;
mod token;
mod up;

use anyhow::Result;

use crate::cli::{Cli, Command};

/// Why something failed, with every cause that is not told by what it caused.
pub fn told(why: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in why.chain().map(ToString::to_string) {
        if !told.contains(&cause) {
            let joint = if told.is_empty() { "" } else { ": " };
            told.push_str(joint);
            told.push_str(&cause);
        }
    }
    told
}

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

#[cfg(test)]
mod tests {
    #[test]
    fn a_cause_is_told_once() {
        let why = anyhow::anyhow!("no such file")
            .context("can't read /x: no such file")
            .context("intake can't be served");
        assert_eq!(
            super::told(&why),
            "intake can't be served: can't read /x: no such file"
        );
    }
}
