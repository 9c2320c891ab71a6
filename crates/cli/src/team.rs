//! `filmpress team`: teams and how much they may do.

use clap::{Args, Subcommand};
use filmpress_queue::{TeamLimits, TeamRecord};
use serde_json::{Value, json};

use crate::database::{audit, with};
use crate::failure::Failure;
use crate::list::{date, print};
use crate::network::block_on;
use crate::settings::{DATABASE, Flags, Settings};

/// Makes and lists teams, and limits them.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
    List(List),
    Set(Set),
}

/// Makes a team and prints its id.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress team create marketing
  filmpress team create trial --max-running 1 --max-queued 100")]
struct Create {
    /// Its name, different from every other's.
    name: String,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Lists the teams.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress team list")]
struct List {
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Sets limits of a team. Those not named stay as they are.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress team set trial --max-running 4
  filmpress team set trial --requests-per-minute 0")]
struct Set {
    /// The team's name or id.
    team: String,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// How much a team may do; 0 is no limit.
#[derive(Debug, Args)]
struct Limits {
    /// Jobs drawn at a time; 0 is no limit.
    #[arg(long, value_name = "JOBS")]
    max_running: Option<u32>,
    /// Jobs that may wait; 0 is no limit.
    #[arg(long, value_name = "JOBS")]
    max_queued: Option<u32>,
    /// Requests a minute and token; 0 leaves it to the server's settings.
    #[arg(long, value_name = "REQUESTS")]
    requests_per_minute: Option<u32>,
}

impl Limits {
    fn over(&self, before: TeamLimits) -> TeamLimits {
        let set = |given: Option<u32>, before| given.map_or(before, |given| Some(given).filter(|given| *given > 0));
        TeamLimits {
            max_running: set(self.max_running, before.max_running),
            max_queued: set(self.max_queued, before.max_queued),
            requests_per_minute: set(self.requests_per_minute, before.requests_per_minute),
        }
    }
}

fn told(limits: TeamLimits) -> Value {
    json!({
        "maxRunning": limits.max_running,
        "maxQueued": limits.max_queued,
        "requestsPerMinute": limits.requests_per_minute,
    })
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Create(arguments) => create(arguments),
        Command::List(arguments) => list(arguments),
        Command::Set(arguments) => set(arguments),
    }
}

fn create(arguments: &Create) -> Result<(), Failure> {
    if arguments.name.trim().is_empty() {
        return Err(Failure::usage("the team's name is empty"));
    }
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let limits = arguments.limits.over(TeamLimits::default());
        let team = queue.create_team(&arguments.name, limits).await.map_err(Failure::new)?;
        let detail = json!({"name": team.name, "limits": told(limits)});
        audit(queue, Some(&team.id), "team.create", &team.id, detail).await?;
        println!("{}", team.id);
        Ok(())
    }))
}

fn list(arguments: &List) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let number = |limit: Option<u32>| limit.map_or_else(|| "-".to_owned(), |limit| limit.to_string());
        let row = |team: TeamRecord| {
            [
                team.id,
                team.name,
                number(team.limits.max_running),
                number(team.limits.max_queued),
                number(team.limits.requests_per_minute),
                date(Some(team.created_at)),
            ]
        };
        let teams = queue.teams().await.map_err(Failure::new)?;
        let head = ["ID", "NAME", "MAX RUNNING", "MAX QUEUED", "REQUESTS/MIN", "MADE"];
        print(head, teams.into_iter().map(row));
        Ok(())
    }))
}

fn set(arguments: &Set) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let team = queue.team(&arguments.team).await.map_err(Failure::new)?;
        let limits = arguments.limits.over(team.limits);
        queue.set_team_limits(&team.id, limits).await.map_err(Failure::new)?;
        audit(
            queue,
            Some(&team.id),
            "team.limits",
            &team.id,
            json!({"limits": told(limits)}),
        )
        .await
    }))
}
