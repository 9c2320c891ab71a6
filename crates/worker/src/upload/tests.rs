//! Uploads to a real S3 server.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "../../../server/examples/s3_server/store.rs"]
#[allow(dead_code, missing_docs, reason = "it is another program's")]
mod server;

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::middleware::{self, Next};
use filmpress_job::Upload;
use filmpress_job::address::Reach;
use serde_json::{Value, json};

use self::server::Faults;
use super::{Object, Store};

/// A request: method, path with query, and the ACL header.
type Noted = (String, String, Option<String>);

/// A running store, the requests it had and its folder.
struct Running {
    endpoint: String,
    requests: Arc<Mutex<Vec<Noted>>>,
    folder: tempfile::TempDir,
}

async fn start(faults: Faults) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let store = server::Store::open(folder.path(), &["films"], "the-id", "the-secret", faults).unwrap();
    let requests: Arc<Mutex<Vec<Noted>>> = Arc::default();
    let noted = requests.clone();
    let note = middleware::from_fn(move |request: Request, next: Next| {
        let acl = request
            .headers()
            .get("x-amz-acl")
            .map(|acl| acl.to_str().unwrap().to_owned());
        let line = (request.method().to_string(), request.uri().to_string(), acl);
        noted.lock().unwrap().push(line);
        next.run(request)
    });
    let app = store.router().layer(note);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    Running {
        endpoint,
        requests,
        folder,
    }
}

impl Running {
    fn upload(&self, change: impl FnOnce(&mut Value)) -> Upload {
        let mut upload = json!({"prefix": "renders/42", "params": {"endpoint": self.endpoint, "region": "eu-central-1",
            "bucket": "films", "accessKeyId": "the-id", "accessKeySecret": "the-secret", "acl": "public-read"}});
        change(&mut upload);
        serde_json::from_value(upload).unwrap()
    }

    fn store(&self) -> Store {
        Store::open(&self.upload(|_| {}), Reach::Loopback).unwrap()
    }

    fn stored(&self, key: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder.path().join("films").join(key)).ok()
    }

    fn requests(&self, method: &str) -> Vec<(String, Option<String>)> {
        let requests = self.requests.lock().unwrap();
        let of_method = requests.iter().filter(|(m, ..)| m == method);
        of_method.map(|(_, url, acl)| (url.clone(), acl.clone())).collect()
    }
}

fn object<'a>(key: &'a str, file: &'a Path) -> Object<'a> {
    Object {
        key,
        file,
        content_type: "video/mp4",
    }
}

/// Bytes that differ from place to place.
fn film(folder: &Path, length: usize) -> (std::path::PathBuf, Vec<u8>) {
    let bytes: Vec<u8> = (0..length).map(|i| (i / 251 + i % 253) as u8).collect();
    let path = folder.join("film.mp4");
    std::fs::write(&path, &bytes).unwrap();
    (path, bytes)
}

#[tokio::test]
async fn a_small_file_goes_in_one_piece_with_its_acl() {
    let running = start(Faults::default()).await;
    let scratch = tempfile::tempdir().unwrap();
    let (path, bytes) = film(scratch.path(), 100_000);
    running.store().put(object("renders/42/J 1.mp4", &path)).await.unwrap();
    assert_eq!(running.stored("renders/42/J 1.mp4").unwrap(), bytes);
    let puts = running.requests("PUT");
    assert_eq!(puts.len(), 1);
    assert_eq!(puts[0].1.as_deref(), Some("public-read"));
    assert!(
        puts[0]
            .0
            .contains("X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-acl"),
        "{puts:?}"
    );
    assert_eq!(running.requests("HEAD").len(), 1, "looked at afterwards");
}

