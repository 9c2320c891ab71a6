//! Jobs inside of jobs: assets of type `job`, and the clips of a join.
//!
//! A child is a job of its own: what the asset says of it, and from its parent what a child has no members for.

use serde_json::{Map, Value};

use super::fields::Reader;
use super::read;
use crate::creation::JobCreation;
use crate::problem::Problem;
use crate::settings::OutputType;

/// Reads an asset of type `job`, without where its output goes.
pub(crate) fn nested(asset: &Map<String, Value>) -> Result<JobCreation, Vec<Problem>> {
    read(&Value::Object(asset.clone()), |reader, asset| {
        let child = reader.child(asset);
        // Of a template with several compositions the contract wants to be told which.
        if child.template.composition.is_none()
            && !reader.has_problem("template")
            && !reader.has_problem("template.composition")
        {
            reader.problem("template.composition", "is required");
        }
        child
    })
}

/// Reads a clip of type `job`: its output must be a film.
pub(crate) fn clip(asset: &Map<String, Value>) -> Result<JobCreation, Vec<Problem>> {
    read(&Value::Object(asset.clone()), |reader, asset| {
        let child = reader.child(asset);
        if child.output().codec.output_type() != OutputType::Video {
            reader.problem("settings", "a clip must be a film: type `video`");
        }
        child
    })
}

impl Reader {
    fn child(&mut self, asset: &Map<String, Value>) -> JobCreation {
        let template = self.template(asset);
        if template.src.is_some() {
            self.problem("template.src", "a nested job takes an uploaded template: its `id`");
        }
        let assets = self.array(asset, "assets");
        for (index, asset) in assets.iter().enumerate() {
            if asset.get("type").is_some_and(|kind| kind == "job") {
                self.problem(
                    format!("assets[{index}].type"),
                    "a nested job has no nested jobs of its own",
                );
                return JobCreation::new(template);
            }
        }
        JobCreation {
            preview: self.boolean("", asset, "preview"),
            assets: self.assets(asset),
            settings: self.settings(asset),
            ..JobCreation::new(template)
        }
    }
}
