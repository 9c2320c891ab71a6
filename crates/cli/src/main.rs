//! The filmpress program: templates made in After Effects to finished films.
//!
//! To add a subcommand: a file with its `Arguments` and `run`, its `mod` line, its line in [`Command`] and in [`main`].

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program talks to the terminal"
)]

mod bench;
mod compatibility;
mod config;
mod database;
mod failure;
mod folders;
mod inspect;
mod introspect;
mod list;
mod logs;
mod network;
mod render;
mod render_child;
mod secret_key;
mod serve;
mod settings;
mod team;
mod template;
mod token;
mod usage;
mod user;
mod values;
mod worker;
mod workers;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Keeps memory for the next frame that the system's would give back (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Renders After Effects and Lottie templates, on the command line or behind the Nexrender Cloud API.
#[derive(Debug, Parser)]
#[command(name = "filmpress", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Render(render::Arguments),
    Inspect(inspect::Arguments),
    Serve(serve::Arguments),
    Config(config::Arguments),
    Token(token::Arguments),
    Team(team::Arguments),
    User(user::Arguments),
    SecretKey(secret_key::Arguments),
    Worker(worker::Arguments),
    Workers(workers::Arguments),
    Bench(bench::Arguments),
    #[command(hide = true)]
    RenderChild(render_child::Arguments),
    #[command(hide = true)]
    Compatibility(compatibility::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Render(arguments) => render::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Token(arguments) => token::run(&arguments),
        Command::Team(arguments) => team::run(&arguments),
        Command::User(arguments) => user::run(&arguments),
        Command::SecretKey(arguments) => secret_key::run(&arguments),
        Command::Workers(arguments) => workers::run(&arguments),
        Command::Worker(arguments) => worker::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::RenderChild(arguments) => render_child::run(&arguments),
        Command::Compatibility(arguments) => compatibility::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent_and_every_command_shows_examples() {
        let mut command = super::Arguments::command();
        command.build();
        command.clone().debug_assert();
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let leaves: Vec<_> = if sub.has_subcommands() {
                sub.get_subcommands().collect()
            } else {
                vec![sub]
            };
            for leaf in leaves.into_iter().filter(|leaf| leaf.get_name() != "help") {
                let help = leaf.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("Examples:"), "`{}` shows no examples", leaf.get_name());
            }
        }
    }
}
