//! Claims between teams.

use filmpress_queue::TeamLimits;
use serde_json::json;

use crate::house::{House, beat, by, new_job, team};

on_both!(
    teams_take_turns,
    whoever_was_served_longest_ago_is_next,
    a_team_runs_no_more_than_it_may,
    a_limit_holds_however_many_ask_at_once,
    tags_reach_past_other_teams,
    jobs_that_wait_for_their_time_hold_nobody_up,
    who_ask_together_are_given_different_jobs,
    teams_that_run_very_many_take_turns,
);

async fn jobs_of(house: &House, team: &str, count: usize) {
    for _ in 0..count {
        house.queue.create_job(&new_job(team, &json!({}))).await.unwrap();
    }
}

async fn served(house: &House) -> Option<String> {
    house.clock.forward_millis(10);
    house.claim_as("w").await.map(|job| job.team)
}

async fn teams_take_turns(house: &mut House) {
    let (big, small) = (house.team.clone(), team(&house.queue, "small").await);
    jobs_of(house, &big, 6).await;
    jobs_of(house, &small, 2).await;
    let mut order = Vec::new();
    while let Some(team) = served(house).await {
        order.push(if team == big { 'b' } else { 's' });
    }
    let order: String = order.into_iter().collect();
    assert_eq!(order.len(), 8);
    assert!(
        order[..4].matches('s').count() == 2,
        "the small team does not wait for the big one: {order}"
    );
}

async fn whoever_was_served_longest_ago_is_next(house: &mut House) {
    let teams = [
        house.team.clone(),
        team(&house.queue, "b").await,
        team(&house.queue, "c").await,
    ];
    for team in &teams {
        jobs_of(house, team, 3).await;
    }
    let mut rounds = Vec::new();
    for _ in 0..9 {
        house.clock.forward_millis(10);
        let job = house.claim_as("w").await.unwrap();
        house.finish(&job.id, 1).await.unwrap();
        rounds.push(job.team);
    }
    for round in rounds.chunks(3) {
        let mut round = round.to_vec();
        round.sort();
        round.dedup();
        assert_eq!(round.len(), 3, "each once before any twice: {rounds:?}");
    }
}

async fn a_team_runs_no_more_than_it_may(house: &mut House) {
    let limits = TeamLimits {
        max_running: Some(2),
        ..TeamLimits::default()
    };
    house.queue.set_team_limits(&house.team, limits).await.unwrap();
    jobs_of(house, &house.team.clone(), 4).await;
    let first = house.claim_as("w").await.unwrap();
    assert!(served(house).await.is_some());
    assert_eq!(served(house).await, None);
    house.finish(&first.id, 1).await.unwrap();
    assert!(served(house).await.is_some());
    assert_eq!(served(house).await, None);
}

async fn a_limit_holds_however_many_ask_at_once(house: &mut House) {
    let limits = TeamLimits {
        max_running: Some(3),
        ..TeamLimits::default()
    };
    house.queue.set_team_limits(&house.team, limits).await.unwrap();
    jobs_of(house, &house.team.clone(), 12).await;
    let house = &*house;
    let ask = || async { house.claim_as("w").await.is_some() };
    let (a, b, c, d, e, f, g, h) = tokio::join!(ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask());
    let got = [a, b, c, d, e, f, g, h].into_iter().filter(|got| *got).count();
    assert_eq!(got, 3);
    assert!(house.claim_as("w").await.is_none());
}

async fn tags_reach_past_other_teams(house: &mut House) {
    let other = team(&house.queue, "other").await;
    jobs_of(house, &house.team.clone(), 3).await;
    house
        .queue
        .create_job(&new_job(&house.team, &json!({"tags": "cpu"})))
        .await
        .unwrap();
    house
        .queue
        .create_job(&new_job(&other, &json!({"tags": "eu,gpu"})))
        .await
        .unwrap();
    let job = house.queue.claim(&by("g", &["gpu"])).await.unwrap().unwrap();
    assert_eq!(job.team, other);
    assert!(house.queue.claim(&by("g", &["gpu"])).await.unwrap().is_none());
}

async fn jobs_that_wait_for_their_time_hold_nobody_up(house: &mut House) {
    let other = team(&house.queue, "other").await;
    jobs_of(house, &house.team.clone(), 1).await;
    let (id, attempt) = house.claim().await.unwrap();
    house
        .fail(&id, attempt, filmpress_job::ErrorCode::AssetDownloadFailed)
        .await
        .unwrap();
    assert!(house.claim().await.is_none());
    jobs_of(house, &other, 1).await;
    assert_eq!(served(house).await, Some(other));
}

async fn who_ask_together_are_given_different_jobs(house: &mut House) {
    let other = team(&house.queue, "other").await;
    jobs_of(house, &house.team.clone(), 5).await;
    jobs_of(house, &other, 1).await;
    // One of them was begun before, which a claim starts over.
    let (begun, attempt) = house.claim().await.unwrap();
    house.queue.heartbeat(&begun, &beat(attempt, 40.0)).await.unwrap();
    house
        .fail(&begun, attempt, filmpress_job::ErrorCode::AssetDownloadFailed)
        .await
        .unwrap();
    house.clock.forward(60);
    let house = &*house;
    let ask = |worker: &'static str| async move { (worker, house.claim_as(worker).await) };
    let (a, b, c, d) = tokio::join!(ask("a"), ask("b"), ask("c"), ask("d"));
    let (e, f, g) = tokio::join!(ask("e"), ask("f"), ask("g"));
    let mut ids = std::collections::BTreeSet::new();
    for (worker, job) in [a, b, c, d, e, f, g] {
        let Some(job) = job else { continue };
        assert_eq!(job.state.worker.as_deref(), Some(worker));
        let kept = house.queue.job(None, &job.id).await.unwrap();
        assert_eq!(
            (kept.state, kept.updated_at),
            (job.state, job.updated_at),
            "what is told is what is kept"
        );
        assert_eq!(
            house
                .queue
                .attempts(&job.team, &job.id)
                .await
                .unwrap()
                .last()
                .unwrap()
                .worker,
            worker
        );
        ids.insert(job.id);
    }
    assert_eq!(ids.len(), 6, "each job once, and one of seven workers has none");
    assert!(ids.contains(&begun));
}

async fn teams_that_run_very_many_take_turns(house: &mut House) {
    let (big, bigger) = (house.team.clone(), team(&house.queue, "bigger").await);
    for (team, count) in [(&big, 70), (&bigger, 90)] {
        jobs_of(house, team, count).await;
        for _ in 0..count {
            assert_eq!(served(house).await.as_ref(), Some(team));
        }
    }
    for team in [&big, &bigger] {
        jobs_of(house, team, 3).await;
    }
    let mut turns = Vec::new();
    while let Some(team) = served(house).await {
        turns.push(team);
    }
    assert_eq!(
        turns.iter().collect::<Vec<_>>(),
        [&big, &bigger, &big, &bigger, &big, &bigger],
        "who runs more is not counted out"
    );
    // Those of a limit are counted to the limit.
    let limits = TeamLimits {
        max_running: Some(95),
        ..TeamLimits::default()
    };
    house.queue.set_team_limits(&bigger, limits).await.unwrap();
    jobs_of(house, &bigger, 4).await;
    assert_eq!(served(house).await, Some(bigger.clone()), "94 of 95");
    assert_eq!(served(house).await, Some(bigger), "95 of 95");
    assert_eq!(served(house).await, None);
}
