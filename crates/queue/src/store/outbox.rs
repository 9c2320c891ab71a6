//! Webhooks to deliver: written in the transaction that moves the job, tried until they arrive or are given up.

use std::time::Duration;

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{AnyConnection, Arguments, AssertSqlSafe, Row};

use super::Moment;
use super::row::{count32, from_json, instant, instant_of, instant_option, json, millis, plain};
use crate::error::{Error, Result};
use crate::new_id;
use crate::policy::Policy;
use crate::queue::Queue;
use crate::record::{Delivery, DeliveryFilter, DeliveryRecord, DeliveryState};

macro_rules! columns {
    () => {
        "id, team_id, job_id, status, method, url, headers, body, tries, next_at, delivered_at, dead_at, last_status, \
         last_error, created_at"
    };
}

/// A last try that was not heard of for so long went down with its server. No try takes longer.
const LAST_TRY: Duration = Duration::from_mins(5);

impl Queue {
    /// The webhooks to try now, at most so many. Each counts as tried, and is put down for its next try before this one
    /// begins: a server that goes down while it sends tries again when that is due, and none is tried twice at once.
    pub async fn due_webhooks(&self, limit: u32) -> Result<Vec<Delivery>> {
        let moment = self.moment();
        if self.next_webhook_at().await?.is_none_or(|at| at > millis(moment.now)) {
            return Ok(Vec::new());
        }
        self.write((limit, moment), |connection, (limit, moment)| {
            Box::pin(async move {
                let statement = format!(
                    "SELECT {} FROM outbox WHERE next_at <= $1 ORDER BY next_at, id LIMIT $2{}",
                    columns!(),
                    moment.dialect.skip_locked()
                );
                let rows = sqlx::query(AssertSqlSafe(statement))
                    .bind(millis(moment.now))
                    .bind(i64::from(*limit))
                    .fetch_all(&mut *connection)
                    .await?;
                let mut due = Vec::with_capacity(rows.len());
                for row in rows {
                    due.extend(begin_try(connection, &row, moment).await?);
                }
                Ok(due)
            })
        })
        .await
    }

    /// How long until the next webhook is due; `None` while there is none.
    pub async fn until_next_webhook(&self) -> Result<Option<Duration>> {
        let at = self.next_webhook_at().await?.map(instant).transpose()?;
        Ok(at.map(|at| (at - self.clock.now()).try_into().unwrap_or(Duration::ZERO)))
    }

    async fn next_webhook_at(&self) -> Result<Option<i64>> {
        let next = "SELECT next_at FROM outbox WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1";
        Ok(sqlx::query_scalar(next).fetch_optional(&self.store.readers).await?)
    }

