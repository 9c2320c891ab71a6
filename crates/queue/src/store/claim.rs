//! Claims: which team is served next, and its next job.
//!
//! Teams with fewer running jobs go first, then the one that was served longest ago; within a team larger priorities, then
//! older jobs. Running jobs are counted from an index that has only those: nothing is kept up to date by every new job, so
//! new jobs never wait for each other.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::Moment;
use super::row::{count, job, job_columns, json, millis, plain, plain_all};
use super::transition::change;
use crate::error::Result;
use crate::queue::Queue;
use crate::record::{ClaimBy, JobRecord};
use crate::state::{Event, next};

/// A team with jobs that wait.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Waiting {
    team: String,
    served_at: i64,
    max_running: Option<i64>,
}

impl Queue {
    /// Gives the next waiting job to a worker, if it may have one. With tags, only a job that has one of them.
    pub async fn claim(&self, by: &ClaimBy) -> Result<Option<JobRecord>> {
        if !self.admits(by).await? {
            return Ok(None);
        }
        let tags = if by.tags.is_empty() {
            None
        } else {
            Some(json(&plain_all(&by.tags))?)
        };
        for team in self.teams_in_turn(tags.is_some()).await? {
            let given = (team, plain(&by.worker), tags.clone(), self.moment());
            // Idle workers ask over and over; they read, and only a job makes them write.
            if !self.has_work(&given.0, given.2.as_deref()).await? {
                continue;
            }
            let claimed = self
                .write(given, |connection, (team, worker, tags, moment)| {
                    Box::pin(async move { claim_from(connection, team, worker, tags.as_deref(), moment).await })
                })
                .await?;
            if claimed.is_some() {
                return Ok(claimed);
            }
        }
        Ok(None)
    }

