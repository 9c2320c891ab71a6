//! Bytes from wherever a job names them.
//!
//! | source | file |
//! |---|---|
//! | `http:` and `https:` | `http` |
//! | `data:` | `data_url` |
//! | `file:` and paths, where a policy allows them | here |
//!
//! Jobs come from strangers: unless the policy says otherwise, nothing is loaded from addresses that are not public
//! (`address`), and nothing beyond a limit of size and time.

mod address;
mod data_url;
mod http;

use std::path::{Path, PathBuf};
use std::time::Duration;

use filmpress_job::address::Reach;

pub use http::HttpError;

/// What may be loaded, and how much of it.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Which network addresses may be loaded from.
    pub reach: Reach,
    /// Load files of this machine; relative paths start at this folder.
    pub files: Option<PathBuf>,
    /// Most bytes of one source.
    pub max_bytes: u64,
    /// How long one source may take, over all tries.
    pub timeout: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            reach: Reach::Public,
            files: None,
            max_bytes: 2 << 30,
            timeout: Duration::from_mins(10),
        }
    }
}

/// Why a source could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Not an address this version loads from, or not one at all.
    #[error("{}: {reason}", shown(.source_text))]
    Invalid {
        /// The source as given.
        source_text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The policy forbids it.
    #[error("{}: {reason}", shown(.source_text))]
    Refused {
        /// The source as given.
        source_text: String,
        /// Which rule.
        reason: String,
    },
    /// The other side said no, or nothing.
    #[error("{}: {error}", shown(.source_text))]
    Http {
        /// The source as given.
        source_text: String,
        /// What happened.
        error: HttpError,
    },
    /// A file could not be read.
    #[error("{}: {error}", shown(.source_text))]
    File {
        /// The source as given.
        source_text: String,
        /// Why.
        error: std::io::Error,
    },
    /// Over the limit of size.
    #[error("{} is larger than the limit of {limit} bytes", shown(.source_text))]
    TooLarge {
        /// The source as given.
        source_text: String,
        /// The limit.
        limit: u64,
    },
}

impl SourceError {
    /// Whether another try may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Http { error, .. } if error.is_retryable())
    }
}

/// An address fit for errors and logs: without the query, where signatures and tokens are, and short.
pub fn shown(source: &str) -> String {
    if source.starts_with("data:") {
        return "data: URL".to_owned();
    }
    let bare = source.split(['?', '#']).next().unwrap_or_default();
    // Names and passwords stand before the host.
    let bare = match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or_default())
        }
        None => bare.to_owned(),
    };
    match bare.char_indices().nth(200) {
        Some((end, _)) => format!("{}...", &bare[..end]),
        None => bare,
    }
}

/// Loads sources under one policy. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Loader {
    policy: Policy,
    client: reqwest::Client,
}

impl Loader {
    /// A loader. Fails only where the machine has no usable TLS set-up.
    pub fn new(policy: Policy) -> Result<Self, HttpError> {
        let client = http::client(policy.reach)?;
        Ok(Self { policy, client })
    }

    /// Loads the bytes behind `source`: a URL or, where the policy has a folder, a path.
    pub async fn load(&self, source: &str) -> Result<Vec<u8>, SourceError> {
        let Policy { max_bytes, timeout, .. } = self.policy;
        match self.place(source)? {
            Place::Bytes(bytes) => Ok(bytes),
            Place::Url(url) => http::get(&self.client, &url, max_bytes, timeout)
                .await
                .map_err(|error| self.http_error(source, error)),
            Place::File(path) => {
                self.checked_file(source, &path).await?;
                tokio::fs::read(&path).await.map_err(|error| file_error(source, error))
            }
        }
    }

    /// The same, to a file.
    pub async fn save(&self, source: &str, to: &Path) -> Result<(), SourceError> {
        let Policy { max_bytes, timeout, .. } = self.policy;
        let failed = |error| file_error(source, error);
        match self.place(source)? {
            Place::Bytes(bytes) => tokio::fs::write(to, bytes).await.map_err(failed),
            Place::Url(url) => http::save(&self.client, &url, to, max_bytes, timeout)
                .await
                .map_err(|error| self.http_error(source, error)),
            Place::File(path) => {
                self.checked_file(source, &path).await?;
                tokio::fs::copy(&path, to).await.map_err(failed).map(drop)
            }
        }
    }

