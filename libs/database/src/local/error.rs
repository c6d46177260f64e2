//! Why there is no private PostgreSQL.

use std::path::PathBuf;

use crate::DatabaseError;

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
    pub(super) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
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
