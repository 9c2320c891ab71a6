//! Lists of jobs: which, in what order, and what is new since the last look.

use std::collections::HashMap;

use filmpress_job::JobStatus;
use time::OffsetDateTime;

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

/// How far somebody has followed a team's jobs.
///
/// Changes are not seen in the order of their instants: a transaction may take a moment to commit. So the look goes back a
/// little each time, and the cursor knows what it has shown there.
#[derive(Clone, Debug)]
pub struct Cursor {
    start: i64,
    since: i64,
    pub(crate) shown: HashMap<i64, i64>,
}

/// A transaction takes no longer than this from its instant to its commit, in milliseconds.
const COMMIT_WINDOW: i64 = 5_000;

impl Cursor {
    /// Shows what changes from an instant on.
    pub fn at(instant: OffsetDateTime) -> Self {
        let start = crate::store::row::millis(instant);
        Self {
            start,
            since: start,
            shown: HashMap::new(),
        }
    }

    /// From where to look.
    pub(crate) fn looks_from(&self) -> i64 {
        (self.since - COMMIT_WINDOW).max(self.start)
    }

    /// Whether a job as of an instant is news; notes it.
    pub(crate) fn is_news(&mut self, seq: i64, updated_at: i64) -> bool {
        self.shown.insert(seq, updated_at) != Some(updated_at)
    }

    /// Goes on to an instant and forgets what no look will meet again.
    pub(crate) fn advance(&mut self, to: i64) {
        self.since = self.since.max(to);
        let oldest = self.since - COMMIT_WINDOW;
        self.shown.retain(|_, updated_at| *updated_at >= oldest);
    }
}
