//! How every answer begins and ends: its id, its body as JSON, the address it was asked at.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use filmpress_queue::new_id;
use serde::de::DeserializeOwned;
use tracing::Instrument;

use crate::app::App;
use crate::error::{Answer, ApiError};

/// The header of the request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives each request an id, which its answer carries in a header and, if it is an error, in the body.
pub async fn tag(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = new_id();
    let began = Instant::now();
    let method = request.method().clone();
    // Signatures are in the query: it is not logged. Nor are the tags of outputs, which are permissions too.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let path = match route.as_deref() {
        Some(route) if route.starts_with("/outputs/") => route.to_owned(),
        _ => request.uri().path().to_owned(),
    };
    let span = tracing::info_span!("request", request_id = id, %method, path);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    let took = began.elapsed();
    app.metrics
        .answered(&method, route.as_deref().unwrap_or("none"), status, took);
    span.in_scope(|| {
        tracing::debug!(
            status = status.as_u16(),
            milliseconds = took.as_millis() as u64,
            "answered"
        );
    });
    let error = match response.extensions_mut().remove::<ApiError>() {
        Some(error) => Some(error),
        None if is_bare(&response) => Some(ApiError::new(status, "HTTP_ERROR", reason(status))),
        None => None,
    };
    if let Some(mut error) = error {
        error.body.request_id = Some(id.clone());
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.body_mut() = Body::from(error.to_json());
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
        .headers_mut()
        .insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// An error the framework made (a wrong method, a path that does not parse): no body of ours.
fn is_bare(response: &Response) -> bool {
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    // 416 belongs to range requests, and says all it has to in its headers.
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && !is_json && status != StatusCode::RANGE_NOT_SATISFIABLE
}

fn reason(status: StatusCode) -> String {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => "this path does not take this method".to_owned(),
        other => other.canonical_reason().unwrap_or("error").to_lowercase(),
    }
}

/// A JSON body, whatever its `Content-Type` says.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Answer<Self> {
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|rejection| unreadable(&rejection))?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ApiError::field("", format!("the body is not the JSON expected: {error}")))
    }
}

fn unreadable(rejection: &BytesRejection) -> ApiError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PAYLOAD_TOO_LARGE",
            "the body is larger than 10 MiB",
        ),
        _ => ApiError::field("", "the body ended before it was complete"),
    }
}

/// The address the server was called by, without a slash at the end.
pub struct Base(pub String);

impl FromRequestParts<Arc<App>> for Base {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        if let Some(url) = &app.config.public_url {
            return Ok(Self(url.trim_end_matches('/').to_owned()));
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.or_else(|| parts.uri.authority().map(Authority::as_str));
        let asked = host
            .and_then(|host| host.parse::<Authority>().ok())
            .map(|host| host.to_string());
        Ok(Self(format!(
            "http://{}",
            asked.unwrap_or_else(|| app.address.to_string())
        )))
    }
}

/// The answer to a path that is not there.
pub async fn no_route() -> Response {
    ApiError::not_found("NOT_FOUND", "there is nothing at this path").into_response()
}
