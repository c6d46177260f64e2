//! The four services as four processes of the real binary, on a private PostgreSQL, as an orchestrator would run them.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use caseload::suite::Endpoints;
use caseload_auth::development::{DevelopmentIssuer, ISSUER, TokenRequest};
use caseload_auth::{Environment, Role};
use caseload_database::local::{LocalOptions, LocalServer, ServiceDatabase};
use caseload_runtime::config::SERVICES;
use caseload_runtime::{Channel, ChannelOptions};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use secrecy::ExposeSecret as _;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// How long the processes may take to be ready, and to end.
const READY_WITHIN: Duration = Duration::from_mins(2);
const ENDED_WITHIN: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// The binary under test, with nothing of this process's environment that it would read.
pub(crate) fn caseload() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caseload"));
    for (name, _) in std::env::vars_os() {
        let ours = name.to_string_lossy();
        if ours.starts_with("CASELOAD_") || ours == "DATABASE_URL" {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// A process of the binary, killed when it is dropped.
pub(crate) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts it, with what it writes to standard error kept in a file of this folder.
    pub(crate) fn spawn(name: &str, command: &mut Command, folder: &Path) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let child = command
            .stderr(std::fs::File::create(&log)?)
            .spawn()
            .with_context(|| format!("can't start {name}"))?;
        Ok(Self {
            name: name.to_owned(),
            child,
            log,
        })
    }

    /// What it has written to standard error.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_else(|why| format!("no log: {why}"))
    }

    /// What it writes to standard output, if it was asked for.
    pub(crate) fn output(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// An error when it has ended.
    fn still_runs(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended with {status}:\n{}", self.name, self.log());
        }
        Ok(())
    }

    /// Tells it to stop.
    pub(crate) fn terminate(&self) -> Result<()> {
        Ok(kill_process(self.pid(), Signal::TERM)?)
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self) -> Result<ExitStatus> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(
                began.elapsed() < ENDED_WITHIN,
                "{} did not end:\n{}",
                self.name,
                self.log()
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Tells it to stop, and waits until it has, with exit code 0.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        self.terminate()?;
        let status = self.ended().await?;
        ensure!(
            status.success(),
            "{} ended with {status}:\n{}",
            self.name,
            self.log()
        );
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether there is no such process any more.
pub(crate) fn is_gone(pid: Pid) -> bool {
    test_kill_process(pid).is_err()
}

/// Where a service answers calls and health.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address {
    pub(crate) grpc: SocketAddr,
    pub(crate) health: SocketAddr,
}

/// The four services, each a process of its own.
pub(crate) struct FourProcesses {
    services: BTreeMap<&'static str, Process>,
    addresses: BTreeMap<&'static str, Address>,
    issuer: Arc<DevelopmentIssuer>,
    server: LocalServer,
    folder: tempfile::TempDir,
}

impl FourProcesses {
    /// Migrates four databases and starts four processes, which are ready when this answers. Each is also told
    /// `more`, as environment variables.
    pub(crate) async fn start(more: &[(&str, &str)]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let server = LocalServer::start(LocalOptions::temporary()).await?;
        let issuer =
            DevelopmentIssuer::open(folder.path().join("issuer"), Environment::Development)?;
        let mut started = Self {
            services: BTreeMap::new(),
            addresses: free_addresses()?,
            issuer: Arc::new(issuer),
            server,
            folder,
        };
        started.spawn(more).await?;
        Ok(started)
    }

    /// Stops the services, each with exit code 0, and starts them again on the same databases and ports.
    pub(crate) async fn restart(&mut self, more: &[(&str, &str)]) -> Result<()> {
        for process in self.services.values_mut() {
            process.stop().await?;
        }
        self.services.clear();
        self.spawn(more).await
    }

    async fn spawn(&mut self, more: &[(&str, &str)]) -> Result<()> {
        for service in SERVICES {
            let database = self.migrated(service).await?;
            let token = self.token_file(service)?;
            let mut command = self.command(service, &database, &token);
            command.envs(more.iter().copied());
            let process = Process::spawn(service, &mut command, self.folder.path())?;
            self.services.insert(service, process);
        }
        self.ready().await
    }

    /// Where the services answer.
    pub(crate) fn endpoints(&self) -> Endpoints {
        let of = |name: &str| format!("http://{}", self.addresses[name].grpc);
        Endpoints {
            intake: of("intake"),
            assignment: of("assignment"),
            timekeeping: of("timekeeping"),
            billing: of("billing"),
        }
    }

    /// The issuer that the services believe.
    pub(crate) fn issuer(&self) -> Arc<DevelopmentIssuer> {
        Arc::clone(&self.issuer)
    }

