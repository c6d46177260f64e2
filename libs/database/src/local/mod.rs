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
//! - `watchdog`: the process that stands between us and the server
//! - `provision`: roles and databases

mod account;
mod binaries;
mod cluster;
mod provision;
mod watchdog;

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use self::account::Account;
use self::binaries::Binaries;
use self::cluster::{Cluster, State};
use self::watchdog::Watchdog;
use crate::DatabaseError;

pub use self::provision::ServiceDatabase;

/// The most bytes of a Unix socket's path.
const SOCKET_PATH_BYTES: usize = 107;
/// The socket's file in its folder, named by PostgreSQL after the port's number.
const SOCKET_FILE: &str = ".s.PGSQL.5432";
/// How long a server that crashed may take to recover.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// How long what an earlier server left behind may stand in the way: its processes, its shared memory.
const CLEAR_WITHIN: Duration = Duration::from_secs(10);
/// How long an earlier run's watchdog may take to stop its server.
const FREE_WITHIN: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

/// Why there is no private PostgreSQL. Each reads as one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// No binaries.
    #[error(
        "PostgreSQL's server was not found (PG_BIN_DIR, pg_config, /usr/lib/postgresql, Homebrew, PATH): install it, \
         for example with `apt-get install postgresql`, or set PG_BIN_DIR to the folder of its `postgres` and `initdb`"
    )]
    NotFound,
    /// Binaries that are too old.
    #[error("PostgreSQL {found} in {} is too old: 15 or later is needed", folder.display())]
    TooOld {
        /// Its major version.
        found: u32,
        /// Where it is.
        folder: PathBuf,
    },
    /// The data is of another major version.
    #[error(
        "the data in {} is of PostgreSQL {cluster}, and only {found} is here: install {cluster}, or choose another \
         data folder", folder.display()
    )]
    OtherVersion {
        /// The data's major version.
        cluster: String,
        /// The binaries' major version.
        found: u32,
        /// Where the data is.
        folder: PathBuf,
    },
    /// Another process runs a server on the data.
    #[error("the data folder {} is in use by process {process}", folder.display())]
    InUse {
        /// The other process.
        process: String,
        /// Where the data is.
        folder: PathBuf,
    },
    /// The socket's path would not fit.
    #[error(
        "the data folder {} makes the socket's path {bytes} bytes long, of at most 107: choose a shorter one",
        folder.display()
    )]
    SocketPathTooLong {
        /// How long it would be.
        bytes: usize,
        /// Where the data is.
        folder: PathBuf,
    },
    /// As root: the account that PostgreSQL runs as can't get to the data.
    #[error(
        "the data folder {} can't be reached by the account {account}, as which PostgreSQL runs when started by root: \
         choose one that is not below a private folder such as /root", folder.display()
    )]
    Unreachable {
        /// The account.
        account: String,
        /// Where the data is.
        folder: PathBuf,
    },
    /// As root: there is no account to run as.
    #[error(
        "PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody` to run it as"
    )]
    NoAccount,
    /// The cluster could not be made.
    #[error("initdb failed: {0}")]
    Initdb(String),
    /// The server did not start.
    #[error("PostgreSQL did not start: {0}")]
    Start(String),
    /// A name that is not fit for a database.
    #[error(
        "`{0}` is not fit for a database's name: lower case letters, digits and underscores, at most 40"
    )]
    InvalidName(String),
    /// The operating system refused something.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The server is there and refused something.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl LocalError {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io {
            what: what.into(),
            source,
        }
    }
}

impl From<sqlx::Error> for LocalError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

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

/// Takes the folder for this process and its watchdog. The lock goes when both have ended, so that a folder is free
/// only once its server is stopped, or nobody is left to stop it.
fn lock(data_dir: &Path) -> Result<File, LocalError> {
    let what = || format!("locking {}", data_dir.display());
    let mut file = File::options()
        .create(true)
        .read(true)
        .write(true)
        .truncate(false)
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
fn running(cluster: &Cluster, options: &LocalOptions) -> Result<Option<Pid>, LocalError> {
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
fn launch(
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
