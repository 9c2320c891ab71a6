//! Tokens: who shows one, and what that allows.

use std::time::Duration;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::row::{instant_of, instant_option, known, millis, plain};
use super::teams::add_team;
use crate::error::{Error, Result};
use crate::new_id;
use crate::queue::Queue;
use crate::record::{NewToken, TokenRecord};
use crate::token::{Kind, Principal, Scope, Secret, hash};

/// That a token was used is written no more often than this.
const USED: Duration = Duration::from_mins(1);

impl Queue {
    /// Makes a token, and its team if there is none of that name. The token is not shown again: only its hash is kept.
    pub async fn create_token(&self, new: &NewToken) -> Result<(TokenRecord, Secret)> {
        let secret = Secret::new(new.kind);
        let record = TokenRecord {
            id: new_id(),
            kind: new.kind,
            team: None,
            user: new.user.as_deref().map(plain),
            scope: new.scope,
            label: plain(&new.label),
            created_at: self.clock.now(),
            expires_at: new.expires_at,
            last_used_at: None,
        };
        let team = new.team.as_deref().map(plain).filter(|_| new.kind == Kind::Team);
        if new.kind == Kind::Team && team.is_none() {
            return Err(Error::not_found("team", ""));
        }
        let given = (record, team, hash(secret.reveal()));
        let record = self
            .write(given, |connection, (record, team, hash)| {
                Box::pin(async move { add_token(connection, record, team.as_deref(), hash).await })
            })
            .await?;
        Ok((record, secret))
    }

    /// The tokens of a team, or those of workers and operators, oldest first; without those revoked.
    pub async fn tokens(&self, team: Option<&str>) -> Result<Vec<TokenRecord>> {
        let rows = sqlx::query(
            "SELECT id, kind, team_id, user_id, scope, label, created_at, expires_at, last_used_at FROM tokens
             WHERE ((CAST($1 AS TEXT) IS NULL AND team_id IS NULL) OR team_id = $1) AND revoked_at IS NULL
             ORDER BY created_at, id",
        )
        .bind(team)
        .fetch_all(&self.store.readers)
        .await?;
        rows.iter().map(token).collect()
    }

    /// Revokes a token of a team, or one of a worker or operator.
    pub async fn revoke_token(&self, team: Option<&str>, id: &str) -> Result<()> {
        let given = (team.map(str::to_owned), plain(id), millis(self.clock.now()));
        let revoked = self
            .write(given, |connection, (team, id, now)| {
                Box::pin(async move {
                    let revoked = sqlx::query(
                        "UPDATE tokens SET revoked_at = $3 WHERE id = $2 AND revoked_at IS NULL
                            AND ((CAST($1 AS TEXT) IS NULL AND team_id IS NULL) OR team_id = $1)",
                    )
                    .bind(team.as_deref())
                    .bind(id)
                    .bind(*now)
                    .execute(connection)
                    .await?;
                    Ok(revoked.rows_affected())
                })
            })
            .await?;
        if revoked == 0 {
            return Err(Error::not_found("token", id));
        }
        Ok(())
    }

    /// Who shows this token; nobody if it has ended or was revoked.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Principal>> {
        let row = sqlx::query(
            "SELECT tokens.id, kind, tokens.team_id, tokens.scope, users.scope AS most, expires_at, revoked_at,
                last_used_at
             FROM tokens LEFT JOIN users ON users.id = tokens.user_id WHERE hash = $1",
        )
        .bind(hash(token))
        .fetch_optional(&self.store.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let now = self.clock.now();
        let revoked: Option<i64> = row.try_get("revoked_at")?;
        if revoked.is_some() || instant_option(&row, "expires_at")?.is_some_and(|end| end <= now) {
            return Ok(None);
        }
        let id: String = row.try_get("id")?;
        if instant_option(&row, "last_used_at")?.is_none_or(|used| used + USED <= now) {
            self.note_use(&id).await;
        }
        let (kind, team): (Kind, Option<String>) = (
            known(row.try_get("kind")?, "kind of token", Kind::from_word)?,
            row.try_get("team_id")?,
        );
        match (kind, team) {
            (Kind::Team, Some(team)) => {
                let scope = known(row.try_get("scope")?, "scope", Scope::from_word)?;
                let most: Option<&str> = row.try_get("most")?;
                let most = most.map(|word| known(word, "scope", Scope::from_word)).transpose()?;
                Ok(Some(Principal::Team {
                    team,
                    token: id,
                    scope: most.map_or(scope, |most| most.min(scope)),
                }))
            }
            (Kind::Worker, None) => Ok(Some(Principal::Worker { token: id })),
            (Kind::Operator, None) => Ok(Some(Principal::Operator { token: id })),
            (kind, _) => Err(Error::Unreadable(format!("token of kind `{}`", kind.as_str()))),
        }
    }

    /// A token works whether or not its use can be noted.
    async fn note_use(&self, id: &str) {
        let noted = self
            .write((id.to_owned(), millis(self.clock.now())), |connection, (id, now)| {
                Box::pin(async move {
                    sqlx::query("UPDATE tokens SET last_used_at = $2 WHERE id = $1")
                        .bind(id)
                        .bind(*now)
                        .execute(connection)
                        .await?;
                    Ok(())
                })
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(token = id, "noting the use of a token: {error}");
        }
    }
}

async fn add_token(
    connection: &mut AnyConnection,
    record: &TokenRecord,
    team: Option<&str>,
    hash: &[u8],
) -> Result<TokenRecord> {
    let mut record = record.clone();
    if let Some(name) = team {
        add_team(connection, &new_id(), name, record.created_at).await?;
        let id: String = sqlx::query_scalar("SELECT id FROM teams WHERE name = $1")
            .bind(name)
            .fetch_one(&mut *connection)
            .await?;
        record.team = Some(id);
    }
    if let Some(user) = &record.user {
        let there: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE id = $1 AND team_id = $2")
            .bind(user)
            .bind(record.team.as_deref())
            .fetch_one(&mut *connection)
            .await?;
        if there == 0 {
            return Err(Error::not_found("user", user));
        }
    }
    sqlx::query(
        "INSERT INTO tokens (id, kind, team_id, user_id, scope, label, hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&record.id)
    .bind(record.kind.as_str())
    .bind(record.team.as_deref())
    .bind(record.user.as_deref())
    .bind(record.scope.as_str())
    .bind(&record.label)
    .bind(hash)
    .bind(millis(record.created_at))
    .bind(record.expires_at.map(millis))
    .execute(connection)
    .await?;
    Ok(record)
}

fn token(row: &AnyRow) -> Result<TokenRecord> {
    Ok(TokenRecord {
        id: row.try_get("id")?,
        kind: known(row.try_get("kind")?, "kind of token", Kind::from_word)?,
        team: row.try_get("team_id")?,
        user: row.try_get("user_id")?,
        scope: known(row.try_get("scope")?, "scope", Scope::from_word)?,
        label: row.try_get("label")?,
        created_at: instant_of(row, "created_at")?,
        expires_at: instant_option(row, "expires_at")?,
        last_used_at: instant_option(row, "last_used_at")?,
    })
}
