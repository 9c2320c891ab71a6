//! Gathering the values of settings, with everything that is wrong with them told at once.

use std::path::Path;

use figment::Figment;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::kind::Kind;
use super::table::{Setting, TABLE, Use};
use super::{Flags, Given, Settings};
use crate::failure::Failure;

/// No file with a secret is larger.
const LARGEST_SECRET: u64 = 64 << 10;

impl Settings {
    /// The settings from the file that `flags` or the environment name, from the environment, and from the flags.
    pub fn load<const USED_BY: Use>(flags: &Flags<USED_BY>) -> Result<Self, Failure> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self::from(flags.file.as_deref(), variable, &flags.given)
    }

    fn from(
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
        flags: &[(String, Vec<String>)],
    ) -> Result<Self, Failure> {
        let mut figment = Figment::new();
        if let Some(file) = file {
            if !file.is_file() {
                return Err(Failure::usage(format!(
                    "there is no file `{}` with settings",
                    file.display()
                )));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment
            .merge(Layer::of_environment(variable))
            .merge(Layer::of_flags(flags));
        let all: Dict = figment
            .extract()
            .map_err(|error| Failure::usage(format!("settings: {error}")))?;
        let mut problems = Vec::new();
        let mut settings = Self::default();
        for name in all.keys() {
            // Asked for by name, a value knows its source.
            let Ok(value) = &figment.find_value(name) else {
                problems.push(format!("settings: there is no setting `{name}`"));
                continue;
            };
            let from = origin(&figment, value);
            let Some((setting, is_file)) = known(name) else {
                problems.push(format!("{from}: there is no setting `{name}`{}", nearest(name)));
                continue;
            };
            match values(setting, is_file, value) {
                // `x` and `x-file` are one setting: the weightier layer counts, and `x` where both are in one.
                Ok(values) => {
                    let own = weight(&figment, value);
                    let other = figment.find_value(&other_name(name, is_file)).ok();
                    let other = other.map(|other| weight(&figment, &other));
                    if other.is_none_or(|other| own > other || (own == other && !is_file)) {
                        let file = value.as_str().filter(|_| is_file).map(Into::into);
                        settings.given.insert(setting.name, Given { values, from, file });
                    }
                }
                Err(problem) => problems.push(format!("{from}: `{name}`: {problem}")),
            }
        }
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(Failure::usage(problems.join("; ")).hint("`filmpress config` shows all settings"))
        }
    }
}

fn other_name(name: &str, is_file: bool) -> String {
    if is_file {
        name.trim_end_matches("-file").to_owned()
    } else {
        format!("{name}-file")
    }
}

/// How much a value's source outweighs others.
fn weight(figment: &Figment, value: &Value) -> u8 {
    match figment.get_metadata(value.tag()).map(|metadata| metadata.name.as_ref()) {
        Some(Layer::FLAGS) => 3,
        Some(Layer::ENVIRONMENT) => 2,
        _ => 1,
    }
}

/// The setting of a name, and whether the name is that of its file.
fn known(name: &str) -> Option<(&'static Setting, bool)> {
    TABLE.iter().find_map(|setting| {
        if setting.name == name {
            return Some((setting, false));
        }
        let is_file = setting.is_secret && name.strip_suffix("-file") == Some(setting.name);
        is_file.then_some((setting, true))
    })
}

/// What the name may have been meant to be.
fn nearest(name: &str) -> String {
    let plain = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
    let wanted = plain(name);
    let near = TABLE.iter().find(|setting| {
        let name = plain(setting.name);
        name == wanted || (wanted.len() > 4 && (name.starts_with(&wanted) || wanted.starts_with(&name)))
    });
    near.map_or_else(String::new, |setting| format!("; did you mean `{}`?", setting.name))
}

fn origin(figment: &Figment, value: &Value) -> String {
    let metadata = figment.get_metadata(value.tag());
    match metadata.and_then(|metadata| metadata.source.as_ref()?.file_path()) {
        Some(file) => file.display().to_string(),
        None => metadata
            .map_or("settings", |metadata| metadata.name.as_ref())
            .to_owned(),
    }
}

/// The values as texts of the setting's kind. Errors do not show secrets.
fn values(setting: &Setting, is_file: bool, value: &Value) -> Result<Vec<String>, String> {
    let texts = match value {
        Value::Array(_, items) if matches!(setting.kind, Kind::List) => {
            items.iter().map(plain).collect::<Result<Vec<_>, _>>()?
        }
        other => vec![plain(other)?],
    };
    if is_file {
        return texts.iter().map(|file| content(Path::new(file))).collect();
    }
    for text in &texts {
        match setting.kind.check(text) {
            Err(_) if setting.is_secret => return Err("its value is not what it must be".to_owned()),
            other => other?,
        }
    }
    Ok(texts)
}

fn plain(value: &Value) -> Result<String, String> {
    match value {
        Value::String(_, text) => Ok(text.clone()),
        Value::Bool(_, value) => Ok(value.to_string()),
        Value::Num(_, number) => {
            let whole = number.to_u128().map(|number| number.to_string());
            let signed = || number.to_i128().map(|number| number.to_string());
            whole.or_else(signed).ok_or_else(|| "must be a whole number".to_owned())
        }
        _ => Err("must be a text, a number or true or false".to_owned()),
    }
}

