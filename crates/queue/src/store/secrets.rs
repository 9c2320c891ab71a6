//! Secrets of teams: sealed bytes by their names.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::row::{instant_of, json, millis, plain, plain_all};
use crate::error::{Error, Result};
use crate::new_id;
use crate::queue::Queue;
use crate::record::{SealedId, SecretRecord};

impl Queue {
    /// Keeps a secret, once for each name of a team.
    pub async fn add_secret(&self, team: &str, name: &str, sealed: Vec<u8>) -> Result<SecretRecord> {
        let record = SecretRecord {
            id: new_id(),
            name: plain(name),
            created_at: self.clock.now(),
        };
        let made = self
            .write(
                (record.clone(), team.to_owned(), sealed),
                |connection, (record, team, sealed)| {
                    Box::pin(async move {
                        let statement = "INSERT INTO secrets (id, team_id, name, sealed, created_at)
                        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (team_id, name) DO NOTHING";
                        let made = sqlx::query(statement)
                            .bind(&record.id)
                            .bind(team)
                            .bind(&record.name)
                            .bind(sealed.as_slice())
                            .bind(millis(record.created_at))
                            .execute(connection)
                            .await?;
                        Ok(made.rows_affected())
                    })
                },
            )
            .await?;
        if made == 0 {
            return Err(Error::Exists {
                what: "secret",
                name: name.to_owned(),
            });
        }
        Ok(record)
    }

    /// A team's secrets without their values, by name.
    pub async fn secrets(&self, team: &str) -> Result<Vec<SecretRecord>> {
        let rows = sqlx::query("SELECT id, name, created_at FROM secrets WHERE team_id = $1 ORDER BY name")
            .bind(team)
            .fetch_all(&self.store.readers)
            .await?;
        rows.iter().map(secret).collect()
    }

    /// Removes a team's secret.
    pub async fn remove_secret(&self, team: &str, id: &str) -> Result<()> {
        let removed = self
            .write((team.to_owned(), plain(id)), |connection, (team, id)| {
                Box::pin(async move {
                    let removed = sqlx::query("DELETE FROM secrets WHERE id = $1 AND team_id = $2")
                        .bind(id)
                        .bind(team)
                        .execute(connection)
                        .await?;
                    Ok(removed.rows_affected())
                })
            })
            .await?;
        if removed == 0 {
            return Err(Error::not_found("secret", id));
        }
        Ok(())
    }

    /// The sealed values of a team's secrets of these names, those that there are.
    pub async fn sealed_secrets(&self, team: &str, names: &[String]) -> Result<Vec<(String, Vec<u8>)>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let statement = format!(
            "SELECT name, sealed FROM secrets WHERE team_id = $1 AND name {} ORDER BY name",
            self.store.dialect.one_of(2)
        );
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(team)
            .bind(json(&plain_all(names))?)
            .fetch_all(&self.store.readers)
            .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("name")?, row.try_get("sealed")?)))
            .collect()
    }

    /// Everything sealed, of all teams: to be sealed anew with another key.
    pub async fn all_sealed(&self) -> Result<Vec<(SealedId, Vec<u8>)>> {
        let secrets = sqlx::query("SELECT id, sealed FROM secrets ORDER BY id")
            .fetch_all(&self.store.readers)
            .await?;
        let webhooks =
            sqlx::query("SELECT id, webhook_secret AS sealed FROM teams WHERE webhook_secret IS NOT NULL ORDER BY id")
                .fetch_all(&self.store.readers)
                .await?;
        let secrets = secrets
            .iter()
            .map(|row| (row, SealedId::Secret as fn(String) -> SealedId));
        let webhooks = webhooks
            .iter()
            .map(|row| (row, SealedId::WebhookSecret as fn(String) -> SealedId));
        secrets
            .chain(webhooks)
            .map(|(row, id)| Ok((id(row.try_get("id")?), row.try_get("sealed")?)))
            .collect()
    }

    /// Replaces something sealed by the same sealed anew; nothing if it has been removed meanwhile.
    pub async fn reseal(&self, id: &SealedId, sealed: Vec<u8>) -> Result<()> {
        let (statement, id) = match id {
            SealedId::Secret(id) => ("UPDATE secrets SET sealed = $2 WHERE id = $1", id),
            SealedId::WebhookSecret(team) => ("UPDATE teams SET webhook_secret = $2 WHERE id = $1", team),
        };
        self.write((id.clone(), sealed), move |connection, (id, sealed)| {
            Box::pin(async move {
                sqlx::query(statement)
                    .bind(id)
                    .bind(sealed.as_slice())
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}

fn secret(row: &AnyRow) -> Result<SecretRecord> {
    Ok(SecretRecord {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        created_at: instant_of(row, "created_at")?,
    })
}
