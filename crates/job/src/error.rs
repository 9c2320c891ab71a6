//! Why a job failed: a code for programs, a sentence for people, and whether another try makes sense.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where in its run a job was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Waiting, or between two workers.
    Queue,
    /// Loading the template, assets and fonts.
    Fetch,
    /// Reading the template and applying the assets to it.
    Prepare,
    /// Drawing and encoding frames.
    Render,
    /// Checking the output and handing it over.
    Publish,
}

impl Phase {
    /// The word used in JSON and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Fetch => "fetch",
            Self::Prepare => "prepare",
            Self::Render => "render",
            Self::Publish => "publish",
        }
    }
}

/// The published codes of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// An asset names a layer that is not there.
    LayerNotFound,
    /// The job or an asset names a composition that is not there.
    CompositionNotFound,
    /// A `data` asset names a property that is not there, or gives it a value of another kind.
    PropertyNotFound,
    /// An asset could not be loaded from its `src`.
    AssetDownloadFailed,
    /// An asset was loaded but cannot be used: a broken image, an unknown format.
    AssetInvalid,
    /// The template could not be loaded.
    TemplateDownloadFailed,
    /// The template is not a readable project.
    TemplateInvalid,
    /// The job names a secret that the team does not have (any more).
    SecretMissing,
    /// A font is missing and the job asks to fail then.
    FontMissing,
    /// An expression of the template or of an asset failed.
    ExpressionError,
    /// The job asks for something this version does not do.
    Unsupported,
    /// Drawing failed.
    RenderFailed,
    /// The encoder failed.
    EncodeFailed,
    /// The output does not have the frames or the duration it should.
    OutputInvalid,
    /// The output could not be handed over.
    PublishFailed,
    /// A phase took longer than it may.
    Timeout,
    /// The job needed more memory than it may use.
    MemoryLimit,
    /// The job's files took more room on the worker's disk than they may.
    ScratchLimit,
    /// The process that drew the job ended all of a sudden.
    RenderCrashed,
    /// Worker after worker vanished while it had the job.
    WorkerLost,
    /// The same failure on one worker after another: the job's own doing, whatever the code said at first.
    Poison,
    /// A job that this one is made of failed.
    ChildFailed,
    /// A failure of ours; also stands for codes this version does not know.
    #[serde(other)]
    Internal,
}

impl ErrorCode {
    /// Whether another attempt may succeed where this one failed: a matter of machines and networks, not of the job.
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::TemplateDownloadFailed
                | Self::AssetDownloadFailed
                | Self::PublishFailed
                | Self::Timeout
                | Self::MemoryLimit
                | Self::RenderCrashed
                | Self::WorkerLost
                | Self::Internal
        )
    }

    /// Whether one more attempt is all that makes sense: twice the same is the job's own doing.
    pub fn is_retried_once(self) -> bool {
        matches!(self, Self::MemoryLimit | Self::RenderCrashed)
    }
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobError {
    /// The code.
    pub code: ErrorCode,
    /// Where it happened.
    pub phase: Phase,
    /// The sentence shown as `stats.error`.
    pub message: String,
    /// Whether another attempt may succeed. An input error (a missing layer, a 404) never is.
    pub retryable: bool,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl JobError {
    /// An error that is retryable if its code is, without a hint.
    pub fn new(code: ErrorCode, phase: Phase, message: impl Into<String>) -> Self {
        Self {
            code,
            phase,
            message: message.into(),
            retryable: code.is_retryable(),
            hint: None,
        }
    }

    /// The same error, not to be tried again (a download answered 404, say) or indeed to be.
    #[must_use]
    pub fn retryable(mut self, retryable: bool) -> Self {
        self.retryable = retryable;
        self
    }

    /// The same error with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for JobError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for JobError {}

#[cfg(test)]
mod tests {
    use super::{ErrorCode, JobError, Phase};

    #[test]
    fn codes_read_as_published_and_unknown_ones_survive() {
        let error = JobError::new(ErrorCode::LayerNotFound, Phase::Prepare, "no such layer");
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json["code"], "LAYER_NOT_FOUND");
        assert_eq!(json["retryable"], false);
        let newer: ErrorCode = serde_json::from_str("\"FLUX_CAPACITOR\"").unwrap();
        assert_eq!(newer, ErrorCode::Internal);
    }
}
