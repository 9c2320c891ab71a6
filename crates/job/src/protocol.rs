//! What server and worker say to each other, as JSON over HTTP.
//!
//! A worker shows its token as `Authorization: Bearer` and does, in a loop:
//!
//! | request | body | answer |
//! |---|---|---|
//! | `POST /api/worker/claim` | [`ClaimRequest`] | 200 [`Claim`], or 204 when nothing came within `wait_seconds` |
//! | `POST /api/worker/jobs/{id}/heartbeat` | [`Heartbeat`] | 200 [`HeartbeatAnswer`] |
//! | `PUT` [`OutputTarget::put_url`] | the bytes of the output | 2xx; needs no token, the URL is signed |
//! | `PUT` [`OutputTarget::poster_put_url`] | the poster, a JPEG | the same |
//! | `POST /api/worker/jobs/{id}/finish` | [`Finish`] | 204 |
//! | `POST /api/worker/jobs/{id}/fail` | [`Fail`] | 204 |
//!
//! 409 on any of them means that the attempt is stale: the lease ran out and the job is another's, or was cancelled.
//! The worker drops the job then and claims the next. 401 means that the token is not a worker's.
//! URLs that the server makes (the template's where it has a `kind`, fonts, children, outputs) may lead to its blob store
//! and are trusted wherever they lead; those that jobs name (`template.src`, `src` of assets and clips, `upload`) are not.
//! Signed URLs live at least as long as a job may run, and any of these requests may be repeated after a broken connection.

use serde::{Deserialize, Serialize};

use crate::error::{JobError, Phase};
use crate::payload::Payload;

/// A worker asks for a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRequest {
    /// The worker's name: kept over its restarts, different from every other worker's.
    pub worker: String,
    /// Empty: any job. Else only jobs that have one of these tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// How long the server may hold the request while there is no job, in seconds; at most 60.
    #[serde(default)]
    pub wait_seconds: u64,
}

/// A job, the worker's for as long as it keeps up the heartbeat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The job.
    pub job_id: String,
    /// The fencing number: 1 for the first attempt. Goes into every report of this attempt.
    pub attempt: u32,
    /// Seconds until the job is taken away if no heartbeat comes. A heartbeat each third of it is right;
    /// more often to show progress, down to one a second.
    pub lease_seconds: u64,
    /// What to do.
    pub payload: Payload,
    /// The template file; a join has none.
    pub template: Option<TemplateSource>,
    /// The outputs of the job's children: what its assets of type `job` are filled with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ChildOutput>,
    /// The values of the secrets that the payload names, by name. Never logged.
    #[serde(default, skip_serializing_if = "Secrets::is_empty")]
    pub secrets: Secrets,
    /// The team's fonts that the job may use.
    #[serde(default)]
    pub fonts: Vec<FontSource>,
    /// Where the output goes.
    pub output: OutputTarget,
}

/// Where the template file comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateSource {
    /// The template's id, or the label that came with `template.src`.
    pub id: String,
    /// `aep`, `aepx`, `zip`, `mogrt` or `lottie` as declared; `None` with `template.src`, where the content tells. Only a
    /// URL with a kind is one of the server's own.
    pub kind: Option<String>,
    /// A signed URL of the server, or the job's `template.src` as it is.
    pub url: String,
    /// SHA-256 of the file in lower-case hexadecimal, where the server knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// A file name to store it under: no folders in it.
    pub file_name: String,
}

/// A font file of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FontSource {
    /// The name it was uploaded under: no folders in it.
    pub file_name: String,
    /// A signed URL.
    pub url: String,
    /// SHA-256 of the file in lower-case hexadecimal: by it the worker knows a font that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// What a child of the job has made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildOutput {
    /// Which of the job's assets it is for, counted from 0.
    pub asset: usize,
    /// The child's id.
    pub job_id: String,
    /// A signed URL.
    pub url: String,
    /// `mp4`, `mov`, `png` ...
    pub extension: String,
}

/// Values of secrets by their names. Its `Debug` shows the names only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secrets(pub std::collections::BTreeMap<String, String>);

impl Secrets {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Where the output goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputTarget {
    /// A signed URL that takes the bytes by `PUT`. The output becomes visible with [`Finish`], not before.
    pub put_url: String,
    /// `mp4`, `mov`, `png`, `jpg`, or `zip` for a range of stills.
    pub extension: String,
    /// The file's name as clients see it, with its extension; the key's end where the payload has an `upload`.
    pub file_name: String,
    /// The same as `put_url` for the poster, a JPEG, where one is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster_put_url: Option<String>,
}

/// "Still at it", and how far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The attempt of the claim.
    pub attempt: u32,
    /// What is being done.
    pub phase: Phase,
    /// 0 to 100, over all phases; never goes back within an attempt.
    pub progress: f64,
    /// Frames done.
    #[serde(default)]
    pub frame: u64,
    /// Frames there are; 0 while that is not known.
    #[serde(default)]
    pub frames: u64,
}

/// What the server says to a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeartbeatAnswer {
    /// The job was cancelled: stop, and report nothing more.
    pub cancel: bool,
}

/// The output has been put, to the server or, where the payload has an `upload`, to the client's own store; make it visible.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Finish {
    /// The attempt of the claim.
    pub attempt: u32,
    /// Seconds from the claim to this report.
    pub render_duration: f64,
    /// What went less than perfectly, one sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// Fonts the template asks for that were replaced by others.
    #[serde(default)]
    pub missing_fonts: Vec<String>,
    /// Frames in the output.
    #[serde(default)]
    pub frames: u64,
    /// Bytes of the output.
    #[serde(default)]
    pub output_bytes: u64,
    /// Whether a poster has been put beside it.
    #[serde(default)]
    pub poster: bool,
    /// The log of the attempt, plain text; cut by the server beyond 1 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

/// The attempt failed.
///
/// A worker that is shut down hands its job back with a retryable `WORKER_LOST`: the job waits again at once, and the
/// attempt does not count against it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fail {
    /// The attempt of the claim.
    pub attempt: u32,
    /// Why. Retryable ones go back to the queue until the attempts are used up.
    pub error: JobError,
    /// The log of the attempt, plain text; cut by the server beyond 1 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}
