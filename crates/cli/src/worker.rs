//! `filmpress worker`: draws the jobs of a server on another machine.

use clap::Args;
use filmpress_job::address::Reach;
use filmpress_worker::Shutdown;
use tokio::sync::watch;
use url::Url;

use crate::failure::Failure;
use crate::logs::Logs;
use crate::network;
use crate::settings::{Flags, Settings, WORKER};

/// Draws the jobs of a server, here.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress worker --server https://films.example.org --token \"$(cat worker.token)\"
  FILMPRESS_SERVER=http://10.0.0.5:8100 FILMPRESS_WORKER_TOKEN=fpw_... filmpress worker --concurrency 2
  filmpress worker --server https://films.example.org --token-file worker.token --tags gpu,eu --memory-limit 4G
`filmpress config` shows every setting and its value.")]
pub struct Arguments {
    #[command(flatten)]
    flags: Flags<WORKER>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    let config = config(&settings)?;
    network::block_on(async {
        let logs = Logs::start(&settings, "filmpress-worker")?;
        let (end, ended) = watch::channel(Shutdown::No);
        let mut worker = tokio::spawn(filmpress_worker::run(config, ended));
        let done = tokio::select! {
            () = network::asked_to_end() => network::drained(&end, &mut worker).await,
            done = &mut worker => done,
        };
        logs.end().await;
        done.map_err(Failure::new)?.map_err(Failure::new)
    })
}

fn config(settings: &Settings) -> Result<filmpress_worker::Config, Failure> {
    let name = settings.string("worker-name").or_else(network::machine_name);
    let name = name.ok_or_else(|| Failure::usage("this machine has no name").hint("give --worker-name"))?;
    let folder = settings.data()?.join(format!("worker-{}", file_name(&name)));
    let servers = settings
        .list("server")
        .iter()
        .map(|url| address(url))
        .collect::<Result<Vec<_>, _>>()?;
    let Some((first, others)) = servers.split_first() else {
        return Err(Failure::usage("no server is named").hint("give --server"));
    };
    let token = settings.string("worker-token");
    let hint = "give --worker-token or --worker-token-file; `filmpress token create --worker` on the server makes one";
    let token = token.ok_or_else(|| Failure::usage("the worker has no token").hint(hint))?;
    let mut config = filmpress_worker::Config::new(first.clone(), token, name, folder);
    config.servers.extend_from_slice(others);
    config.jobs = settings.number("concurrency");
    config.tags = settings.list("tags");
    config.reach = network::reach(settings).unwrap_or(Reach::Public);
    network::drawing(settings, config)
}

fn address(url: &str) -> Result<Url, Failure> {
    crate::settings::kind::Kind::Url
        .check(url)
        .and_then(|()| url.parse().map_err(|error| format!("`{url}`: {error}")))
        .map_err(|error| Failure::usage(format!("server: {error}")))
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
