//! The queue on a real SQLite file, by a clock that the test moves.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may unwrap")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use filmpress_job::protocol::{Fail, Finish, Heartbeat};
use filmpress_job::{ErrorCode, JobCreation, JobError, JobStatus, Phase};
use filmpress_queue::record::StoredFile;
use filmpress_queue::{
    Clock, Error, Introspection, JobFilter, NewJob, NewTemplate, Policy, Principal, Queue, Sort, TemplateStatus, new_id,
};
use serde_json::{Value, json};
use time::OffsetDateTime;

struct Hand(AtomicI64);

impl Hand {
    fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000 + self.0.load(Ordering::SeqCst)).unwrap()
    }
}

struct House {
    folder: tempfile::TempDir,
    clock: Arc<Hand>,
    queue: Queue,
    team: String,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hand(AtomicI64::new(0)));
        let queue = open(&folder, &clock).await;
        let team = team(&queue, "studio").await;
        Self {
            folder,
            clock,
            queue,
            team,
        }
    }

    /// As after `kill -9`: nothing is closed, the file is opened again.
    async fn restart(&mut self) {
        self.queue = open(&self.folder, &self.clock).await;
    }

    async fn job(&self, extra: Value) -> String {
        let mut body = json!({"template": {"id": new_id()}});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let payload = JobCreation::from_body(&body).unwrap();
        let template = Some(payload.template.id.clone());
        let new = NewJob {
            id: new_id(),
            team: self.team.clone(),
            template,
            payload: payload.into(),
            output_url: "http://o/".into(),
        };
        self.queue.create_job(&new).await.unwrap().id
    }

    async fn claim(&self) -> Option<(String, u32)> {
        let claim = self.queue.claim("w", &[]).await.unwrap();
        claim.map(|job| (job.id, job.state.attempt))
    }

    async fn status(&self, id: &str) -> JobStatus {
        self.queue.job(Some(&self.team), id).await.unwrap().state.status
    }

    async fn finish(&self, id: &str, attempt: u32) -> Result<(), Error> {
        let report = Finish {
            attempt,
            render_duration: 2.0,
            log: Some("drawn".into()),
            ..Finish::default()
        };
        self.queue.finish(id, report, format!("outputs/{id}")).await.map(|_| ())
    }
}

async fn open(folder: &tempfile::TempDir, clock: &Arc<Hand>) -> Queue {
    Queue::open_with(&folder.path().join("filmpress.db"), clock.clone(), Policy::default())
        .await
        .unwrap()
}

async fn team(queue: &Queue, name: &str) -> String {
    let secret = queue.create_token(name).await.unwrap();
    match queue.authenticate(secret.reveal()).await.unwrap() {
        Some(Principal::Team { team }) => team,
        other => panic!("{other:?}"),
    }
}

fn beat(attempt: u32, progress: f64) -> Heartbeat {
    Heartbeat {
        attempt,
        phase: Phase::Render,
        progress,
        frame: 0,
        frames: 0,
    }
}

fn webhook() -> Value {
    json!({"webhook": {"url": "http://hooks.example/x", "headers": {"X-Key": "k"}, "data": {"order": 9}}})
}

