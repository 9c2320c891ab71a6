//! Files in the data folder: `templates/`, `fonts/`, `outputs/`, `incoming/`, and `tmp/` where files grow before they take
//! their place.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use filmpress_queue::new_id;
use filmpress_queue::record::StoredFile;
use tokio::fs;
use tokio::io::AsyncWriteExt;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::arriving::Arriving;
use super::{CONTENT_POLICY, Disposition};
use crate::error::{Answer, ApiError};

/// The files of a data folder.
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The files of a data folder.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        for folder in ["templates", "fonts", "outputs", "incoming", "tmp"] {
            std::fs::create_dir_all(root.join(folder))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Where a key's file is.
    pub fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    pub async fn ping(&self) -> Result<(), String> {
        let probe = self.root.join("tmp").join(new_id());
        let written = fs::write(&probe, b"probe").await;
        let removed = fs::remove_file(&probe).await;
        written
            .and(removed)
            .map_err(|error| format!("cannot write in `{}`: {error}", self.root.display()))
    }

    pub async fn size(&self, key: &str) -> Answer<Option<u64>> {
        match fs::metadata(self.path(key)).await {
            Ok(found) if found.is_file() => Ok(Some(found.len())),
            Ok(_) => Ok(None),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(ApiError::internal(&format!("looking for `{key}`: {error}"))),
        }
    }

    pub async fn put(&self, key: &str, body: Body, limit: u64) -> Answer<StoredFile> {
        let growing = self.root.join("tmp").join(new_id());
        let stored = self.grow(&growing, key, body, limit).await;
        if stored.is_err() {
            // Nothing to add if it is not there.
            let _ = fs::remove_file(&growing).await;
        }
        stored
    }

    async fn grow(&self, growing: &Path, key: &str, body: Body, limit: u64) -> Answer<StoredFile> {
        let internal = |error: std::io::Error| ApiError::internal(&format!("storing `{key}`: {error}"));
        let mut file = fs::File::create_new(growing).await.map_err(internal)?;
        let mut arriving = Arriving::new(body, limit);
        while let Some(bytes) = arriving.next().await? {
            file.write_all(&bytes).await.map_err(internal)?;
        }
        file.sync_all().await.map_err(internal)?;
        self.place(growing, key).await.map_err(internal)?;
        Ok(arriving.stored_at(key))
    }

    /// Gives a file of ours another key, in place of what was there.
    pub async fn rename(&self, from: &str, to: &str) -> Answer<()> {
        let moved = self.place(&self.path(from), to).await;
        moved.map_err(|error| ApiError::internal(&format!("moving `{from}` to `{to}`: {error}")))
    }

    async fn place(&self, file: &Path, key: &str) -> std::io::Result<()> {
        let place = self.path(key);
        let Some(folder) = place.parent() else {
            return Err(ErrorKind::InvalidInput.into());
        };
        loop {
            fs::create_dir_all(folder).await?;
            match fs::rename(file, &place).await {
                Ok(()) => break,
                // The folder was removed in between, as the last file in it was.
                Err(error) if error.kind() == ErrorKind::NotFound && !fs::try_exists(folder).await? => {}
                Err(error) => return Err(error),
            }
        }
        // The name is on the disk when its folder is, and the folder when the one around it is.
        fs::File::open(folder).await?.sync_all().await?;
        match folder.parent() {
            Some(around) => fs::File::open(around).await?.sync_all().await,
            None => Ok(()),
        }
    }

    pub async fn serve(&self, key: &str, request: Request, disposition: &Disposition) -> Answer<Response> {
        if self.size(key).await?.is_none() {
            return Err(ApiError::not_found("NOT_FOUND", "the file is gone"));
        }
        let mut response = match ServeFile::new(self.path(key)).oneshot(request).await {
            Ok(response) => response.into_response(),
            Err(never) => match never {},
        };
        let headers = response.headers_mut();
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let disposition = disposition.header(kind.unwrap_or_default());
        if let Ok(disposition) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
        Ok(response)
    }

    pub async fn remove(&self, key: &str) -> std::io::Result<()> {
        match fs::remove_file(self.path(key)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The keys in a folder.
    pub async fn list(&self, folder: &str) -> std::io::Result<Vec<String>> {
        let mut entries = match fs::read_dir(self.path(folder)).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut keys = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            keys.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
        }
        Ok(keys)
    }

    /// Removes a folder if nothing is in it.
    pub async fn remove_folder(&self, folder: &str) {
        // One that is not there, or not empty, is as it should be.
        let _ = fs::remove_dir(self.path(folder)).await;
    }

    /// Keys of `incoming/` that have not grown for so long.
    pub async fn stale(&self, older: Duration) -> std::io::Result<Vec<String>> {
        let mut stale = Vec::new();
        for key in self.list("incoming").await? {
            let changed = match fs::metadata(self.path(&key)).await {
                Ok(found) => found.modified()?,
                Err(_) => continue,
            };
            if SystemTime::now().duration_since(changed).is_ok_and(|age| age > older) {
                stale.push(key);
            }
        }
        Ok(stale)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;

    use crate::storage::{Storage, StorageConfig};

    #[tokio::test]
    async fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::open(&StorageConfig::Disk, folder.path(), true).unwrap();
        let stored = storage.put("templates/a/1.aep", Body::from("abc"), 3).await.unwrap();
        assert_eq!(stored.size, 3);
        assert!(stored.sha256.starts_with("ba7816bf8f01cfea"));
        let refused = storage
            .put("templates/a/2.aep", Body::from("abcd"), 3)
            .await
            .unwrap_err();
        assert_eq!(refused.status, 413);
        assert!(!storage.has("templates/a/2.aep").await.unwrap());
        let left = std::fs::read_dir(folder.path().join("tmp")).unwrap().count();
        assert_eq!(left, 0, "what was refused leaves nothing behind");
        storage.remove_others("templates/a", &["templates/a/1.aep"]).await;
        assert!(storage.has("templates/a/1.aep").await.unwrap());
        storage.remove_others("templates/a", &[]).await;
        assert!(!storage.has("templates/a/1.aep").await.unwrap());
        assert!(!folder.path().join("templates/a").exists());
    }

    #[tokio::test]
    async fn what_came_in_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::open(&StorageConfig::Disk, folder.path(), true).unwrap();
        for _ in 0..2 {
            storage.put("incoming/1", Body::from("abc"), 3).await.unwrap();
            storage.rename("incoming/1", "fonts/ba/abc.ttf").await.unwrap();
            let placed = storage.local("fonts/ba/abc.ttf").await.unwrap();
            assert_eq!(std::fs::read(placed.path()).unwrap(), b"abc");
        }
        let left = std::fs::read_dir(folder.path().join("incoming")).unwrap().count();
        assert_eq!(left, 0);
        std::fs::write(folder.path().join("incoming/half"), "x").unwrap();
        storage.remove_stale(Duration::from_hours(1)).await;
        assert!(folder.path().join("incoming/half").exists());
        storage.remove_stale(Duration::ZERO).await;
        assert!(!folder.path().join("incoming/half").exists());
        storage.ping().await.unwrap();
    }

    #[test]
    fn what_was_growing_is_gone_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        Storage::open(&StorageConfig::Disk, folder.path(), true).unwrap();
        std::fs::write(folder.path().join("tmp/half"), "x").unwrap();
        Storage::open(&StorageConfig::Disk, folder.path(), false).unwrap();
        assert!(folder.path().join("tmp/half").exists(), "another server may be at it");
        Storage::open(&StorageConfig::Disk, folder.path(), true).unwrap();
        assert!(!folder.path().join("tmp/half").exists());
    }
}
