//! Templates whose file the server fetches itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::house::House;
use crate::restart::kill_and_start;

/// A server with templates; its address.
async fn source() -> String {
    let asked = Arc::new(AtomicUsize::new(0));
    let busy = async |State(asked): State<Arc<AtomicUsize>>| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        _ => "PROJECT Busy".into_response(),
    };
    let to = |place: &'static str| get(move || async move { (StatusCode::FOUND, [(header::LOCATION, place)]) });
    let router = Router::new()
        .route(
            "/card.aep",
            get(|| async { ([(header::CONTENT_TYPE, "text/html")], "PROJECT Main") }),
        )
        .route("/hop", to("/hop2?x=1"))
        .route("/hop2", to("card.aep"))
        .route("/inside", to("http://169.254.169.254/latest/meta-data"))
        .route("/file", to("file:///etc/passwd"))
        .route("/round", to("/round"))
        .route("/empty", get(|| async { "" }))
        .route("/page", get(|| async { "<html>" }))
        .route("/private", get(|| async { StatusCode::FORBIDDEN }))
        .route("/busy", get(busy))
        .with_state(asked);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// A server that says these bytes to everybody, and no more.
async fn saying(bytes: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(bytes.as_bytes()).await;
        }
    });
    format!("http://{address}/x.aep?signature=hush")
}

async fn make(house: &House, src: &str) -> Value {
    let body = json!({"type": "aep", "displayName": "Card", "src": src});
    let (status, made) = house.post("/api/v2/templates", &body).await;
    assert_eq!(status, 201, "{made}");
    made
}

async fn made_of(house: &House, src: &str) -> Value {
    let made = make(house, src).await;
    let path = format!("/api/v2/templates/{}", made["id"].as_str().unwrap());
    house
        .until(&path, |template| {
            template["status"] == "uploaded" || template["status"] == "error"
        })
        .await
}

#[tokio::test]
async fn a_template_is_fetched_and_read() {
    let (house, source) = (House::new().await, source().await);
    let made = make(&house, &format!("{source}/card.aep")).await;
    assert_eq!(made["status"], "downloading");
    assert!(
        made.get("uploadInfo").is_none() && made["uploadUrl"].is_null(),
        "{made}"
    );
    assert_eq!(made["template"]["id"], made["id"]);
    let path = format!("/api/v2/templates/{}", made["id"].as_str().unwrap());
    let read = house.until(&path, |template| template["status"] == "uploaded").await;
    assert_eq!(read["compositions"], json!(["Main"]));
    let url = house.get(&format!("{path}/download")).await["url"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        house.http.get(url).send().await.unwrap().text().await.unwrap(),
        "PROJECT Main"
    );
}

#[tokio::test]
async fn redirects_are_followed_and_busy_servers_asked_again() {
    let (house, source) = (House::new().await, source().await);
    for (path, composition) in [("hop", "Main"), ("busy", "Busy")] {
        let read = made_of(&house, &format!("{source}/{path}")).await;
        assert_eq!(
            (&read["status"], &read["compositions"]),
            (&json!("uploaded"), &json!([composition])),
            "{read}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_fetched_says_why() {
    let (house, source) = (House::new().await, source().await);
    let huge = saying("HTTP/1.1 200 OK\r\nContent-Length: 3000000000\r\n\r\nPROJECT").await;
    let half = saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nPROJECT").await;
    let cases = [
        (format!("{source}/nothing"), "answered 404"),
        (format!("{source}/private"), "answered 403"),
        (format!("{source}/empty"), "is empty"),
        (format!("{source}/page"), "this is no aep"),
        (format!("{source}/inside"), "169.254.169.254 is not a public address"),
        (format!("{source}/file"), "a `file:` URL"),
        (format!("{source}/round"), "more than 5 times"),
        (
            "http://10.0.0.1/card.aep".to_owned(),
            "10.0.0.1 is not a public address",
        ),
        (
            "http://[::ffff:10.0.0.1]/card.aep".to_owned(),
            "is not a public address",
        ),
        (huge, "larger than 2 GiB"),
        (half, "broke off"),
    ];
    for (src, text) in cases {
        let read = made_of(&house, &src).await;
        assert_eq!(read["status"], "error", "{src}: {read}");
        let error = read["error"].as_str().unwrap();
        assert!(error.contains(text), "{src}: {error}");
        assert!(!error.contains("hush"), "a URL may have a signature in it: {error}");
        let job = json!({"template": {"id": read["id"], "composition": "Main"}});
        let (status, refused) = house.post("/api/v2/jobs", &job).await;
        assert_eq!(status, 400, "{refused}");
    }
}

#[tokio::test]
async fn a_failed_template_is_mended_by_an_upload() {
    let (house, source) = (House::new().await, source().await);
    let failed = made_of(&house, &format!("{source}/private")).await;
    let path = format!("/api/v2/templates/{}", failed["id"].as_str().unwrap());
    let info = house
        .call(reqwest::Method::PUT, &format!("{path}/upload"), &house.token, None)
        .await;
    let info: Value = info.json().await.unwrap();
    assert_eq!(
        house
            .put(info["url"].as_str().unwrap(), "PROJECT Mended")
            .await
            .status(),
        200
    );
    let read = house.until(&path, |template| template["status"] == "uploaded").await;
    assert_eq!(
        (&read["error"], &read["compositions"]),
        (&json!(null), &json!(["Mended"]))
    );
}

#[tokio::test]
async fn a_download_broken_off_by_a_crash_is_taken_up_again() {
    let asked = Arc::new(AtomicUsize::new(0));
    let slow = async |State(asked): State<Arc<AtomicUsize>>| {
        if asked.fetch_add(1, Ordering::SeqCst) == 0 {
            std::future::pending::<()>().await;
        }
        "PROJECT Late"
    };
    let router = Router::new().route("/slow", get(slow)).with_state(asked.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let short = |config: &mut filmpress_server::Config| config.policy.reading_lease = Duration::from_millis(50);
    let house = House::with(short).await;
    let made = make(&house, &format!("http://{address}/slow")).await;
    let path = format!("/api/v2/templates/{}", made["id"].as_str().unwrap());
    while asked.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.get(&path).await["status"], "downloading");
    let house = kill_and_start(house).await;
    let read = house.until(&path, |template| template["status"] == "uploaded").await;
    assert_eq!(read["compositions"], json!(["Late"]));
}

#[tokio::test]
async fn only_web_addresses_are_taken() {
    let house = House::new().await;
    for src in [
        "file:///etc/passwd",
        "card.aep",
        "ftp://h/a.aep",
        "http://",
        "data:,x",
        "${secrets.URL}",
    ] {
        let body = json!({"type": "aep", "displayName": "Card", "src": src});
        let (status, refused) = house.post("/api/v2/templates", &body).await;
        assert_eq!(
            (status.as_u16(), &refused["details"][0]["field"]),
            (400, &json!("src")),
            "{src}: {refused}"
        );
    }
    let (status, _) = house
        .post(
            "/api/v2/templates",
            &json!({"type": "aep", "displayName": "A", "src": 7}),
        )
        .await;
    assert_eq!(status, 400);
    let (_, made) = house
        .post(
            "/api/v2/templates",
            &json!({"type": "aep", "displayName": "A", "src": ""}),
        )
        .await;
    assert_eq!(made["status"], "awaiting_upload", "forms send an empty field");
}
