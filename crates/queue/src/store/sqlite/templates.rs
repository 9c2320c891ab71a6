//! Templates of teams.

use sqlx::SqliteConnection;
use time::OffsetDateTime;

use super::Sqlite;
use super::row::{json, millis, template};
use crate::error::{Error, Result};
use crate::record::{Introspection, NewTemplate, StoredFile, TemplateRecord, TemplateStatus};

impl Sqlite {
    /// Makes a template without a file.
    pub async fn add_template(&self, id: &str, new: &NewTemplate, now: OffsetDateTime) -> Result<()> {
        let (id, new) = (id.to_owned(), new.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO templates (id, team_id, kind, display_name, status, created_at, updated_at)
                         VALUES (?, ?, ?, ?, ?, ?, ?)",
                    )
                    .bind(id)
                    .bind(new.team)
                    .bind(new.kind)
                    .bind(new.display_name)
                    .bind(TemplateStatus::AwaitingUpload.as_str())
                    .bind(millis(now))
                    .bind(millis(now))
                    .execute(&mut *connection)
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// A team's template, or anybody's where the caller has no team but a signed URL or a worker's token.
    pub async fn template(&self, team: Option<&str>, id: &str) -> Result<Option<TemplateRecord>> {
        let row = sqlx::query("SELECT * FROM templates WHERE id = ?1 AND (?2 IS NULL OR team_id = ?2)")
            .bind(id)
            .bind(team)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(template).transpose()
    }

    /// A team's templates, oldest first.
    pub async fn templates(&self, team: &str) -> Result<Vec<TemplateRecord>> {
        let rows = sqlx::query("SELECT * FROM templates WHERE team_id = ? ORDER BY seq")
            .bind(team)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(template).collect()
    }

    /// Templates whose file was being read when the server went down.
    pub async fn templates_to_read(&self) -> Result<Vec<TemplateRecord>> {
        let rows = sqlx::query("SELECT * FROM templates WHERE status = ? ORDER BY seq")
            .bind(TemplateStatus::Processing.as_str())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(template).collect()
    }

    /// Gives a template its file, to be read next; returns the key of the file it had.
    pub async fn set_template_file(&self, id: &str, file: &StoredFile, now: OffsetDateTime) -> Result<Option<String>> {
        let (id, file) = (id.to_owned(), file.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let before: Option<Option<String>> = sqlx::query_scalar("SELECT file FROM templates WHERE id = ?")
                        .bind(&id)
                        .fetch_optional(&mut *connection)
                        .await?;
                    let before = before.ok_or_else(|| Error::NotFound {
                        what: "template",
                        id: id.clone(),
                    })?;
                    sqlx::query(
                        "UPDATE templates SET status = ?, error = NULL, file = ?, sha256 = ?, size = ?, updated_at = ?
                         WHERE id = ?",
                    )
                    .bind(TemplateStatus::Processing.as_str())
                    .bind(&file.key)
                    .bind(file.sha256)
                    .bind(file.size as i64)
                    .bind(millis(now))
                    .bind(id)
                    .execute(&mut *connection)
                    .await?;
                    Ok(before.filter(|key| *key != file.key))
                })
            })
            .await
    }

    /// Notes what was found in a template's file, unless it has another file by now.
    pub async fn set_template_read(
        &self,
        id: &str,
        key: &str,
        found: std::result::Result<Introspection, String>,
        now: OffsetDateTime,
    ) -> Result<()> {
        let (id, key) = (id.to_owned(), key.to_owned());
        self.writer
            .write(move |connection| Box::pin(async move { note(connection, &id, &key, found, now).await }))
            .await
    }
}

async fn note(
    connection: &mut SqliteConnection,
    id: &str,
    key: &str,
    found: std::result::Result<Introspection, String>,
    now: OffsetDateTime,
) -> Result<()> {
    let (status, error, found) = match found {
        Ok(found) => (TemplateStatus::Uploaded, None, found),
        Err(error) => (TemplateStatus::Error, Some(error), Introspection::default()),
    };
    sqlx::query(
        "UPDATE templates SET status = ?, error = ?, compositions = ?, layers = ?, mogrt = ?, updated_at = ?
         WHERE id = ? AND file = ?",
    )
    .bind(status.as_str())
    .bind(error)
    .bind(json(&found.compositions)?)
    .bind(json(&found.layers)?)
    .bind(json(&found.mogrt)?)
    .bind(millis(now))
    .bind(id)
    .bind(key)
    .execute(connection)
    .await?;
    Ok(())
}
