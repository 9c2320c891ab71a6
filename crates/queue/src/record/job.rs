//! Jobs, their attempts, and what they are made from.

use filmpress_job::{Job, JobError, JobStatus, Payload, Stats};
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
    /// Where the poster will be.
    pub poster_url: Option<String>,
    /// The batch it came in, and its place there.
    pub batch: Option<(String, u32)>,
    /// The job that this one tries again.
    pub retry_of: Option<String>,
    /// Jobs to be done before it. Theirs are left out: nesting goes one level deep.
    pub children: Vec<NewChild>,
    /// How to know the same request again.
    pub idempotency: Option<Idempotency>,
    /// Fonts known to be missing.
    pub missing_fonts: Vec<String>,
    /// What is known to go less than perfectly.
    pub warnings: Vec<String>,
}

impl NewJob {
    /// A job with nothing but what every job has.
    pub fn new(team: &str, payload: impl Into<Payload>, output_url: String) -> Self {
        Self {
            id: crate::new_id(),
            team: team.to_owned(),
            template: None,
            payload: payload.into(),
            output_url,
            poster_url: None,
            batch: None,
            retry_of: None,
            children: Vec::new(),
            idempotency: None,
            missing_fonts: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// A job that another waits for.
#[derive(Clone, Debug)]
pub struct NewChild {
    /// Which of the parent's assets it is for, counted from 0.
    pub asset: usize,
    /// The job.
    pub job: NewJob,
}

/// How to know the same request again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The client's key.
    pub key: String,
    /// A hash of the request's body.
    pub body_hash: Vec<u8>,
}

/// A job that was accepted.
#[derive(Clone, Debug)]
pub struct Created {
    /// The job.
    pub job: JobRecord,
    /// The jobs it waits for, by asset.
    pub children: Vec<JobRecord>,
    /// Whether it had been accepted before: same key, same body.
    pub repeated: bool,
}

/// A job.
#[derive(Clone, Debug)]
pub struct JobRecord {
    /// Its id.
    pub id: String,
    /// Its place in the order of acceptance.
    pub seq: i64,
    /// The team it belongs to.
    pub team: String,
    /// The template of the team, unless `template.src` is given.
    pub template: Option<String>,
    /// What was asked for.
    pub payload: Payload,
    /// Where the output is, or will be.
    pub output_url: String,
    /// Where the poster is, or will be.
    pub poster_url: Option<String>,
    /// The job that waits for this one.
    pub parent: Option<String>,
    /// Which of the parent's assets it is for.
    pub asset: Option<usize>,
    /// The batch it came in, and its place there.
    pub batch: Option<(String, u32)>,
    /// The job that this one tries again.
    pub retry_of: Option<String>,
    /// Whether what was asked for is no longer known in full.
    pub redacted: bool,
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
        let counted = state.status == JobStatus::Rendering && state.frames > 0;
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
            poster_url: self.poster_url.clone(),
            parent_id: self.parent.clone(),
            batch_id: self.batch.as_ref().map(|(batch, _)| batch.clone()),
            retry_of: self.retry_of.clone(),
            missing_fonts: state.missing_fonts.clone(),
            warnings: self
                .payload
                .warnings()
                .into_iter()
                .chain(state.warnings.iter().cloned())
                .collect(),
            phase: state.phase,
            frame: counted.then_some(state.frame),
            frames: counted.then_some(state.frames),
            eta: state.eta.filter(|_| counted),
            error,
            tags: self.payload.tags().to_vec(),
        }
    }
}

/// A worker that asks for a job.
#[derive(Clone, Debug, Default)]
pub struct ClaimBy {
    /// Its name.
    pub worker: String,
    /// Empty: any job. Else only jobs that have one of these tags.
    pub tags: Vec<String>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The output is there.
    Finished,
    /// The worker said why not.
    Failed,
    /// The worker fell silent.
    Lost,
    /// The worker was shut down in good order.
    HandedBack,
    /// The job was cancelled meanwhile.
    Cancelled,
}

impl Outcome {
    const ALL: [Self; 5] = [
        Self::Finished,
        Self::Failed,
        Self::Lost,
        Self::HandedBack,
        Self::Cancelled,
    ];

    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Lost => "lost",
            Self::HandedBack => "handed_back",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// One try at a job.
#[derive(Clone, Debug, PartialEq)]
pub struct AttemptRecord {
    /// 1 for the first.
    pub attempt: u32,
    /// Who had it.
    pub worker: String,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// When it ended.
    pub ended_at: Option<OffsetDateTime>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why it did not finish.
    pub error: Option<JobError>,
    /// Whether there is a log of it.
    pub has_log: bool,
}
