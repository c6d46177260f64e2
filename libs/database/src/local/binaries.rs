//! Which PostgreSQL of the machine to run.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::LocalError;
use super::cluster::Cluster;

/// The oldest major version whose defaults we rely on: a public schema that only a database's owner writes to.
const OLDEST: u32 = 15;

/// A PostgreSQL of the machine, server and all.
#[derive(Debug)]
pub(super) struct Binaries {
    folder: PathBuf,
    major: u32,
}

impl Binaries {
    /// The one that the cluster's data is of, or else the newest.
    pub(super) fn find(cluster: &Cluster) -> Result<Self, LocalError> {
        Self::choose(candidates(), cluster)
    }

    fn choose(folders: Vec<PathBuf>, cluster: &Cluster) -> Result<Self, LocalError> {
        let mut found: Vec<Self> = folders.into_iter().filter_map(Self::at).collect();
        found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
        let newest = found.first().ok_or(LocalError::NotFound)?;
        if newest.major < OLDEST {
            return Err(LocalError::TooOld {
                found: newest.major,
                folder: newest.folder.clone(),
            });
        }
        let Some(version) = cluster.version()? else {
            return found.into_iter().next().ok_or(LocalError::NotFound);
        };
        let other = LocalError::OtherVersion {
            cluster: version.clone(),
            found: newest.major,
            folder: cluster.folder().to_owned(),
        };
        found
            .into_iter()
            .find(|binaries| binaries.major.to_string() == version)
            .ok_or(other)
    }

    /// The PostgreSQL in a folder, if its server is there and runs.
    fn at(folder: PathBuf) -> Option<Self> {
        if !folder.join("initdb").is_file() {
            return None;
        }
        let version = Command::new(folder.join("postgres"))
            .arg("--version")
            .output()
            .ok()?;
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        let text = String::from_utf8_lossy(&version.stdout);
        let number = text.split_whitespace().nth(2)?;
        let digits = number
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(number.len());
        let major = number[..digits].parse().ok()?;
        Some(Self { folder, major })
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }
}

/// Folders that may hold a PostgreSQL. `PG_BIN_DIR` overrides all others.
fn candidates() -> Vec<PathBuf> {
    if let Some(folder) = std::env::var_os("PG_BIN_DIR") {
        return vec![folder.into()];
    }
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !folder.is_empty() {
            folders.push(folder.into());
        }
    }
    below("/usr/lib/postgresql", |_| true, &mut folders);
    below("/usr", |name| name.starts_with("pgsql-"), &mut folders);
    for homebrew in ["/opt/homebrew/opt", "/usr/local/opt"] {
        below(
            homebrew,
            |name| name.starts_with("postgresql"),
            &mut folders,
        );
    }
    folders.extend(
        std::env::var_os("PATH")
            .iter()
            .flat_map(std::env::split_paths),
    );
    folders
}

/// The `bin` of every folder of that name.
fn below(parent: impl AsRef<Path>, named: impl Fn(&str) -> bool, into: &mut Vec<PathBuf>) {
    // A folder that is not there holds no PostgreSQL.
    let Ok(entries) = std::fs::read_dir(parent) else {
        return;
    };
    into.extend(
        entries
            .flatten()
            .filter(|entry| entry.file_name().to_str().is_some_and(&named))
            .map(|entry| entry.path().join("bin")),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a PostgreSQL that can say its version and nothing else.
    fn pretend(root: &Path, version: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = root.join(version);
        std::fs::create_dir(&folder).unwrap();
        for name in ["postgres", "initdb"] {
            let file = folder.join(name);
            std::fs::write(
                &file,
                format!("#!/bin/sh\necho \"postgres (PostgreSQL) {version}\"\n"),
            )
            .unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    fn cluster(root: &Path, version: Option<&str>) -> Cluster {
        let folder = root.join("cluster");
        if let Some(version) = version {
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("PG_VERSION"), format!("{version}\n")).unwrap();
        }
        Cluster::new(folder, root.join("socket"))
    }

    #[test]
    fn the_newest_is_chosen_for_new_data() {
        let root = tempfile::tempdir().unwrap();
        let folders = vec![
            pretend(root.path(), "15.18"),
            pretend(root.path(), "18beta1"),
        ];
        let chosen = Binaries::choose(folders, &cluster(root.path(), None)).unwrap();
        assert_eq!(chosen.major, 18);
    }

    #[test]
    fn the_datas_own_version_is_chosen_where_it_is_there() {
        let root = tempfile::tempdir().unwrap();
        let folders = vec![pretend(root.path(), "18.1"), pretend(root.path(), "15.18")];
        let chosen = Binaries::choose(folders, &cluster(root.path(), Some("15"))).unwrap();
        assert_eq!(chosen.major, 15);
    }

    #[test]
    fn data_of_another_version_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let folders = vec![pretend(root.path(), "18.1")];
        let refused = Binaries::choose(folders, &cluster(root.path(), Some("15"))).unwrap_err();
        assert!(
            matches!(&refused, LocalError::OtherVersion { cluster, found: 18, .. } if cluster == "15")
        );
        assert!(!refused.to_string().contains('\n'));
    }

    #[test]
    fn a_version_that_is_too_old_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let folders = vec![pretend(root.path(), "14.2")];
        let refused = Binaries::choose(folders, &cluster(root.path(), None)).unwrap_err();
        assert!(matches!(refused, LocalError::TooOld { found: 14, .. }));
    }

    #[test]
    fn no_binaries_is_one_clear_line() {
        let root = tempfile::tempdir().unwrap();
        let refused = Binaries::choose(vec![root.path().to_owned()], &cluster(root.path(), None))
            .unwrap_err();
        let said = refused.to_string();
        assert!(
            said.contains("apt-get install postgresql") && !said.contains('\n'),
            "{said}"
        );
    }
}
