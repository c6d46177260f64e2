//! The process that stands between us and the server.
//!
//! A shell that reads from a pipe whose other end we hold. When the pipe closes, because we closed it or because we are
//! no more, it stops the server, removes a folder that was temporary, and ends. It runs as the server's account and in
//! a process group of its own, so that a terminal's Ctrl-C reaches neither it nor the server. Its output is the locked
//! file: the lock outlives us until the shell is done.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};

use rustix::process::Pid;

use super::LocalError;
use super::account::Account;
use super::cluster::Cluster;

/// Stops a server, less politely each time: SIGINT disconnects its clients, SIGQUIT leaves recovery to the next start.
const STOP: &str = r#"
stop() {
    for signal in INT QUIT KILL; do
        kill -s "$signal" "$1" || return
        waited=0
        while [ "$waited" -lt 200 ]; do
            kill -s 0 "$1" && [ -e "$2" ] || return
            sleep 0.05
            waited=$((waited + 1))
        done
    done
}
trap '' HUP INT TERM
exec 2>/dev/null
"#;

/// Starts the server and waits for it; a second shell waits for us. The server gets neither the pipe nor the lock.
/// A temporary folder goes only when we are done with it, so that the log of a server that failed can be read.
const LAUNCH: &str = r#"
exec 3<&0 </dev/null
removed=$1 pidfile=$2 log=$3; shift 3
"$@" 3<&- >>"$log" 2>&1 &
server=$!
(
    while read -r _; do :; done
    [ -z "$removed" ] || : >"$removed/stopping"
    stop "$server" "$pidfile"
) <&3 >/dev/null &
guard=$!
exec 3<&-
wait "$server"
kill -s KILL "$guard"
[ -z "$removed" ] || [ ! -e "$removed/stopping" ] || rm -rf "$removed"
"#;

/// Waits for us alone, since the server is nobody's child any more.
const ADOPT: &str = r#"
removed=$1 pidfile=$2
while read -r _; do :; done
stop "$3" "$pidfile"
[ -z "$removed" ] || rm -rf "$removed"
"#;

/// The process that stops the server when we are no more.
#[derive(Debug)]
pub(super) struct Watchdog {
    child: Child,
    pipe: Option<ChildStdin>,
}

impl Watchdog {
    /// Starts a server under a watchdog.
    pub(super) fn launch(
        account: &Account,
        cluster: &Cluster,
        command: &[OsString],
        log: &Path,
        removed: Option<&Path>,
        lock: &File,
    ) -> Result<Self, LocalError> {
        let own: [OsString; 1] = [log.into()];
        Self::spawn(
            account,
            LAUNCH,
            cluster,
            removed,
            own.iter().chain(command),
            lock,
        )
    }

    /// Sets a watchdog on a server that runs already.
    pub(super) fn adopt(
        account: &Account,
        cluster: &Cluster,
        process: Pid,
        removed: Option<&Path>,
        lock: &File,
    ) -> Result<Self, LocalError> {
        let process = OsString::from(process.as_raw_nonzero().to_string());
        Self::spawn(account, ADOPT, cluster, removed, [&process], lock)
    }

    fn spawn<'a>(
        account: &Account,
        script: &str,
        cluster: &Cluster,
        removed: Option<&Path>,
        arguments: impl IntoIterator<Item = &'a OsString>,
        lock: &File,
    ) -> Result<Self, LocalError> {
        let failed = || LocalError::io("starting PostgreSQL's watchdog");
        let mut child = account
            .command("sh")
            .arg("-c")
            .arg(format!("{STOP}{script}"))
            .arg("caseload-watchdog")
            .arg(removed.unwrap_or(Path::new("")))
            .arg(cluster.pid_file())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(lock.try_clone().map_err(failed())?)
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed())?;
        let pipe = child.stdin.take();
        Ok(Self { child, pipe })
    }

    /// Whether it has ended, and with it a server that it launched.
    pub(super) fn has_ended(&mut self) -> Result<bool, LocalError> {
        self.child
            .try_wait()
            .map(|status| status.is_some())
            .map_err(LocalError::io("waiting for PostgreSQL's watchdog"))
    }

    /// Has the server stopped, and waits until it is.
    pub(super) fn stop(&mut self) {
        drop(self.pipe.take());
        if let Err(error) = self.child.wait() {
            tracing::warn!(%error, "waiting for PostgreSQL's watchdog failed");
        }
    }
}
