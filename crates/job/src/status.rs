//! The words of a job's life, as the API says them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A job's status on the wire and in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum JobStatus {
    /// A parent waiting for its children.
    #[serde(rename = "pending")]
    Pending,
    /// Waiting for a worker.
    #[serde(rename = "queued")]
    Queued,
    /// A worker has it, in whatever phase.
    #[serde(rename = "render:dorender")]
    Rendering,
    /// Done; the output is there.
    #[serde(rename = "finished")]
    Finished,
    /// Failed for good.
    #[serde(rename = "error")]
    Error,
    /// Stopped by request.
    #[serde(rename = "manually_cancelled")]
    Cancelled,
}

impl JobStatus {
    /// Every status, in the order of a job's life.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::Queued,
        Self::Rendering,
        Self::Finished,
        Self::Error,
        Self::Cancelled,
    ];

    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Queued => "queued",
            Self::Rendering => "render:dorender",
            Self::Finished => "finished",
            Self::Error => "error",
            Self::Cancelled => "manually_cancelled",
        }
    }

    /// The status of a word of the API.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether a job never leaves this status again.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Finished | Self::Error | Self::Cancelled)
    }
}

impl std::fmt::Display for JobStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::JobStatus;

    #[test]
    fn json_and_words_agree() {
        for status in JobStatus::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
            assert_eq!(JobStatus::from_word(status.as_str()), Some(status));
        }
        assert_eq!(JobStatus::from_word("done"), None);
    }
}
