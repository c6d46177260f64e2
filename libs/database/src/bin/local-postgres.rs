//! Runs a private PostgreSQL until Ctrl-C, or until its input closes: `local-postgres DIRECTORY`, or
//! `local-postgres --temporary`. Prints the server's process id and the address of its `postgres` database.

use std::process::ExitCode;

use caseload_database::local::{LocalError, LocalOptions, LocalServer};
use secrecy::ExposeSecret as _;

#[tokio::main]
async fn main() -> ExitCode {
    let options = match std::env::args().nth(1).as_deref() {
        Some("--temporary") => LocalOptions::temporary(),
        Some(folder) if !folder.starts_with('-') => LocalOptions::kept(folder),
        _ => {
            eprintln!("usage: local-postgres DIRECTORY | --temporary");
            return ExitCode::from(2);
        }
    };
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: LocalOptions) -> Result<(), LocalError> {
    let server = LocalServer::start(options).await?;
    println!("{}", server.process());
    println!("{}", server.url("postgres", "postgres").expose_secret());
    let (tell, closed) = tokio::sync::oneshot::channel();
    // A thread, since the runtime would wait for its own at the end.
    std::thread::spawn(move || {
        tell.send(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()))
    });
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = closed => {}
    }
    server.stop().await
}
