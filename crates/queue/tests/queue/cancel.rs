//! Cancelling jobs and batches.

use filmpress_job::JobStatus;
use filmpress_queue::{Error, JobRecord, NewJob, Outcome};
use serde_json::json;

use crate::house::{House, beat, team, webhook};

on_both!(
    waiting_jobs_are_cancelled_and_told_of,
    all_of_the_named_or_none,
    a_running_job_is_cancelled_only_if_asked_for,
    a_parent_takes_its_waiting_children_along,
    a_child_takes_its_parent_and_siblings_along,
    a_family_named_whole_is_cancelled_once_each,
    a_batch_is_cancelled_as_far_as_it_can_be,
);

fn ids(jobs: &[JobRecord]) -> Vec<String> {
    jobs.iter().map(|job| job.id.clone()).collect()
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

async fn waiting_jobs_are_cancelled_and_told_of(house: &mut House) {
    let (a, b) = (house.job(webhook()).await, house.job(json!({})).await);
    let named = [b.clone(), a.clone()];
    let cancelled = house.queue.cancel(&house.team, &named, false).await.unwrap();
    assert_eq!(ids(&cancelled), named);
    let state = house.get(&a).await.state;
    assert_eq!(
        (state.status, state.cancelled_at.is_some(), state.error),
        (JobStatus::Cancelled, true, None)
    );
    assert!(house.claim().await.is_none());
    assert_eq!(house.told().await, [a.clone()]);
    assert!(matches!(
        house.queue.cancel(&house.team, &[a.clone()], true).await,
        Err(Error::NotCancellable { ids }) if ids == [a.clone()]
    ));
}

async fn all_of_the_named_or_none(house: &mut House) {
    let (done, waiting) = (house.job(json!({})).await, house.job(json!({})).await);
    house.claim().await.unwrap();
    house.finish(&done, 1).await.unwrap();
    let refused = house
        .queue
        .cancel(&house.team, &[waiting.clone(), done.clone()], false)
        .await;
    assert!(matches!(refused, Err(Error::NotCancellable { ids }) if ids == [done.clone()]));
    let rival = team(&house.queue, "rival").await;
    let theirs = house
        .queue
        .create_job(&crate::house::new_job(&rival, &json!({})))
        .await
        .unwrap();
    for unknown in [theirs.job.id, "NOPE".into(), "a\0b".into()] {
        let refused = house
            .queue
            .cancel(&house.team, &[waiting.clone(), unknown], false)
            .await;
        assert!(
            matches!(refused, Err(Error::NotFound { what: "job", .. })),
            "{refused:?}"
        );
    }
    assert_eq!(house.status(&waiting).await, JobStatus::Queued);
    assert!(house.queue.cancel(&house.team, &[], false).await.unwrap().is_empty());
}

async fn a_running_job_is_cancelled_only_if_asked_for(house: &mut House) {
    let id = house.job(webhook()).await;
    house.claim().await.unwrap();
    assert!(house.queue.cancel(&house.team, &[id.clone()], false).await.is_err());
    house.queue.cancel(&house.team, &[id.clone()], true).await.unwrap();
    assert!(
        house.queue.heartbeat(&id, &beat(1, 50.0)).await.unwrap().cancel,
        "the worker is told to stop"
    );
    assert!(matches!(house.finish(&id, 1).await, Err(Error::Refused(_))));
    assert!(house.queue.check_attempt(&id, 1).await.is_err());
    assert_eq!(house.status(&id).await, JobStatus::Cancelled);
    assert_eq!(
        house.queue.attempts(&house.team, &id).await.unwrap()[0].outcome,
        Some(Outcome::Cancelled)
    );
    house.clock.forward(1000);
    assert_eq!(house.queue.sweep().await.unwrap(), 0);
    assert_eq!(house.told().await, [id]);
}

async fn a_parent_takes_its_waiting_children_along(house: &mut House) {
    let (parent, children) = house.parent(json!({}), 3).await;
    let (running, _) = house.claim().await.unwrap();
    let cancelled = house.queue.cancel(&house.team, &[parent.clone()], false).await.unwrap();
    assert_eq!(cancelled[0].id, parent, "those named come first");
    let waiting = children.iter().filter(|id| **id != running).cloned();
    assert_eq!(
        sorted(ids(&cancelled)),
        sorted(waiting.chain([parent.clone()]).collect())
    );
    house.finish(&running, 1).await.unwrap();
    assert_eq!(house.status(&parent).await, JobStatus::Cancelled);
    let (parent, children) = house.parent(json!({}), 2).await;
    house.claim().await.unwrap();
    let cancelled = house.queue.cancel(&house.team, &[parent.clone()], true).await.unwrap();
    assert_eq!(sorted(ids(&cancelled)), sorted([children, vec![parent]].concat()));
}

async fn a_child_takes_its_parent_and_siblings_along(house: &mut House) {
    let (parent, children) = house.parent(webhook(), 3).await;
    let cancelled = house
        .queue
        .cancel(&house.team, &[children[1].clone()], false)
        .await
        .unwrap();
    assert_eq!(cancelled[0].id, children[1]);
    assert_eq!(
        sorted(ids(&cancelled)),
        sorted([children, vec![parent.clone()]].concat())
    );
    assert_eq!(house.told().await, [parent]);
    assert!(house.claim().await.is_none());
}

async fn a_family_named_whole_is_cancelled_once_each(house: &mut House) {
    let (parent, children) = house.parent(webhook(), 2).await;
    let named = [children.clone(), vec![parent]].concat();
    let cancelled = house.queue.cancel(&house.team, &named, false).await.unwrap();
    assert_eq!(ids(&cancelled), named);
    assert_eq!(house.told().await.len(), 1);
}

async fn a_batch_is_cancelled_as_far_as_it_can_be(house: &mut House) {
    let batch = filmpress_queue::new_id();
    let new = |index| NewJob {
        batch: Some((batch.clone(), index)),
        ..house.new_job(&json!({}))
    };
    let mut parent = new(3);
    parent.children.push(filmpress_queue::NewChild {
        asset: 0,
        job: house.new_job(&json!({"priority": -1})),
    });
    let made = house
        .queue
        .create_jobs(vec![new(0), new(1), new(2), parent])
        .await
        .unwrap();
    assert!(made.iter().all(Result::is_ok));
    let (done, _) = house.claim().await.unwrap();
    house.finish(&done, 1).await.unwrap();
    house.claim().await.unwrap();
    let cancelled = house.queue.cancel_batch(&house.team, &batch, false).await.unwrap();
    let entries: Vec<_> = cancelled
        .entries
        .iter()
        .map(|entry| (entry.index, entry.before, entry.cancelled, entry.reason.is_some()))
        .collect();
    let expected = [
        (0, JobStatus::Finished, false, true),
        (1, JobStatus::Rendering, false, true),
        (2, JobStatus::Queued, true, false),
        (3, JobStatus::Pending, true, false),
    ];
    assert_eq!(entries, expected);
    assert_eq!(cancelled.entries[3].job.state.status, JobStatus::Cancelled);
    assert_eq!(cancelled.jobs.len(), 3, "with the child");
    let rest = house.queue.cancel_batch(&house.team, &batch, true).await.unwrap();
    assert_eq!(rest.jobs.len(), 1);
    let rival = team(&house.queue, "rival").await;
    for (team, id) in [(&rival, batch.as_str()), (&house.team, "NOPE")] {
        assert!(matches!(
            house.queue.cancel_batch(team, id, true).await,
            Err(Error::NotFound { what: "batch", .. })
        ));
        assert!(house.queue.batch(team, id).await.is_err());
    }
}
