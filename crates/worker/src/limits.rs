//! What one job may take: memory, time, disk.

use std::time::Duration;

use filmpress_job::Phase;
use serde::{Deserialize, Serialize};

/// What one job may take. Memory and processor time are held against jobs in child processes only; time and disk
/// against all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most memory of a job's processes together, in bytes, encoders included; 0: no limit.
    pub memory: u64,
    /// Most processor time of a job's processes together; zero: no limit.
    pub cpu: Duration,
    /// Most bytes in a job's scratch folder; 0: no limit.
    pub scratch: u64,
    /// How long a job may draw or prepare without a new frame.
    pub frame: Duration,
    /// How long template, assets and fonts may take to come.
    pub fetch: Duration,
    /// How long reading the template and applying the assets may take.
    pub prepare: Duration,
    /// How long drawing and encoding may take.
    pub render: Duration,
    /// How long handing over the output may take.
    pub publish: Duration,
}

impl Default for Limits {
    /// No limit of memory; the rest is what no honest job needs.
    fn default() -> Self {
        Self {
            memory: 0,
            cpu: Duration::from_hours(12),
            scratch: 50 << 30,
            frame: Duration::from_mins(10),
            fetch: Duration::from_mins(20),
            prepare: Duration::from_mins(15),
            render: Duration::from_hours(6),
            publish: Duration::from_hours(1),
        }
    }
}

impl Limits {
    /// How long a phase may take.
    pub fn of(&self, phase: Phase) -> Duration {
        match phase {
            Phase::Queue | Phase::Fetch => self.fetch,
            Phase::Prepare => self.prepare,
            Phase::Render => self.render,
            Phase::Publish => self.publish,
        }
    }
}
