//! What can be said on the command line.

use std::path::PathBuf;

use caseload_auth::Role;
use caseload_domain::{FirmId, ParalegalId};
use caseload_runtime::config::Sources;
use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;

/// The gRPC services of a legal BPO: intake, assignment, timekeeping, billing.
#[derive(Debug, Parser)]
#[command(name = "caseload", version, about)]
pub struct Cli {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub configuration: Configuration,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the configuration comes from, beside the environment.
#[derive(Debug, Args)]
pub struct Configuration {
    /// A TOML file. deploy/config/caseload.toml says every key.
    #[arg(long, global = true, env = "CASELOAD_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Sets one key over the file and the environment.
    #[arg(long, global = true, value_name = "SECTION.KEY=VALUE", value_parser = key_and_value)]
    pub set: Vec<(String, String)>,
}

impl Configuration {
    /// The sources of this process.
    pub fn sources(self) -> Sources {
        Sources::of_process(self.config, self.set)
    }
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .ok_or_else(|| "is not of the form section.key=value".to_owned())
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve all four services in this process on a private PostgreSQL, with development tokens, until stopped.
    Up(Up),
    /// Play the main job, from a firm's request to its invoice, on a suite of its own.
    Demo(Demo),
    /// Serve intake alone.
    Intake,
    /// Serve assignment alone.
    Assignment,
    /// Serve timekeeping alone.
    Timekeeping,
    /// Serve billing alone.
    Billing,
    /// Bring a service's database up to date.
    Migrate(Migrate),
    /// Print a development token.
    Token(Token),
    /// Read the whole configuration, and say everything that is wrong with it.
    CheckConfig(CheckConfig),
}

/// Where the private PostgreSQL and the development issuer keep their data.
#[derive(Debug, Args)]
pub struct DataDir {
    /// The folder [default: `$XDG_DATA_HOME/caseload`; as root `/var/lib/caseload`].
    #[arg(long, env = "CASELOAD_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
}

/// Serve all four.
#[derive(Debug, Args)]
pub struct Up {
    /// Where the data is kept.
    #[command(flatten)]
    pub data: DataDir,
    /// The first of four ports in a row, intake's; health answers 100 above each. 0 takes free ones.
    #[arg(long, default_value_t = 7101, value_name = "PORT")]
    pub port: u16,
}

/// Play the main job.
#[derive(Debug, Args)]
pub struct Demo {
    /// Leave everything running afterwards, and print commands to call it.
    #[arg(long)]
    pub keep: bool,
    /// Where the invoices are written [default: a folder of the run's own below ./caseload-demo].
    #[arg(long, value_name = "FOLDER")]
    pub invoices: Option<PathBuf>,
}

/// Bring a database up to date.
#[derive(Debug, Args)]
pub struct Migrate {
    /// The service whose database it is.
    #[arg(value_parser = caseload_runtime::config::SERVICES)]
    pub service: String,
    /// The database, as a role that is a member of `caseload_owner`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub url: SecretString,
}

/// Print a token.
#[derive(Debug, Args)]
pub struct Token {
    /// What its holder is: `attorney`, `paralegal`, `coordinator`, … Given again, several at once.
    #[arg(long, required = true, value_name = "ROLE")]
    pub role: Vec<Role>,
    /// The firm that a firm's roles belong to: its id.
    #[arg(long, value_name = "ID")]
    pub firm: Option<FirmId>,
    /// The paralegal that its holder is: their id.
    #[arg(long, value_name = "ID")]
    pub paralegal: Option<ParalegalId>,
    /// A service that takes it: `intake` or `caseload-intake`. Given again, several [default: all four].
    #[arg(long, value_name = "SERVICE")]
    pub audience: Vec<String>,
    /// Its holder's name, which audit records show [default: development-ROLE].
    #[arg(long, value_name = "NAME")]
    pub subject: Option<String>,
    /// How long it is valid.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub minutes: u64,
    /// Where the issuer's key is.
    #[command(flatten)]
    pub data: DataDir,
}

/// Check the configuration.
#[derive(Debug, Args)]
pub struct CheckConfig {
    /// The services that it is for [default: all four].
    #[arg(value_parser = caseload_runtime::config::SERVICES)]
    pub services: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn a_setting_is_a_key_and_a_value_that_may_hold_anything() {
        let parsed = key_and_value("database.url=postgres://a@b/c?host=/tmp");
        let expected = (
            "database.url".to_owned(),
            "postgres://a@b/c?host=/tmp".to_owned(),
        );
        assert_eq!(parsed, Ok(expected));
        assert!(key_and_value("database.url").is_err());
    }
}
