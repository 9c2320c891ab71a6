//! How fast jobs are accepted, claimed and looked at, by eight callers at once, on SQLite and on PostgreSQL.
//!
//! ```text
//! cargo bench -p filmpress-queue --bench throughput -- [--rows N] [--jobs N] [--sqlite FILE] [--postgres URL]
//! ```
//!
//! `--rows` fills the table first: nine of ten jobs finished, one waiting, over 20 teams. Without `--sqlite` and
//! `--postgres` both are measured: a file in a temporary folder, and a database of its own on the server that
//! `FILMPRESS_TEST_POSTGRES` names, if it does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for the one who measures"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use filmpress_job::JobCreation;
use filmpress_job::protocol::Finish;
use filmpress_queue::{ClaimBy, Database, NewJob, Output, Queue, TeamLimits, new_id};
use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tokio::task::JoinSet;

const CALLERS: usize = 8;

struct Arguments {
    rows: u64,
    jobs: usize,
    databases: Vec<Database>,
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let (arguments, made) = arguments(&folder).await;
    println!(
        "{CALLERS} callers, {} jobs, {} rows before",
        arguments.jobs, arguments.rows
    );
    println!("| database | create /s | claim /s | finish /s | GET p50 | GET p99 | gauges |");
    println!("|---|---|---|---|---|---|---|");
    for database in &arguments.databases {
        measure(database, &arguments).await;
    }
    if let Some((url, name)) = made {
        run_on_postgres(&url, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

async fn arguments(folder: &tempfile::TempDir) -> (Arguments, Option<(String, String)>) {
    let mut arguments = Arguments {
        rows: 0,
        jobs: 8000,
        databases: Vec::new(),
    };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let mut value = || given.next().expect("a value");
        match name.as_str() {
            "--rows" => arguments.rows = value().parse().expect("a number of rows"),
            "--jobs" => arguments.jobs = value().parse().expect("a number of jobs"),
            "--sqlite" => arguments.databases.push(Database::Sqlite(value().into())),
            "--postgres" => arguments.databases.push(Database::Postgres(value())),
            // Cargo says so.
            "--bench" => {}
            other => panic!("unknown argument `{other}`"),
        }
    }
    if !arguments.databases.is_empty() {
        return (arguments, None);
    }
    arguments
        .databases
        .push(Database::Sqlite(folder.path().join("bench.db")));
    let Ok(url) = std::env::var("FILMPRESS_TEST_POSTGRES") else {
        println!("skipped: FILMPRESS_TEST_POSTGRES names no PostgreSQL");
        return (arguments, None);
    };
    let name = format!("filmpress_bench_{}", new_id().to_lowercase());
    run_on_postgres(&url, &format!("CREATE DATABASE {name}")).await;
    let (path, parameters) = url.split_once('?').unwrap_or((&url, ""));
    let (server, _) = path.rsplit_once('/').expect("a URL with a database");
    arguments
        .databases
        .push(Database::Postgres(format!("{server}/{name}?{parameters}")));
    (arguments, Some((url, name)))
}

async fn measure(database: &Database, arguments: &Arguments) {
    let queue = Arc::new(Queue::open(database).await.unwrap());
    let team = queue.create_team(&new_id(), TeamLimits::default()).await.unwrap().id;
    if arguments.rows > 0 {
        fill(database, arguments.rows).await;
    }
    let share = arguments.jobs / CALLERS;
    let looking = look_meanwhile(&queue, &team).await;

    let create = timed(CALLERS, |_| {
        let (queue, team) = (queue.clone(), team.clone());
        async move {
            for _ in 0..share {
                queue.create_job(&job(&team)).await.unwrap();
            }
        }
    })
    .await;
    let claimed = Arc::new(tokio::sync::Mutex::new(Vec::new()));
    let claim = timed(CALLERS, |caller| {
        let (queue, claimed) = (queue.clone(), claimed.clone());
        async move {
            let by = ClaimBy {
                worker: format!("bench{caller}"),
                tags: Vec::new(),
            };
            let mut mine = Vec::with_capacity(share);
            for _ in 0..share {
                let job = queue.claim(&by).await.unwrap().expect("a job waits");
                mine.push((job.id, job.state.attempt));
            }
            claimed.lock().await.push(mine);
        }
    })
    .await;
    let claimed = Arc::new(std::mem::take(&mut *claimed.lock().await));
    let finish = timed(CALLERS, |caller| {
        let (queue, claimed) = (queue.clone(), claimed.clone());
        async move {
            for (id, attempt) in &claimed[caller] {
                let report = Finish {
                    attempt: *attempt,
                    ..Finish::default()
                };
                queue.finish(id, report, Output::stored("outputs/x")).await.unwrap();
            }
        }
    })
    .await;
    let times = looking.stop().await;
    let start = Instant::now();
    queue.gauges().await.unwrap();
    let gauges = start.elapsed();
    let rate = |time: Duration| (share * CALLERS) as f64 / time.as_secs_f64();
    let name = match database {
        Database::Sqlite(_) => "SQLite",
        Database::Postgres(_) => "PostgreSQL",
    };
    println!(
        "| {name} | {:.0} | {:.0} | {:.0} | {:.2} ms | {:.2} ms | {:.0} ms |",
        rate(create),
        rate(claim),
        rate(finish),
        at(&times, 0.5),
        at(&times, 0.99),
        gauges.as_secs_f64() * 1000.0
    );
    queue.close().await;
}

/// The time that so many tasks take together.
async fn timed<F: Future<Output = ()> + Send + 'static>(tasks: usize, task: impl Fn(usize) -> F) -> Duration {
    let start = Instant::now();
    let mut set = JoinSet::new();
    for index in 0..tasks {
        set.spawn(task(index));
    }
    while let Some(done) = set.join_next().await {
        done.unwrap();
    }
    start.elapsed()
}

/// Somebody who looks at a job every five milliseconds while the others are at work.
struct Looking {
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<Vec<Duration>>,
}

async fn look_meanwhile(queue: &Arc<Queue>, team: &str) -> Looking {
    let id = queue.create_job(&job(team)).await.unwrap().job.id;
    let stop = Arc::new(AtomicBool::new(false));
    let (queue, team, stopped) = (queue.clone(), team.to_owned(), stop.clone());
    let task = tokio::spawn(async move {
        let mut times = Vec::new();
        while !stopped.load(Ordering::Relaxed) {
            let start = Instant::now();
            queue.job(Some(&team), &id).await.unwrap();
            times.push(start.elapsed());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        times
    });
    Looking { stop, task }
}

impl Looking {
    async fn stop(self) -> Vec<Duration> {
        self.stop.store(true, Ordering::Relaxed);
        let mut times = self.task.await.unwrap();
        times.sort();
        times
    }
}

fn at(times: &[Duration], share: f64) -> f64 {
    let index = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

fn job(team: &str) -> NewJob {
    let body = json!({
        "template": {"id": "01J00000000000000000000000", "composition": "Main"},
        "assets": [
            {"type": "text", "layerName": "Title", "value": "Hello"},
            {"type": "image", "layerName": "Logo", "src": "https://example.org/logo.png"}
        ],
        "webhook": {"url": "https://example.org/hook"}
    });
    let payload = JobCreation::from_body(&body).unwrap();
    NewJob {
        template: Some(payload.template.id.clone()),
        ..NewJob::new(team, payload, "https://example.org/outputs/x.mp4".to_owned())
    }
}

/// Rows as jobs leave them, made inside the database.
async fn fill(database: &Database, rows: u64) {
    let start = Instant::now();
    let payload = r#"{"template":{"id":"01J00000000000000000000000","composition":"Main"},"preview":false,"fonts":[],"assets":[{"type":"text","layerName":"Title","value":"Hello"}]}"#;
    let (numbers, padded) = match database {
        Database::Sqlite(_) => (
            format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"),
            "printf('%026d', i)",
        ),
        Database::Postgres(_) => (
            format!("WITH n (i) AS (SELECT generate_series(1, {rows}))"),
            "lpad(CAST(i AS TEXT), 26, '0')",
        ),
    };
    let teams = (0..20).map(|team| format!("('FILL{team}', 'fill {team}', 0)"));
    let teams: Vec<_> = teams.collect();
    let statement = format!(
        "INSERT INTO teams (id, name, created_at) VALUES {};
         {numbers}
         INSERT INTO jobs (id, team_id, template_id, payload, tags, priority, total_assets, output_url, created_at, updated_at,
                           status, attempt, not_before, progress, finished_at, ended_at, output)
         SELECT {padded}, 'FILL' || (i % 20), 'T', '{payload}', '[]', i % 3, 1, 'http://o/', i, i,
                CASE WHEN i % 10 = 0 THEN 'queued' ELSE 'finished' END, 1, 0, 100,
                CASE WHEN i % 10 = 0 THEN NULL ELSE i END, CASE WHEN i % 10 = 0 THEN NULL ELSE i END,
                CASE WHEN i % 10 = 0 THEN NULL ELSE 'outputs/x' END
         FROM n",
        teams.join(", ")
    );
    match database {
        Database::Sqlite(file) => {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = options.connect().await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .unwrap();
            sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        }
        Database::Postgres(url) => {
            run_on_postgres(url, &statement).await;
            run_on_postgres(url, "VACUUM ANALYZE jobs").await;
            run_on_postgres(url, "CHECKPOINT").await;
        }
    }
    println!("filled in {:.0} s", start.elapsed().as_secs_f64());
}

async fn run_on_postgres(url: &str, statement: &str) {
    let mut connection = url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
