//! An S3 server for tests and trials: objects are files in a folder, signatures (version 4, presigned URLs too) are
//! checked, and a share of the requests can be made to fail.
//!
//! ```sh
//! cargo run -p filmpress-server --example s3_server -- --root /tmp/s3 --bucket films \
//!     --access-key key --secret-key secret --fail-rate 0.05 --seed 7
//! ```
//!
//! Prints `s3 serves http://127.0.0.1:PORT` once it does, and how many requests there were when it is ended. Nothing for
//! production: there is one user, no versioning, and what is on the disk is not synced. Tests of the server and of the
//! worker start [`store`] in their own process.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program talks to the terminal"
)]

mod store;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;

use store::{Faults, Store};

/// An S3 server for tests and trials.
#[derive(Debug, Parser)]
#[command(name = "s3_server")]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The folder of the buckets, made if missing.
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// The one user's access key.
    #[arg(long, env = "S3_ACCESS_KEY", default_value = "filmpress")]
    access_key: String,
    /// The one user's secret key.
    #[arg(
        long,
        env = "S3_SECRET_KEY",
        default_value = "filmpress-secret",
        hide_env_values = true
    )]
    secret_key: String,
    /// A bucket to make; may be given several times.
    #[arg(long, value_name = "NAME", default_value = "filmpress")]
    bucket: Vec<String>,
    /// Every so many requests one is answered with 500; 0 is never.
    #[arg(long, value_name = "N", default_value_t = 0)]
    fail_every: u64,
    /// This share of the requests, from 0 to 1, is answered with 500.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    fail_rate: f64,
    /// Which requests `--fail-rate` means: the same ones for the same seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let faults = Faults {
        every: arguments.fail_every,
        rate: arguments.fail_rate,
        seed: arguments.seed,
    };
    let buckets: Vec<&str> = arguments.bucket.iter().map(String::as_str).collect();
    let store = Store::open(
        &arguments.root,
        &buckets,
        &arguments.access_key,
        &arguments.secret_key,
        faults,
    )?;
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("s3 serves http://{}", listener.local_addr()?);
    let served = axum::serve(listener, store.router()).into_future();
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        ended = served => ended?,
        asked = tokio::signal::ctrl_c() => asked?,
        _ = terminate.recv() => {}
    }
    println!("{store}");
    Ok(())
}
