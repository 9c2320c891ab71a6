//! Where files are: on this machine's disk, or in a bucket of an S3-compatible store.
//!
//! A file appears at its key complete and safe, or not at all. Keys are relative paths of our own making:
//!
//! | key | |
//! |---|---|
//! | `templates/<sha256[0..2]>/<sha256>.<extension>`, `fonts/...` | by content: the same bytes are stored once |
//! | `outputs/<job>/<attempt>.<extension>`, `outputs/<job>/<attempt>.poster.jpg` | what attempts made |
//! | `incoming/<id>` | what is still coming in |
//!
//! With a bucket, workers and clients put and get files there themselves, by presigned URLs; with a disk, they come to
//! us. To add a store: a file with the calls of [`disk::Disk`], and its arm in each `match` below.

mod arriving;
mod disk;
mod local;
mod s3;

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::Response;
use filmpress_queue::record::StoredFile;

pub use local::LocalFile;
pub use s3::{S3Config, S3Error};

use crate::error::Answer;

/// Which store to use.
#[derive(Clone, Debug, Default)]
pub enum StorageConfig {
    /// The data folder.
    #[default]
    Disk,
    /// A bucket.
    S3(S3Config),
}

/// Files by key.
pub enum Storage {
    /// In the data folder.
    Disk(disk::Disk),
    /// In a bucket.
    S3(Box<s3::S3>),
}

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The data folder.
    #[error("cannot use the data folder `{0}`: {1}")]
    Folder(PathBuf, std::io::Error),
    /// The bucket.
    #[error(transparent)]
    S3(#[from] S3Error),
}

/// No file is on its way for longer.
const LEFT: Duration = Duration::from_hours(24);

/// Whom a URL is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Workers: they reach the store as we do.
    Workers,
    /// Clients: they may reach it elsewhere, or not at all.
    Clients,
}

/// How a file is handed out.
#[derive(Clone, Debug)]
pub enum Disposition {
    /// To be saved.
    Attachment,
    /// Shown if it is a picture, a film or a sound, else saved; under this name.
    ByKind(String),
}

impl Storage {
    /// Opens the store. What was on its way when a server went down is removed from the data folder: all if nobody else
    /// uses that, else what is a day old.
    pub fn open(config: &StorageConfig, data: &Path, is_alone: bool) -> Result<Self, StorageError> {
        let folder = |error| StorageError::Folder(data.to_owned(), error);
        local::clear(&data.join("tmp"), if is_alone { Duration::ZERO } else { LEFT }).map_err(folder)?;
        Ok(match config {
            StorageConfig::Disk => Self::Disk(disk::Disk::open(data).map_err(folder)?),
            StorageConfig::S3(config) => Self::S3(Box::new(s3::S3::open(config, data)?)),
        })
    }

    /// Whether the store answers; the error says what is wrong.
    pub async fn ping(&self) -> Result<(), String> {
        match self {
            Self::Disk(disk) => disk.ping().await,
            Self::S3(s3) => s3.ping().await.map_err(|error| error.to_string()),
        }
    }

    /// Whether a key has a file. An error means that the store did not say.
    pub async fn has(&self, key: &str) -> Answer<bool> {
        Ok(self.size(key).await?.is_some())
    }

    /// The length of a key's file in bytes, if there is one.
    pub async fn size(&self, key: &str) -> Answer<Option<u64>> {
        match self {
            Self::Disk(disk) => disk.size(key).await,
            Self::S3(s3) => Ok(s3.size(key).await?),
        }
    }

    /// Stores a body under a key, in place of what was there.
    pub async fn put(&self, key: &str, body: Body, limit: u64) -> Answer<StoredFile> {
        match self {
            Self::Disk(disk) => disk.put(key, body, limit).await,
            Self::S3(s3) => s3.put(key, body, limit).await,
        }
    }

    /// Gives a file of ours another key, in place of what was there.
    pub async fn rename(&self, from: &str, to: &str) -> Answer<()> {
        match self {
            Self::Disk(disk) => disk.rename(from, to).await,
            Self::S3(s3) => Ok(s3.rename(from, to).await?),
        }
    }

    /// A key's file as a file of this machine, for as long as the value lives.
    pub async fn local(&self, key: &str) -> Answer<LocalFile> {
        match self {
            Self::Disk(disk) => Ok(LocalFile::kept(disk.path(key))),
            Self::S3(s3) => s3.local(key).await,
        }
    }

