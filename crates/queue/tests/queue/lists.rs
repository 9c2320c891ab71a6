//! Lists of jobs.

use std::time::Duration;

use filmpress_job::JobStatus;
use filmpress_queue::{Clock, Cursor, JobFilter, Sort};
use serde_json::json;

use crate::house::{House, beat, team};

on_both!(
    lists_filter_sort_and_page,
    what_changed_is_shown_once_whatever_the_order_of_commits,
);

async fn lists_filter_sort_and_page(house: &mut House) {
    let mut ids = Vec::new();
    for tag in ["a", "b", "a"] {
        ids.push(house.job(json!({"tags": tag})).await);
        house.clock.forward(10);
    }
    house.claim().await.unwrap();
    let base = JobFilter {
        limit: 9,
        ..JobFilter::default()
    };
    let start = house.clock.now() - Duration::from_secs(30);
    let queue = &house.queue;
    let cases = [
        (base.clone(), vec![0, 1, 2]),
        (
            JobFilter {
                sort: Sort::NewestFirst,
                ..base.clone()
            },
            vec![2, 1, 0],
        ),
        (
            JobFilter {
                statuses: vec![JobStatus::Queued],
                ..base.clone()
            },
            vec![1, 2],
        ),
        (
            JobFilter {
                not_statuses: vec![JobStatus::Queued, JobStatus::Error],
                ..base.clone()
            },
            vec![0],
        ),
        (
            JobFilter {
                tags: vec!["a".into(), "z".into()],
                ..base.clone()
            },
            vec![0, 2],
        ),
        (
            JobFilter {
                from: Some(start + Duration::from_secs(10)),
                ..base.clone()
            },
            vec![1, 2],
        ),
        (
            JobFilter {
                to: Some(start + Duration::from_secs(10)),
                ..base.clone()
            },
            vec![0, 1],
        ),
        (
            JobFilter {
                offset: 1,
                limit: 1,
                ..base
            },
            vec![1],
        ),
    ];
    for (filter, expected) in cases {
        let got: Vec<_> = queue
            .jobs(&house.team, &filter)
            .await
            .unwrap()
            .into_iter()
            .map(|job| job.id)
            .collect();
        let expected: Vec<_> = expected.into_iter().map(|index: usize| ids[index].clone()).collect();
        assert_eq!(got, expected, "{filter:?}");
    }
}

async fn what_changed_is_shown_once_whatever_the_order_of_commits(house: &mut House) {
    let cursor = Cursor::at(house.clock.now());
    let (a, b) = (house.job(json!({})).await, house.job(json!({})).await);
    let rival = team(&house.queue, "rival").await;
    let ids = |jobs: Vec<filmpress_queue::JobRecord>| jobs.into_iter().map(|job| job.id).collect::<Vec<_>>();
    let (news, cursor) = house.queue.changed_jobs(&house.team, cursor, 1).await.unwrap();
    assert_eq!(ids(news), [a.clone()], "at most so many");
    let (news, cursor) = house.queue.changed_jobs(&house.team, cursor, 9).await.unwrap();
    assert_eq!(ids(news), [b.clone()]);
    let (news, cursor) = house.queue.changed_jobs(&house.team, cursor, 9).await.unwrap();
    assert!(news.is_empty());
    house.clock.forward(2);
    house.claim().await.unwrap();
    let (news, cursor) = house.queue.changed_jobs(&house.team, cursor, 9).await.unwrap();
    assert_eq!(ids(news), [a.clone()]);
    // A transaction that began a second earlier commits now.
    house.clock.forward(-1);
    house.queue.cancel(&house.team, &[b.clone()], false).await.unwrap();
    house.clock.forward(3);
    let (news, cursor) = house.queue.changed_jobs(&house.team, cursor, 9).await.unwrap();
    assert_eq!(ids(news), [b]);
    house.clock.forward(60);
    house.queue.heartbeat(&a, &beat(1, 9.0)).await.unwrap();
    let (news, cursor) = house.queue.changed_jobs(&house.team, cursor, 9).await.unwrap();
    assert_eq!(ids(news), [a]);
    assert!(
        house
            .queue
            .changed_jobs(&house.team, cursor, 9)
            .await
            .unwrap()
            .0
            .is_empty()
    );
    let all = Cursor::at(house.clock.now() - Duration::from_mins(10));
    assert!(house.queue.changed_jobs(&rival, all, 9).await.unwrap().0.is_empty());
}
