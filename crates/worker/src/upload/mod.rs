//! Outputs to the client's own S3-compatible store.
//!
//! Requests are presigned with the client's keys and sent through the guarded client: the endpoint comes from a job, so it
//! may not lead into our own network. Small files go in one piece, larger ones in parts (`multipart`); afterwards the
//! store is asked whether the object is there whole. The keys are in no error and no log.

mod multipart;
mod request;

use std::path::Path;
use std::time::Duration;

use filmpress_job::Upload;
use filmpress_job::address::Reach;
use reqwest::{Body, Client, StatusCode};
use rusty_s3::actions::{HeadObject, PutObject};
use rusty_s3::{Bucket, BucketError, Credentials, UrlStyle};
use url::Url;

use crate::retry::retried;
use crate::sources::{self, REFUSAL};
use request::{Fault, send};

/// From this size on files go in parts.
const IN_PARTS: u64 = 64 << 20;
/// Pauses before each further try of a request.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(6),
    Duration::from_secs(15),
];
/// How long one request for one piece may take.
const TIMEOUT: Duration = Duration::from_mins(30);
/// How long a signature holds.
const SIGNED_FOR: Duration = Duration::from_hours(1);

/// Why an object is not in the client's store.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct UploadError {
    /// What happened.
    pub message: String,
    /// Whether another attempt may succeed.
    pub is_retryable: bool,
    /// What to do about it.
    pub hint: Option<String>,
}

impl UploadError {
    /// One that only another request can mend.
    fn refused(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_retryable: false,
            hint: None,
        }
    }
}

/// A file on its way to the store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object<'a> {
    pub key: &'a str,
    pub file: &'a Path,
    pub content_type: &'static str,
}

/// A client's store. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    client: Client,
    bucket: Bucket,
    credentials: Credentials,
    acl: Option<String>,
    reach: Reach,
    /// What errors call it.
    endpoint: String,
    /// From which size on files go in parts, and how large those are.
    in_parts: u64,
    part: u64,
}

impl Store {
    /// The store of a job's `upload`, secrets filled in.
    pub(crate) fn open(upload: &Upload, reach: Reach) -> Result<Self, UploadError> {
        let params = &upload.params;
        let url = endpoint(&params.endpoint, &params.region)?;
        // A certificate covers one name below the endpoint's: `a.b.host` would not be trusted.
        let style = if params.is_path_style() || params.bucket.contains('.') {
            UrlStyle::Path
        } else {
            UrlStyle::VirtualHost
        };
        let shown = url.host_str().unwrap_or_default().to_owned();
        let bucket = Bucket::new(url, style, params.bucket.clone(), params.region.clone()).map_err(|error| {
            let why = match error {
                BucketError::UnsupportedScheme => "it must begin with https:// or http://",
                BucketError::MissingHost => "it names no host",
                BucketError::ParseError(_) => "bucket and endpoint make no address; try `forcePathStyle`",
            };
            UploadError::refused(format!("upload.params.endpoint `{shown}`: {why}"))
        })?;
        let client = sources::uploader(reach).map_err(|error| UploadError::refused(error.to_string()))?;
        Ok(Self {
            client,
            bucket,
            credentials: Credentials::new(params.access_key_id.clone(), params.access_key_secret.clone()),
            acl: params.acl.clone().filter(|acl| !acl.is_empty()),
            reach,
            endpoint: shown,
            in_parts: IN_PARTS,
            part: multipart::PART,
        })
    }

    /// Puts a file there whole, or gives an error and leaves nothing half done.
    pub(crate) async fn put(&self, object: Object<'_>) -> Result<(), UploadError> {
        check_key(object.key)?;
        let length = tokio::fs::metadata(object.file).await;
        let length = length.map_err(|error| self.error("output", &Fault::File(error)))?.len();
        if length < self.in_parts {
            retried(&PAUSES, Fault::is_passing, || self.put_once(object, length))
                .await
                .map_err(|fault| self.error("PutObject", &fault))?;
        } else {
            multipart::put(self, object, length).await?;
        }
        self.check(object.key, length).await
    }

    async fn put_once(&self, object: Object<'_>, length: u64) -> Result<(), Fault> {
        let file = tokio::fs::File::open(object.file).await.map_err(Fault::File)?;
        let headers = self.headers(object);
        let mut action = PutObject::new(&self.bucket, Some(&self.credentials), object.key);
        request::insert(&mut action, &headers);
        send(self, &action, &headers, Some((Body::from(file), length)))
            .await
            .map(drop)
    }

