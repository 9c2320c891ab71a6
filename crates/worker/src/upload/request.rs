//! One signed request to a client's store.

use reqwest::{Body, Method, Response, StatusCode};
use rusty_s3::S3Action;

use super::{PRIVATE, SIGNED_FOR, Store, TIMEOUT, guard};
use crate::transfer::{innermost, is_passing, store_code};

/// Why a request was not answered as hoped.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The store refused.
    #[error("the store answered {}{}", .status.as_u16(), .code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default())]
    Status {
        status: StatusCode,
        /// The code in its answer.
        code: Option<String>,
    },
    /// No answer.
    #[error("{0}")]
    Connection(String),
    /// An answer that makes no sense.
    #[error("the store's answer is not S3's: {0}")]
    Answer(String),
    /// The endpoint is out of reach.
    #[error("{PRIVATE}")]
    Private,
    /// The output cannot be read.
    #[error("the output cannot be read: {0}")]
    File(std::io::Error),
}

impl Fault {
    /// Whether the same request may succeed a little later.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Status { status, .. } => is_passing(*status),
            Self::Connection(_) | Self::Answer(_) => true,
            Self::Private | Self::File(_) => false,
        }
    }
}

impl From<reqwest::Error> for Fault {
    /// Without the URL: keys and signatures are in it.
    fn from(error: reqwest::Error) -> Self {
        let text = innermost(&error.without_url());
        if text == PRIVATE {
            Self::Private
        } else {
            Self::Connection(text)
        }
    }
}

/// Makes headers a part of what is signed.
pub(super) fn insert<'a>(action: &mut impl S3Action<'a>, headers: &'a [(&'static str, String)]) {
    for (name, value) in headers {
        action.headers_mut().insert(*name, value.as_str());
    }
}

/// Signs and sends an action. `headers` are those it was signed with; a body comes with its length.
pub(super) async fn send<'a, A: S3Action<'a>>(
    store: &Store,
    action: &A,
    headers: &[(&'static str, String)],
    body: Option<(Body, u64)>,
) -> Result<Response, Fault> {
    let url = action.sign(SIGNED_FOR);
    guard(&url, store.reach)?;
    let method = match A::METHOD {
        rusty_s3::Method::Head => Method::HEAD,
        rusty_s3::Method::Get => Method::GET,
        rusty_s3::Method::Post => Method::POST,
        rusty_s3::Method::Put => Method::PUT,
        rusty_s3::Method::Delete => Method::DELETE,
    };
    let mut request = store.client.request(method, url).timeout(TIMEOUT);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    if let Some((body, length)) = body {
        request = request.header(reqwest::header::CONTENT_LENGTH, length).body(body);
    }
    let response = request.send().await?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    let code = store_code(&body).map(str::to_owned);
    Err(Fault::Status { status, code })
}
