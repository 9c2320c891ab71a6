//! What those who run the service look at.

use std::time::Duration;

use filmpress_job::ErrorCode;
use filmpress_queue::{AuditEntry, Clock, Gauges};
use serde_json::{Value, json};

use crate::house::{House, beat, team, webhook};

on_both!(
    gauges_tell_how_full_it_is,
    usage_is_counted_by_day,
    the_audit_log_is_paged,
    it_answers_until_it_is_closed,
    one_at_a_time_has_a_turn
);

async fn gauges_tell_how_full_it_is(house: &mut House) {
    assert_eq!(house.queue.gauges().await.unwrap(), Gauges::default());
    house.job(webhook()).await;
    house.clock.forward(7);
    house.job(json!({})).await;
    house.parent(json!({}), 1).await;
    house.clock.forward(3);
    let gauges = house.queue.gauges().await.unwrap();
    assert_eq!((gauges.queued, gauges.pending, gauges.rendering), (3, 1, 0));
    assert!((gauges.oldest_queued_seconds - 10.0).abs() < 1e-6);
    let (id, _) = house.claim().await.unwrap();
    house.finish(&id, 1).await.unwrap();
    house.claim().await.unwrap();
    house.clock.forward(2);
    let gauges = house.queue.gauges().await.unwrap();
    assert_eq!((gauges.queued, gauges.rendering, gauges.webhooks_waiting), (1, 1, 1));
    assert!((gauges.webhook_lag_seconds - 2.0).abs() < 1e-6);
}

async fn usage_is_counted_by_day(house: &mut House) {
    let start = house.clock.now().date();
    let finished = async |house: &House, frames| {
        let id = house.job(json!({})).await;
        let (_, attempt) = house.claim().await.unwrap();
        house.clock.forward(2);
        let beat = filmpress_job::protocol::Heartbeat {
            frames,
            ..beat(attempt, 1.0)
        };
        house.queue.heartbeat(&id, &beat).await.unwrap();
        house.finish(&id, attempt).await.unwrap();
        id
    };
    let first = finished(house, 10).await;
    finished(house, 15).await;
    house.job(json!({})).await;
    let (id, attempt) = house.claim().await.unwrap();
    house.fail(&id, attempt, ErrorCode::LayerNotFound).await.unwrap();
    house.clock.forward(24 * 3600);
    finished(house, 1).await;
    let id = house.job(json!({})).await;
    house.queue.cancel(&house.team, &[id], false).await.unwrap();
    let end = house.clock.now().date();
    assert_ne!(start, end);
    let usage = house.queue.usage(&house.team, start, end).await.unwrap();
    let rows: Vec<_> = usage
        .iter()
        .map(|row| {
            (
                row.day,
                row.finished,
                row.failed,
                row.cancelled,
                row.frames,
                row.render_seconds,
            )
        })
        .collect();
    assert_eq!(rows, [(start, 2, 1, 0, 25, 4.0), (end, 1, 0, 1, 1, 2.0)]);
    // What was used stays used.
    house.queue.forget_outputs(&first).await.unwrap();
    assert_eq!(house.queue.remove_jobs(&[first]).await.unwrap(), 1);
    assert_eq!(house.queue.usage(&house.team, start, end).await.unwrap(), usage);
    assert_eq!(house.queue.usage(&house.team, end, end).await.unwrap().len(), 1);
    let rival = team(&house.queue, "rival").await;
    assert!(house.queue.usage(&rival, start, end).await.unwrap().is_empty());
}

async fn the_audit_log_is_paged(house: &mut House) {
    for index in 0..5 {
        let entry = AuditEntry {
            team: (index != 2).then(|| house.team.clone()),
            actor: "cli".into(),
            action: "token.create".into(),
            object: format!("T{index}"),
            detail: json!({"index": index}),
        };
        house.queue.audit(&entry).await.unwrap();
    }
    let page = house.queue.audit_log(Some(&house.team), 2, None).await.unwrap();
    let objects: Vec<_> = page.iter().map(|record| record.entry.object.as_str()).collect();
    assert_eq!(objects, ["T4", "T3"]);
    let rest = house
        .queue
        .audit_log(Some(&house.team), 9, Some(page[1].seq))
        .await
        .unwrap();
    assert_eq!(rest.len(), 2);
    assert_eq!(rest[0].entry.detail["index"], Value::from(1));
    assert_eq!(house.queue.audit_log(None, 9, None).await.unwrap().len(), 5);
}

async fn it_answers_until_it_is_closed(house: &mut House) {
    house.queue.ping().await.unwrap();
    let other = house.open_another(filmpress_queue::Policy::default()).await;
    other.close().await;
    assert!(other.ping().await.is_err());
    let new = house.new_job(&json!({}));
    let refused = tokio::time::timeout(Duration::from_secs(30), other.create_job(&new))
        .await
        .unwrap();
    assert!(matches!(refused, Err(filmpress_queue::Error::Store(_))));
}

async fn one_at_a_time_has_a_turn(house: &mut House) {
    let life = Duration::from_mins(1);
    let take = async |house: &House, who: &str| house.queue.take_turn("tidy", who, life).await.unwrap();
    assert!(take(house, "a").await);
    assert!(!take(house, "b").await);
    house.clock.forward(40);
    assert!(take(house, "a").await, "goes on");
    house.clock.forward(40);
    assert!(!take(house, "b").await);
    assert!(house.queue.take_turn("other", "b", life).await.unwrap(), "another task");
    house.clock.forward(20);
    assert!(take(house, "b").await, "who fell silent is replaced");
    assert!(!take(house, "a").await);
    house.queue.end_turn("tidy", "a").await.unwrap();
    assert!(!take(house, "a").await, "only its holder gives it back");
    house.queue.end_turn("tidy", "b").await.unwrap();
    assert!(take(house, "a").await);
}
