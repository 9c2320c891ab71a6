//! Templates of teams, and who reads their files.

use std::collections::HashMap;
use std::sync::Arc;

use filmpress_job::TemplateMetadata;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::Store;
use super::metadata::Metadata;
use super::retention::is_named;
use super::row::{from_json, instant_of, json, known, millis, plain, plain_all};
use crate::error::{Error, Result};
use crate::new_id;
use crate::queue::Queue;
use crate::record::{NewTemplate, StoredFile, TemplateRecord, TemplateStatus};

macro_rules! columns {
    () => {
        "id, team_id, kind, display_name, status, error, src, file, sha256, size, metadata, created_at, updated_at"
    };
}

impl Queue {
    /// Makes a template without a file; with `src` it is to be loaded from there.
    pub async fn create_template(&self, new: &NewTemplate) -> Result<TemplateRecord> {
        let status = match new.src {
            Some(_) => TemplateStatus::Downloading,
            None => TemplateStatus::AwaitingUpload,
        };
        let new = NewTemplate {
            display_name: plain(&new.display_name),
            src: new.src.as_deref().map(plain),
            ..new.clone()
        };
        self.write(
            (new_id(), new, status, millis(self.clock.now())),
            |connection, (id, new, status, now)| {
                Box::pin(async move {
                    let row = sqlx::query(concat!(
                        "INSERT INTO templates (id, team_id, kind, display_name, src, status, created_at, updated_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING ",
                        columns!()
                    ))
                    .bind(id)
                    .bind(&new.team)
                    .bind(&new.kind)
                    .bind(&new.display_name)
                    .bind(new.src.as_deref())
                    .bind(status.as_str())
                    .bind(*now)
                    .fetch_one(connection)
                    .await?;
                    template(&row)
                })
            },
        )
        .await
    }

    /// A team's template; `None` for callers that prove their right in another way (a signed URL, a worker's token).
    pub async fn template(&self, team: Option<&str>, id: &str) -> Result<TemplateRecord> {
        let id = plain(id);
        let found = self.gathered.templates.get(id.clone(), &self.changes).await?;
        found
            .filter(|template| team.is_none_or(|team| template.team == team))
            .map(Arc::unwrap_or_clone)
            .ok_or_else(|| Error::not_found("template", &id))
    }

