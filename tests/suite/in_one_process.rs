//! The suite in one process, as `up` and the demonstration start it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use caseload::place::Place;
use caseload::suite::{Suite, SuiteOptions};
use caseload_auth::Role;
use caseload_auth::development::TokenRequest;
use caseload_proto::caseload::intake::v1::ListFirmsRequest;
use caseload_proto::caseload::intake::v1::firm_service_client::FirmServiceClient;
use caseload_runtime::config::Sources;
use caseload_runtime::{CancellationToken, Channel, ChannelOptions, TokenSource};
use rustix::process::Pid;

use crate::processes::{Process, caseload, is_gone};

pub(crate) fn options(folder: &Path) -> Result<SuiteOptions> {
    Ok(SuiteOptions {
        place: Place::of(Some(folder.join("data")))?,
        port: 0,
        durable: false,
        sources: Sources::default().with("server.drain.settle_ms", "0"),
    })
}

/// A folder that the account of PostgreSQL can reach.
pub(crate) fn folder() -> Result<tempfile::TempDir> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
    Ok(folder)
}

async fn list_firms(suite: &Suite) -> Result<usize> {
    let token = suite.issuer().mint(&TokenRequest {
        subject: "someone".to_owned(),
        roles: vec![Role::Coordinator],
        firm: None,
        paralegal: None,
        audiences: vec!["caseload-intake".to_owned()],
        lifetime: Duration::from_mins(1),
    })?;
    let tokens = TokenSource::fixed(token.into());
    let channel = Channel::lazy(
        &suite.endpoints().intake,
        ChannelOptions::with_tokens(tokens),
    )?;
    let firms = FirmServiceClient::new(channel)
        .list_firms(ListFirmsRequest::default())
        .await?;
    Ok(firms.into_inner().firms.len())
}

#[tokio::test]
async fn the_suite_starts_answers_stops_and_starts_again_on_what_it_kept() -> Result<()> {
    let folder = folder()?;
    for _ in 0..2 {
        let mut suite = Suite::start(options(folder.path())?).await?;
        suite.ready().await?;
        assert_eq!(list_firms(&suite).await?, 0);
        let postgres = i32::try_from(suite.server().process())?;
        suite.shutdown().await?;
        let postgres = Pid::from_raw(postgres).context("not a process id")?;
        ensure!(is_gone(postgres), "PostgreSQL was left behind");
    }
    Ok(())
}

#[tokio::test]
async fn a_second_suite_on_the_same_folder_is_refused() -> Result<()> {
    let folder = folder()?;
    let first = Suite::start(options(folder.path())?).await?;
    let Err(second) = Suite::start(options(folder.path())?).await else {
        panic!("two suites run on one folder");
    };
    let said = second.to_string();
    assert!(said.contains("in use by another caseload"), "{said}");
    first.shutdown().await
}

#[tokio::test]
async fn a_suite_that_could_not_keep_to_its_configuration_does_not_start() -> Result<()> {
    let folder = folder()?;
    for (key, value, part) in [
        ("environment", "production", "for development alone"),
        ("server.tls.key_file", "/x", "certificate_file"),
    ] {
        let mut options = options(folder.path())?;
        options.sources = options.sources.with(key, value);
        let Err(refused) = Suite::start(options).await else {
            panic!("it started with {key} = {value}");
        };
        assert!(refused.to_string().contains(part), "{refused}");
    }
    let mut secure = options(folder.path())?;
    for key in ["certificate_file", "key_file"] {
        secure.sources = secure.sources.with(format!("server.tls.{key}"), "/x");
    }
    let Err(refused) = Suite::start(secure).await else {
        panic!("it started with TLS");
    };
    assert!(refused.to_string().contains("plaintext"), "{refused}");
    ensure!(!folder.path().join("data").exists(), "nothing was begun");
    Ok(())
}

#[tokio::test]
async fn a_suite_that_is_stopped_while_it_starts_leaves_nothing_behind() -> Result<()> {
    let folder = folder()?;
    let stop = CancellationToken::new();
    stop.cancel();
    let started = Suite::start_unless(&stop, options(folder.path())?).await?;
    ensure!(started.is_none(), "it was told to stop");
    // PostgreSQL has let go of its folder, so that it can be removed.
    let left = folder.path().join("data/postgres/cluster/postmaster.pid");
    ensure!(!left.exists(), "PostgreSQL was left behind");
    folder.close()?;
    Ok(())
}

/// Starts `caseload up` and waits for its directions; answers the process and what it said.
async fn up(folder: &Path) -> Result<(Process, String)> {
    up_with(folder, &[]).await
}

/// The same with environment variables.
pub(crate) async fn up_with(folder: &Path, more: &[(&str, &str)]) -> Result<(Process, String)> {
    let mut command = caseload();
    command
        .envs(more.iter().copied())
        .args(["up", "--port", "0", "--data-dir"])
        .arg(folder.join("data"))
        .stdout(Stdio::piped());
    let mut process = Process::spawn("up", &mut command, folder)?;
    let output = process.output().context("its output is ours")?;
    let said = tokio::task::spawn_blocking(move || {
        let mut said = String::new();
        for line in BufReader::new(output).lines() {
            let line = line?;
            said.push_str(&line);
            said.push('\n');
            if line.contains("Ctrl-C") {
                break;
            }
        }
        Ok::<_, std::io::Error>(said)
    });
    let said = tokio::time::timeout(Duration::from_mins(2), said).await???;
    ensure!(
        said.contains("Ctrl-C"),
        "it ended: {said}\n{}",
        process.log()
    );
    Ok((process, said))
}

#[tokio::test]
async fn up_says_where_it_answers_and_how_to_call_it_and_stops_when_told() -> Result<()> {
    let folder = folder()?;
    let (mut process, said) = up(folder.path()).await?;
    for part in [
        "data in ",
        "intake ",
        "billing ",
        "token --data-dir",
        "grpcurl -plaintext",
    ] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
    // Tokens for it are issued beside it.
    let mut token = caseload();
    token
        .args(["token", "--role", "coordinator", "--data-dir"])
        .arg(folder.path().join("data"));
    let token = tokio::task::spawn_blocking(move || token.output()).await??;
    assert!(token.status.success());
    assert_eq!(
        String::from_utf8(token.stdout)?.trim().split('.').count(),
        3
    );

    let postmaster = folder.path().join("data/postgres/cluster/postmaster.pid");
    let postgres: i32 = std::fs::read_to_string(postmaster)?
        .lines()
        .next()
        .context("the server's process id")?
        .parse()?;
    process.stop().await?;
    let postgres = Pid::from_raw(postgres).context("not a process id")?;
    ensure!(is_gone(postgres), "PostgreSQL was left behind");
    Ok(())
}
