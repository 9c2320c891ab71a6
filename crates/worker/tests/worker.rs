//! The worker against a server that speaks the protocol and notes what it hears.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use filmpress_media::{Programs, probe_film};
use filmpress_worker::{Config, Shutdown, WorkerError};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

/// 40 frames of a red square that moves over a composition of 640 x 360; `Photo` shows a solid.
const TEMPLATE: &str = r##"{"v":"5.7.0","fr":20,"ip":0,"op":40,"w":640,"h":360,"nm":"Main","assets":[],"layers":[
    {"ind":1,"ty":4,"nm":"Square","ip":0,"op":40,"st":0,"sr":1,"bm":0,
     "ks":{"o":{"a":0,"k":100},"r":{"a":0,"k":0},"a":{"a":0,"k":[0,0,0]},"s":{"a":0,"k":[100,100,100]},
       "p":{"a":1,"k":[{"t":0,"s":[50,50,0],"o":{"x":0.167,"y":0.167},"i":{"x":0.833,"y":0.833}},{"t":39,"s":[590,50,0]}]}},
     "shapes":[{"ty":"gr","nm":"G","it":[
       {"ty":"rc","nm":"R","d":1,"s":{"a":0,"k":[100,100]},"p":{"a":0,"k":[0,0]},"r":{"a":0,"k":0}},
       {"ty":"fl","nm":"F","c":{"a":0,"k":[1,0,0,1]},"o":{"a":0,"k":100},"r":1},
       {"ty":"tr","p":{"a":0,"k":[0,0]},"a":{"a":0,"k":[0,0]},"s":{"a":0,"k":[100,100]},"r":{"a":0,"k":0},"o":{"a":0,"k":100}}
     ]}]},
    {"ind":2,"ty":1,"nm":"Photo","sw":64,"sh":64,"sc":"#00ff00","ip":0,"op":40,"st":0,"sr":1,"bm":0,
     "ks":{"o":{"a":0,"k":100},"r":{"a":0,"k":0},"a":{"a":0,"k":[0,0,0]},"s":{"a":0,"k":[100,100,100]},"p":{"a":0,"k":[0,200,0]}}}
]}"##;

