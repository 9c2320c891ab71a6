//! `filmpress config`: every setting, how it is set, and its value now.

#![allow(
    clippy::format_push_string,
    reason = "a table is written once; its lines read best in one piece"
)]

use clap::Args;

use crate::failure::Failure;
use crate::settings::table::{DATABASE, SERVE, Setting, TABLE, WORKER};
use crate::settings::{ALL, Flags, Settings};

/// Shows every setting: its name in the file and on the command line, its environment variable, its value and where that
/// is from. Secrets are not shown.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress config
  filmpress config --config /etc/filmpress.toml
  filmpress config --markdown > settings.md")]
pub struct Arguments {
    /// A table for the documentation, without the values of this machine.
    #[arg(long)]
    markdown: bool,
    #[command(flatten)]
    flags: Flags<ALL>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.markdown {
        print!("{}", markdown());
        return Ok(());
    }
    let settings = Settings::load(&arguments.flags)?;
    print!("{}", plain(&settings));
    Ok(())
}

fn plain(settings: &Settings) -> String {
    let mut text = String::new();
    let mut group = "";
    for setting in TABLE {
        if setting.group != group {
            group = setting.group;
            text += &format!("\n# {group}\n");
        }
        let name = setting.name;
        let variable = setting.variable();
        text += &format!("\n{name} = {}\n", value(setting, settings));
        text += &format!("    --{name}, {variable}");
        if setting.is_secret {
            text += &format!("; or --{name}-file, {variable}_FILE");
        }
        text += &format!("; {}", used_by(setting));
        if let Some(origin) = settings.origin(name) {
            text += &format!("; set by: {origin}");
        }
        text += &format!("\n    {}\n", setting.what);
    }
    text.trim_start().to_owned()
}

fn value(setting: &Setting, settings: &Settings) -> String {
    match (settings.text(setting.name), setting.is_secret) {
        (None, _) => "(not set)".to_owned(),
        (Some(_), true) => "(set, not shown)".to_owned(),
        (Some(text), false) => {
            let list = settings.list(setting.name);
            if list.len() > 1 {
                list.join(", ")
            } else {
                text.to_owned()
            }
        }
    }
}

fn used_by(setting: &Setting) -> String {
    let names = [
        (SERVE, "serve"),
        (WORKER, "worker"),
        (DATABASE, "commands on the database"),
    ];
    let names: Vec<_> = names
        .iter()
        .filter(|(bit, _)| setting.used_by & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    names.join(", ")
}

fn markdown() -> String {
    let mut text = String::from(
        "Each setting has one name: in the file (TOML, `--config` or `FILMPRESS_CONFIG`) as it stands here, on the command \
         line with `--` before it. The environment outweighs the file, flags outweigh both. Settings marked *secret* can be \
         given as a file too: the name with `-file`, the variable with `_FILE` at its end. An unknown name in the file is an \
         error. Sizes are such as `800M` or `4G`, times such as `90s`, `10m`, `12h` or `30d`; a number alone is seconds.\n",
    );
    let mut group = "";
    for setting in TABLE {
        if setting.group != group {
            group = setting.group;
            text +=
                &format!("\n**{group}**\n\n| setting | environment | default | used by | |\n|---|---|---|---|---|\n");
        }
        let default = if setting.default.is_empty() {
            String::new()
        } else {
            format!("`{}`", setting.default)
        };
        let secret = if setting.is_secret { " *secret*" } else { "" };
        let alias = setting
            .alias
            .map_or_else(String::new, |alias| format!(" (also `--{alias}`)"));
        let (variable, used_by, what) = (setting.variable(), used_by(setting), setting.what);
        text += &format!(
            "| `{}`{alias}{secret} | `{variable}` | {default} | {used_by} | {what} |\n",
            setting.name
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{markdown, plain};
    use crate::settings::Settings;
    use crate::settings::table::TABLE;

    #[test]
    fn every_setting_is_in_both_tables() {
        let (plain, markdown) = (plain(&Settings::default()), markdown());
        for setting in TABLE {
            assert!(
                plain.contains(&format!("\n{} = ", setting.name)) || plain.starts_with("# "),
                "{}",
                setting.name
            );
            assert!(markdown.contains(&format!("| `{}`", setting.name)), "{}", setting.name);
        }
        assert!(
            plain.contains("listen = 127.0.0.1:8100\n    --listen, FILMPRESS_LISTEN; serve\n"),
            "{plain}"
        );
        assert!(plain.contains("s3-secret-key = (not set)\n"));
    }
}
