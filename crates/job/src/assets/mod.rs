//! What a job changes in its template: one file an asset type.
//!
//! An asset is read from the job's JSON ([`parse`] reports everything wrong at once), says what has to be downloaded
//! for it ([`Asset::src`]) and then changes the project ([`Asset::apply`]). Assets are applied in the job's order.
//!
//! To add one: a file with a `pub(super) fn parse(&mut Fields) -> Option<Box<dyn Asset>>`, its `mod` line and its
//! line in [`TYPES`]; take it off [`NOT_BUILT`].

mod attribute;
mod data;
mod error;
mod essential;
pub(crate) mod fields;
mod image;
mod image_header;
mod job;
mod media;
pub(crate) mod property;
mod replace;
mod source_text;
pub(crate) mod target;
mod text;
pub(crate) mod value;

use std::fmt::Debug;

use filmpress_composition::{Project, Warned};

use crate::Problem;
use crate::functions;
use fields::Fields;

pub use error::AssetError;
pub use media::{FilmFile, Media};
pub use target::Target;

/// An asset of a job, validated.
pub trait Asset: Debug + Send + Sync {
    /// The `type` of the job's JSON.
    fn type_name(&self) -> &'static str;

    /// What must be downloaded before it can be applied: an URL or, where the caller allows them, a path.
    fn src(&self) -> Option<&str> {
        None
    }

    /// Whether it needs what a child of the job has made.
    fn is_child(&self) -> bool {
        false
    }

    /// Changes the project. `downloaded` is what was found at [`Asset::src`], or the output of the child.
    fn apply(&self, project: &mut Project, downloaded: Option<Media>) -> Result<Warned<()>, AssetError>;
}

/// Reads one asset type; `None` when the fields had problems.
type Parse = fn(&mut Fields<'_>) -> Option<Box<dyn Asset>>;

/// The asset types there are.
const TYPES: &[(&str, Parse)] = &[
    ("text", text::parse),
    ("data", data::parse),
    ("image", image::image),
    ("video", image::video),
    ("job", job::parse),
    ("essential", essential::parse),
    ("function", functions::parse),
];

/// Nexrender's other asset types: refused, because ignoring one would give a wrong film.
const NOT_BUILT: &[&str] = &["audio", "static", "script"];

/// Where `src` may point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    /// `http:`, `https:` and `data:` URLs: what a job from the network may ask for.
    Web,
    /// Those and files of this machine: for jobs given on the command line.
    WebAndFiles,
}

/// Reads a job's `assets`, in order. All problems are reported, each with its field (`assets[0].value`).
pub fn parse(assets: &[serde_json::Value], sources: Sources) -> Result<Vec<Box<dyn Asset>>, Vec<Problem>> {
    let mut problems = Vec::new();
    let parsed = assets
        .iter()
        .enumerate()
        .filter_map(|(i, json)| parse_one(json, &format!("assets[{i}]"), sources, &mut problems))
        .collect();
    if problems.is_empty() { Ok(parsed) } else { Err(problems) }
}

fn parse_one(
    json: &serde_json::Value,
    field: &str,
    sources: Sources,
    problems: &mut Vec<Problem>,
) -> Option<Box<dyn Asset>> {
    let Some(object) = json.as_object() else {
        problems.push(Problem::new(field, "must be an object"));
        return None;
    };
    let mut fields = Fields::new(object, field, sources, problems);
    let known = || {
        TYPES
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let type_name = fields.required_string("type")?;
    if let Some((_, parse)) = TYPES.iter().find(|(name, _)| *name == type_name) {
        return parse(&mut fields);
    }
    let message = if NOT_BUILT.contains(&type_name.as_str()) {
        format!(
            "assets of type `{type_name}` are not supported yet; supported are {}",
            known()
        )
    } else {
        format!("`{type_name}` is not an asset type; supported are {}", known())
    };
    fields.problem("type", message);
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problems(assets: &serde_json::Value) -> Vec<String> {
        match parse(assets.as_array().unwrap(), Sources::Web) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn all_problems_are_reported_with_their_fields() {
        let found = problems(&json!([
            {"type": "text", "value": 3},
            {"type": "audio", "layerName": "Clip", "src": "https://example.org/a.mp3"},
            {"type": "txet"},
            "text",
            {"layerName": "X"},
            {"type": "data", "layerName": "X"},
            {"type": "image", "layerName": 4, "src": ""},
            {"type": "image", "layerIndex": 1, "src": "file:///etc/passwd"},
        ]));
        let fields: Vec<_> = found.iter().map(|p| p.split(": ").next().unwrap()).collect();
        assert_eq!(
            fields,
            [
                "assets[0].layerName",
                "assets[1].type",
                "assets[2].type",
                "assets[3]",
                "assets[4].type",
                "assets[5].property",
                "assets[5].value",
                "assets[6].layerName",
                "assets[6].src",
                "assets[7].src",
            ],
            "{found:#?}"
        );
        assert!(found[1].contains("`audio` are not supported yet"), "{}", found[1]);
    }

    #[test]
    fn the_table_has_every_type_once() {
        let mut names: Vec<_> = TYPES
            .iter()
            .map(|(name, _)| *name)
            .chain(NOT_BUILT.iter().copied())
            .collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn files_only_where_they_are_allowed() {
        let asset = [json!({"type": "image", "layerName": "Logo", "src": "logo.png"})];
        assert!(parse(&asset, Sources::Web).is_err());
        let parsed = parse(&asset, Sources::WebAndFiles).unwrap();
        assert_eq!(parsed[0].src(), Some("logo.png"));
        assert_eq!(parsed[0].type_name(), "image");
    }
}
