//! How an endpoint says no: `{"error", "code", "requestId", "details"?}`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use filmpress_job::Problem;
use filmpress_queue::Error as QueueError;
use serde::Serialize;
use utoipa::ToSchema;

/// How an endpoint says no.
#[derive(Clone, Debug)]
pub struct ApiError {
    pub status: StatusCode,
    pub body: ErrorBody,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
}

/// The body of every answer that is not a success.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// A sentence for a person.
    pub error: String,
    /// A word for a program.
    pub code: &'static str,
    /// The same as the header `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Everything that is wrong with the request, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Problem>,
}

/// The body of 429 for too many requests: here the contract wants an object under `error`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateLimitBody<'a> {
    error: RateLimitError<'a>,
    /// The same as `error.code`.
    code: &'a str,
    /// The same as the header `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

/// What is said to too many requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateLimitError<'a> {
    /// A sentence for a person.
    message: &'a str,
    /// `RATE_LIMIT`.
    code: &'a str,
}

/// What a handler returns.
pub type Answer<T> = Result<T, ApiError>;

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, error: impl Into<String>) -> Self {
        Self {
            status,
            body: ErrorBody {
                error: error.into(),
                code,
                request_id: None,
                details: Vec::new(),
            },
            retry_after: None,
        }
    }

    /// 400 with everything that is wrong.
    pub fn invalid(details: Vec<Problem>) -> Self {
        let error = match details.as_slice() {
            [one] => format!("invalid request: {one}"),
            many => format!("invalid request: {} problems, see `details`", many.len()),
        };
        let mut this = Self::new(StatusCode::BAD_REQUEST, "VALIDATION_FAILED", error);
        this.body.details = details;
        this
    }

    /// 400 for one field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![Problem::new(field, message)])
    }

    pub fn unauthorized(error: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", error)
    }

    pub fn not_found(code: &'static str, error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, error)
    }

    /// 500. The reason goes to the log; the client gets the request id to ask about.
    pub fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!("{reason}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL",
            "something went wrong on our side",
        )
    }
}

impl ApiError {
    /// The body as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let body = &self.body;
        let json = if body.code == "RATE_LIMIT" {
            serde_json::to_vec(&RateLimitBody {
                error: RateLimitError {
                    message: &body.error,
                    code: body.code,
                },
                code: body.code,
                request_id: body.request_id.as_deref(),
            })
        } else {
            serde_json::to_vec(body)
        };
        // Strings and lists of strings always are JSON.
        json.unwrap_or_default()
    }
}

impl From<QueueError> for ApiError {
    fn from(error: QueueError) -> Self {
        let conflict = |code| Self::new(StatusCode::CONFLICT, code, error.to_string());
        match &error {
            QueueError::NotFound { what, .. } => Self::not_found(not_found_code(what), error.to_string()),
            QueueError::Refused(_) => conflict("STALE_ATTEMPT"),
            QueueError::Exists { what: "secret", .. } => Self::new(
                StatusCode::CONFLICT,
                "SECRET_ALREADY_EXISTS",
                "A secret with this name already exists in your team",
            ),
            QueueError::Exists { .. } => conflict("ALREADY_EXISTS"),
            QueueError::InUse { .. } => conflict("IN_USE"),
            QueueError::NotCancellable { .. } => conflict("NOT_CANCELLABLE"),
            QueueError::IdempotencyConflict { .. } => conflict("IDEMPOTENCY_CONFLICT"),
            QueueError::QueueFull { .. } => {
                let mut full = Self::new(StatusCode::TOO_MANY_REQUESTS, "QUEUE_FULL", error.to_string());
                full.retry_after = Some(30);
                full
            }
            QueueError::Busy(_) => {
                tracing::warn!("{error}");
                let mut busy = Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "BUSY",
                    "too much is going on: try again",
                );
                busy.retry_after = Some(1);
                busy
            }
            QueueError::Store(_) | QueueError::Unreadable(_) => Self::internal(&error),
        }
    }
}

fn not_found_code(what: &str) -> &'static str {
    match what {
        "job" => "JOB_NOT_FOUND",
        "template" => "TEMPLATE_NOT_FOUND",
        "font" => "FONT_NOT_FOUND",
        "secret" => "SECRET_NOT_FOUND",
        "batch" => "BATCH_NOT_FOUND",
        "team" => "TEAM_NOT_FOUND",
        "user" => "USER_NOT_FOUND",
        "token" => "TOKEN_NOT_FOUND",
        "worker" => "WORKER_NOT_FOUND",
        "delivery" => "DELIVERY_NOT_FOUND",
        _ => "NOT_FOUND",
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let mut response = (self.status, json, self.to_json()).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // `request::tag` writes the body once more, with the request's id.
        response.extensions_mut().insert(self);
        response
    }
}
