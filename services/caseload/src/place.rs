//! Where the suite keeps its data: the private PostgreSQL, the firms' documents, the development issuer's
//! key, the key of page tokens.

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use caseload_auth::Environment;
use caseload_auth::development::DevelopmentIssuer;
use secrecy::SecretString;

/// Where root keeps it. Not below root's home, which the account that PostgreSQL runs as can't reach.
const OF_ROOT: &str = "/var/lib/caseload";

/// A data folder.
#[derive(Debug, Clone)]
pub struct Place(PathBuf);

impl Place {
    /// This folder, or the default one.
    pub fn of(given: Option<PathBuf>) -> Result<Self> {
        match given {
            Some(folder) => {
                let whole = std::path::absolute(&folder)
                    .with_context(|| format!("{} is not a folder's name", folder.display()))?;
                Ok(Self(whole))
            }
            None => Self::usual(),
        }
    }

    fn usual() -> Result<Self> {
        if rustix::process::geteuid().is_root() {
            return Ok(Self(PathBuf::from(OF_ROOT)));
        }
        let data = std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute())
            .or_else(|| Some(std::env::home_dir()?.join(".local/share")));
        match data {
            Some(data) => Ok(Self(data.join("caseload"))),
            None => bail!("there is no home folder to keep data in: name one with --data-dir"),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where PostgreSQL's data is.
    pub fn postgres(&self) -> PathBuf {
        self.0.join("postgres")
    }

    /// Where the firms' documents are.
    pub fn documents(&self) -> PathBuf {
        self.0.join("documents")
    }

    /// Keeps the folder to this process for as long as the answer lives.
    pub fn lock(&self) -> Result<File> {
        let folder = self.0.display();
        std::fs::create_dir_all(&self.0).with_context(|| {
            format!("can't make the data folder {folder}: name another with --data-dir")
        })?;
        let path = self.0.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            // Who can open it can lock it.
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("can't open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => bail!(
                "the data folder {folder} is in use by another caseload: stop it, or name another folder with \
                 --data-dir"
            ),
            Err(TryLockError::Error(why)) => {
                Err(why).with_context(|| format!("can't lock {}", path.display()))
            }
        }
    }

    fn issuer_folder(&self) -> PathBuf {
        self.0.join("issuer")
    }

    /// Whether a development issuer was made here before.
    pub fn has_issuer(&self) -> bool {
        self.issuer_folder().is_dir()
    }

    /// The development issuer, made when it is not there.
    pub fn issuer(&self) -> Result<DevelopmentIssuer> {
        let folder = self.issuer_folder();
        DevelopmentIssuer::open(&folder, Environment::Development)
            .with_context(|| format!("can't open the development issuer in {}", folder.display()))
    }

    /// What page tokens are sealed with, made when it is not there.
    pub fn page_key(&self) -> Result<SecretString> {
        let path = self.0.join("page-key");
        let told = || format!("can't keep the key of page tokens in {}", path.display());
        if !path.exists() {
            let random = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()];
            let key: String = random
                .iter()
                .map(|half| half.simple().to_string())
                .collect();
            let written = path.with_extension("new");
            if written.exists() {
                std::fs::remove_file(&written).with_context(told)?;
            }
            File::options()
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(&written)
                .and_then(|mut file| {
                    file.write_all(key.as_bytes())
                        .and_then(|()| file.sync_all())
                })
                .and_then(|()| std::fs::rename(&written, &path))
                .with_context(told)?;
        }
        let key = std::fs::read_to_string(&path).with_context(told)?;
        Ok(key.trim().into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn place() -> (tempfile::TempDir, Place) {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(Some(folder.path().join("data"))).unwrap();
        (folder, place)
    }

    #[test]
    fn two_do_not_use_one_folder_at_a_time() {
        let (_folder, place) = place();
        let first = place.lock().unwrap();
        let second = place.lock().unwrap_err().to_string();
        assert!(second.contains("in use by another caseload"), "{second}");
        drop(first);
        place.lock().unwrap();
    }

    #[test]
    fn what_is_made_once_is_found_again() {
        let (_folder, place) = place();
        let _lock = place.lock().unwrap();
        assert!(!place.has_issuer());
        let key = place.page_key().unwrap();
        assert!(key.expose_secret().len() >= 32);
        let again = place.page_key().unwrap();
        assert_eq!(again.expose_secret(), key.expose_secret());
        place.issuer().unwrap();
        assert!(place.has_issuer());
    }
}