    /// A team's templates, oldest first.
    pub async fn templates(&self, team: &str) -> Result<Vec<TemplateRecord>> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM templates WHERE team_id = $1 ORDER BY seq"
        ))
        .bind(team)
        .fetch_all(&self.store.readers)
        .await?;
        rows.iter().map(template).collect()
    }

    /// Templates whose file is to be loaded or read, the caller's for a while: no other server is given them meanwhile.
    /// Those still to be loaded have no file yet.
    pub async fn templates_to_read(&self) -> Result<Vec<TemplateRecord>> {
        let moment = self.moment();
        let now = millis(moment.now);
        let waits = "(status IN ('downloading', 'processing') OR (status = 'uploaded' AND metadata IS NULL))";
        // Looked for over and over, found now and then: only what is found is worth a write.
        let statement = format!(
            "SELECT 1 AS found FROM templates WHERE {waits} AND (reading_until IS NULL OR reading_until <= $1) LIMIT 1"
        );
        let found = sqlx::query(AssertSqlSafe(statement))
            .bind(now)
            .fetch_optional(&self.store.readers)
            .await?;
        if found.is_none() {
            return Ok(Vec::new());
        }
        let until = millis(moment.now + moment.policy.reading_lease);
        self.write(
            (now, until, moment.dialect),
            move |connection, (now, until, dialect)| {
                Box::pin(async move {
                    let statement = format!(
                        "UPDATE templates SET reading_until = $2 WHERE id IN (
                        SELECT id FROM templates WHERE {waits} AND (reading_until IS NULL OR reading_until <= $1)
                        ORDER BY seq LIMIT 64{}) RETURNING {}",
                        dialect.skip_locked(),
                        columns!()
                    );
                    let rows = sqlx::query(AssertSqlSafe(statement))
                        .bind(*now)
                        .bind(*until)
                        .fetch_all(connection)
                        .await?;
                    let mut records = rows.iter().map(template).collect::<Result<Vec<_>>>()?;
                    records.sort_by(|a, b| a.id.cmp(&b.id));
                    Ok(records)
                })
            },
        )
        .await
    }

    /// Keeps the templates being read from other servers for a while longer.
    pub async fn still_reading(&self, ids: &[String]) -> Result<()> {
        let moment = self.moment();
        let until = millis(moment.now + moment.policy.reading_lease);
        self.write(
            (json(&plain_all(ids))?, until, moment.dialect),
            |connection, (ids, until, dialect)| {
                Box::pin(async move {
                    let statement = format!("UPDATE templates SET reading_until = $2 WHERE id {}", dialect.one_of(1));
                    sqlx::query(AssertSqlSafe(statement))
                        .bind(ids)
                        .bind(*until)
                        .execute(connection)
                        .await?;
                    Ok(())
                })
            },
        )
        .await
    }

    /// Gives a team's template another name.
    pub async fn rename_template(&self, team: &str, id: &str, display_name: &str) -> Result<TemplateRecord> {
        let given = (
            team.to_owned(),
            plain(id),
            plain(display_name),
            millis(self.clock.now()),
        );
        self.change(given, |connection, (team, id, name, now)| {
            Box::pin(async move {
                let row = sqlx::query(concat!(
                    "UPDATE templates SET display_name = $3, updated_at = $4 WHERE id = $1 AND team_id = $2 RETURNING ",
                    columns!()
                ))
                .bind(id)
                .bind(team)
                .bind(name)
                .bind(*now)
                .fetch_optional(connection)
                .await?;
                template(&row.ok_or_else(|| Error::not_found("template", id))?)
            })
        })
        .await
    }

    /// Deletes a team's template, unless jobs that are not done use it; returns the key of its file if nothing names that
    /// any more.
    pub async fn delete_template(&self, team: &str, id: &str) -> Result<Option<String>> {
        self.change((team.to_owned(), plain(id)), |connection, (team, id)| {
            Box::pin(async move {
                let jobs: i64 = sqlx::query_scalar(
                    "SELECT count(*) FROM jobs WHERE template_id = $1 AND team_id = $2 AND ended_at IS NULL",
                )
                .bind(id)
                .bind(team)
                .fetch_one(&mut *connection)
                .await?;
                if jobs > 0 {
                    return Err(Error::InUse {
                        what: "template",
                        id: id.clone(),
                        by: jobs as u64,
                    });
                }
                let deleted: Option<Option<String>> =
                    sqlx::query_scalar("DELETE FROM templates WHERE id = $1 AND team_id = $2 RETURNING file")
                        .bind(id)
                        .bind(team)
                        .fetch_optional(&mut *connection)
                        .await?;
                let key = deleted.ok_or_else(|| Error::not_found("template", id))?;
                unnamed(connection, key).await
            })
        })
        .await
    }

    /// Gives a template its file, to be read next; returns the key of the file it had if nothing names that any more.
    pub async fn set_template_file(&self, id: &str, file: &StoredFile) -> Result<Option<String>> {
        let moment = self.moment();
        let given = (plain(id), file.clone(), millis(moment.now), moment.dialect);
        self.change(given, |connection, (id, file, now, dialect)| {
            Box::pin(async move {
                let statement = format!("SELECT file FROM templates WHERE id = $1{}", dialect.for_update());
                let before: Option<Option<String>> = sqlx::query_scalar(AssertSqlSafe(statement))
                    .bind(id)
                    .fetch_optional(&mut *connection)
                    .await?;
                let before = before.ok_or_else(|| Error::not_found("template", id))?;
                sqlx::query(
                    "UPDATE templates SET status = 'processing', error = NULL, file = $2, sha256 = $3, size = $4,
                        reading_until = NULL, updated_at = $5
                     WHERE id = $1",
                )
                .bind(id)
                .bind(&file.key)
                .bind(&file.sha256)
                .bind(file.size as i64)
                .bind(*now)
                .execute(&mut *connection)
                .await?;
                unnamed(connection, before).await
            })
        })
        .await
    }

    /// Notes what was found in a template's file, or why it cannot be read; nothing if it has another file by now.
    pub async fn set_template_read(
        &self,
        id: &str,
        key: &str,
        found: std::result::Result<TemplateMetadata, String>,
    ) -> Result<()> {
        let (status, error, found) = match found {
            Ok(found) => (TemplateStatus::Uploaded, None, found),
            Err(error) => (TemplateStatus::Error, Some(plain(&error)), TemplateMetadata::default()),
        };
        let given = (
            plain(id),
            plain(key),
            status,
            error,
            json(&found)?,
            millis(self.clock.now()),
        );
        self.change(given, |connection, (id, key, status, error, found, now)| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE templates SET status = $3, error = $4, metadata = $5, reading_until = NULL, updated_at = $6
                     WHERE id = $1 AND file = $2",
                )
                .bind(id)
                .bind(key)
                .bind(status.as_str())
                .bind(error.as_deref())
                .bind(found)
                .bind(*now)
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Notes why a template's file could not be loaded; nothing if it has one by now.
    pub async fn set_template_failed(&self, id: &str, error: &str) -> Result<()> {
        let given = (plain(id), plain(error), millis(self.clock.now()));
        self.change(given, |connection, (id, error, now)| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE templates SET status = 'error', error = $2, reading_until = NULL, updated_at = $3
                     WHERE id = $1 AND status = 'downloading'",
                )
                .bind(id)
                .bind(error)
                .bind(*now)
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }
}

