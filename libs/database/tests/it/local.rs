//! The private PostgreSQL, as people and machines treat it.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use caseload_database::local::{LocalError, LocalOptions, LocalServer};
use rustix::process::{Pid, Signal, kill_process};
use secrecy::ExposeSecret as _;
use sqlx::{Connection as _, PgConnection};

const LIMIT: Duration = Duration::from_mins(1);

/// A folder that the account of a server can reach.
fn folder() -> tempfile::TempDir {
    folder_with(0o755)
}

fn folder_with(mode: u32) -> tempfile::TempDir {
    let permissions = std::fs::Permissions::from_mode(mode);
    tempfile::Builder::new()
        .permissions(permissions)
        .tempdir()
        .unwrap()
}

async fn connect(server: &LocalServer) -> PgConnection {
    let url = server.url("postgres", "postgres");
    PgConnection::connect(url.expose_secret()).await.unwrap()
}

async fn setting(server: &LocalServer, name: &str) -> String {
    sqlx::query_scalar("select current_setting($1)")
        .bind(name)
        .fetch_one(&mut connect(server).await)
        .await
        .unwrap()
}

async fn keep_a_row(server: &LocalServer) {
    sqlx::raw_sql("create table kept (number int); insert into kept values (17)")
        .execute(&mut connect(server).await)
        .await
        .unwrap();
}

async fn kept_row(server: &LocalServer) -> i32 {
    sqlx::query_scalar("select number from kept")
        .fetch_one(&mut connect(server).await)
        .await
        .unwrap()
}

/// The command lines of processes that work on a folder. What has ended has none.
fn processes_on(folder: &Path) -> Vec<(i32, String)> {
    let listed = Command::new("ps")
        .args(["-A", "-ww", "-o", "pid=,args="])
        .output()
        .unwrap();
    String::from_utf8(listed.stdout)
        .unwrap()
        .lines()
        .filter(|line| line.contains(folder.to_str().unwrap()))
        .filter_map(|line| {
            let (process, command) = line.trim().split_once(' ')?;
            Some((process.parse().ok()?, command.to_owned()))
        })
        .collect()
}

/// Waits until something holds.
fn wait(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + LIMIT;
    while !holds() {
        assert!(Instant::now() < until, "{what} in vain");
        std::thread::yield_now();
    }
}

fn kill(process: u32) {
    let process = Pid::from_raw(i32::try_from(process).unwrap()).unwrap();
    kill_process(process, Signal::KILL).unwrap();
}

/// A process that has started a server, and the server's process id and folder.
struct Parent {
    child: Child,
    server: u32,
    url: String,
}

