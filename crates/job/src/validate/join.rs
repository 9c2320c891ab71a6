//! The body of `POST /jobs/join`.

use serde_json::{Map, Value};

use super::fields::Reader;
use super::nested::clip;
use crate::join::{JoinCreation, JoinSettings};

/// No film is joined of more clips.
const MAX_CLIPS: usize = 1000;

impl Reader {
    pub(super) fn join(&mut self, body: &Map<String, Value>) -> JoinCreation {
        JoinCreation {
            assets: self.clips(body),
            settings: self.join_settings(body),
            upload: self.upload(body),
            webhook: self.webhook(body),
            output_name: self.output_name(body),
            strict: self.boolean("", body, "strict"),
            tags: self.tags(body),
            priority: self.priority(body),
        }
    }

    fn clips(&mut self, body: &Map<String, Value>) -> Vec<Value> {
        let clips = self.array(body, "assets");
        if clips.is_empty() && !self.has_problem("assets") {
            self.problem("assets", "is required: the clips, at least one");
        }
        if clips.len() > MAX_CLIPS {
            self.problem("assets", format!("must not be more than {MAX_CLIPS}"));
            return Vec::new();
        }
        for (index, asset) in clips.iter().enumerate() {
            self.clip(&format!("assets[{index}]"), asset);
        }
        self.places_of_assets(clips);
        clips.to_vec()
    }

    fn clip(&mut self, field: &str, asset: &Value) {
        let Value::Object(asset) = asset else {
            self.problem(field, "must be an object");
            return;
        };
        let outer = format!("{field}.");
        match self.text(&outer, asset, "type").as_deref() {
            Some("video") => match self.text(&outer, asset, "src") {
                Some(src) => self.web_url(&format!("{field}.src"), &src),
                None => self.problem(format!("{field}.src"), "is required"),
            },
            Some("job") => {
                if let Err(problems) = clip(asset) {
                    self.problems
                        .extend(problems.into_iter().map(|problem| problem.inside(field)));
                }
            }
            Some(other) => self.problem(
                format!("{field}.type"),
                format!("must be `video` or `job`, not `{other}`"),
            ),
            None => self.problem(format!("{field}.type"), "is required: `video` or `job`"),
        }
    }

    fn join_settings(&mut self, body: &Map<String, Value>) -> Option<JoinSettings> {
        let object = self.object(body, "settings")?;
        self.only("settings", object, &["preset"]);
        let preset = self.text("settings.", object, "preset");
        if let Some(other) = preset.as_deref().filter(|preset| *preset != "mp4") {
            self.problem("settings.preset", format!("must be `mp4`, not `{other}`"));
        }
        Some(JoinSettings { preset })
    }
}
