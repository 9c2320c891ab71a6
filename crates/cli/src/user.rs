//! `filmpress user`: the people of a team, to whom tokens belong.

use clap::{Args, Subcommand};
use filmpress_queue::{Scope, UserRecord};
use serde_json::json;

use crate::database::{audit, with};
use crate::failure::Failure;
use crate::list::{date, print};
use crate::network::block_on;
use crate::settings::{DATABASE, Flags, Settings};

/// Adds, lists and removes users of a team.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
    List(List),
    Remove(Remove),
}

/// Adds a user to a team and prints the user's id.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress user create ada --team marketing
  filmpress user create grace --team marketing --scope admin")]
struct Create {
    /// The user's name, different from every other's in the team.
    name: String,
    /// The team's name or id.
    #[arg(long)]
    team: String,
    /// What the user's tokens may do at most.
    #[arg(long, default_value = "submit", value_parser = ["read", "submit", "admin"])]
    scope: String,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Lists the users of a team.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress user list --team marketing")]
struct List {
    /// The team's name or id.
    #[arg(long)]
    team: String,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Removes a user and revokes the user's tokens.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress user remove ada --team marketing")]
struct Remove {
    /// The user's name or id.
    user: String,
    /// The team's name or id.
    #[arg(long)]
    team: String,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Create(arguments) => create(arguments),
        Command::List(arguments) => list(arguments),
        Command::Remove(arguments) => remove(arguments),
    }
}

fn create(arguments: &Create) -> Result<(), Failure> {
    if arguments.name.trim().is_empty() {
        return Err(Failure::usage("the user's name is empty"));
    }
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let team = queue.team(&arguments.team).await.map_err(Failure::new)?;
        let scope = Scope::from_word(&arguments.scope).unwrap_or(Scope::Submit);
        let user = queue
            .create_user(&team.id, &arguments.name, scope)
            .await
            .map_err(Failure::new)?;
        let detail = json!({"name": user.name, "scope": user.scope.as_str()});
        audit(queue, Some(&team.id), "user.create", &user.id, detail).await?;
        println!("{}", user.id);
        Ok(())
    }))
}

fn list(arguments: &List) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let team = queue.team(&arguments.team).await.map_err(Failure::new)?;
        let users = queue.users(&team.id).await.map_err(Failure::new)?;
        let row = |user: UserRecord| {
            [
                user.id,
                user.name,
                user.scope.as_str().to_owned(),
                date(Some(user.created_at)),
            ]
        };
        print(["ID", "NAME", "SCOPE", "SINCE"], users.into_iter().map(row));
        Ok(())
    }))
}

fn remove(arguments: &Remove) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let team = queue.team(&arguments.team).await.map_err(Failure::new)?;
        let users = queue.users(&team.id).await.map_err(Failure::new)?;
        let wanted = &arguments.user;
        let user = users
            .into_iter()
            .find(|user| user.id == *wanted || user.name == *wanted);
        let user = user.ok_or_else(|| Failure::new(format!("team `{}` has no user `{wanted}`", team.name)))?;
        queue.remove_user(&team.id, &user.id).await.map_err(Failure::new)?;
        audit(
            queue,
            Some(&team.id),
            "user.remove",
            &user.id,
            json!({"name": user.name}),
        )
        .await
    }))
}
