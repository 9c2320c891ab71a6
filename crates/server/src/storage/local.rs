//! A stored file as a file of this machine.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file of this machine. One that was fetched from elsewhere goes when this does.
#[derive(Debug)]
pub struct LocalFile {
    path: PathBuf,
    is_fetched: bool,
}

impl LocalFile {
    /// A file that stays.
    pub(super) fn kept(path: PathBuf) -> Self {
        Self {
            path,
            is_fetched: false,
        }
    }

    /// A file that is removed with the value, also if it comes to be only later.
    pub(super) fn fetched(path: PathBuf) -> Self {
        Self { path, is_fetched: true }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes a folder, or removes the files in it that have not changed for so long.
pub(super) fn clear(folder: &Path, older: Duration) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let age = SystemTime::now().duration_since(entry.metadata()?.modified()?);
        if older.is_zero() || age.is_ok_and(|age| age > older) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Drop for LocalFile {
    fn drop(&mut self) {
        if self.is_fetched
            && let Err(error) = std::fs::remove_file(&self.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!("removing `{}`: {error}", self.path.display());
        }
    }
}
