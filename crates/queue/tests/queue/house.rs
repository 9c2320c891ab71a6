//! An open queue with a team, and the clock to move.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use filmpress_job::protocol::{Fail, Finish, Heartbeat};
use filmpress_job::{ErrorCode, JobCreation, JobError, JobStatus, Phase};
use filmpress_queue::{
    ClaimBy, Clock, Database, Error, JobRecord, NewChild, NewJob, NewToken, Output, Policy, Principal, Queue, new_id,
};
use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use time::OffsetDateTime;

pub struct Hand(AtomicI64);

impl Hand {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub fn forward_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> OffsetDateTime {
        let start = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        start + Duration::from_millis(self.0.load(Ordering::SeqCst) as u64)
    }
}

/// Where the database is.
pub enum Place {
    Folder(tempfile::TempDir),
    Server { url: String, name: String },
}

impl Place {
    pub fn database(&self) -> Database {
        match self {
            Self::Folder(folder) => Database::Sqlite(folder.path().join("filmpress.db")),
            Self::Server { url, name } => Database::Postgres(with_database(url, name)),
        }
    }
}

/// The URL of another database on the same server.
pub fn with_database(url: &str, name: &str) -> String {
    let (path, parameters) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = path.rsplit_once('/').unwrap();
    format!("{server}/{name}?{parameters}")
}

pub async fn server(url: &str) -> PgConnection {
    PgConnectOptions::from_str(url).unwrap().connect().await.unwrap()
}

pub struct House {
    pub place: Place,
    pub clock: Arc<Hand>,
    pub queue: Queue,
    pub team: String,
}

impl House {
    pub async fn sqlite() -> Self {
        Self::at(Place::Folder(tempfile::tempdir().unwrap())).await
    }

    /// None where there is no PostgreSQL, which it says.
    pub async fn postgres() -> Option<Self> {
        let Ok(url) = std::env::var("FILMPRESS_TEST_POSTGRES") else {
            println!("skipped: FILMPRESS_TEST_POSTGRES names no PostgreSQL");
            return None;
        };
        let name = format!("filmpress_{}", new_id().to_lowercase());
        let mut server = server(&url).await;
        let create = format!("CREATE DATABASE {name}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut server).await.unwrap();
        server.close().await.unwrap();
        Some(Self::at(Place::Server { url, name }).await)
    }

    async fn at(place: Place) -> Self {
        let clock = Arc::new(Hand(AtomicI64::new(0)));
        let queue = Queue::open_with(&place.database(), clock.clone(), Policy::default())
            .await
            .unwrap();
        let team = team(&queue, "studio").await;
        Self {
            place,
            clock,
            queue,
            team,
        }
    }

    /// Leaves nothing behind on the server.
    pub async fn end(self) {
        self.queue.close().await;
        if let Place::Server { url, name } = self.place {
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            let mut server = server(&url).await;
            sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut server).await.unwrap();
        }
    }

    /// As after `kill -9`: nothing is closed, the database is opened again.
    pub async fn restart(&mut self) {
        self.restart_with(Policy::default()).await;
    }

    pub async fn restart_with(&mut self, policy: Policy) {
        self.queue = self.open_another(policy).await;
    }

    pub async fn open_another(&self, policy: Policy) -> Queue {
        Queue::open_with(&self.place.database(), self.clock.clone(), policy)
            .await
            .unwrap()
    }

    pub fn new_job(&self, extra: &Value) -> NewJob {
        new_job(&self.team, extra)
    }

    pub async fn job(&self, extra: Value) -> String {
        self.queue.create_job(&self.new_job(&extra)).await.unwrap().job.id
    }

    /// A job that waits for so many others: its id and theirs.
    pub async fn parent(&self, extra: Value, children: usize) -> (String, Vec<String>) {
        let mut new = self.new_job(&extra);
        for asset in 0..children {
            let job = self.new_job(&json!({}));
            new.children.push(NewChild { asset, job });
        }
        let created = self.queue.create_job(&new).await.unwrap();
        (created.job.id, created.children.into_iter().map(|job| job.id).collect())
    }

    pub async fn claim(&self) -> Option<(String, u32)> {
        self.claim_as("w").await.map(|job| (job.id, job.state.attempt))
    }

    pub async fn claim_as(&self, worker: &str) -> Option<JobRecord> {
        self.queue.claim(&by(worker, &[])).await.unwrap()
    }

    /// The instant, as a part of names.
    pub fn clock_text(&self) -> String {
        self.clock.now().unix_timestamp_nanos().to_string()
    }

    pub async fn get(&self, id: &str) -> JobRecord {
        self.queue.job(Some(&self.team), id).await.unwrap()
    }

    pub async fn status(&self, id: &str) -> JobStatus {
        self.get(id).await.state.status
    }

    pub async fn finish(&self, id: &str, attempt: u32) -> Result<(), Error> {
        let report = Finish {
            attempt,
            render_duration: 2.0,
            log: Some("drawn".into()),
            ..Finish::default()
        };
        let output = Output::stored(format!("outputs/{id}/{attempt}.mp4"));
        self.queue.finish(id, report, output).await.map(|_| ())
    }

    pub async fn fail(&self, id: &str, attempt: u32, code: ErrorCode) -> Result<JobRecord, Error> {
        let error = JobError::new(code, Phase::Render, "it did not work");
        let log = None;
        self.queue.fail(id, Fail { attempt, error, log }).await
    }

    /// The jobs that webhooks wait to be sent of.
    pub async fn told(&self) -> Vec<String> {
        let due = self.queue.due_webhooks(10_000).await.unwrap();
        due.into_iter().filter_map(|webhook| webhook.job).collect()
    }
}

pub fn new_job(team: &str, extra: &Value) -> NewJob {
    let mut body = json!({"template": {"id": new_id()}});
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let payload = JobCreation::from_body(&body).unwrap();
    NewJob {
        template: Some(payload.template.id.clone()),
        ..NewJob::new(team, payload, "http://o/".into())
    }
}

pub async fn team(queue: &Queue, name: &str) -> String {
    let (_, secret) = queue.create_token(&NewToken::team(name)).await.unwrap();
    match queue.authenticate(secret.reveal()).await.unwrap() {
        Some(Principal::Team { team, .. }) => team,
        other => panic!("{other:?}"),
    }
}

pub fn by(worker: &str, tags: &[&str]) -> ClaimBy {
    ClaimBy {
        worker: worker.into(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

pub fn beat(attempt: u32, progress: f64) -> Heartbeat {
    Heartbeat {
        attempt,
        phase: Phase::Render,
        progress,
        frame: 0,
        frames: 0,
    }
}

pub fn webhook() -> Value {
    json!({"webhook": {"url": "http://hooks.example/x", "headers": {"X-Key": "k"}, "data": {"order": 9}}})
}

/// Changes the database behind the queue's back.
pub async fn execute(house: &House, statement: &str) {
    let statement = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
    match house.place.database() {
        Database::Sqlite(file) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
            let mut connection = options.connect().await.unwrap();
            statement.execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        Database::Postgres(url) => {
            let mut connection = server(&url).await;
            statement.execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}