    /// What every service has logged.
    pub(crate) fn logs(&self) -> String {
        let mut all = String::new();
        for (name, process) in &self.services {
            all.extend(["--- ", *name, "\n", &process.log(), "\n"]);
        }
        all
    }

    /// Stops the services and the server; each must end by itself with exit code 0, and leave no process behind.
    pub(crate) async fn stop(mut self) -> Result<()> {
        for process in self.services.values() {
            process.terminate()?;
        }
        for (name, process) in &mut self.services {
            let status = process.ended().await?;
            ensure!(
                status.success(),
                "{name} ended with {status}:\n{}",
                process.log()
            );
            ensure!(is_gone(process.pid()), "{name} left its process behind");
        }
        let postgres = i32::try_from(self.server.process())?;
        self.server.stop().await?;
        let postgres = Pid::from_raw(postgres).context("not a process id")?;
        ensure!(is_gone(postgres), "PostgreSQL was left behind");
        Ok(())
    }

    /// A service's database, made and brought up to date by the binary as an operator does it.
    async fn migrated(&self, service: &str) -> Result<ServiceDatabase> {
        let database = self.server.create_service_database(service).await?;
        let mut command = caseload();
        command
            .args(["migrate", service])
            .env("DATABASE_URL", database.owner_url.expose_secret());
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "migrating {service}: {said}");
        Ok(database)
    }

    /// A file with the service's own token for the others.
    fn token_file(&self, service: &str) -> Result<PathBuf> {
        let token = self.issuer.mint(&TokenRequest {
            subject: format!("caseload-{service}"),
            roles: vec![Role::Service],
            firm: None,
            paralegal: None,
            audiences: SERVICES.map(|name| format!("caseload-{name}")).to_vec(),
            lifetime: Duration::from_hours(1),
        })?;
        let path = self.folder.path().join(format!("{service}.token"));
        std::fs::write(&path, token)?;
        Ok(path)
    }

    fn command(&self, service: &str, database: &ServiceDatabase, token: &Path) -> Command {
        let address = self.addresses[service];
        let mut command = caseload();
        command
            .arg(service)
            .env("DATABASE_URL", database.url.expose_secret())
            .env(
                "CASELOAD_DATABASE__FEED_URL",
                database.feed_url.expose_secret(),
            )
            .env(
                "CASELOAD_DATABASE__PAGE_KEY",
                "0123456789abcdef0123456789abcdef",
            )
            .env("CASELOAD_ENVIRONMENT", "development")
            .env("CASELOAD_AUTH__ISSUER", ISSUER)
            .env("CASELOAD_AUTH__JWKS_FILE", self.issuer.jwks_file())
            .env(
                "CASELOAD_INTAKE__DOCUMENTS__DIRECTORY",
                self.folder.path().join("documents"),
            )
            .env("CASELOAD_SERVER__LISTEN", address.grpc.to_string())
            .env("CASELOAD_SERVER__HEALTH_LISTEN", address.health.to_string())
            .env("CASELOAD_SERVER__DRAIN__SETTLE_MS", "50");
        for (other, address) in self
            .addresses
            .iter()
            .filter(|(other, _)| **other != service)
        {
            let section = format!("CASELOAD_EVENTS__{}", other.to_uppercase());
            command
                .env(
                    format!("{section}__ENDPOINT"),
                    format!("http://{}", address.grpc),
                )
                .env(format!("{section}__TOKEN_FILE"), token);
        }
        command
    }

    async fn ready(&mut self) -> Result<()> {
        let began = Instant::now();
        for (name, address) in &self.addresses {
            while !is_ready(address.health).await {
                for process in self.services.values_mut() {
                    process.still_runs()?;
                }
                if began.elapsed() > READY_WITHIN {
                    bail!("{name} did not become ready:\n{}", self.logs());
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        Ok(())
    }
}

/// Whether a service says that it is ready.
pub(crate) async fn is_ready(health: SocketAddr) -> bool {
    let channel = Channel::lazy(&format!("http://{health}"), ChannelOptions::default()).unwrap();
    HealthClient::new(channel)
        .check(HealthCheckRequest::default())
        .await
        .is_ok_and(|answer| answer.into_inner().status() == ServingStatus::Serving)
}

/// Two free ports a service. Services that follow each other must know each other's ports before they start, so the
/// ports are found here and given back for the processes to take.
fn free_addresses() -> Result<BTreeMap<&'static str, Address>> {
    let held: Vec<_> = (0..SERVICES.len() * 2)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<Result<_, _>>()?;
    let mut addresses = BTreeMap::new();
    for (service, pair) in SERVICES.into_iter().zip(held.chunks(2)) {
        let [grpc, health] = pair else {
            bail!("two ports a service");
        };
        let address = Address {
            grpc: grpc.local_addr()?,
            health: health.local_addr()?,
        };
        addresses.insert(service, address);
    }
    Ok(addresses)
}
