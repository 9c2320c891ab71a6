//! What clients of jobs and batches do over and over in these tests.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::House;

impl House {
    /// A call that is answered with JSON.
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let response = self.call(method, path, &self.token, body).await;
        let status = response.status();
        (status, response.json().await.unwrap())
    }

    /// A call that is refused: its status and the word for programs.
    pub async fn refused(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, String) {
        let (status, body) = self.ask(method, path, body).await;
        assert!(!status.is_success(), "{path}: {body}");
        assert!(
            body["error"].is_string() && body["requestId"].is_string(),
            "{path}: {body}"
        );
        (status.as_u16(), body["code"].as_str().unwrap().to_owned())
    }

    /// The body of a job on a template of its own.
    pub async fn body(&self, extra: &Value) -> Value {
        let mut body = json!({"template": {"id": self.template().await, "composition": "Main"}});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    }

    /// A job that is accepted.
    pub async fn accepted(&self, path: &str, body: &Value) -> Value {
        let (status, job) = self.post(path, body).await;
        assert_eq!(status, 201, "{job}");
        job
    }

    pub async fn status(&self, id: &Value) -> String {
        let job = self.get(&format!("/api/v2/jobs/{}", id.as_str().unwrap())).await;
        job["status"].as_str().unwrap().to_owned()
    }
}

/// The fields of a refusal's details.
pub fn fields(body: &Value) -> Vec<&str> {
    let details = body["details"]
        .as_array()
        .unwrap_or_else(|| panic!("no details: {body}"));
    details.iter().map(|detail| detail["field"].as_str().unwrap()).collect()
}

/// An id that nobody has.
pub const NOBODY: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// A nested job for a layer of the template that tests make.
pub fn nested(template: &Value, extra: &Value) -> Value {
    let mut asset = json!({"type": "job", "layerName": "Title", "template": {"id": template, "composition": "Main"}});
    asset
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    asset
}
