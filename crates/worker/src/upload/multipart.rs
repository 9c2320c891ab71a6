//! A large file in parts.

use std::io::SeekFrom;
use std::path::Path;
use std::sync::Arc;

use reqwest::{Body, StatusCode};
use rusty_s3::actions::{AbortMultipartUpload, CompleteMultipartUpload, CreateMultipartUpload, UploadPart};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::task::JoinSet;

use super::request::{Fault, insert, send};
use super::{Object, PAUSES, Store, UploadError};
use crate::retry::retried;

/// Bytes of a part, unless the file would have more than [`MOST_PARTS`].
pub(super) const PART: u64 = 16 << 20;
const MOST_PARTS: u64 = 10_000;
/// Parts under way at a time; each is in memory.
const AT_ONCE: usize = 3;

/// Puts a file in parts. What is not completed is aborted, whatever the reason: parts of it would be paid for.
pub(super) async fn put(store: &Store, object: Object<'_>, length: u64) -> Result<(), UploadError> {
    let id = retried(&PAUSES, Fault::is_passing, || create(store, object))
        .await
        .map_err(|fault| store.error("CreateMultipartUpload", &fault))?;
    let mut started = Started {
        store: store.clone(),
        key: object.key.to_owned(),
        id: Some(id.clone()),
    };
    let done = async {
        let tags = parts(store, object, &id, length).await?;
        retried(&PAUSES, Fault::is_passing, || complete(store, object.key, &id, &tags))
            .await
            .map_err(|fault| store.error("CompleteMultipartUpload", &fault))
    };
    let done = done.await;
    if done.is_ok() {
        started.id = None;
    } else {
        started.abort().await;
    }
    done
}

/// An upload that is not complete: aborted when it is dropped.
struct Started {
    store: Store,
    key: String,
    id: Option<String>,
}

impl Started {
    async fn abort(&mut self) {
        let Some(id) = self.id.take() else { return };
        abort(&self.store, &self.key, &id).await;
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Still here when the job was stopped in the middle of it.
        let (Some(id), Ok(runtime)) = (self.id.take(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        let (store, key) = (self.store.clone(), std::mem::take(&mut self.key));
        runtime.spawn(async move { abort(&store, &key, &id).await });
    }
}

async fn abort(store: &Store, key: &str, id: &str) {
    let aborted = retried(&PAUSES, Fault::is_passing, || async {
        let action = AbortMultipartUpload::new(&store.bucket, Some(&store.credentials), key, id);
        send(store, &action, &[], None).await
    });
    if let Err(fault) = aborted.await {
        tracing::warn!(%store, %fault, "an unfinished upload was not aborted");
    }
}

async fn create(store: &Store, object: Object<'_>) -> Result<String, Fault> {
    let headers = store.headers(object);
    let mut action = CreateMultipartUpload::new(&store.bucket, Some(&store.credentials), object.key);
    insert(&mut action, &headers);
    let nothing = Some((Body::from(Vec::new()), 0));
    let answer = send(store, &action, &headers, nothing).await?.text().await?;
    let created = CreateMultipartUpload::parse_response(&answer).map_err(|error| Fault::Answer(error.to_string()))?;
    Ok(created.upload_id().to_owned())
}

/// Puts all parts; gives what the store calls each.
async fn parts(store: &Store, object: Object<'_>, id: &str, length: u64) -> Result<Vec<String>, UploadError> {
    let part = store.part.max(length.div_ceil(MOST_PARTS));
    let mut wanted = (0..length.div_ceil(part)).map(|number| (number, number * part, part.min(length - number * part)));
    let (key, id, file): (Arc<str>, Arc<str>, Arc<Path>) = (object.key.into(), id.into(), object.file.into());
    let mut tags: Vec<(u64, String)> = Vec::new();
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < AT_ONCE
            && let Some((number, from, length)) = wanted.next()
        {
            let (store, key, id, file) = (store.clone(), key.clone(), id.clone(), file.clone());
            tasks.spawn(async move {
                let put = || put_part(&store, (&key, &id), &file, number, (from, length));
                retried(&PAUSES, Fault::is_passing, put).await.map(|tag| (number, tag))
            });
        }
        let Some(joined) = tasks.join_next().await else { break };
        let joined = joined.unwrap_or_else(|error| Err(Fault::Connection(error.to_string())));
        tags.push(joined.map_err(|fault| store.error("UploadPart", &fault))?);
    }
    tags.sort_unstable();
    Ok(tags.into_iter().map(|(_, tag)| tag).collect())
}

async fn put_part(
    store: &Store,
    (key, id): (&str, &str),
    file: &Path,
    number: u64,
    (from, length): (u64, u64),
) -> Result<String, Fault> {
    let mut file = tokio::fs::File::open(file).await.map_err(Fault::File)?;
    file.seek(SeekFrom::Start(from)).await.map_err(Fault::File)?;
    let mut bytes = vec![0; length as usize];
    file.read_exact(&mut bytes).await.map_err(Fault::File)?;
    let number = u16::try_from(number + 1).map_err(|error| Fault::Answer(error.to_string()))?;
    let action = UploadPart::new(&store.bucket, Some(&store.credentials), key, number, id);
    let response = send(store, &action, &[], Some((Body::from(bytes), length))).await?;
    let tag = response
        .headers()
        .get(reqwest::header::ETAG)
        .and_then(|tag| tag.to_str().ok());
    tag.map(str::to_owned)
        .ok_or_else(|| Fault::Answer("a part without an ETag".to_owned()))
}

async fn complete(store: &Store, key: &str, id: &str, tags: &[String]) -> Result<(), Fault> {
    let action = CompleteMultipartUpload::new(
        &store.bucket,
        Some(&store.credentials),
        key,
        id,
        tags.iter().map(String::as_str),
    );
    let body = action.clone().body();
    let length = body.len() as u64;
    let answer = match send(store, &action, &[], Some((Body::from(body), length))).await {
        Ok(response) => response.text().await?,
        // An answer to an earlier try got lost: the check of the object will tell.
        Err(Fault::Status { status, code })
            if status == StatusCode::NOT_FOUND && code.as_deref() == Some("NoSuchUpload") =>
        {
            return Ok(());
        }
        Err(fault) => return Err(fault),
    };
    // Stores may say 200 before they know.
    match crate::transfer::store_code(&answer) {
        Some(code) => Err(Fault::Status {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: Some(code.to_owned()),
        }),
        None => Ok(()),
    }
}
