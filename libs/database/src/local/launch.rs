//! From a data folder to a server that serves: a lock, an earlier server's state, a start with patience.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::account::Account;
use super::binaries::Binaries;
use super::cluster::{self, Cluster, State};
use super::watchdog::Watchdog;
use super::{LocalError, LocalOptions};

/// How long a server that crashed may take to recover.
const READY_WITHIN: Duration = Duration::from_mins(2);
/// How long what an earlier server left behind may stand in the way: its processes, its shared memory.
const CLEAR_WITHIN: Duration = Duration::from_secs(10);
/// How long an earlier run's watchdog may take to stop its server.
const FREE_WITHIN: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

/// Takes the folder for this process and its watchdog. The lock goes when both have ended, so that a folder is free
/// only once its server is stopped, or nobody is left to stop it.
pub(super) fn lock(data_dir: &Path) -> Result<File, LocalError> {
    let what = || format!("locking {}", data_dir.display());
    let mut file = File::options()
        .create(true)
        .read(true)
        .write(true)
        .truncate(false)
        // The folder may be another account's, and we root: whatever a link of its making leads to is not for us.
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .mode(0o600)
        .open(data_dir.join("lock"))
        .map_err(LocalError::io(what()))?;
    let until = Instant::now() + FREE_WITHIN;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(error)) => return Err(LocalError::io(what())(error)),
            Err(TryLockError::WouldBlock) => {
                let process = std::fs::read_to_string(data_dir.join("lock")).unwrap_or_default();
                let process = process.trim();
                // Once that process is gone, its watchdog is about to follow.
                if cluster::parse_pid(process).is_some_and(cluster::is_alive)
                    || Instant::now() > until
                {
                    return Err(LocalError::InUse {
                        process: process.to_owned(),
                        folder: data_dir.to_owned(),
                    });
                }
                std::thread::sleep(PAUSE);
            }
        }
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(LocalError::io(what()))?;
    Ok(file)
}

/// The server that runs on the cluster already, if it is as it should be. One that should be otherwise is stopped.
pub(super) fn running(
    cluster: &Cluster,
    options: &LocalOptions,
) -> Result<Option<Pid>, LocalError> {
    let until = Instant::now() + READY_WITHIN;
    loop {
        match cluster.state()? {
            State::Stopped => return Ok(None),
            State::Ready(process) if cluster.runs_with(options.durable) => {
                return Ok(Some(process));
            }
            State::Ready(process) => {
                // It may end in the meantime, which is what is wanted.
                let _ended = rustix::process::kill_process(process, Signal::INT);
            }
            State::Changing => {}
        }
        if Instant::now() > until {
            return Err(LocalError::Start(format!(
                "an earlier server on {} neither serves nor ends",
                cluster.folder().display()
            )));
        }
        std::thread::sleep(PAUSE);
    }
}

/// Starts a server and waits until it serves. What an earlier one left behind may keep it from starting for a while.
pub(super) fn launch(
    binaries: &Binaries,
    account: &Account,
    cluster: &Cluster,
    options: &LocalOptions,
    removed: Option<&Path>,
    lock: &File,
) -> Result<(Watchdog, Pid), LocalError> {
    let log = cluster.folder().with_file_name("server.log");
    let command = command(binaries, cluster, options);
    let until = Instant::now() + CLEAR_WITHIN;
    loop {
        let logged = std::fs::metadata(&log).map_or(0, |log| log.len());
        let mut watchdog = Watchdog::launch(account, cluster, &command, &log, removed, lock)?;
        let ready_until = Instant::now() + READY_WITHIN;
        while !watchdog.has_ended()? {
            if let State::Ready(process) = cluster.state()? {
                return Ok((watchdog, process));
            }
            if Instant::now() > ready_until {
                watchdog.stop();
            }
            std::thread::sleep(PAUSE);
        }
        let said = tail(&log, logged);
        let in_the_way = ["lock file", "shared memory block"]
            .iter()
            .any(|what| said.contains(what));
        if !in_the_way || Instant::now() > until {
            let why = said.lines().last().unwrap_or("it said nothing");
            return Err(LocalError::Start(format!("{why} (see {})", log.display())));
        }
        std::thread::sleep(PAUSE * 20);
    }
}

/// What was logged after a point.
fn tail(log: &Path, after: u64) -> String {
    let mut said = Vec::new();
    if let Ok(mut file) = File::open(log) {
        let read = std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(after))
            .and_then(|_| file.read_to_end(&mut said));
        if let Err(error) = read {
            return format!("its log can't be read: {error}");
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// The server's command line.
fn command(binaries: &Binaries, cluster: &Cluster, options: &LocalOptions) -> Vec<OsString> {
    let mut socket = OsString::from("unix_socket_directories=\"");
    socket.push(cluster.socket_dir());
    socket.push("\"");
    let mut settings: Vec<OsString> = vec![
        "listen_addresses=".into(),
        socket,
        "unix_socket_permissions=0700".into(),
        "port=5432".into(),
        format!("max_connections={}", options.max_connections).into(),
        "timezone=UTC".into(),
        "log_timezone=UTC".into(),
    ];
    if !options.durable {
        settings.extend(cluster::NOT_DURABLE.map(OsString::from));
    }
    let mut command = vec![
        binaries.postgres().into(),
        "-D".into(),
        cluster.folder().into(),
    ];
    for setting in settings {
        command.push("-c".into());
        command.push(setting);
    }
    command
}
