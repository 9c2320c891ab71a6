//! `filmpress render-child`: the process that a worker draws jobs in. Workers start it; nobody else needs to.

use clap::Args;

use crate::failure::Failure;
use crate::network;

/// Draws the jobs that a worker hands over on standard input.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress worker starts it by itself")]
pub struct Arguments {}

/// Runs the command.
pub fn run(_arguments: &Arguments) -> Result<(), Failure> {
    network::start_log();
    network::block_on(async { filmpress_worker::render_child().await.map_err(Failure::new) })
}
