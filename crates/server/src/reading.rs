//! What is in an uploaded template: read beside the requests, one template at a time.

use std::sync::Arc;

use filmpress_queue::TemplateRecord;

use crate::app::App;

/// Reads a template that has a file and notes what is in it, some time soon.
pub fn read_soon(app: &Arc<App>, template: TemplateRecord) {
    let app = app.clone();
    tokio::spawn(async move { read(&app, template).await });
}

/// Reads the templates that a server before us did not get to.
pub async fn read_waiting(app: &Arc<App>) -> Result<(), filmpress_queue::Error> {
    for template in app.queue.templates_to_read().await? {
        read_soon(app, template);
    }
    Ok(())
}

async fn read(app: &App, template: TemplateRecord) {
    let Some(file) = template.file else { return };
    // The semaphore is never closed.
    let Ok(_turn) = app.reading.acquire().await else { return };
    let (path, introspect) = (app.storage.path(&file.key), app.config.introspect.clone());
    let found = tokio::task::spawn_blocking(move || introspect(&path, &template.kind)).await;
    let found = found.unwrap_or_else(|error| {
        tracing::error!(template = template.id, "reading a template stopped: {error}");
        Err("the file could not be read: reading it stopped unexpectedly".to_owned())
    });
    if let Err(error) = app.queue.set_template_read(&template.id, &file.key, found).await {
        // It stays `processing`; the next start reads it again.
        tracing::error!(template = template.id, "noting what is in a template: {error}");
    }
}
