//! Downloads over HTTP: bounded in size and time, tried again where that may help.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::address::Reach;
use reqwest::redirect;
use reqwest::{Client, ClientBuilder, Response, StatusCode};
use tokio::io::AsyncWriteExt;
use url::Url;

use super::address::{REFUSAL, Within, is_forbidden_literal};
use crate::retry::retried;

/// How long to wait before each further try.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(6),
];
/// Longest silence while a connection is made or bytes are awaited.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_mins(1);
const MAX_REDIRECTS: usize = 10;

/// Why a download failed.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The server answered, and not with the file.
    #[error("download failed ({})", .0.as_u16())]
    Status(StatusCode),
    /// No answer, or half of one.
    #[error("{0}")]
    Connection(String),
    /// The address is not public and the policy refuses such.
    #[error("{REFUSAL}")]
    Private,
    /// It took longer than it may.
    #[error("it took longer than {} s", .0.as_secs())]
    Timeout(Duration),
    /// More bytes than allowed.
    #[error("it is larger than allowed")]
    TooLarge,
    /// It could not be written to our disk.
    #[error("it cannot be kept: {0}")]
    File(std::io::Error),
}

impl HttpError {
    /// Whether another try may succeed.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Status(status) => {
                status.is_server_error()
                    || matches!(*status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
            }
            Self::Connection(_) | Self::Timeout(_) => true,
            Self::Private | Self::TooLarge | Self::File(_) => false,
        }
    }
}

impl From<reqwest::Error> for HttpError {
    /// The innermost cause says what happened; the outer ones only where.
    fn from(error: reqwest::Error) -> Self {
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        let text = cause.to_string();
        if text == REFUSAL {
            Self::Private
        } else {
            Self::Connection(text)
        }
    }
}

/// A client that follows redirects, each judged like the first address.
pub(super) fn client(reach: Reach) -> Result<Client, HttpError> {
    let policy = redirect::Policy::custom(move |attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            attempt.error("too many redirects")
        } else if is_forbidden_literal(attempt.url(), reach) {
            attempt.error(REFUSAL)
        } else {
            attempt.follow()
        }
    });
    Ok(builder(reach).redirect(policy).read_timeout(SILENCE).build()?)
}

/// A client that follows nothing, for uploads to stores that jobs name. URLs must be judged before they are given to it.
pub(super) fn uploader(reach: Reach) -> Result<Client, HttpError> {
    Ok(builder(reach).redirect(redirect::Policy::none()).build()?)
}

fn builder(reach: Reach) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(concat!("filmpress/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT);
    if reach == Reach::Private {
        return builder;
    }
    // A proxy would resolve the names itself.
    builder.no_proxy().dns_resolver(Arc::new(Within(reach)))
}

/// The body behind a URL, at most `limit` bytes of it, within `timeout` over all tries.
pub(super) async fn get(client: &Client, url: &Url, limit: u64, timeout: Duration) -> Result<Vec<u8>, HttpError> {
    within(timeout, || async {
        let mut response = start(client, url, limit).await?;
        // Believe the promise only so far: memory grows with what really comes.
        let promised = response.content_length().unwrap_or(0);
        let mut bytes = Vec::with_capacity(promised.min(1 << 20) as usize);
        while let Some(chunk) = response.chunk().await? {
            if (bytes.len() + chunk.len()) as u64 > limit {
                return Err(HttpError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    })
    .await
}

/// The same, to a file.
pub(super) async fn save(
    client: &Client,
    url: &Url,
    to: &Path,
    limit: u64,
    timeout: Duration,
) -> Result<(), HttpError> {
    within(timeout, || async {
        let mut response = start(client, url, limit).await?;
        let mut file = tokio::fs::File::create(to).await.map_err(HttpError::File)?;
        let mut length = 0;
        while let Some(chunk) = response.chunk().await? {
            length += chunk.len() as u64;
            if length > limit {
                return Err(HttpError::TooLarge);
            }
            file.write_all(&chunk).await.map_err(HttpError::File)?;
        }
        file.flush().await.map_err(HttpError::File)
    })
    .await
}

/// Tries again where that may help, for as long as there is time.
async fn within<T, F>(timeout: Duration, work: impl FnMut() -> F) -> Result<T, HttpError>
where
    F: Future<Output = Result<T, HttpError>>,
{
    let tries = retried(&PAUSES, HttpError::is_retryable, work);
    tokio::time::timeout(timeout, tries)
        .await
        .unwrap_or(Err(HttpError::Timeout(timeout)))
}

async fn start(client: &Client, url: &Url, limit: u64) -> Result<Response, HttpError> {
    let response = client.get(url.clone()).send().await?;
    if !response.status().is_success() {
        return Err(HttpError::Status(response.status()));
    }
    if response.content_length().is_some_and(|promised| promised > limit) {
        return Err(HttpError::TooLarge);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// Answers each connection with the next of `answers`, then is gone.
    fn server(answers: Vec<String>) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a.bin", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        url.parse().unwrap()
    }

    fn answer(status: &str, body: &str) -> String {
        format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    }

    const LONG: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn a_failing_server_is_asked_again_a_refusing_one_is_not() {
        let client = client(Reach::Loopback).unwrap();
        let cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf".to_owned();
        let url = server(vec![answer("503 Busy", ""), cut, answer("200 OK", "whole")]);
        assert_eq!(get(&client, &url, 100, LONG).await.unwrap(), b"whole");
        let url = server(vec![answer("404 Not Found", ""), answer("200 OK", "late")]);
        let error = get(&client, &url, 100, LONG).await.unwrap_err();
        assert_eq!(error.to_string(), "download failed (404)");
        assert!(!error.is_retryable());
    }

    #[tokio::test]
    async fn sizes_are_bounded_whatever_is_promised() {
        let client = client(Reach::Loopback).unwrap();
        let url = server(vec![answer("200 OK", "123456")]);
        assert!(matches!(get(&client, &url, 5, LONG).await, Err(HttpError::TooLarge)));
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";
        let url = server(vec![chunked.to_owned()]);
        assert!(matches!(get(&client, &url, 5, LONG).await, Err(HttpError::TooLarge)));
        let url = server(vec![chunked.to_owned()]);
        assert_eq!(get(&client, &url, 6, LONG).await.unwrap(), b"abcdef");
    }

    #[tokio::test]
    async fn names_and_redirects_out_of_reach_are_refused() {
        let public = client(Reach::Public).unwrap();
        let url = Url::parse("http://localhost:1/").unwrap();
        assert!(matches!(get(&public, &url, 5, LONG).await, Err(HttpError::Private)));
        let elsewhere = "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n";
        let url = server(vec![elsewhere.to_owned()]);
        let loopback = client(Reach::Loopback).unwrap();
        assert!(matches!(get(&loopback, &url, 5, LONG).await, Err(HttpError::Private)));
    }
}
