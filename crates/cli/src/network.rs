//! Arguments and start-up that `serve` and `worker` share.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use filmpress_job::address::Reach;
use filmpress_worker::Shutdown;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Which network addresses URLs in jobs may lead to.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ReachArgument {
    /// Public addresses only.
    Public,
    /// Public addresses and this machine.
    Loopback,
    /// Every address.
    Private,
}

impl From<ReachArgument> for Reach {
    fn from(argument: ReachArgument) -> Self {
        match argument {
            ReachArgument::Public => Self::Public,
            ReachArgument::Loopback => Self::Loopback,
            ReachArgument::Private => Self::Private,
        }
    }
}

/// How jobs are drawn.
#[derive(Debug, Args)]
pub struct DrawingArguments {
    /// Threads to draw on, shared by the jobs; without it all there are.
    #[arg(long, env = "FILMPRESS_THREADS", default_value_t = 0, hide_default_value = true)]
    pub threads: usize,
    /// A folder with font files, searched before the system's; may be given several times.
    #[arg(long, value_name = "DIR", env = "FILMPRESS_FONTS", value_delimiter = ':')]
    pub fonts: Vec<PathBuf>,
}

impl DrawingArguments {
    /// The folders with fonts, those asked for first.
    pub fn font_folders(&self) -> Vec<PathBuf> {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let mut folders = self.fonts.clone();
        folders.extend(filmpress_worker::fonts::default_font_dirs(home.as_deref()));
        folders
    }
}

/// What one job may take, and what happens when the worker ends.
#[derive(Debug, Args)]
pub struct LimitArguments {
    /// Most memory of one job, such as 800M or 4G; 0 is no limit. Without it, the jobs share three quarters of what the
    /// machine or container has.
    #[arg(long, value_name = "SIZE", env = "FILMPRESS_MEMORY_LIMIT", value_parser = size)]
    pub memory_limit: Option<u64>,
    /// Most processor time of one job, in seconds; 0 is no limit.
    #[arg(long, value_name = "SECONDS", env = "FILMPRESS_CPU_LIMIT", default_value_t = 43_200)]
    pub cpu_limit: u64,
    /// Most room on disk for the files of one job; 0 is no limit.
    #[arg(long, value_name = "SIZE", env = "FILMPRESS_SCRATCH_LIMIT", value_parser = size, default_value = "50G")]
    pub scratch_limit: u64,
    /// How long a job may go without a new frame, in seconds.
    #[arg(long, value_name = "SECONDS", env = "FILMPRESS_FRAME_TIMEOUT", default_value_t = 600)]
    pub frame_timeout: u64,
    /// How long fetching a job's files may take, in seconds.
    #[arg(
        long,
        value_name = "SECONDS",
        env = "FILMPRESS_FETCH_TIMEOUT",
        default_value_t = 1_200
    )]
    pub fetch_timeout: u64,
    /// How long reading a template and applying the assets may take, in seconds.
    #[arg(
        long,
        value_name = "SECONDS",
        env = "FILMPRESS_PREPARE_TIMEOUT",
        default_value_t = 900
    )]
    pub prepare_timeout: u64,
    /// How long drawing and encoding may take, in seconds.
    #[arg(
        long,
        value_name = "SECONDS",
        env = "FILMPRESS_RENDER_TIMEOUT",
        default_value_t = 21_600
    )]
    pub render_timeout: u64,
    /// How long handing over an output may take, in seconds.
    #[arg(
        long,
        value_name = "SECONDS",
        env = "FILMPRESS_PUBLISH_TIMEOUT",
        default_value_t = 3_600
    )]
    pub publish_timeout: u64,
    /// Jobs after which the process that draws them makes way for a fresh one.
    #[arg(long, value_name = "JOBS", env = "FILMPRESS_CHILD_JOBS", default_value_t = 200)]
    pub child_jobs: u32,
    /// No job is taken on while the disk has less room than this.
    #[arg(long, value_name = "SIZE", env = "FILMPRESS_MIN_FREE_DISK", value_parser = size, default_value = "1G")]
    pub min_free_disk: u64,
    /// How long running jobs may go on when the program is asked to end, in seconds; the rest goes back to the queue. A
    /// second signal ends it now.
    #[arg(long, value_name = "SECONDS", env = "FILMPRESS_DRAIN_SECONDS", default_value_t = 20)]
    pub drain_seconds: u64,
}

impl LimitArguments {
    /// The configuration with these limits, and jobs in processes of their own.
    pub fn applied(&self, config: filmpress_worker::Config) -> Result<filmpress_worker::Config, Failure> {
        let mut config = match self.memory_limit {
            None => config.with_part_of_memory(),
            Some(_) => config,
        };
        config.limits = filmpress_worker::Limits {
            memory: self.memory_limit.unwrap_or(config.limits.memory),
            cpu: Duration::from_secs(self.cpu_limit),
            scratch: self.scratch_limit,
            frame: Duration::from_secs(self.frame_timeout),
            fetch: Duration::from_secs(self.fetch_timeout),
            prepare: Duration::from_secs(self.prepare_timeout),
            render: Duration::from_secs(self.render_timeout),
            publish: Duration::from_secs(self.publish_timeout),
        };
        config.drain = Duration::from_secs(self.drain_seconds);
        config.min_free_disk = self.min_free_disk;
        config.child = Some(filmpress_worker::ChildProgram {
            program: std::env::current_exe().map_err(Failure::new)?,
            arguments: vec!["render-child".to_owned()],
            jobs: self.child_jobs.max(1),
        });
        Ok(config)
    }
}

/// A number of bytes; K, M, G and T are powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; say 800M or 4G");
    let text = text.trim();
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'K' | 'k')) => (text.get(..at), 10),
        Some((at, 'M' | 'm')) => (text.get(..at), 20),
        Some((at, 'G' | 'g')) => (text.get(..at), 30),
        Some((at, 'T' | 't')) => (text.get(..at), 40),
        _ => (Some(text), 0),
    };
    let number: u64 = digits.and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
    number.checked_mul(1 << shift).ok_or_else(wrong)
}

/// Sends log lines to standard error; FILMPRESS_LOG chooses which (`info` by default).
pub fn start_log() {
    let filter = EnvFilter::try_from_env("FILMPRESS_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_writer(std::io::stderr)
        .init();
}

/// Runs until it is done, on as many threads as there are.
pub fn block_on(future: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Runtime::new().map_err(Failure::new)?.block_on(future)
}

/// Lets a worker end: in good order, or at once when asked a second time.
pub async fn drained<T>(end: &watch::Sender<Shutdown>, worker: &mut JoinHandle<T>) -> Result<T, JoinError> {
    eprintln!("stopping; jobs not done in time go back to the queue");
    end.send_replace(Shutdown::Drain);
    tokio::select! {
        done = &mut *worker => return done,
        () = asked_to_end() => {}
    }
    end.send_replace(Shutdown::Now);
    worker.await
}

/// Waits for Ctrl-C or the signal that ends services.
pub async fn asked_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        match terminate {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_or_refused() {
        assert_eq!(size("800M"), Ok(800 << 20));
        assert_eq!(size("4g"), Ok(4 << 30));
        assert_eq!(size("0"), Ok(0));
        for wrong in ["", "G", "1.5G", "-1", "99999999999T", "4GB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
