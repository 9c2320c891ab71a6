//! `filmpress token`: tokens of teams and workers.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use filmpress_queue::{NewToken, Queue};

use crate::failure::Failure;
use crate::{folders, network};

/// Makes tokens.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
}

/// Makes a token and prints it, alone, on standard output. It is shown this once: only its hash is kept.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  TOKEN=$(filmpress token create --team marketing)
  filmpress token create --worker --data /srv/filmpress > worker.token")]
struct Create {
    /// The team the token is for; made if there is none of that name.
    #[arg(long, required_unless_present = "worker")]
    team: Option<String>,
    /// A token for `filmpress worker` instead.
    #[arg(long, conflicts_with = "team")]
    worker: bool,
    /// The server's data folder. Without it the platform's usual place.
    #[arg(long, value_name = "DIR", env = "FILMPRESS_DATA")]
    data: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Command::Create(create) = &arguments.command;
    let data = folders::data(create.data.as_deref())?;
    network::block_on(async {
        std::fs::create_dir_all(&data).map_err(|e| Failure::new(format!("{}: {e}", data.display())))?;
        let queue = Queue::open(&filmpress_server::database_file(&data))
            .await
            .map_err(Failure::new)?;
        let token = match &create.team {
            Some(team) if team.trim().is_empty() => return Err(Failure::usage("--team: the name is empty")),
            Some(team) => queue.create_token(&NewToken::team(team)).await,
            None => queue.create_token(&NewToken::worker()).await,
        };
        let (_, secret) = token.map_err(Failure::new)?;
        println!("{}", secret.reveal());
        queue.close().await;
        Ok(())
    })
}