#[tokio::test]
async fn jobs_come_by_priority_then_by_age_and_each_to_one_worker() {
    let house = House::new().await;
    let first = house.job(json!({})).await;
    let second = house.job(json!({})).await;
    let urgent = house.job(json!({"priority": 5})).await;
    let claims = futures(&house).await;
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

#[tokio::test]
async fn a_worker_with_tags_takes_only_their_jobs() {
    let house = House::new().await;
    house.job(json!({})).await;
    let tagged = house.job(json!({"tags": "eu,gpu"})).await;
    assert!(house.queue.claim("w", &["us".into()]).await.unwrap().is_none());
    let claim = house
        .queue
        .claim("w", &["gpu".into(), "us".into()])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(claim.id, tagged);
    assert!(house.claim().await.is_some(), "a worker without tags takes any");
}

#[tokio::test]
async fn a_lost_lease_goes_to_another_and_the_first_is_refused() {
    let house = House::new().await;
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

#[tokio::test]
async fn a_third_loss_is_the_end() {
    let house = House::new().await;
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

#[tokio::test]
async fn a_retryable_failure_waits_and_is_not_shown_as_the_jobs() {
    let house = House::new().await;
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

#[tokio::test]
async fn progress_is_written_once_a_second() {
    let house = House::new().await;
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

#[tokio::test]
async fn what_was_accepted_survives_a_kill() {
    let mut house = House::new().await;
    let waiting = house.job(json!({"priority": -1})).await;
    let running = house.job(webhook()).await;
    let done = house
        .job(json!({"priority": 1, "webhook": {"url": "http://hooks.example/done"}}))
        .await;
    house.claim().await.unwrap();
    house.finish(&done, 1).await.unwrap();
    let claim = house.queue.claim("local:1", &[]).await.unwrap().unwrap();
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

#[tokio::test]
async fn a_webhook_is_tried_by_the_schedule_under_one_id() {
    let house = House::new().await;
    let id = house.job(webhook()).await;
    house.claim().await.unwrap();
    house.finish(&id, 1).await.unwrap();
    house.finish(&id, 1).await.unwrap();
    let mut ids = Vec::new();
    for wait in [30, 90, 180] {
        let due = house.queue.due_webhooks(9).await.unwrap();
        assert_eq!(due.len(), 1);
        assert!(
            house.queue.due_webhooks(9).await.unwrap().is_empty(),
            "none is tried twice at once"
        );
        house.queue.webhook_failed(&due[0].id, "500").await.unwrap();
        house.clock.forward(wait - 1);
        assert!(house.queue.due_webhooks(9).await.unwrap().is_empty());
        assert_eq!(
            house.queue.until_next_webhook().await.unwrap(),
            Some(Duration::from_secs(1))
        );
        house.clock.forward(1);
        ids.push(due[0].id.clone());
    }
    let last = house.queue.due_webhooks(9).await.unwrap().remove(0);
    assert!(ids.iter().all(|id| *id == last.id));
    assert_eq!((last.attempt, last.headers["X-Key"].clone()), (4, json!("k")));
    house.queue.webhook_delivered(&last.id).await.unwrap();
    assert_eq!(house.queue.until_next_webhook().await.unwrap(), None);
}

#[tokio::test]
async fn a_webhook_nobody_takes_is_given_up() {
    let house = House::new().await;
    let id = house.job(webhook()).await;
    house.claim().await.unwrap();
    house.finish(&id, 1).await.unwrap();
    let mut tries = 0;
    while let Some(wait) = house.queue.until_next_webhook().await.unwrap() {
        house.clock.forward(wait.as_secs() as i64);
        for delivery in house.queue.due_webhooks(9).await.unwrap() {
            tries += 1;
            house.queue.webhook_failed(&delivery.id, "refused").await.unwrap();
        }
    }
    assert_eq!(tries, 1 + Policy::default().webhook_retries.len());
}

#[tokio::test]
async fn teams_see_their_own_only() {
    let house = House::new().await;
    let id = house.job(json!({"tags": "a"})).await;
    let other = team(&house.queue, "rival").await;
    assert_ne!(other, house.team);
    assert_eq!(
        team(&house.queue, "studio").await,
        house.team,
        "a second token is the same team's"
    );
    assert!(matches!(
        house.queue.job(Some(&other), &id).await,
        Err(Error::NotFound { .. })
    ));
    assert!(matches!(
        house.queue.logs(&other, &id).await,
        Err(Error::NotFound { .. })
    ));
    let all = JobFilter {
        limit: 9,
        ..JobFilter::default()
    };
    assert!(house.queue.jobs(&other, &all).await.unwrap().is_empty());
    let new = NewTemplate {
        team: house.team.clone(),
        kind: "aep".into(),
        display_name: "Card".into(),
    };
    let template = house.queue.create_template(&new).await.unwrap();
    assert!(matches!(
        house.queue.template(Some(&other), &template.id).await,
        Err(Error::NotFound { .. })
    ));
    assert!(house.queue.templates(&other).await.unwrap().is_empty());
    assert!(house.queue.authenticate("fp_guess").await.unwrap().is_none());
    let worker = house.queue.create_worker_token().await.unwrap();
    assert_eq!(
        house.queue.authenticate(worker.reveal()).await.unwrap(),
        Some(Principal::Worker)
    );
}

#[tokio::test]
async fn lists_filter_sort_and_page() {
    let house = House::new().await;
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

#[tokio::test]
async fn a_template_is_read_once_it_has_a_file() {
    let mut house = House::new().await;
    let new = NewTemplate {
        team: house.team.clone(),
        kind: "aep".into(),
        display_name: "Card".into(),
    };
    let template = house.queue.create_template(&new).await.unwrap();
    assert_eq!(template.status, TemplateStatus::AwaitingUpload);
    let file = |key: &str| StoredFile {
        key: key.into(),
        sha256: "00".into(),
        size: 3,
    };
    assert_eq!(
        house.queue.set_template_file(&template.id, &file("1")).await.unwrap(),
        None
    );
    house.restart().await;
    assert_eq!(house.queue.templates_to_read().await.unwrap()[0].id, template.id);
    assert_eq!(
        house
            .queue
            .set_template_file(&template.id, &file("2"))
            .await
            .unwrap()
            .as_deref(),
        Some("1")
    );
    let found = Introspection {
        compositions: vec!["Main".into()],
        ..Introspection::default()
    };
    house
        .queue
        .set_template_read(&template.id, "1", Ok(found.clone()))
        .await
        .unwrap();
    let stale = house.queue.template(None, &template.id).await.unwrap();
    assert_eq!(
        stale.status,
        TemplateStatus::Processing,
        "what was found in a replaced file is not this one's"
    );
    house
        .queue
        .set_template_read(&template.id, "2", Ok(found.clone()))
        .await
        .unwrap();
    let read = house.queue.template(None, &template.id).await.unwrap();
    assert_eq!((read.status, read.introspection), (TemplateStatus::Uploaded, found));
    house
        .queue
        .set_template_read(&template.id, "2", Err("broken".into()))
        .await
        .unwrap();
    let broken = house.queue.template(None, &template.id).await.unwrap();
    assert_eq!(
        (broken.status, broken.error.as_deref()),
        (TemplateStatus::Error, Some("broken"))
    );
    assert!(matches!(
        house.queue.set_template_file("nope", &file("3")).await,
        Err(Error::NotFound { what: "template", .. })
    ));
}

#[tokio::test]
async fn a_second_process_may_make_tokens_meanwhile() {
    let house = House::new().await;
    let other = open(&house.folder, &house.clock).await;
    let (token, id) = tokio::join!(other.create_token("new team"), house.job(json!({})));
    assert!(
        house
            .queue
            .authenticate(token.unwrap().reveal())
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(house.status(&id).await, JobStatus::Queued);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_workers_share_the_jobs_and_none_is_done_twice() {
    let house = Arc::new(House::new().await);
    let mut posting = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let house = house.clone();
        posting.spawn(async move {
            for _ in 0..25 {
                house.job(webhook()).await;
            }
        });
    }
    let count = Arc::new(AtomicI64::new(0));
    let mut working = tokio::task::JoinSet::new();
    for worker in 0..4 {
        let (house, count) = (house.clone(), count.clone());
        working.spawn(async move {
            let mut done = Vec::new();
            while count.load(Ordering::SeqCst) < 200 {
                let news = house.queue.job_waits();
                let Some(job) = house.queue.claim(&format!("w{worker}"), &[]).await.unwrap() else {
                    // The last job may be another's: look again even without news.
                    let _ = tokio::time::timeout(Duration::from_millis(20), news).await;
                    continue;
                };
                house.finish(&job.id, job.state.attempt).await.unwrap();
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
    assert_eq!((all, done.len()), (200, 200));
    let finished = JobFilter {
        statuses: vec![JobStatus::Finished],
        limit: 1000,
        ..JobFilter::default()
    };
    assert_eq!(house.queue.jobs(&house.team, &finished).await.unwrap().len(), 200);
    let mut told: Vec<_> = house
        .queue
        .due_webhooks(1000)
        .await
        .unwrap()
        .into_iter()
        .map(|webhook| webhook.job)
        .collect();
    told.sort();
    assert_eq!(told, done, "one webhook each");
}
