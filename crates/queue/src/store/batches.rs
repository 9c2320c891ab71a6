//! Batches: jobs that came in one request.

use filmpress_job::JobStatus;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::Moment;
use super::cancel::{Families, is_cancellable};
use super::row::{count32, job_columns, jobs, plain};
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::{BatchCancelled, BatchEntry, JobRecord};

impl Queue {
    /// The jobs of a team's batch with their places in it.
    pub async fn batch(&self, team: &str, id: &str) -> Result<Vec<(u32, JobRecord)>> {
        let columns = job_columns!();
        let statement = format!(
            "SELECT {columns} FROM jobs WHERE batch_id = $1 AND team_id = $2 AND parent_id IS NULL ORDER BY batch_index"
        );
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(plain(id))
            .bind(team)
            .fetch_all(&self.store.readers)
            .await?;
        if rows.is_empty() {
            return Err(Error::not_found("batch", id));
        }
        let place = |job: JobRecord| (job.batch.as_ref().map(|(_, index)| *index).unwrap_or_default(), job);
        Ok(jobs(&rows)?.into_iter().map(place).collect())
    }

    /// Cancels what can be cancelled of a team's batch; with `running` also what workers have.
    pub async fn cancel_batch(&self, team: &str, id: &str, running: bool) -> Result<BatchCancelled> {
        let given = (team.to_owned(), plain(id), running, self.moment());
        let cancelled = self
            .write(given, |connection, (team, id, running, moment)| {
                Box::pin(async move { cancel_batch(connection, team, id, *running, moment).await })
            })
            .await?;
        self.tell_if(cancelled.jobs.len() as u64);
        Ok(cancelled)
    }
}

async fn cancel_batch(
    connection: &mut AnyConnection,
    team: &str,
    id: &str,
    running: bool,
    moment: &Moment,
) -> Result<BatchCancelled> {
    let rows = sqlx::query(
        "SELECT id, batch_index FROM jobs WHERE batch_id = $1 AND team_id = $2 AND parent_id IS NULL ORDER BY batch_index",
    )
    .bind(id)
    .bind(team)
    .fetch_all(&mut *connection)
    .await?;
    if rows.is_empty() {
        return Err(Error::not_found("batch", id));
    }
    let places = rows
        .iter()
        .map(|row| Ok((count32(row, "batch_index")?, row.try_get("id")?)))
        .collect::<Result<Vec<(u32, String)>>>()?;
    let ids: Vec<String> = places.iter().map(|(_, id)| id.clone()).collect();
    let families = Families::lock(connection, team, &ids, moment).await?;
    let status = |id: &str| families.get(id).map(|job| job.state.status);
    let named: Vec<String> = ids
        .into_iter()
        .filter(|id| status(id).is_some_and(|status| is_cancellable(status, running)))
        .collect();
    let jobs = families.cancel(connection, &named, running, moment).await?;
    let entries = places.into_iter().filter_map(|(index, id)| {
        let before = families.get(&id)?;
        let now = jobs.iter().find(|job| job.id == id);
        Some(BatchEntry {
            index,
            job: now.unwrap_or(before).clone(),
            before: before.state.status,
            cancelled: now.is_some(),
            reason: now.is_none().then(|| reason(before.state.status)),
        })
    });
    Ok(BatchCancelled {
        entries: entries.collect(),
        jobs,
    })
}

fn reason(status: JobStatus) -> String {
    match status {
        JobStatus::Rendering => "a worker has it".to_owned(),
        status => format!("it is `{status}` already"),
    }
}
