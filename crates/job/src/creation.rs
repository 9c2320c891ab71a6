//! The body of `POST /jobs`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::settings::{Frames, Output, OutputType, Settings};
use crate::upload::Upload;

/// The body of `POST /jobs`, valid and with what counts as absent left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobCreation {
    /// What to render.
    pub template: TemplateReference,
    /// A quick look instead of the full output.
    #[serde(default)]
    pub preview: bool,
    /// File names of uploaded fonts to use whatever the template asks for.
    #[serde(default)]
    pub fonts: Vec<String>,
    /// What to change, in this order. Kept as sent; `assets` gives them their types.
    #[serde(default)]
    pub assets: Vec<Value>,
    /// What file to make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    /// The client's own store that the output goes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Upload>,
    /// Whom to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Webhook>,
    /// The output's file name without its extension, in place of the job's id.
    #[serde(default, rename = "outputName", skip_serializing_if = "Option::is_none")]
    pub output_name: Option<String>,
    /// Make a still of the film beside it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub poster: bool,
    /// Of which frame, counted as `settings.frames` are; the one in the middle without it.
    #[serde(default, rename = "posterFrame", skip_serializing_if = "Option::is_none")]
    pub poster_frame: Option<u64>,
    /// Refuse the job where it would end in an error or with a warning, instead of trying.
    #[serde(default, skip_serializing_if = "is_false")]
    pub strict: bool,
    /// Skip assets whose layer, composition or property is not there, with a warning.
    #[serde(default, rename = "continueOnMissing", skip_serializing_if = "is_false")]
    pub continue_on_missing: bool,
    /// Fail, instead of warning, where a font of the template is missing.
    #[serde(default, rename = "failOnMissingFont", skip_serializing_if = "is_false")]
    pub fail_on_missing_font: bool,
    /// Words to find the job by, and to choose its worker.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Larger goes first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: i64,
    /// Keys the contract does not name: tolerated, kept, without effect.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl JobCreation {
    /// A job of this template and nothing else.
    pub fn new(template: TemplateReference) -> Self {
        Self {
            template,
            preview: false,
            fonts: Vec::new(),
            assets: Vec::new(),
            settings: None,
            upload: None,
            webhook: None,
            output_name: None,
            poster: false,
            poster_frame: None,
            strict: false,
            continue_on_missing: false,
            fail_on_missing_font: false,
            tags: Vec::new(),
            priority: 0,
            extra: Map::new(),
        }
    }

    /// Whether a poster is made: of a film that wants one. A still is its own.
    pub fn makes_poster(&self) -> bool {
        self.poster && self.output().codec.output_type() == OutputType::Video
    }

    /// What file the job makes, every default decided.
    pub fn output(&self) -> Output {
        Output::of(self.settings.as_ref(), self.preview)
    }

    /// What was asked for and has no effect beside the rest: said with the job, so that it is not ignored in silence.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let settings = self.settings.clone().unwrap_or_default();
        if self.preview && settings != Settings::default() {
            warnings.push("`settings` have no effect on a `preview`".to_owned());
        } else if let (Some(Frames::One(frame)), OutputType::Video) =
            (settings.frames, self.output().codec.output_type())
        {
            warnings.push(format!(
                "`settings.frames` {frame} has no effect on a film; [first, last] would"
            ));
        }
        if self.poster && !self.makes_poster() {
            warnings.push("`poster` has no effect on stills".to_owned());
        }
        if self.settings.as_ref().is_some_and(|settings| settings.codec_was_short) {
            warnings.push(format!(
                "`settings.codec` is called `{}` in full",
                self.output().codec.id()
            ));
        }
        warnings
    }
}

/// The template of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateReference {
    /// The id of an uploaded template; with `src` only a label.
    pub id: String,
    /// A URL to load the template from, for this job alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub src: Option<String>,
    /// The composition to render; without it the only one, else the one no other composition uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composition: Option<String>,
}

/// Whom to tell when a job ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    #[serde(default = "post")]
    pub method: String,
    /// Headers to send along.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// Members to send along.
    #[serde(default)]
    pub data: Map<String, Value>,
    /// Send `data` and nothing else.
    #[serde(default)]
    pub custom: bool,
}

fn post() -> String {
    "POST".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::JobCreation;

    #[test]
    fn what_has_no_effect_is_said() {
        let warnings = |extra: serde_json::Value| {
            let mut body = json!({"template": {"id": "T"}});
            body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            serde_json::from_value::<JobCreation>(body).unwrap().warnings()
        };
        assert!(warnings(json!({"preview": true, "settings": {}})).is_empty());
        assert!(warnings(json!({"preview": true, "settings": {"quality": "full"}}))[0].contains("`preview`"));
        assert!(warnings(json!({"settings": {"frames": 3}}))[0].contains("`settings.frames` 3"));
        assert!(warnings(json!({"settings": {"frames": 3, "codec": "image_png"}})).is_empty());
    }

    #[test]
    fn unknown_keys_survive_the_store() {
        let sent = json!({"template": {"id": "T"}, "assets": [{"type": "text", "odd": 1}], "campaign": {"a": [1]}});
        let job: JobCreation = serde_json::from_value(sent).unwrap();
        let stored: JobCreation = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
        assert_eq!(stored, job);
        assert_eq!(stored.extra["campaign"]["a"][0], 1);
        assert_eq!(stored.assets[0]["odd"], 1);
    }
}
