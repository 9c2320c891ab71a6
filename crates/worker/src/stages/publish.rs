//! The output handed over, to the server or to the client's own store, and what is to be reported of the job.

use std::path::Path;

use filmpress_job::protocol::{Claim, Finish};
use filmpress_job::{ErrorCode, JobError, Phase, Upload};

use super::Shop;
use super::render::Rendered;
use crate::attempt::{Attempt, Stop};
use crate::transfer::TransferError;
use crate::upload::{Object, Store, UploadError};

pub(super) async fn publish(
    shop: &Shop,
    claim: &Claim,
    rendered: Rendered,
    attempt: &Attempt,
) -> Result<Finish, JobError> {
    let about = tokio::fs::metadata(&rendered.file).await;
    let output_bytes = about
        .map_err(|error| failed(format!("the output cannot be read: {error}")))?
        .len();
    match claim.payload.upload() {
        Some(upload) => to_client(shop, claim, upload, &rendered, attempt).await?,
        None => to_server(shop, claim, &rendered, attempt).await?,
    }
    attempt.advance(99.0, attempt.frame(), attempt.frame());
    let clean = |text: String| attempt.redactor().clean(&text).into_owned();
    Ok(Finish {
        attempt: attempt.number(),
        render_duration: attempt.seconds(),
        warnings: rendered.warnings.into_iter().map(clean).collect(),
        missing_fonts: rendered.missing_fonts,
        frames: rendered.frames,
        output_bytes,
        poster: rendered.poster.is_some(),
        log: Some(attempt.log_text()),
    })
}

fn failed(message: String) -> JobError {
    JobError::new(ErrorCode::PublishFailed, Phase::Publish, message)
}

async fn to_server(shop: &Shop, claim: &Claim, rendered: &Rendered, attempt: &Attempt) -> Result<(), JobError> {
    let refused = |error: TransferError| {
        if matches!(error, TransferError::Stale) {
            attempt.stop(Stop::Unwanted);
        }
        failed(format!("the output could not be handed over: {error}")).retryable(error.is_retryable())
    };
    // The poster first: a visible output has all that belongs to it.
    if let Some((poster, url)) = rendered.poster.as_ref().zip(claim.output.poster_put_url.as_ref()) {
        shop.transfer.put(url, poster).await.map_err(refused)?;
    }
    shop.transfer
        .put(&claim.output.put_url, &rendered.file)
        .await
        .map_err(refused)
}

async fn to_client(
    shop: &Shop,
    claim: &Claim,
    upload: &Upload,
    rendered: &Rendered,
    attempt: &Attempt,
) -> Result<(), JobError> {
    let refused = |error: UploadError| {
        let refused = failed(error.message).retryable(error.is_retryable);
        match error.hint {
            Some(hint) => refused.hint(hint),
            None => refused,
        }
    };
    let store = Store::open(upload, shop.config.reach).map_err(refused)?;
    let name = &claim.output.file_name;
    if let Some((poster, name)) = rendered.poster.as_ref().zip(claim.payload.poster_name(&claim.job_id)) {
        let key = upload.key(&name);
        let object = Object {
            key: &key,
            file: poster,
            content_type: "image/jpeg",
        };
        store.put(object).await.map_err(refused)?;
    }
    let key = upload.key(name);
    let object = Object {
        key: &key,
        file: &rendered.file,
        content_type: content_type(&rendered.file),
    };
    store.put(object).await.map_err(refused)?;
    attempt.log(&format!("uploaded `{key}`"));
    Ok(())
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("mp4") => "video/mp4",
        Some("mov") => "video/quicktime",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}
