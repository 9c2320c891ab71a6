//! The job as clients see it: the answer of `GET /jobs/{id}` and the body of a webhook.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::creation::Webhook;
use crate::error::{JobError, Phase};
use crate::status::JobStatus;

/// A job as clients see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// The job's id.
    pub id: String,
    /// The template's id; `null` with `template.src`.
    pub template_id: Option<String>,
    /// `queued`, `pending`, `render:dorender`, `finished`, `error` or `manually_cancelled`.
    pub status: JobStatus,
    /// 0 to 100.
    pub progress: f64,
    /// When things happened, and how long they took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<Stats>,
    /// Where the output is, or will be once the job is `finished`.
    pub output_url: Option<String>,
    /// Where the poster is, or will be once the job is `finished`; where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster_url: Option<String>,
    /// The job that waits for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// The batch it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
    /// The job that this one tries again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<String>,
    /// Fonts of the template that were replaced by others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_fonts: Vec<String>,
    /// What went less than perfectly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What the worker is doing, while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Frames done, while it renders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u64>,
    /// Frames there are, while it renders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames: Option<u64>,
    /// When it is expected to be done, while it renders.
    #[serde(default, with = "instant::option", skip_serializing_if = "Option::is_none")]
    pub eta: Option<OffsetDateTime>,
    /// Why the job failed, for programs; `stats.error` has the sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<JobError>,
    /// The job's tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// When things happened to a job, and how long they took.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// When the job was accepted.
    #[serde(with = "instant")]
    pub created_at: OffsetDateTime,
    /// When anything about it last changed.
    #[serde(with = "instant")]
    pub updated_at: OffsetDateTime,
    /// When a worker first took it.
    #[serde(with = "instant::option")]
    pub started_at: Option<OffsetDateTime>,
    /// When it was done.
    #[serde(with = "instant::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// When it failed.
    #[serde(with = "instant::option")]
    pub error_at: Option<OffsetDateTime>,
    /// How many assets it has.
    pub total_assets: u64,
    /// Seconds of rendering.
    pub render_duration: Option<f64>,
    /// Why it failed.
    pub error: Option<String>,
}

impl Job {
    /// The body of the job's webhook: the job, with the members other vintages of the contract look for beside it and
    /// the client's `data` merged in; with `custom`, `data` alone.
    pub fn webhook_body(&self, webhook: &Webhook) -> Value {
        if webhook.custom {
            return Value::Object(webhook.data.clone());
        }
        let mut body = match serde_json::to_value(self) {
            Ok(Value::Object(body)) => body,
            _ => Map::new(),
        };
        let of_stats = |key: &str| {
            body.get("stats")
                .and_then(|stats| stats.get(key))
                .cloned()
                .unwrap_or_default()
        };
        let beside = [
            ("state", Value::String(self.status.as_str().to_owned())),
            ("finishedAt", of_stats("finishedAt")),
            ("renderDuration", of_stats("renderDuration")),
            ("error", body.get("error").cloned().unwrap_or_default()),
        ];
        body.extend(beside.map(|(key, value)| (key.to_owned(), value)));
        // What the job says about itself wins over data of the same name.
        let mut merged = webhook.data.clone();
        merged.extend(body);
        Value::Object(merged)
    }
}

/// Instants as the API writes them: ISO 8601 in UTC with milliseconds.
pub mod instant {
    use serde::{Deserialize, Deserializer, Serializer};
    use time::format_description::well_known::Rfc3339;
    use time::macros::format_description;
    use time::{OffsetDateTime, UtcOffset};

    /// The text of an instant.
    pub fn to_text(instant: OffsetDateTime) -> String {
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        instant.to_offset(UtcOffset::UTC).format(&format).unwrap_or_default()
    }

    /// The instant of a text.
    pub fn from_text(text: &str) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(text, &Rfc3339).ok()
    }

    /// For serde.
    pub fn serialize<S: Serializer>(instant: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_text(*instant))
    }

    /// For serde.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        from_text(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an ISO 8601 instant")))
    }

    /// The same for instants that may not have come yet.
    pub mod option {
        use serde::{Deserialize, Deserializer, Serializer};
        use time::OffsetDateTime;

        /// For serde.
        pub fn serialize<S: Serializer>(instant: &Option<OffsetDateTime>, serializer: S) -> Result<S::Ok, S::Error> {
            match instant {
                Some(instant) => super::serialize(instant, serializer),
                None => serializer.serialize_none(),
            }
        }

        /// For serde.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OffsetDateTime>, D::Error> {
            let Some(text) = Option::<String>::deserialize(deserializer)? else {
                return Ok(None);
            };
            super::from_text(&text)
                .map(Some)
                .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an ISO 8601 instant")))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::{Job, Stats};
    use crate::creation::Webhook;
    use crate::error::{ErrorCode, JobError, Phase};
    use crate::status::JobStatus;

    fn failed() -> Job {
        let error = JobError::new(ErrorCode::LayerNotFound, Phase::Prepare, "no layer");
        Job {
            id: "J".into(),
            template_id: Some("T".into()),
            status: JobStatus::Error,
            progress: 12.5,
            stats: Some(Stats {
                created_at: datetime!(2026-01-02 03:04:05.678 UTC),
                updated_at: datetime!(2026-01-02 03:04:06 UTC),
                started_at: None,
                finished_at: None,
                error_at: Some(datetime!(2026-01-02 03:04:06 UTC)),
                total_assets: 2,
                render_duration: None,
                error: Some(error.message.clone()),
            }),
            output_url: None,
            poster_url: None,
            parent_id: None,
            batch_id: None,
            retry_of: None,
            missing_fonts: vec![],
            warnings: vec![],
            phase: None,
            frame: None,
            frames: None,
            eta: None,
            error: Some(error),
            tags: vec![],
        }
    }

    #[test]
    fn instants_have_milliseconds_and_absent_ones_are_null() {
        let json = serde_json::to_value(failed()).unwrap();
        assert_eq!(json["stats"]["createdAt"], "2026-01-02T03:04:05.678Z");
        assert_eq!(json["stats"]["updatedAt"], "2026-01-02T03:04:06.000Z");
        assert!(json["stats"]["startedAt"].is_null() && json["stats"].get("startedAt").is_some());
        let back: Job = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(back).unwrap(), json);
    }

    #[test]
    fn a_webhook_has_the_members_of_every_vintage() {
        let data = json!({"orderId": 7, "status": "mine"}).as_object().unwrap().clone();
        let webhook = Webhook {
            url: "http://h".into(),
            method: "POST".into(),
            headers: serde_json::Map::new(),
            data,
            custom: false,
        };
        let body = failed().webhook_body(&webhook);
        assert_eq!((&body["status"], &body["state"]), (&json!("error"), &json!("error")));
        assert_eq!(body["error"]["code"], "LAYER_NOT_FOUND");
        assert_eq!(body["stats"]["error"], "no layer");
        assert_eq!(body["orderId"], 7);
        assert!(body.get("finishedAt").is_some() && body.get("renderDuration").is_some());
        let custom = Webhook {
            custom: true,
            ..webhook
        };
        assert_eq!(failed().webhook_body(&custom), json!({"orderId": 7, "status": "mine"}));
    }
}
