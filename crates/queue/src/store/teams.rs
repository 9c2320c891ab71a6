//! Teams, and what they may do at most.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use time::OffsetDateTime;

use super::row::{count32_option, instant_of, millis, plain};
use crate::error::{Error, Result};
use crate::new_id;
use crate::queue::Queue;
use crate::record::{TeamLimits, TeamRecord};

impl Queue {
    /// Makes a team.
    pub async fn create_team(&self, name: &str, limits: TeamLimits) -> Result<TeamRecord> {
        let id = new_id();
        let made = self
            .write(
                (id.clone(), plain(name), self.clock.now()),
                |connection, (id, name, now)| Box::pin(async move { add_team(connection, id, name, *now).await }),
            )
            .await?;
        if !made {
            return Err(Error::Exists {
                what: "team",
                name: name.to_owned(),
            });
        }
        self.set_team_limits(&id, limits).await?;
        self.team(&id).await
    }

    /// A team by its id or its name.
    pub async fn team(&self, id_or_name: &str) -> Result<TeamRecord> {
        let row = sqlx::query(
            "SELECT id, name, created_at, max_running, max_queued, requests_per_minute, webhook_secret FROM teams
             WHERE id = $1 OR name = $1 ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END",
        )
        .bind(plain(id_or_name))
        .fetch_optional(&self.store.readers)
        .await?;
        team(&row.ok_or_else(|| Error::not_found("team", id_or_name))?)
    }

    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<TeamRecord>> {
        let rows = sqlx::query(
            "SELECT id, name, created_at, max_running, max_queued, requests_per_minute, webhook_secret FROM teams
             ORDER BY name",
        )
        .fetch_all(&self.store.readers)
        .await?;
        rows.iter().map(team).collect()
    }

    /// Sets what a team may do at most.
    pub async fn set_team_limits(&self, id: &str, limits: TeamLimits) -> Result<()> {
        let done = self
            .write((plain(id), limits), |connection, (id, limits)| {
                Box::pin(async move {
                    let statement = "UPDATE teams SET max_running = $2, max_queued = $3, requests_per_minute = $4
                        WHERE id = $1";
                    let done = sqlx::query(statement)
                        .bind(id)
                        .bind(limits.max_running.map(i64::from))
                        .bind(limits.max_queued.map(i64::from))
                        .bind(limits.requests_per_minute.map(i64::from))
                        .execute(connection)
                        .await?;
                    Ok(done.rows_affected())
                })
            })
            .await?;
        if done == 0 {
            return Err(Error::not_found("team", id));
        }
        // A higher limit may let jobs go.
        self.job_waits.notify_waiters();
        Ok(())
    }

    /// Sets what a team's webhooks are signed with, sealed.
    pub async fn set_webhook_secret(&self, team: &str, sealed: Vec<u8>) -> Result<()> {
        let done = self
            .write((plain(team), sealed), |connection, (team, sealed)| {
                Box::pin(async move {
                    let done = sqlx::query("UPDATE teams SET webhook_secret = $2 WHERE id = $1")
                        .bind(team)
                        .bind(sealed.as_slice())
                        .execute(connection)
                        .await?;
                    Ok(done.rows_affected())
                })
            })
            .await?;
        if done == 0 {
            return Err(Error::not_found("team", team));
        }
        Ok(())
    }

    /// The same for a team that has none yet; returns the one it has now. Two servers agree on one.
    pub async fn set_first_webhook_secret(&self, team: &str, sealed: Vec<u8>) -> Result<Vec<u8>> {
        self.write((plain(team), sealed), |connection, (team, sealed)| {
            Box::pin(async move {
                let statement = "UPDATE teams SET webhook_secret = coalesce(webhook_secret, $2) WHERE id = $1
                    RETURNING webhook_secret";
                let now: Option<Vec<u8>> = sqlx::query_scalar(statement)
                    .bind(team)
                    .bind(sealed.as_slice())
                    .fetch_optional(connection)
                    .await?;
                now.ok_or_else(|| Error::not_found("team", team))
            })
        })
        .await
    }
}

/// Makes a team unless there is one of that name; returns whether it did.
pub async fn add_team(connection: &mut AnyConnection, id: &str, name: &str, now: OffsetDateTime) -> Result<bool> {
    let statement = "INSERT INTO teams (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    let made = sqlx::query(statement)
        .bind(id)
        .bind(name)
        .bind(millis(now))
        .execute(connection)
        .await?;
    Ok(made.rows_affected() > 0)
}

fn team(row: &AnyRow) -> Result<TeamRecord> {
    Ok(TeamRecord {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        limits: TeamLimits {
            max_running: count32_option(row, "max_running")?,
            max_queued: count32_option(row, "max_queued")?,
            requests_per_minute: count32_option(row, "requests_per_minute")?,
        },
        webhook_secret: row.try_get("webhook_secret")?,
        created_at: instant_of(row, "created_at")?,
    })
}
