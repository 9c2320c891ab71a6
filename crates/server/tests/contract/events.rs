//! Server-sent events: of one job until it ends, of a team for as long as somebody listens.

use std::time::Duration;

use filmpress_queue::Scope;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::house::House;

/// Reads a stream event by event.
struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn open(house: &House, path: &str, last: Option<&str>) -> Self {
        let mut request = house.http.get(house.url(path)).bearer_auth(&house.token);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next event's id and data; `None` at the end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let lines = event.lines().filter_map(|line| line.strip_prefix(name));
                    lines
                        .map(|value| value.trim_start_matches([':', ' ']).to_owned())
                        .next()
                };
                let found = field("data").map(|data| {
                    assert_eq!(field("event").as_deref(), Some("job"));
                    (field("id").unwrap(), serde_json::from_str(&data).unwrap())
                });
                let rest = rest.to_owned();
                self.text = rest;
                if found.is_some() {
                    return found;
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk())
                .await
                .unwrap();
            let chunk = chunk.unwrap()?;
            self.text += std::str::from_utf8(&chunk).unwrap();
        }
    }

    async fn until(&mut self, so: impl Fn(&Value) -> bool) -> (String, Value) {
        loop {
            let event = self.next().await.unwrap();
            if so(&event.1) {
                return event;
            }
        }
    }
}

#[tokio::test]
async fn a_job_is_told_from_the_queue_to_the_end() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    let path = format!("/api/v2/jobs/{id}/events");
    let mut stream = Stream::open(&house, &path, None).await;
    let (_, first) = stream.next().await.unwrap();
    assert_eq!((&first["id"], &first["status"]), (&json!(id), &json!("queued")));
    let claim = house.claim().await.unwrap();
    let beat = json!({"attempt": 1, "phase": "render", "progress": 40.0, "frame": 12, "frames": 30});
    house.worker(&format!("/jobs/{id}/heartbeat"), &beat).await;
    let (_, beaten) = stream.until(|event| event["frame"] == 12).await;
    let seen = [
        &beaten["status"],
        &beaten["phase"],
        &beaten["progress"],
        &beaten["frames"],
    ];
    assert_eq!(
        seen,
        [&json!("render:dorender"), &json!("render"), &json!(40.0), &json!(30)]
    );
    house.render(&claim, "film").await;
    let (last, end) = stream.until(|event| event["status"] == "finished").await;
    assert_eq!(end["progress"], 100.0);
    assert!(end["outputUrl"].as_str().unwrap().contains(&id));
    assert!(stream.next().await.is_none(), "the stream ends with the job");
    // Who comes back is told the end and sent away, also if the end is what they saw last.
    let mut again = Stream::open(&house, &path, Some(&last)).await;
    assert_eq!(again.next().await.unwrap().1["status"], "finished");
    assert!(again.next().await.is_none());
}

#[tokio::test]
async fn who_has_seen_the_last_change_waits_for_the_next() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    let path = format!("/api/v2/jobs/{id}/events");
    let (last, _) = Stream::open(&house, &path, None).await.next().await.unwrap();
    let mut stream = Stream::open(&house, &path, Some(&last)).await;
    house.claim().await.unwrap();
    let (_, next) = stream.next().await.unwrap();
    assert_eq!(next["status"], "render:dorender", "the queued state was seen before");
}

#[tokio::test]
async fn a_team_is_told_of_its_own_jobs_alone_and_can_take_up_where_it_left() {
    let house = House::new().await;
    let mut stream = Stream::open(&house, "/api/v2/events", None).await;
    let rival = house.token_of("rival", Scope::Admin).await;
    let body = json!({"template": {"id": "x", "src": "https://example.org/a.aep", "composition": "Main"}});
    assert_eq!(house.by(&rival, Method::POST, "/api/v2/jobs", Some(&body)).await.0, 201);
    let (_, first) = house.post("/api/v2/jobs", &body).await;
    let (last, event) = stream.next().await.unwrap();
    assert_eq!(event["id"], first["id"]);
    drop(stream);
    let (_, second) = house.post("/api/v2/jobs", &body).await;
    let mut stream = Stream::open(&house, "/api/v2/events", Some(&last)).await;
    let (_, event) = stream.until(|event| event["id"] != first["id"]).await;
    assert_eq!(event["id"], second["id"]);
}

#[tokio::test]
async fn streams_are_for_the_team_and_not_too_many() {
    let house = House::with(|config| config.limits.team_streams = 1).await;
    let id = house.job(json!({})).await;
    let path = format!("/api/v2/jobs/{id}/events");
    let rival = house.token_of("rival", Scope::Admin).await;
    assert_eq!(house.by(&rival, Method::GET, &path, None).await.0, 404);
    assert_eq!(
        house
            .by(&house.token, Method::GET, "/api/v2/jobs/X/events", None)
            .await
            .0,
        404
    );
    let stream = Stream::open(&house, "/api/v2/events", None).await;
    let (status, refused) = house.by(&house.token, Method::GET, &path, None).await;
    assert_eq!((status, &refused["code"]), (429, &json!("TOO_MANY_STREAMS")));
    drop(stream);
    // The place is free again as soon as the server notices.
    let mut status = 429;
    for _ in 0..1000 {
        status = house
            .call(Method::GET, &path, &house.token, None)
            .await
            .status()
            .as_u16();
        if status == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(status, 200);
}

#[tokio::test]
async fn open_streams_do_not_keep_a_server_from_ending() {
    let house = House::new().await;
    let mut stream = Stream::open(&house, "/api/v2/events", None).await;
    let House { running, folder, .. } = house;
    tokio::time::timeout(Duration::from_secs(5), running.shutdown())
        .await
        .unwrap();
    assert!(stream.next().await.is_none());
    drop(folder);
}
