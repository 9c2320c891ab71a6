//! `filmpress worker`: draws the jobs of a server on another machine.

use std::path::PathBuf;

use clap::Args;
use filmpress_worker::Shutdown;
use tokio::sync::watch;
use url::Url;

use crate::failure::Failure;
use crate::folders;
use crate::network::{self, DrawingArguments, LimitArguments, ReachArgument};

/// Draws the jobs of a server, here.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress worker --server https://films.example.org --token \"$(cat worker.token)\"
  FILMPRESS_SERVER=http://10.0.0.5:8100 FILMPRESS_WORKER_TOKEN=fpw_... filmpress worker --concurrency 2
  filmpress worker --server https://films.example.org --token-file worker.token --tags gpu,eu --memory-limit 4G")]
pub struct Arguments {
    /// The server's address; may be given several times where several servers of one service stand behind no balancer:
    /// they are asked in turn.
    #[arg(
        long,
        value_name = "URL",
        env = "FILMPRESS_SERVER",
        required = true,
        value_delimiter = ','
    )]
    server: Vec<Url>,
    /// A worker's token: `filmpress token create --worker` on the server makes one.
    #[arg(
        long,
        env = "FILMPRESS_WORKER_TOKEN",
        hide_env_values = true,
        required_unless_present = "token_file"
    )]
    token: Option<String>,
    /// A file with the token.
    #[arg(
        long,
        value_name = "FILE",
        env = "FILMPRESS_WORKER_TOKEN_FILE",
        conflicts_with = "token"
    )]
    token_file: Option<PathBuf>,
    /// This worker's name, different from every other's. Without it the machine's.
    #[arg(long, env = "FILMPRESS_WORKER_NAME")]
    name: Option<String>,
    /// Jobs drawn at a time.
    #[arg(
        long,
        alias = "jobs",
        value_name = "JOBS",
        env = "FILMPRESS_JOBS",
        default_value_t = 1
    )]
    concurrency: usize,
    /// What this worker offers; jobs with tags go to workers that have all of them.
    #[arg(long, env = "FILMPRESS_TAGS", value_delimiter = ',')]
    tags: Vec<String>,
    /// The worker's own folder, for templates kept and jobs under way. Without it the platform's usual place.
    #[arg(long, value_name = "DIR", env = "FILMPRESS_DATA")]
    data: Option<PathBuf>,
    /// Which addresses URLs in jobs may lead to.
    #[arg(long, value_enum, env = "FILMPRESS_REACH", default_value = "public")]
    reach: ReachArgument,
    #[command(flatten)]
    drawing: DrawingArguments,
    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    network::start_log();
    let name = arguments.name.clone().or_else(machine_name);
    let name = name.ok_or_else(|| Failure::usage("this machine has no name").hint("give --name"))?;
    let folder = folders::data(arguments.data.as_deref())?.join(format!("worker-{}", file_name(&name)));
    let Some((first, others)) = arguments.server.split_first() else {
        return Err(Failure::usage("no server is named").hint("give --server"));
    };
    let mut config = filmpress_worker::Config::new(first.clone(), token(arguments)?, name, folder);
    config.servers.extend_from_slice(others);
    config.jobs = arguments.concurrency.max(1);
    config.tags.clone_from(&arguments.tags);
    config.threads = arguments.drawing.threads;
    config.font_folders = arguments.drawing.font_folders();
    config.reach = arguments.reach.into();
    let config = arguments.limits.applied(config)?;
    network::block_on(async {
        let (end, ended) = watch::channel(Shutdown::No);
        let mut worker = tokio::spawn(filmpress_worker::run(config, ended));
        let done = tokio::select! {
            () = network::asked_to_end() => network::drained(&end, &mut worker).await,
            done = &mut worker => done,
        };
        done.map_err(Failure::new)?.map_err(Failure::new)
    })
}

fn token(arguments: &Arguments) -> Result<String, Failure> {
    let Some(file) = &arguments.token_file else {
        return Ok(arguments.token.clone().unwrap_or_default());
    };
    let token = std::fs::read_to_string(file);
    let token = token.map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    Ok(token.trim().to_owned())
}

fn machine_name() -> Option<String> {
    let by_environment = std::env::var("HOSTNAME").ok();
    let by_system = || std::fs::read_to_string("/etc/hostname").ok();
    let name = by_environment.or_else(by_system)?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

/// A name without what a folder's name must not have.
fn file_name(name: &str) -> String {
    let fit = |c: char| {
        if c.is_alphanumeric() || c == '-' || c == '_' {
            c
        } else {
            '_'
        }
    };
    name.chars().map(fit).collect()
}