#[derive(Default)]
struct Heard {
    /// Claims still to be given out.
    claims: VecDeque<Value>,
    heartbeats: Vec<Value>,
    output: Option<Bytes>,
    /// `finish` or `fail`, and its body.
    ends: Vec<(&'static str, Value)>,
    template_downloads: usize,
    /// What heartbeats are answered with, once drawing has begun.
    answer: Answer,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Answer {
    #[default]
    GoOn,
    Cancel,
    Stale,
}

#[derive(Clone, Default)]
struct Server {
    heard: Arc<Mutex<Heard>>,
    changed: Arc<Notify>,
}

impl Server {
    fn note(&self, f: impl FnOnce(&mut Heard)) {
        f(&mut self.heard.lock().unwrap());
        self.changed.notify_one();
    }

    fn with<T>(&self, f: impl FnOnce(&mut Heard) -> T) -> T {
        f(&mut self.heard.lock().unwrap())
    }

    /// Waits until something heard satisfies `f`.
    async fn until(&self, f: impl Fn(&Heard) -> bool) {
        let wait = async {
            while !self.with(|heard| f(heard)) {
                self.changed.notified().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(90), wait).await.unwrap();
    }
}

async fn claim(State(server): State<Server>, headers: axum::http::HeaderMap, Json(body): Json<Value>) -> Response {
    if headers.get("authorization").is_none_or(|v| v != "Bearer secret") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    assert_eq!(body["worker"], "test worker");
    if let Some(claim) = server.with(|heard| heard.claims.pop_front()) {
        return Json(claim).into_response();
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    StatusCode::NO_CONTENT.into_response()
}

async fn heartbeat(State(server): State<Server>, Json(body): Json<Value>) -> Response {
    let far = body["phase"] == "render";
    server.note(|heard| heard.heartbeats.push(body));
    match server.with(|heard| heard.answer) {
        Answer::Stale if far => StatusCode::CONFLICT.into_response(),
        answer => Json(json!({"cancel": far && answer == Answer::Cancel})).into_response(),
    }
}

async fn template(State(server): State<Server>) -> &'static str {
    server.note(|heard| heard.template_downloads += 1);
    TEMPLATE
}

/// A running server and worker.
struct Running {
    server: Server,
    address: String,
    shutdown: watch::Sender<Shutdown>,
    worker: tokio::task::JoinHandle<Result<(), WorkerError>>,
    folder: tempfile::TempDir,
}

async fn start(change: impl FnOnce(&mut Config)) -> Running {
    let server = Server::default();
    let end = |kind: &'static str| {
        post(
            move |State(server): State<Server>, Json(body): Json<Value>| async move {
                server.note(|heard| heard.ends.push((kind, body)));
                StatusCode::NO_CONTENT
            },
        )
    };
    let output = |State(server): State<Server>, body: Bytes| async move {
        server.note(|heard| heard.output = Some(body));
        StatusCode::NO_CONTENT
    };
    let app = Router::new()
        .route("/api/worker/claim", post(claim))
        .route("/api/worker/jobs/{id}/heartbeat", post(heartbeat))
        .route("/api/worker/jobs/{id}/finish", end("finish"))
        .route("/api/worker/jobs/{id}/fail", end("fail"))
        .route("/template.json", get(template))
        .route("/output", put(output))
        .layer(DefaultBodyLimit::disable())
        .with_state(server.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(address.parse().unwrap(), "secret", "test worker", folder.path());
    config.threads = 2;
    change(&mut config);
    let (shutdown, receiver) = watch::channel(Shutdown::No);
    let worker = tokio::spawn(filmpress_worker::run(config, receiver));
    Running {
        server,
        address,
        shutdown,
        worker,
        folder,
    }
}

impl Running {
    /// Offers a job with this payload; its template is the server's, unless `template` names another.
    fn offer(&self, payload: &Value, extension: &str) {
        let mut payload = payload.clone();
        payload["template"]["id"] = json!("T");
        let url = match payload["template"]["src"].as_str() {
            Some(src) => src.to_owned(),
            None => format!("{}/template.json", self.address),
        };
        let claim = json!({
            "job_id": "J1", "attempt": 3, "lease_seconds": 30, "payload": payload,
            "template": {"id": "T", "kind": null, "url": url, "file_name": "template.json"},
            "output": {"file_name": format!("J1.{extension}"), "put_url": format!("{}/output", self.address), "extension": extension},
        });
        self.server.with(|heard| heard.claims.push_back(claim));
    }

    /// The report that ends the job.
    async fn end(&self) -> (&'static str, Value) {
        self.server.until(|heard| !heard.ends.is_empty()).await;
        self.server.with(|heard| heard.ends.remove(0))
    }

    async fn failure(&self, payload: Value) -> Value {
        self.offer(&payload, "mp4");
        let (kind, body) = self.end().await;
        assert_eq!(kind, "fail", "{body}");
        assert_eq!(body["attempt"], 3);
        body["error"].clone()
    }

    /// Ends the worker; nothing of its jobs is left.
    async fn stop(self) {
        self.shutdown.send(Shutdown::Drain).unwrap();
        self.worker.await.unwrap().unwrap();
        let scratch = self.folder.path().join("scratch");
        assert_eq!(std::fs::read_dir(scratch).unwrap().count(), 0);
    }
}

fn png() -> String {
    // One red pixel.
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_run_from_claim_to_finish() {
    let running = start(|_| {}).await;
    let assets = json!([{"type": "image", "layerName": "Photo", "src": png()}]);
    running.offer(
        &json!({"assets": assets, "settings": {"codec": "video_h264_vbr_5mbps"}}),
        "mp4",
    );
    let (kind, finish) = running.end().await;
    assert_eq!(kind, "finish", "{finish}");
    assert_eq!(finish["attempt"], 3);
    assert!(finish["render_duration"].as_f64().unwrap() > 0.0);
    assert!(finish["log"].as_str().unwrap().contains("40 frames of 640x360"));
    let film = running.folder.path().join("film.mp4");
    std::fs::write(&film, running.server.with(|heard| heard.output.take()).unwrap()).unwrap();
    let info = probe_film(&film, &Programs::default()).unwrap();
    assert_eq!(
        (info.codec.as_str(), info.width, info.height, info.frames),
        ("h264", 640, 360, 40)
    );

    // A range of frames of the same template: an archive; nothing is downloaded that is known by its hash.
    running.offer(&json!({"settings": {"type": "image", "frames": [5, 7]}}), "zip");
    let (kind, finish) = running.end().await;
    assert_eq!(kind, "finish", "{finish}");
    let archive = running.server.with(|heard| heard.output.take()).unwrap();
    assert!(archive.starts_with(b"PK"));

    // A preview: small, whole.
    running.offer(&json!({"preview": true}), "mp4");
    assert_eq!(running.end().await.0, "finish");
    std::fs::write(&film, running.server.with(|heard| heard.output.take()).unwrap()).unwrap();
    let info = probe_film(&film, &Programs::default()).unwrap();
    assert_eq!((info.width, info.height, info.frames), (640, 360, 40));
    let progress: Vec<f64> = running.server.with(|heard| {
        heard
            .heartbeats
            .iter()
            .map(|beat| beat["progress"].as_f64().unwrap())
            .collect()
    });
    assert!(progress.iter().all(|p| (0.0..=100.0).contains(p)), "{progress:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_have_their_code_phase_and_words() {
    let running = start(|_| {}).await;
    let text = |name: &str| json!([{"type": "text", "layerName": name, "value": "x"}]);
    let error = running.failure(json!({"assets": text("Headline")})).await;
    assert_eq!(
        (&error["code"], &error["phase"]),
        (&json!("LAYER_NOT_FOUND"), &json!("prepare"))
    );
    assert_eq!(error["retryable"], false);
    let message = error["message"].as_str().unwrap();
    let nexrenders = "nexrender: Couldn't find any layers by provided name (Headline) inside a composition: *";
    assert!(
        message.starts_with(nexrenders) && message.contains("`Square`"),
        "{message}"
    );

    let error = running.failure(json!({"template": {"composition": "Mian"}})).await;
    assert_eq!(error["code"], "COMPOSITION_NOT_FOUND");
    assert!(error["message"].as_str().unwrap().contains("`Main`"), "{error}");

    let gone = json!([{"type": "image", "layerName": "Photo", "src": "http://127.0.0.1:9/a.png"}]);
    let error = running.failure(json!({"assets": gone})).await;
    assert_eq!(
        (&error["code"], &error["phase"]),
        (&json!("ASSET_DOWNLOAD_FAILED"), &json!("fetch"))
    );
    assert_eq!(error["retryable"], false, "loopback is out of reach: {error}");
    assert!(
        error["message"].as_str().unwrap().contains("not a public one"),
        "{error}"
    );

    let error = running.failure(json!({"template": {"src": "data:,hello"}})).await;
    assert_eq!(error["phase"], "prepare");
    assert!(error["message"].as_str().unwrap().contains("not a template"), "{error}");

    let error = running
        .failure(json!({"template": {"src": format!("{}/nothing", running.address)}}))
        .await;
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("TEMPLATE_DOWNLOAD_FAILED"), &json!(false))
    );
    assert!(error["message"].as_str().unwrap().contains("404"), "{error}");

    let error = running
        .failure(json!({"settings": {"type": "image", "frames": 40}}))
        .await;
    assert_eq!(error["code"], "RENDER_FAILED");
    assert!(error["message"].as_str().unwrap().contains("frames 0 to 39"), "{error}");
    running.stop().await;
}

/// An encoder that never reads: the job would last for ever.
fn deaf_encoder(config: &mut Config) {
    let path = config.folder.join("deaf");
    std::fs::write(&path, "#!/bin/sh\nexec sleep 1000\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    config.programs.ffmpeg = path;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_nobody_wants_ends_without_a_word() {
    for answer in [Answer::Cancel, Answer::Stale] {
        let running = start(deaf_encoder).await;
        running.server.with(|heard| heard.answer = answer);
        running.offer(&json!({}), "mp4");
        // The next job is taken up as soon as the server has said so, and fails for its own reason.
        running.offer(&json!({"template": {"src": "data:,hello"}}), "mp4");
        let (kind, body) = running.end().await;
        assert_eq!(kind, "fail");
        assert!(
            body["error"]["message"].as_str().unwrap().contains("not a template"),
            "{body}"
        );
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_gets_nowhere_is_given_up_and_a_closing_worker_hands_its_job_back() {
    let running = start(|config| {
        deaf_encoder(config);
        config.limits.frame = Duration::from_secs(1);
    })
    .await;
    let error = running.failure(json!({})).await;
    assert_eq!(
        (&error["code"], &error["phase"], &error["retryable"]),
        (&json!("TIMEOUT"), &json!("render"), &json!(true))
    );
    assert!(
        error["message"].as_str().unwrap().contains("no progress for 1 s"),
        "{error}"
    );
    running.stop().await;

    let running = start(deaf_encoder).await;
    running.offer(&json!({}), "mp4");
    running
        .server
        .until(|heard| heard.heartbeats.iter().any(|beat| beat["phase"] == "render"))
        .await;
    let server = running.server.clone();
    running.stop().await;
    let (kind, body) = server.with(|heard| heard.ends.remove(0));
    assert_eq!(kind, "fail");
    assert_eq!(
        (&body["error"]["code"], &body["error"]["retryable"]),
        (&json!("WORKER_LOST"), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_ends_the_worker() {
    let running = start(|config| config.token = "wrong".to_owned()).await;
    let error = running.worker.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("does not accept the worker's token"), "{error}");
}
