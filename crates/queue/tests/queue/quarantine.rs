//! Workers where job after job fails.

use filmpress_job::ErrorCode;
use filmpress_queue::{Error, Policy};
use serde_json::json;

use crate::house::{House, by};

on_both!(
    a_worker_where_all_fails_is_given_none_for_a_while,
    one_that_finishes_is_trusted_again,
    what_is_not_the_workers_fault_does_not_count,
    workers_are_known_by_what_they_ask,
);

async fn spoil(house: &House, worker: &str, code: ErrorCode) {
    house.job(json!({})).await;
    let job = house.claim_as(worker).await.unwrap();
    house.fail(&job.id, job.state.attempt, code).await.unwrap();
}

async fn a_worker_where_all_fails_is_given_none_for_a_while(house: &mut House) {
    for _ in 0..5 {
        spoil(house, "bad", ErrorCode::RenderFailed).await;
    }
    house.job(json!({})).await;
    assert!(house.claim_as("bad").await.is_none());
    let known = house.queue.workers().await.unwrap();
    assert_eq!((known[0].failures, known[0].quarantined_until.is_some()), (5, true));
    assert_eq!(house.queue.gauges().await.unwrap().workers_quarantined, 1);
    assert!(house.claim_as("good").await.is_some(), "others are given jobs");
    house.job(json!({})).await;
    house.clock.forward(300);
    assert!(house.claim_as("bad").await.is_some(), "its time is over");
    spoil(house, "bad", ErrorCode::RenderFailed).await;
    assert!(house.claim_as("bad").await.is_none(), "it has not changed");
    house.queue.release_worker("bad").await.unwrap();
    house.job(json!({})).await;
    assert!(house.claim_as("bad").await.is_some());
    assert!(matches!(
        house.queue.release_worker("none").await,
        Err(Error::NotFound { what: "worker", .. })
    ));
}

async fn one_that_finishes_is_trusted_again(house: &mut House) {
    for _ in 0..3 {
        for _ in 0..4 {
            spoil(house, "w", ErrorCode::RenderFailed).await;
        }
        house.job(json!({})).await;
        let (id, attempt) = house.claim().await.unwrap();
        house.finish(&id, attempt).await.unwrap();
    }
    assert_eq!(house.queue.workers().await.unwrap()[0].failures, 0);
}

async fn what_is_not_the_workers_fault_does_not_count(house: &mut House) {
    for _ in 0..9 {
        spoil(house, "w", ErrorCode::LayerNotFound).await;
        spoil(house, "w", ErrorCode::PublishFailed).await;
    }
    assert_eq!(house.queue.workers().await.unwrap()[0].failures, 0);
    house.clock.forward(3600);
    // What does count, job by job, with nobody stopped for it.
    let patient = Policy {
        max_attempts: 99,
        ..Policy::default()
    };
    let counting = Policy {
        quarantine_after: 99,
        ..patient.clone()
    };
    house.restart_with(counting).await;
    for _ in 0..9 {
        house.clock.forward(60);
        let job = house.claim_as("w").await.unwrap();
        house
            .fail(&job.id, job.state.attempt, ErrorCode::Internal)
            .await
            .unwrap();
        house.queue.cancel(&house.team, &[job.id.clone()], true).await.unwrap();
    }
    assert_eq!(house.queue.workers().await.unwrap()[0].failures, 9);
    house.queue.release_worker("w").await.unwrap();
    // One job over and over is one job.
    house.restart_with(patient).await;
    let id = house.job(json!({"priority": 9})).await;
    for _ in 0..9 {
        house.clock.forward(60);
        let job = house.claim_as("w").await.unwrap();
        assert_eq!(job.id, id);
        house
            .fail(&job.id, job.state.attempt, ErrorCode::Internal)
            .await
            .unwrap();
    }
    assert_eq!(house.queue.workers().await.unwrap()[0].failures, 1);
}

async fn workers_are_known_by_what_they_ask(house: &mut House) {
    house.queue.claim(&by("a", &["gpu"])).await.unwrap();
    house.job(json!({})).await;
    house.clock.forward(40);
    house.claim_as("b").await.unwrap();
    let known = house.queue.workers().await.unwrap();
    let told: Vec<_> = known
        .iter()
        .map(|worker| (worker.name.as_str(), worker.tags.len(), worker.running))
        .collect();
    assert_eq!(told, [("a", 1, 0), ("b", 0, 1)]);
    house.queue.claim(&by("a", &[])).await.unwrap();
    let now = &house.queue.workers().await.unwrap()[0];
    assert!(now.last_seen > now.first_seen && now.tags.is_empty());
}
