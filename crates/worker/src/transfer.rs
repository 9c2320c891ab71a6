//! Files by URLs that the server has made: templates, fonts and outputs of children in, outputs out.
//!
//! Such URLs carry their own permission and are trusted wherever they lead: with an S3 store behind the server they are
//! presigned ones of the store. No token goes with them, and no header they were not signed for.

use std::path::Path;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use tokio::io::AsyncWriteExt;
use url::Url;

use crate::retry::retried;
use crate::server::{ServerError, is_loopback};

/// How long one file may take.
const TIMEOUT: Duration = Duration::from_hours(1);
/// Pauses before each further try.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(9),
    Duration::from_secs(20),
];

/// Why a file did not come or go.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// 409 of the server: the attempt is another's by now, or cancelled.
    #[error("the job is no longer this worker's")]
    Stale,
    /// Another refusal.
    #[error("the answer was {status}{reason}")]
    Status {
        /// The status.
        status: StatusCode,
        /// What it said, with a colon before it; empty if it said nothing that can be shown.
        reason: String,
    },
    /// No answer.
    #[error("no answer: {0}")]
    Connection(String),
    /// A file of ours could not be read or written.
    #[error("{0}")]
    File(std::io::Error),
    /// More bytes than allowed.
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    /// Not a URL.
    #[error("the server named an address that is none: {0}")]
    Address(#[from] url::ParseError),
}

impl TransferError {
    /// Whether the same request may succeed a little later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::Status { status, .. } => is_passing(*status),
            Self::Stale | Self::File(_) | Self::TooLarge(_) | Self::Address(_) => false,
        }
    }

    /// Whether another attempt at the job may succeed: it gets URLs of its own.
    pub fn is_retryable(&self) -> bool {
        self.is_passing()
            || matches!(self, Self::File(_))
            || matches!(self, Self::Status { status, .. } if *status == StatusCode::FORBIDDEN)
    }
}

impl From<reqwest::Error> for TransferError {
    /// Without the URL, whose signature is nobody's business.
    fn from(error: reqwest::Error) -> Self {
        Self::Connection(innermost(&error.without_url()))
    }
}

/// Whether a refusal is one of the moment.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
}

/// What happened: the outer causes only say where.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// The code in an error of an S3 store. The rest of it may name keys and signatures.
pub(crate) fn store_code(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_word = !code.is_empty() && code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    is_word.then_some(code)
}

/// Takes and brings files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Transfer {
    client: Client,
    /// Past any proxy.
    direct: Client,
    servers: Vec<Url>,
}

impl Transfer {
    /// For the files of these servers and of whatever they name.
    pub fn new(servers: &[Url]) -> Result<Self, ServerError> {
        Ok(Self {
            client: crate::server::client(false)?,
            direct: crate::server::client(true)?,
            servers: servers.to_vec(),
        })
    }

    /// Puts the bytes of a file.
    pub async fn put(&self, url: &str, file: &Path) -> Result<(), TransferError> {
        let url = Url::parse(url)?;
        retried(&PAUSES, TransferError::is_passing, || self.put_once(&url, file)).await
    }

    async fn put_once(&self, url: &Url, path: &Path) -> Result<(), TransferError> {
        let length = tokio::fs::metadata(path).await.map_err(TransferError::File)?.len();
        self.first_that_answers(
            url,
            |request| async move {
                let file = tokio::fs::File::open(path).await.map_err(TransferError::File)?;
                // The length by hand: a store takes no body without one.
                let request = request.header(reqwest::header::CONTENT_LENGTH, length);
                Ok(request.body(file).send().await?)
            },
            &Method::PUT,
        )
        .await
        .map(drop)
    }

