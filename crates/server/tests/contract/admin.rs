//! Operators: teams and their limits, workers, the log of all.

use filmpress_queue::Scope;
use reqwest::Method;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn teams_are_made_and_limited() {
    let house = House::new().await;
    let operator = house.operator().await;
    let call = async |method: Method, path: &str, body| house.by(&operator, method, path, body).await;
    let body = json!({"name": "press", "limits": {"maxQueued": 1}});
    let (status, team) = call(Method::POST, "/api/admin/teams", Some(&body)).await;
    assert_eq!((status, &team["limits"]["maxQueued"]), (201, &json!(1)), "{team}");
    assert_eq!(call(Method::POST, "/api/admin/teams", Some(&body)).await.0, 409);
    let wrong = json!({"name": "", "limits": {"maxJobs": 1}, "owner": "ada"});
    let (status, refused) = call(Method::POST, "/api/admin/teams", Some(&wrong)).await;
    assert_eq!(
        (status, refused["details"].as_array().map(Vec::len)),
        (400, Some(3)),
        "{refused}"
    );
    let (_, teams) = call(Method::GET, "/api/admin/teams", None).await;
    let names: Vec<_> = teams
        .as_array()
        .unwrap()
        .iter()
        .map(|team| team["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"press") && names.contains(&"studio"), "{names:?}");

    let path = format!("/api/admin/teams/{}", team["id"].as_str().unwrap());
    let (status, made) = call(Method::POST, &format!("{path}/tokens"), None).await;
    assert_eq!(status, 201);
    let token = made["token"].as_str().unwrap();
    let job = json!({"template": {"id": "x", "src": "https://example.org/a.aep", "composition": "Main"}});
    assert_eq!(house.by(token, Method::POST, "/api/v2/jobs", Some(&job)).await.0, 201);
    let response = house.call(Method::POST, "/api/v2/jobs", token, Some(&job)).await;
    assert_eq!(response.status(), 429);
    assert!(response.headers().contains_key("retry-after"));
    let limits = json!({"maxRunning": 2});
    let (status, team) = call(Method::PUT, &format!("{path}/limits"), Some(&limits)).await;
    let expected = json!({"maxRunning": 2, "maxQueued": null, "requestsPerMinute": null});
    assert_eq!((status, &team["limits"]), (200, &expected));
    assert_eq!(house.by(token, Method::POST, "/api/v2/jobs", Some(&job)).await.0, 201);
    assert_eq!(
        house.by(token, Method::GET, "/api/v2/team", None).await.1["limits"],
        expected
    );
    assert_eq!(
        call(Method::PUT, &format!("{path}/limits"), Some(&json!({"maxRunning": -1})))
            .await
            .0,
        400
    );
    assert_eq!(call(Method::GET, "/api/admin/teams/nobody", None).await.0, 404);

    let (_, log) = call(Method::GET, "/api/admin/audit", None).await;
    let actions: Vec<_> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["team.limits", "token.create", "team.create"]);
    assert!(log[0]["actor"].as_str().unwrap().starts_with("operator:"));
}

#[tokio::test]
async fn workers_are_listed_and_released() {
    let house = House::new().await;
    let operator = house.operator().await;
    house.job(json!({})).await;
    house.claim().await.unwrap();
    let (status, workers) = house.by(&operator, Method::GET, "/api/admin/workers", None).await;
    assert_eq!(
        (status, &workers[0]["name"], &workers[0]["running"]),
        (200, &json!("local:1"), &json!(1)),
        "{workers}"
    );
    let release = async |name: &str| {
        let path = format!("/api/admin/workers/{name}/release");
        house.by(&operator, Method::POST, &path, None).await.0
    };
    assert_eq!(release("local:1").await, 204);
    assert_eq!(release("nobody").await, 404);
}

#[tokio::test]
async fn a_teams_own_limit_of_requests_counts() {
    let house = House::new().await;
    let operator = house.operator().await;
    let token = house.token_of("busy", Scope::Read).await;
    let (_, teams) = house.by(&operator, Method::GET, "/api/admin/teams/busy", None).await;
    let path = format!("/api/admin/teams/{}/limits", teams["id"].as_str().unwrap());
    let limits = json!({"requestsPerMinute": 2});
    assert_eq!(house.by(&operator, Method::PUT, &path, Some(&limits)).await.0, 200);
    let get = async || house.by(&token, Method::GET, "/api/v2/jobs", None).await.0;
    assert_eq!((get().await, get().await, get().await), (200, 200, 429));
    assert_eq!(house.get("/api/v2/jobs").await, json!([]), "other teams go on");
}
