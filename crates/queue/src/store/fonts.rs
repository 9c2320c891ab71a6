//! Fonts of teams.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::Store;
use super::retention::is_named;
use super::row::{count, instant_of, json, millis, plain};
use crate::error::{Error, Result};
use crate::new_id;
use crate::queue::Queue;
use crate::record::{FontRecord, NewFont, StoredFile};

macro_rules! columns {
    () => {
        "id, team_id, file_name, family_name, style_name, post_script_name, file, sha256, size, created_at, updated_at"
    };
}

impl Queue {
    /// Keeps a font. One of the team whose file has the same name, letter case aside, is replaced and keeps its id; the
    /// key of the file it had comes back too if nothing names that any more.
    pub async fn add_font(&self, new: &NewFont) -> Result<(FontRecord, Option<String>)> {
        let given = (new_id(), without_nul(new), millis(self.clock.now()), self.store.dialect);
        self.change(given, |connection, (id, new, now, dialect)| {
            Box::pin(async move {
                // Of two that bring the same name, one sees the other's.
                let statement = format!("SELECT id FROM teams WHERE id = $1{}", dialect.for_update());
                sqlx::query(AssertSqlSafe(statement))
                    .bind(&new.team)
                    .fetch_optional(&mut *connection)
                    .await?;
                let before: Option<String> =
                    sqlx::query_scalar("SELECT file FROM fonts WHERE team_id = $1 AND folded_name = $2")
                        .bind(&new.team)
                        .bind(new.file_name.to_lowercase())
                        .fetch_optional(&mut *connection)
                        .await?;
                let row = sqlx::query(concat!(
                    "INSERT INTO fonts (id, team_id, file_name, folded_name, family_name, style_name, post_script_name,
                                        file, sha256, size, created_at, updated_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
                     ON CONFLICT (team_id, folded_name) DO UPDATE SET
                        file_name = excluded.file_name, family_name = excluded.family_name,
                        style_name = excluded.style_name, post_script_name = excluded.post_script_name,
                        file = excluded.file, sha256 = excluded.sha256, size = excluded.size,
                        updated_at = excluded.updated_at
                     RETURNING ",
                    columns!()
                ))
                .bind(id)
                .bind(&new.team)
                .bind(&new.file_name)
                .bind(new.file_name.to_lowercase())
                .bind(&new.family_name)
                .bind(&new.style_name)
                .bind(&new.post_script_name)
                .bind(&new.file.key)
                .bind(&new.file.sha256)
                .bind(new.file.size as i64)
                .bind(*now)
                .fetch_one(&mut *connection)
                .await?;
                let record = font(&row)?;
                let replaced = match before {
                    Some(before) if !is_named(connection, &before).await? => Some(before),
                    _ => None,
                };
                Ok((record, replaced))
            })
        })
        .await
    }

    /// A team's fonts, by the names of their files.
    pub async fn fonts(&self, team: &str) -> Result<Arc<Vec<FontRecord>>> {
        self.gathered.fonts.get(team.to_owned(), &self.changes).await
    }

    /// A team's font.
    pub async fn font(&self, team: &str, id: &str) -> Result<FontRecord> {
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM fonts WHERE id = $1 AND team_id = $2"
        ))
        .bind(plain(id))
        .bind(team)
        .fetch_optional(&self.store.readers)
        .await?;
        font(&row.ok_or_else(|| Error::not_found("font", id))?)
    }

    /// Removes a team's font, unless a job that is not done names its file; returns the key of the file if nothing names
    /// that any more.
    pub async fn remove_font(&self, team: &str, id: &str) -> Result<Option<String>> {
        let given = (team.to_owned(), plain(id), self.store.dialect);
        self.change(given, |connection, (team, id, dialect)| {
            Box::pin(async move {
                let removed =
                    sqlx::query("DELETE FROM fonts WHERE id = $1 AND team_id = $2 RETURNING file, folded_name")
                        .bind(id)
                        .bind(team)
                        .fetch_optional(&mut *connection)
                        .await?;
                let removed = removed.ok_or_else(|| Error::not_found("font", id))?;
                let name: String = removed.try_get("folded_name")?;
                let statement = format!(
                    "SELECT count(*) FROM jobs WHERE team_id = $1 AND status IN ('queued', 'pending', 'render:dorender')
                        AND {}",
                    dialect.member_has("payload", "fonts", 2)
                );
                let jobs: i64 = sqlx::query_scalar(AssertSqlSafe(statement))
                    .bind(team)
                    .bind(name)
                    .fetch_one(&mut *connection)
                    .await?;
                if jobs > 0 {
                    return Err(Error::InUse {
                        what: "font",
                        id: id.clone(),
                        by: jobs as u64,
                    });
                }
                let key: String = removed.try_get("file")?;
                Ok((!is_named(connection, &key).await?).then_some(key))
            })
        })
        .await
    }
}

/// The fonts of teams, each team's by the names of their files.
pub async fn fonts_of(store: Store, teams: Vec<String>) -> Result<HashMap<String, Arc<Vec<FontRecord>>>> {
    let statement = format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM fonts WHERE team_id {} ORDER BY folded_name"
        ),
        store.dialect.one_of(1)
    );
    let rows = sqlx::query(AssertSqlSafe(statement))
        .bind(json(&teams)?)
        .fetch_all(&store.readers)
        .await?;
    let mut found: HashMap<String, Vec<FontRecord>> = HashMap::new();
    for row in &rows {
        let font = font(row)?;
        found.entry(font.team.clone()).or_default().push(font);
    }
    Ok(found.into_iter().map(|(team, fonts)| (team, Arc::new(fonts))).collect())
}

/// Font files say what they like about themselves.
fn without_nul(new: &NewFont) -> NewFont {
    NewFont {
        file_name: plain(&new.file_name),
        family_name: plain(&new.family_name),
        style_name: plain(&new.style_name),
        post_script_name: plain(&new.post_script_name),
        ..new.clone()
    }
}

fn font(row: &AnyRow) -> Result<FontRecord> {
    Ok(FontRecord {
        id: row.try_get("id")?,
        team: row.try_get("team_id")?,
        file_name: row.try_get("file_name")?,
        family_name: row.try_get("family_name")?,
        style_name: row.try_get("style_name")?,
        post_script_name: row.try_get("post_script_name")?,
        file: StoredFile {
            key: row.try_get("file")?,
            sha256: row.try_get("sha256")?,
            size: count(row, "size")?,
        },
        created_at: instant_of(row, "created_at")?,
        updated_at: instant_of(row, "updated_at")?,
    })
}
