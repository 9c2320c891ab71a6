//! Claims: which team is served next, and its next job.
//!
//! Teams with fewer running jobs go first, then the one that was served longest ago; within a team larger priorities, then
//! older jobs. Running jobs are counted from an index that has only those: nothing is kept up to date by every new job, so
//! new jobs never wait for each other.
//!
//! Workers that ask at the same time are served together, in rounds: a round shares out the jobs that are wanted among the
//! teams in their turn and takes them in one transaction. A team that had fewer than its share is left out of the next.

use std::collections::HashMap;

use serde_json::json as object;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::dialect::{Column, Dialect};
use super::gather::fail_all;
use super::row::{job_columns, jobs, json, millis, plain, plain_all, word};
use super::shares::{Share, Waiting, shares, teams_waiting};
use super::workers::admitted;
use super::{Moment, Store};
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::{ClaimBy, JobRecord};
use crate::state::{Event, next};

/// That a team was served is written so often while no other has jobs that wait; milliseconds.
const NOTED: i64 = 100;

/// A worker that asks for a job.
#[derive(Clone)]
pub struct Claimant {
    pub worker: String,
    /// The JSON list of its tags.
    pub tags: String,
    pub moment: Moment,
}

impl Claimant {
    fn is_choosy(&self) -> bool {
        self.tags != "[]"
    }
}

impl Queue {
    /// Gives the next waiting job to a worker, if it may have one. With tags, only a job that has one of them.
    pub async fn claim(&self, by: &ClaimBy) -> Result<Option<JobRecord>> {
        let claimant = Claimant {
            worker: plain(&by.worker),
            tags: json(&plain_all(&by.tags))?,
            moment: self.moment(),
        };
        self.gathered.claims.ask(claimant).await
    }
}

/// Serves workers that ask at the same time.
pub async fn claim_all(store: Store, claimants: Vec<Claimant>) -> Vec<Result<Option<JobRecord>>> {
    let mut answers: Vec<Result<Option<JobRecord>>> = claimants.iter().map(|_| Ok(None)).collect();
    let is_choosy = claimants.iter().any(Claimant::is_choosy);
    let looks = tokio::try_join!(admitted(&store, &claimants), teams_waiting(&store, is_choosy));
    let (admitted, teams) = match looks {
        Ok(looks) => looks,
        Err(error) => return fail_all(claimants.len(), &error),
    };
    // What the first of them goes by; the others look again.
    let mut teams = Some(teams);
    let mut kinds: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, claimant) in claimants.iter().enumerate() {
        if admitted.contains(claimant.worker.as_str()) {
            kinds.entry(&claimant.tags).or_default().push(place);
        }
    }
    for places in kinds.into_values() {
        let mut served = Vec::with_capacity(places.len());
        let alike: Vec<_> = places
            .iter()
            .filter_map(|place| claimants.get(*place).cloned())
            .collect();
        let seen = match alike.first() {
            Some(first) if first.is_choosy() == is_choosy => teams.take(),
            _ => None,
        };
        let went = serve(&store, &alike, seen, &mut served).await;
        // What was given before something went wrong is given.
        let mut served = served.into_iter();
        for place in places {
            if let Some(answer) = answers.get_mut(place) {
                *answer = match (served.next(), &went) {
                    (Some(job), _) => Ok(Some(job)),
                    (None, Ok(())) => Ok(None),
                    (None, Err(error)) => Err(Error::Store(error.to_string())),
                };
            }
        }
    }
    answers
}

/// Serves workers with the same tags, one after the other as far as there are jobs; `seen` are the teams with jobs for them
/// where somebody just looked.
async fn serve(
    store: &Store,
    claimants: &[Claimant],
    mut seen: Option<Vec<Waiting>>,
    served: &mut Vec<JobRecord>,
) -> Result<()> {
    let mut exhausted: Vec<String> = Vec::new();
    while let Some(rest) = claimants.get(served.len()..)
        && let Some(first) = rest.first()
    {
        let mut teams = match seen.take() {
            Some(teams) => teams,
            None => teams_waiting(store, first.is_choosy()).await?,
        };
        teams.retain(|team| !exhausted.contains(&team.team));
        let now = millis(first.moment.now);
        // A team alone has nobody to take turns with: that it was served is written now and then.
        let is_noted = teams.len() > 1 || teams.iter().any(|team| team.served_at() + NOTED <= now);
        let round = shares(teams, now, rest.len());
        if round.is_empty() {
            return Ok(());
        }
        let wanted: Vec<_> = round.iter().map(|share| (share.team.clone(), share.count)).collect();
        let taken = store
            .writer
            .write(
                (round, rest.to_vec(), is_noted),
                |connection, (round, claimants, is_noted)| {
                    Box::pin(async move {
                        let taken = take(connection, round, claimants).await?;
                        if let (true, Some(first)) = (*is_noted && !taken.is_empty(), claimants.first()) {
                            note_served(connection, &taken, &first.moment).await?;
                        }
                        Ok(taken)
                    })
                },
            )
            .await?;
        exhausted.extend(wanted.into_iter().filter_map(|(team, count)| {
            let got = taken.iter().filter(|job| job.team == team).count();
            (got < count).then_some(team)
        }));
        served.extend(taken);
    }
    Ok(())
}