    /// Answers a request with a file, the part of it that is asked for, or the way to it.
    pub async fn serve(&self, key: &str, request: Request, disposition: &Disposition) -> Answer<Response> {
        match self {
            Self::Disk(disk) => disk.serve(key, request, disposition).await,
            Self::S3(s3) => s3.serve(key, &s3::Asked::by(&request), disposition).await,
        }
    }

    /// A URL of the store itself that gives a file without a token; `None` where files are had from us.
    pub fn get_url(&self, who: Audience, key: &str, life: Duration) -> Option<String> {
        match self {
            Self::Disk(_) => None,
            Self::S3(s3) => s3.get_url(who, key, life, &Disposition::Attachment),
        }
    }

    /// A URL of the store itself that takes a file by `PUT` without a token; `None` where files are put to us.
    pub fn put_url(&self, key: &str, life: Duration) -> Option<String> {
        match self {
            Self::Disk(_) => None,
            Self::S3(s3) => Some(s3.put_url(key, life)),
        }
    }

    /// Removes a file, if it is there. What cannot be removed is logged.
    pub async fn remove(&self, key: &str) {
        let removed = match self {
            Self::Disk(disk) => disk.remove(key).await.map_err(|error| error.to_string()),
            Self::S3(s3) => s3.remove(key).await.map_err(|error| error.to_string()),
        };
        if let Err(error) = removed {
            tracing::warn!("removing `{key}`: {error}");
        }
    }

    /// Removes the files of a folder but these: attempts whose output nobody will ask for.
    pub async fn remove_others(&self, folder: &str, keep: &[&str]) {
        let keys = match self {
            Self::Disk(disk) => disk.list(folder).await.map_err(|error| error.to_string()),
            Self::S3(s3) => s3.list(folder).await.map_err(|error| error.to_string()),
        };
        match keys {
            Ok(keys) => {
                for key in keys.iter().filter(|key| !keep.contains(&key.as_str())) {
                    self.remove(key).await;
                }
            }
            Err(error) => tracing::warn!("listing `{folder}`: {error}"),
        }
        if let (Self::Disk(disk), true) = (self, keep.is_empty()) {
            disk.remove_folder(folder).await;
        }
    }

    /// Removes what has been coming in for longer than this and so never will be complete.
    pub async fn remove_stale(&self, older: Duration) {
        let stale = match self {
            Self::Disk(disk) => disk.stale(older).await.map_err(|error| error.to_string()),
            Self::S3(s3) => s3.stale(older).await.map_err(|error| error.to_string()),
        };
        match stale {
            Ok(keys) => {
                for key in keys {
                    self.remove(&key).await;
                }
            }
            Err(error) => tracing::warn!("looking for uploads that never ended: {error}"),
        }
    }
}

/// What a file of strangers may do in a browser: be seen, without scripts, forms or an origin of its own.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
);

/// What is shown in a browser and not only saved: media, which can do nothing there.
fn is_media(kind: &str) -> bool {
    let family = kind.split('/').next().unwrap_or_default();
    // SVG may carry scripts.
    matches!(family, "image" | "video" | "audio") && !kind.contains("svg")
}

impl Disposition {
    /// The header's value for a file of this media type.
    fn header(&self, kind: &str) -> String {
        match self {
            Self::Attachment => "attachment".to_owned(),
            Self::ByKind(name) => {
                let how = if is_media(kind) { "inline" } else { "attachment" };
                let plain: String = name
                    .chars()
                    .map(|c| {
                        if c.is_ascii_graphic() && !"\"\\".contains(c) || c == ' ' {
                            c
                        } else {
                            '_'
                        }
                    })
                    .collect();
                format!("{how}; filename=\"{plain}\"")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Disposition;

    #[test]
    fn only_media_is_shown_in_place() {
        let named = |name: &str| Disposition::ByKind(name.to_owned());
        assert_eq!(named("a.mp4").header("video/mp4"), "inline; filename=\"a.mp4\"");
        assert_eq!(
            named("a.zip").header("application/zip"),
            "attachment; filename=\"a.zip\""
        );
        assert_eq!(named("a.svg").header("image/svg+xml"), "attachment; filename=\"a.svg\"");
        assert_eq!(
            named("ä\"\r\nx.png").header("image/png"),
            "inline; filename=\"____x.png\""
        );
        assert_eq!(Disposition::Attachment.header("video/mp4"), "attachment");
    }
}
