//! The store itself: a router that answers S3's requests from a folder, with faults on demand.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;

/// Which requests are answered with 500. Half of them are carried out first, so that a client cannot take 500 for
/// "nothing happened".
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Every so many requests one; 0 is never.
    pub every: u64,
    /// A share of all, from 0 to 1.
    pub rate: f64,
    /// Which ones the share means.
    pub seed: u64,
}

impl Faults {
    fn hits(self, number: u64) -> bool {
        let is_due = self.every > 0 && number.is_multiple_of(self.every);
        let chance = (mixed(self.seed ^ mixed(number)) >> 11) as f64 / (1_u64 << 53) as f64;
        is_due || chance < self.rate
    }
}

/// A number that looks random (the finaliser of SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// How many requests there were.
#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    failed_before: AtomicU64,
    failed_after: AtomicU64,
    refused: AtomicU64,
}

/// A folder served as S3.
#[derive(Clone)]
pub struct Store {
    root: PathBuf,
    service: S3Service,
    faults: Faults,
    counts: Arc<Counts>,
}

impl Store {
    /// Serves a folder, made if missing, with these buckets in it.
    pub fn open(
        root: &Path,
        buckets: &[&str],
        access_key: &str,
        secret_key: &str,
        faults: Faults,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        for bucket in buckets {
            std::fs::create_dir_all(root.join(bucket))?;
        }
        let files = FileSystem::new(root).map_err(|error| format!("{}: {error:?}", root.display()))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(access_key, secret_key));
        Ok(Self {
            root: root.to_owned(),
            service: builder.build(),
            faults,
            counts: Arc::default(),
        })
    }

    /// What answers, for `axum::serve`.
    pub fn router(&self) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }
}

/// One line about what there was to do.
impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let counts = &self.counts;
        let (all, refused) = (read(&counts.requests), read(&counts.refused));
        let (before, after) = (read(&counts.failed_before), read(&counts.failed_after));
        write!(
            f,
            "requests {all}, failed before {before}, failed after {after}, refused {refused}"
        )
    }
}

async fn answer(State(store): State<Store>, request: Request) -> Response {
    let number = store.counts.requests.fetch_add(1, Ordering::Relaxed) + 1;
    let fails = store.faults.hits(number);
    let is_carried_out = !fails || mixed(store.faults.seed.wrapping_add(number)) & 1 == 0;
    if !is_carried_out {
        store.counts.failed_before.fetch_add(1, Ordering::Relaxed);
        // Read to the end: a client that is still sending would see a broken connection, not the answer.
        let mut body = request.into_body();
        while let Some(Ok(_)) = body.frame().await {}
        return internal_error();
    }
    // The folder would make it with the first object.
    let path = request.uri().path().trim_start_matches('/');
    if let Some((bucket, key)) = path.split_once('/')
        && !key.is_empty()
        && !store.root.join(bucket).is_dir()
    {
        return no_such_bucket();
    }
    let overrides = header_overrides(request.uri().query().unwrap_or_default());
    let request = request.map(s3s::Body::http_body_unsync);
    let mut response = match store.service.call(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) => return (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:?}")).into_response(),
    };
    if fails {
        store.counts.failed_after.fetch_add(1, Ordering::Relaxed);
        return internal_error();
    }
    if response.status() == StatusCode::FORBIDDEN {
        store.counts.refused.fetch_add(1, Ordering::Relaxed);
    }
    if response.status().is_success() {
        response.headers_mut().extend(overrides);
    }
    response
}

/// What a presigned URL says the answer's headers shall be: S3 does so, the folder does not.
fn header_overrides(query: &str) -> Vec<(HeaderName, HeaderValue)> {
    let name = |key: &str| match key {
        "response-content-type" => Some(header::CONTENT_TYPE),
        "response-content-disposition" => Some(header::CONTENT_DISPOSITION),
        "response-cache-control" => Some(header::CACHE_CONTROL),
        _ => None,
    };
    url::form_urlencoded::parse(query.as_bytes())
        .filter_map(|(key, value)| Some((name(&key)?, HeaderValue::from_str(&value).ok()?)))
        .collect()
}

fn no_such_bucket() -> Response {
    let body = r#"<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist.</Message></Error>"#;
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

fn internal_error() -> Response {
    let body = r#"<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>"#;
    let headers = [(header::CONTENT_TYPE, "application/xml")];
    (StatusCode::INTERNAL_SERVER_ERROR, headers, body).into_response()
}
