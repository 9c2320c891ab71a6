//! Sending a signed request, several times if need be.

use std::time::Duration;

use axum::body::Bytes;
use reqwest::{Method, Response, StatusCode};
use rusty_s3::S3Action;
use url::Url;

use super::S3Error;
use crate::guard::all_causes;

/// How long to wait before the second, third ... try.
const WAITS: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_millis(1200),
    Duration::from_secs(3),
    Duration::from_secs(6),
];

/// A signature is good for so long: each try has its own.
pub const LIFE: Duration = Duration::from_mins(10);

/// What is done to which key, for errors.
#[derive(Clone, Copy)]
pub struct What<'a> {
    pub action: &'static str,
    pub key: &'a str,
}

impl What<'_> {
    pub fn unexpected(self, error: &impl ToString) -> S3Error {
        S3Error::Unexpected {
            action: self.action,
            key: self.key.to_owned(),
            error: error.to_string(),
        }
    }

    fn unreachable(self, error: reqwest::Error) -> S3Error {
        S3Error::Unreachable {
            action: self.action,
            key: self.key.to_owned(),
            // The URL is signed.
            error: all_causes(&error.without_url()),
        }
    }
}

/// Sends what `sign` signs until the store answers with something else than "not now". The answer is a success.
pub async fn send<'a, A: S3Action<'a>>(
    client: &reqwest::Client,
    what: What<'_>,
    sign: &A,
    body: &Bytes,
    headers: &[(&str, &str)],
) -> Result<Response, S3Error> {
    let method = match A::METHOD {
        rusty_s3::Method::Head => Method::HEAD,
        rusty_s3::Method::Get => Method::GET,
        rusty_s3::Method::Post => Method::POST,
        rusty_s3::Method::Put => Method::PUT,
        rusty_s3::Method::Delete => Method::DELETE,
    };
    let mut waits = WAITS.iter();
    loop {
        let failed = match once(client, what, method.clone(), sign.sign(LIFE), body, headers).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let Some(wait) = waits.next().filter(|_| is_worth_another_try(&failed)) else {
            return Err(failed);
        };
        tracing::debug!("{failed}; trying again");
        tokio::time::sleep(*wait).await;
    }
}

async fn once(
    client: &reqwest::Client,
    what: What<'_>,
    method: Method,
    url: Url,
    body: &Bytes,
    headers: &[(&str, &str)],
) -> Result<Response, S3Error> {
    let mut request = client.request(method.clone(), url);
    if method == Method::PUT || method == Method::POST {
        request = request.body(body.clone());
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.map_err(|error| what.unreachable(error))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    Err(S3Error::Refused {
        action: what.action,
        key: what.key.to_owned(),
        status: status.as_u16(),
        code: error_code(&response.text().await.unwrap_or_default()),
    })
}

fn is_worth_another_try(error: &S3Error) -> bool {
    match error {
        S3Error::Unreachable { .. } => true,
        S3Error::Refused { status, .. } => {
            *status >= 500
                || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS]
                    .iter()
                    .any(|s| s.as_u16() == *status)
        }
        _ => false,
    }
}

/// The whole body as text.
pub async fn text(what: What<'_>, response: Response) -> Result<String, S3Error> {
    response.text().await.map_err(|error| what.unreachable(error))
}

/// The word between `<Code>` and `</Code>`: all that is needed of an error, and nothing else of it is ours to show.
pub fn error_code(body: &str) -> String {
    let code = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    let code = code.map(|(code, _)| code).unwrap_or_default();
    code.chars().filter(char::is_ascii_alphanumeric).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::error_code;

    #[test]
    fn an_error_is_its_code() {
        assert_eq!(
            error_code("<Error><Code>NoSuchKey</Code><Message>x</Message></Error>"),
            "NoSuchKey"
        );
        assert_eq!(error_code("gateway down"), "");
        assert_eq!(error_code("<Code>A<b>\n"), "");
    }
}
