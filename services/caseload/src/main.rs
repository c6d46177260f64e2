//! The binary `caseload`.

use std::process::ExitCode;

use caseload::cli::Cli;
use clap::Parser as _;

fn main() -> ExitCode {
    caseload_runtime::tls::install_provider();
    let cli = Cli::parse();
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(caseload::command::run(cli)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("caseload: {}", caseload::command::told(&why));
            ExitCode::FAILURE
        }
    }
}
