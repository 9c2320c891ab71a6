//! Cancelling, trying again, and the record of attempts.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{NOBODY, fields, nested};
use crate::house::House;

fn cancel(id: &Value) -> String {
    format!("/api/v2/jobs/{}/cancel", id.as_str().unwrap())
}

#[tokio::test]
async fn what_waits_is_cancelled_at_once_and_what_runs_only_if_asked() {
    let house = House::new().await;
    let body = house.body(&json!({})).await;
    let waiting = house.accepted("/api/v2/jobs", &body).await;
    let (status, cancelled) = house.ask(Method::PATCH, &cancel(&waiting["id"]), None).await;
    assert_eq!(status, 200);
    assert_eq!(cancelled.as_array().unwrap().len(), 1);
    assert_eq!(
        (&cancelled[0]["id"], &cancelled[0]["status"]),
        (&waiting["id"], &json!("manually_cancelled"))
    );
    assert_eq!(
        house.refused(Method::PATCH, &cancel(&waiting["id"]), None).await,
        (409, "NOT_CANCELLABLE".into()),
        "twice"
    );

    let running = house.accepted("/api/v2/jobs", &body).await;
    let claim = house.claim().await.unwrap();
    let path = cancel(&running["id"]);
    let (status, refused) = house.ask(Method::PATCH, &path, None).await;
    assert_eq!((status.as_u16(), &refused["code"]), (409, &json!("NOT_CANCELLABLE")));
    assert!(refused["error"].as_str().unwrap().contains("a worker has it"));
    let (status, cancelled) = house.ask(Method::PATCH, &format!("{path}?running=true"), None).await;
    assert_eq!(
        (status.as_u16(), &cancelled[0]["status"]),
        (200, &json!("manually_cancelled"))
    );
    let beat = json!({"attempt": claim.attempt, "phase": "render", "progress": 50.0});
    let told = house.worker(&format!("/jobs/{}/heartbeat", claim.job_id), &beat).await;
    let stops = match told.status().as_u16() {
        200 => told.json::<Value>().await.unwrap()["cancel"] == true,
        other => other == 409,
    };
    assert!(stops, "the worker is told to stop");
}

#[tokio::test]
async fn bad_unknown_and_done_jobs_cannot_be_cancelled() {
    let house = House::new().await;
    assert_eq!(
        house.refused(Method::PATCH, "/api/v2/jobs/nonsense/cancel", None).await,
        (400, "VALIDATION_FAILED".into())
    );
    assert_eq!(
        house
            .refused(Method::PATCH, &format!("/api/v2/jobs/{NOBODY}/cancel"), None)
            .await,
        (404, "JOB_NOT_FOUND".into())
    );
    let body = house.body(&json!({})).await;
    let job = house.accepted("/api/v2/jobs", &body).await;
    let path = format!("{}?running=perhaps", cancel(&job["id"]));
    assert_eq!(house.refused(Method::PATCH, &path, None).await.0, 400);
    house.render(&house.claim().await.unwrap(), "film").await;
    let path = format!("{}?running=true", cancel(&job["id"]));
    assert_eq!(
        house.refused(Method::PATCH, &path, None).await,
        (409, "NOT_CANCELLABLE".into())
    );
}

#[tokio::test]
async fn several_are_cancelled_all_or_none() {
    let house = House::new().await;
    let body = house.body(&json!({})).await;
    let done = house.accepted("/api/v2/jobs", &body).await["id"].clone();
    house.render(&house.claim().await.unwrap(), "film").await;
    let first = house.accepted("/api/v2/jobs", &body).await["id"].clone();
    let second = house.accepted("/api/v2/jobs", &body).await["id"].clone();
    let path = "/api/v2/jobs/cancel";

    let (status, refused) = house.post(path, &json!({"jobs": [first, done, second]})).await;
    assert_eq!((status.as_u16(), fields(&refused)), (409, vec!["jobs[1]"]));
    assert_eq!(house.status(&first).await, "queued", "none was cancelled");
    let unknown = json!({"jobs": [first, NOBODY]});
    assert_eq!(
        house.refused(Method::POST, path, Some(&unknown)).await,
        (404, "JOB_NOT_FOUND".into())
    );
    assert_eq!(house.status(&first).await, "queued");
    let (status, refused) = house.post(path, &json!({"jobs": [first, first, "x"]})).await;
    assert_eq!((status.as_u16(), fields(&refused)), (400, vec!["jobs[1]", "jobs[2]"]));
    let (status, refused) = house.post(path, &json!({"jobs": [], "running": 1})).await;
    assert_eq!((status.as_u16(), fields(&refused)), (400, vec!["running", "jobs"]));

    let (status, cancelled) = house.post(path, &json!({"jobs": [first, second]})).await;
    assert_eq!((status.as_u16(), cancelled.as_array().unwrap().len()), (200, 2));
    assert_eq!(house.status(&second).await, "manually_cancelled");
    let running = house.accepted("/api/v2/jobs", &body).await["id"].clone();
    house.claim().await.unwrap();
    let (status, _) = house.post(path, &json!({"jobs": [running], "running": true})).await;
    assert_eq!(status, 200);
    assert_eq!(house.status(&running).await, "manually_cancelled");
}

