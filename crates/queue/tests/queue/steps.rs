//! A job's steps: claims, heartbeats, reports, leases.

use filmpress_job::protocol::Fail;
use filmpress_job::{ErrorCode, JobError, JobStatus, Phase};
use filmpress_queue::{Error, JobFilter, Outcome, Sort};
use serde_json::{Value, json};

use crate::house::{House, beat, by, webhook};

on_both!(
    jobs_come_by_priority_then_by_age_and_each_to_one_worker,
    a_worker_with_tags_takes_only_their_jobs,
    a_lost_lease_goes_to_another_and_the_first_is_refused,
    a_third_loss_is_the_end,
    a_retryable_failure_waits_and_is_not_shown_as_the_jobs,
    progress_is_written_once_a_second,
    what_was_accepted_survives_a_kill,
    heartbeats_tell_frames_and_when_they_will_be_done,
    attempts_are_kept_with_how_they_ended,
    the_same_failure_at_two_workers_is_the_jobs,
    logs_may_hold_any_character,
);

async fn jobs_come_by_priority_then_by_age_and_each_to_one_worker(house: &mut House) {
    let first = house.job(json!({})).await;
    let second = house.job(json!({})).await;
    let urgent = house.job(json!({"priority": 5})).await;
    let claims = futures(house).await;
    assert_eq!(claims.iter().filter(|claim| claim.is_none()).count(), 5);
    let mut got: Vec<_> = claims.into_iter().flatten().map(|(id, _)| id).collect();
    got.sort();
    let mut all = vec![first.clone(), second, urgent];
    all.sort();
    assert_eq!(got, all);
    let by_priority = JobFilter {
        sort: Sort::Priority,
        limit: 1,
        ..JobFilter::default()
    };
    assert_eq!(
        house.queue.jobs(&house.team, &by_priority).await.unwrap()[0]
            .payload
            .priority(),
        5
    );
}

/// Eight claims at once.
async fn futures(house: &House) -> Vec<Option<(String, u32)>> {
    let (a, b, c, d, e, f, g, h) = tokio::join!(
        house.claim(),
        house.claim(),
        house.claim(),
        house.claim(),
        house.claim(),
        house.claim(),
        house.claim(),
        house.claim()
    );
    vec![a, b, c, d, e, f, g, h]
}

async fn a_worker_with_tags_takes_only_their_jobs(house: &mut House) {
    house.job(json!({})).await;
    let tagged = house.job(json!({"tags": "eu,gpu"})).await;
    assert!(house.queue.claim(&by("w", &["us"])).await.unwrap().is_none());
    let claim = house.queue.claim(&by("w", &["gpu", "us"])).await.unwrap().unwrap();
    assert_eq!(claim.id, tagged);
    assert!(house.claim().await.is_some(), "a worker without tags takes any");
}

async fn a_lost_lease_goes_to_another_and_the_first_is_refused(house: &mut House) {
    let id = house.job(json!({})).await;
    assert_eq!(house.claim().await, Some((id.clone(), 1)));
    house.clock.forward(30);
    house.queue.heartbeat(&id, &beat(1, 10.0)).await.unwrap();
    house.clock.forward(59);
    assert_eq!(house.queue.sweep().await.unwrap(), 0, "the heartbeat renewed the lease");
    house.clock.forward(1);
    assert_eq!(house.queue.sweep().await.unwrap(), 1);
    assert_eq!(house.status(&id).await, JobStatus::Queued);
    assert_eq!(house.claim().await, Some((id.clone(), 2)));
    assert!(matches!(house.finish(&id, 1).await, Err(Error::Refused(_))));
    assert!(matches!(
        house.queue.heartbeat(&id, &beat(1, 90.0)).await,
        Err(Error::Refused(_))
    ));
    assert!(matches!(
        house.queue.check_attempt(&id, 1).await,
        Err(Error::Refused(_))
    ));
    house.finish(&id, 2).await.unwrap();
    house.finish(&id, 2).await.unwrap();
    assert_eq!(
        house.queue.logs(&house.team, &id).await.unwrap(),
        [(2, "drawn".to_owned())]
    );
    assert!(matches!(
        house.queue.heartbeat(&id, &beat(2, 90.0)).await,
        Err(Error::Refused(_))
    ));
}

