//! Jobs whose output goes to the client's own store.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod house;

#[path = "../../server/examples/s3_server/store.rs"]
#[allow(dead_code, reason = "it is another program's")]
mod store;

use filmpress_job::address::Reach;
use serde_json::{Value, json};

use house::{Running, start};

async fn serve(folder: &std::path::Path) -> String {
    let faults = store::Faults {
        every: 3,
        ..store::Faults::default()
    };
    let s3 = store::Store::open(folder, &["films"], "the-id", "the-secret", faults).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, s3.router()).await.unwrap() });
    endpoint
}

fn offer(running: &Running, endpoint: &str, secret: &str) {
    let payload = json!({"poster": true, "outputName": "spring", "upload": {"prefix": "renders/",
        "params": {"endpoint": endpoint, "region": "auto", "bucket": "films", "accessKeyId": "${secrets.ID}",
            "accessKeySecret": "${secret.KEY}"}}});
    let members = json!({"secrets": {"ID": "the-id", "KEY": secret},
        "output": {"file_name": "spring.mp4", "put_url": running.url("output"), "extension": "mp4"}});
    running.offer_with(&payload, "mp4", &members);
}

#[tokio::test(flavor = "multi_thread")]
async fn film_and_poster_go_to_the_clients_store_and_nowhere_else() {
    let running = start(|config| config.reach = Reach::Loopback).await;
    let bucket = tempfile::tempdir().unwrap();
    let endpoint = serve(bucket.path()).await;
    offer(&running, &endpoint, "the-secret");
    let finish = running.finished().await;
    let film = bucket.path().join("films/renders/spring.mp4");
    assert_eq!(house::info(&film).frames, 40);
    assert_eq!(finish["output_bytes"], std::fs::metadata(&film).unwrap().len());
    let poster = std::fs::read(bucket.path().join("films/renders/spring.poster.jpg")).unwrap();
    assert!(poster.starts_with(&[0xFF, 0xD8]) && finish["poster"] == true);
    running
        .server
        .with(|heard| assert!(heard.output.is_none() && heard.poster.is_none()));
    assert!(!finish.to_string().contains("the-"), "{finish}");

    offer(&running, &endpoint, "a wrong one");
    let (kind, body) = running.end().await;
    assert_eq!(kind, "fail");
    let error: &Value = &body["error"];
    assert_eq!(
        (&error["code"], &error["phase"], &error["retryable"]),
        (&json!("PUBLISH_FAILED"), &json!("publish"), &json!(false))
    );
    assert!(
        error["hint"]
            .as_str()
            .unwrap()
            .contains("bucket `films` at `127.0.0.1`"),
        "{error}"
    );
    let said = body.to_string();
    assert!(
        !said.contains("the-id") && !said.contains("a wrong one") && !said.contains("X-Amz"),
        "{said}"
    );
    running.stop().await;
}
