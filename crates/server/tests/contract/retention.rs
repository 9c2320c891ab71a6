//! What is kept no longer: outputs, jobs, logs.

use std::time::Duration;

use filmpress_queue::Retention;
use reqwest::Method;
use serde_json::json;

use crate::house::House;

fn kept(retention: Retention) -> impl FnOnce(&mut filmpress_server::Config) {
    move |config| {
        config.clean_up_pause = Duration::from_millis(20);
        config.policy.retention = retention;
    }
}

const SOON: Option<Duration> = Some(Duration::from_millis(1));

/// Asks until the answer has this status.
async fn until(house: &House, path: &str, status: u16) {
    let mut last = 0;
    for _ in 0..1000 {
        last = house
            .call(Method::GET, path, &house.token, None)
            .await
            .status()
            .as_u16();
        if last == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{path} is {last}, not {status}");
}

#[tokio::test]
async fn outputs_go_and_their_jobs_stay() {
    let house = House::with(kept(Retention {
        outputs: SOON,
        ..Retention::default()
    }))
    .await;
    let id = house.job(json!({})).await;
    house.render(&house.claim().await.unwrap(), "film").await;
    let job = house.get(&format!("/api/v2/jobs/{id}")).await;
    until(&house, job["outputUrl"].as_str().unwrap(), 410).await;
    assert_eq!(house.get(&format!("/api/v2/jobs/{id}")).await["status"], "finished");
    let folder = house.folder.path().join("outputs").join(&id);
    assert!(!folder.exists(), "no file and no folder is left");
    assert_eq!(house.get("/api/v2/templates").await[0]["status"], "uploaded");
}

#[tokio::test]
async fn jobs_go_with_their_outputs_but_not_before_they_end() {
    let house = House::with(kept(Retention {
        jobs: SOON,
        ..Retention::default()
    }))
    .await;
    let id = house.job(json!({})).await;
    let waiting = house.job(json!({})).await;
    house.render(&house.claim().await.unwrap(), "film").await;
    until(&house, &format!("/api/v2/jobs/{id}"), 404).await;
    assert!(!house.folder.path().join("outputs").join(&id).exists());
    assert_eq!(house.get(&format!("/api/v2/jobs/{waiting}")).await["status"], "queued");
    assert_eq!(
        house.get("/api/v2/usage").await["total"]["finished"],
        1,
        "what was drawn still counts"
    );
}

#[tokio::test]
async fn logs_go_and_the_rest_stays() {
    let house = House::with(kept(Retention {
        logs: SOON,
        ..Retention::default()
    }))
    .await;
    let id = house
        .job(json!({"assets": [{"type": "text", "layerName": "Title", "value": "Jane"}]}))
        .await;
    house.render(&house.claim().await.unwrap(), "film").await;
    until(&house, &format!("/api/v2/jobs/{id}/logs"), 404).await;
    let job = house.get(&format!("/api/v2/jobs/{id}")).await;
    assert_eq!(
        (&job["status"], &job["stats"]["totalAssets"]),
        (&json!("finished"), &json!(1))
    );
    until(&house, job["outputUrl"].as_str().unwrap(), 200).await;
}
