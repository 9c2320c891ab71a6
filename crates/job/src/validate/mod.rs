//! From a body as sent to a [`JobCreation`] or [`JoinCreation`], or to everything that is wrong with it at once.
//!
//! What the contract tolerates is tolerated: unknown keys of the job, its template, its webhook and its assets, `null` for
//! absent, and the empty strings of a form that was filled in only partly. What the contract knows and this version does not
//! do is refused with a text that says so: a job is never accepted and then half ignored.

mod delivery;
mod fields;
mod join;
mod nested;
mod options;
mod places;
mod settings;
mod template;

use serde_json::{Map, Value};
use url::Url;

use crate::assets::{Sources, parse};
use crate::creation::JobCreation;
use crate::join::JoinCreation;
use crate::problem::Problem;
use crate::secrets;
use fields::Reader;

pub(crate) use nested::{clip, nested};
pub use options::is_tag;

/// No job has more assets, nested ones not counted.
const MAX_ASSETS: usize = 10_000;

impl JobCreation {
    /// Reads the body of `POST /jobs`.
    pub fn from_body(body: &Value) -> Result<Self, Vec<Problem>> {
        read(body, Reader::job)
    }
}

impl JoinCreation {
    /// Reads the body of `POST /jobs/join`.
    pub fn from_body(body: &Value) -> Result<Self, Vec<Problem>> {
        read(body, Reader::join)
    }
}

fn read<T>(body: &Value, read: impl FnOnce(&mut Reader, &Map<String, Value>) -> T) -> Result<T, Vec<Problem>> {
    let Value::Object(body) = body else {
        return Err(vec![Problem::new("", "the body must be a JSON object")]);
    };
    let mut reader = Reader { problems: Vec::new() };
    let found = read(&mut reader, body);
    if reader.problems.is_empty() {
        Ok(found)
    } else {
        Err(reader.problems)
    }
}

/// The members of a job that are read; all others are kept as they are.
const JOB_MEMBERS: [&str; 15] = [
    "template",
    "preview",
    "fonts",
    "assets",
    "settings",
    "upload",
    "webhook",
    "outputName",
    "poster",
    "posterFrame",
    "strict",
    "continueOnMissing",
    "onMissingFont",
    "tags",
    "priority",
];

impl Reader {
    fn job(&mut self, body: &Map<String, Value>) -> JobCreation {
        JobCreation {
            template: self.template(body),
            preview: self.boolean("", body, "preview"),
            fonts: self.fonts(body),
            assets: self.assets(body),
            settings: self.settings(body),
            upload: self.upload(body),
            webhook: self.webhook(body),
            output_name: self.output_name(body),
            poster: self.boolean("", body, "poster"),
            poster_frame: self.poster_frame(body),
            strict: self.boolean("", body, "strict"),
            continue_on_missing: self.boolean("", body, "continueOnMissing"),
            fail_on_missing_font: self.on_missing_font(body),
            tags: self.tags(body),
            priority: self.priority(body),
            extra: body
                .iter()
                .filter(|(key, _)| !JOB_MEMBERS.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        }
    }

    fn assets(&mut self, body: &Map<String, Value>) -> Vec<Value> {
        let assets = self.array(body, "assets");
        if assets.len() > MAX_ASSETS {
            self.problem("assets", format!("must not be more than {MAX_ASSETS}"));
            return Vec::new();
        }
        if let Err(problems) = parse(assets, Sources::Web) {
            self.problems.extend(problems);
        }
        for (index, asset) in assets.iter().enumerate() {
            if let Value::Object(asset) = asset
                && asset.get("type").is_some_and(|kind| kind == "job")
                && let Err(problems) = nested(asset)
            {
                let outer = format!("assets[{index}]");
                self.problems
                    .extend(problems.into_iter().map(|problem| problem.inside(&outer)));
            }
        }
        self.places_of_assets(assets);
        assets.to_vec()
    }
}

/// Whether a text is a complete http or https URL, or will be one once its secrets are in it.
pub fn is_web_url(text: &str) -> bool {
    secrets::leads(text)
        || Url::parse(&secrets::stand_in(text))
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}

#[cfg(test)]
mod tests;
