//! `filmpress secret-key`: the keys that seal the teams' secrets.

use std::path::Path;

use clap::{Args, Subcommand};
use filmpress_queue::{Queue, SealedId};
use filmpress_server::sealing::{Keys, Sealer, WEBHOOK_SECRET};
use filmpress_server::{SecretsKeys, secrets_key_file};
use serde_json::json;

use crate::database::{audit, keys, with};
use crate::failure::Failure;
use crate::network::block_on;
use crate::settings::{DATABASE, Flags, Settings};

/// Makes and changes the keys that seal secrets.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(New),
    Rotate(Rotate),
}

/// Prints a new key, for `--secrets-key-file` of servers that share a database, or for `--signing-key-file`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  (umask 077; filmpress secret-key new > secrets.key)")]
struct New {}

/// Puts a new key in front of the key file and seals all secrets with it.
///
/// Servers that read the same file take it up by themselves. Where each server has a file or a variable of its own, put
/// the new key second everywhere and start them again, then first and start them again, then run `rotate --only-reseal`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress secret-key rotate --data /srv/filmpress
  filmpress secret-key rotate --secrets-key-file /etc/filmpress/secrets.key --database-url-file /etc/filmpress/database
  filmpress secret-key rotate --only-reseal")]
struct Rotate {
    /// Adds no key; seals all secrets with the first of those there are.
    #[arg(long)]
    only_reseal: bool,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::New(New {}) => {
            print!("{}", Keys::random().to_text());
            Ok(())
        }
        Command::Rotate(arguments) => rotate(arguments),
    }
}

fn rotate(arguments: &Rotate) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    let keys = if arguments.only_reseal {
        match keys(&settings)? {
            SecretsKeys::Given(keys) => keys,
            SecretsKeys::File(file) => read(&file)?,
            SecretsKeys::DataFolder => read(&secrets_key_file(&settings.data()?))?,
        }
    } else {
        let file = match keys(&settings)? {
            SecretsKeys::Given(_) => {
                return Err(
                    Failure::usage("the keys are not in a file").hint("add one where they are, then --only-reseal")
                );
            }
            SecretsKeys::File(file) => file,
            SecretsKeys::DataFolder => secrets_key_file(&settings.data()?),
        };
        let keys = read(&file)?.with_new();
        keys.replace(&file)
            .map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        println!("{} has a new key in front", file.display());
        keys
    };
    let sealer = Sealer::new(keys);
    block_on(with(&settings, async |queue| {
        let count = reseal(queue, &sealer).await?;
        audit(queue, None, "secret-key.rotate", "", json!({"resealed": count})).await?;
        println!("{count} secrets are sealed with it");
        Ok(())
    }))
}

fn read(file: &Path) -> Result<Keys, Failure> {
    Keys::read(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}

/// Seals with the first key what others sealed; how many there were.
async fn reseal(queue: &Queue, sealer: &Sealer) -> Result<usize, Failure> {
    let mut count = 0;
    for team in queue.teams().await.map_err(Failure::new)? {
        let mut all = Vec::new();
        if let Some(sealed) = team.webhook_secret {
            all.push((
                SealedId::WebhookSecret(team.id.clone()),
                WEBHOOK_SECRET.to_owned(),
                sealed,
            ));
        }
        let secrets = queue.secrets(&team.id).await.map_err(Failure::new)?;
        let names: Vec<_> = secrets.iter().map(|secret| secret.name.clone()).collect();
        for (name, sealed) in queue.sealed_secrets(&team.id, &names).await.map_err(Failure::new)? {
            if let Some(secret) = secrets.iter().find(|secret| secret.name == name) {
                all.push((SealedId::Secret(secret.id.clone()), name, sealed));
            }
        }
        for (id, name, sealed) in all.into_iter().filter(|(_, _, sealed)| !sealer.is_current(sealed)) {
            let told = |error| Failure::new(format!("a secret of team `{}`: {error}", team.name));
            let value = sealer.open(&team.id, &name, &sealed).map_err(told)?;
            let again = sealer.seal(&team.id, &name, &value);
            queue.reseal(&id, again).await.map_err(Failure::new)?;
            count += 1;
        }
    }
    Ok(count)
}
