//! Files in a bucket of an S3-compatible store.

mod config;
mod pass;
mod send;
mod upload;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use filmpress_job::public::instant;
use filmpress_queue::new_id;
use filmpress_queue::record::StoredFile;
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use tokio::io::AsyncWriteExt;

pub use config::{S3Config, S3Error};
pub use pass::Asked;

use self::send::{What, send, text};
use super::{Audience, Disposition, LocalFile};
use crate::error::{Answer, ApiError};

/// A file that is asked for now is fetched from its presigned URL within this time.
const REDIRECT_LIFE: Duration = Duration::from_hours(1);

/// The files of a bucket.
pub struct S3 {
    client: reqwest::Client,
    /// As we and the workers reach it.
    inner: Bucket,
    /// As clients reach it, if they are to.
    outer: Option<Bucket>,
    credentials: Credentials,
    prefix: String,
    /// For files fetched from the bucket.
    tmp: PathBuf,
}

impl From<S3Error> for ApiError {
    fn from(error: S3Error) -> Self {
        let mut this = Self::internal(&error);
        if matches!(
            error,
            S3Error::Unreachable { .. } | S3Error::Refused { status: 500.., .. }
        ) {
            this.status = StatusCode::SERVICE_UNAVAILABLE;
            this.body.code = "STORAGE_UNAVAILABLE";
            "the storage does not answer: try again later".clone_into(&mut this.body.error);
        }
        this
    }
}

