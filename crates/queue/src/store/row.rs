//! From rows to records, and the ways instants, lists and numbers are written.

use filmpress_job::JobStatus;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::any::AnyRow;
use time::OffsetDateTime;

use crate::error::{Error, Result};
use crate::record::JobRecord;
use crate::state::State;

/// The columns of a job, named so that a newer table with more of them does not disturb a running server.
macro_rules! job_columns {
    () => {
        "seq, id, team_id, template_id, payload, output_url, poster_url, parent_id, asset, batch_id, batch_index, \
         retry_of, created_at, updated_at, status, attempt, spent, worker, lease_until, not_before, phase, progress, \
         frame, frames, render_since, eta, started_at, finished_at, error_at, cancelled_at, render_duration, error, \
         warnings, missing_fonts, output, poster, redacted_at"
    };
}
pub(crate) use job_columns;

/// An instant as milliseconds.
pub fn millis(instant: OffsetDateTime) -> i64 {
    (instant.unix_timestamp_nanos() / 1_000_000) as i64
}

/// An instant of milliseconds.
pub fn instant(millis: i64) -> Result<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .map_err(|_| Error::Unreadable(format!("instant {millis}")))
}

/// An instant of a column.
pub fn instant_of(row: &AnyRow, column: &str) -> Result<OffsetDateTime> {
    instant(row.try_get(column)?)
}

/// An instant of a column that may be empty.
pub fn instant_option(row: &AnyRow, column: &str) -> Result<Option<OffsetDateTime>> {
    let millis: Option<i64> = row.try_get(column)?;
    millis.map(instant).transpose()
}

/// A number of a column that is never negative.
pub fn count(row: &AnyRow, column: &str) -> Result<u64> {
    let number: i64 = row.try_get(column)?;
    Ok(number.max(0) as u64)
}

/// The same, where 32 bits are enough.
pub fn count32(row: &AnyRow, column: &str) -> Result<u32> {
    Ok(u32::try_from(count(row, column)?).unwrap_or(u32::MAX))
}

/// The same of a column that may be empty.
pub fn count32_option(row: &AnyRow, column: &str) -> Result<Option<u32>> {
    let number: Option<i64> = row.try_get(column)?;
    Ok(number.map(|number| u32::try_from(number.max(0)).unwrap_or(u32::MAX)))
}

/// Somebody's text as both databases can hold it: PostgreSQL's texts have every character but one.
pub fn plain(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// Many of them.
pub fn plain_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| plain(text)).collect()
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

/// The value of a word in a column.
pub fn known<T>(word: &str, what: &str, of: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    of(word).ok_or_else(|| Error::Unreadable(format!("{what} `{word}`")))
}

/// A row of `jobs` as the state alone.
pub fn state(row: &AnyRow) -> Result<State> {
    let (phase, error): (Option<&str>, Option<&str>) = (row.try_get("phase")?, row.try_get("error")?);
    Ok(State {
        status: known(row.try_get("status")?, "job status", JobStatus::from_word)?,
        attempt: count32(row, "attempt")?,
        spent: count32(row, "spent")?,
        worker: row.try_get("worker")?,
        lease_until: instant_option(row, "lease_until")?,
        not_before: instant_of(row, "not_before")?,
        phase: phase
            .map(|phase| from_json(&format!("\"{phase}\""), "phase"))
            .transpose()?,
        progress: row.try_get("progress")?,
        frame: count(row, "frame")?,
        frames: count(row, "frames")?,
        render_since: instant_option(row, "render_since")?,
        eta: instant_option(row, "eta")?,
        started_at: instant_option(row, "started_at")?,
        finished_at: instant_option(row, "finished_at")?,
        error_at: instant_option(row, "error_at")?,
        cancelled_at: instant_option(row, "cancelled_at")?,
        render_duration: row.try_get("render_duration")?,
        error: error.map(|error| from_json(error, "job error")).transpose()?,
        warnings: from_json(row.try_get("warnings")?, "warnings")?,
        missing_fonts: from_json(row.try_get("missing_fonts")?, "missing fonts")?,
        output: row.try_get("output")?,
        poster: row.try_get("poster")?,
    })
}

/// A row of `jobs`.
pub fn job(row: &AnyRow) -> Result<JobRecord> {
    let (asset, batch): (Option<i64>, Option<String>) = (row.try_get("asset")?, row.try_get("batch_id")?);
    let (index, redacted): (Option<u32>, Option<i64>) =
        (count32_option(row, "batch_index")?, row.try_get("redacted_at")?);
    Ok(JobRecord {
        id: row.try_get("id")?,
        seq: row.try_get("seq")?,
        team: row.try_get("team_id")?,
        template: row.try_get("template_id")?,
        payload: from_json(row.try_get("payload")?, "job")?,
        output_url: row.try_get("output_url")?,
        poster_url: row.try_get("poster_url")?,
        parent: row.try_get("parent_id")?,
        asset: asset.map(|asset| asset.max(0) as usize),
        batch: batch.map(|batch| (batch, index.unwrap_or_default())),
        retry_of: row.try_get("retry_of")?,
        redacted: redacted.is_some(),
        created_at: instant_of(row, "created_at")?,
        updated_at: instant_of(row, "updated_at")?,
        state: state(row)?,
    })
}

/// Many rows of `jobs`.
pub fn jobs(rows: &[AnyRow]) -> Result<Vec<JobRecord>> {
    rows.iter().map(job).collect()
}