    /// The teams with jobs that wait, in the order they are to be served, without those that run as many as they may.
    async fn teams_in_turn(&self, tagged: bool) -> Result<Vec<Waiting>> {
        let (index, tags) = if tagged {
            ("jobs_queued_tagged", " AND tags <> '[]'")
        } else {
            ("jobs_queued", "")
        };
        let from = format!("jobs{}", self.store.dialect.by_index(index));
        // Jumps from team to team in the index, past all the jobs of each.
        let statement = format!(
            "WITH RECURSIVE waiting (team) AS (
                SELECT (SELECT team_id FROM {from} WHERE status = 'queued'{tags} ORDER BY team_id LIMIT 1)
                UNION ALL
                SELECT (SELECT team_id FROM {from} WHERE status = 'queued'{tags} AND team_id > waiting.team
                        ORDER BY team_id LIMIT 1)
                FROM waiting WHERE waiting.team IS NOT NULL
             )
             SELECT id, served_at, max_running FROM waiting JOIN teams ON teams.id = waiting.team"
        );
        let rows = sqlx::query(AssertSqlSafe(statement))
            .fetch_all(&self.store.readers)
            .await?;
        let waiting = rows
            .iter()
            .map(|row| {
                Ok(Waiting {
                    team: row.try_get("id")?,
                    served_at: row.try_get("served_at")?,
                    max_running: row.try_get("max_running")?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        if let [only] = waiting.as_slice()
            && only.max_running.is_none()
        {
            return Ok(waiting);
        }
        let running = format!(
            "SELECT team_id, count(*) AS running FROM jobs{} WHERE status = 'render:dorender' GROUP BY team_id",
            self.store.dialect.by_index("jobs_rendering")
        );
        let rows = sqlx::query(AssertSqlSafe(running))
            .fetch_all(&self.store.readers)
            .await?;
        let running = rows
            .iter()
            .map(|row| Ok((row.try_get("team_id")?, count(row, "running")? as i64)))
            .collect::<Result<HashMap<String, i64>>>()?;
        Ok(in_turn(waiting, &running))
    }

    async fn has_work(&self, team: &Waiting, tags: Option<&str>) -> Result<bool> {
        let (statement, n) = next_job(&self.moment(), tags.is_some(), "1 AS found", "");
        debug_assert_eq!(n, 2 + usize::from(tags.is_some()));
        let query = sqlx::query(AssertSqlSafe(statement))
            .bind(&team.team)
            .bind(millis(self.clock.now()));
        let query = if let Some(tags) = tags { query.bind(tags) } else { query };
        Ok(query.fetch_optional(&self.store.readers).await?.is_some())
    }
}

fn in_turn(mut waiting: Vec<Waiting>, running: &HashMap<String, i64>) -> Vec<Waiting> {
    let runs = |team: &Waiting| running.get(&team.team).copied().unwrap_or_default();
    waiting.retain(|team| team.max_running.is_none_or(|most| runs(team) < most));
    waiting.sort_by(|a, b| {
        let key = |team: &Waiting| (runs(team), team.served_at);
        key(a).cmp(&key(b)).then_with(|| a.team.cmp(&b.team))
    });
    waiting
}

/// The statement that finds a team's next job, and how many values it takes.
fn next_job(moment: &Moment, tagged: bool, columns: &str, lock: &str) -> (String, usize) {
    let dialect = moment.dialect;
    let (index, tags, values) = if tagged {
        let shares = dialect.shares("tags", 3);
        ("jobs_queued_tagged", format!(" AND tags <> '[]' AND {shares}"), 3)
    } else {
        ("jobs_queued", String::new(), 2)
    };
    let from = dialect.by_index(index);
    let statement = format!(
        "SELECT {columns} FROM jobs{from} WHERE team_id = $1 AND status = 'queued' AND not_before <= $2{tags}
         ORDER BY priority DESC, seq LIMIT 1{lock}"
    );
    (statement, values)
}

async fn claim_from(
    connection: &mut AnyConnection,
    team: &Waiting,
    worker: &str,
    tags: Option<&str>,
    moment: &Moment,
) -> Result<Option<JobRecord>> {
    if team.max_running.is_some() && is_at_limit(connection, &team.team, moment).await? {
        return Ok(None);
    }
    let (statement, _) = next_job(moment, tags.is_some(), job_columns!(), moment.dialect.skip_locked());
    let query = sqlx::query(AssertSqlSafe(statement))
        .bind(&team.team)
        .bind(millis(moment.now));
    let query = if let Some(tags) = tags { query.bind(tags) } else { query };
    let Some(row) = query.fetch_optional(&mut *connection).await? else {
        return Ok(None);
    };
    let before = job(&row)?;
    let event = Event::Claim {
        worker: worker.to_owned(),
    };
    let after = next(&before.state, event, moment.now, &moment.policy)?;
    let record = change(connection, &before, after, None, moment).await?;
    sqlx::query("INSERT INTO attempts (job_id, attempt, worker, started_at) VALUES ($1, $2, $3, $4)")
        .bind(&record.id)
        .bind(i64::from(record.state.attempt))
        .bind(worker)
        .bind(millis(moment.now))
        .execute(&mut *connection)
        .await?;
    // Whoever is noting the same about the team at this moment notes it for us as well.
    let statement = format!(
        "UPDATE teams SET served_at = $2 WHERE id = (SELECT id FROM teams WHERE id = $1{})",
        moment.dialect.no_key_skip_locked()
    );
    sqlx::query(AssertSqlSafe(statement))
        .bind(&team.team)
        .bind(millis(moment.now))
        .execute(&mut *connection)
        .await?;
    Ok(Some(record))
}

/// Whether a team with a limit runs as many jobs as it may; until the transaction ends, no other changes that.
async fn is_at_limit(connection: &mut AnyConnection, team: &str, moment: &Moment) -> Result<bool> {
    let statement = format!("SELECT max_running FROM teams WHERE id = $1{}", moment.dialect.no_key());
    let limit: Option<Option<i64>> = sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(team)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(limit) = limit.flatten() else { return Ok(false) };
    let statement = format!(
        "SELECT count(*) FROM jobs{} WHERE team_id = $1 AND status = 'render:dorender'",
        moment.dialect.by_index("jobs_rendering")
    );
    let running: i64 = sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(team)
        .fetch_one(connection)
        .await?;
    Ok(running >= limit)
}

#[cfg(test)]
mod tests {
    use super::{Waiting, in_turn};

    fn team(name: &str, served_at: i64, max_running: Option<i64>) -> Waiting {
        Waiting {
            team: name.into(),
            served_at,
            max_running,
        }
    }

    #[test]
    fn fewer_running_first_then_served_longest_ago() {
        let waiting = vec![
            team("a", 5, None),
            team("b", 3, None),
            team("c", 9, None),
            team("d", 0, Some(2)),
            team("e", 9, Some(3)),
        ];
        let running = [("a", 1), ("b", 1), ("d", 2), ("e", 2)].map(|(team, count)| (team.to_owned(), count));
        let order: Vec<_> = in_turn(waiting, &running.into())
            .into_iter()
            .map(|team| team.team)
            .collect();
        assert_eq!(order, ["c", "b", "a", "e"], "`d` runs as many as it may");
    }
}
