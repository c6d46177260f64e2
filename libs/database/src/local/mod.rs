//! A private PostgreSQL for demonstrations, development and tests, from the machine's own binaries.
//!
//! It listens on a Unix socket in a folder that is its account's alone, and on no TCP port. As root it runs as
//! `postgres`, or else as `nobody`, since PostgreSQL refuses root. It stops when its [`LocalServer`] is stopped or
//! dropped, and when the process that started it ends by any means, `kill -9` included.
//!
//! # Layout
//! - `binaries`: which PostgreSQL of the machine to run
//! - `account`: as whom
//! - `cluster`: the data folder: made, checked, and whether a server runs on it
//! - `launch`: from there to a server that serves
//! - `watchdog`: the process that stands between us and the server
//! - `provision`: roles and databases

mod account;
mod binaries;
mod cluster;
mod error;
mod launch;
mod provision;
mod watchdog;

use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use self::binaries::Binaries;
use self::cluster::Cluster;
use self::launch::{launch, lock, running};
use self::watchdog::Watchdog;

pub use self::error::LocalError;
pub use self::provision::ServiceDatabase;

/// The most bytes of a Unix socket's path.
const SOCKET_PATH_BYTES: usize = 107;
/// The socket's file in its folder, named by PostgreSQL after the port's number.
const SOCKET_FILE: &str = ".s.PGSQL.5432";
/// What private PostgreSQL to start.
#[derive(Debug, Clone)]
pub struct LocalOptions {
    /// Where the data is kept. Made when it is not there; ours alone.
    pub data_dir: PathBuf,
    /// Whether what was committed outlives a crash of the machine. False is for data that nobody will miss.
    pub durable: bool,
    /// How many connections the server takes.
    pub max_connections: u16,
    temporary: bool,
}

impl LocalOptions {
    /// A server whose data is kept, and outlives crashes.
    pub fn kept(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            durable: true,
            max_connections: 200,
            temporary: false,
        }
    }

    /// A server on a new folder, which goes when the server does. Not durable.
    pub fn temporary() -> Self {
        let name = format!("caseload-{}", uuid::Uuid::new_v4().simple());
        Self {
            data_dir: std::env::temp_dir().join(name),
            durable: false,
            max_connections: 400,
            temporary: true,
        }
    }
}

/// A private PostgreSQL that runs. Stopped when dropped.
#[derive(Debug)]
pub struct LocalServer {
    data_dir: PathBuf,
    socket_dir: PathBuf,
    process: u32,
    provisioning: tokio::sync::Mutex<()>,
    watchdog: Watchdog,
    // Last, so that the folder is free once everything else is gone.
    _lock: File,
}

impl LocalServer {
    /// Starts a server, or takes over one that a killed run left on the same data.
    pub async fn start(options: LocalOptions) -> Result<Self, LocalError> {
        tokio::task::spawn_blocking(move || {
            let started = Self::start_blocking(&options);
            if started.is_err()
                && options.temporary
                && let Err(error) = std::fs::remove_dir_all(&options.data_dir)
            {
                tracing::debug!(%error, "a temporary folder was not removed");
            }
            started
        })
        .await
        .unwrap_or_else(|stopped| match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(stopped) => Err(LocalError::io("starting PostgreSQL")(stopped.into())),
        })
    }

    /// The folder of its data, and of its log, `server.log`.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The folder of its socket.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The server's process id.
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Stops it, and waits until it has: clients are disconnected, data is safe.
    pub async fn stop(self) -> Result<(), LocalError> {
        tokio::task::spawn_blocking(move || drop(self))
            .await
            .map_err(|stopped| LocalError::io("stopping PostgreSQL")(stopped.into()))
    }

    fn start_blocking(options: &LocalOptions) -> Result<Self, LocalError> {
        let (data_dir, account) = account::prepare_folder(&options.data_dir)?;
        let socket_dir = data_dir.join("socket");
        let bytes = socket_dir.join(SOCKET_FILE).as_os_str().as_bytes().len();
        if bytes > SOCKET_PATH_BYTES {
            return Err(LocalError::SocketPathTooLong {
                bytes,
                folder: data_dir,
            });
        }
        account.make_folder(&socket_dir)?;
        let lock = lock(&data_dir)?;
        let cluster = Cluster::new(data_dir.join("cluster"), socket_dir.clone());
        let binaries = Binaries::find(&cluster)?;
        cluster.make(&binaries, &account, options.durable)?;
        let removed = options.temporary.then_some(data_dir.as_path());
        let (watchdog, process) = match running(&cluster, options)? {
            Some(process) => {
                let watchdog = Watchdog::adopt(&account, &cluster, process, removed, &lock)?;
                (watchdog, process)
            }
            None => launch(&binaries, &account, &cluster, options, removed, &lock)?,
        };
        Ok(Self {
            data_dir,
            socket_dir,
            process: process.as_raw_nonzero().get().unsigned_abs(),
            provisioning: tokio::sync::Mutex::new(()),
            watchdog,
            _lock: lock,
        })
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        self.watchdog.stop();
    }
}
