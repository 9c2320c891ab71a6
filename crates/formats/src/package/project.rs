//! Which entry of an archive is the project.

use std::collections::HashSet;

use filmpress_composition::{Diagnostics, Kind, Place};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::archive::{Archive, Budget, Entry};
use super::extension;
use crate::ReadError;

/// Formats a project in an archive can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Aep,
    Aepx,
    Mogrt,
    Lottie,
}

/// The chosen entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub index: usize,
    pub format: Format,
}

/// Most candidates named in an error text.
const MAX_LISTED: usize = 20;

/// Folders in which After Effects keeps what it saved by itself.
fn is_auto_save(path: &str) -> bool {
    let path = path.to_lowercase();
    path.contains("auto-save/") || path.rsplit('/').next().is_some_and(|name| name.contains(" auto-save "))
}

/// The one project of an archive. After Effects' projects go before motion graphics templates, and those before Lottie
/// animations, which can be their footage; what lies nearest to the top goes before what lies deeper; of projects saved
/// in both formats the `.aep` is read. Auto-saves are not considered. What is left out is said in `warnings`.
pub(crate) fn choose(
    archive: &mut Archive<'_>,
    budget: &mut Budget,
    warnings: &mut Diagnostics,
) -> Result<Chosen, ReadError> {
    let entries = archive.entries();
    let mut all: Vec<(Format, &Entry)> = entries
        .iter()
        .filter(|e| !is_auto_save(&e.path))
        .filter_map(|e| Some((after_effects(e.file_name())?, e)))
        .collect();
    if all.is_empty() {
        for entry in entries.iter().filter(|e| extension(e.file_name()) == "json") {
            if is_lottie(&archive.read(entry.index, budget)?) {
                all.push((Format::Lottie, entry));
            }
        }
    }
    let depth = |e: &Entry| e.path.matches('/').count();
    let is_project = |format: Format| matches!(format, Format::Aep | Format::Aepx);
    let mut found = all.clone();
    if found.iter().any(|(format, _)| is_project(*format)) {
        found.retain(|(format, _)| is_project(*format));
    }
    let shallowest = found.iter().map(|(_, e)| depth(e)).min();
    found.retain(|(_, e)| Some(depth(e)) == shallowest);
    let binary: HashSet<String> = found
        .iter()
        .filter(|(format, _)| *format == Format::Aep)
        .map(|(_, e)| stem(&e.path))
        .collect();
    found.retain(|(format, e)| *format != Format::Aepx || !binary.contains(&stem(&e.path)));
    match found.as_slice() {
        [(format, entry)] => {
            let others: Vec<&str> = all
                .iter()
                .map(|(_, e)| e.path.as_str())
                .filter(|path| *path != entry.path)
                .collect();
            if !others.is_empty() {
                warnings.push(
                    &Place::default(),
                    Kind::Unsupported,
                    format!(
                        "`{}` is read; the archive also holds {}, which is not",
                        entry.path,
                        listed(others.into_iter())
                    ),
                );
            }
            Ok(Chosen {
                index: entry.index,
                format: *format,
            })
        }
        [] => Err(ReadError::Missing(format!(
            "the zip archive holds no project: expected one .aep, .aepx, .mogrt or Lottie .json; there: {}",
            listed(entries.iter().map(|e| e.path.as_str()))
        ))),
        several => Err(ReadError::Unsupported(format!(
            "the zip archive holds several projects side by side, expected one: {}; leave one of them nearest to the top",
            listed(several.iter().map(|(_, e)| e.path.as_str()))
        ))),
    }
}

/// A path without its extension, whatever the case.
fn stem(path: &str) -> String {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_lowercase()
}

fn after_effects(file_name: &str) -> Option<Format> {
    match extension(file_name).as_str() {
        "aep" => Some(Format::Aep),
        "aepx" => Some(Format::Aepx),
        "mogrt" => Some(Format::Mogrt),
        _ => None,
    }
}

/// What every Lottie animation has at its top.
#[derive(Deserialize)]
struct Top {
    #[serde(rename = "layers")]
    _layers: Vec<IgnoredAny>,
    #[serde(rename = "w")]
    _width: f64,
    #[serde(rename = "h")]
    _height: f64,
    #[serde(rename = "fr")]
    _frame_rate: f64,
    #[serde(rename = "op")]
    _out_point: f64,
}

fn is_lottie(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice::<Top>(bytes).is_ok()
}

fn listed<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<String> = paths.map(|p| format!("`{p}`")).collect();
    let more = all.len().saturating_sub(MAX_LISTED);
    let shown = all.get(..MAX_LISTED.min(all.len())).unwrap_or_default().join(", ");
    match (shown.is_empty(), more) {
        (true, _) => "nothing".to_owned(),
        (_, 0) => shown,
        (_, more) => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::archive::tests::zipped;
    use super::*;

    const LOTTIE: &[u8] = br#"{"v":"5.5.0","fr":30,"ip":0,"op":10,"w":10,"h":10,"layers":[]}"#;

    fn chosen(files: &[(&str, &[u8])]) -> Result<String, String> {
        warned(files).map(|(path, _)| path)
    }

    fn warned(files: &[(&str, &[u8])]) -> Result<(String, Vec<String>), String> {
        let bytes = zipped(files);
        let mut archive = Archive::open(&bytes).map_err(|e| e.to_string())?;
        let mut warnings = Diagnostics::new();
        let chosen = choose(&mut archive, &mut Budget::of(&bytes), &mut warnings).map_err(|e| e.to_string())?;
        let entry = archive.entries().into_iter().find(|e| e.index == chosen.index).unwrap();
        Ok((entry.path, warnings.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn projects_left_aside_are_said() {
        let files: [(&str, &[u8]); 5] = [
            ("Title.aepx", b"x"),
            ("Title.aep", b"x"),
            ("Lower Third.mogrt", b"x"),
            ("old/Title.aep", b"x"),
            ("Title auto-save 3.aep", b"x"),
        ];
        let (path, warnings) = warned(&files).unwrap();
        assert_eq!(path, "Title.aep");
        assert_eq!(
            warnings,
            [
                "unsupported: `Title.aep` is read; the archive also holds `Title.aepx`, `Lower Third.mogrt`, \
              `old/Title.aep`, which is not"
            ]
        );
        assert!(warned(&files[..1]).unwrap().1.is_empty());
    }

    #[test]
    fn the_nearest_project_is_chosen() {
        let files: [(&str, &[u8]); 4] = [
            ("footage/logo.json", LOTTIE),
            ("old/v1.aep", b"x"),
            ("Title.AEP", b"x"),
            ("Adobe After Effects Auto-Save/Title auto-save 1.aep", b"x"),
        ];
        assert_eq!(chosen(&files).unwrap(), "Title.AEP");
    }

    #[test]
    fn animations_are_told_from_other_json() {
        let files: [(&str, &[u8]); 2] = [("data.json", b"{\"layers\":3}"), ("anim.json", LOTTIE)];
        assert_eq!(chosen(&files).unwrap(), "anim.json");
    }

    #[test]
    fn none_and_several_are_errors_that_list_what_is_there() {
        let error = chosen(&[("a.png", b"x"), ("b.txt", b"x")]).unwrap_err();
        assert!(error.contains("`a.png`, `b.txt`"), "{error}");
        let error = chosen(&[("a.aep", b"x"), ("b.aepx", b"x")]).unwrap_err();
        assert!(
            error.contains("several projects") && error.contains("`b.aepx`"),
            "{error}"
        );
        assert!(chosen(&[]).unwrap_err().contains("nothing"));
    }
}
