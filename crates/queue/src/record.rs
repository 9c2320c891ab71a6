//! What the queue keeps, as the rest of the program sees it.

use filmpress_job::{Job, JobStatus, Payload, Stats};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::state::State;

/// A job to be accepted.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its id, from [`crate::new_id`].
    pub id: String,
    /// The team it belongs to.
    pub team: String,
    /// The template of the team, unless `template.src` is given.
    pub template: Option<String>,
    /// What was asked for.
    pub payload: Payload,
    /// Where the output will be.
    pub output_url: String,
}

/// A job.
#[derive(Clone, Debug)]
pub struct JobRecord {
    /// Its id.
    pub id: String,
    /// The team it belongs to.
    pub team: String,
    /// The template of the team, unless `template.src` is given.
    pub template: Option<String>,
    /// What was asked for.
    pub payload: Payload,
    /// Where the output will be.
    pub output_url: String,
    /// When it was accepted.
    pub created_at: OffsetDateTime,
    /// When anything last changed.
    pub updated_at: OffsetDateTime,
    /// Where it stands.
    pub state: State,
}

impl JobRecord {
    /// The job as clients see it.
    pub fn public(&self) -> Job {
        let state = &self.state;
        // A failure that another attempt may mend is not the job's.
        let error = state.error.clone().filter(|_| state.status == JobStatus::Error);
        Job {
            id: self.id.clone(),
            template_id: self.template.clone(),
            status: state.status,
            progress: state.progress,
            stats: Some(Stats {
                created_at: self.created_at,
                updated_at: self.updated_at,
                started_at: state.started_at,
                finished_at: state.finished_at,
                error_at: state.error_at,
                total_assets: self.payload.assets().len() as u64,
                render_duration: state.render_duration,
                error: error.as_ref().map(|error| error.message.clone()),
            }),
            output_url: Some(self.output_url.clone()),
            missing_fonts: state.missing_fonts.clone(),
            warnings: self
                .payload
                .warnings()
                .into_iter()
                .chain(state.warnings.iter().cloned())
                .collect(),
            phase: state.phase,
            error,
            tags: self.payload.tags().to_vec(),
        }
    }
}

/// Which jobs of a team to list, and in what order.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// Only these statuses; all if empty.
    pub statuses: Vec<JobStatus>,
    /// None of these statuses.
    pub not_statuses: Vec<JobStatus>,
    /// Only jobs with one of these tags; all if empty.
    pub tags: Vec<String>,
    /// Accepted at this instant or later.
    pub from: Option<OffsetDateTime>,
    /// Accepted at this instant or earlier.
    pub to: Option<OffsetDateTime>,
    /// The order.
    pub sort: Sort,
    /// How many to skip.
    pub offset: u64,
    /// How many to give.
    pub limit: u64,
}

/// The order of a list of jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As accepted.
    #[default]
    OldestFirst,
    /// The last accepted first.
    NewestFirst,
    /// In no order.
    Random,
    /// In the order they are claimed.
    Priority,
}

/// A template to be made.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    /// The team it belongs to.
    pub team: String,
    /// `aep`, `aepx`, `zip`, `mogrt` or `lottie`.
    pub kind: String,
    /// The name people know it by.
    pub display_name: String,
}

/// Where a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateStatus {
    /// It has no file yet.
    AwaitingUpload,
    /// Its file is being read.
    Processing,
    /// It can be used.
    Uploaded,
    /// Its file cannot be read.
    Error,
}

impl TemplateStatus {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingUpload => "awaiting_upload",
            Self::Processing => "processing",
            Self::Uploaded => "uploaded",
            Self::Error => "error",
        }
    }

    /// The status of a word of the API.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::AwaitingUpload, Self::Processing, Self::Uploaded, Self::Error]
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
    /// Why its file cannot be read.
    pub error: Option<String>,
    /// The file, once there is one.
    pub file: Option<StoredFile>,
    /// What was found in the file.
    pub introspection: Introspection,
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

/// What was found in a template's file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Introspection {
    /// Names of the compositions, in the project's order.
    pub compositions: Vec<String>,
    /// Names of the layers, composition by composition, each name once.
    pub layers: Vec<String>,
    /// The controls of a Motion Graphics template.
    pub mogrt: Map<String, Value>,
}

/// A webhook to be sent now.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The same on every try, for the receiver to tell repeats.
    pub id: String,
    /// The job it tells of.
    pub job: String,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// Where to.
    pub url: String,
    /// The client's headers.
    pub headers: Map<String, Value>,
    /// The body, JSON.
    pub body: String,
    /// 1 for the first try.
    pub attempt: u32,
}
