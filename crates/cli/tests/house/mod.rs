//! The program started and spoken to: what tests of the whole service share.

#![allow(dead_code, reason = "each test file uses its part")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take; a failing test must end.
pub const PATIENCE: Duration = Duration::from_mins(3);

/// A running `filmpress serve`, killed when it goes.
pub struct Service {
    pub process: Child,
    pub url: String,
    pub token: String,
    pub client: reqwest::Client,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Service {
    pub fn start(data: &Path, token: Option<String>) -> Self {
        Self::start_with(data, token, &[])
    }

    /// With these arguments besides.
    pub fn start_with(data: &Path, token: Option<String>, arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_filmpress"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(arguments)
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

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let request = self.client.get(format!("{}/api/v2{path}", self.url));
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.post(format!("{}/api/v2{path}", self.url));
        let answer = request.bearer_auth(&self.token).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Asks for `path` until `done` is content with the answer.
    pub async fn until(&self, path: &str, done: impl Fn(&Value) -> bool) -> Value {
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

    pub async fn upload(&self, kind: &str, bytes: Vec<u8>) -> Value {
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

    pub async fn finished(&self, job: &Value) -> Value {
        let path = format!("/jobs/{}", job["id"].as_str().unwrap());
        self.until(&path, |job| job["status"] == "finished" || job["status"] == "error")
            .await
    }
}

pub fn name_card() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read(root.join("templates/name-card/name-card.json")).unwrap()
}

pub fn has_ffmpeg() -> bool {
    let found = Command::new("ffmpeg").arg("-version").output().is_ok();
    if !found {
        println!("skipped: no ffmpeg on PATH");
    }
    found
}
