//! What is kept no longer.

use std::time::Duration;

use filmpress_job::ErrorCode;
use filmpress_job::protocol::Finish;
use filmpress_queue::{Clock, Error, Output};
use serde_json::json;

use crate::house::{House, webhook};

on_both!(
    files_go_first_then_the_job,
    families_go_together,
    what_a_job_was_filled_with_is_forgotten,
    what_a_worker_is_making_is_not_rubbish,
    idempotency_keys_are_dropped,
);

async fn finished(house: &House) -> String {
    let id = house.job(webhook()).await;
    let (_, attempt) = house.claim().await.unwrap();
    let report = Finish {
        attempt,
        log: Some("drawn".into()),
        ..Finish::default()
    };
    let output = Output {
        poster_key: Some(format!("outputs/{id}/1.poster.jpg")),
        ..Output::stored(format!("outputs/{id}/1.mp4"))
    };
    house.queue.finish(&id, report, output).await.unwrap();
    id
}

async fn files_go_first_then_the_job(house: &mut House) {
    let old = finished(house).await;
    house.clock.forward(100);
    let young = finished(house).await;
    let before = house.clock.now() - Duration::from_secs(50);
    assert!(
        house.queue.removable(before, 9).await.unwrap().is_empty(),
        "its files are still there"
    );
    let expired = house.queue.expired(before, 9).await.unwrap();
    assert_eq!(expired.len(), 1);
    assert_eq!((expired[0].job.as_str(), expired[0].keys.len()), (old.as_str(), 2));
    assert!(house.queue.unreferenced(&expired[0].keys).await.unwrap().is_empty());
    house.queue.forget_outputs(&old).await.unwrap();
    assert_eq!(
        house.queue.unreferenced(&expired[0].keys).await.unwrap(),
        expired[0].keys
    );
    assert!(house.queue.expired(before, 9).await.unwrap().is_empty());
    let removable = house.queue.removable(before, 9).await.unwrap();
    assert_eq!(removable, [old.clone()]);
    let waiting = house.job(json!({})).await;
    let named = [old.clone(), waiting.clone()];
    assert_eq!(
        house.queue.remove_jobs(&named).await.unwrap(),
        1,
        "one that is not done stays"
    );
    assert!(matches!(house.queue.job(None, &old).await, Err(Error::NotFound { .. })));
    house.get(&waiting).await;
    assert_eq!(house.told().await, [young], "its webhook went with it");
}

async fn families_go_together(house: &mut House) {
    let (parent, children) = house.parent(json!({}), 1).await;
    let (child, attempt) = house.claim().await.unwrap();
    let report = Finish {
        attempt,
        ..Finish::default()
    };
    house.queue.finish(&child, report, Output::default()).await.unwrap();
    let soon = house.clock.now() + Duration::from_secs(1);
    assert!(
        house.queue.removable(soon, 9).await.unwrap().is_empty(),
        "the parent needs it"
    );
    house.claim().await.unwrap();
    house.fail(&parent, 1, ErrorCode::LayerNotFound).await.unwrap();
    let mut removable = house.queue.removable(soon, 9).await.unwrap();
    removable.sort();
    let mut all = [children, vec![parent]].concat();
    all.sort();
    assert_eq!(removable, all);
}

async fn what_a_job_was_filled_with_is_forgotten(house: &mut House) {
    let body = json!({
        "assets": [{"type": "text", "layerName": "Name", "value": "Jane"}],
        "webhook": {"url": "http://hooks.example/?jane", "data": {"who": "Jane"}}
    });
    let id = house.job(body).await;
    house.claim().await.unwrap();
    let report = Finish {
        attempt: 1,
        log: Some("hello Jane".into()),
        ..Finish::default()
    };
    house.queue.finish(&id, report, Output::default()).await.unwrap();
    let running = house
        .job(json!({"assets": [{"type": "text", "layerName": "Name", "value": "Joe"}]}))
        .await;
    house.clock.forward(10);
    assert_eq!(house.queue.redact(house.clock.now()).await.unwrap(), 1);
    let job = house.get(&id).await;
    assert!(job.redacted);
    let told = serde_json::to_string(&job.payload).unwrap();
    assert!(!told.to_lowercase().contains("jane"), "{told}");
    assert_eq!(job.public().stats.unwrap().total_assets, 1);
    assert!(house.queue.logs(&house.team, &id).await.unwrap().is_empty());
    assert_eq!(house.queue.attempts(&house.team, &id).await.unwrap().len(), 1);
    assert!(
        serde_json::to_string(&house.get(&running).await.payload)
            .unwrap()
            .contains("Joe")
    );
    assert_eq!(house.queue.redact(house.clock.now()).await.unwrap(), 0);
}

async fn what_a_worker_is_making_is_not_rubbish(house: &mut House) {
    let id = house.job(json!({})).await;
    house.claim().await.unwrap();
    let keys = [
        format!("outputs/{id}/1.mp4"),
        "outputs/NOPE/1.mp4".to_owned(),
        "a\0".to_owned(),
    ];
    assert_eq!(house.queue.unreferenced(&keys).await.unwrap(), keys[1..]);
    house.fail(&id, 1, ErrorCode::LayerNotFound).await.unwrap();
    assert_eq!(house.queue.unreferenced(&keys).await.unwrap(), keys);
}

async fn idempotency_keys_are_dropped(house: &mut House) {
    let mut new = house.new_job(&json!({}));
    new.idempotency = Some(filmpress_queue::Idempotency {
        key: "k".into(),
        body_hash: vec![1],
    });
    house.queue.create_job(&new).await.unwrap();
    let now = house.clock.now();
    assert_eq!(
        house
            .queue
            .drop_idempotency(now - Duration::from_secs(1))
            .await
            .unwrap(),
        0
    );
    assert_eq!(house.queue.drop_idempotency(now).await.unwrap(), 1);
}