    /// Notes that a webhook arrived, and what its receiver answered.
    pub async fn webhook_delivered(&self, id: &str, status: u16) -> Result<()> {
        let given = (plain(id), status, millis(self.clock.now()));
        self.write(given, |connection, (id, status, now)| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE outbox SET delivered_at = $2, next_at = NULL, dead_at = NULL, last_error = NULL,
                        last_status = $3
                     WHERE id = $1",
                )
                .bind(id)
                .bind(*now)
                .bind(i64::from(*status))
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Notes that a try failed; after the last one the webhook is given up.
    pub async fn webhook_failed(&self, id: &str, error: &str) -> Result<()> {
        self.webhook_refused(id, None, error).await
    }

    /// The same, with what the receiver answered.
    pub async fn webhook_refused(&self, id: &str, status: Option<u16>, error: &str) -> Result<()> {
        let given = (plain(id), status, plain(error), self.moment());
        self.write(given, |connection, (id, status, error, moment)| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE outbox SET last_error = $2, last_status = $3,
                        dead_at = CASE WHEN tries >= $4 THEN $5 END,
                        next_at = CASE WHEN tries >= $4 THEN NULL ELSE next_at END
                     WHERE id = $1 AND delivered_at IS NULL AND next_at IS NOT NULL",
                )
                .bind(id)
                .bind(error)
                .bind(status.map(i64::from))
                .bind(all_tries(&moment.policy))
                .bind(millis(moment.now))
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// A team's webhooks, the newest first.
    pub async fn deliveries(&self, team: &str, filter: &DeliveryFilter) -> Result<Vec<DeliveryRecord>> {
        let mut text = format!("SELECT {} FROM outbox WHERE team_id = $1", columns!());
        let mut arguments = AnyArguments::default();
        let unwritable = |error| Error::Store(format!("a list cannot be asked for: {error}"));
        arguments.add(team).map_err(unwritable)?;
        if let Some(job) = &filter.job {
            arguments.add(plain(job)).map_err(unwritable)?;
            text.push_str(" AND job_id = $2");
        }
        text.push_str(match filter.state {
            None => "",
            Some(DeliveryState::Waiting) => " AND next_at IS NOT NULL",
            Some(DeliveryState::Delivered) => " AND delivered_at IS NOT NULL",
            Some(DeliveryState::Dead) => " AND dead_at IS NOT NULL",
        });
        let limit = if filter.limit == 0 { 100 } else { filter.limit };
        text.push_str(" ORDER BY created_at DESC, id DESC LIMIT ");
        text.push_str(&limit.to_string());
        let rows = sqlx::query_with(AssertSqlSafe(text), arguments)
            .fetch_all(&self.store.readers)
            .await?;
        rows.iter().map(delivery).collect()
    }

    /// Sends a team's webhook once more, by the whole schedule, under the same id.
    pub async fn redeliver(&self, team: &str, id: &str) -> Result<DeliveryRecord> {
        let given = (team.to_owned(), plain(id), millis(self.clock.now()));
        let record = self
            .write(given, |connection, (team, id, now)| {
                Box::pin(async move {
                    let row = sqlx::query(concat!(
                        "UPDATE outbox SET tries = 0, next_at = $3, delivered_at = NULL, dead_at = NULL
                         WHERE id = $1 AND team_id = $2 RETURNING ",
                        columns!()
                    ))
                    .bind(id)
                    .bind(team)
                    .bind(*now)
                    .fetch_optional(connection)
                    .await?;
                    delivery(&row.ok_or_else(|| Error::not_found("webhook", id))?)
                })
            })
            .await?;
        self.webhook_waits.notify_waiters();
        Ok(record)
    }

    /// Sends a webhook of no job, for a team to see whether its receiver gets it.
    pub async fn ping_webhook(&self, team: &str, url: &str) -> Result<DeliveryRecord> {
        let id = format!("msg_{}", new_id());
        let body = json(&serde_json::json!({"id": id, "event": "ping"}))?;
        let given = (id, team.to_owned(), plain(url), body, millis(self.clock.now()));
        let record = self
            .write(given, |connection, (id, team, url, body, now)| {
                Box::pin(async move {
                    let row = sqlx::query(concat!(
                        "INSERT INTO outbox (id, team_id, status, method, url, headers, body, next_at, created_at)
                         VALUES ($1, $2, 'ping', 'POST', $3, '{}', $4, $5, $5) RETURNING ",
                        columns!()
                    ))
                    .bind(id)
                    .bind(team)
                    .bind(url)
                    .bind(body)
                    .bind(*now)
                    .fetch_one(connection)
                    .await?;
                    delivery(&row)
                })
            })
            .await?;
        self.webhook_waits.notify_waiters();
        Ok(record)
    }
}

/// The first try and the retries.
fn all_tries(policy: &Policy) -> i64 {
    policy.webhook_retries.len() as i64 + 1
}

async fn begin_try(connection: &mut AnyConnection, row: &AnyRow, moment: &Moment) -> Result<Option<Delivery>> {
    let (id, tries): (String, i64) = (row.try_get("id")?, row.try_get("tries")?);
    if tries >= all_tries(&moment.policy) {
        // The last try began and the server went down before it could tell how that ended.
        sqlx::query("UPDATE outbox SET next_at = NULL, dead_at = $2 WHERE id = $1")
            .bind(id)
            .bind(millis(moment.now))
            .execute(connection)
            .await?;
        return Ok(None);
    }
    let retries = &moment.policy.webhook_retries;
    // After the last one there is nothing to wait for but its outcome.
    let wait = retries.get(tries.max(0) as usize).copied().unwrap_or(LAST_TRY);
    sqlx::query("UPDATE outbox SET tries = $2, next_at = $3 WHERE id = $1")
        .bind(&id)
        .bind(tries + 1)
        .bind(millis(moment.now + wait))
        .execute(connection)
        .await?;
    Ok(Some(Delivery {
        id,
        team: row.try_get("team_id")?,
        job: row.try_get("job_id")?,
        method: row.try_get("method")?,
        url: row.try_get("url")?,
        headers: from_json(row.try_get("headers")?, "webhook headers")?,
        body: row.try_get("body")?,
        attempt: u32::try_from(tries + 1).unwrap_or(1),
    }))
}

fn delivery(row: &AnyRow) -> Result<DeliveryRecord> {
    let (delivered_at, dead_at) = (instant_option(row, "delivered_at")?, instant_option(row, "dead_at")?);
    let status: Option<i64> = row.try_get("last_status")?;
    Ok(DeliveryRecord {
        id: row.try_get("id")?,
        job: row.try_get("job_id")?,
        event: row.try_get("status")?,
        method: row.try_get("method")?,
        url: row.try_get("url")?,
        state: if delivered_at.is_some() {
            DeliveryState::Delivered
        } else if dead_at.is_some() {
            DeliveryState::Dead
        } else {
            DeliveryState::Waiting
        },
        tries: count32(row, "tries")?,
        next_at: instant_option(row, "next_at")?,
        delivered_at,
        dead_at,
        last_status: status.and_then(|status| u16::try_from(status).ok()),
        last_error: row.try_get("last_error")?,
        created_at: instant_of(row, "created_at")?,
    })
}
