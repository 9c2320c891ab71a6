//! Arguments and start-up that `serve` and `worker` share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use filmpress_job::address::Reach;
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
