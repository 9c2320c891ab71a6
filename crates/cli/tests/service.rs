//! The service as its clients see it: the program started, a template uploaded, jobs posted, the film fetched.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, or say that it was skipped"
)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take; a failing test must end.
const PATIENCE: Duration = Duration::from_mins(3);

/// A running `filmpress serve`, killed when it goes.
struct Service {
    process: Child,
    url: String,
    token: String,
    client: reqwest::Client,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Service {
    fn start(data: &Path, token: Option<String>) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_filmpress"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let url = first
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap_or_else(|| {
                panic!("the server did not say where it is: {first:?}");
            });
        let url = url.to_owned();
        let token = token.unwrap_or_else(|| {
            let made = Command::new(env!("CARGO_BIN_EXE_filmpress"))
                .args(["token", "create", "--team", "tests", "--data"])
                .arg(data)
                .output()
                .unwrap();
            let token = String::from_utf8(made.stdout).unwrap();
            assert_eq!(token.lines().count(), 1, "the token alone: {token:?}");
            token.trim().to_owned()
        });
        Self {
            process,
            url,
            token,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let request = self.client.get(format!("{}/api/v2{path}", self.url));
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.post(format!("{}/api/v2{path}", self.url));
        let answer = request.bearer_auth(&self.token).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Asks for `path` until `done` is content with the answer.
    async fn until(&self, path: &str, done: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let (status, body) = self.get(path).await;
            assert_eq!(status, 200, "{body}");
            if done(&body) {
                return body;
            }
            assert!(began.elapsed() < PATIENCE, "waited too long: {body}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn upload(&self, kind: &str, bytes: Vec<u8>) -> Value {
        let (status, made) = self
            .post("/templates", &json!({"type": kind, "displayName": "T"}))
            .await;
        assert_eq!(status, 201, "{made}");
        let url = made["uploadInfo"]["url"].as_str().unwrap();
        let put = self.client.put(url).body(bytes).send().await.unwrap();
        assert!(put.status().is_success(), "{}", put.text().await.unwrap());
        let path = format!("/templates/{}", made["id"].as_str().unwrap());
        self.until(&path, |t| t["status"] == "uploaded" || t["status"] == "error")
            .await
    }

    async fn finished(&self, job: &Value) -> Value {
        let path = format!("/jobs/{}", job["id"].as_str().unwrap());
        self.until(&path, |job| job["status"] == "finished" || job["status"] == "error")
            .await
    }
}

fn name_card() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read(root.join("templates/name-card/name-card.json")).unwrap()
}

fn has_ffmpeg() -> bool {
    let found = Command::new("ffmpeg").arg("-version").output().is_ok();
    if !found {
        println!("skipped: no ffmpeg on PATH");
    }
    found
}

#[tokio::test]
async fn from_a_template_to_a_film() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), None);
    let template = service.upload("lottie", name_card()).await;
    assert_eq!(template["compositions"], json!(["Name card", "Panel"]));
    let job = |assets: Value, settings: Value| json!({"template": {"id": template["id"], "composition": "Name card"}, "assets": assets, "settings": settings});

    // The client's own server for webhooks and pictures, on loopback as this service is.
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let webhook = format!("http://{}/hook", receiver.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (stream, _) = receiver.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        std::io::Read::read_exact(&mut reader, &mut body).unwrap();
        std::io::Write::write_all(&mut &stream, b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
        serde_json::from_slice::<Value>(&body).unwrap()
    });

    let assets = json!([
        {"type": "text", "layerName": "Name", "value": "Grace Hopper"},
        {"type": "data", "layerName": "Accent", "property": "Color", "value": [0.2, 0.6, 0.4]}
    ]);
    let settings = json!({"type": "video", "codec": "video_h264_vbr_5mbps", "quality": "draft", "frames": [60, 71]});
    let mut film = job(assets.clone(), settings);
    film["webhook"] = json!({"url": webhook, "data": {"order": 7}});
    let (status, made) = service.post("/jobs", &film).await;
    assert_eq!(status, 201, "{made}");
    let done = service.finished(&made).await;
    assert_eq!(
        (&done["status"], &done["progress"]),
        (&json!("finished"), &json!(100.0)),
        "{done}"
    );
    assert_eq!(done["outputUrl"], made["outputUrl"], "as predicted at creation");
    let out = folder.path().join("fetched.mp4");
    let fetched = service
        .client
        .get(done["outputUrl"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    std::fs::write(&out, fetched.bytes().await.unwrap()).unwrap();
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-count_packets", "-of", "csv=p=0", "-show_entries"])
        .arg("stream=codec_name,width,height,nb_read_packets")
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&probe.stdout).trim(), "h264,1920,1080,12");
    let part = service
        .client
        .get(done["outputUrl"].as_str().unwrap())
        .header("range", "bytes=4-7");
    let part = part.send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(&part.bytes().await.unwrap()[..], b"ftyp");
    let told = heard.join().unwrap();
    assert_eq!(
        (&told["id"], &told["status"], &told["order"]),
        (&made["id"], &json!("finished"), &json!(7)),
        "{told}"
    );

    // The text really is in the picture: with and without it, the same frame differs.
    let mut stills = Vec::new();
    for assets in [assets, json!([])] {
        let (_, made) = service
            .post(
                "/jobs",
                &job(assets, json!({"type": "image", "codec": "image_png", "frames": 132})),
            )
            .await;
        let done = service.finished(&made).await;
        let still = service
            .client
            .get(done["outputUrl"].as_str().unwrap())
            .send()
            .await
            .unwrap();
        stills.push(still.bytes().await.unwrap());
    }
    assert!(stills[0].starts_with(b"\x89PNG") && stills[0] != stills[1]);
}