#[tokio::test]
async fn families_are_cancelled_together() {
    let house = House::new().await;
    let inner = json!(house.template().await);
    let assets = json!([nested(&inner, &json!({})), nested(&inner, &json!({}))]);
    let body = house.body(&json!({"assets": assets})).await;
    let family = async || {
        let parent = house.accepted("/api/v2/jobs", &body).await;
        let children = [0, 1].map(|index| parent["children"][index]["id"].clone());
        (parent["id"].clone(), children)
    };
    let ids = |jobs: &Value| {
        let mut ids: Vec<_> = jobs
            .as_array()
            .unwrap()
            .iter()
            .map(|job| job["id"].to_string())
            .collect();
        ids.sort();
        ids
    };
    for by_child in [false, true] {
        let (parent, children) = family().await;
        let named = if by_child { &children[0] } else { &parent };
        let (status, cancelled) = house.ask(Method::PATCH, &cancel(named), None).await;
        assert_eq!(status, 200);
        let mut all = vec![parent.to_string(), children[0].to_string(), children[1].to_string()];
        all.sort();
        assert_eq!(ids(&cancelled), all, "every job that was cancelled is told");
        assert_eq!(house.status(&parent).await, "manually_cancelled");
    }
    assert!(house.claim().await.is_none());
}

#[tokio::test]
async fn a_failed_child_fails_its_parent() {
    let house = House::new().await;
    let inner = json!(house.template().await);
    let body = house.body(&json!({"assets": [nested(&inner, &json!({}))]})).await;
    let parent = house.accepted("/api/v2/jobs", &body).await;
    let claim = house.claim().await.unwrap();
    let error = json!({"code": "LAYER_NOT_FOUND", "phase": "prepare", "message": "no layer", "retryable": false});
    let fail = json!({"attempt": claim.attempt, "error": error});
    assert_eq!(
        house
            .worker(&format!("/jobs/{}/fail", claim.job_id), &fail)
            .await
            .status(),
        204
    );
    let parent = house
        .get(&format!("/api/v2/jobs/{}", parent["id"].as_str().unwrap()))
        .await;
    assert_eq!(
        (&parent["status"], &parent["error"]["code"]),
        (&json!("error"), &json!("CHILD_FAILED"))
    );
    assert!(
        parent["stats"]["error"].as_str().unwrap().contains(&claim.job_id),
        "{parent}"
    );
}

#[tokio::test]
async fn what_has_ended_can_be_tried_again_as_a_new_job() {
    let house = House::new().await;
    let body = house
        .body(&json!({"tags": "again", "priority": 2, "onMissingFont": "fail"}))
        .await;
    let old = house.accepted("/api/v2/jobs", &body).await;
    let path = format!("/api/v2/jobs/{}/retry", old["id"].as_str().unwrap());
    assert_eq!(
        house.refused(Method::POST, &path, None).await,
        (409, "NOT_RETRYABLE".into()),
        "it waits"
    );
    let claim = house.claim().await.unwrap();
    assert_eq!(house.refused(Method::POST, &path, None).await.0, 409, "it runs");
    let error = json!({"code": "RENDER_FAILED", "phase": "render", "message": "no", "retryable": false});
    house
        .worker(
            &format!("/jobs/{}/fail", claim.job_id),
            &json!({"attempt": 1, "error": error, "log": "tried"}),
        )
        .await;

    let (status, new) = house.ask(Method::POST, &path, None).await;
    assert_eq!(
        (status.as_u16(), &new["status"], &new["retryOf"]),
        (201, &json!("queued"), &old["id"])
    );
    assert_ne!(new["id"], old["id"]);
    let again = house.claim().await.unwrap();
    assert_eq!(json!(again.job_id), new["id"]);
    assert_eq!(again.payload, claim.payload);
    assert_eq!(
        house.status(&old["id"]).await,
        "error",
        "what has ended stays as it ended"
    );

    let attempts = house.get(&format!("/api/v2/jobs/{}/attempts", claim.job_id)).await;
    assert_eq!(attempts.as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &attempts[0]["attempt"],
            &attempts[0]["outcome"],
            &attempts[0]["error"]["code"],
            &attempts[0]["hasLog"]
        ),
        (&json!(1), &json!("failed"), &json!("RENDER_FAILED"), &json!(true))
    );
    for verb in ["retry", "attempts"] {
        let method = if verb == "retry" { Method::POST } else { Method::GET };
        for (id, status) in [("nonsense", 400), (NOBODY, 404)] {
            let path = format!("/api/v2/jobs/{id}/{verb}");
            assert_eq!(house.refused(method.clone(), &path, None).await.0, status, "{path}");
        }
    }
}

#[tokio::test]
async fn logs_are_text_and_bad_ids_are_told_from_unknown_ones() {
    let house = House::new().await;
    for (id, status) in [("nonsense", 400), (NOBODY, 404)] {
        let path = format!("/api/v2/jobs/{id}/logs");
        assert_eq!(house.refused(Method::GET, &path, None).await.0, status);
    }
    let id = house.job(json!({})).await;
    let path = format!("/api/v2/jobs/{id}/logs");
    assert_eq!(
        house.refused(Method::GET, &path, None).await,
        (404, "LOG_NOT_FOUND".into())
    );
    house.render(&house.claim().await.unwrap(), "film").await;
    let log = house.call(Method::GET, &path, &house.token, None).await;
    let header = |name: &str| log.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(header("content-disposition"), format!("inline; filename=\"{id}.log\""));
    assert_eq!(header("x-content-type-options"), "nosniff");
}
