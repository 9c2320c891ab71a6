//! What a worker is started with.

use std::path::PathBuf;
use std::time::Duration;

use filmpress_job::address::Reach;
use filmpress_media::Programs;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::limits::Limits;

/// What a worker is started with.
///
/// Child processes get it as JSON, without what they have no use for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Config {
    /// The server's address, such as `http://127.0.0.1:8100`; several of one service are asked in turn when one does not
    /// answer.
    #[serde(with = "as_text")]
    pub servers: Vec<Url>,
    /// The worker's token. No child process gets it.
    #[serde(skip)]
    pub token: String,
    /// The worker's name: kept over its restarts, different from every other worker's.
    pub name: String,
    /// Empty: any job. Else only jobs that have one of these tags.
    #[serde(skip)]
    pub tags: Vec<String>,
    /// Jobs at a time.
    pub jobs: usize,
    /// Threads to draw on, shared by the jobs; 0 is all the machine has.
    pub threads: usize,
    /// The worker's own folder: template files kept for later jobs, scratch folders of running ones (those left by a
    /// killed worker of the same name are removed at its next start).
    pub folder: PathBuf,
    /// Folders with font files.
    pub font_folders: Vec<PathBuf>,
    /// Which network addresses templates and assets named by jobs may be loaded from.
    pub reach: Reach,
    /// The programs that encode and verify films.
    pub programs: Programs,
    /// What one job may take.
    pub limits: Limits,
    /// How long running jobs may go on once the worker is asked to end; those not done by then are handed back.
    #[serde(skip)]
    pub drain: Duration,
    /// The program that renders in child processes; `None`: jobs run in this process.
    #[serde(skip)]
    pub child: Option<ChildProgram>,
    /// No job is claimed while the disk has fewer bytes free than this.
    #[serde(skip)]
    pub min_free_disk: u64,
    /// Most bytes of template files kept on disk.
    pub cache_bytes: u64,
}

impl Config {
    /// The usual configuration: one job at a time on all threads, the machine's fonts, public sources only.
    pub fn new(server: Url, token: impl Into<String>, name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self {
            servers: vec![server],
            token: token.into(),
            name: name.into(),
            tags: Vec::new(),
            jobs: 1,
            threads: 0,
            folder: folder.into(),
            font_folders: crate::fonts::default_font_dirs(None),
            reach: Reach::Public,
            programs: Programs::default(),
            limits: Limits::default(),
            drain: Duration::ZERO,
            child: None,
            min_free_disk: 0,
            cache_bytes: 10 << 30,
        }
    }
}

/// Whether a worker shall end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shutdown {
    /// It works.
    #[default]
    No,
    /// It claims nothing more; what runs may go on for [`Config::drain`].
    Drain,
    /// What runs is handed back at once.
    Now,
}

impl Config {
    /// Limits a job's memory to its part of three quarters of the machine's, where that can be told.
    #[must_use]
    pub fn with_part_of_memory(mut self) -> Self {
        let all = crate::children::machine_memory().unwrap_or(0);
        self.limits.memory = all / 4 * 3 / self.jobs.max(1) as u64;
        self
    }
}

/// A program that renders jobs given to it on its standard input: the same program with a hidden subcommand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildProgram {
    /// The program.
    pub program: PathBuf,
    /// What makes it [`crate::render_child()`].
    pub arguments: Vec<String>,
    /// Jobs after which a child makes way for a fresh one.
    pub jobs: u32,
}

/// Addresses as text.
mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use url::Url;

    pub(super) fn serialize<S: Serializer>(urls: &[Url], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(urls.iter().map(Url::as_str))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Url>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts
            .iter()
            .map(|text| text.parse().map_err(D::Error::custom))
            .collect()
    }
}