    /// The bytes behind a URL, at most `limit`.
    pub async fn get(&self, url: &str, limit: u64) -> Result<Vec<u8>, TransferError> {
        let url = Url::parse(url)?;
        retried(&PAUSES, TransferError::is_passing, || async {
            let mut bytes = Vec::new();
            let mut response = self.start(&url).await?;
            while let Some(chunk) = response.chunk().await? {
                if (bytes.len() + chunk.len()) as u64 > limit {
                    return Err(TransferError::TooLarge(limit));
                }
                bytes.extend_from_slice(&chunk);
            }
            Ok(bytes)
        })
        .await
    }

    /// Brings the file behind a URL to a path, if it has at most `limit` bytes.
    pub async fn save(&self, url: &str, to: &Path, limit: u64) -> Result<(), TransferError> {
        let url = Url::parse(url)?;
        retried(&PAUSES, TransferError::is_passing, || async {
            let mut file = tokio::fs::File::create(to).await.map_err(TransferError::File)?;
            let mut length = 0;
            let mut response = self.start(&url).await?;
            while let Some(chunk) = response.chunk().await? {
                length += chunk.len() as u64;
                if length > limit {
                    return Err(TransferError::TooLarge(limit));
                }
                file.write_all(&chunk).await.map_err(TransferError::File)?;
            }
            file.flush().await.map_err(TransferError::File)
        })
        .await
    }

    async fn start(&self, url: &Url) -> Result<Response, TransferError> {
        self.first_that_answers(url, |request| async { Ok(request.send().await?) }, &Method::GET)
            .await
    }

    /// Sends a request to the URL and, where that is a server's own and the server is gone, to the others.
    async fn first_that_answers<F>(
        &self,
        url: &Url,
        send: impl Fn(RequestBuilder) -> F,
        method: &Method,
    ) -> Result<Response, TransferError>
    where
        F: Future<Output = Result<Response, TransferError>>,
    {
        let is_own = self.servers.iter().any(|server| server.origin() == url.origin());
        let others = self
            .servers
            .iter()
            .filter(|server| is_own && server.origin() != url.origin());
        let mut last = None;
        for place in std::iter::once(url.clone()).chain(others.filter_map(|server| moved(url, server))) {
            let client = if is_loopback(&place) {
                &self.direct
            } else {
                &self.client
            };
            let request = client.request(method.clone(), place).timeout(TIMEOUT);
            match send(request).await {
                Err(error @ TransferError::Connection(_)) => last = Some(error),
                Err(error) => return Err(error),
                Ok(response) => return checked(response, is_own).await,
            }
        }
        Err(last.unwrap_or_else(|| TransferError::Connection("no server is known".to_owned())))
    }
}

/// The same path at another server.
fn moved(url: &Url, server: &Url) -> Option<Url> {
    let mut moved = server.clone();
    moved.set_path(url.path());
    moved.set_query(url.query());
    (server.path() == "/").then_some(moved)
}

async fn checked(response: Response, is_own: bool) -> Result<Response, TransferError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    if is_own && status == StatusCode::CONFLICT {
        return Err(TransferError::Stale);
    }
    let body = response.text().await.unwrap_or_default();
    let reason = match store_code(&body) {
        Some(code) => format!(": {code}"),
        None if is_own && !body.is_empty() => format!(": {}", body.chars().take(300).collect::<String>()),
        None => String::new(),
    };
    Err(TransferError::Status { status, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_stores_error_only_the_code_is_shown() {
        let body = "<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIA</AWSAccessKeyId></Error>";
        assert_eq!(store_code(body), Some("SignatureDoesNotMatch"));
        assert_eq!(store_code("<Code>a b</Code>"), None);
        assert_eq!(store_code("{}"), None);
    }

    #[test]
    fn paths_and_signatures_move_to_another_server_whole() {
        let url = "http://a:1/uploads/outputs/J/1?expires=2&signature=x".parse().unwrap();
        let moved = moved(&url, &"https://b.example".parse().unwrap()).unwrap();
        assert_eq!(
            moved.as_str(),
            "https://b.example/uploads/outputs/J/1?expires=2&signature=x"
        );
    }
}
