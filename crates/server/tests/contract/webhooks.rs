//! Webhooks arrive: at a receiver that fails first, and after a restart.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use filmpress_job::address::Reach;
use filmpress_queue::{Output, Queue};
use filmpress_server::Server;
use serde_json::{Value, json};

use crate::house::{House, config};

/// Fails so many times, then accepts; keeps what it was sent.
#[derive(Clone)]
pub struct Receiver {
    fails: usize,
    got: Arc<Mutex<Vec<Sent>>>,
}

/// What was sent: method, headers, body.
pub type Sent = (String, HeaderMap, Bytes);

impl Receiver {
    pub async fn start(fails: usize) -> (Self, String) {
        let this = Self {
            fails,
            got: Arc::default(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
        let app = Router::new().fallback(receive).with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (this, url)
    }

    pub fn got(&self) -> Vec<Sent> {
        self.got.lock().unwrap().clone()
    }

    pub async fn until(&self, count: usize) -> Vec<Sent> {
        for _ in 0..1000 {
            if self.got().len() >= count {
                return self.got();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("only {} webhooks came", self.got().len());
    }
}

/// A body as JSON.
pub fn json_of(sent: &Sent) -> Value {
    serde_json::from_slice(&sent.2).unwrap_or(Value::Null)
}

async fn receive(State(this): State<Receiver>, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let mut got = this.got.lock().unwrap();
    got.push((parts.method.to_string(), parts.headers, bytes));
    if got.len() > this.fails {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::BAD_GATEWAY
    }
}

#[tokio::test]
async fn a_receiver_that_fails_twice_gets_it_the_third_time() {
    let house = House::new().await;
    let (receiver, url) = Receiver::start(2).await;
    let webhook = json!({"url": url, "headers": {"X-Key": "k"}, "data": {"order": 9}});
    let id = house.job(json!({"webhook": webhook})).await;
    house.render(&house.claim().await.unwrap(), "film").await;
    let got = receiver.until(3).await;
    let ids: Vec<_> = got
        .iter()
        .map(|(_, headers, _)| headers["webhook-id"].clone())
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let (method, headers, _) = &got[2];
    let body = json_of(&got[2]);
    assert_eq!((method.as_str(), &headers["x-key"]), ("POST", &"k".parse().unwrap()));
    assert_eq!(headers["content-type"], "application/json");
    let job = house.get(&format!("/api/v2/jobs/{id}")).await;
    for key in ["id", "status", "outputUrl", "stats", "templateId", "progress"] {
        assert_eq!(body[key], job[key], "{key}");
    }
    assert_eq!(
        (&body["state"], &body["renderDuration"]),
        (&json!("finished"), &json!(1.25))
    );
    assert_eq!((&body["order"], &body["error"]), (&json!(9), &json!(null)));
    assert!(body["finishedAt"].is_string());
    while house.running.queue().until_next_webhook().await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    assert_eq!(receiver.got().len(), 3, "what has arrived is not sent again");
}

#[tokio::test]
async fn custom_bodies_methods_and_failures() {
    let house = House::new().await;
    let (receiver, url) = Receiver::start(0).await;
    let custom = json!({"url": url, "method": "PUT", "custom": true, "data": {"only": "this"}});
    house.job(json!({"webhook": custom})).await;
    house.render(&house.claim().await.unwrap(), "film").await;
    let got = receiver.until(1).await;
    assert_eq!((got[0].0.as_str(), json_of(&got[0])), ("PUT", json!({"only": "this"})));

    let id = house.job(json!({"webhook": {"url": url}})).await;
    house.claim().await.unwrap();
    let error = json!({"code": "LAYER_NOT_FOUND", "phase": "prepare", "message": "no layer", "retryable": false});
    house
        .worker(&format!("/jobs/{id}/fail"), &json!({"attempt": 1, "error": error}))
        .await;
    let got = receiver.until(2).await;
    let told = json_of(&got[1]);
    assert_eq!(
        (&told["status"], &told["error"]["code"]),
        (&json!("error"), &json!("LAYER_NOT_FOUND"))
    );
    assert_eq!(told["stats"]["error"], "no layer");
}

#[tokio::test]
async fn a_webhook_survives_the_server() {
    let house = House::new().await;
    let (receiver, url) = Receiver::start(0).await;
    house.job(json!({"webhook": {"url": url}})).await;
    let claim = house.claim().await.unwrap();
    let House {
        running,
        folder,
        token,
        http,
    } = house;
    drop(running);
    // Finished by a queue without a sender: as if the server went down between the commit and the sending.
    let queue = Queue::open(&filmpress_server::database_file(folder.path()))
        .await
        .unwrap();
    let finish = filmpress_job::protocol::Finish {
        attempt: claim.attempt,
        ..Default::default()
    };
    queue
        .finish(&claim.job_id, finish, Output::stored("outputs/x"))
        .await
        .unwrap();
    queue.close().await;
    assert!(receiver.got().is_empty());
    let running = loop {
        if let Ok(running) = Server::start(config(&folder)).await {
            break running;
        }
        tokio::task::yield_now().await;
    };
    let _house = House {
        running,
        folder,
        token,
        http,
    };
    receiver.until(1).await;
}

#[tokio::test]
async fn private_addresses_are_not_called() {
    let house = House::with(|config| config.webhook_reach = Some(Reach::Public)).await;
    let (receiver, url) = Receiver::start(0).await;
    house.job(json!({"webhook": {"url": url}})).await;
    house.render(&house.claim().await.unwrap(), "film").await;
    while house.running.queue().until_next_webhook().await.unwrap().is_some() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(receiver.got().is_empty(), "given up without one connection");
}
