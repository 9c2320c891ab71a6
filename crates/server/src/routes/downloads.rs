//! `GET /downloads/templates/{id}/{file}`: a template's file, by a signed URL.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::app::App;
use crate::error::{Answer, ApiError};

pub async fn template(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path((id, file)): Path<(String, String)>,
    request: Request,
) -> Answer<Response> {
    app.signer.check("GET", &uri)?;
    // The signature is over the path: it names a key we gave out.
    let mut response = serve(&app, &format!("templates/{id}/{file}"), request).await?;
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(response)
}

/// A stored file, or the part of it that is asked for.
pub async fn serve(app: &App, key: &str, request: Request) -> Answer<Response> {
    if !app.storage.has(key).await {
        return Err(ApiError::not_found("NOT_FOUND", "the file is gone"));
    }
    match ServeFile::new(app.storage.path(key)).oneshot(request).await {
        Ok(response) => Ok(response.into_response()),
        Err(never) => match never {},
    }
}
