//! From rows to records, and the two ways instants and lists are written.

use filmpress_job::JobStatus;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use time::OffsetDateTime;

use crate::error::{Error, Result};
use crate::record::{Introspection, JobRecord, StoredFile, TemplateRecord, TemplateStatus};
use crate::state::State;

/// An instant as milliseconds.
pub fn millis(instant: OffsetDateTime) -> i64 {
    (instant.unix_timestamp_nanos() / 1_000_000) as i64
}

/// An instant of milliseconds.
pub fn instant(millis: i64) -> Result<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .map_err(|_| Error::Unreadable(format!("instant {millis}")))
}

fn instant_option(millis: Option<i64>) -> Result<Option<OffsetDateTime>> {
    millis.map(instant).transpose()
}

/// A value as JSON.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Unreadable(format!("value to write: {error}")))
}

/// A value of JSON.
pub fn from_json<T: DeserializeOwned>(text: &str, what: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Unreadable(format!("{what}: {error}")))
}

/// A unit enum as the word serde gives it.
pub fn word<T: Serialize>(value: &T) -> Result<String> {
    Ok(json(value)?.trim_matches('"').to_owned())
}

fn status(row: &SqliteRow) -> Result<JobStatus> {
    let word: String = row.try_get("status")?;
    JobStatus::from_word(&word).ok_or(Error::Unreadable(format!("job status `{word}`")))
}

/// A row of `jobs` as the state alone.
pub fn state(row: &SqliteRow) -> Result<State> {
    let phase: Option<String> = row.try_get("phase")?;
    let error: Option<String> = row.try_get("error")?;
    Ok(State {
        status: status(row)?,
        attempt: row.try_get("attempt")?,
        spent: row.try_get("spent")?,
        worker: row.try_get("worker")?,
        lease_until: instant_option(row.try_get("lease_until")?)?,
        not_before: instant(row.try_get("not_before")?)?,
        phase: phase
            .map(|phase| from_json(&format!("\"{phase}\""), "phase"))
            .transpose()?,
        progress: row.try_get("progress")?,
        started_at: instant_option(row.try_get("started_at")?)?,
        finished_at: instant_option(row.try_get("finished_at")?)?,
        error_at: instant_option(row.try_get("error_at")?)?,
        render_duration: row.try_get("render_duration")?,
        error: error.map(|error| from_json(&error, "job error")).transpose()?,
        warnings: from_json(row.try_get("warnings")?, "warnings")?,
        missing_fonts: from_json(row.try_get("missing_fonts")?, "missing fonts")?,
        output: row.try_get("output")?,
    })
}

/// A row of `jobs`.
pub fn job(row: &SqliteRow) -> Result<JobRecord> {
    Ok(JobRecord {
        id: row.try_get("id")?,
        team: row.try_get("team_id")?,
        template: row.try_get("template_id")?,
        payload: from_json(row.try_get("payload")?, "job")?,
        output_url: row.try_get("output_url")?,
        created_at: instant(row.try_get("created_at")?)?,
        updated_at: instant(row.try_get("updated_at")?)?,
        state: state(row)?,
    })
}

/// A row of `templates`.
pub fn template(row: &SqliteRow) -> Result<TemplateRecord> {
    let word: String = row.try_get("status")?;
    let file: Option<String> = row.try_get("file")?;
    let (sha256, size): (Option<String>, Option<i64>) = (row.try_get("sha256")?, row.try_get("size")?);
    Ok(TemplateRecord {
        id: row.try_get("id")?,
        team: row.try_get("team_id")?,
        kind: row.try_get("kind")?,
        display_name: row.try_get("display_name")?,
        status: TemplateStatus::from_word(&word).ok_or(Error::Unreadable(format!("template status `{word}`")))?,
        error: row.try_get("error")?,
        file: file.map(|key| StoredFile {
            key,
            sha256: sha256.unwrap_or_default(),
            size: size.unwrap_or_default().max(0) as u64,
        }),
        introspection: Introspection {
            compositions: from_json(row.try_get("compositions")?, "compositions")?,
            layers: from_json(row.try_get("layers")?, "layers")?,
            mogrt: from_json(row.try_get("mogrt")?, "mogrt")?,
        },
        created_at: instant(row.try_get("created_at")?)?,
        updated_at: instant(row.try_get("updated_at")?)?,
    })
}
