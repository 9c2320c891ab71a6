//! `PUT /uploads/templates/{id}`: the file of a template, new or in place of the one it had.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, Request, State};
use filmpress_queue::new_id;

use crate::app::App;
use crate::error::Answer;
use crate::reading::read_soon;

/// 2 GiB, the contract's limit.
const LIMIT: u64 = 2 << 30;

pub async fn put(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    request: Request,
) -> Answer<()> {
    app.signer.check("PUT", &uri)?;
    let template = app.queue.template(None, &id).await?;
    // Each upload has a name of its own: a job that is reading the old file goes on reading that.
    let key = format!("templates/{id}/{}.{}", new_id(), extension(&template.kind));
    let file = app.storage.put(&key, request.into_body(), LIMIT).await?;
    if let Some(before) = app.queue.set_template_file(&id, &file).await? {
        app.storage.remove(&before).await;
    }
    read_soon(&app, app.queue.template(None, &id).await?);
    Ok(())
}

fn extension(kind: &str) -> &str {
    if kind == "lottie" { "json" } else { kind }
}
