//! `PUT /uploads/templates/{id}`: the file of a template, new or in place of the one it had.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, Request, State};

use crate::app::App;
use crate::error::Answer;
use crate::template_file::{keep, read_soon, store};

pub async fn put(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    request: Request,
) -> Answer<()> {
    app.signer.check("PUT", &uri)?;
    let template = app.queue.template(None, &id).await?;
    let placed = store(&app, &template, request.into_body()).await?;
    let template = keep(&app, &id, placed).await?;
    read_soon(&app, template);
    Ok(())
}
