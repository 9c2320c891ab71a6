//! `filmpress serve`: the API, the queue and workers in one process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use filmpress_job::address::Reach;
use filmpress_server::{Config, Server, StartError};
use filmpress_worker::Shutdown;
use tokio::sync::watch;

use crate::failure::Failure;
use crate::network::{self, DrawingArguments, LimitArguments, ReachArgument};
use crate::{folders, introspect};

/// Serves the Nexrender Cloud API, with workers in the same process.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress serve
  filmpress serve --listen 0.0.0.0:8100 --data /srv/filmpress --public-url https://films.example.org
  FILMPRESS_WORKERS=2 filmpress serve")]
pub struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "FILMPRESS_LISTEN", default_value = "127.0.0.1:8100")]
    listen: SocketAddr,
    /// The data folder: queue, templates, outputs. Without it the platform's usual place.
    #[arg(long, value_name = "DIR", env = "FILMPRESS_DATA")]
    data: Option<PathBuf>,
    /// Jobs drawn at a time in this process; 0 leaves the work to `filmpress worker` elsewhere.
    #[arg(long, env = "FILMPRESS_WORKERS", default_value_t = 1)]
    workers: usize,
    /// The address clients know the server by. Without it, the one they called it by.
    #[arg(long, value_name = "URL", env = "FILMPRESS_PUBLIC_URL")]
    public_url: Option<String>,
    /// Which addresses URLs in jobs may lead to. Without it: public ones, and this machine if the server listens on
    /// loopback only.
    #[arg(long, value_enum, env = "FILMPRESS_REACH")]
    reach: Option<ReachArgument>,
    /// How long a worker keeps a job without a word, in seconds; after that the job goes to another.
    #[arg(long, value_name = "SECONDS", env = "FILMPRESS_LEASE_SECONDS", default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(2..=3600))]
    lease_seconds: u64,
    #[command(flatten)]
    drawing: DrawingArguments,
    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    network::start_log();
    network::block_on(serve(arguments))
}

async fn serve(arguments: &Arguments) -> Result<(), Failure> {
    let data = folders::data(arguments.data.as_deref())?;
    let fonts = arguments.drawing.font_folders();
    let introspect = move |path: &Path, kind: &str| introspect::introspect(path, kind, &fonts);
    let mut config = Config::new(arguments.listen, &data, Arc::new(introspect));
    config.public_url = arguments
        .public_url
        .as_ref()
        .map(|url| url.trim_end_matches('/').to_owned());
    config.policy.lease = Duration::from_secs(arguments.lease_seconds);
    config.webhook_reach = arguments.reach.map(Reach::from);
    let server = Server::start(config).await.map_err(|error| {
        let hint = match &error {
            StartError::Listen(..) => Some("choose another address with --listen"),
            StartError::InUse(_) => Some("stop it, or give --data another folder"),
            _ => None,
        };
        match hint {
            Some(hint) => Failure::new(error).hint(hint),
            None => Failure::new(error),
        }
    })?;
    println!("filmpress serves {} (data in {})", server.local_url(), data.display());

    let (end, ended) = watch::channel(Shutdown::No);
    let worker = (arguments.workers > 0)
        .then(|| worker_config(arguments, &server, &data))
        .transpose()?;
    let mut worker = tokio::spawn(async move {
        match worker {
            Some(config) => filmpress_worker::run(config, ended).await.map_err(Failure::new),
            None => std::future::pending().await,
        }
    });
    let stopped_by_itself = tokio::select! {
        () = network::asked_to_end() => None,
        done = &mut worker => Some(done),
    };
    // The worker first: it hands its jobs back through the server.
    let result = match stopped_by_itself {
        Some(done) => done,
        None if arguments.workers == 0 => {
            worker.abort();
            Ok(Ok(()))
        }
        None => network::drained(&end, &mut worker).await,
    };
    server.shutdown().await;
    result.map_err(Failure::new)?
}

fn worker_config(
    arguments: &Arguments,
    server: &filmpress_server::Running,
    data: &Path,
) -> Result<filmpress_worker::Config, Failure> {
    let url = server.local_url().parse().map_err(Failure::new)?;
    let token = server.local_worker_token().reveal();
    let mut config = filmpress_worker::Config::new(url, token, "serve", data.join("worker"));
    config.jobs = arguments.workers;
    config.threads = arguments.drawing.threads;
    config.font_folders = arguments.drawing.font_folders();
    config.reach = match arguments.reach {
        Some(reach) => reach.into(),
        None if arguments.listen.ip().is_loopback() => Reach::Loopback,
        None => Reach::Public,
    };
    arguments.limits.applied(config)
}
