//! What is answered when jobs were accepted.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use filmpress_job::{Job, JobStatus};
use filmpress_queue::{Created, JobRecord};
use serde::Serialize;
use utoipa::ToSchema;

use super::once::REPLAYED;

/// A job that was accepted, and the jobs it waits for.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedJob {
    #[serde(flatten)]
    job: Job,
    /// The nested jobs, in the order of the assets they are for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<CreatedChild>,
}

/// A nested job that was accepted with its parent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedChild {
    /// The job's id.
    pub id: String,
    /// `queued`, or further on where the answer is given again.
    pub status: JobStatus,
    /// Where its output will be.
    pub output_url: Option<String>,
    /// Fonts of its template that were not uploaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_fonts: Vec<String>,
}

impl CreatedChild {
    pub fn of(record: &JobRecord) -> Self {
        let job = record.public();
        Self {
            id: job.id,
            status: job.status,
            output_url: job.output_url,
            missing_fonts: job.missing_fonts,
        }
    }
}

/// 201 with the job, and a header where the same was answered before.
pub type CreatedAnswer = (StatusCode, HeaderMap, Json<CreatedJob>);

/// The answer to a request that made one job.
pub fn answer(created: &Created) -> CreatedAnswer {
    let mut headers = HeaderMap::new();
    if created.repeated {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    let body = CreatedJob {
        job: created.job.public(),
        children: created.children.iter().map(CreatedChild::of).collect(),
    };
    (StatusCode::CREATED, headers, Json(body))
}
