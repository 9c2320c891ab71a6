//! What is kept no longer: files of jobs, what jobs were filled with, jobs themselves.

use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use time::OffsetDateTime;

use super::row::{from_json, json, millis, plain, plain_all};
use super::usage;
use crate::error::Result;
use crate::queue::Queue;
use crate::record::Expired;

/// So many jobs are seen to in one transaction.
const PORTION: i64 = 200;

impl Queue {
    /// Jobs that ended at an instant or earlier and still have files, the oldest first, at most so many.
    pub async fn expired(&self, before: OffsetDateTime, limit: u32) -> Result<Vec<Expired>> {
        let rows = sqlx::query(
            "SELECT id, output, poster FROM jobs WHERE (output IS NOT NULL OR poster IS NOT NULL) AND ended_at <= $1
             ORDER BY ended_at LIMIT $2",
        )
        .bind(millis(before))
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let files: [Option<String>; 2] = [row.try_get("output")?, row.try_get("poster")?];
                Ok(Expired {
                    job: row.try_get("id")?,
                    keys: files.into_iter().flatten().collect(),
                })
            })
            .collect()
    }

    /// Notes that a job's files are gone.
    pub async fn forget_outputs(&self, job: &str) -> Result<()> {
        self.write(plain(job), |connection, job| {
            Box::pin(async move {
                sqlx::query("UPDATE jobs SET output = NULL, poster = NULL WHERE id = $1 AND ended_at IS NOT NULL")
                    .bind(job)
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// Jobs that ended at an instant or earlier, have no files left and no relatives still to be done, the oldest first, at
    /// most so many.
    pub async fn removable(&self, before: OffsetDateTime, limit: u32) -> Result<Vec<String>> {
        let ids = sqlx::query_scalar(
            "SELECT id FROM jobs AS old WHERE ended_at IS NOT NULL AND ended_at <= $1
                AND output IS NULL AND poster IS NULL
                AND NOT EXISTS (SELECT 1 FROM jobs WHERE parent_id = old.id AND ended_at IS NULL)
                AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = old.parent_id AND ended_at IS NULL)
             ORDER BY ended_at LIMIT $2",
        )
        .bind(millis(before))
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await?;
        Ok(ids)
    }

    /// Removes jobs that have ended, with their attempts and webhooks; their usage stays. Returns how many.
    pub async fn remove_jobs(&self, ids: &[String]) -> Result<u64> {
        let mut removed = 0;
        for portion in ids.chunks(PORTION as usize) {
            let given = (json(&plain_all(portion))?, self.store.dialect);
            removed += self
                .write(given, |connection, (ids, dialect)| {
                    Box::pin(async move {
                        usage::keep(connection, ids, *dialect).await?;
                        let those = format!(
                            "(SELECT id FROM jobs WHERE id {} AND ended_at IS NOT NULL)",
                            dialect.one_of(1)
                        );
                        for table in ["attempts", "outbox", "idempotency"] {
                            let statement = format!("DELETE FROM {table} WHERE job_id IN {those}");
                            sqlx::query(AssertSqlSafe(statement))
                                .bind(ids)
                                .execute(&mut *connection)
                                .await?;
                        }
                        let statement = format!("DELETE FROM jobs WHERE id IN {those}");
                        let done = sqlx::query(AssertSqlSafe(statement))
                            .bind(ids)
                            .execute(connection)
                            .await?;
                        Ok(done.rows_affected())
                    })
                })
                .await?;
        }
        Ok(removed)
    }

    /// Forgets the logs of jobs that ended at an instant or earlier, and what their assets, webhooks and uploads were
    /// filled with; returns how many jobs.
    pub async fn redact(&self, before: OffsetDateTime) -> Result<u64> {
        let mut redacted = 0;
        loop {
            let given = (millis(before), millis(self.clock.now()), self.store.dialect);
            let portion = self
                .write(given, |connection, (before, now, dialect)| {
                    Box::pin(async move {
                        let statement = format!(
                            "SELECT id, payload FROM jobs
                             WHERE ended_at IS NOT NULL AND redacted_at IS NULL AND ended_at <= $1
                             ORDER BY ended_at LIMIT {PORTION}{}",
                            dialect.skip_locked()
                        );
                        let rows = sqlx::query(AssertSqlSafe(statement))
                            .bind(*before)
                            .fetch_all(&mut *connection)
                            .await?;
                        for row in &rows {
                            let id: String = row.try_get("id")?;
                            redact(connection, &id, row.try_get("payload")?, *now).await?;
                        }
                        Ok(rows.len() as i64)
                    })
                })
                .await?;
            redacted += portion as u64;
            if portion < PORTION {
                return Ok(redacted);
            }
        }
    }

    /// Forgets idempotency keys noted at an instant or earlier; returns how many.
    pub async fn drop_idempotency(&self, before: OffsetDateTime) -> Result<u64> {
        self.write(millis(before), |connection, before| {
            Box::pin(async move {
                let done = sqlx::query("DELETE FROM idempotency WHERE created_at <= $1")
                    .bind(*before)
                    .execute(connection)
                    .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }

    /// Those of the storage keys that nothing in the queue names: files that may go. What a worker is just making
    /// (`outputs/<job>/...` of a job that is not done) counts as named.
    pub async fn unreferenced(&self, keys: &[String]) -> Result<Vec<String>> {
        let mut connection = self.store.readers.acquire().await?;
        let mut unnamed = Vec::new();
        for key in keys {
            if !is_named(&mut connection, key).await? {
                unnamed.push(key.clone());
            }
        }
        Ok(unnamed)
    }
}

/// Whether anything names a storage key.
pub async fn is_named(connection: &mut AnyConnection, key: &str) -> Result<bool> {
    let key = plain(key);
    let of_job = key.strip_prefix("outputs/").and_then(|rest| rest.split('/').next());
    let found = if let Some(job) = of_job {
        sqlx::query("SELECT 1 AS found FROM jobs WHERE id = $2 AND (ended_at IS NULL OR output = $1 OR poster = $1)")
            .bind(&key)
            .bind(job)
            .fetch_optional(connection)
            .await?
    } else {
        sqlx::query("SELECT 1 AS found FROM templates WHERE file = $1 UNION ALL SELECT 1 FROM fonts WHERE file = $1")
            .bind(&key)
            .fetch_optional(connection)
            .await?
    };
    Ok(found.is_some())
}

async fn redact(connection: &mut AnyConnection, id: &str, payload: &str, now: i64) -> Result<()> {
    sqlx::query("UPDATE attempts SET log = NULL WHERE job_id = $1")
        .bind(id)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE jobs SET payload = $2, redacted_at = $3 WHERE id = $1")
        .bind(id)
        .bind(json(&without_contents(from_json(payload, "job")?))?)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// A payload with its shape alone: what was changed, not to what.
fn without_contents(mut payload: Value) -> Value {
    const SHAPE: [&str; 6] = ["type", "layerName", "layerIndex", "composition", "property", "name"];
    if let Some(assets) = payload.get_mut("assets").and_then(Value::as_array_mut) {
        for asset in assets.iter_mut().filter_map(Value::as_object_mut) {
            asset.retain(|key, _| SHAPE.contains(&key.as_str()));
        }
    }
    if let Some(webhook) = payload.get_mut("webhook").and_then(Value::as_object_mut) {
        webhook.retain(|key, _| ["url", "method", "custom"].contains(&key.as_str()));
        webhook.insert("url".to_owned(), Value::String(String::new()));
    }
    if let Some(template) = payload.get_mut("template").and_then(Value::as_object_mut)
        && template.contains_key("src")
    {
        template.insert("src".to_owned(), Value::String(String::new()));
    }
    if let Some(payload) = payload.as_object_mut() {
        // The keys to somebody's store.
        payload.remove("upload");
    }
    payload
}

#[cfg(test)]
mod tests {
    use filmpress_job::Payload;
    use serde_json::json;

    use super::without_contents;

    #[test]
    fn a_redacted_payload_is_still_one() {
        let payload = json!({
            "template": {"id": "T", "src": "https://h/a.aep?token=1"},
            "assets": [{"type": "text", "layerName": "Name", "value": "Jane"}, {"type": "image", "src": "https://h/jane.png"}],
            "webhook": {"url": "https://h/?key=1", "headers": {"X": "1"}, "data": {"name": "Jane"}},
            "upload": {"provider": "s3", "params": {"accessKeySecret": "s"}}, "tags": ["a"]
        });
        let text = without_contents(payload).to_string();
        for gone in ["Jane", "jane.png", "key=1", "token=1", "accessKey", "\"X\""] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
        let read: Payload = serde_json::from_str(&text).unwrap();
        assert_eq!((read.assets().len(), read.tags()), (2, &["a".to_owned()][..]));
        assert_eq!(read.assets()[0]["layerName"], "Name");
    }
}
