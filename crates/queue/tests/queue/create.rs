//! Accepting jobs.

use filmpress_job::JobStatus;
use filmpress_queue::{Error, Idempotency, NewJob, TeamLimits};
use serde_json::json;

use crate::house::{House, team};

on_both!(
    the_same_request_makes_one_job,
    requests_at_once_with_one_key_make_one_job,
    a_team_has_no_more_waiting_than_it_may,
    a_batch_keeps_what_can_be_kept,
    what_is_known_at_acceptance_stays_known,
);

fn with_key(new: NewJob, key: &str, body: &[u8]) -> NewJob {
    NewJob {
        idempotency: Some(Idempotency {
            key: key.into(),
            body_hash: body.to_vec(),
        }),
        ..new
    }
}

async fn the_same_request_makes_one_job(house: &mut House) {
    let new = with_key(house.new_job(&json!({})), "k", &[0, 1]);
    let first = house.queue.create_job(&new).await.unwrap();
    assert!(!first.repeated);
    let again = with_key(house.new_job(&json!({})), "k", &[0, 1]);
    let second = house.queue.create_job(&again).await.unwrap();
    assert!(second.repeated && second.job.id == first.job.id);
    let other = with_key(house.new_job(&json!({})), "k", &[2]);
    assert!(matches!(
        house.queue.create_job(&other).await,
        Err(Error::IdempotencyConflict { key }) if key == "k"
    ));
    let rival = team(&house.queue, "rival").await;
    let theirs = with_key(crate::house::new_job(&rival, &json!({})), "k", &[2]);
    assert!(
        !house.queue.create_job(&theirs).await.unwrap().repeated,
        "keys are a team's own"
    );
    house.clock.forward(24 * 3600);
    let later = house.queue.create_job(&other).await.unwrap();
    assert!(!later.repeated, "a day later the key is free");
    assert_eq!(house.queue.count_jobs(&house.team, JobStatus::Queued).await.unwrap(), 2);
}

async fn requests_at_once_with_one_key_make_one_job(house: &mut House) {
    let house = &*house;
    let ask = async || {
        let new = with_key(house.new_job(&json!({})), "k", &[7]);
        house.queue.create_job(&new).await.unwrap()
    };
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    let all = [a, b, c, d];
    assert_eq!(all.iter().filter(|created| !created.repeated).count(), 1);
    assert!(all.iter().all(|created| created.job.id == all[0].job.id));
}

async fn a_team_has_no_more_waiting_than_it_may(house: &mut House) {
    let limits = TeamLimits {
        max_queued: Some(2),
        ..TeamLimits::default()
    };
    house.queue.set_team_limits(&house.team, limits).await.unwrap();
    let keyed = with_key(house.new_job(&json!({})), "k", &[1]);
    let first = house.queue.create_job(&keyed).await.unwrap().job.id;
    house.job(json!({})).await;
    let third = with_key(house.new_job(&json!({})), "k3", &[3]);
    assert!(matches!(
        house.queue.create_job(&third).await,
        Err(Error::QueueFull { limit: 2 })
    ));
    assert!(
        house.queue.create_job(&keyed).await.unwrap().repeated,
        "that one is in already"
    );
    let claimed = house.claim().await.unwrap();
    assert_eq!(claimed.0, first);
    assert!(
        !house.queue.create_job(&third).await.unwrap().repeated,
        "what was refused used up no key"
    );
    let rival = team(&house.queue, "rival").await;
    let theirs = crate::house::new_job(&rival, &json!({}));
    house.queue.create_job(&theirs).await.unwrap();
}

async fn a_batch_keeps_what_can_be_kept(house: &mut House) {
    let limits = TeamLimits {
        max_queued: Some(2),
        ..TeamLimits::default()
    };
    house.queue.set_team_limits(&house.team, limits).await.unwrap();
    let batch = filmpress_queue::new_id();
    let new = (0..3).map(|index| NewJob {
        batch: Some((batch.clone(), index)),
        ..house.new_job(&json!({}))
    });
    let made = house.queue.create_jobs(new.collect()).await.unwrap();
    let ok: Vec<_> = made.iter().map(Result::is_ok).collect();
    assert_eq!(ok, [true, true, false]);
    assert!(matches!(made[2], Err(Error::QueueFull { limit: 2 })));
    let found = house.queue.batch(&house.team, &batch).await.unwrap();
    let places: Vec<_> = found
        .iter()
        .map(|(index, job)| (*index, job.batch.clone().unwrap()))
        .collect();
    assert_eq!(places, [(0, (batch.clone(), 0)), (1, (batch, 1))]);
}

async fn what_is_known_at_acceptance_stays_known(house: &mut House) {
    let new = NewJob {
        poster_url: Some("http://p/".into()),
        retry_of: Some("OLD".into()),
        missing_fonts: vec!["Soleil".into()],
        warnings: vec!["`x` has no effect".into()],
        ..house.new_job(&json!({}))
    };
    let id = house.queue.create_job(&new).await.unwrap().job.id;
    let job = house.get(&id).await;
    assert_eq!(
        (job.poster_url.as_deref(), job.retry_of.as_deref()),
        (Some("http://p/"), Some("OLD"))
    );
    assert_eq!(job.public().missing_fonts, ["Soleil"]);
    house.claim().await.unwrap();
    let report = filmpress_job::protocol::Finish {
        attempt: 1,
        warnings: vec!["`x` has no effect".into(), "Main > Glow: unsupported".into()],
        ..Default::default()
    };
    let output = filmpress_queue::Output {
        url: Some("https://cdn/x.mp4".into()),
        ..Default::default()
    };
    let job = house.queue.finish(&id, report, output).await.unwrap();
    assert_eq!(job.public().warnings, ["`x` has no effect", "Main > Glow: unsupported"]);
    assert!(job.public().missing_fonts.is_empty(), "the worker found it");
    let stored = house.get(&id).await;
    assert_eq!(
        (stored.output_url.as_str(), stored.state.output),
        ("https://cdn/x.mp4", None)
    );
}
