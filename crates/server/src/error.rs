//! How an endpoint says no: `{"error", "code", "requestId", "details"?}`.

use axum::Json;
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

impl From<QueueError> for ApiError {
    fn from(error: QueueError) -> Self {
        match &error {
            QueueError::NotFound { what, .. } => {
                let code = match *what {
                    "job" => "JOB_NOT_FOUND",
                    "template" => "TEMPLATE_NOT_FOUND",
                    "font" => "FONT_NOT_FOUND",
                    "secret" => "SECRET_NOT_FOUND",
                    "batch" => "BATCH_NOT_FOUND",
                    _ => "NOT_FOUND",
                };
                Self::not_found(code, error.to_string())
            }
            QueueError::Refused(_) => Self::new(StatusCode::CONFLICT, "STALE_ATTEMPT", error.to_string()),
            QueueError::Exists { .. } => Self::new(StatusCode::CONFLICT, "ALREADY_EXISTS", error.to_string()),
            QueueError::InUse { .. } => Self::new(StatusCode::CONFLICT, "IN_USE", error.to_string()),
            QueueError::NotCancellable { .. } => Self::new(StatusCode::CONFLICT, "NOT_CANCELLABLE", error.to_string()),
            QueueError::IdempotencyConflict { .. } => {
                Self::new(StatusCode::CONFLICT, "IDEMPOTENCY_CONFLICT", error.to_string())
            }
            QueueError::QueueFull { .. } => Self::new(StatusCode::TOO_MANY_REQUESTS, "QUEUE_FULL", error.to_string()),
            QueueError::Busy(_) | QueueError::Store(_) | QueueError::Unreadable(_) => Self::internal(&error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self.body)).into_response();
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
