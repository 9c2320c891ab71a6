//! Where webhooks cannot be made to lead: into the machine and its network, by whatever spelling or detour.

use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::any;
use filmpress_job::address::Reach;
use serde_json::json;

use crate::house::House;
use crate::webhooks::Receiver;

/// Addresses that are not public, as URLs may spell them.
const NOT_PUBLIC: [&str; 26] = [
    "http://127.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0.0.0.0:PORT/",
    "http://localhost:PORT/",
    "http://LOCALHOST.:PORT/",
    "http://[::1]:PORT/",
    "http://[::]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[64:ff9b::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://user:password@127.0.0.1:PORT/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fe80::1]/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://255.255.255.255/",
];

#[tokio::test]
async fn no_spelling_of_a_private_address_is_called() {
    let house = House::with(|config| {
        config.webhook_reach = Some(Reach::Public);
        config.policy.webhook_retries = Vec::new();
    })
    .await;
    let (receiver, url) = Receiver::start(0).await;
    let port = url.split(':').nth(2).unwrap().split('/').next().unwrap();
    for url in NOT_PUBLIC {
        let body = json!({"url": url.replace("PORT", port)});
        let (status, delivery) = house.post("/api/v2/webhooks/test", &body).await;
        assert_eq!(status, 202, "{url}: {delivery}");
    }
    let dead = house
        .until("/api/v2/webhooks/deliveries?state=dead", |list| {
            list.as_array().map(Vec::len) == Some(NOT_PUBLIC.len())
        })
        .await;
    for delivery in dead.as_array().unwrap() {
        let why = delivery["lastError"].as_str().unwrap();
        assert!(why.contains("is not a public address"), "{delivery}");
    }
    assert!(receiver.got().is_empty());
}

#[tokio::test]
async fn redirects_lead_nowhere() {
    let house = House::with(|config| config.policy.webhook_retries = Vec::new()).await;
    let (receiver, url) = Receiver::start(0).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let detour = format!("http://{}/", listener.local_addr().unwrap());
    let to = move || {
        let url = url.clone();
        async move { (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, url)]) }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(any(to))).await });
    house.post("/api/v2/webhooks/test", &json!({"url": detour})).await;
    let dead = house
        .until("/api/v2/webhooks/deliveries?state=dead", |list| {
            list[0]["id"].is_string()
        })
        .await;
    assert!(dead[0]["lastError"].as_str().unwrap().contains("307"), "{dead}");
    assert!(receiver.got().is_empty());
}

#[tokio::test]
async fn a_receiver_that_never_answers_is_given_up() {
    let house = House::with(|config| {
        config.webhook_timeout = Duration::from_millis(200);
        config.policy.webhook_retries = Vec::new();
    })
    .await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    house.post("/api/v2/webhooks/test", &json!({"url": url})).await;
    let dead = house
        .until("/api/v2/webhooks/deliveries?state=dead", |list| {
            list[0]["id"].is_string()
        })
        .await;
    assert!(dead[0]["lastError"].as_str().unwrap().contains("timed out"), "{dead}");
}
