//! Webhooks to deliver.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use time::OffsetDateTime;

use super::Sqlite;
use super::row::{from_json, instant, millis};
use crate::error::Result;
use crate::policy::Policy;
use crate::record::Delivery;

impl Sqlite {
    /// The webhooks to try now. Each is put down for its next try before this one begins: a server that goes down while
    /// it sends tries again when that is due, and none is tried twice at once.
    pub async fn due_webhooks(&self, limit: u32, now: OffsetDateTime, policy: &Policy) -> Result<Vec<Delivery>> {
        if self.next_webhook_at().await?.is_none_or(|at| at > now) {
            return Ok(Vec::new());
        }
        let policy = policy.clone();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let rows = sqlx::query("SELECT * FROM outbox WHERE next_at <= ? ORDER BY next_at, id LIMIT ?")
                        .bind(millis(now))
                        .bind(limit)
                        .fetch_all(&mut *connection)
                        .await?;
                    let mut due = Vec::with_capacity(rows.len());
                    for row in rows {
                        due.extend(begin_try(connection, &row, now, &policy).await?);
                    }
                    Ok(due)
                })
            })
            .await
    }

    /// When the next webhook is due.
    pub async fn next_webhook_at(&self) -> Result<Option<OffsetDateTime>> {
        let at: Option<i64> = sqlx::query_scalar("SELECT min(next_at) FROM outbox WHERE next_at IS NOT NULL")
            .fetch_one(&self.readers)
            .await?;
        at.map(instant).transpose()
    }

    /// Notes that a webhook arrived.
    pub async fn webhook_delivered(&self, id: &str, now: OffsetDateTime) -> Result<()> {
        let id = id.to_owned();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query("UPDATE outbox SET delivered_at = ?, next_at = NULL, last_error = NULL WHERE id = ?")
                        .bind(millis(now))
                        .bind(id)
                        .execute(&mut *connection)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Notes that a try failed; after the last one the webhook is given up.
    pub async fn webhook_failed(&self, id: &str, error: &str, now: OffsetDateTime, policy: &Policy) -> Result<()> {
        let (id, error, tries) = (id.to_owned(), error.to_owned(), all_tries(policy));
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query(
                        "UPDATE outbox SET last_error = ?1,
                            dead_at = CASE WHEN tries >= ?2 THEN ?3 END,
                            next_at = CASE WHEN tries >= ?2 THEN NULL ELSE next_at END
                         WHERE id = ?4 AND delivered_at IS NULL",
                    )
                    .bind(error)
                    .bind(tries)
                    .bind(millis(now))
                    .bind(id)
                    .execute(&mut *connection)
                    .await?;
                    Ok(())
                })
            })
            .await
    }
}

/// The first try and the retries.
fn all_tries(policy: &Policy) -> i64 {
    policy.webhook_retries.len() as i64 + 1
}

async fn begin_try(
    connection: &mut SqliteConnection,
    row: &SqliteRow,
    now: OffsetDateTime,
    policy: &Policy,
) -> Result<Option<Delivery>> {
    let (id, tries): (String, i64) = (row.try_get("id")?, row.try_get("tries")?);
    if tries >= all_tries(policy) {
        // The last try began and the server went down before it could tell how that ended.
        sqlx::query("UPDATE outbox SET next_at = NULL, dead_at = ? WHERE id = ?")
            .bind(millis(now))
            .bind(id)
            .execute(connection)
            .await?;
        return Ok(None);
    }
    let last = policy.webhook_retries.last().copied().unwrap_or_default();
    let wait = policy
        .webhook_retries
        .get(tries.max(0) as usize)
        .copied()
        .unwrap_or(last);
    sqlx::query("UPDATE outbox SET tries = ?, next_at = ? WHERE id = ?")
        .bind(tries + 1)
        .bind(millis(now + wait))
        .bind(&id)
        .execute(connection)
        .await?;
    Ok(Some(Delivery {
        id,
        job: row.try_get("job_id")?,
        method: row.try_get("method")?,
        url: row.try_get("url")?,
        headers: from_json(row.try_get("headers")?, "webhook headers")?,
        body: row.try_get("body")?,
        attempt: (tries + 1).max(1) as u32,
    }))
}
