//! What a worker and its child processes say to each other: JSON, a line a message.

use std::path::PathBuf;

use filmpress_job::JobError;
use filmpress_job::protocol::{Claim, Finish};
use serde::{Deserialize, Serialize};

use crate::attempt::Place;
use crate::config::Config;

/// What the worker tells a child, on its standard input. The end of the input ends the child.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// The first message: what to work with. There is no token in it.
    Begin(Box<Config>),
    /// Run a job.
    Run {
        /// The job, with signed URLs for all it needs.
        claim: Box<Claim>,
        /// Its folder, made and removed by the worker.
        scratch: PathBuf,
    },
    /// Stop the job that runs, if one does.
    Stop,
}

/// What a child says, on its standard output.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// It waits for its first job.
    Ready,
    /// How far the job is.
    Place(Place),
    /// A line for the job's log.
    Log(String),
    /// The output has been put; this is to be reported.
    Finished(Box<Finish>),
    /// The job failed.
    Failed(JobError),
    /// The job was stopped, as told.
    Stopped,
}