#[tokio::test]
async fn what_is_wrong_is_said_early_and_in_nexrenders_words() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), None);
    let template = service.upload("lottie", name_card()).await;
    let mut job = json!({
        "template": {"id": template["id"], "composition": "Name card"},
        "assets": [{"type": "text", "layerName": "Nmae", "value": "x"}],
        "settings": {"type": "image", "codec": "image_png", "frames": 0}
    });
    let (_, made) = service.post("/jobs", &job).await;
    let done = service.finished(&made).await;
    assert_eq!(done["status"], "error");
    let error = done["stats"]["error"].as_str().unwrap();
    assert!(
        error.starts_with("nexrender: Couldn't find any layers by provided name (Nmae) inside a composition: *")
            && error.contains("`Logo`")
            && error.contains("did you mean `Name`?"),
        "{error}"
    );

    job["assets"] = json!([{"type": "script", "src": "https://example.org/a.jsx"}, {"type": "text", "value": "x"}]);
    let (status, refused) = service.post("/jobs", &job).await;
    assert_eq!(status, 400);
    let fields: Vec<_> = refused["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| &d["field"])
        .collect();
    assert_eq!(
        fields,
        [&json!("assets[0].type"), &json!("assets[1].layerName")],
        "{refused}"
    );

    job["assets"] = json!([]);
    job["template"]["id"] = json!("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    assert_eq!(service.post("/jobs", &job).await.0, 404);

    let declared_wrongly = service.upload("aep", name_card()).await;
    assert_eq!(declared_wrongly["status"], "error");
    assert!(
        declared_wrongly["error"]
            .as_str()
            .unwrap()
            .contains("declared as `aep`"),
        "{declared_wrongly}"
    );

    service.token.push('0');
    assert_eq!(service.get("/jobs").await.0, 401);
}

#[tokio::test]
async fn a_killed_server_finishes_its_jobs_after_the_restart() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), None);
    let template = service.upload("lottie", name_card()).await;
    let job = json!({
        "template": {"id": template["id"], "composition": "Name card"},
        "settings": {"type": "video", "codec": "video_h264_vbr_1mbps", "quality": "draft", "frames": [0, 119]}
    });
    let (status, made) = service.post("/jobs", &job).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/jobs/{}", made["id"].as_str().unwrap());
    // In the middle of drawing, not before and not after.
    service
        .until(&path, |job| {
            let progress = job["progress"].as_f64().unwrap();
            assert_ne!(job["status"], "finished", "too late to kill it");
            job["status"] == "render:dorender" && progress > 10.0
        })
        .await;
    service.process.kill().unwrap();
    service.process.wait().unwrap();

    let again = Service::start(folder.path(), Some(service.token.clone()));
    let done = again.finished(&made).await;
    assert_eq!(done["status"], "finished", "{done}");
    let url = done["outputUrl"].as_str().unwrap();
    // A server on a free port is elsewhere after a restart; the path is the same.
    let path = url.splitn(4, '/').nth(3).unwrap();
    let film = again.client.get(format!("{}/{path}", again.url)).send().await.unwrap();
    assert_eq!(film.status(), 200);
    assert_eq!(&film.bytes().await.unwrap()[4..8], b"ftyp");
}
