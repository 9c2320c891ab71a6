//! `filmpress workers`: who draws, and who was set aside.

use clap::{Args, Subcommand};
use filmpress_queue::WorkerRecord;
use serde_json::json;

use crate::database::{audit, with};
use crate::failure::Failure;
use crate::list::{date, print};
use crate::network::block_on;
use crate::settings::{DATABASE, Flags, Settings};

/// Lists workers, and gives jobs again to those that were set aside.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
    Release(Release),
}

/// Lists the workers that have asked for jobs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress workers list")]
struct List {
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Gives jobs again to a worker that was set aside for failing again and again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress workers release remote:mill-3")]
struct Release {
    /// The worker's name, as `list` shows it.
    name: String,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::List(arguments) => list(arguments),
        Command::Release(arguments) => release(arguments),
    }
}

fn list(arguments: &List) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let row = |worker: WorkerRecord| {
            [
                worker.name,
                worker.running.to_string(),
                worker.failures.to_string(),
                date(Some(worker.last_seen)),
                date(worker.quarantined_until),
                worker.tags.join(","),
            ]
        };
        let workers = queue.workers().await.map_err(Failure::new)?;
        let head = ["NAME", "JOBS", "FAILURES", "LAST SEEN", "SET ASIDE UNTIL", "TAGS"];
        print(head, workers.into_iter().map(row));
        Ok(())
    }))
}

fn release(arguments: &Release) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        queue.release_worker(&arguments.name).await.map_err(Failure::new)?;
        audit(queue, None, "worker.release", &arguments.name, json!({})).await
    }))
}
