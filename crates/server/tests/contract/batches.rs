//! Batches: many jobs in one request, each accepted or refused by itself.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{NOBODY, fields, nested};
use crate::house::House;

#[tokio::test]
async fn a_batch_is_made_and_followed_to_its_end() {
    let house = House::new().await;
    let body = house.body(&json!({})).await;
    let inner = json!(house.template().await);
    let family = house.body(&json!({"assets": [nested(&inner, &json!({}))]})).await;
    let batch = house
        .accepted("/api/v2/batches", &json!({"jobs": [body, family]}))
        .await;
    assert_eq!(
        (&batch["status"], &batch["totalJobs"], &batch["successCount"]),
        (&json!("created"), &json!(2), &json!(2))
    );
    assert!(batch.get("errors").is_none());
    let jobs = batch["jobs"].as_array().unwrap();
    assert_eq!((&jobs[0]["index"], &jobs[0]["status"]), (&json!(0), &json!("queued")));
    assert_eq!(
        (&jobs[1]["status"], jobs[1]["children"].as_array().unwrap().len()),
        (&json!("pending"), 1)
    );

    let path = format!("/api/v2/batches/{}", batch["batchId"].as_str().unwrap());
    let state = house.get(&path).await;
    assert_eq!(
        (&state["batchId"], &state["status"], &state["stats"]),
        (
            &batch["batchId"],
            &json!("processing"),
            &json!({"total": 2, "finished": 0, "error": 0, "pending": 2})
        )
    );
    assert_eq!(
        state["jobs"].as_array().unwrap().len(),
        2,
        "children are not jobs of the batch"
    );
    assert!(state["jobs"][0].get("stats").is_none(), "only once it has ended");
    for _ in 0..3 {
        house.render(&house.claim().await.unwrap(), "film").await;
    }
    let state = house.get(&path).await;
    assert_eq!(
        (&state["status"], &state["stats"]["finished"]),
        (&json!("finished"), &json!(2))
    );
    assert!(state["jobs"][1]["stats"]["finishedAt"].is_string());
}

