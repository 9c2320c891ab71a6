//! Teams and their tokens.

use sqlx::Row;
use time::OffsetDateTime;

use super::Sqlite;
use super::row::millis;
use crate::error::{Error, Result};
use crate::new_id;
use crate::token::Principal;

impl Sqlite {
    /// Stores a team's token by its hash; makes the team if there is none of that name.
    pub async fn add_team_token(&self, name: &str, hash: Vec<u8>, now: OffsetDateTime) -> Result<()> {
        let name = name.to_owned();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO teams (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
                    )
                    .bind(new_id())
                    .bind(&name)
                    .bind(millis(now))
                    .execute(&mut *connection)
                    .await?;
                    sqlx::query(
                        "INSERT INTO tokens (id, kind, team_id, hash, created_at)
                         SELECT ?, 'team', id, ?, ? FROM teams WHERE name = ?",
                    )
                    .bind(new_id())
                    .bind(hash)
                    .bind(millis(now))
                    .bind(&name)
                    .execute(&mut *connection)
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Stores a worker's token by its hash.
    pub async fn add_worker_token(&self, hash: Vec<u8>, now: OffsetDateTime) -> Result<()> {
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO tokens (id, kind, team_id, hash, created_at) VALUES (?, 'worker', NULL, ?, ?)",
                    )
                    .bind(new_id())
                    .bind(hash)
                    .bind(millis(now))
                    .execute(&mut *connection)
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Whose token has this hash, and what kind it is.
    pub async fn principal(&self, hash: Vec<u8>) -> Result<Option<Principal>> {
        let row = sqlx::query("SELECT kind, team_id FROM tokens WHERE hash = ?")
            .bind(hash)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (kind, team): (String, Option<String>) = (row.try_get("kind")?, row.try_get("team_id")?);
        match (kind.as_str(), team) {
            ("team", Some(team)) => Ok(Some(Principal::Team { team })),
            ("worker", None) => Ok(Some(Principal::Worker)),
            (kind, _) => Err(Error::Unreadable(format!("token of kind `{kind}`"))),
        }
    }
}
