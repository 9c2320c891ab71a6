//! `GET /downloads/{key}`: a stored file, by a signed URL.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, Request, State};
use axum::response::Response;

use crate::app::App;
use crate::error::Answer;
use crate::storage::Disposition;

pub async fn get(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path(key): Path<String>,
    request: Request,
) -> Answer<Response> {
    // The signature is over the path: it names a key we gave out.
    app.signer.check("GET", &uri)?;
    app.storage.serve(&key, request, &Disposition::Attachment).await
}
