//! Users: people in a team, whose tokens end with them.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::row::{instant_of, known, millis, plain};
use crate::error::{Error, Result};
use crate::new_id;
use crate::queue::Queue;
use crate::record::UserRecord;
use crate::token::Scope;

impl Queue {
    /// Makes a user of a team.
    pub async fn create_user(&self, team: &str, name: &str, scope: Scope) -> Result<UserRecord> {
        let user = UserRecord {
            id: new_id(),
            team: team.to_owned(),
            name: plain(name),
            scope,
            created_at: self.clock.now(),
        };
        let made = self
            .write(user.clone(), |connection, user| {
                Box::pin(async move {
                    let statement = "INSERT INTO users (id, team_id, name, scope, created_at)
                        SELECT $1, id, $3, $4, $5 FROM teams WHERE id = $2 ON CONFLICT (team_id, name) DO NOTHING";
                    let made = sqlx::query(statement)
                        .bind(&user.id)
                        .bind(&user.team)
                        .bind(&user.name)
                        .bind(user.scope.as_str())
                        .bind(millis(user.created_at))
                        .execute(connection)
                        .await?;
                    Ok(made.rows_affected())
                })
            })
            .await?;
        if made == 0 {
            self.team(team).await?;
            return Err(Error::Exists {
                what: "user",
                name: name.to_owned(),
            });
        }
        Ok(user)
    }

    /// The users of a team, by name.
    pub async fn users(&self, team: &str) -> Result<Vec<UserRecord>> {
        let rows =
            sqlx::query("SELECT id, team_id, name, scope, created_at FROM users WHERE team_id = $1 ORDER BY name")
                .bind(team)
                .fetch_all(&self.store.readers)
                .await?;
        rows.iter().map(user).collect()
    }

    /// Removes a user of a team and revokes its tokens.
    pub async fn remove_user(&self, team: &str, id: &str) -> Result<()> {
        let given = (team.to_owned(), plain(id), millis(self.clock.now()));
        let removed = self
            .write(given, |connection, (team, id, now)| {
                Box::pin(async move {
                    sqlx::query(
                        "UPDATE tokens SET revoked_at = $3 WHERE team_id = $1 AND user_id = $2 AND revoked_at IS NULL",
                    )
                    .bind(team)
                    .bind(id)
                    .bind(*now)
                    .execute(&mut *connection)
                    .await?;
                    let removed = sqlx::query("DELETE FROM users WHERE team_id = $1 AND id = $2")
                        .bind(team)
                        .bind(id)
                        .execute(connection)
                        .await?;
                    Ok(removed.rows_affected())
                })
            })
            .await?;
        if removed == 0 {
            return Err(Error::not_found("user", id));
        }
        Ok(())
    }
}

fn user(row: &AnyRow) -> Result<UserRecord> {
    Ok(UserRecord {
        id: row.try_get("id")?,
        team: row.try_get("team_id")?,
        name: row.try_get("name")?,
        scope: known(row.try_get("scope")?, "scope", Scope::from_word)?,
        created_at: instant_of(row, "created_at")?,
    })
}
