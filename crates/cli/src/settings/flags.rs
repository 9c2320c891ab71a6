//! The settings of a command as flags: made from the table, so that help, file and environment tell the same.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::kind::Kind;
use super::table::{Setting, TABLE, Use};

/// What was given on the command line, of the settings that these commands use.
#[derive(Clone, Debug, Default)]
pub struct Flags<const USED_BY: Use> {
    /// The file with settings.
    pub file: Option<PathBuf>,
    /// Values by the names of their settings, or of the files they are in.
    pub given: Vec<(String, Vec<String>)>,
}

impl<const USED_BY: Use> Args for Flags<USED_BY> {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .env("FILMPRESS_CONFIG")
            .value_parser(clap::value_parser!(PathBuf))
            .help("A TOML file with settings; the environment and flags outweigh it");
        // What is first is the command's own.
        TABLE
            .iter()
            .filter(|setting| setting.used_by & USED_BY != 0)
            .fold(command.arg(file), with_setting)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn with_setting(command: Command, setting: &'static Setting) -> Command {
    let mut help = setting.what.trim_end_matches('.').to_owned();
    if !setting.default.is_empty() {
        help = format!("{help} [default: {}]", setting.default);
    }
    help = format!("{help} [env: {}]", setting.variable());
    let mut arg = Arg::new(setting.name)
        .long(setting.name)
        .value_name(setting.kind.value_name())
        .help_heading(setting.group)
        .help(help);
    arg = match setting.kind {
        Kind::List => arg.action(ArgAction::Append),
        Kind::Switch => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        Kind::Word(words) => arg.value_parser(clap::builder::PossibleValuesParser::new(words)),
        _ => arg,
    };
    if let Some(alias) = setting.alias {
        arg = arg.visible_alias(alias);
    }
    let command = command.arg(arg);
    if !setting.is_secret {
        return command;
    }
    let mut file = Arg::new(format!("{}-file", setting.name))
        .long(format!("{}-file", setting.name))
        .value_name("FILE")
        .help_heading(setting.group)
        .conflicts_with(setting.name)
        .help(format!(
            "The same, as the content of a file [env: {}_FILE]",
            setting.variable()
        ));
    if let Some(alias) = setting.alias {
        file = file.visible_alias(format!("{alias}-file"));
    }
    command.arg(file)
}

impl<const USED_BY: Use> FromArgMatches for Flags<USED_BY> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.file = matches.get_one::<PathBuf>("config").cloned();
        for setting in TABLE.iter().filter(|setting| setting.used_by & USED_BY != 0) {
            let file = format!("{}-file", setting.name);
            let names = [Some(setting.name.to_owned()), setting.is_secret.then_some(file)];
            for name in names.into_iter().flatten() {
                if let Some(values) = matches.get_many::<String>(&name) {
                    self.given.push((name, values.cloned().collect()));
                }
            }
        }
        Ok(())
    }
}