    /// Headers that go, signed, with what makes an object.
    fn headers(&self, object: Object<'_>) -> Vec<(&'static str, String)> {
        let mut headers = vec![("content-type", object.content_type.to_owned())];
        headers.extend(self.acl.clone().map(|acl| ("x-amz-acl", acl)));
        headers
    }

    /// Asks the store whether an object is there as large as it should be. Keys that may write and not read are no fault.
    async fn check(&self, key: &str, length: u64) -> Result<(), UploadError> {
        let head = || async {
            let action = HeadObject::new(&self.bucket, Some(&self.credentials), key);
            send(self, &action, &[], None).await
        };
        let found = match retried(&PAUSES, Fault::is_passing, head).await {
            Ok(response) => response.headers().get(reqwest::header::CONTENT_LENGTH).cloned(),
            Err(Fault::Status { status, .. }) if status == StatusCode::FORBIDDEN => return Ok(()),
            Err(fault) => return Err(self.error("HeadObject", &fault)),
        };
        let found = found.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if found.is_none_or(|found| found == length) {
            return Ok(());
        }
        let found = found.unwrap_or_default();
        let message = format!("{self}: the object has {found} bytes after the upload; it should have {length}");
        Err(UploadError {
            message,
            is_retryable: true,
            hint: None,
        })
    }

    /// What a fault means for the job.
    fn error(&self, what: &str, fault: &Fault) -> UploadError {
        let hint = match fault {
            Fault::Status { status, .. } if matches!(status.as_u16(), 401 | 403) => Some(format!(
                "the keys in `upload.params` may not write to bucket `{}` at `{}`, or the ACL is not allowed there",
                self.bucket.name(),
                self.endpoint
            )),
            Fault::Status { status, .. } if status.is_redirection() || matches!(status.as_u16(), 400 | 404) => {
                Some(format!(
                    "is `{}` the region of bucket `{}` at `{}`?",
                    self.bucket.region(),
                    self.bucket.name(),
                    self.endpoint
                ))
            }
            Fault::Private => Some("the worker's --reach says which addresses it may connect to".to_owned()),
            _ => None,
        };
        UploadError {
            message: format!("{self}: {what} failed: {fault}"),
            is_retryable: fault.is_passing() || matches!(fault, Fault::File(_)),
            hint,
        }
    }
}

impl std::fmt::Display for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "upload to bucket `{}` at `{}`", self.bucket.name(), self.endpoint)
    }
}

/// The endpoint's address. Amazon's general one knows the buckets of one region only.
fn endpoint(text: &str, region: &str) -> Result<Url, UploadError> {
    let text = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let mut url =
        Url::parse(&text).map_err(|error| UploadError::refused(format!("upload.params.endpoint: {error}")))?;
    if url.host_str() == Some("s3.amazonaws.com") && !matches!(region, "" | "us-east-1" | "auto") {
        let regional = url.set_host(Some(&format!("s3.{region}.amazonaws.com")));
        regional.map_err(|error| UploadError::refused(format!("upload.params.region: {error}")))?;
    }
    Ok(url)
}

/// Keys that an address cannot carry would end up elsewhere, even in another bucket.
fn check_key(key: &str) -> Result<(), UploadError> {
    let is_step = |step: &str| matches!(step, "." | "..");
    if key.is_empty() || key.len() > 1024 || key.split('/').any(is_step) {
        let message =
            "upload.prefix: it must not have `.` or `..` between slashes, and not make a key of more than 1024 bytes";
        return Err(UploadError::refused(message));
    }
    Ok(())
}

/// Whether a URL must not be asked, and what to say then.
fn guard(url: &Url, reach: Reach) -> Result<(), Fault> {
    if sources::is_forbidden(url, reach) {
        return Err(Fault::Private);
    }
    Ok(())
}

/// What a refused address is called.
const PRIVATE: &str = REFUSAL;

#[cfg(test)]
#[path = "tests.rs"]
mod with_a_store;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_completed() {
        let url = |text: &str, region: &str| endpoint(text, region).unwrap().to_string();
        assert_eq!(
            url("https://s3.amazonaws.com", "eu-central-1"),
            "https://s3.eu-central-1.amazonaws.com/"
        );
        assert_eq!(
            url("https://s3.amazonaws.com", "us-east-1"),
            "https://s3.amazonaws.com/"
        );
        assert_eq!(url("storage.example", "auto"), "https://storage.example/");
        assert!(endpoint("https://", "x").is_err());
    }

    #[test]
    fn keys_stay_in_their_bucket() {
        for key in ["", "../other/a.mp4", "a/./b", "a/.."] {
            assert!(check_key(key).is_err(), "{key}");
        }
        for key in ["a.mp4", "renders/..a/b.mp4", "a//b"] {
            assert!(check_key(key).is_ok(), "{key}");
        }
    }
}
