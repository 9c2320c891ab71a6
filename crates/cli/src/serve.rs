//! `filmpress serve`: the API, the queue and workers in one process.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use filmpress_job::address::Reach;
use filmpress_queue::{Database, Retention};
use filmpress_server::{Config, Limits, RateLimits, Running, S3Config, Server, StartError, StorageConfig};
use filmpress_worker::Shutdown;
use tokio::sync::watch;

use crate::failure::Failure;
use crate::logs::Logs;
use crate::settings::{Flags, SERVE, Settings};
use crate::{database, introspect, network};

/// Serves the Nexrender Cloud API, with workers in the same process.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress serve
  filmpress serve --listen 0.0.0.0:8100 --data /srv/filmpress --public-url https://films.example.org
  filmpress serve --config /etc/filmpress.toml
  FILMPRESS_WORKERS=2 filmpress serve
`filmpress config` shows every setting and its value.")]
pub struct Arguments {
    #[command(flatten)]
    flags: Flags<SERVE>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    network::block_on(async {
        let logs = Logs::start(&settings, "filmpress-server")?;
        let done = serve(&settings).await;
        logs.end().await;
        done
    })
}

async fn serve(settings: &Settings) -> Result<(), Failure> {
    let data = settings.data()?;
    let workers: usize = settings.number("workers");
    let server = Server::start(config(settings, &data)?).await.map_err(failure)?;
    println!("filmpress serves {} (data in {})", server.local_url(), data.display());

    let (end, ended) = watch::channel(Shutdown::No);
    let worker = (workers > 0)
        .then(|| worker_config(settings, workers, &server, &data))
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
        None if workers == 0 => {
            worker.abort();
            Ok(Ok(()))
        }
        None => network::drained(&end, &mut worker).await,
    };
    server.shutdown().await;
    result.map_err(Failure::new)?
}

fn failure(error: StartError) -> Failure {
    let hint = match &error {
        StartError::Listen(..) => Some("choose another address with --listen"),
        StartError::InUse(_) => Some("stop it, or give --data another folder"),
        StartError::OtherKeys(_) => Some("give it the keys of the other servers with --secrets-key-file"),
        _ => None,
    };
    match hint {
        Some(hint) => Failure::new(error).hint(hint),
        None => Failure::new(error),
    }
}

fn config(settings: &Settings, data: &Path) -> Result<Config, Failure> {
    let listen = settings.text("listen").unwrap_or_default();
    let listen = listen
        .parse()
        .map_err(|error| Failure::usage(format!("listen: {error}")))?;
    let fonts = network::font_folders(settings);
    let introspect = move |path: &Path, kind: &str| introspect::introspect(path, kind, &fonts);
    let mut config = Config::new(listen, data, Arc::new(introspect));
    config.database = settings.text("database-url").map(Database::of);
    config.storage = storage(settings)?;
    config.public_url = settings
        .text("public-url")
        .map(|url| url.trim_end_matches('/').to_owned());
    config.secrets_keys = database::keys(settings)?;
    config.signing_key = match settings.text("signing-key") {
        None => None,
        Some(key) => Some(filmpress_server::read_signing_key(key.as_bytes()).ok_or_else(|| {
            Failure::usage("signing-key: a key is 64 hexadecimal digits").hint("`openssl rand -hex 32` makes one")
        })?),
    };
    config.metrics_token_hash = settings.text("metrics-token").map(filmpress_queue::token::hash);
    config.webhook_reach = network::reach(settings);
    config.webhook_timeout = settings.time("webhook-timeout");
    config.strict = settings.switch("strict");
    config.policy.lease = Duration::from_secs(settings.number("lease-seconds"));
    config.policy.max_attempts = settings.number("attempts");
    config.policy.quarantine_after = settings.number("quarantine-after");
    config.policy.quarantine = settings.time("quarantine-time");
    config.policy.idempotency = settings.time("keep-idempotency");
    config.policy.retention = Retention {
        outputs: settings.time_limit("keep-outputs"),
        jobs: settings.time_limit("keep-jobs"),
        logs: settings.time_limit("keep-logs"),
    };
    config.limits = Limits {
        request: settings.time("request-timeout"),
        headers: settings.time("header-timeout"),
        body_pause: settings.time("body-timeout"),
        header_bytes: settings.size("header-size").unwrap_or_default() as usize,
        rates: RateLimits {
            requests: settings.limit("rate-limit"),
            jobs: settings.limit("rate-limit-jobs"),
            templates: settings.limit("rate-limit-templates"),
        },
        team_streams: settings.number("team-event-streams"),
        streams: settings.number("event-streams"),
    };
    Ok(config)
}

fn storage(settings: &Settings) -> Result<StorageConfig, Failure> {
    if settings.text("storage") != Some("s3") {
        return Ok(StorageConfig::Disk);
    }
    let needed = |name: &str| {
        let missing = || Failure::usage(format!("with `storage` s3, `{name}` must be set"));
        settings.string(name).ok_or_else(missing)
    };
    Ok(StorageConfig::S3(S3Config {
        endpoint: needed("s3-endpoint")?,
        public_endpoint: settings.string("s3-public-endpoint"),
        redirect: settings.switch("s3-redirect"),
        region: needed("s3-region")?,
        bucket: needed("s3-bucket")?,
        prefix: settings.string("s3-prefix").unwrap_or_default(),
        path_style: settings.switch("s3-path-style"),
        access_key: needed("s3-access-key")?,
        secret_key: needed("s3-secret-key")?,
        session_token: settings.string("s3-session-token"),
    }))
}

fn worker_config(
    settings: &Settings,
    workers: usize,
    server: &Running,
    data: &Path,
) -> Result<filmpress_worker::Config, Failure> {
    let url = server.local_url().parse().map_err(Failure::new)?;
    let token = server.local_worker_token().reveal();
    // Servers that share a database have workers of different names.
    let name = match settings.text("database-url") {
        Some(_) => format!(
            "serve-{}-{}",
            network::machine_name().unwrap_or_default(),
            server.address().port()
        ),
        None => "serve".to_owned(),
    };
    let mut config = filmpress_worker::Config::new(url, token, name, data.join("worker"));
    config.jobs = workers;
    config.reach = network::reach(settings).unwrap_or_else(|| {
        if server.address().ip().is_loopback() {
            Reach::Loopback
        } else {
            Reach::Public
        }
    });
    network::drawing(settings, config)
}
