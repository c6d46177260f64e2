//! As whom PostgreSQL runs: as ourselves, and when we are root, as an account that is not.

use std::fs::{File, Permissions};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown,
};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::OFlags;

use super::LocalError;

/// As whom PostgreSQL runs.
#[derive(Debug, Clone)]
pub(super) enum Account {
    /// As ourselves.
    Ours,
    /// As another, since we are root.
    Other { name: String, uid: u32, gid: u32 },
}

/// Makes the data folder, and says where it is in full and whose it is.
pub(super) fn prepare_folder(folder: &Path) -> Result<(PathBuf, Account), LocalError> {
    let folder = std::path::absolute(folder)
        .map_err(LocalError::io(format!("finding {}", folder.display())))?;
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)
            .map_err(LocalError::io(format!("making {}", parent.display())))?;
    }
    // Whoever starts the server may have named it by a link.
    let folder = if folder.exists() {
        std::fs::canonicalize(&folder)
            .map_err(LocalError::io(format!("finding {}", folder.display())))?
    } else {
        folder
    };
    let account = Account::choose(&folder)?;
    account.make_folder(&folder)?;
    if let Account::Other { name, .. } = &account {
        let reached = account
            .command("sh")
            .args(["-c", "cd \"$1\"", "sh"])
            .arg(&folder)
            .output()
            .map_err(LocalError::io("running sh"))?;
        if !reached.status.success() {
            return Err(LocalError::Unreachable {
                account: name.clone(),
                folder,
            });
        }
    }
    Ok((folder, account))
}

impl Account {
    /// Whose server may run on the folder: root's is its owner's, or else `postgres`, or else `nobody`.
    fn choose(folder: &Path) -> Result<Self, LocalError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ours);
        }
        if let Ok(found) = std::fs::metadata(folder)
            && found.uid() != 0
        {
            return Ok(Self::Other {
                name: format!("with id {}", found.uid()),
                uid: found.uid(),
                gid: found.gid(),
            });
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| {
                Some(Self::Other {
                    name: name.to_owned(),
                    uid: id("-u", name)?,
                    gid: id("-g", name)?,
                })
            })
            .ok_or(LocalError::NoAccount)
    }

    /// A command that runs as the account, apart from our terminal's signals, and knows of no other PostgreSQL.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        // Our own working folder may be closed to the account.
        command.current_dir("/").process_group(0);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        if let Self::Other { uid, gid, .. } = self {
            command.uid(*uid).gid(*gid);
        }
        command
    }

    /// Makes a folder that is the account's alone.
    pub(super) fn make_folder(&self, folder: &Path) -> Result<(), LocalError> {
        let failed = || LocalError::io(format!("making {}", folder.display()));
        if !folder.is_dir() {
            std::fs::DirBuilder::new()
                .mode(0o700)
                .create(folder)
                .map_err(failed())?;
        }
        // The folder above may be the account's, and we root: where a link of its making leads is not for us to give.
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
        let made = File::options()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(folder)
            .map_err(failed())?;
        if let Self::Other { uid, gid, .. } = self {
            fchown(&made, Some(*uid), Some(*gid)).map_err(failed())?;
        }
        made.set_permissions(Permissions::from_mode(0o700))
            .map_err(failed())
    }
}

/// An account's number, if there is such an account.
fn id(which: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([which, name]).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