async fn a_third_loss_is_the_end(house: &mut House) {
    let id = house.job(webhook()).await;
    for _ in 0..3 {
        assert!(house.claim().await.is_some());
        assert!(house.queue.due_webhooks(9).await.unwrap().is_empty());
        house.clock.forward(60);
        house.queue.sweep().await.unwrap();
    }
    let job = house.queue.job(Some(&house.team), &id).await.unwrap().public();
    assert_eq!(
        (job.status, job.error.unwrap().code),
        (JobStatus::Error, ErrorCode::WorkerLost)
    );
    assert!(house.claim().await.is_none());
    let told: Value = serde_json::from_str(&house.queue.due_webhooks(9).await.unwrap()[0].body).unwrap();
    assert_eq!(
        (&told["error"]["code"], &told["order"]),
        (&json!("WORKER_LOST"), &json!(9))
    );
}

async fn a_retryable_failure_waits_and_is_not_shown_as_the_jobs(house: &mut House) {
    let id = house.job(json!({})).await;
    house.claim().await.unwrap();
    let error = JobError::new(ErrorCode::AssetDownloadFailed, Phase::Fetch, "503");
    let fail = |attempt, error: &JobError| Fail {
        attempt,
        error: error.clone(),
        log: None,
    };
    house.queue.fail(&id, fail(1, &error)).await.unwrap();
    let public = house.queue.job(None, &id).await.unwrap().public();
    assert_eq!((public.status, public.stats.unwrap().error), (JobStatus::Queued, None));
    assert!(house.claim().await.is_none());
    house.clock.forward(5);
    assert_eq!(house.claim().await, Some((id.clone(), 2)));
    house
        .queue
        .fail(&id, fail(2, &error.clone().retryable(false)))
        .await
        .unwrap();
    let public = house.queue.job(None, &id).await.unwrap().public();
    assert_eq!(
        (public.status, public.stats.unwrap().error),
        (JobStatus::Error, Some("503".into()))
    );
}

async fn progress_is_written_once_a_second(house: &mut House) {
    let id = house.job(json!({})).await;
    house.claim().await.unwrap();
    house.clock.forward(1);
    house.queue.heartbeat(&id, &beat(1, 10.0)).await.unwrap();
    house.queue.heartbeat(&id, &beat(1, 20.0)).await.unwrap();
    assert_eq!(house.queue.job(None, &id).await.unwrap().state.progress, 10.0);
    house.clock.forward(1);
    house.queue.heartbeat(&id, &beat(1, 30.0)).await.unwrap();
    assert_eq!(house.queue.job(None, &id).await.unwrap().state.progress, 30.0);
}

async fn what_was_accepted_survives_a_kill(house: &mut House) {
    let waiting = house.job(json!({"priority": -1})).await;
    let running = house.job(webhook()).await;
    let done = house
        .job(json!({"priority": 1, "webhook": {"url": "http://hooks.example/done"}}))
        .await;
    house.claim().await.unwrap();
    house.finish(&done, 1).await.unwrap();
    let claim = house.claim_as("local:1").await.unwrap();
    assert_eq!(claim.id, running);
    house.restart().await;
    assert_eq!(house.status(&done).await, JobStatus::Finished);
    assert_eq!(house.status(&waiting).await, JobStatus::Queued);
    assert_eq!(house.queue.due_webhooks(9).await.unwrap().len(), 1);
    assert_eq!(house.queue.take_back_from("elsewhere:").await.unwrap(), 0);
    assert_eq!(house.queue.take_back_from("local:").await.unwrap(), 1);
    assert_eq!(
        house.claim().await,
        Some((running.clone(), 2)),
        "at once, the lease notwithstanding"
    );
    house.finish(&running, 2).await.unwrap();
    assert_eq!(house.queue.due_webhooks(9).await.unwrap().len(), 1);
}

