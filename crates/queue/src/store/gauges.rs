//! How full the queue is.

use sqlx::AssertSqlSafe;

use super::row::{instant, millis};
use crate::error::Result;
use crate::queue::Queue;
use crate::record::Gauges;

impl Queue {
    /// How full the queue is, of all teams.
    pub async fn gauges(&self) -> Result<Gauges> {
        let now = self.clock.now();
        let oldest_queued = self
            .oldest("SELECT min(created_at) FROM jobs INDEXED jobs_queued WHERE status = 'queued'")
            .await?;
        let longest_due = self
            .oldest("SELECT min(next_at) FROM outbox WHERE next_at IS NOT NULL")
            .await?;
        let age = |at: Option<i64>| -> Result<f64> {
            let at = at.map(instant).transpose()?;
            Ok(at.map_or(0.0, |at| (now - at).as_seconds_f64().max(0.0)))
        };
        Ok(Gauges {
            queued: self
                .count("SELECT count(*) FROM jobs INDEXED jobs_queued WHERE status = 'queued'")
                .await?,
            pending: self
                .count("SELECT count(*) FROM jobs INDEXED jobs_pending WHERE status = 'pending'")
                .await?,
            rendering: self
                .count("SELECT count(*) FROM jobs INDEXED jobs_rendering WHERE status = 'render:dorender'")
                .await?,
            oldest_queued_seconds: age(oldest_queued)?,
            webhooks_waiting: self
                .count("SELECT count(*) FROM outbox WHERE next_at IS NOT NULL")
                .await?,
            webhooks_dead: self
                .count("SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL")
                .await?,
            webhook_lag_seconds: age(longest_due)?,
            workers_quarantined: self
                .count(&format!(
                    "SELECT count(*) FROM workers WHERE quarantined_until > {}",
                    millis(now)
                ))
                .await?,
        })
    }

    async fn count(&self, statement: &str) -> Result<u64> {
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(self.indexed(statement)))
            .fetch_one(&self.store.readers)
            .await?;
        Ok(count.max(0) as u64)
    }

    async fn oldest(&self, statement: &str) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar(AssertSqlSafe(self.indexed(statement)))
            .fetch_one(&self.store.readers)
            .await?)
    }

    /// The statement with its ` INDEXED name` as this database has it: each count has an index with nothing else in it.
    fn indexed(&self, statement: &str) -> String {
        ["jobs_queued", "jobs_pending", "jobs_rendering"]
            .iter()
            .fold(statement.to_owned(), |statement, index| {
                statement.replace(&format!(" INDEXED {index}"), &self.store.dialect.by_index(index))
            })
    }
}
