//! Jobs and batches of one team are not there for another: every route answers as for an id that nobody has.

use filmpress_queue::NewToken;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{NOBODY, nested};
use crate::house::House;

async fn rival(house: &House) -> String {
    let made = house
        .running
        .queue()
        .create_token(&NewToken::team("rival"))
        .await
        .unwrap();
    made.1.reveal().to_owned()
}

#[tokio::test]
async fn another_teams_jobs_and_batches_are_not_there() {
    let house = House::new().await;
    let rival = rival(&house).await;
    let body = house.body(&json!({})).await;
    let job = house.accepted("/api/v2/jobs", &body).await["id"].clone();
    let batch = house.accepted("/api/v2/batches", &json!({"jobs": [body]})).await["batchId"].clone();
    let done = house.accepted("/api/v2/jobs", &body).await["id"].clone();
    for _ in 0..3 {
        let claim = house.claim().await.unwrap();
        if json!(claim.job_id) == done {
            house.render(&claim, "film").await;
        }
    }
    let calls = |job: &str, batch: &str, done: &str| {
        [
            (Method::GET, format!("/api/v2/jobs/{job}")),
            (Method::GET, format!("/api/v2/jobs/{done}/logs")),
            (Method::GET, format!("/api/v2/jobs/{done}/attempts")),
            (Method::PATCH, format!("/api/v2/jobs/{job}/cancel?running=true")),
            (Method::POST, format!("/api/v2/jobs/{done}/retry")),
            (Method::GET, format!("/api/v2/batches/{batch}")),
            (Method::POST, format!("/api/v2/batches/{batch}/cancel?running=true")),
        ]
    };
    let text = |id: &Value| id.as_str().unwrap().to_owned();
    let theirs = calls(&text(&job), &text(&batch), &text(&done));
    for ((method, path), (_, nobodys)) in theirs.iter().zip(calls(NOBODY, NOBODY, NOBODY)) {
        let mut answers = Vec::new();
        for path in [path, &nobodys] {
            let refused = house.call(method.clone(), path, &rival, None).await;
            assert_eq!(refused.status(), 404, "{method} {path}");
            let mut body: Value = refused.json().await.unwrap();
            body.as_object_mut().unwrap().remove("requestId");
            let mut text = body.to_string();
            for id in [&job, &batch, &done] {
                text = text.replace(id.as_str().unwrap(), NOBODY);
            }
            answers.push(text);
        }
        assert_eq!(answers[0], answers[1], "{path} is told from an id that nobody has");
    }
    let many = json!({"jobs": [job]});
    let refused = house
        .call(Method::POST, "/api/v2/jobs/cancel", &rival, Some(&many))
        .await;
    assert_eq!(refused.status(), 404);
    let list: Value = house
        .call(Method::GET, "/api/v2/jobs", &rival, None)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(list, json!([]));
    assert_eq!(house.status(&job).await, "render:dorender", "nothing of it was done");
}

#[tokio::test]
async fn another_teams_templates_and_keys_are_of_no_use() {
    let house = House::new().await;
    let rival = rival(&house).await;
    let body = house.body(&json!({})).await;
    let template = &body["template"]["id"];
    let post = async |path: &str, body: &Value| {
        let request = house
            .http
            .post(house.url(path))
            .bearer_auth(&rival)
            .header("idempotency-key", "K");
        let response = request.json(body).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let clip = json!({"type": "job", "template": {"id": template, "composition": "Main"}});
    let parent =
        json!({"template": {"id": NOBODY, "src": "https://h.example/a.aep"}, "assets": [nested(template, &json!({}))]});
    for (path, body) in [
        ("/api/v2/jobs", &body),
        ("/api/v2/jobs", &parent),
        ("/api/v2/jobs/join", &json!({"assets": [clip]})),
    ] {
        let (status, refused) = post(path, body).await;
        assert_eq!(
            (status, &refused["code"]),
            (404, &json!("TEMPLATE_NOT_FOUND")),
            "{path}: {body}"
        );
    }
    let (status, refused) = post("/api/v2/batches", &json!({"jobs": [body]})).await;
    assert_eq!(
        (status, &refused["errors"][0]["errorCode"]),
        (400, &json!("TEMPLATE_NOT_FOUND"))
    );
    let (_, told) = post("/api/v2/jobs/validate", &body).await;
    assert_eq!(
        (&told["valid"], &told["problems"][0]["field"]),
        (&json!(false), &json!("template.id"))
    );

    // The same key of two teams is two keys.
    let own = json!({"template": {"id": "X", "src": "https://h.example/a.aep"}});
    let (status, theirs) = post("/api/v2/jobs", &own).await;
    let ours = house
        .http
        .post(house.url("/api/v2/jobs"))
        .bearer_auth(&house.token)
        .header("idempotency-key", "K");
    let ours: Value = ours.json(&own).send().await.unwrap().json().await.unwrap();
    assert_eq!(status, 201);
    assert!(ours["id"].is_string() && ours["id"] != theirs["id"]);
}