impl S3 {
    /// A bucket; nothing is sent to it yet.
    pub fn open(config: &S3Config, data: &Path) -> Result<Self, S3Error> {
        let bucket = |endpoint: &str| {
            let wrong = |error: String| S3Error::Config {
                endpoint: endpoint.to_owned(),
                bucket: config.bucket.clone(),
                error,
            };
            let url = endpoint
                .parse()
                .map_err(|error: url::ParseError| wrong(error.to_string()))?;
            let style = if config.path_style {
                UrlStyle::Path
            } else {
                UrlStyle::VirtualHost
            };
            Bucket::new(url, style, config.bucket.clone(), config.region.clone()).map_err(|e| wrong(e.to_string()))
        };
        let client = reqwest::Client::builder()
            .user_agent(concat!("filmpress/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_mins(1))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| S3Error::SetUp(error.to_string()))?;
        let tmp = data.join("tmp");
        std::fs::create_dir_all(&tmp).map_err(|error| S3Error::SetUp(format!("{}: {error}", tmp.display())))?;
        let prefix = config.prefix.trim_matches('/');
        Ok(Self {
            client,
            inner: bucket(&config.endpoint)?,
            outer: config
                .redirect
                .then(|| bucket(config.public_endpoint.as_ref().unwrap_or(&config.endpoint)))
                .transpose()?,
            credentials: match &config.session_token {
                Some(token) => Credentials::new_with_token(&config.access_key, &config.secret_key, token),
                None => Credentials::new(&config.access_key, &config.secret_key),
            },
            prefix: if prefix.is_empty() {
                String::new()
            } else {
                format!("{prefix}/")
            },
            tmp,
        })
    }

    /// A key's name in the bucket.
    fn name(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    pub async fn ping(&self) -> Result<(), S3Error> {
        let what = What {
            action: "look at the bucket",
            key: self.inner.name(),
        };
        let action = self.inner.head_bucket(Some(&self.credentials));
        send(&self.client, what, &action, &Bytes::new(), &[]).await.map(drop)
    }

    pub async fn size(&self, key: &str) -> Result<Option<u64>, S3Error> {
        let what = What {
            action: "look for",
            key,
        };
        let name = self.name(key);
        let action = self.inner.head_object(Some(&self.credentials), &name);
        match send(&self.client, what, &action, &Bytes::new(), &[]).await {
            Ok(answer) => {
                // The body of this answer is empty; the header counts the object.
                let length = answer.headers().get(header::CONTENT_LENGTH.as_str());
                let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
                length.map(Some).ok_or_else(|| what.unexpected(&"no length"))
            }
            Err(S3Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub async fn put(&self, key: &str, body: Body, limit: u64) -> Answer<StoredFile> {
        upload::put(self, key, body, limit).await
    }

    /// Gives a file of ours another key, in place of what was there.
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), S3Error> {
        let what = What {
            action: "copy to",
            key: to,
        };
        let source = format!("/{}/{}", self.inner.name(), self.name(from));
        let name = self.name(to);
        let mut action = self.inner.put_object(Some(&self.credentials), &name);
        action.headers_mut().insert("x-amz-copy-source", source.clone());
        let headers = [("x-amz-copy-source", source.as_str())];
        let answer = send(&self.client, what, &action, &Bytes::new(), &headers).await?;
        let answer = text(what, answer).await?;
        if answer.contains("<Error>") {
            return Err(what.unexpected(&send::error_code(&answer)));
        }
        self.remove(from).await
    }

    pub async fn local(&self, key: &str) -> Answer<LocalFile> {
        let what = What { action: "get", key };
        let name = self.name(key);
        let action = self.inner.get_object(Some(&self.credentials), &name);
        let sent = send(&self.client, what, &action, &Bytes::new(), &[]).await;
        let mut answer = match sent {
            Err(S3Error::Refused { status: 404, .. }) => {
                return Err(ApiError::not_found("NOT_FOUND", "the file is gone"));
            }
            other => other?,
        };
        let file = LocalFile::fetched(self.tmp.join(new_id()));
        let internal = |error: std::io::Error| ApiError::internal(&format!("fetching `{key}`: {error}"));
        let mut growing = tokio::fs::File::create_new(file.path()).await.map_err(internal)?;
        while let Some(bytes) = answer
            .chunk()
            .await
            .map_err(|error| what.unexpected(&error.without_url()))?
        {
            growing.write_all(&bytes).await.map_err(internal)?;
        }
        growing.flush().await.map_err(internal)?;
        Ok(file)
    }

    /// A file, or the way to it. It is looked for first: the store's own words for "not there" would puzzle a client.
    pub async fn serve(&self, key: &str, asked: &Asked, disposition: &Disposition) -> Answer<Response> {
        let gone = || ApiError::not_found("NOT_FOUND", "the file is gone");
        let Some(url) = self.get_url(Audience::Clients, key, REDIRECT_LIFE, disposition) else {
            return pass::pass(self, key, asked, disposition).await?.ok_or_else(gone);
        };
        if self.size(key).await?.is_none() {
            return Err(gone());
        }
        let url = HeaderValue::from_str(&url).map_err(|error| ApiError::internal(&error))?;
        let headers = [
            (header::LOCATION, url),
            // The next one gets a URL of their own.
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Ok((StatusCode::TEMPORARY_REDIRECT, headers).into_response())
    }

    /// A presigned URL that gives a file; `None` for clients who are not to be sent to the store.
    pub fn get_url(&self, who: Audience, key: &str, life: Duration, disposition: &Disposition) -> Option<String> {
        let bucket = match who {
            Audience::Workers => &self.inner,
            Audience::Clients => self.outer.as_ref()?,
        };
        let name = self.name(key);
        let kind = media_type(key);
        let mut action = bucket.get_object(Some(&self.credentials), &name);
        let query = action.query_mut();
        query.insert("response-content-disposition", disposition.header(kind));
        query.insert("response-content-type", kind);
        Some(action.sign(life).into())
    }

    /// A presigned URL that takes a file. Only workers put files there.
    pub fn put_url(&self, key: &str, life: Duration) -> String {
        let name = self.name(key);
        self.inner.put_object(Some(&self.credentials), &name).sign(life).into()
    }

    pub async fn remove(&self, key: &str) -> Result<(), S3Error> {
        let name = self.name(key);
        let action = self.inner.delete_object(Some(&self.credentials), &name);
        match send(
            &self.client,
            What { action: "remove", key },
            &action,
            &Bytes::new(),
            &[],
        )
        .await
        {
            Err(S3Error::Refused { status: 404, .. }) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The keys in a folder.
    pub async fn list(&self, folder: &str) -> Result<Vec<String>, S3Error> {
        Ok(self.listed(folder).await?.into_iter().map(|(key, _)| key).collect())
    }

    async fn listed(&self, folder: &str) -> Result<Vec<(String, Option<String>)>, S3Error> {
        let what = What {
            action: "list",
            key: folder,
        };
        let (mut keys, mut more) = (Vec::new(), None::<String>);
        loop {
            let mut action = self.inner.list_objects_v2(Some(&self.credentials));
            action.with_prefix(format!("{}/", self.name(folder)));
            if let Some(token) = &more {
                action.with_continuation_token(token.as_str());
            }
            let page = text(what, send(&self.client, what, &action, &Bytes::new(), &[]).await?).await?;
            let page = ListObjectsV2::parse_response(&page).map_err(|error| what.unexpected(&error))?;
            keys.extend(page.contents.into_iter().filter_map(|found| {
                let key = found.key.strip_prefix(&self.prefix)?;
                Some((key.to_owned(), found.last_modified))
            }));
            more = page.next_continuation_token;
            if more.is_none() {
                return Ok(keys);
            }
        }
    }

    /// Keys of `incoming/` that are so old.
    pub async fn stale(&self, older: Duration) -> Result<Vec<String>, S3Error> {
        let listed = self.listed("incoming").await?.into_iter();
        let stale = listed.filter(|(_, changed)| {
            let changed = changed.as_deref().and_then(instant::from_text);
            changed.is_some_and(|at| SystemTime::now().duration_since(at.into()).is_ok_and(|age| age > older))
        });
        Ok(stale.map(|(key, _)| key).collect())
    }
}

/// The media types of what jobs make and templates are.
fn media_type(key: &str) -> &'static str {
    match key.rsplit('.').next().unwrap_or_default() {
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "gif" => "image/gif",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "zip" => "application/zip",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}