fn content(file: &Path) -> Result<String, String> {
    let told = |error: std::io::Error| format!("{}: {error}", file.display());
    if std::fs::metadata(file).map_err(told)?.len() > LARGEST_SECRET {
        return Err(format!("{}: too large for a secret", file.display()));
    }
    let bytes = std::fs::read(file).map_err(told)?;
    // A key may be bytes that are no text: those go as hexadecimal digits.
    let text = String::from_utf8(bytes).unwrap_or_else(|error| filmpress_queue::token::hex(error.as_bytes()));
    match text.trim() {
        "" => Err(format!("{}: the file is empty", file.display())),
        text => Ok(text.to_owned()),
    }
}

/// The values of one source.
struct Layer {
    name: &'static str,
    values: Dict,
}

impl Layer {
    const FLAGS: &'static str = "command line";
    const ENVIRONMENT: &'static str = "environment";

    /// Variables that are no settings are none of our business: the machine may have its own of that beginning.
    fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut values = Dict::new();
        for setting in TABLE {
            let name = setting.variable();
            if let Some(value) = variable(&name) {
                values.insert(setting.name.to_owned(), split(setting, &[value]));
            }
            let file = variable(&format!("{name}_FILE")).filter(|_| setting.is_secret);
            if let Some(file) = file {
                values.insert(format!("{}-file", setting.name), file.into());
            }
        }
        Self {
            name: Self::ENVIRONMENT,
            values,
        }
    }

    fn of_flags(flags: &[(String, Vec<String>)]) -> Self {
        let values = flags.iter().map(|(name, values)| match known(name) {
            Some((setting, false)) => (name.clone(), split(setting, values)),
            _ => (name.clone(), values.last().cloned().unwrap_or_default().into()),
        });
        Self {
            name: Self::FLAGS,
            values: values.collect(),
        }
    }
}

/// A list from a text: folders with colons between, all others with commas.
fn split(setting: &Setting, values: &[String]) -> Value {
    if !matches!(setting.kind, Kind::List) {
        return values.last().cloned().unwrap_or_default().into();
    }
    let between = if setting.name == "fonts" { ':' } else { ',' };
    let items = values.iter().flat_map(|value| value.split(between));
    let items: Vec<String> = items
        .map(|item| item.trim().to_owned())
        .filter(|item| !item.is_empty())
        .collect();
    items.into()
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Settings;

    fn load(file: &str, variables: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("filmpress.toml");
        std::fs::write(&path, file).unwrap();
        let variable = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let flags: Vec<_> = flags
            .iter()
            .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
            .collect();
        Settings::from(Some(&path), variable, &flags).map_err(|failure| failure.to_string())
    }

    #[test]
    fn flags_outweigh_the_environment_and_that_the_file() {
        let file = "listen = \"127.0.0.1:1\"\nthreads = 4\nstrict = true\nkeep-logs = \"3d\"\nworkers = 3\ntags = [\"a\", \"b\"]";
        let variables = [
            ("FILMPRESS_THREADS", "5"),
            ("FILMPRESS_WORKERS", "6"),
            ("FILMPRESS_FONTS", "/a:/b"),
        ];
        let settings = load(file, &variables, &[("workers", "7")]).unwrap();
        assert_eq!(settings.text("listen"), Some("127.0.0.1:1"));
        assert_eq!(
            (settings.number::<usize>("threads"), settings.number::<usize>("workers")),
            (5, 7)
        );
        assert_eq!(settings.time("keep-logs"), Duration::from_hours(72));
        assert!(settings.switch("strict"));
        assert_eq!(settings.list("tags"), ["a", "b"]);
        assert_eq!(settings.list("fonts"), ["/a", "/b"]);
        assert_eq!(settings.size("min-free-disk"), Some(1 << 30), "by default");
        assert_eq!(
            (settings.origin("threads"), settings.origin("lease-seconds")),
            (Some("environment"), None)
        );
    }

    #[test]
    fn everything_wrong_is_told_and_no_secret_shown() {
        let file = "lisen = 1\nthreads = -1\nkeep_logs = \"3d\"\ns3-secret-key = [\"hush\"]\n[s3]\nbucket = \"b\"";
        let told = load(file, &[("FILMPRESS_REACH", "far")], &[]).unwrap_err();
        for part in [
            "there is no setting `lisen`",
            "`threads`: `-1` is no whole number",
            "there is no setting `keep_logs`; did you mean `keep-logs`?",
            "`s3-secret-key`: must be a text",
            "there is no setting `s3`",
            "environment: `reach`: must be `public`, `loopback`, `private`, not `far`",
        ] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
        assert!(!told.contains("hush"));
    }

    #[test]
    fn secrets_come_from_files_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        std::fs::write(&path, "postgres://x\n").unwrap();
        let path = path.to_str().unwrap();
        let by_file = load("", &[("FILMPRESS_DATABASE_URL_FILE", path)], &[]).unwrap();
        assert_eq!(by_file.text("database-url"), Some("postgres://x"));
        let both = load(
            "",
            &[("FILMPRESS_DATABASE_URL_FILE", path)],
            &[("database-url", "postgres://y")],
        )
        .unwrap();
        assert_eq!(both.text("database-url"), Some("postgres://y"));
        let told = load("database-url-file = \"/nowhere/at/all\"", &[], &[]).unwrap_err();
        assert!(told.contains("/nowhere/at/all"), "{told}");
        let told = load(
            "",
            &[("FILMPRESS_CONFIG", "x"), ("FILMPRESS_SERVICE_HOST", "10.0.0.1")],
            &[],
        );
        assert!(told.is_ok(), "what others put into the environment is no mistake");
    }
}
