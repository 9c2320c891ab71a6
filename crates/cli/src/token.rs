//! `filmpress token`: tokens of teams, workers and operators.

use std::str::FromStr;

use clap::{Args, Subcommand};
use filmpress_job::public::instant;
use filmpress_queue::{Kind, NewToken, Scope, TokenRecord};
use serde_json::json;
use time::OffsetDateTime;

use crate::database::{audit, with};
use crate::failure::Failure;
use crate::list::{date, print};
use crate::network::block_on;
use crate::settings::{DATABASE, Flags, Settings, kind};

/// Makes, lists and revokes tokens.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
    List(List),
    Revoke(Revoke),
}

/// Makes a token and prints it, alone, on standard output. It is shown this once: only its hash is kept.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  TOKEN=$(filmpress token create --team marketing)
  filmpress token create --team marketing --scope read --user ada --expires 90d --label dashboard
  filmpress token create --worker --data /srv/filmpress > worker.token
  filmpress token create --operator --label \"on call\"")]
struct Create {
    /// The team the token is for; made if there is none of that name.
    #[arg(long, required_unless_present_any = ["worker", "operator"])]
    team: Option<String>,
    /// A token for `filmpress worker` instead.
    #[arg(long, conflicts_with_all = ["team", "operator"])]
    worker: bool,
    /// A token for `/api/admin` instead.
    #[arg(long, conflicts_with = "team")]
    operator: bool,
    /// What it may do: read, submit or admin; each may do what those before it may. Without it, admin.
    #[arg(long, requires = "team", value_parser = ["read", "submit", "admin"])]
    scope: Option<String>,
    /// The user of the team it belongs to, by name; it goes when the user goes.
    #[arg(long, requires = "team")]
    user: Option<String>,
    /// When it ends: a time from now, such as 90d, or an ISO 8601 instant.
    #[arg(long, value_name = "TIME")]
    expires: Option<Expiry>,
    /// What it is for, in your words.
    #[arg(long, default_value = "", hide_default_value = true)]
    label: String,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Lists tokens, without their texts.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress token list --team marketing
  filmpress token list")]
struct List {
    /// The tokens of this team. Without it, those of workers and operators.
    #[arg(long)]
    team: Option<String>,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// Revokes a token. Servers take up to five seconds to notice.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress token revoke 01ARZ3NDEKTSV4RRFFQ69G5FAV --team marketing
  filmpress token revoke 01ARZ3NDEKTSV4RRFFQ69G5FAV")]
struct Revoke {
    /// The token's id, as `list` shows it.
    id: String,
    /// The team it is of. Without it, a worker's or operator's.
    #[arg(long)]
    team: Option<String>,
    #[command(flatten)]
    flags: Flags<DATABASE>,
}

/// An instant, or a time from now.
#[derive(Clone, Copy, Debug)]
struct Expiry(OffsetDateTime);

impl FromStr for Expiry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let now = OffsetDateTime::now_utc();
        let at = match kind::time(text) {
            Ok(time) => now + time,
            Err(_) => instant::from_text(text)
                .ok_or_else(|| format!("`{text}` is neither a time such as 90d nor an instant"))?,
        };
        if at > now {
            Ok(Self(at))
        } else {
            Err(format!("`{text}` is over already"))
        }
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Create(arguments) => create(arguments),
        Command::List(arguments) => list(arguments),
        Command::Revoke(arguments) => revoke(arguments),
    }
}

fn create(arguments: &Create) -> Result<(), Failure> {
    if arguments.team.as_ref().is_some_and(|team| team.trim().is_empty()) {
        return Err(Failure::usage("--team: the name is empty"));
    }
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let user = match (&arguments.team, &arguments.user) {
            (Some(team), Some(name)) => {
                let team = queue.team(team).await.map_err(Failure::new)?;
                let users = queue.users(&team.id).await.map_err(Failure::new)?;
                let user = users.into_iter().find(|user| user.name == *name || user.id == *name);
                let missing = || Failure::new(format!("team `{}` has no user `{name}`", team.name));
                Some(user.ok_or_else(missing)?)
            }
            _ => None,
        };
        let scope = arguments.scope.as_deref().and_then(Scope::from_word);
        let scope = scope.or(user.as_ref().map(|user| user.scope)).unwrap_or(Scope::Admin);
        if let Some(user) = user.as_ref().filter(|user| scope > user.scope) {
            let text = format!(
                "user `{}` has the scope `{}`: a token cannot have more",
                user.name,
                user.scope.as_str()
            );
            return Err(Failure::usage(text));
        }
        let new = NewToken {
            kind: match (arguments.worker, arguments.operator) {
                (true, _) => Kind::Worker,
                (_, true) => Kind::Operator,
                _ => Kind::Team,
            },
            team: arguments.team.clone(),
            user: user.map(|user| user.id),
            scope,
            label: arguments.label.clone(),
            expires_at: arguments.expires.map(|expiry| expiry.0),
        };
        let (record, secret) = queue.create_token(&new).await.map_err(Failure::new)?;
        let detail = json!({"kind": record.kind.as_str(), "scope": record.scope.as_str(), "label": record.label});
        audit(queue, record.team.as_deref(), "token.create", &record.id, detail).await?;
        println!("{}", secret.reveal());
        Ok(())
    }))
}

fn list(arguments: &List) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let team = match &arguments.team {
            Some(team) => Some(queue.team(team).await.map_err(Failure::new)?.id),
            None => None,
        };
        let tokens = queue.tokens(team.as_deref()).await.map_err(Failure::new)?;
        let row = |token: TokenRecord| {
            [
                token.id,
                token.kind.as_str().to_owned(),
                token.scope.as_str().to_owned(),
                token.user.unwrap_or_default(),
                date(Some(token.created_at)),
                date(token.expires_at),
                date(token.last_used_at),
                token.label,
            ]
        };
        let head = ["ID", "KIND", "SCOPE", "USER", "MADE", "EXPIRES", "LAST USED", "LABEL"];
        print(head, tokens.into_iter().map(row));
        Ok(())
    }))
}

fn revoke(arguments: &Revoke) -> Result<(), Failure> {
    let settings = Settings::load(&arguments.flags)?;
    block_on(with(&settings, async |queue| {
        let team = match &arguments.team {
            Some(team) => Some(queue.team(team).await.map_err(Failure::new)?.id),
            None => None,
        };
        queue
            .revoke_token(team.as_deref(), &arguments.id)
            .await
            .map_err(Failure::new)?;
        audit(queue, team.as_deref(), "token.revoke", &arguments.id, json!({})).await
    }))
}
