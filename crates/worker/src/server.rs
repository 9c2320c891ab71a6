//! The worker's side of [`filmpress_job::protocol`]: what it says with its token. Files go by [`crate::transfer`].
//!
//! A worker only ever asks: it works behind any router. Where several servers of one service are known, the next is asked
//! when one does not answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    /// No server is known.
    #[error("no server is named")]
    Nobody,
}

impl ServerError {
    /// Whether the same request may be taken later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::Status { status, .. } => status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS,
            Self::Stale | Self::Unauthorized | Self::Nobody => false,
        }
    }

    /// Whether it is the server that is not there, and another may be.
    fn is_absent(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::Status { status, .. } => matches!(
                *status,
                StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
            ),
            Self::Stale | Self::Unauthorized | Self::Nobody => false,
        }
    }
}

/// The server, as a worker sees it. Clones share what they know of it.
#[derive(Clone, Debug)]
pub struct Server {
    /// Addresses, each with the client to ask there.
    places: Arc<[(String, Client)]>,
    /// The place that answered last.
    current: Arc<AtomicUsize>,
    token: String,
    name: String,
    tags: Vec<String>,
}

impl Server {
    /// The server of a configuration.
    pub fn new(config: &Config) -> Result<Self, ServerError> {
        let place = |server: &Url| {
            let base = server.as_str().trim_end_matches('/').to_owned();
            Ok((base, client(is_loopback(server))?))
        };
        let places: Vec<_> = config.servers.iter().map(place).collect::<Result<_, ServerError>>()?;
        Ok(Self {
            places: places.into(),
            current: Arc::default(),
            token: config.token.clone(),
            name: config.name.clone(),
            tags: config.tags.clone(),
        })
    }

    async fn post(&self, path: &str, body: &impl Serialize, timeout: Duration) -> Result<Response, ServerError> {
        let first = self.current.load(Ordering::Relaxed);
        let mut last = Err(ServerError::Nobody);
        for step in 0..self.places.len() {
            let at = (first + step) % self.places.len();
            let Some((base, client)) = self.places.get(at) else {
                continue;
            };
            let request = client.post(format!("{base}/api/worker/{path}"));
            let request = request.bearer_auth(&self.token).timeout(timeout).json(body);
            last = match request.send().await {
                Ok(response) => checked(response).await,
                Err(error) => Err(error.into()),
            };
            if !last.as_ref().is_err_and(ServerError::is_absent) {
                self.current.store(at, Ordering::Relaxed);
                return last;
            }
        }
        last
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

/// A client that asks a server and follows it nowhere: tokens and signed URLs stay between the two. `direct`: past any
/// proxy.
pub(crate) fn client(direct: bool) -> Result<Client, ServerError> {
    let mut builder = Client::builder()
        .user_agent(concat!("filmpress-worker/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none());
    if direct {
        builder = builder.no_proxy();
    }
    Ok(builder.build()?)
}

async fn checked(response: Response) -> Result<Response, ServerError> {
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

/// Whether a URL leads to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