#[tokio::test]
async fn what_is_wrong_with_one_does_not_stop_the_others() {
    let house = House::new().await;
    let good = house.body(&json!({})).await;
    let strict = json!([{"type": "text", "layerName": "Nobody", "value": "v"}]);
    let strict = house.body(&json!({"strict": true, "assets": strict})).await;
    let unknown = json!({"template": {"id": NOBODY}});
    let body = json!({"jobs": [{"priority": "x"}, good, unknown, strict, 7]});
    let batch = house.accepted("/api/v2/batches", &body).await;
    assert_eq!(
        (&batch["status"], &batch["successCount"]),
        (&json!("partial"), &json!(1))
    );
    assert_eq!(batch["jobs"][0]["index"], 1);
    let errors: Vec<_> = batch["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["index"].as_u64().unwrap(), error["errorCode"].as_str().unwrap()))
        .collect();
    assert_eq!(
        errors,
        [
            (0, "VALIDATION_FAILED"),
            (2, "TEMPLATE_NOT_FOUND"),
            (3, "PREFLIGHT_FAILED"),
            (4, "VALIDATION_FAILED")
        ]
    );
    assert_eq!(batch["errors"][0]["details"].as_array().unwrap().len(), 2);

    let (status, none) = house.post("/api/v2/batches", &json!({"jobs": [{}, unknown]})).await;
    assert_eq!(
        (status.as_u16(), &none["status"], &none["successCount"]),
        (400, &json!("error"), &json!(0))
    );
    assert_eq!(
        (none["errors"].as_array().unwrap().len(), &none["jobs"]),
        (2, &json!([]))
    );
    let id = none["batchId"].as_str().unwrap();
    let path = format!("/api/v2/batches/{id}");
    assert_eq!(
        house.refused(Method::GET, &path, None).await,
        (404, "BATCH_NOT_FOUND".into())
    );
    for body in [json!({}), json!({"jobs": []}), json!({"jobs": 1}), json!([1])] {
        let (status, refused) = house.post("/api/v2/batches", &body).await;
        assert_eq!((status.as_u16(), fields(&refused)), (400, vec!["jobs"]), "{body}");
    }
}

#[tokio::test]
async fn a_form_and_a_table_make_jobs() {
    let house = House::new().await;
    let assets = json!([{"type": "text", "layerName": "Title", "value": "Hello {{name}}!"}]);
    let form = house
        .body(&json!({"assets": assets, "priority": "{{turn}}", "tags": ["{{tag}}"]}))
        .await;
    let rows = json!([{"name": "Ada", "turn": 1, "tag": "a"}, {"name": "Bo", "tag": "b"}, {"name": "Cy", "turn": 2, "tag": "c"}]);
    let batch = house
        .accepted("/api/v2/batches", &json!({"template": form, "rows": rows}))
        .await;
    assert_eq!(
        (&batch["status"], &batch["successCount"]),
        (&json!("partial"), &json!(2))
    );
    assert_eq!(
        (&batch["errors"][0]["index"], &batch["errors"][0]["details"][0]["field"]),
        (&json!(1), &json!("priority"))
    );
    let claim = house.claim().await.unwrap();
    assert_eq!(
        claim.payload.assets()[0]["value"],
        "Hello Cy!",
        "the larger number goes first"
    );

    let form = house.body(&json!({"assets": assets})).await;
    let csv = "name,age\n\"Ada, L\",36\nBo,7\n";
    let batch = house
        .accepted("/api/v2/batches", &json!({"template": form, "rows": csv}))
        .await;
    assert_eq!(batch["successCount"], 2);
    let (status, refused) = house
        .post("/api/v2/batches", &json!({"template": form, "rows": "a,b\n1\n"}))
        .await;
    assert_eq!((status.as_u16(), fields(&refused)), (400, vec!["rows"]));
}

#[tokio::test]
async fn a_batch_is_cancelled_as_far_as_it_goes() {
    let house = House::new().await;
    let body = house.body(&json!({})).await;
    let batch = house
        .accepted("/api/v2/batches", &json!({"jobs": [body, body, body]}))
        .await;
    let path = format!("/api/v2/batches/{}/cancel", batch["batchId"].as_str().unwrap());
    house.render(&house.claim().await.unwrap(), "film").await;
    house.claim().await.unwrap();
    let (status, answer) = house.ask(Method::POST, &path, None).await;
    assert_eq!(status, 200);
    assert_eq!(
        (
            &answer["status"],
            &answer["totalJobs"],
            &answer["cancelledCount"],
            &answer["skippedCount"]
        ),
        (&json!("partial"), &json!(3), &json!(1), &json!(2))
    );
    let results: Vec<_> = answer["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| {
            (
                job["result"].as_str().unwrap(),
                job["status"].as_str().unwrap(),
                job["reason"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        results,
        [
            ("skipped", "finished", true),
            ("skipped", "render:dorender", true),
            ("cancelled", "manually_cancelled", false)
        ]
    );
    assert_eq!(answer["cancelledJobs"].as_array().unwrap().len(), 1);
    let (_, answer) = house.ask(Method::POST, &path, None).await;
    assert_eq!(answer["status"], "unchanged");
    let (_, answer) = house.ask(Method::POST, &format!("{path}?running=true"), None).await;
    assert_eq!(
        (&answer["status"], &answer["cancelledCount"]),
        (&json!("partial"), &json!(1))
    );

    let all = house.accepted("/api/v2/batches", &json!({"jobs": [body]})).await;
    let path = format!("/api/v2/batches/{}/cancel", all["batchId"].as_str().unwrap());
    let (_, answer) = house.ask(Method::POST, &path, None).await;
    assert_eq!(answer["status"], "cancelled");
    let state = house.get(path.strip_suffix("/cancel").unwrap()).await;
    assert_eq!(
        (&state["status"], &state["stats"]["error"]),
        (&json!("error"), &json!(1))
    );
    for (id, status) in [("nonsense", 400), (NOBODY, 404)] {
        for (method, verb) in [(Method::GET, ""), (Method::POST, "/cancel")] {
            let path = format!("/api/v2/batches/{id}{verb}");
            assert_eq!(house.refused(method, &path, None).await.0, status, "{path}");
        }
    }
}

#[tokio::test]
async fn the_same_batch_twice_is_one_batch() {
    let house = House::new().await;
    let good = house.body(&json!({})).await;
    let send = async |body: &Value| {
        let request = house.http.post(house.url("/api/v2/batches")).bearer_auth(&house.token);
        let response = request.header("idempotency-key", "B").json(body).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let body = json!({"jobs": [{}, good, good]});
    let (first, again) = (send(&body).await, send(&body).await);
    assert_eq!(first.0, 201);
    assert_eq!(first, again);
    let other = send(&json!({"jobs": [good, good, good, good]})).await;
    assert_eq!((other.0, &other.1["code"]), (409, &json!("IDEMPOTENCY_CONFLICT")));
    assert_eq!(house.get("/api/v2/jobs").await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_same_batch_many_times_at_once_is_one_batch() {
    let house = House::new().await;
    let good = house.body(&json!({})).await;
    let body = json!({"jobs": [good, good, good]});
    let send = async || {
        let request = house.http.post(house.url("/api/v2/batches")).bearer_auth(&house.token);
        let response = request.header("idempotency-key", "B").json(&body).send().await.unwrap();
        assert_eq!(response.status(), 201);
        response.json::<Value>().await.unwrap()["batchId"].clone()
    };
    let ids = futures_util::future::join_all((0..8).map(|_| send())).await;
    for id in &ids {
        assert_eq!(id, &ids[0], "all are told of the batch that there is");
    }
    let path = format!("/api/v2/batches/{}", ids[0].as_str().unwrap());
    assert_eq!(house.get(&path).await["stats"]["total"], 3);
    assert_eq!(house.get("/api/v2/jobs").await.as_array().unwrap().len(), 3);
}
