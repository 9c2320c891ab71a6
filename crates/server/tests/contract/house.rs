//! A started server, its clients, and a worker that says what it is told to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::metadata::{CompositionInfo, LayerInfo, TemplateMetadata};
use filmpress_job::protocol::{Claim, Finish};
use filmpress_queue::{Kind, NewToken, Scope};
use filmpress_server::{Config, Policy, Running, Server};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Map, Value, json};

/// A started server.
pub struct House {
    pub running: Running,
    pub folder: tempfile::TempDir,
    pub token: String,
    pub http: reqwest::Client,
}

/// Short where the real ones are long; everything is waited for by looking, not by sleeping so long.
pub fn policy() -> Policy {
    Policy {
        progress_interval: Duration::ZERO,
        webhook_retries: vec![Duration::from_millis(200); 3],
        ..Policy::default()
    }
}

pub fn config(folder: &tempfile::TempDir) -> Config {
    let introspect = |path: &Path, kind: &str| {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        match text.strip_prefix("PROJECT ") {
            Some(name) => Ok(metadata(name)),
            None if text == "PANIC" => panic!("reading stops"),
            None => Err(format!("this is no {kind}")),
        }
    };
    Config {
        policy: policy(),
        ..Config::new(([127, 0, 0, 1], 0).into(), folder.path(), Arc::new(introspect))
    }
}

/// What is in `PROJECT Main`: a composition with a layer `Title`; `PROJECT Main 7` has seven of them. `PROJECT Panel` has
/// a control, and something to be warned of.
fn metadata(project: &str) -> TemplateMetadata {
    let (composition, count) = project.split_once(' ').unwrap_or((project, "1"));
    let has_panel = composition == "Panel";
    TemplateMetadata {
        compositions: vec![CompositionInfo {
            aeid: "1".into(),
            name: composition.to_owned(),
            width: 1920,
            height: 1080,
            duration: 5.0,
            frame_rate: 25.0,
            data: Map::new(),
        }],
        layers: (1..=count.parse().unwrap_or(1)).map(layer).collect(),
        controls: has_panel.then(|| "Headline".to_owned()).into_iter().collect(),
        warnings: has_panel
            .then(|| "Panel: drawn in a simpler way".to_owned())
            .into_iter()
            .collect(),
        ..TemplateMetadata::default()
    }
}

fn layer(index: i64) -> LayerInfo {
    LayerInfo {
        composition_id: 1,
        aeid: 1 + index,
        name: "Title".into(),
        top: 0.0,
        left: 0.0,
        width: 100.0,
        height: 50.0,
        start_time: 0.0,
        in_point: 0.0,
        out_point: 5.0,
        layer_type: "text".into(),
        source_type: None,
        source_comp_id: None,
        parent_id: None,
        data: Map::from_iter([("index".to_owned(), json!(index))]),
    }
}

/// The files in a folder and the folders inside; none where there is no folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path) } else { vec![path] }
        })
        .collect()
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With another configuration than the usual one.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(&folder);
        change(&mut config);
        let running = Server::start(config).await.unwrap();
        let (_, token) = running.queue().create_token(&NewToken::team("studio")).await.unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            running,
            folder,
            token: token.reveal().to_owned(),
            http: http.build().unwrap(),
        }
    }

    /// A token of a team, which is made if it is not there.
    pub async fn token_of(&self, team: &str, scope: Scope) -> String {
        let new = NewToken {
            scope,
            ..NewToken::team(team)
        };
        self.running
            .queue()
            .create_token(&new)
            .await
            .unwrap()
            .1
            .reveal()
            .to_owned()
    }

    /// A token of another team.
    pub async fn rival(&self) -> String {
        self.token_of("rival", Scope::Admin).await
    }

    /// A token of an operator.
    pub async fn operator(&self) -> String {
        let new = NewToken::operator();
        assert_eq!(new.kind, Kind::Operator);
        self.running
            .queue()
            .create_token(&new)
            .await
            .unwrap()
            .1
            .reveal()
            .to_owned()
    }

    /// A call by whom it may concern: its status and body, which is null where there is none.
    pub async fn by(&self, token: &str, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let response = self.call(method, path, token, body).await;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.running.local_url())
        }
    }

    pub async fn call(&self, method: Method, path: &str, token: &str, body: Option<&Value>) -> Response {
        let mut request = self.http.request(method, self.url(path)).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = self.call(Method::GET, path, &self.token, None).await;
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let response = self.call(Method::POST, path, &self.token, Some(body)).await;
        (response.status(), response.json().await.unwrap())
    }

    pub async fn put(&self, url: &str, body: &str) -> Response {
        self.http.put(self.url(url)).body(body.to_owned()).send().await.unwrap()
    }

    /// Looks until something is so.
    pub async fn until(&self, path: &str, so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..1000 {
            let now = self.get(path).await;
            if so(&now) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{path} never came to what was waited for: {}", self.get(path).await);
    }

    /// A template that can be used; its id.
    pub async fn template(&self) -> String {
        self.template_of("PROJECT Main").await
    }

    /// A template with this file, once it can be used; its id.
    pub async fn template_of(&self, file: &str) -> String {
        let (_, made) = self
            .post("/api/v2/templates", &json!({"type": "aep", "displayName": "Card"}))
            .await;
        let id = made["id"].as_str().unwrap().to_owned();
        assert_eq!(
            self.put(made["uploadInfo"]["url"].as_str().unwrap(), file)
                .await
                .status(),
            200
        );
        self.until(&format!("/api/v2/templates/{id}"), |template| {
            template["status"] == "uploaded"
        })
        .await;
        id
    }

    /// A job on a template of its own; its id.
    pub async fn job(&self, extra: Value) -> String {
        let mut body = json!({"template": {"id": self.template().await, "composition": "Main"}});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let (status, job) = self.post("/api/v2/jobs", &body).await;
        assert_eq!(status, 201, "{job}");
        job["id"].as_str().unwrap().to_owned()
    }

    pub async fn worker(&self, path: &str, body: &Value) -> Response {
        let token = self.running.local_worker_token().reveal();
        self.call(Method::POST, &format!("/api/worker{path}"), token, Some(body))
            .await
    }

    pub async fn claim(&self) -> Option<Claim> {
        let response = self.worker("/claim", &json!({"worker": "1", "wait_seconds": 0})).await;
        match response.status().as_u16() {
            200 => Some(response.json().await.unwrap()),
            204 => None,
            other => panic!("claim: {other}"),
        }
    }

    /// Puts an output and finishes.
    pub async fn render(&self, claim: &Claim, film: &str) {
        assert_eq!(self.put(&claim.output.put_url, film).await.status(), 204);
        let finish = Finish {
            attempt: claim.attempt,
            render_duration: 1.25,
            warnings: vec!["Main > Glow: unsupported".into()],
            missing_fonts: vec!["Soleil".into()],
            log: Some("drew 3 frames".into()),
            ..Finish::default()
        };
        let answer = self
            .worker(
                &format!("/jobs/{}/finish", claim.job_id),
                &serde_json::to_value(finish).unwrap(),
            )
            .await;
        assert_eq!(answer.status(), 204);
    }
}
