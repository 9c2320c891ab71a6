//! The data folder: `templates/`, `outputs/`, and `tmp/` where files grow before they take their place.
//!
//! A file appears at its key complete and on the disk, or not at all.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::StatusCode;
use filmpress_queue::new_id;
use filmpress_queue::record::StoredFile;
use filmpress_queue::token::hex;
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use tokio::fs;
use tokio::io::AsyncWriteExt;

use crate::error::{Answer, ApiError};

/// The files of a data folder, by key: a relative path of our own making.
pub struct Storage {
    root: PathBuf,
}

impl Storage {
    /// The files of a data folder. What was still growing when a server went down is removed.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        let tmp = root.join("tmp");
        if tmp.exists() {
            std::fs::remove_dir_all(&tmp)?;
        }
        for folder in ["templates", "outputs", "tmp"] {
            std::fs::create_dir_all(root.join(folder))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Where a key's file is.
    pub fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Whether a key has a file.
    pub async fn has(&self, key: &str) -> bool {
        fs::try_exists(self.path(key)).await.unwrap_or(false)
    }

    /// Stores a request's body under a key, in place of what was there.
    pub async fn put(&self, key: &str, body: Body, limit: u64) -> Answer<StoredFile> {
        let growing = self.root.join("tmp").join(new_id());
        let stored = self.grow(&growing, key, body, limit).await;
        if stored.is_err() {
            // Nothing to add if it is not there.
            let _ = fs::remove_file(&growing).await;
        }
        stored
    }

    async fn grow(&self, growing: &Path, key: &str, mut body: Body, limit: u64) -> Answer<StoredFile> {
        let internal = |error: std::io::Error| ApiError::internal(&format!("storing `{key}`: {error}"));
        let mut file = fs::File::create_new(growing).await.map_err(internal)?;
        let (mut hash, mut size) = (Sha256::new(), 0_u64);
        while let Some(frame) = body.frame().await {
            let broken = |_| ApiError::field("", "the upload ended before it was complete");
            let Ok(bytes) = frame.map_err(broken)?.into_data() else {
                continue;
            };
            size += bytes.len() as u64;
            if size > limit {
                let text = format!("the file is larger than {limit} bytes");
                return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", text));
            }
            hash.update(&bytes);
            file.write_all(&bytes).await.map_err(internal)?;
        }
        if size == 0 {
            return Err(ApiError::field("", "the file is empty"));
        }
        file.sync_all().await.map_err(internal)?;
        let place = self.path(key);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).await.map_err(internal)?;
            fs::rename(growing, &place).await.map_err(internal)?;
            // The name is on the disk when its folder is.
            fs::File::open(folder)
                .await
                .map_err(internal)?
                .sync_all()
                .await
                .map_err(internal)?;
        }
        Ok(StoredFile {
            key: key.to_owned(),
            sha256: hex(&hash.finalize()),
            size,
        })
    }

    /// Removes a file, if it is there.
    pub async fn remove(&self, key: &str) {
        if let Err(error) = fs::remove_file(self.path(key)).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!("removing `{key}`: {error}");
        }
    }

    /// Removes the files of a folder but one: attempts whose output nobody will ask for.
    pub async fn remove_others(&self, folder: &str, keep: Option<&str>) {
        let Ok(mut entries) = fs::read_dir(self.path(folder)).await else {
            return;
        };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let key = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if keep != Some(key.as_str()) {
                self.remove(&key).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::Storage;

    #[tokio::test]
    async fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::open(folder.path()).unwrap();
        let stored = storage.put("templates/a/1.aep", Body::from("abc"), 3).await.unwrap();
        assert_eq!(stored.size, 3);
        assert!(stored.sha256.starts_with("ba7816bf8f01cfea"));
        let refused = storage
            .put("templates/a/2.aep", Body::from("abcd"), 3)
            .await
            .unwrap_err();
        assert_eq!(refused.status, 413);
        assert!(!storage.has("templates/a/2.aep").await);
        let left = std::fs::read_dir(folder.path().join("tmp")).unwrap().count();
        assert_eq!(left, 0, "what was refused leaves nothing behind");
        storage.remove_others("templates/a", Some("templates/a/1.aep")).await;
        assert!(storage.has("templates/a/1.aep").await);
        storage.remove_others("templates/a", None).await;
        assert!(!storage.has("templates/a/1.aep").await);
    }

    #[test]
    fn what_was_growing_is_gone_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        Storage::open(folder.path()).unwrap();
        std::fs::write(folder.path().join("tmp/half"), "x").unwrap();
        Storage::open(folder.path()).unwrap();
        assert!(!folder.path().join("tmp/half").exists());
    }
}
