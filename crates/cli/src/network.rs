//! What `serve` and `worker` share: how jobs are drawn, and how the program ends.

use std::path::PathBuf;

use filmpress_job::address::Reach;
use filmpress_worker::Shutdown;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

use crate::failure::Failure;
use crate::settings::Settings;

/// How far URLs in jobs may reach, if it is said.
pub fn reach(settings: &Settings) -> Option<Reach> {
    match settings.text("reach")? {
        "loopback" => Some(Reach::Loopback),
        "private" => Some(Reach::Private),
        _ => Some(Reach::Public),
    }
}

/// The folders with fonts, those asked for first.
pub fn font_folders(settings: &Settings) -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let mut folders: Vec<PathBuf> = settings.list("fonts").into_iter().map(PathBuf::from).collect();
    folders.extend(filmpress_worker::fonts::default_font_dirs(home.as_deref()));
    folders
}

/// The configuration of a worker with how jobs are drawn, what one may take, and jobs in processes of their own.
pub fn drawing(settings: &Settings, mut config: filmpress_worker::Config) -> Result<filmpress_worker::Config, Failure> {
    config.threads = settings.number("threads");
    config.font_folders = font_folders(settings);
    let memory = settings.size("memory-limit");
    if memory.is_none() {
        config = config.with_part_of_memory();
    }
    config.limits = filmpress_worker::Limits {
        memory: memory.unwrap_or(config.limits.memory),
        cpu: settings.time("cpu-limit"),
        scratch: settings.size("scratch-limit").unwrap_or_default(),
        frame: settings.time("frame-timeout"),
        fetch: settings.time("fetch-timeout"),
        prepare: settings.time("prepare-timeout"),
        render: settings.time("render-timeout"),
        publish: settings.time("publish-timeout"),
    };
    config.drain = std::time::Duration::from_secs(settings.number("drain-seconds"));
    config.min_free_disk = settings.size("min-free-disk").unwrap_or_default();
    let text = |name| settings.text(name).unwrap_or_default();
    config.child = Some(filmpress_worker::ChildProgram {
        program: std::env::current_exe().map_err(Failure::new)?,
        arguments: ["render-child", "--log", text("log"), "--log-format", text("log-format")]
            .map(str::to_owned)
            .into(),
        jobs: settings.number("child-jobs"),
    });
    Ok(config)
}

/// This machine's name.
pub fn machine_name() -> Option<String> {
    let by_environment = std::env::var("HOSTNAME").ok();
    let by_system = || std::fs::read_to_string("/etc/hostname").ok();
    let name = by_environment.or_else(by_system)?.trim().to_owned();
    (!name.is_empty()).then_some(name)
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
