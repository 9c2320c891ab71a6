//! Batches: jobs that came in one request.

use filmpress_job::JobStatus;

use super::JobRecord;

/// What became of a batch that was to be cancelled.
#[derive(Clone, Debug)]
pub struct BatchCancelled {
    /// Every job of the batch, by its place.
    pub entries: Vec<BatchEntry>,
    /// Every job that was cancelled, children included.
    pub jobs: Vec<JobRecord>,
}

/// What became of one job of a batch that was to be cancelled.
#[derive(Clone, Debug)]
pub struct BatchEntry {
    /// Its place in the batch.
    pub index: u32,
    /// The job as it is now.
    pub job: JobRecord,
    /// Where it stood before.
    pub before: JobStatus,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Why not.
    pub reason: Option<String>,
}
