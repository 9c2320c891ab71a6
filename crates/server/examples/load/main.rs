//! The load of `scripts/load`: clients that post jobs, workers that claim them, somebody who keeps looking at jobs, and one
//! film from the call to its webhook.
//!
//! ```sh
//! cargo run --release -p filmpress-server --example load -- post --url http://127.0.0.1:8100 --token T --template ID
//! ```
//!
//! Prints a line of a table for each thing measured. Clients are threads with a connection each that write a request and
//! wait for its answer: as cheap as can be, since they share the machine with the server.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program talks to the terminal"
)]

mod claims;
mod connection;
mod film;
mod posts;
mod row;
mod watcher;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// What went wrong, in a sentence.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Load for a server.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// `POST /jobs`, as fast as it goes.
    Post(posts::Arguments),
    /// `POST /api/worker/claim`, as fast as it goes.
    Claim(claims::Arguments),
    /// One film after the other, each from the call to its webhook.
    Film(film::Arguments),
}

/// Where the server is, and what to call the measurement.
#[derive(Debug, Args)]
struct Target {
    /// The server's address, `http://HOST:PORT`.
    #[arg(long)]
    url: String,
    /// A team's token.
    #[arg(long)]
    token: String,
    /// What the measurement is of, for the table.
    #[arg(long, default_value = "")]
    label: String,
    /// A file with ids of jobs, one a line: what the watcher looks at.
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Post(arguments) => posts::run(&arguments),
        Command::Claim(arguments) => claims::run(&arguments),
        Command::Film(arguments) => film::run(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(3),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
