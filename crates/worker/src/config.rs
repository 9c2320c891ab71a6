//! What a worker is started with.

use std::path::PathBuf;
use std::time::Duration;

use filmpress_job::address::Reach;
use filmpress_media::Programs;
use url::Url;

/// What a worker is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The server's address, such as `http://127.0.0.1:8100`.
    pub server: Url,
    /// The worker's token.
    pub token: String,
    /// The worker's name: kept over its restarts, different from every other worker's.
    pub name: String,
    /// Empty: any job. Else only jobs that have one of these tags.
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
    /// How long a job may go without a new frame.
    pub frame_timeout: Duration,
    /// Most bytes of template files kept on disk.
    pub cache_bytes: u64,
}

impl Config {
    /// The usual configuration: one job at a time on all threads, the machine's fonts, public sources only.
    pub fn new(server: Url, token: impl Into<String>, name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self {
            server,
            token: token.into(),
            name: name.into(),
            tags: Vec::new(),
            jobs: 1,
            threads: 0,
            folder: folder.into(),
            font_folders: crate::fonts::default_font_dirs(None),
            reach: Reach::Public,
            programs: Programs::default(),
            frame_timeout: Duration::from_mins(10),
            cache_bytes: 10 << 30,
        }
    }
}