/// Templates by their ids; `None` for those that there are not.
pub async fn templates_of(
    store: Store,
    metadata: Metadata,
    ids: Vec<String>,
) -> Result<HashMap<String, Option<Arc<TemplateRecord>>>> {
    // What is known already is left where it is: it may be long, and every job asks for it.
    let shortly = format!(
        "SELECT id, team_id, kind, display_name, status, error, src, file, sha256, size, created_at, updated_at,
            CAST(NULL AS TEXT) AS metadata
         FROM templates WHERE id {}",
        store.dialect.one_of(1)
    );
    let (mut found, mut unknown) = (HashMap::new(), Vec::new());
    for row in sqlx::query(AssertSqlSafe(shortly))
        .bind(json(&ids)?)
        .fetch_all(&store.readers)
        .await?
    {
        let mut template = template(&row)?;
        if let Some(known) = metadata.get(&template).await {
            template.metadata = known;
            found.insert(template.id.clone(), Some(Arc::new(template)));
        } else {
            unknown.push(template.id);
        }
    }
    if !unknown.is_empty() {
        let whole = format!(
            concat!("SELECT ", columns!(), " FROM templates WHERE id {}"),
            store.dialect.one_of(1)
        );
        for row in sqlx::query(AssertSqlSafe(whole))
            .bind(json(&unknown)?)
            .fetch_all(&store.readers)
            .await?
        {
            let template = template(&row)?;
            let length = row.try_get::<Option<&str>, _>("metadata")?.unwrap_or_default().len();
            metadata.add(&template, length).await;
            found.insert(template.id.clone(), Some(Arc::new(template)));
        }
    }
    Ok(found)
}

/// A key that nothing names any more.
async fn unnamed(connection: &mut AnyConnection, key: Option<String>) -> Result<Option<String>> {
    match key {
        Some(key) if !is_named(connection, &key).await? => Ok(Some(key)),
        _ => Ok(None),
    }
}

fn template(row: &AnyRow) -> Result<TemplateRecord> {
    let (file, sha256): (Option<String>, Option<String>) = (row.try_get("file")?, row.try_get("sha256")?);
    let (size, metadata): (Option<i64>, Option<&str>) = (row.try_get("size")?, row.try_get("metadata")?);
    Ok(TemplateRecord {
        id: row.try_get("id")?,
        team: row.try_get("team_id")?,
        kind: row.try_get("kind")?,
        display_name: row.try_get("display_name")?,
        status: known(row.try_get("status")?, "template status", TemplateStatus::from_word)?,
        error: row.try_get("error")?,
        src: row.try_get("src")?,
        file: file.map(|key| StoredFile {
            key,
            sha256: sha256.unwrap_or_default(),
            size: size.unwrap_or_default().max(0) as u64,
        }),
        metadata: metadata
            .map(|metadata| from_json(metadata, "template metadata").map(Arc::new))
            .transpose()?
            .unwrap_or_default(),
        created_at: instant_of(row, "created_at")?,
        updated_at: instant_of(row, "updated_at")?,
    })
}
