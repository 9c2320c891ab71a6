//! Workers as processes: what a bad template, a signal or a stopped machine does to them.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may fail")]

mod house;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use house::{PATIENCE, Service, has_ffmpeg, name_card};
use serde_json::{Value, json};

/// A running `filmpress worker`, killed when it goes.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Worker {
    fn start(service: &Service, data: &Path, name: &str, token: &str) -> Self {
        let process = Command::new(env!("CARGO_BIN_EXE_filmpress"))
            .args([
                "worker",
                "--server",
                &service.url,
                "--name",
                name,
                "--reach",
                "loopback",
                "--data",
            ])
            .arg(data)
            .env("FILMPRESS_WORKER_TOKEN", token)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(process)
    }

    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }
}

fn worker_token(data: &Path) -> String {
    let made = Command::new(env!("CARGO_BIN_EXE_filmpress"))
        .args(["token", "create", "--worker", "--data"])
        .arg(data)
        .output()
        .unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

fn still(template: &Value, composition: &str) -> Value {
    json!({"template": {"id": template["id"], "composition": composition},
           "settings": {"type": "image", "codec": "image_png", "frames": 0}})
}

/// A composition whose one frame is far larger than the memory that jobs get here.
fn huge() -> Vec<u8> {
    let lottie = json!({"v": "5.7.0", "fr": 10, "ip": 0, "op": 10, "w": 16000, "h": 16000, "nm": "Huge", "layers": [
        {"ind": 1, "ty": 1, "nm": "Solid", "sw": 16000, "sh": 16000, "sc": "#00ff00", "ip": 0, "op": 10, "st": 0, "sr": 1,
         "ks": {"o": {"a": 0, "k": 50}}}]});
    lottie.to_string().into_bytes()
}

#[tokio::test]
async fn a_job_without_end_to_its_memory_fails_and_the_next_one_finishes() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start_with(folder.path(), None, &["--memory-limit", "400M"]);
    let huge = service.upload("lottie", huge()).await;
    let small = service.upload("lottie", name_card()).await;
    let (status, bad) = service.post("/jobs", &still(&huge, "Huge")).await;
    assert_eq!(status, 201, "{bad}");
    let (_, good) = service.post("/jobs", &still(&small, "Name card")).await;
    let good = service.finished(&good).await;
    assert_eq!(good["status"], "finished", "{good}");
    let bad = service.finished(&bad).await;
    assert_eq!(bad["status"], "error", "{bad}");
    let why = bad["stats"]["error"].as_str().unwrap();
    assert!(why.contains("more than the 400 MB of memory"), "{bad}");
    let scratch = folder.path().join("worker/scratch");
    let began = Instant::now();
    while std::fs::read_dir(&scratch).unwrap().next().is_some() {
        assert!(began.elapsed() < PATIENCE, "scratch is left behind");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_worker_asked_to_end_finishes_its_job_first() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start_with(folder.path(), None, &["--workers", "0"]);
    let token = worker_token(folder.path());
    let template = service.upload("lottie", name_card()).await;
    let job = json!({
        "template": {"id": template["id"], "composition": "Name card"},
        "settings": {"type": "video", "codec": "video_h264_vbr_1mbps", "quality": "draft", "frames": [0, 59]}
    });
    let (_, made) = service.post("/jobs", &job).await;
    let mut worker = Worker::start(&service, &folder.path().join("away"), "one", &token);
    let path = format!("/jobs/{}", made["id"].as_str().unwrap());
    service.until(&path, |job| job["status"] == "render:dorender").await;
    worker.signal("-TERM");
    let ended = tokio::task::spawn_blocking(move || worker.0.wait().unwrap())
        .await
        .unwrap();
    assert!(ended.success(), "{ended}");
    let (_, done) = service.get(&path).await;
    assert_eq!(done["status"], "finished", "{done}");
}
