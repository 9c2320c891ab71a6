//! Cancelling jobs, and what waits for them or was to be used by them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use filmpress_job::JobStatus;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::Moment;
use super::row::{job_columns, jobs, json, plain_all};
use super::transition::change;
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::JobRecord;
use crate::state::{Event, next};

/// Jobs and their relations, locked until the transaction ends.
pub struct Families {
    /// Jobs that have no parent, by id.
    roots: BTreeMap<String, JobRecord>,
    /// Their children, by id.
    children: BTreeMap<String, JobRecord>,
}

impl Queue {
    /// Cancels jobs of a team: all of those named or none. With `running` also those that workers have. A job that waits
    /// for a cancelled one is cancelled with it, and so is what else waits for that to be done. Every job cancelled comes
    /// back, those named first.
    pub async fn cancel(&self, team: &str, ids: &[String], running: bool) -> Result<Vec<JobRecord>> {
        let given = (team.to_owned(), plain_all(ids), running, self.moment());
        let cancelled = self
            .write(given, |connection, (team, ids, running, moment)| {
                Box::pin(async move { cancel_all(connection, team, ids, *running, moment).await })
            })
            .await?;
        self.tell_if(cancelled.len() as u64);
        Ok(cancelled)
    }
}

async fn cancel_all(
    connection: &mut AnyConnection,
    team: &str,
    ids: &[String],
    running: bool,
    moment: &Moment,
) -> Result<Vec<JobRecord>> {
    let families = Families::lock(connection, team, ids, moment).await?;
    let refused: Vec<String> = ids
        .iter()
        .filter(|id| {
            let status = families.get(id).map(|job| job.state.status);
            !status.is_some_and(|status| is_cancellable(status, running))
        })
        .cloned()
        .collect();
    if !refused.is_empty() {
        return Err(Error::NotCancellable { ids: refused });
    }
    families.cancel(connection, ids, running, moment).await
}

/// Whether a job that stands so can be cancelled.
pub fn is_cancellable(status: JobStatus, running: bool) -> bool {
    match status {
        JobStatus::Pending | JobStatus::Queued => true,
        JobStatus::Rendering => running,
        JobStatus::Finished | JobStatus::Error | JobStatus::Cancelled => false,
    }
}

impl Families {
    /// Locks jobs of a team with their parents, siblings and children.
    pub async fn lock(connection: &mut AnyConnection, team: &str, ids: &[String], moment: &Moment) -> Result<Self> {
        let dialect = moment.dialect;
        let statement = format!(
            "SELECT id, parent_id FROM jobs WHERE id {} AND team_id = $1",
            dialect.one_of(2)
        );
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(team)
            .bind(json(ids)?)
            .fetch_all(&mut *connection)
            .await?;
        let (mut found, mut roots) = (HashSet::new(), BTreeSet::new());
        for row in &rows {
            let (id, parent): (String, Option<String>) = (row.try_get("id")?, row.try_get("parent_id")?);
            roots.insert(parent.unwrap_or_else(|| id.clone()));
            found.insert(id);
        }
        if let Some(missing) = ids.iter().find(|id| !found.contains(*id)) {
            return Err(Error::not_found("job", missing));
        }
        let roots = json(&roots)?;
        Ok(Self {
            roots: locked(connection, "id", &roots, moment).await?,
            children: locked(connection, "parent_id", &roots, moment).await?,
        })
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Option<&JobRecord> {
        self.roots.get(id).or_else(|| self.children.get(id))
    }

    /// Cancels those named and what depends on them; each can be cancelled.
    pub async fn cancel(
        &self,
        connection: &mut AnyConnection,
        named: &[String],
        running: bool,
        moment: &Moment,
    ) -> Result<Vec<JobRecord>> {
        let mut order: Vec<&str> = named.iter().map(String::as_str).collect();
        let mut broken = BTreeSet::new();
        for id in named {
            if self.roots.contains_key(id) {
                broken.insert(id.as_str());
            } else if let Some(parent) = self.children.get(id).and_then(|child| child.parent.as_deref())
                && self
                    .roots
                    .get(parent)
                    .is_some_and(|parent| parent.state.status == JobStatus::Pending)
            {
                // It can never have what it waits for.
                broken.insert(parent);
            }
        }
        order.extend(&broken);
        order.extend(self.children.values().filter_map(|child| {
            let of_broken = child.parent.as_deref().is_some_and(|parent| broken.contains(parent));
            of_broken.then_some(child.id.as_str())
        }));
        let (mut done, mut cancelled) = (HashSet::new(), Vec::new());
        for job in order
            .into_iter()
            .filter(|id| done.insert(*id))
            .filter_map(|id| self.get(id))
        {
            // What depends on those named may be done already.
            let Ok(after) = next(&job.state, Event::Cancel { running }, moment.now, &moment.policy) else {
                continue;
            };
            cancelled.push(change(connection, job, after, None, moment).await?);
        }
        Ok(cancelled)
    }
}

async fn locked(
    connection: &mut AnyConnection,
    column: &str,
    ids: &str,
    moment: &Moment,
) -> Result<BTreeMap<String, JobRecord>> {
    let (columns, dialect) = (job_columns!(), moment.dialect);
    let statement = format!(
        "SELECT {columns} FROM jobs WHERE {column} {} ORDER BY id{}",
        dialect.one_of(1),
        dialect.for_update()
    );
    let rows = sqlx::query(AssertSqlSafe(statement))
        .bind(ids)
        .fetch_all(connection)
        .await?;
    Ok(jobs(&rows)?.into_iter().map(|job| (job.id.clone(), job)).collect())
}