    /// Where a source is, if the policy allows to go there.
    fn place(&self, source: &str) -> Result<Place, SourceError> {
        let invalid = |reason: String| SourceError::Invalid {
            source_text: source.to_owned(),
            reason,
        };
        let scheme = source.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("data") => {
                let bytes = data_url::decode(source).map_err(invalid)?;
                if bytes.len() as u64 > self.policy.max_bytes {
                    return Err(self.too_large(source));
                }
                Ok(Place::Bytes(bytes))
            }
            Some("http" | "https") => {
                let url = url::Url::parse(source).map_err(|e| invalid(e.to_string()))?;
                if address::is_forbidden_literal(&url, self.policy.reach) {
                    return Err(SourceError::Refused {
                        source_text: source.to_owned(),
                        reason: address::REFUSAL.to_owned(),
                    });
                }
                Ok(Place::Url(url))
            }
            _ => {
                let Some(folder) = &self.policy.files else {
                    return Err(invalid("expected an http:, https: or data: URL".to_owned()));
                };
                let path = match url::Url::parse(source) {
                    Ok(url) if url.scheme() == "file" => url.to_file_path().ok(),
                    _ => None,
                };
                Ok(Place::File(folder.join(path.unwrap_or_else(|| PathBuf::from(source)))))
            }
        }
    }

    async fn checked_file(&self, source: &str, path: &Path) -> Result<(), SourceError> {
        let about = tokio::fs::metadata(path).await;
        let length = about.map_err(|error| file_error(source, error))?.len();
        if length > self.policy.max_bytes {
            return Err(self.too_large(source));
        }
        Ok(())
    }

    fn http_error(&self, source: &str, error: HttpError) -> SourceError {
        match error {
            HttpError::TooLarge => self.too_large(source),
            error => SourceError::Http {
                source_text: source.to_owned(),
                error,
            },
        }
    }

    fn too_large(&self, source: &str) -> SourceError {
        SourceError::TooLarge {
            source_text: source.to_owned(),
            limit: self.policy.max_bytes,
        }
    }
}

/// Where the bytes of a source are.
enum Place {
    Bytes(Vec<u8>),
    Url(url::Url),
    File(PathBuf),
}

fn file_error(source: &str, error: std::io::Error) -> SourceError {
    SourceError::File {
        source_text: source.to_owned(),
        error,
    }
}

/// A client for uploads to stores that jobs name. URLs given to it must not be forbidden ones.
pub(crate) fn uploader(reach: Reach) -> Result<reqwest::Client, HttpError> {
    http::uploader(reach)
}

/// Whether a URL's host is written as an address that must not be connected to; names are judged by the client.
pub(crate) fn is_forbidden(url: &url::Url, reach: Reach) -> bool {
    address::is_forbidden_literal(url, reach)
}

/// What a person is told when an address is refused.
pub(crate) const REFUSAL: &str = address::REFUSAL;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_an_address_are_not_shown() {
        assert_eq!(
            shown("https://me:secret@host.example/a/b.png?X-Signature=1#f"),
            "https://host.example/a/b.png"
        );
        assert_eq!(shown("data:image/png;base64,AAAA"), "data: URL");
        assert!(shown(&"ü".repeat(1000)).len() < 500);
        assert_eq!(shown("https://host.example"), "https://host.example");
    }

    #[tokio::test]
    async fn files_only_under_a_policy_that_has_them() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a b.txt"), "hello").unwrap();
        let web = Loader::new(Policy::default()).unwrap();
        for source in ["a b.txt", "file:///etc/passwd", "/etc/passwd", "ftp://x/y", ""] {
            let error = web.load(source).await.unwrap_err();
            assert!(matches!(error, SourceError::Invalid { .. }), "{error}");
        }
        let files = Loader::new(Policy {
            files: Some(folder.path().to_owned()),
            max_bytes: 5,
            ..Policy::default()
        })
        .unwrap();
        assert_eq!(files.load("a b.txt").await.unwrap(), b"hello");
        let url = url::Url::from_file_path(folder.path().join("a b.txt")).unwrap();
        assert_eq!(files.load(url.as_str()).await.unwrap(), b"hello");
        assert!(
            files
                .load("missing.txt")
                .await
                .unwrap_err()
                .to_string()
                .contains("missing.txt")
        );
        assert!(matches!(
            files.load("data:,123456").await.unwrap_err(),
            SourceError::TooLarge { limit: 5, .. }
        ));
        assert_eq!(files.load("data:,12345").await.unwrap(), b"12345");
    }
}
