//! Who and what is refused, and in which words.

use reqwest::Method;
use serde_json::{Value, json};

use crate::house::House;

#[tokio::test]
async fn without_the_right_token_nothing_opens() {
    let house = House::new().await;
    let worker = house.running.local_worker_token().reveal();
    for path in [
        "/api/v2/templates",
        "/api/v2/jobs",
        "/api/v2/jobs/X",
        "/api/v2/jobs/X/logs",
        "/api/v2/templates/X",
    ] {
        for token in ["wrong", worker] {
            let refused = house.call(Method::GET, path, token, None).await;
            assert_eq!(
                (refused.status().as_u16(), &refused.headers()["www-authenticate"]),
                (401, &"Bearer".parse().unwrap())
            );
            let id = refused.headers()["x-request-id"].to_str().unwrap().to_owned();
            let body: Value = refused.json().await.unwrap();
            assert_eq!(
                (&body["code"], &body["requestId"]),
                (&json!("UNAUTHORIZED"), &json!(id))
            );
            assert!(body["error"].is_string());
        }
        assert_eq!(house.http.get(house.url(path)).send().await.unwrap().status(), 401);
    }
    let claim = json!({"worker": "1"});
    for token in ["wrong", &house.token] {
        assert_eq!(
            house
                .call(Method::POST, "/api/worker/claim", token, Some(&claim))
                .await
                .status(),
            401
        );
    }
}

#[tokio::test]
async fn another_teams_things_are_not_there() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    let template = house.get("/api/v2/templates").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let rival = house
        .running
        .queue()
        .create_token(&filmpress_queue::NewToken::team("rival"))
        .await
        .unwrap()
        .1;
    let rival = rival.reveal();
    let paths = [
        (Method::GET, format!("/api/v2/jobs/{id}")),
        (Method::GET, format!("/api/v2/jobs/{id}/logs")),
        (Method::GET, format!("/api/v2/templates/{template}")),
        (Method::PUT, format!("/api/v2/templates/{template}/upload")),
        (Method::GET, format!("/api/v2/templates/{template}/download")),
    ];
    for (method, path) in paths {
        assert_eq!(house.call(method, &path, rival, None).await.status(), 404, "{path}");
    }
    for path in ["/api/v2/jobs", "/api/v2/templates"] {
        let list: Value = house.call(Method::GET, path, rival, None).await.json().await.unwrap();
        assert_eq!(list, json!([]));
    }
    let body = json!({"template": {"id": template}});
    let refused = house.call(Method::POST, "/api/v2/jobs", rival, Some(&body)).await;
    assert_eq!(refused.status(), 404);
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "TEMPLATE_NOT_FOUND");
}

#[tokio::test]
async fn a_bad_job_is_told_all_that_is_wrong() {
    let house = House::new().await;
    let id = house.template().await;
    let body = json!({"template": {"id": id}, "settings": {"codec": "image_jpg", "size": 4}, "fonts": [7],
        "assets": [{"type": "audio", "layerName": "Clip", "src": "https://h/c.mp3"}],
        "upload": {"params": {"bucket": "films", "region": "auto", "accessKeyId": "id"}}});
    let (status, refused) = house.post("/api/v2/jobs", &body).await;
    assert_eq!(status, 400);
    let fields: Vec<_> = refused["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "fonts[0]",
            "assets[0].type",
            "settings.size",
            "settings.codec",
            "upload.params.accessKeySecret"
        ]
    );
    assert_eq!(
        house.get("/api/v2/jobs").await,
        json!([]),
        "what is refused is not kept"
    );
    let unknown = json!({"template": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}});
    let (status, refused) = house.post("/api/v2/jobs", &unknown).await;
    assert_eq!((status.as_u16(), &refused["code"]), (404, &json!("TEMPLATE_NOT_FOUND")));
    assert_eq!(refused["error"], "template `01ARZ3NDEKTSV4RRFFQ69G5FAV` not found");
}

#[tokio::test]
async fn errors_of_the_framework_speak_like_ours() {
    let house = House::new().await;
    let cases = [
        (Method::GET, "/nothing/here", None, 404),
        (Method::DELETE, "/api/v2/jobs", None, 405),
        (Method::POST, "/api/v2/jobs", Some("{\"template\": "), 400),
        (Method::PUT, "/uploads/outputs/J/first", Some("x"), 400),
    ];
    for (method, path, body, status) in cases {
        let request = house.http.request(method, house.url(path)).bearer_auth(&house.token);
        let response = request.body(body.unwrap_or_default()).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["requestId"], json!(id), "{path}");
        assert!(body["error"].is_string() && body["code"].is_string(), "{path}: {body}");
    }
    let long = format!("{{\"template\": \"{}\"}}", "x".repeat(11 << 20));
    let refused = house
        .http
        .post(house.url("/api/v2/jobs"))
        .bearer_auth(&house.token)
        .body(long)
        .send()
        .await;
    // The server may close the connection before all of it is sent.
    if let Ok(refused) = refused {
        assert_eq!(refused.status(), 413);
    }
}

#[tokio::test]
async fn browsers_of_any_origin_may_ask() {
    let house = House::new().await;
    let asked = house
        .http
        .request(Method::OPTIONS, house.url("/api/v2/jobs"))
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type")
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), 200);
    assert_eq!(asked.headers()["access-control-allow-origin"], "*");
    assert!(!asked.headers().contains_key("access-control-allow-credentials"));
}

#[tokio::test]
async fn the_description_names_every_operation() {
    let house = House::new().await;
    let api: Value = house
        .http
        .get(house.url("/api/openapi.json"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let operations: Vec<_> = api["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    // Clients find the calls by the vendor's names; `tests/openapi.json` has all there are.
    for name in [
        "cancel-batch",
        "cancel-job",
        "cancel-jobs",
        "create-batch",
        "create-job",
        "create-join-job",
        "create-or-update-secret",
        "create-or-update-template",
        "delete-font",
        "delete-secret",
        "delete-template",
        "get-batch-status",
        "get-font",
        "get-job",
        "get-job-logs",
        "get-template",
        "get-template-download-url",
        "get-template-upload-url",
        "list-fonts",
        "list-jobs",
        "list-secrets",
        "list-template-layers-v3",
        "list-templates",
        "list-templates-v3",
        "update-template",
        "upload-font",
    ] {
        assert!(operations.contains(&name), "{name} is not among {operations:?}");
    }
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(api["paths"].get("/api/v2/jobs").is_some(), "{}", api["paths"]);
    let health = house.http.get(house.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), 200);
}