/// Takes the jobs of a round, each for the next of the workers.
async fn take(connection: &mut AnyConnection, round: &[Share], claimants: &[Claimant]) -> Result<Vec<JobRecord>> {
    let Some(first) = claimants.first() else {
        return Ok(Vec::new());
    };
    let moment = &first.moment;
    let mut wanted = Vec::with_capacity(round.len());
    // By the teams' ids, which the round is sorted by: no two servers wait for each other.
    for share in round {
        let count = if share.is_limited {
            share.count.min(room(connection, &share.team, moment).await?)
        } else {
            share.count
        };
        if count > 0 {
            wanted.push((share.team.as_str(), count));
        }
    }
    let mut taken = Vec::with_capacity(claimants.len());
    for (before, claimant) in next_jobs(connection, &wanted, first).await?.into_iter().zip(claimants) {
        let event = Event::Claim {
            worker: claimant.worker.clone(),
        };
        let state = next(&before.state, event, moment.now, &moment.policy)?;
        taken.push(JobRecord {
            updated_at: moment.now,
            state,
            ..before
        });
    }
    if !taken.is_empty() {
        write_claimed(connection, &taken, moment).await?;
        begin_attempts(connection, &taken, moment).await?;
    }
    Ok(taken)
}

/// The next jobs of teams, so many of each, locked.
async fn next_jobs(
    connection: &mut AnyConnection,
    wanted: &[(&str, usize)],
    claimant: &Claimant,
) -> Result<Vec<JobRecord>> {
    let dialect = claimant.moment.dialect;
    let mut found = Vec::new();
    let parts: Vec<_> = match dialect {
        // Its statements cost no journey, and it cannot look at each team's own jobs within one.
        Dialect::Sqlite => wanted.chunks(1).collect(),
        Dialect::Postgres => vec![wanted],
    };
    for part in parts {
        let rows: Vec<_> = part
            .iter()
            .map(|(team, count)| object!({"team": team, "count": count}))
            .collect();
        let query = sqlx::query(AssertSqlSafe(next_jobs_statement(dialect, claimant.is_choosy())))
            .bind(json(&rows)?)
            .bind(millis(claimant.moment.now));
        let query = if claimant.is_choosy() {
            query.bind(&claimant.tags)
        } else {
            query
        };
        found.extend(jobs(&query.fetch_all(&mut *connection).await?)?);
    }
    Ok(found)
}

fn next_jobs_statement(dialect: Dialect, tagged: bool) -> String {
    let (index, tags) = if tagged {
        let shares = dialect.shares("tags", 3);
        ("jobs_queued_tagged", format!(" AND tags <> '[]' AND {shares}"))
    } else {
        ("jobs_queued", String::new())
    };
    let (columns, from) = (job_columns!(), dialect.by_index(index));
    let queued =
        format!("SELECT {columns} FROM jobs{from} WHERE status = 'queued' AND not_before <= $2{tags} AND team_id =");
    let order = "ORDER BY priority DESC, seq LIMIT";
    match dialect {
        Dialect::Sqlite => {
            format!("{queued} json_extract($1, '$[0].team') {order} CAST(json_extract($1, '$[0].count') AS INTEGER)")
        }
        Dialect::Postgres => format!(
            "SELECT {columns} FROM {} AS wanted
             CROSS JOIN LATERAL ({queued} wanted.team {order} wanted.count FOR UPDATE SKIP LOCKED) AS found",
            dialect.rows(1, &[("team", Column::Text), ("count", Column::Integer)])
        ),
    }
}

