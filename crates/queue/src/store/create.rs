//! Accepting jobs: with the jobs they wait for, once for each idempotency key, one or a batch at a time.

use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::gather::fail_all;
use super::insert::{Entry, Teams, insert};
use super::row::{job_columns, jobs, millis, plain};
use super::{Moment, Store};
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::{Created, Idempotency, JobRecord, NewJob};

impl Queue {
    /// Accepts a job, and the jobs it waits for: once this returns, power may fail.
    pub async fn create_job(&self, new: &NewJob) -> Result<Created> {
        let given = (new.clone(), self.moment());
        let created = match self.accepted_with_others(&given).await? {
            Some(created) => created,
            None => {
                self.write(given, |connection, (new, moment)| {
                    Box::pin(async move { accept(connection, new, moment).await })
                })
                .await?
            }
        };
        self.job_waits.notify_waiters();
        Ok(created)
    }

    /// Accepts a job together with those of other callers, if nothing has to be looked up for it.
    async fn accepted_with_others(&self, given: &(NewJob, Moment)) -> Result<Option<Created>> {
        let (new, _) = given;
        if !new.children.is_empty() || new.idempotency.is_some() {
            return Ok(None);
        }
        let job = self.gathered.new_jobs.ask(given.clone()).await?;
        Ok(job.map(|job| Created {
            job,
            children: Vec::new(),
            repeated: false,
        }))
    }

    /// Accepts what can be accepted of many jobs, in one transaction; the answers are in the order of the jobs.
    pub async fn create_jobs(&self, new: Vec<NewJob>) -> Result<Vec<Result<Created>>> {
        let created = self
            .write((new, self.moment()), |connection, (new, moment)| {
                Box::pin(async move {
                    let mut answers = Vec::with_capacity(new.len());
                    for new in new {
                        answers.push(match accept(connection, new, moment).await {
                            // The database failed: so does everything in this transaction.
                            Err(error @ (Error::Store(_) | Error::Busy(_) | Error::Unreadable(_))) => {
                                return Err(error);
                            }
                            answer => answer,
                        });
                    }
                    Ok(answers)
                })
            })
            .await?;
        self.job_waits.notify_waiters();
        Ok(created)
    }
}

impl Queue {
    /// What the same request of a team made when it came before, if it did.
    pub async fn repeated(&self, team: &str, request: &Idempotency) -> Result<Option<Created>> {
        let mut connection = self.store.readers.acquire().await?;
        known(&mut connection, team, request, &self.moment()).await
    }
}

/// Accepts jobs that nothing has to be looked up for; `None` for those of teams that there are not or that have a limit.
pub async fn accept_all(store: Store, new: Vec<(NewJob, Moment)>) -> Vec<Result<Option<JobRecord>>> {
    let count = new.len();
    let written = store.writer.write(new, |connection, new| {
        Box::pin(async move {
            let entries = new.iter().map(|(new, moment)| Entry {
                new,
                parent: None,
                moment,
            });
            let entries: Vec<_> = entries.collect();
            insert(connection, &entries, Teams::Unlimited).await
        })
    });
    match written.await {
        Ok(jobs) => jobs.into_iter().map(Ok).collect(),
        Err(error) => fail_all(count, &error),
    }
}

async fn accept(connection: &mut AnyConnection, new: &NewJob, moment: &Moment) -> Result<Created> {
    // A job that the limit refuses must not use up its key: in a batch the transaction goes on.
    if let Some(limit) = full(connection, &new.team).await? {
        if let Some(idempotency) = &new.idempotency
            && let Some(created) = known(connection, &new.team, idempotency, moment).await?
        {
            return Ok(created);
        }
        return Err(Error::QueueFull { limit });
    }
    if let Some(idempotency) = &new.idempotency
        && let Some(created) = repeated(connection, new, idempotency, moment).await?
    {
        return Ok(created);
    }
    let alone = Entry {
        new,
        parent: None,
        moment,
    };
    let children = new.children.iter().map(|child| Entry {
        new: &child.job,
        parent: Some((&new.id, child.asset)),
        moment,
    });
    let entries: Vec<_> = std::iter::once(alone).chain(children).collect();
    let mut written = insert(connection, &entries, Teams::Any).await?.into_iter().flatten();
    let job = written.next().ok_or_else(|| Error::not_found("job", &new.id))?;
    Ok(Created {
        job,
        children: written.collect(),
        repeated: false,
    })
}

/// The limit of a team that has as many jobs waiting as it may. Only teams with a limit are counted.
async fn full(connection: &mut AnyConnection, team: &str) -> Result<Option<u32>> {
    let limit: Option<Option<i64>> = sqlx::query_scalar("SELECT max_queued FROM teams WHERE id = $1")
        .bind(team)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(limit) = limit.ok_or_else(|| Error::not_found("team", team))? else {
        return Ok(None);
    };
    let waiting: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE team_id = $1 AND status IN ('queued', 'pending') LIMIT $2) AS w",
    )
    .bind(team)
    .bind(limit)
    .fetch_one(connection)
    .await?;
    Ok((waiting >= limit).then_some(u32::try_from(limit).unwrap_or(u32::MAX)))
}

/// The job that came with the same key and body before; else the key is this job's from now on.
async fn repeated(
    connection: &mut AnyConnection,
    new: &NewJob,
    idempotency: &Idempotency,
    moment: &Moment,
) -> Result<Option<Created>> {
    // A second request with the same key waits here until the first one has committed.
    let taken = sqlx::query(
        "INSERT INTO idempotency (team_id, name, body_hash, job_id, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (team_id, name) DO UPDATE
            SET body_hash = excluded.body_hash, job_id = excluded.job_id, created_at = excluded.created_at
            WHERE idempotency.created_at <= $6",
    )
    .bind(&new.team)
    .bind(plain(&idempotency.key))
    .bind(idempotency.body_hash.as_slice())
    .bind(&new.id)
    .bind(millis(moment.now))
    .bind(millis(moment.now - moment.policy.idempotency))
    .execute(&mut *connection)
    .await?;
    if taken.rows_affected() > 0 {
        return Ok(None);
    }
    known(connection, &new.team, idempotency, moment).await
}

/// The job that a key stands for.
async fn known(
    connection: &mut AnyConnection,
    team: &str,
    idempotency: &Idempotency,
    moment: &Moment,
) -> Result<Option<Created>> {
    let row =
        sqlx::query("SELECT body_hash, job_id FROM idempotency WHERE team_id = $1 AND name = $2 AND created_at > $3")
            .bind(team)
            .bind(plain(&idempotency.key))
            .bind(millis(moment.now - moment.policy.idempotency))
            .fetch_optional(&mut *connection)
            .await?;
    let Some(row) = row else { return Ok(None) };
    if row.try_get::<&[u8], _>("body_hash")? != idempotency.body_hash {
        return Err(Error::IdempotencyConflict {
            key: idempotency.key.clone(),
        });
    }
    let columns = job_columns!();
    let id: String = row.try_get("job_id")?;
    let family = format!("SELECT {columns} FROM jobs WHERE id = $1 OR parent_id = $1 ORDER BY seq");
    let rows = sqlx::query(AssertSqlSafe(family))
        .bind(&id)
        .fetch_all(connection)
        .await?;
    let mut family = jobs(&rows)?.into_iter();
    // The job may have been removed since; the request is still the same one.
    let job = family
        .next()
        .filter(|job| job.id == id)
        .ok_or_else(|| Error::not_found("job", &id))?;
    Ok(Some(Created {
        job,
        children: family.collect(),
        repeated: true,
    }))
}