async fn heartbeats_tell_frames_and_when_they_will_be_done(house: &mut House) {
    let id = house.job(json!({})).await;
    house.claim().await.unwrap();
    let beat = |frame, progress| filmpress_job::protocol::Heartbeat {
        frame,
        frames: 100,
        ..beat(1, progress)
    };
    house.clock.forward(1);
    house.queue.heartbeat(&id, &beat(0, 1.0)).await.unwrap();
    house.clock.forward(10);
    house.queue.heartbeat(&id, &beat(25, 25.0)).await.unwrap();
    let job = house.get(&id).await;
    assert_eq!((job.state.frame, job.state.frames), (25, 100));
    assert_eq!(
        job.state.eta.unwrap() - job.updated_at,
        std::time::Duration::from_secs(30)
    );
    house.finish(&id, 1).await.unwrap();
    let job = house.get(&id).await;
    assert_eq!((job.state.frame, job.state.eta), (100, None));
}

async fn attempts_are_kept_with_how_they_ended(house: &mut House) {
    let id = house.job(json!({})).await;
    house.claim_as("a").await.unwrap();
    house.fail(&id, 1, ErrorCode::WorkerLost).await.unwrap();
    house.claim_as("b").await.unwrap();
    house.clock.forward(60);
    house.queue.sweep().await.unwrap();
    house.claim_as("c").await.unwrap();
    house.fail(&id, 3, ErrorCode::AssetDownloadFailed).await.unwrap();
    house.clock.forward(60);
    house.claim_as("d").await.unwrap();
    house.finish(&id, 4).await.unwrap();
    let attempts = house.queue.attempts(&house.team, &id).await.unwrap();
    let ends: Vec<_> = attempts
        .iter()
        .map(|attempt| (attempt.worker.as_str(), attempt.outcome.unwrap(), attempt.has_log))
        .collect();
    let expected = [
        ("a", Outcome::HandedBack, false),
        ("b", Outcome::Lost, false),
        ("c", Outcome::Failed, false),
        ("d", Outcome::Finished, true),
    ];
    assert_eq!(ends, expected);
    assert_eq!(attempts[2].error.as_ref().unwrap().code, ErrorCode::AssetDownloadFailed);
    assert!(
        attempts
            .iter()
            .all(|attempt| attempt.ended_at.unwrap() >= attempt.started_at)
    );
}

async fn the_same_failure_at_two_workers_is_the_jobs(house: &mut House) {
    let (poison, unlucky) = (house.job(json!({})).await, house.job(json!({})).await);
    house.claim_as("a").await.unwrap();
    house.fail(&poison, 1, ErrorCode::Internal).await.unwrap();
    house.claim_as("a").await.unwrap();
    house.fail(&unlucky, 1, ErrorCode::PublishFailed).await.unwrap();
    house.clock.forward(60);
    house.claim_as("b").await.unwrap();
    let job = house.fail(&poison, 2, ErrorCode::Internal).await.unwrap();
    assert_eq!((job.state.status, job.state.spent), (JobStatus::Error, 2));
    assert!(job.state.error.unwrap().hint.unwrap().contains("two workers"));
    house.claim_as("b").await.unwrap();
    let job = house.fail(&unlucky, 2, ErrorCode::PublishFailed).await.unwrap();
    assert_eq!(
        job.state.status,
        JobStatus::Queued,
        "a store that is down is down for everybody"
    );
}

async fn logs_may_hold_any_character(house: &mut House) {
    let id = house.job(json!({})).await;
    house.claim().await.unwrap();
    let finish = filmpress_job::protocol::Finish {
        attempt: 1,
        log: Some("a\0b".into()),
        ..Default::default()
    };
    let output = filmpress_queue::Output::default();
    house.queue.finish(&id, finish, output).await.unwrap();
    assert_eq!(
        house.queue.logs(&house.team, &id).await.unwrap(),
        [(1, "a\u{FFFD}b".to_owned())]
    );
}