#[tokio::test]
async fn a_large_file_goes_in_parts_through_a_store_that_fails_now_and_then() {
    let faults = Faults {
        every: 4,
        ..Faults::default()
    };
    let running = start(faults).await;
    let scratch = tempfile::tempdir().unwrap();
    let (path, bytes) = film(scratch.path(), (12 << 20) + 7);
    let mut store = running.store();
    (store.in_parts, store.part) = (1 << 20, 5 << 20);
    store.put(object("a/large.mp4", &path)).await.unwrap();
    assert!(running.stored("a/large.mp4").unwrap() == bytes);
    let parts = running.requests("PUT");
    assert!(
        parts.len() >= 3 && parts.iter().all(|(url, _)| url.contains("partNumber=")),
        "{parts:?}"
    );
    let begun = running
        .requests("POST")
        .into_iter()
        .filter(|(url, _)| url.contains("uploads"));
    assert!(begun.into_iter().all(|(_, acl)| acl.as_deref() == Some("public-read")));
}

#[tokio::test]
async fn parts_of_an_upload_that_fails_are_not_left_behind() {
    let running = start(Faults::default()).await;
    let scratch = tempfile::tempdir().unwrap();
    let (path, _) = film(scratch.path(), 12 << 20);
    let mut store = running.store();
    (store.in_parts, store.part) = (1 << 20, 5 << 20);
    // The file is shorter than it was when it was looked at: the last part cannot be read.
    let error = super::multipart::put(&store, object("a/cut.mp4", &path), 13 << 20)
        .await
        .unwrap_err();
    assert!(error.is_retryable && error.message.contains("UploadPart"), "{error:?}");
    let aborts = running.requests("DELETE");
    assert!(aborts.len() == 1 && aborts[0].0.contains("uploadId="), "{aborts:?}");
    assert_eq!(running.stored("a/cut.mp4"), None);

    // Dropped in the middle of it, as when the job is cancelled.
    let before = running.requests("PUT").len();
    let stopped = store.put(object("a/stopped.mp4", &path));
    let begun = async {
        while running.requests("PUT").len() == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = begun => {}
        done = stopped => panic!("too quick: {done:?}"),
    }
    let aborted = async {
        while running.requests("DELETE").len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), aborted)
        .await
        .unwrap();
}

#[tokio::test]
async fn refusals_say_where_and_never_with_which_keys() {
    let running = start(Faults::default()).await;
    let scratch = tempfile::tempdir().unwrap();
    let (path, _) = film(scratch.path(), 1000);
    let attempt = async |change: fn(&mut Value), reach| {
        let upload = running.upload(change);
        let store = Store::open(&upload, reach)?;
        store.put(object(&upload.key("J.mp4"), &path)).await
    };
    let error = attempt(|u| u["params"]["accessKeySecret"] = json!("wrong"), Reach::Loopback)
        .await
        .unwrap_err();
    let said = format!("{error} {:?}", error.hint);
    assert!(!error.is_retryable && said.contains("403"), "{said}");
    assert!(error.hint.unwrap().contains("bucket `films` at `127.0.0.1`"), "{said}");
    assert!(
        !said.contains("the-id") && !said.contains("wrong") && !said.contains("Signature="),
        "{said}"
    );

    // The folder behind the server has every bucket; real stores do not.
    let gone = super::Fault::Status {
        status: reqwest::StatusCode::NOT_FOUND,
        code: Some("NoSuchBucket".to_owned()),
    };
    let error = running.store().error("PutObject", &gone);
    assert!(
        !error.is_retryable && error.message.contains("404 (NoSuchBucket)"),
        "{error:?}"
    );
    assert!(
        error
            .hint
            .unwrap()
            .contains("`eu-central-1` the region of bucket `films`")
    );

    let error = attempt(|u| u["prefix"] = json!("a/../../b"), Reach::Loopback)
        .await
        .unwrap_err();
    assert!(
        !error.is_retryable && error.message.contains("upload.prefix"),
        "{error:?}"
    );
    let error = attempt(|u| u["params"]["endpoint"] = json!("ftp://x"), Reach::Loopback)
        .await
        .unwrap_err();
    assert!(!error.is_retryable && error.message.contains("https://"), "{error:?}");

    // The worker's own network is none of the client's business.
    let before = running.requests.lock().unwrap().len();
    let error = attempt(|_| {}, Reach::Public).await.unwrap_err();
    assert!(
        !error.is_retryable && error.message.contains("not a public one"),
        "{error:?}"
    );
    assert_eq!(running.requests.lock().unwrap().len(), before, "not even asked");
}
