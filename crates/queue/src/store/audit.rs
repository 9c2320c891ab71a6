//! The audit log: who did what.

use sqlx::Row;

use super::row::{from_json, instant_of, json, millis, plain};
use crate::error::Result;
use crate::queue::Queue;
use crate::record::{AuditEntry, AuditRecord};

impl Queue {
    /// Notes what somebody did.
    pub async fn audit(&self, entry: &AuditEntry) -> Result<()> {
        let entry = AuditEntry {
            object: plain(&entry.object),
            actor: plain(&entry.actor),
            ..entry.clone()
        };
        let given = (entry.clone(), json(&entry.detail)?, millis(self.clock.now()));
        self.write(given, |connection, (entry, detail, now)| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO audit (team_id, actor, action, object, detail, at) VALUES ($1, $2, $3, $4, $5, $6)",
                )
                .bind(entry.team.as_deref())
                .bind(&entry.actor)
                .bind(&entry.action)
                .bind(&entry.object)
                .bind(detail)
                .bind(*now)
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// What was done in a team, or everywhere; the newest first, at most so many, from before a place in the log.
    pub async fn audit_log(&self, team: Option<&str>, limit: u32, before: Option<i64>) -> Result<Vec<AuditRecord>> {
        let statement = match team {
            Some(_) => {
                "SELECT seq, team_id, actor, action, object, detail, at FROM audit WHERE team_id = $3 AND seq < $2
                 ORDER BY seq DESC LIMIT $1"
            }
            None => {
                "SELECT seq, team_id, actor, action, object, detail, at FROM audit WHERE seq < $2
                 ORDER BY seq DESC LIMIT $1"
            }
        };
        let query = sqlx::query(statement)
            .bind(i64::from(limit))
            .bind(before.unwrap_or(i64::MAX));
        let query = if let Some(team) = team { query.bind(team) } else { query };
        let rows = query.fetch_all(&self.store.readers).await?;
        rows.iter()
            .map(|row| {
                Ok(AuditRecord {
                    seq: row.try_get("seq")?,
                    at: instant_of(row, "at")?,
                    entry: AuditEntry {
                        team: row.try_get("team_id")?,
                        actor: row.try_get("actor")?,
                        action: row.try_get("action")?,
                        object: row.try_get("object")?,
                        detail: from_json(row.try_get("detail")?, "audit detail")?,
                    },
                })
            })
            .collect()
    }
}
