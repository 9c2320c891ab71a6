//! Many jobs and several workers at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use filmpress_job::JobStatus;

use crate::house::{House, new_job, webhook};

on_both!(four_workers_share_two_thousand_jobs_and_none_is_done_twice);

const JOBS: usize = 2000;

async fn four_workers_share_two_thousand_jobs_and_none_is_done_twice(house: &mut House) {
    let queue = Arc::new(house.open_another(filmpress_queue::Policy::default()).await);
    let mut posting = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (queue, team) = (queue.clone(), house.team.clone());
        posting.spawn(async move {
            for _ in 0..JOBS / 8 {
                queue.create_job(&new_job(&team, &webhook())).await.unwrap();
            }
        });
    }
    let count = Arc::new(AtomicUsize::new(0));
    let mut working = tokio::task::JoinSet::new();
    for worker in 0..4 {
        let (queue, count) = (queue.clone(), count.clone());
        working.spawn(async move {
            let (by, mut done) = (crate::house::by(&format!("w{worker}"), &[]), Vec::new());
            while count.load(Ordering::SeqCst) < JOBS {
                let news = queue.job_waits();
                let Some(job) = queue.claim(&by).await.unwrap() else {
                    // The last job may be another's: look again even without news.
                    let _ = tokio::time::timeout(Duration::from_millis(20), news).await;
                    continue;
                };
                let report = filmpress_job::protocol::Finish {
                    attempt: job.state.attempt,
                    ..Default::default()
                };
                queue
                    .finish(&job.id, report, filmpress_queue::Output::stored("o"))
                    .await
                    .unwrap();
                done.push(job.id);
                count.fetch_add(1, Ordering::SeqCst);
            }
            done
        });
    }
    while let Some(posted) = posting.join_next().await {
        posted.unwrap();
    }
    let mut done = Vec::new();
    while let Some(worker) = working.join_next().await {
        done.extend(worker.unwrap());
    }
    done.sort();
    let all = done.len();
    done.dedup();
    assert_eq!((all, done.len()), (JOBS, JOBS));
    assert_eq!(
        queue.count_jobs(&house.team, JobStatus::Finished).await.unwrap(),
        JOBS as u64
    );
    let mut told = house.told().await;
    told.sort();
    assert_eq!(told, done, "one webhook each");
    queue.close().await;
}