/// What a claim changes of jobs.
const CLAIMED: [(&str, Column); 12] = [
    ("id", Column::Text),
    ("status", Column::Text),
    ("attempt", Column::Integer),
    ("worker", Column::Text),
    ("lease_until", Column::Integer),
    ("phase", Column::Text),
    ("progress", Column::Integer),
    ("frame", Column::Integer),
    ("frames", Column::Integer),
    ("render_since", Column::Integer),
    ("eta", Column::Integer),
    ("started_at", Column::Integer),
];
/// Writes what a claim changes, of many jobs with one statement.
async fn write_claimed(connection: &mut AnyConnection, taken: &[JobRecord], moment: &Moment) -> Result<()> {
    let rows = taken.iter().map(|job| {
        let to = &job.state;
        Ok(object!({
            "id": job.id,
            "status": to.status.as_str(),
            "attempt": to.attempt,
            "worker": to.worker,
            "lease_until": to.lease_until.map(millis),
            "phase": to.phase.as_ref().map(word).transpose()?,
            "progress": to.progress as i64,
            "frame": to.frame,
            "frames": to.frames,
            "render_since": to.render_since.map(millis),
            "eta": to.eta.map(millis),
            "started_at": to.started_at.map(millis),
        }))
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let changes = CLAIMED
        .iter()
        .skip(1)
        .map(|(name, _)| format!("{name} = claimed.{name}"));
    // PostgreSQL takes what comes as JSON for a hundred rows, for which it would rather read the table than look each up.
    let ids: Vec<_> = taken.iter().map(|job| &job.id).collect();
    let named = match moment.dialect {
        Dialect::Sqlite => String::new(),
        Dialect::Postgres => format!(" AND jobs.id {}", moment.dialect.one_of(3)),
    };
    let statement = format!(
        "UPDATE jobs SET updated_at = $2, {} FROM {} AS claimed WHERE jobs.id = claimed.id{named}",
        changes.collect::<Vec<_>>().join(", "),
        moment.dialect.rows(1, &CLAIMED),
    );
    let query = sqlx::query(AssertSqlSafe(statement))
        .bind(json(&rows)?)
        .bind(millis(moment.now));
    let query = match moment.dialect {
        Dialect::Sqlite => query,
        Dialect::Postgres => query.bind(json(&ids)?),
    };
    query.execute(connection).await?;
    Ok(())
}

async fn begin_attempts(connection: &mut AnyConnection, taken: &[JobRecord], moment: &Moment) -> Result<()> {
    let columns = [
        ("job_id", Column::Text),
        ("attempt", Column::Integer),
        ("worker", Column::Text),
    ];
    let rows: Vec<_> = taken
        .iter()
        .map(|job| object!({"job_id": job.id, "attempt": job.state.attempt, "worker": job.state.worker}))
        .collect();
    let statement = format!(
        "INSERT INTO attempts (job_id, attempt, worker, started_at)
         SELECT job_id, attempt, worker, $2 FROM {} AS begun",
        moment.dialect.rows(1, &columns)
    );
    sqlx::query(AssertSqlSafe(statement))
        .bind(json(&rows)?)
        .bind(millis(moment.now))
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes when teams were served. Whoever is noting the same about one at this moment notes it for us as well.
async fn note_served(connection: &mut AnyConnection, taken: &[JobRecord], moment: &Moment) -> Result<()> {
    let mut teams: Vec<_> = taken.iter().map(|job| job.team.as_str()).collect();
    teams.sort_unstable();
    teams.dedup();
    let statement = format!(
        "UPDATE teams SET served_at = $2 WHERE id IN (SELECT id FROM teams WHERE id {}{})",
        moment.dialect.one_of(1),
        moment.dialect.no_key_skip_locked()
    );
    sqlx::query(AssertSqlSafe(statement))
        .bind(json(&teams)?)
        .bind(millis(moment.now))
        .execute(connection)
        .await?;
    Ok(())
}

/// How many jobs more a team with a limit may run; until the transaction ends, no other changes that.
async fn room(connection: &mut AnyConnection, team: &str, moment: &Moment) -> Result<usize> {
    let statement = format!("SELECT max_running FROM teams WHERE id = $1{}", moment.dialect.no_key());
    let limit: Option<Option<i64>> = sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(team)
        .fetch_optional(&mut *connection)
        .await?;
    // The limit was taken away since the team was looked at.
    let Some(limit) = limit.flatten() else {
        return Ok(usize::MAX);
    };
    let statement = format!(
        "SELECT count(*) FROM jobs{} WHERE team_id = $1 AND status = 'render:dorender'",
        moment.dialect.by_index("jobs_rendering")
    );
    let running: i64 = sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(team)
        .fetch_one(connection)
        .await?;
    Ok((limit - running).max(0) as usize)
}