impl Parent {
    fn start(argument: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_local-postgres"))
            .arg(argument)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let server = said.next().unwrap().unwrap().parse().unwrap();
        let url = said.next().unwrap().unwrap();
        Self { child, server, url }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn data_is_there_again_at_the_second_start() {
    let folder = folder();
    for start in 0..2 {
        let server = LocalServer::start(LocalOptions::kept(folder.path().join("data")))
            .await
            .unwrap();
        if start == 0 {
            keep_a_row(&server).await;
        }
        assert_eq!(kept_row(&server).await, 17);
        server.stop().await.unwrap();
        assert!(processes_on(folder.path()).is_empty());
    }
}

#[tokio::test]
async fn two_run_at_a_time_and_their_folders_go_with_them() {
    let first = LocalServer::start(LocalOptions::temporary());
    let second = LocalServer::start(LocalOptions::temporary());
    let (first, second) = tokio::try_join!(first, second).unwrap();
    keep_a_row(&first).await;
    keep_a_row(&second).await;
    for server in [first, second] {
        let folder = server.data_dir().to_owned();
        assert!(folder.exists());
        server.stop().await.unwrap();
        assert!(!folder.exists());
    }
}

#[tokio::test]
async fn kept_data_is_durable_and_checked_and_there_is_no_port() {
    let folder = folder();
    let kept = LocalServer::start(LocalOptions::kept(folder.path()))
        .await
        .unwrap();
    for (name, value) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
    ] {
        assert_eq!(setting(&kept, name).await, value, "{name}");
    }
    let temporary = LocalServer::start(LocalOptions::temporary()).await.unwrap();
    assert_eq!(setting(&temporary, "fsync").await, "off");
}

#[tokio::test]
async fn a_folder_in_use_is_refused_with_the_process_that_uses_it() {
    let folder = folder();
    let _first = LocalServer::start(LocalOptions::kept(folder.path()))
        .await
        .unwrap();
    let refused = LocalServer::start(LocalOptions::kept(folder.path()))
        .await
        .unwrap_err();
    let us = std::process::id().to_string();
    assert!(
        matches!(&refused, LocalError::InUse { process, .. } if *process == us),
        "{refused}"
    );
}

#[tokio::test]
async fn a_killed_process_leaves_neither_processes_nor_a_temporary_folder() {
    let mut parent = Parent::start(Path::new("--temporary"));
    let (_, socket) = parent.url.split_once("host=").unwrap();
    let folder = Path::new(socket).parent().unwrap().to_owned();
    assert!(!processes_on(&folder).is_empty());
    parent.kill();
    wait("waited for the folder to go", || !folder.exists());
    wait("waited for the processes to end", || {
        processes_on(&folder).is_empty()
    });
}

#[tokio::test]
async fn a_killed_run_is_recovered_from_at_the_next_start() {
    let folder = folder();
    let mut parent = Parent::start(folder.path());
    let mut connection = PgConnection::connect(&parent.url).await.unwrap();
    sqlx::raw_sql("create table kept (number int); insert into kept values (17)")
        .execute(&mut connection)
        .await
        .unwrap();
    parent.kill();
    // At once, while the killed run's server may still be on its way down.
    let next = LocalServer::start(LocalOptions::kept(folder.path()))
        .await
        .unwrap();
    assert_eq!(kept_row(&next).await, 17);
    next.stop().await.unwrap();
    assert!(processes_on(folder.path()).is_empty());
}

#[tokio::test]
async fn a_server_that_lost_parent_and_watchdog_is_adopted_and_later_stopped() {
    let folder = folder();
    let mut parent = Parent::start(folder.path());
    for (process, command) in processes_on(folder.path()) {
        if command.contains("caseload-watchdog") {
            kill(u32::try_from(process).unwrap());
        }
    }
    parent.kill();
    let adopted = LocalServer::start(LocalOptions::kept(folder.path()))
        .await
        .unwrap();
    assert_eq!(adopted.process(), parent.server);
    keep_a_row(&adopted).await;
    adopted.stop().await.unwrap();
    assert!(processes_on(folder.path()).is_empty());
}

#[tokio::test]
async fn data_survives_when_everything_is_killed() {
    let folder = folder();
    let mut parent = Parent::start(folder.path());
    let mut connection = PgConnection::connect(&parent.url).await.unwrap();
    sqlx::raw_sql("create table kept (number int); insert into kept values (17)")
        .execute(&mut connection)
        .await
        .unwrap();
    for (process, command) in processes_on(folder.path()) {
        if command.contains("caseload-watchdog") {
            kill(u32::try_from(process).unwrap());
        }
    }
    kill(parent.server);
    parent.kill();
    let next = LocalServer::start(LocalOptions::kept(folder.path()))
        .await
        .unwrap();
    assert_eq!(kept_row(&next).await, 17);
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_is_refused_in_one_clear_line() {
    let folder = folder();
    let long = folder.path().join("a".repeat(100));
    let refused = LocalServer::start(LocalOptions::kept(long))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, LocalError::SocketPathTooLong { .. }),
        "{refused}"
    );
    assert!(!refused.to_string().contains('\n'));
}

#[tokio::test]
async fn root_is_told_of_a_folder_that_the_servers_account_cannot_reach() {
    if !rustix::process::geteuid().is_root() {
        // Whoever is not root runs the server as themselves, and reaches what they reach.
        return;
    }
    let private = folder_with(0o700);
    let refused = LocalServer::start(LocalOptions::kept(private.path().join("data")))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, LocalError::Unreachable { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_services_role_connects_to_its_own_database_alone() {
    let server = LocalServer::start(LocalOptions::temporary()).await.unwrap();
    let intake = server.create_service_database("intake").await.unwrap();
    server.create_service_database("billing").await.unwrap();
    // A second time changes nothing.
    server.create_service_database("intake").await.unwrap();
    PgConnection::connect(intake.url.expose_secret())
        .await
        .unwrap();
    for elsewhere in ["billing", "postgres", "template1"] {
        let url = server.url(elsewhere, "intake_app");
        assert!(
            PgConnection::connect(url.expose_secret()).await.is_err(),
            "{elsewhere}"
        );
    }
    let refused = server.create_service_database("in\"take").await;
    assert!(matches!(refused, Err(LocalError::InvalidName(_))));
}

#[tokio::test]
async fn a_link_in_the_folder_is_not_followed() {
    let elsewhere = folder_with(0o755);
    for name in ["lock", "socket"] {
        let root = folder();
        let data = root.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let target = elsewhere.path().join(name);
        if name == "socket" {
            std::fs::create_dir(&target).unwrap();
            std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o755)).unwrap();
        } else {
            std::fs::write(&target, "kept").unwrap();
        }
        std::os::unix::fs::symlink(&target, data.join(name)).unwrap();
        let refused = LocalServer::start(LocalOptions::kept(&data)).await;
        assert!(matches!(refused, Err(LocalError::Io { .. })), "{refused:?}");
        if name == "socket" {
            let mode = std::fs::metadata(&target).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o755);
        } else {
            assert_eq!(std::fs::read_to_string(&target).unwrap(), "kept");
        }
    }
}
