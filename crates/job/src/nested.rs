//! Jobs inside of jobs: which children an accepted job has, each a job of its own.

use serde_json::Value;

use crate::creation::JobCreation;
use crate::payload::Payload;
use crate::validate;

/// A child of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Which of the parent's assets it is for, counted from 0.
    pub asset: usize,
    /// What it is to do.
    pub job: JobCreation,
}

impl Payload {
    /// The children: assets of type `job`, clips of type `job`. They have their parent's tags and priority, so that they
    /// are drawn where and when it would be, and its fonts and its patience with what is missing.
    pub fn children(&self) -> Vec<Child> {
        let assets = self.assets().iter().enumerate();
        let jobs = assets.filter(|(_, asset)| asset.get("type").is_some_and(|kind| kind == "job"));
        jobs.filter_map(|(asset, json)| {
            let Value::Object(object) = json else { return None };
            let read = match self {
                Self::Render(_) => validate::nested(object),
                Self::Join(_) => validate::clip(object),
            };
            let mut job = read.ok()?;
            if let Self::Render(parent) = self {
                job.fonts.clone_from(&parent.fonts);
                job.continue_on_missing = parent.continue_on_missing;
                job.fail_on_missing_font = parent.fail_on_missing_font;
            }
            job.strict = self.is_strict();
            job.tags = self.tags().to_vec();
            job.priority = self.priority();
            Some(Child { asset, job })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::creation::JobCreation;
    use crate::join::JoinCreation;
    use crate::payload::Payload;
    use crate::settings::Codec;

    const ID: &str = "01J9ZK3V5YQ2W8N4R6T0B1C2D3";

    fn nested(extra: &Value) -> Value {
        let mut asset = json!({"type": "job", "layerName": "Clip", "template": {"id": ID, "composition": "Intro"},
            "assets": [{"type": "text", "layerName": "Title", "value": "Ada"}]});
        asset
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        asset
    }

    fn fields(body: &Value) -> Vec<String> {
        let problems = JobCreation::from_body(body).unwrap_err();
        problems.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn a_child_is_a_job_of_its_own() {
        let text = json!({"type": "text", "layerName": "T", "value": "v"});
        let still = nested(&json!({"settings": {"type": "image", "frames": 0}}));
        let body = json!({"template": {"id": ID, "composition": "Main"}, "assets": [text, nested(&json!({})), still],
            "tags": "gpu", "priority": 3, "fonts": ["A.ttf"], "continueOnMissing": true,
            "webhook": {"url": "https://h/"}});
        let payload = Payload::from(JobCreation::from_body(&body).unwrap());
        let children = payload.children();
        assert_eq!(children.iter().map(|child| child.asset).collect::<Vec<_>>(), [1, 2]);
        let first = &children[0].job;
        assert_eq!(first.template.composition.as_deref(), Some("Intro"));
        assert_eq!(first.assets[0]["value"], "Ada");
        assert_eq!(
            (first.priority, first.tags.as_slice()),
            (3, ["gpu".to_owned()].as_slice())
        );
        assert!(first.continue_on_missing && first.webhook.is_none());
        assert_eq!(
            (first.output().codec, children[1].job.output().codec),
            (Codec::H264Vbr15, Codec::Png)
        );
    }

    #[test]
    fn what_is_wrong_inside_is_told_with_its_whole_field() {
        let inner = json!([{"type": "text", "layerName": "T"}, {"type": "hologram"}]);
        let bad = json!({"type": "job", "template": {"src": "https://h/a.aep"}, "assets": inner,
            "settings": {"codec": "x"}});
        let found = fields(&json!({"template": {"id": ID}, "assets": [bad]}));
        for field in [
            "assets[0].layerName",
            "assets[0].template.src",
            "assets[0].template.composition",
            "assets[0].assets[0].value",
            "assets[0].assets[1].type",
            "assets[0].settings.codec",
        ] {
            assert!(found.iter().any(|f| f == field), "{field} is not in {found:?}");
        }
        let deep = nested(&json!({"assets": [nested(&json!({}))]}));
        assert_eq!(
            fields(&json!({"template": {"id": ID}, "assets": [deep]})),
            ["assets[0].assets[0].type"]
        );
    }

    #[test]
    fn a_join_has_clips() {
        let film = json!({"type": "video", "src": "https://h/a.mp4"});
        let job = json!({"type": "job", "template": {"id": ID}});
        let join = JoinCreation::from_body(&json!({"assets": [film, job], "settings": {"preset": "mp4"}})).unwrap();
        let children = Payload::from(join).children();
        assert_eq!((children.len(), children[0].asset), (1, 1));
        let still = json!({"type": "job", "template": {"id": ID}, "settings": {"type": "image", "frames": 1}});
        let bad = json!({"assets": [{"type": "audio"}, {"type": "video"}, still, 3, {"type": "video", "src": "ftp://h"}],
            "settings": {"preset": "mov", "codec": "x"}});
        let problems = JoinCreation::from_body(&bad).unwrap_err();
        let mut found: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        found.sort_unstable();
        assert_eq!(
            found,
            [
                "assets[0].type",
                "assets[1].src",
                "assets[2].settings",
                "assets[3]",
                "assets[4].src",
                "settings.codec",
                "settings.preset"
            ]
        );
        assert_eq!(JoinCreation::from_body(&json!({})).unwrap_err()[0].field, "assets");
    }
}
