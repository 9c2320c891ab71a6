//! What those who run a server see, and what they can hold clients to.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use filmpress_queue::token;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::house::House;

#[tokio::test]
async fn alive_is_not_ready() {
    let house = House::new().await;
    let (status, health) = house.by("", Method::GET, "/healthz", None).await;
    assert_eq!((status, &health["status"]), (200, &json!("ok")));
    let (status, ready) = house.by("", Method::GET, "/readyz", None).await;
    assert_eq!(
        (status, &ready["checks"]),
        (200, &json!({"database": "ok", "storage": "ok"}))
    );
    std::fs::remove_dir_all(house.folder.path().join("tmp")).unwrap();
    let (status, ready) = house.by("", Method::GET, "/readyz", None).await;
    assert_eq!(
        (status, &ready["checks"]["storage"]),
        (503, &json!("failed")),
        "{ready}"
    );
    assert_eq!(house.by("", Method::GET, "/healthz", None).await.0, 200);
}

#[tokio::test]
async fn metrics_tell_of_jobs_frames_requests_and_webhooks() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    house.job(json!({})).await;
    let claim = house.claim().await.unwrap();
    for (phase, frame) in [("fetch", 0), ("render", 10), ("publish", 30)] {
        let beat = json!({"attempt": 1, "phase": phase, "progress": 1.0, "frame": frame, "frames": 30});
        house.worker(&format!("/jobs/{id}/heartbeat"), &beat).await;
    }
    house.render(&claim, "film").await;
    let other = house.claim().await.unwrap();
    let error = json!({"code": "LAYER_NOT_FOUND", "phase": "prepare", "message": "no layer", "retryable": false});
    let failed = json!({"attempt": 1, "error": error});
    house.worker(&format!("/jobs/{}/fail", other.job_id), &failed).await;
    house.job(json!({})).await;
    let text = house
        .http
        .get(house.url("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for line in [
        "filmpress_jobs{status=\"queued\"} 1",
        "filmpress_jobs{status=\"rendering\"} 0",
        "filmpress_frames_total 30",
        "filmpress_phase_seconds_count{phase=\"render\"} 1",
        "filmpress_attempts_total{result=\"finished\",code=\"\"} 1",
        "filmpress_attempts_total{result=\"error\",code=\"LAYER_NOT_FOUND\"} 1",
        "filmpress_http_requests_total{method=\"POST\",route=\"/api/v2/jobs\",status=\"201\"} 3",
        "filmpress_webhooks{state=\"waiting\"} 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(&id), "no ids in the names of series");
}

#[tokio::test]
async fn metrics_may_ask_for_a_token() {
    let house = House::with(|config| config.metrics_token_hash = Some(token::hash("m"))).await;
    for (token, expected) in [("m", 200), ("n", 401), ("", 401), (house.token.as_str(), 401)] {
        assert_eq!(
            house.by(token, Method::GET, "/metrics", None).await.0,
            expected,
            "{token}"
        );
    }
}

#[tokio::test]
async fn rates_are_limited_in_the_contracts_words() {
    let house = House::with(|config| config.limits.rates.jobs = NonZeroU32::new(1)).await;
    let job = json!({"template": {"id": "x", "src": "https://example.org/a.aep", "composition": "Main"}});
    assert_eq!(house.post("/api/v2/jobs", &job).await.0, 201);
    let refused = house.call(Method::POST, "/api/v2/jobs", &house.token, Some(&job)).await;
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    let body: Value = refused.json().await.unwrap();
    let error = json!({"message": "Rate limit exceeded. Try again later.", "code": "RATE_LIMIT"});
    assert_eq!((&body["error"], &body["code"]), (&error, &json!("RATE_LIMIT")));
    assert!(body["requestId"].is_string());
    house.get("/api/v2/jobs").await;
}

/// Says something to the server and reads what it answers until it hangs up.
async fn say(house: &House, parts: &[&[u8]]) -> String {
    let mut stream = TcpStream::connect(house.running.address()).await.unwrap();
    for part in parts {
        // The server may have hung up already.
        let _ = stream.write_all(part).await;
    }
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
        .await
        .unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn large_headers_and_slow_clients_are_sent_away() {
    let house = House::with(|config| {
        config.limits.headers = Duration::from_millis(300);
        config.limits.body_pause = Duration::from_millis(300);
        config.limits.header_bytes = 16 << 10;
    })
    .await;
    let large = format!(
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n",
        "a".repeat(64 << 10)
    );
    let answer = say(&house, &[large.as_bytes()]).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many = "X-A: b\r\n".repeat(200);
    let answer = say(
        &house,
        &[b"GET /healthz HTTP/1.1\r\nHost: x\r\n", many.as_bytes(), b"\r\n"],
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let began = Instant::now();
    let answer = say(&house, &[b"GET /healthz HTTP/1.1\r\nHost:"]).await;
    assert!(
        !answer.contains("200 OK") && began.elapsed() < Duration::from_secs(10),
        "{answer}"
    );
    let head = format!(
        "POST /api/v2/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\nContent-Length: 100\r\n\r\n{{",
        house.token
    );
    let answer = say(&house, &[head.as_bytes()]).await;
    assert!(
        answer.starts_with("HTTP/1.1 400"),
        "a body that stops in its middle: {answer}"
    );
    house.get("/api/v2/jobs").await;
}

#[tokio::test]
async fn bodies_are_limited() {
    let house = House::new().await;
    let body = json!({"label": "a".repeat(11 << 20)});
    let (status, refused) = house
        .by(&house.token, Method::POST, "/api/v2/tokens", Some(&body))
        .await;
    assert_eq!((status, &refused["code"]), (413, &json!("PAYLOAD_TOO_LARGE")));
}

#[tokio::test]
async fn served_files_do_nothing_in_a_browser() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    house
        .render(&house.claim().await.unwrap(), "<script>alert(1)</script>")
        .await;
    let job = house.get(&format!("/api/v2/jobs/{id}")).await;
    let output = house.http.get(job["outputUrl"].as_str().unwrap()).send().await.unwrap();
    let header = |name: &str| output.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-type"), "video/mp4");
    assert_eq!(header("content-disposition"), format!("inline; filename=\"{id}.mp4\""));
    assert!(header("content-security-policy").contains("sandbox"));
    let template = house.get("/api/v2/templates").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = house.get(&format!("/api/v2/templates/{template}/download")).await;
    let file = house.http.get(url["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(file.headers()["content-disposition"], "attachment");
    assert!(
        file.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let house = House::new().await;
    let mut ids = Vec::new();
    for path in ["/healthz", "/api/v2/jobs", "/nowhere"] {
        let response = house.call(Method::GET, path, "wrong", None).await;
        ids.push(response.headers()["x-request-id"].to_str().unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
}
