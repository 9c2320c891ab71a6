//! What is kept of a job that was accepted: a render or a join.

use serde::{Deserialize, Serialize};

use crate::creation::{JobCreation, Webhook};
use crate::join::JoinCreation;
use crate::upload::Upload;

/// What a job is to do, as it was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "nearly all jobs are of the larger kind")]
pub enum Payload {
    /// Render a template: the body of `POST /jobs`, or one child of such a job.
    Render(JobCreation),
    /// Put clips one after another: the body of `POST /jobs/join`.
    Join(JoinCreation),
}

impl Payload {
    /// The render, if it is one.
    pub fn render(&self) -> Option<&JobCreation> {
        match self {
            Self::Render(job) => Some(job),
            Self::Join(_) => None,
        }
    }

    /// The assets as sent; of a join its clips.
    pub fn assets(&self) -> &[serde_json::Value] {
        match self {
            Self::Render(job) => &job.assets,
            Self::Join(join) => &join.assets,
        }
    }

    /// Whom to tell when it ends.
    pub fn webhook(&self) -> Option<&Webhook> {
        match self {
            Self::Render(job) => job.webhook.as_ref(),
            Self::Join(join) => join.webhook.as_ref(),
        }
    }

    /// The client's own store that the output goes to.
    pub fn upload(&self) -> Option<&Upload> {
        match self {
            Self::Render(job) => job.upload.as_ref(),
            Self::Join(join) => join.upload.as_ref(),
        }
    }

    /// Words to find the job by, and to choose its worker.
    pub fn tags(&self) -> &[String] {
        match self {
            Self::Render(job) => &job.tags,
            Self::Join(join) => &join.tags,
        }
    }

    /// Larger goes first.
    pub fn priority(&self) -> i64 {
        match self {
            Self::Render(job) => job.priority,
            Self::Join(join) => join.priority,
        }
    }

    /// What was asked for and has no effect.
    pub fn warnings(&self) -> Vec<String> {
        match self {
            Self::Render(job) => job.warnings(),
            Self::Join(_) => Vec::new(),
        }
    }

    /// Whether anything that is known to go wrong is a reason to refuse it.
    pub fn is_strict(&self) -> bool {
        match self {
            Self::Render(job) => job.strict,
            Self::Join(join) => join.strict,
        }
    }

    /// The output's file name as clients see it: the name asked for or the job's id, with its extension.
    pub fn file_name(&self, id: &str) -> String {
        let asked = match self {
            Self::Render(job) => job.output_name.as_deref(),
            Self::Join(join) => join.output_name.as_deref(),
        };
        let extension = self.extension();
        let name = asked.unwrap_or(id);
        // A name that already has the extension is not given it twice.
        match name.rsplit_once('.') {
            Some((_, end)) if end.eq_ignore_ascii_case(extension) => name.to_owned(),
            _ => format!("{name}.{extension}"),
        }
    }

    /// The poster's file name, where one is made.
    pub fn poster_name(&self, id: &str) -> Option<String> {
        let job = self.render().filter(|job| job.makes_poster())?;
        Some(format!("{}.poster.jpg", job.output_name.as_deref().unwrap_or(id)))
    }

    /// The extension of the output file.
    pub fn extension(&self) -> &'static str {
        match self {
            Self::Render(job) => job.output().extension(),
            Self::Join(_) => "mp4",
        }
    }
}

impl From<JobCreation> for Payload {
    fn from(job: JobCreation) -> Self {
        Self::Render(job)
    }
}

impl From<JoinCreation> for Payload {
    fn from(join: JoinCreation) -> Self {
        Self::Join(join)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Payload;

    #[test]
    fn files_have_the_name_asked_for() {
        let named = |extra: serde_json::Value| {
            let mut body = json!({"template": {"id": "T"}});
            body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            serde_json::from_value::<Payload>(body).unwrap()
        };
        assert_eq!(named(json!({})).file_name("J"), "J.mp4");
        assert_eq!(named(json!({"outputName": "spring"})).file_name("J"), "spring.mp4");
        assert_eq!(named(json!({"outputName": "spring.MP4"})).file_name("J"), "spring.MP4");
        assert_eq!(named(json!({})).poster_name("J"), None);
        assert_eq!(
            named(json!({"poster": true})).poster_name("J").as_deref(),
            Some("J.poster.jpg")
        );
        let still = json!({"poster": true, "settings": {"type": "image", "frames": 1}});
        assert_eq!(named(still).poster_name("J"), None);
    }

    #[test]
    fn the_store_tells_renders_from_joins() {
        let render: Payload = serde_json::from_value(json!({"template": {"id": "T"}})).unwrap();
        let join: Payload =
            serde_json::from_value(json!({"assets": [{"type": "video", "src": "https://h/a.mp4"}]})).unwrap();
        assert!(render.render().is_some() && join.render().is_none());
        for payload in [render, join] {
            let stored = serde_json::to_string(&payload).unwrap();
            assert_eq!(serde_json::from_str::<Payload>(&stored).unwrap(), payload);
        }
    }
}
