//! A folder for one demonstration, so that any number play at a time.

use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

/// What the folders' names begin with.
const PREFIX: &str = "caseload-demo.";
/// A folder younger than this may belong to a demonstration that is only starting.
const STARTING: Duration = Duration::from_mins(1);

/// A new folder, which goes when the answer does. What a demonstration that was killed left behind goes first.
pub fn folder() -> Result<TempDir> {
    let within = std::env::temp_dir();
    sweep(&within).with_context(|| format!("can't look through {}", within.display()))?;
    let folder = tempfile::Builder::new()
        .prefix(PREFIX)
        // PostgreSQL's account, another than root's, has to reach what is below.
        .permissions(std::fs::Permissions::from_mode(0o755))
        .tempdir_in(&within)
        .with_context(|| format!("can't make a folder in {}", within.display()))?;
    Ok(folder)
}

fn sweep(within: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(within)? {
        let entry = entry?;
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours
            && is_left_behind(&entry.path())
            && let Err(why) = std::fs::remove_dir_all(entry.path())
        {
            tracing::debug!(%why, folder = %entry.path().display(), "left where it is");
        }
    }
    Ok(())
}

/// Whether no demonstration holds the folder any more.
fn is_left_behind(folder: &Path) -> bool {
    let old = std::fs::metadata(folder)
        .and_then(|about| about.modified())
        .is_ok_and(|made| made.elapsed().is_ok_and(|age| age > STARTING));
    let lock = folder.join("data/lock");
    old && match File::open(lock) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(_) => true,
    }
}
