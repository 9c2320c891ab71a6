//! Templates and files in the storage.

use std::sync::Arc;

use filmpress_job::TemplateMetadata;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A template to be made.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    /// The team it belongs to.
    pub team: String,
    /// `aep`, `aepx`, `zip`, `mogrt` or `lottie`.
    pub kind: String,
    /// The name people know it by.
    pub display_name: String,
    /// Where to load its file from.
    pub src: Option<String>,
}

/// Where a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateStatus {
    /// It has no file yet.
    AwaitingUpload,
    /// Its file is being loaded.
    Downloading,
    /// Its file is being read.
    Processing,
    /// It can be used.
    Uploaded,
    /// Its file cannot be loaded or read.
    Error,
}

impl TemplateStatus {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingUpload => "awaiting_upload",
            Self::Downloading => "downloading",
            Self::Processing => "processing",
            Self::Uploaded => "uploaded",
            Self::Error => "error",
        }
    }

    /// The status of a word of the API.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::AwaitingUpload,
            Self::Downloading,
            Self::Processing,
            Self::Uploaded,
            Self::Error,
        ]
        .into_iter()
        .find(|status| status.as_str() == word)
    }
}

/// A template.
#[derive(Clone, Debug)]
pub struct TemplateRecord {
    /// Its id.
    pub id: String,
    /// The team it belongs to.
    pub team: String,
    /// `aep`, `aepx`, `zip`, `mogrt` or `lottie`.
    pub kind: String,
    /// The name people know it by.
    pub display_name: String,
    /// Where it stands.
    pub status: TemplateStatus,
    /// Why its file cannot be loaded or read.
    pub error: Option<String>,
    /// Where its file was to be loaded from.
    pub src: Option<String>,
    /// The file, once there is one.
    pub file: Option<StoredFile>,
    /// What was found in the file; shared, for it can be large.
    pub metadata: Arc<TemplateMetadata>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When anything last changed.
    pub updated_at: OffsetDateTime,
}

/// A file in the storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its storage key.
    pub key: String,
    /// SHA-256 of its bytes in lower-case hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub size: u64,
}
