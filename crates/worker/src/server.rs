//! The worker's side of [`filmpress_job::protocol`]: what it says with its token. Files go by [`crate::transfer`].

use std::time::Duration;

use filmpress_job::protocol::{Claim, ClaimRequest, Fail, Finish, Heartbeat, HeartbeatAnswer};
use reqwest::{Client, Response, StatusCode};
use serde::Serialize;
use url::Url;

use crate::config::Config;

/// How long an ordinary request may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Pauses before each further try of a report.
const PAUSES: [u64; 5] = [1, 2, 4, 8, 15];

/// Why the server did not take a request.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// 409: the attempt is another's by now, or cancelled.
    #[error("the job is no longer this worker's")]
    Stale,
    /// 401 or 403: the token is not a worker's.
    #[error("the server does not accept the worker's token")]
    Unauthorized,
    /// Another refusal.
    #[error("the server answered {status}: {body}")]
    Status {
        /// The status.
        status: StatusCode,
        /// The beginning of what it said.
        body: String,
    },
    /// No answer.
    #[error("the server cannot be reached: {0}")]
    Connection(#[from] reqwest::Error),
    /// A file to be put could not be read.
    #[error("the output cannot be read: {0}")]
    File(std::io::Error),
}

impl ServerError {
    /// Whether the same request may be taken later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::Status { status, .. } => status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS,
            Self::Stale | Self::Unauthorized | Self::File(_) => false,
        }
    }
}

/// The server, as a worker sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Server {
    client: Client,
    base: String,
    token: String,
    name: String,
    tags: Vec<String>,
}

impl Server {
    /// The server of a configuration.
    pub fn new(config: &Config) -> Result<Self, ServerError> {
        Ok(Self {
            client: client(&config.server)?,
            base: config.server.as_str().trim_end_matches('/').to_owned(),
            token: config.token.clone(),
            name: config.name.clone(),
            tags: config.tags.clone(),
        })
    }

    async fn post(&self, path: &str, body: &impl Serialize, timeout: Duration) -> Result<Response, ServerError> {
        let request = self.client.post(format!("{}/api/worker/{path}", self.base));
        let request = request.bearer_auth(&self.token).timeout(timeout);
        checked(request.json(body).send().await?).await
    }

    /// Asks for a job, waiting up to `wait_seconds` for one.
    pub async fn claim(&self, wait_seconds: u64) -> Result<Option<Claim>, ServerError> {
        let request = ClaimRequest {
            worker: self.name.clone(),
            tags: self.tags.clone(),
            wait_seconds,
        };
        let response = self
            .post("claim", &request, TIMEOUT + Duration::from_secs(wait_seconds))
            .await?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        Ok(Some(response.json().await?))
    }

    /// Says that a job is still being worked on.
    pub async fn heartbeat(&self, job: &str, heartbeat: &Heartbeat) -> Result<HeartbeatAnswer, ServerError> {
        let response = self.post(&format!("jobs/{job}/heartbeat"), heartbeat, TIMEOUT).await?;
        Ok(response.json().await?)
    }

    /// Says that a job is done.
    pub async fn finish(&self, job: &str, finish: &Finish) -> Result<(), ServerError> {
        self.report(&format!("jobs/{job}/finish"), finish).await
    }

    /// Says that a job failed.
    pub async fn fail(&self, job: &str, fail: &Fail) -> Result<(), ServerError> {
        self.report(&format!("jobs/{job}/fail"), fail).await
    }

    async fn report(&self, path: &str, body: &impl Serialize) -> Result<(), ServerError> {
        let mut pauses = PAUSES.iter();
        loop {
            match (self.post(path, body, TIMEOUT).await, pauses.next()) {
                (Err(error), Some(&pause)) if error.is_passing() => {
                    tracing::warn!(%error, path, "report not taken; trying again");
                    tokio::time::sleep(Duration::from_secs(pause)).await;
                }
                (result, _) => return result.map(drop),
            }
        }
    }
}

/// A client that asks this server and follows it nowhere: tokens and signed URLs stay between the two.
pub(crate) fn client(server: &Url) -> Result<Client, ServerError> {
    let mut builder = Client::builder()
        .user_agent(concat!("filmpress-worker/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none());
    if is_loopback(server) {
        builder = builder.no_proxy();
    }
    Ok(builder.build()?)
}

pub(crate) async fn checked(response: Response) -> Result<Response, ServerError> {
    let status = response.status();
    match status {
        _ if status.is_success() => Ok(response),
        StatusCode::CONFLICT => Err(ServerError::Stale),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(ServerError::Unauthorized),
        _ => {
            let body = response.text().await.unwrap_or_default();
            let body = body.chars().take(300).collect();
            Err(ServerError::Status { status, body })
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
