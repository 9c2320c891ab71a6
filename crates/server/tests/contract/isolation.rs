//! Another team's ids answer as ids that nobody has, on every route that takes one of ours.

use filmpress_queue::Scope;
use reqwest::Method;
use serde_json::{Value, json};

use crate::house::House;

/// An id that nobody has.
const NOBODY: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

#[tokio::test]
async fn ids_of_another_team_are_unknown_ids() {
    let house = House::new().await;
    let (_, user) = house.post("/api/v2/users", &json!({"name": "ada"})).await;
    let (_, token) = house.post("/api/v2/tokens", &json!({"label": "x"})).await;
    let (_, delivery) = house
        .post("/api/v2/webhooks/test", &json!({"url": "http://127.0.0.1:9/"}))
        .await;
    let job = house.job(json!({})).await;
    let rival = house.token_of("rival", Scope::Admin).await;
    let id = |made: &Value| made["id"].as_str().unwrap().to_owned();
    let routes = [
        (Method::DELETE, "/api/v2/users/ID", id(&user)),
        (Method::DELETE, "/api/v2/tokens/ID", id(&token)),
        (Method::POST, "/api/v2/webhooks/deliveries/ID/redeliver", id(&delivery)),
        (Method::GET, "/api/v2/jobs/ID/events", job.clone()),
        (Method::GET, "/api/v2/jobs/ID", job.clone()),
        (Method::GET, "/api/v2/jobs/ID/logs", job.clone()),
    ];
    for (method, route, id) in routes {
        let by = async |id: &str| house.by(&rival, method.clone(), &route.replace("ID", id), None).await;
        let ((status, theirs), (unknown, nobodys)) = (by(&id).await, by(NOBODY).await);
        assert_eq!((status, unknown), (404, 404), "{method} {route}: {theirs}");
        let told = |body: &Value, id: &str| (body["code"].clone(), body["error"].as_str().unwrap().replace(id, "ID"));
        assert_eq!(told(&theirs, &id), told(&nobodys, NOBODY), "{method} {route}");
    }
    for path in [
        "/api/v2/users",
        "/api/v2/webhooks/deliveries",
        "/api/v2/jobs",
        "/api/v2/audit",
    ] {
        assert_eq!(
            house.by(&rival, Method::GET, path, None).await,
            (200, json!([])),
            "{path}"
        );
    }
    let deliveries = format!("/api/v2/webhooks/deliveries?job={job}");
    assert_eq!(house.by(&rival, Method::GET, &deliveries, None).await.1, json!([]));
    let (_, usage) = house.by(&rival, Method::GET, "/api/v2/usage", None).await;
    assert_eq!(usage["days"], json!([]));
    let (_, team) = house.by(&rival, Method::GET, "/api/v2/team", None).await;
    assert_eq!(team["name"], "rival");
    let path = format!("/api/v2/tokens/{}", id(&token));
    assert_eq!(
        house.by(&house.token, Method::DELETE, &path, None).await.0,
        204,
        "it was there all the time"
    );
}

#[tokio::test]
async fn usage_counts_what_was_drawn() {
    let house = House::new().await;
    house.job(json!({})).await;
    let claim = house.claim().await.unwrap();
    let beat = json!({"attempt": 1, "phase": "render", "progress": 99.0, "frame": 30, "frames": 30});
    house.worker(&format!("/jobs/{}/heartbeat", claim.job_id), &beat).await;
    house.render(&claim, "film").await;
    let usage = house.get("/api/v2/usage").await;
    assert_eq!(
        (&usage["total"]["finished"], &usage["total"]["frames"]),
        (&json!(1), &json!(30)),
        "{usage}"
    );
    assert_eq!(
        (&usage["days"][0]["finished"], &usage["total"]["renderSeconds"]),
        (&json!(1), &json!(1.25))
    );
    assert_eq!(
        house
            .by(&house.token, Method::GET, "/api/v2/usage?from=2020-01-01", None)
            .await
            .0,
        400
    );
    let before = house.get("/api/v2/usage?from=2020-01-01&to=2020-02-01").await;
    assert_eq!(before["days"], json!([]));
}
