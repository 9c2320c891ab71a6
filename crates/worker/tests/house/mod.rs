//! A worker and a server that speaks the protocol and notes what it hears: what tests of the worker share.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use filmpress_media::{FilmInfo, Programs, probe_film};
use filmpress_worker::{Config, Shutdown, WorkerError};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

/// 40 frames of a red square that moves over a composition of 640 x 360; `Photo` shows a solid.
pub const TEMPLATE: &str = r##"{"v":"5.7.0","fr":20,"ip":0,"op":40,"w":640,"h":360,"nm":"Main","assets":[],"layers":[
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
pub struct Heard {
    /// Claims still to be given out.
    pub claims: VecDeque<Value>,
    pub heartbeats: Vec<Value>,
    pub output: Option<Bytes>,
    /// The headers that came with it.
    pub output_headers: HeaderMap,
    pub poster: Option<Bytes>,
    /// `finish` or `fail`, and its body.
    pub ends: Vec<(&'static str, Value)>,
    pub template_downloads: usize,
    /// What is at `/files/NAME`.
    pub files: HashMap<String, Vec<u8>>,
    /// What heartbeats are answered with, once drawing has begun.
    pub answer: Answer,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub enum Answer {
    #[default]
    GoOn,
    Cancel,
    Stale,
}

#[derive(Clone, Default)]
pub struct Server {
    heard: Arc<Mutex<Heard>>,
    changed: Arc<Notify>,
}

impl Server {
    pub fn note(&self, f: impl FnOnce(&mut Heard)) {
        f(&mut self.heard.lock().unwrap());
        self.changed.notify_one();
    }

    pub fn with<T>(&self, f: impl FnOnce(&mut Heard) -> T) -> T {
        f(&mut self.heard.lock().unwrap())
    }

    /// Waits until something heard satisfies `f`.
    pub async fn until(&self, f: impl Fn(&Heard) -> bool) {
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

async fn file(State(server): State<Server>, Path(name): Path<String>) -> Response {
    match server.with(|heard| heard.files.get(&name).cloned()) {
        Some(bytes) => bytes.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn template(State(server): State<Server>) -> &'static str {
    server.note(|heard| heard.template_downloads += 1);
    TEMPLATE
}

/// A running server and worker.
pub struct Running {
    pub server: Server,
    pub address: String,
    pub shutdown: watch::Sender<Shutdown>,
    pub worker: tokio::task::JoinHandle<Result<(), WorkerError>>,
    pub folder: tempfile::TempDir,
}

pub async fn start(change: impl FnOnce(&mut Config)) -> Running {
    let server = Server::default();
    let end = |kind: &'static str| {
        post(
            move |State(server): State<Server>, Json(body): Json<Value>| async move {
                server.note(|heard| heard.ends.push((kind, body)));
                StatusCode::NO_CONTENT
            },
        )
    };
    let output = |State(server): State<Server>, headers: HeaderMap, body: Bytes| async move {
        server.note(|heard| (heard.output, heard.output_headers) = (Some(body), headers));
        StatusCode::NO_CONTENT
    };
    let poster = |State(server): State<Server>, body: Bytes| async move {
        server.note(|heard| heard.poster = Some(body));
        StatusCode::NO_CONTENT
    };
    let app = Router::new()
        .route("/api/worker/claim", post(claim))
        .route("/api/worker/jobs/{id}/heartbeat", post(heartbeat))
        .route("/api/worker/jobs/{id}/finish", end("finish"))
        .route("/api/worker/jobs/{id}/fail", end("fail"))
        .route("/template.json", get(template))
        .route("/files/{name}", get(file))
        .route("/output", put(output))
        .route("/poster", put(poster))
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
    pub fn offer(&self, payload: &Value, extension: &str) {
        self.offer_with(payload, extension, &json!({}));
    }

    /// With these members of the claim besides.
    pub fn offer_with(&self, payload: &Value, extension: &str, members: &Value) {
        let mut payload = payload.clone();
        payload["template"]["id"] = json!("T");
        let template = match payload["template"]["src"].as_str() {
            Some(src) => json!({"id": "T", "kind": null, "url": src, "file_name": "template.json"}),
            None => {
                json!({"id": "T", "kind": "lottie", "url": self.url("template.json"), "file_name": "template.json"})
            }
        };
        self.claim(&payload, &template, extension, members);
    }

    /// Offers a join.
    pub fn offer_join(&self, payload: &Value, members: &Value) {
        self.claim(payload, &Value::Null, "mp4", members);
    }

    fn claim(&self, payload: &Value, template: &Value, extension: &str, members: &Value) {
        let mut claim = json!({
            "job_id": "J1", "attempt": 3, "lease_seconds": 30, "payload": payload, "template": template,
            "output": {"file_name": format!("J1.{extension}"), "put_url": self.url("output"), "extension": extension,
                "poster_put_url": self.url("poster")},
        });
        claim
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        self.server.with(|heard| heard.claims.push_back(claim));
    }

    /// An address of the server.
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }

    /// Puts a file to `/files/NAME`; gives its address.
    pub fn serve(&self, name: &str, bytes: Vec<u8>) -> String {
        self.server.with(|heard| heard.files.insert(name.to_owned(), bytes));
        self.url(&format!("files/{name}"))
    }

    /// The report of a job that succeeded.
    pub async fn finished(&self) -> Value {
        let (kind, body) = self.end().await;
        assert_eq!(kind, "finish", "{body}");
        body
    }

    /// The output that was put last, as a file of this name.
    pub fn output(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, self.server.with(|heard| heard.output.take()).unwrap()).unwrap();
        path
    }

    /// The report that ends the job.
    pub async fn end(&self) -> (&'static str, Value) {
        self.server.until(|heard| !heard.ends.is_empty()).await;
        self.server.with(|heard| heard.ends.remove(0))
    }

    pub async fn failure(&self, payload: Value) -> Value {
        self.offer(&payload, "mp4");
        let (kind, body) = self.end().await;
        assert_eq!(kind, "fail", "{body}");
        assert_eq!(body["attempt"], 3);
        body["error"].clone()
    }

    /// Ends the worker; nothing of its jobs is left.
    pub async fn stop(self) {
        self.shutdown.send(Shutdown::Drain).unwrap();
        self.worker.await.unwrap().unwrap();
        let scratch = self.folder.path().join("scratch");
        assert_eq!(std::fs::read_dir(scratch).unwrap().count(), 0);
    }
}

/// What a film is like.
pub fn info(path: &std::path::Path) -> FilmInfo {
    probe_film(path, &Programs::default()).unwrap()
}

/// Runs ffmpeg; its output file is the last argument.
pub fn ffmpeg(folder: &std::path::Path, arguments: &str, name: &str) -> PathBuf {
    let path = folder.join(name);
    let status = std::process::Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"])
        .args(arguments.split_whitespace())
        .arg(&path)
        .status()
        .unwrap();
    assert!(status.success(), "{arguments}");
    path
}

/// The colour of a film's pixel at a time.
pub fn pixel(film: &std::path::Path, seconds: f64, (x, y): (usize, u32)) -> [u8; 4] {
    use filmpress_media::decode::{Alpha, Film};
    let film = Film::open(film, "mov", Alpha::Straight, &Programs::default()).unwrap();
    film.at(seconds).unwrap().row(y)[x]
}

/// Whether a colour is nearly another.
pub fn is_near(a: [u8; 4], b: [u8; 4]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 12)
}
