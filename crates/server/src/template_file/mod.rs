//! The files of templates: taken in from uploads and from `src`, and read.

mod fetch;

use std::sync::Arc;

use axum::body::Body;
use filmpress_queue::{TemplateRecord, TemplateStatus};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::error::Answer;
use crate::shared_file::{self, Placed};

/// 2 GiB, the contract's limit.
pub const LIMIT: u64 = 2 << 30;

/// So many files are fetched at a time.
const FETCHES: usize = 4;

/// Whose turn it is.
pub struct Turns {
    /// Templates are read one at a time: reading may take much memory.
    reading: Semaphore,
    fetching: Semaphore,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            reading: Semaphore::new(1),
            fetching: Semaphore::new(FETCHES),
        }
    }
}

/// Fetches a template's file if it is to be fetched, and notes what is in it, some time soon.
pub fn read_soon(app: &Arc<App>, template: TemplateRecord) {
    let app = app.clone();
    tokio::spawn(async move {
        let id = template.id.clone();
        tokio::select! {
            () = read(&app, template) => {}
            () = stay_at_it(&app, id) => {}
            // The next server takes it up when this one's hold has run out.
            () = app.ends() => {}
        }
    });
}

/// Keeps other servers from a template for as long as this is awaited.
async fn stay_at_it(app: &App, id: String) {
    let ids = [id];
    loop {
        if let Err(error) = app.queue.still_reading(&ids).await {
            // Then another server may read it too, with the same outcome.
            tracing::warn!(template = ?ids, "keeping a template: {error}");
        }
        tokio::time::sleep(app.queue.policy().reading_lease / 3).await;
    }
}

/// Goes on with the templates that a server before us did not get to.
pub async fn read_waiting(app: &Arc<App>) -> Result<(), filmpress_queue::Error> {
    for template in app.queue.templates_to_read().await? {
        read_soon(app, template);
    }
    Ok(())
}

/// Stores an uploaded or fetched file of a template, by its content.
pub async fn store(app: &Arc<App>, template: &TemplateRecord, body: Body) -> Answer<Placed> {
    let extension = if template.kind == "lottie" {
        "json"
    } else {
        &template.kind
    };
    shared_file::place(app, "templates", extension, body, LIMIT).await
}

/// Makes a stored file that of a template, in place of the one it had. Jobs at work on the old one go on reading that.
pub async fn keep(app: &Arc<App>, id: &str, placed: Placed) -> Answer<TemplateRecord> {
    let named = app.queue.set_template_file(id, placed.file()).await;
    // The template may have been deleted meanwhile.
    if let Some(before) = placed.settle(named).await? {
        shared_file::remove(app, &before).await;
    }
    Ok(app.queue.template(None, id).await?)
}

async fn read(app: &Arc<App>, template: TemplateRecord) {
    let template = match template.status {
        TemplateStatus::Downloading => fetch(app, template).await,
        _ => Some(template),
    };
    let Some((template, file)) = template.and_then(|template| Some((template.clone(), template.file?))) else {
        return;
    };
    // The semaphore is never closed.
    let Ok(_turn) = app.turns.reading.acquire().await else {
        return;
    };
    let local = match app.storage.local(&file.key).await {
        Ok(local) => local,
        Err(error) => {
            // It stays `processing`; a later look goes on with it.
            tracing::error!(
                template = template.id,
                "fetching a template to read: {}",
                error.body.error
            );
            return;
        }
    };
    let introspect = app.config.introspect.clone();
    let found = tokio::task::spawn_blocking(move || introspect(local.path(), &template.kind)).await;
    let found = found.unwrap_or_else(|error| {
        tracing::error!(template = template.id, "reading a template stopped: {error}");
        Err("the file could not be read: reading it stopped unexpectedly".to_owned())
    });
    if let Err(error) = app.queue.set_template_read(&template.id, &file.key, found).await {
        tracing::error!(template = template.id, "noting what is in a template: {error}");
    }
}

/// The template with its file, or nothing if that could not be had.
async fn fetch(app: &Arc<App>, template: TemplateRecord) -> Option<TemplateRecord> {
    let _turn = app.turns.fetching.acquire().await.ok()?;
    let src = template.src.as_deref()?;
    let noted = match fetch::fetch(app, &template, src).await {
        Ok(placed) => match keep(app, &template.id, placed).await {
            Ok(template) => return Some(template),
            Err(error) => Err(error.body.error),
        },
        Err(problem) => {
            let failed = app.queue.set_template_failed(&template.id, &problem).await;
            failed.map_err(|error| error.to_string())
        }
    };
    if let Err(error) = noted {
        tracing::warn!(template = template.id, "noting a fetched template: {error}");
    }
    None
}
