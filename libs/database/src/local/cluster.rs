//! The data folder: made, checked, and whether a server runs on it.

use std::path::{Path, PathBuf};

use rustix::process::{Pid, test_kill_process};

use super::LocalError;
use super::account::Account;
use super::binaries::Binaries;

/// Settings for data that nobody will miss.
pub(super) const NOT_DURABLE: [&str; 3] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// What is known of a cluster's server.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    /// None runs.
    Stopped,
    /// One starts, recovers or stops.
    Changing,
    /// One serves.
    Ready(Pid),
}

/// The data of one server, and the folder of its socket.
#[derive(Debug)]
pub(super) struct Cluster {
    folder: PathBuf,
    socket_dir: PathBuf,
}

impl Cluster {
    pub(super) fn new(folder: PathBuf, socket_dir: PathBuf) -> Self {
        Self { folder, socket_dir }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Where a server writes what it is doing.
    pub(super) fn pid_file(&self) -> PathBuf {
        self.folder.join("postmaster.pid")
    }

    /// The major version of the data, if there is any.
    pub(super) fn version(&self) -> Result<Option<String>, LocalError> {
        Ok(read(&self.folder.join("PG_VERSION"))?.map(|text| text.trim().to_owned()))
    }

    /// Makes the cluster, unless it is there. It comes under its name only when it is whole, so that a run killed on the
    /// way leaves nothing that looks like one.
    pub(super) fn make(
        &self,
        binaries: &Binaries,
        account: &Account,
        durable: bool,
    ) -> Result<(), LocalError> {
        if self.folder.exists() {
            return Ok(());
        }
        let partial = self.folder.with_extension("partial");
        if partial.exists() {
            std::fs::remove_dir_all(&partial)
                .map_err(LocalError::io(format!("removing {}", partial.display())))?;
        }
        // Both sort by code point, the same on every machine. Only Linux is sure to have the first, which knows
        // letters beyond ASCII.
        let locale = if cfg!(target_os = "linux") {
            "C.UTF-8"
        } else {
            "C"
        };
        let mut command = account.command(binaries.initdb());
        command
            .arg("-D")
            .arg(&partial)
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--data-checksums",
            ])
            .arg(format!("--locale={locale}"));
        if !durable {
            command.arg("--no-sync");
        }
        let made = command.output().map_err(LocalError::io("running initdb"))?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr);
            let why = said
                .lines()
                .find(|line| line.contains("error"))
                .or_else(|| said.lines().last());
            return Err(LocalError::Initdb(
                why.unwrap_or("it said nothing").to_owned(),
            ));
        }
        std::fs::rename(&partial, &self.folder)
            .map_err(LocalError::io(format!("making {}", self.folder.display())))
    }

    /// Whether a server runs on the cluster, by the file that it keeps. A file that is left over is removed: where the
    /// process id is another program's by now, PostgreSQL itself would take that for a running server. Should a part of
    /// the old server still be there, the new one notices by its shared memory.
    pub(super) fn state(&self) -> Result<State, LocalError> {
        let Some(text) = read(&self.pid_file())? else {
            return Ok(State::Stopped);
        };
        let mut lines = text.lines();
        let Some(process) = lines.next().and_then(parse_pid) else {
            // It is being written.
            return Ok(State::Changing);
        };
        if !(is_alive(process) && is_postgres(process)) {
            return match std::fs::remove_file(self.pid_file()) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(LocalError::io(
                    format!("removing {}", self.pid_file().display()),
                )(
                    error
                )),
                _ => Ok(State::Stopped),
            };
        }
        // The eighth line is "starting", "ready" or "stopping".
        Ok(match lines.nth(6).map(str::trim) {
            Some("ready") => State::Ready(process),
            _ => State::Changing,
        })
    }

    /// Whether the running server's settings are those for durable data, or for data that nobody will miss.
    pub(super) fn runs_with(&self, durable: bool) -> bool {
        read(&self.folder.join("postmaster.opts"))
            .ok()
            .flatten()
            .is_some_and(|options| options.contains(NOT_DURABLE[0]) != durable)
    }
}

/// A process id as text.
pub(super) fn parse_pid(text: &str) -> Option<Pid> {
    text.trim().parse().ok().and_then(Pid::from_raw)
}

/// Whether a process runs, ours or another's.
pub(super) fn is_alive(process: Pid) -> bool {
    !matches!(test_kill_process(process), Err(rustix::io::Errno::SRCH))
        // One that has ended and that nobody has waited for counts no more, though PostgreSQL itself would count it.
        && described(process).is_none_or(|(state, _)| !state.starts_with(['Z', 'X']))
}

/// Whether a process is a PostgreSQL. Where nothing can tell, it is taken for one: the other mistake would cost data.
fn is_postgres(process: Pid) -> bool {
    described(process).is_none_or(|(_, name)| name.contains("postgres"))
}

/// A process's state, as `ps` has it, and its name; none where nothing can tell.
fn described(process: Pid) -> Option<(String, String)> {
    let number = process.as_raw_nonzero();
    if let Ok(text) = std::fs::read_to_string(format!("/proc/{number}/stat")) {
        // "4711 (postgres) S 1 …", and a name may have anything in it.
        let (name, state) = text.split_once('(')?.1.rsplit_once(')')?;
        return Some((state.trim().to_owned(), name.to_owned()));
    }
    let told = std::process::Command::new("ps")
        .args(["-o", "stat=,comm=", "-p", &number.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&told.stdout);
    let (state, name) = text.trim().split_once(char::is_whitespace)?;
    Some((state.to_owned(), name.to_owned()))
}

/// A file's text, if there is such a file.
fn read(file: &Path) -> Result<Option<String>, LocalError> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LocalError::io(format!("reading {}", file.display()))(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster_with(pid_file: &str) -> (tempfile::TempDir, Cluster) {
        let root = tempfile::tempdir().unwrap();
        let cluster = Cluster::new(root.path().to_owned(), root.path().join("socket"));
        std::fs::write(cluster.pid_file(), pid_file).unwrap();
        (root, cluster)
    }

    #[test]
    fn a_pid_file_of_a_dead_process_is_no_server() {
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        let (_root, cluster) = cluster_with(&format!("{}\n", ended.id()));
        assert_eq!(cluster.state().unwrap(), State::Stopped);
    }

    #[test]
    fn a_process_that_nobody_waited_for_does_not_run() {
        let mut ended = std::process::Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let process = Pid::from_child(&ended);
        assert!(is_alive(process));
        drop(ended.stdin.take());
        while is_alive(process) {
            std::thread::yield_now();
        }
        ended.wait().unwrap();
    }

    #[test]
    fn a_pid_file_that_names_another_program_is_removed() {
        let (_root, cluster) = cluster_with(&format!("{}\n", std::process::id()));
        assert_eq!(cluster.state().unwrap(), State::Stopped);
        assert!(!cluster.pid_file().exists());
    }

    #[test]
    fn a_pid_file_that_is_being_written_is_a_server_that_starts() {
        let (_root, cluster) = cluster_with("");
        assert_eq!(cluster.state().unwrap(), State::Changing);
    }
}
