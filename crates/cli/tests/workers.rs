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

fn film(template: &Value, last: u32) -> Value {
    json!({"template": {"id": template["id"], "composition": "Name card"},
           "settings": {"type": "video", "codec": "video_h264_vbr_1mbps", "quality": "draft", "frames": [0, last]}})
}

fn path_of(job: &Value) -> String {
    format!("/jobs/{}", job["id"].as_str().unwrap())
}

/// What the attempts at a job said.
async fn logs(service: &Service, job: &Value) -> String {
    let url = format!("{}/api/v2{}/logs", service.url, path_of(job));
    let answer = service
        .client
        .get(url)
        .bearer_auth(&service.token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// The output's bytes.
async fn output(service: &Service, job: &Value) -> Vec<u8> {
    let url = job["outputUrl"].as_str().unwrap();
    let answer = service.client.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
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
    assert_eq!(bad["error"]["code"], "MEMORY_LIMIT", "{bad}");
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
    let (_, made) = service.post("/jobs", &film(&template, 59)).await;
    let mut worker = Worker::start(&service, &folder.path().join("away"), "one", &token);
    let path = path_of(&made);
    service.until(&path, |job| job["status"] == "render:dorender").await;
    worker.signal("-TERM");
    let ended = tokio::task::spawn_blocking(move || worker.0.wait().unwrap())
        .await
        .unwrap();
    assert!(ended.success(), "{ended}");
    let (_, done) = service.get(&path).await;
    assert_eq!(done["status"], "finished", "{done}");
}

/// Posts a film and waits until a worker that is started for it draws it.
async fn drawing(service: &Service, folder: &Path, token: &str) -> (Value, Worker) {
    let template = service.upload("lottie", name_card()).await;
    let (status, made) = service.post("/jobs", &film(&template, 119)).await;
    assert_eq!(status, 201, "{made}");
    let worker = Worker::start(service, &folder.join("one"), "one", token);
    service
        .until(&path_of(&made), |job| {
            assert_ne!(job["status"], "finished", "too late to disturb it");
            job["status"] == "render:dorender" && job["progress"].as_f64().unwrap() > 10.0
        })
        .await;
    (made, worker)
}

#[tokio::test]
async fn a_worker_stopped_past_its_lease_cannot_overwrite_what_another_made() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start_with(folder.path(), None, &["--workers", "0", "--lease-seconds", "2"]);
    let token = worker_token(folder.path());
    let (made, stopped) = drawing(&service, folder.path(), &token).await;
    stopped.signal("-STOP");
    let other = Worker::start(&service, &folder.path().join("two"), "two", &token);
    let done = service.finished(&made).await;
    assert_eq!(done["status"], "finished", "{done}");
    let before = output(&service, &done).await;
    let said = logs(&service, &made).await;
    assert!(said.contains("--- attempt 2"), "another took it over: {said}");
    drop(other);

    // The stopped one goes on and learns that the job is no longer its own: it takes the next.
    stopped.signal("-CONT");
    let template = service.upload("lottie", name_card()).await;
    let (_, next) = service.post("/jobs", &still(&template, "Name card")).await;
    let next = service.finished(&next).await;
    assert_eq!(next["status"], "finished", "{next}");
    let (_, after) = service.get(&path_of(&made)).await;
    assert_eq!(
        (&after["status"], &after["finishedAt"]),
        (&done["status"], &done["finishedAt"])
    );
    assert!(output(&service, &after).await == before, "the output is another");
    assert_eq!(logs(&service, &made).await, said, "no word of the stopped one counts");
}

#[tokio::test]
async fn the_job_of_a_killed_worker_is_done_by_another() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start_with(folder.path(), None, &["--workers", "0", "--lease-seconds", "2"]);
    let token = worker_token(folder.path());
    let (made, killed) = drawing(&service, folder.path(), &token).await;
    let began = Instant::now();
    drop(killed);
    let _other = Worker::start(&service, &folder.path().join("two"), "two", &token);
    let done = service.finished(&made).await;
    assert_eq!(done["status"], "finished", "{done}");
    println!("finished {:.1} s after the kill", began.elapsed().as_secs_f64());
    assert_eq!(&output(&service, &done).await[4..8], b"ftyp");
}

#[tokio::test]
async fn a_worker_without_time_to_drain_hands_its_job_back_at_once() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start_with(folder.path(), None, &["--workers", "0"]);
    let token = worker_token(folder.path());
    let (made, mut worker) = drawing(&service, folder.path(), &token).await;
    // The second signal says: now.
    worker.signal("-TERM");
    let ended = tokio::task::spawn_blocking(move || {
        let began = Instant::now();
        loop {
            if let Some(status) = worker.0.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            // The first may not have been taken in yet; more of them do no harm.
            worker.signal("-TERM");
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    assert!(ended.await.unwrap().success());
    let (_, job) = service.get(&path_of(&made)).await;
    assert_eq!(job["status"], "queued", "handed back, not lost by its lease: {job}");
    let said = logs(&service, &made).await;
    assert!(said.contains("the worker was shut down"), "{said}");
    let scratch = folder.path().join("one/worker-one/scratch");
    assert_eq!(std::fs::read_dir(scratch).unwrap().count(), 0);
}

#[tokio::test]
async fn a_process_killed_while_it_draws_costs_its_job_one_attempt() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start_with(folder.path(), None, &["--workers", "0"]);
    let token = worker_token(folder.path());
    let (made, worker) = drawing(&service, folder.path(), &token).await;
    let id = worker.0.id();
    let mut children = String::new();
    for task in std::fs::read_dir(format!("/proc/{id}/task")).unwrap() {
        children += &std::fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default();
    }
    let child = children.split_whitespace().next().unwrap();
    assert!(Command::new("kill").args(["-9", child]).status().unwrap().success());
    let done = service.finished(&made).await;
    assert_eq!(done["status"], "finished", "{done}");
    let said = logs(&service, &made).await;
    assert!(
        said.contains("the process that drew the job ended with signal: 9"),
        "{said}"
    );
}
