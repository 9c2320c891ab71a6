//! `filmpress render-child`: the process that a worker draws jobs in. Workers start it; nobody else needs to.

use clap::Args;

use crate::failure::Failure;
use crate::{logs, network};

/// Draws the jobs that a worker hands over on standard input.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress worker starts it by itself")]
pub struct Arguments {
    /// What is logged.
    #[arg(long, default_value = "info")]
    log: String,
    /// How it is logged.
    #[arg(long, default_value = "text")]
    log_format: String,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    logs::start_plain(&arguments.log, arguments.log_format == "json");
    network::block_on(async { filmpress_worker::render_child().await.map_err(Failure::new) })
}
