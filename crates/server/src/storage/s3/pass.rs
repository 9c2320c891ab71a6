//! A file of the bucket passed on by us, whole or in part, for clients that cannot reach the store.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::send::{What, send};
use super::{S3, S3Error, media_type};
use crate::error::Answer;
use crate::storage::{CONTENT_POLICY, Disposition};

/// What is said of the file is taken over from the store, and nothing else.
const PASSED: [header::HeaderName; 5] = [
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::ACCEPT_RANGES,
    header::ETAG,
    header::LAST_MODIFIED,
];

/// What is asked of a file. Not the request itself: its body cannot be looked at by two threads.
pub struct Asked {
    is_head: bool,
    range: Option<String>,
}

impl Asked {
    pub fn by(request: &Request) -> Self {
        let range = request.headers().get(header::RANGE);
        Self {
            is_head: request.method() == Method::HEAD,
            range: range.and_then(|range| range.to_str().ok()).map(str::to_owned),
        }
    }
}

/// The answer to a request for a file; `None` if it is not there.
pub async fn pass(s3: &S3, key: &str, asked: &Asked, disposition: &Disposition) -> Answer<Option<Response>> {
    let what = What { action: "get", key };
    let name = s3.name(key);
    let headers: Vec<_> = asked.range.iter().map(|range| ("range", range.as_str())).collect();
    let answer = if asked.is_head {
        let action = s3.inner.head_object(Some(&s3.credentials), &name);
        send(&s3.client, what, &action, &Bytes::new(), &headers).await
    } else {
        let action = s3.inner.get_object(Some(&s3.credentials), &name);
        send(&s3.client, what, &action, &Bytes::new(), &headers).await
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(S3Error::Refused { status: 404, .. }) => return Ok(None),
        Err(S3Error::Refused { status: 416, .. }) => {
            return Ok(Some(StatusCode::RANGE_NOT_SATISFIABLE.into_response()));
        }
        Err(error) => return Err(error.into()),
    };
    let kind = media_type(key);
    let mut headers = HeaderMap::new();
    for name in PASSED {
        if let Some(value) = answer.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    if let Ok(disposition) = HeaderValue::from_str(&disposition.header(kind)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    let status = answer.status();
    Ok(Some(
        (status, headers, Body::from_stream(answer.bytes_stream())).into_response(),
    ))
}
