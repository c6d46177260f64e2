//! Prepares every query that the compiler checks, or with `--check` says whether they are prepared:
//! `cargo run -p caseload-testing --bin prepare [-- --check]`.
//!
//! A private PostgreSQL gets one database for the libraries and one for each service, made by the migrations as they
//! are in the tree now. `cargo sqlx prepare` then runs in each crate that has a `sqlx.toml`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use caseload_database::local::{LocalOptions, LocalServer};
use caseload_database::migrate;
use secrecy::ExposeSecret as _;
use sqlx::migrate::Migrator;
use tokio::process::Command;

/// The libraries' database has the common migrations alone.
const DATABASES: [&str; 5] = ["common", "intake", "assignment", "timekeeping", "billing"];
const CRATES: [&str; 6] = [
    "libs/database",
    "libs/events",
    "services/intake",
    "services/assignment",
    "services/timekeeping",
    "services/billing",
];

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let check = match (arguments.next().as_deref(), arguments.next()) {
        (None, None) => false,
        (Some("--check"), None) => true,
        _ => {
            eprintln!("usage: prepare [--check]");
            return ExitCode::from(2);
        }
    };
    let prepared = tokio::select! {
        prepared = prepare(check) => prepared,
        // What was started ends with us.
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    match prepared {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn prepare(check: bool) -> anyhow::Result<()> {
    let sqlx = Command::new("cargo")
        .args(["sqlx", "--version"])
        .output()
        .await;
    ensure!(
        sqlx.is_ok_and(|answer| answer.status.success()),
        "sqlx-cli was not found: cargo install sqlx-cli --version 0.9.0 --locked --no-default-features \
         --features postgres,rustls,sqlx-toml"
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let server = LocalServer::start(LocalOptions::temporary()).await?;
    let addresses = databases(&server, &root).await?;
    for folder in CRATES {
        println!("{folder}");
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(root.join(folder))
            .args(["sqlx", "prepare"])
            .envs(addresses.iter().map(|(name, address)| (name, address)))
            // Of the crate that runs this, and in the way of the one that is compiled.
            .env_remove("CARGO_MANIFEST_DIR")
            .kill_on_drop(true);
        if check {
            cargo.arg("--check");
        }
        if !cargo
            .status()
            .await
            .context("running cargo sqlx prepare")?
            .success()
        {
            bail!("the queries of {folder} are not prepared");
        }
    }
    Ok(server.stop().await?)
}

/// Makes the databases, and says what to call their addresses.
async fn databases(server: &LocalServer, root: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut addresses = Vec::new();
    for name in DATABASES {
        let database = server.create_service_database(name).await?;
        for folder in [
            root.join("libs/database/migrations"),
            root.join("services").join(name).join("migrations"),
        ] {
            apply(&database.owner_url, folder).await?;
        }
        let address = server.url(name, "postgres").expose_secret().to_owned();
        addresses.push((format!("{}_DATABASE_URL", name.to_uppercase()), address));
    }
    Ok(addresses)
}

/// Applies the migrations of a folder, if there is such a folder.
async fn apply(owner_url: &secrecy::SecretString, folder: PathBuf) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut migrations = Migrator::new(folder.as_path())
        .await
        .with_context(|| format!("reading {}", folder.display()))?;
    // Each folder is one part of the database's history.
    migrations.set_ignore_missing(true);
    migrate::apply(owner_url, &migrations)
        .await
        .with_context(|| format!("applying {}", folder.display()))
}
