//! Jobs that wait for other jobs.

use filmpress_job::{ErrorCode, JobStatus};
use serde_json::{Value, json};

use crate::house::{House, webhook};

on_both!(
    the_last_child_sets_its_parent_going,
    a_failed_child_fails_its_parent_and_stops_its_siblings,
    a_lost_child_is_tried_again_before_anything_follows,
    children_that_end_at_once_set_their_parent_going_once,
    the_sweeper_finds_parents_that_were_left,
    the_same_request_brings_the_children_again,
);

async fn the_last_child_sets_its_parent_going(house: &mut House) {
    let (parent, children) = house.parent(webhook(), 2).await;
    assert_eq!(house.status(&parent).await, JobStatus::Pending);
    let listed = house.queue.children(&parent).await.unwrap();
    let relations: Vec<_> = listed.iter().map(|job| (job.parent.clone(), job.asset)).collect();
    assert_eq!(
        relations,
        [(Some(parent.clone()), Some(0)), (Some(parent.clone()), Some(1))]
    );
    for _ in 0..2 {
        assert_eq!(house.status(&parent).await, JobStatus::Pending);
        let (id, attempt) = house.claim().await.unwrap();
        assert!(children.contains(&id));
        house.finish(&id, attempt).await.unwrap();
    }
    assert_eq!(house.status(&parent).await, JobStatus::Queued);
    let (id, attempt) = house.claim().await.unwrap();
    assert_eq!(id, parent);
    house.finish(&id, attempt).await.unwrap();
    assert_eq!(house.told().await, [parent]);
}

async fn a_failed_child_fails_its_parent_and_stops_its_siblings(house: &mut House) {
    let (parent, children) = house.parent(webhook(), 3).await;
    let (first, _) = house.claim().await.unwrap();
    let (second, _) = house.claim().await.unwrap();
    house.fail(&first, 1, ErrorCode::LayerNotFound).await.unwrap();
    let failed = house.get(&parent).await.state;
    let error = failed.error.unwrap();
    assert_eq!((failed.status, error.code), (JobStatus::Error, ErrorCode::ChildFailed));
    assert!(
        error.message.contains(&first) && error.message.contains("it did not work"),
        "{}",
        error.message
    );
    let waiting = children.iter().find(|id| **id != first && **id != second).unwrap();
    assert_eq!(house.status(waiting).await, JobStatus::Cancelled);
    assert_eq!(
        house.status(&second).await,
        JobStatus::Rendering,
        "a worker has it: it may end"
    );
    house.finish(&second, 1).await.unwrap();
    assert_eq!(house.status(&parent).await, JobStatus::Error);
    assert!(house.claim().await.is_none());
    let told = house.queue.due_webhooks(9).await.unwrap();
    let body: Value = serde_json::from_str(&told[0].body).unwrap();
    assert_eq!((told.len(), &body["error"]["code"]), (1, &json!("CHILD_FAILED")));
}

async fn a_lost_child_is_tried_again_before_anything_follows(house: &mut House) {
    let (parent, children) = house.parent(json!({}), 1).await;
    for _ in 0..3 {
        assert_eq!(house.status(&parent).await, JobStatus::Pending);
        assert_eq!(house.claim().await.unwrap().0, children[0]);
        house.clock.forward(60);
        assert_eq!(house.queue.sweep().await.unwrap(), 1);
    }
    assert_eq!(house.status(&children[0]).await, JobStatus::Error);
    assert_eq!(house.status(&parent).await, JobStatus::Error);
}

async fn children_that_end_at_once_set_their_parent_going_once(house: &mut House) {
    let house = &*house;
    for _ in 0..5 {
        let (parent, children) = house.parent(json!({}), 4).await;
        for _ in &children {
            house.claim().await.unwrap();
        }
        let end = |index: usize| house.finish(&children[index], 1);
        let (a, b, c, d) = tokio::join!(end(0), end(1), end(2), end(3));
        for result in [a, b, c, d] {
            result.unwrap();
        }
        assert_eq!(house.claim().await, Some((parent.clone(), 1)));
        house.finish(&parent, 1).await.unwrap();
        assert!(house.claim().await.is_none());
    }
}

async fn the_sweeper_finds_parents_that_were_left(house: &mut House) {
    let (good, children) = house.parent(json!({}), 1).await;
    let (bad, others) = house.parent(json!({}), 2).await;
    // As if somebody had mended the database by hand.
    let by_hand = |id: &str, status: &str| {
        format!(
            "UPDATE jobs SET status = '{status}', ended_at = 1, error = \
             '{{\"code\":\"INTERNAL\",\"phase\":\"render\",\"message\":\"m\",\"retryable\":false}}' WHERE id = '{id}'"
        )
    };
    crate::house::execute(house, &by_hand(&children[0], "finished")).await;
    crate::house::execute(house, &by_hand(&others[0], "error")).await;
    assert_eq!(house.queue.sweep().await.unwrap(), 2);
    assert_eq!(house.status(&good).await, JobStatus::Queued);
    assert_eq!(house.status(&bad).await, JobStatus::Error);
    assert_eq!(house.status(&others[1]).await, JobStatus::Cancelled);
    assert_eq!(house.queue.sweep().await.unwrap(), 0);
}

async fn the_same_request_brings_the_children_again(house: &mut House) {
    let mut new = house.new_job(&json!({}));
    let job = house.new_job(&json!({}));
    new.children.push(filmpress_queue::NewChild { asset: 4, job });
    new.idempotency = Some(filmpress_queue::Idempotency {
        key: "k".into(),
        body_hash: vec![1],
    });
    let first = house.queue.create_job(&new).await.unwrap();
    let again = house.queue.create_job(&new).await.unwrap();
    assert!(again.repeated);
    assert_eq!((again.children.len(), again.children[0].asset), (1, Some(4)));
    assert_eq!(again.children[0].id, first.children[0].id);
}
