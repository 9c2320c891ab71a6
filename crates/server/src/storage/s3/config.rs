//! Which bucket, and how it is reached.

use std::fmt;

/// A bucket of an S3-compatible store.
#[derive(Clone, PartialEq, Eq)]
pub struct S3Config {
    /// The store's address, such as `https://s3.eu-central-1.amazonaws.com`.
    pub endpoint: String,
    /// The store's address as clients reach it, where that is another one than ours and the workers'.
    pub public_endpoint: Option<String>,
    /// Whether clients are sent to the store for files. If not, they get them from us: for stores that clients cannot
    /// reach.
    pub redirect: bool,
    /// The region, `us-east-1` or `auto` where the store has none.
    pub region: String,
    /// The bucket's name.
    pub bucket: String,
    /// What every key begins with, such as `filmpress/`.
    pub prefix: String,
    /// Whether the bucket is the first part of the path and not of the host's name.
    pub path_style: bool,
    /// Who we are to the store.
    pub access_key: String,
    /// What proves it.
    pub secret_key: String,
    /// What else proves it, where access is for a time.
    pub session_token: Option<String>,
}

impl fmt::Debug for S3Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Config")
            .field("endpoint", &self.endpoint)
            .field("public_endpoint", &self.public_endpoint)
            .field("redirect", &self.redirect)
            .field("region", &self.region)
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .field("path_style", &self.path_style)
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}

/// What went wrong with a bucket. No URL is in it: ours are signed.
#[derive(Debug, thiserror::Error)]
pub enum S3Error {
    /// The address or the name makes no sense.
    #[error("the bucket `{bucket}` at `{endpoint}` cannot be used: {error}")]
    Config {
        /// As configured.
        endpoint: String,
        /// As configured.
        bucket: String,
        /// What is wrong.
        error: String,
    },
    /// No HTTP client, or no folder for files on their way.
    #[error("the storage cannot be set up: {0}")]
    SetUp(String),
    /// The store does not answer.
    #[error("the storage does not answer: {action} `{key}`: {error}")]
    Unreachable {
        /// `put`, `get`...
        action: &'static str,
        /// The key.
        key: String,
        /// What happened.
        error: String,
    },
    /// The store says no.
    #[error("the storage refused: {action} `{key}`: {status} {code}")]
    Refused {
        /// `put`, `get`...
        action: &'static str,
        /// The key.
        key: String,
        /// The status of its answer.
        status: u16,
        /// `NoSuchBucket`, `AccessDenied`...
        code: String,
    },
    /// The store says something else than S3 does.
    #[error("the storage answered something unexpected: {action} `{key}`: {error}")]
    Unexpected {
        /// `put`, `get`...
        action: &'static str,
        /// The key.
        key: String,
        /// What was unexpected.
        error: String,
    },
}
