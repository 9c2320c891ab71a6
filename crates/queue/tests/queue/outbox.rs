//! Webhooks on their way.

use std::time::Duration;

use filmpress_queue::{DeliveryFilter, DeliveryState, Error, Policy};
use serde_json::{Value, json};

use crate::house::{House, team, webhook};

on_both!(
    a_webhook_is_tried_by_the_schedule_under_one_id,
    a_webhook_nobody_takes_is_given_up,
    the_dead_are_listed_and_sent_once_more,
    an_address_can_be_tried,
    a_webhook_whose_last_try_nobody_told_of_is_given_up,
);

async fn a_webhook_is_tried_by_the_schedule_under_one_id(house: &mut House) {
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
    house.queue.webhook_delivered(&last.id, 200).await.unwrap();
    assert_eq!(house.queue.until_next_webhook().await.unwrap(), None);
}

async fn a_webhook_nobody_takes_is_given_up(house: &mut House) {
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

async fn the_dead_are_listed_and_sent_once_more(house: &mut House) {
    house
        .restart_with(Policy {
            webhook_retries: vec![],
            ..Policy::default()
        })
        .await;
    let id = house.job(webhook()).await;
    house.claim().await.unwrap();
    house.finish(&id, 1).await.unwrap();
    let list = async |house: &House, state| {
        let filter = DeliveryFilter {
            job: Some(id.clone()),
            state,
            limit: 9,
        };
        house.queue.deliveries(&house.team, &filter).await.unwrap()
    };
    let waiting = list(house, Some(DeliveryState::Waiting)).await.remove(0);
    assert_eq!(
        (waiting.event.as_str(), waiting.tries, waiting.url.as_str()),
        ("finished", 0, "http://hooks.example/x")
    );
    let due = house.queue.due_webhooks(9).await.unwrap().remove(0);
    assert_eq!(
        (due.team.as_str(), due.job.as_deref()),
        (house.team.as_str(), Some(id.as_str()))
    );
    house
        .queue
        .webhook_refused(&due.id, Some(503), "the receiver answered 503")
        .await
        .unwrap();
    let dead = list(house, Some(DeliveryState::Dead)).await.remove(0);
    assert_eq!(
        (dead.state, dead.last_status, dead.next_at),
        (DeliveryState::Dead, Some(503), None)
    );
    assert_eq!(house.queue.gauges().await.unwrap().webhooks_dead, 1);
    let rival = team(&house.queue, "rival").await;
    assert!(matches!(
        house.queue.redeliver(&rival, &due.id).await,
        Err(Error::NotFound { what: "webhook", .. })
    ));
    assert!(
        house
            .queue
            .deliveries(&rival, &DeliveryFilter::default())
            .await
            .unwrap()
            .is_empty()
    );
    let again = house.queue.redeliver(&house.team, &due.id).await.unwrap();
    assert_eq!(
        (again.id.as_str(), again.state, again.tries),
        (due.id.as_str(), DeliveryState::Waiting, 0)
    );
    let due = house.queue.due_webhooks(9).await.unwrap().remove(0);
    assert_eq!((&due.id, due.attempt), (&again.id, 1));
    house.queue.webhook_delivered(&due.id, 204).await.unwrap();
    // Told twice, by a server that had given up waiting for the answer: it arrived all the same.
    house.queue.webhook_failed(&due.id, "timeout").await.unwrap();
    let delivered = list(house, None).await.remove(0);
    assert_eq!(
        (delivered.state, delivered.last_status),
        (DeliveryState::Delivered, Some(204))
    );
}

async fn an_address_can_be_tried(house: &mut House) {
    let ping = house
        .queue
        .ping_webhook(&house.team, "http://hooks.example/p")
        .await
        .unwrap();
    let due = house.queue.due_webhooks(9).await.unwrap().remove(0);
    assert_eq!((&due.id, &due.job, due.method.as_str()), (&ping.id, &None, "POST"));
    let body: Value = serde_json::from_str(&due.body).unwrap();
    assert_eq!(body, json!({"id": ping.id, "event": "ping"}));
}

async fn a_webhook_whose_last_try_nobody_told_of_is_given_up(house: &mut House) {
    let retries = vec![Duration::from_secs(1)];
    house
        .restart_with(Policy {
            webhook_retries: retries,
            ..Policy::default()
        })
        .await;
    let id = house.job(webhook()).await;
    house.claim().await.unwrap();
    house.finish(&id, 1).await.unwrap();
    for _ in 0..2 {
        assert_eq!(house.queue.due_webhooks(9).await.unwrap().len(), 1);
        house.clock.forward(1);
    }
    // Its last try may still be on its way.
    assert!(house.queue.due_webhooks(9).await.unwrap().is_empty());
    let left = house.queue.until_next_webhook().await.unwrap().unwrap();
    assert!(left > Duration::from_mins(1), "{left:?}");
    house.clock.forward(left.as_secs() as i64 + 1);
    assert!(house.queue.due_webhooks(9).await.unwrap().is_empty());
    let all = house
        .queue
        .deliveries(&house.team, &DeliveryFilter::default())
        .await
        .unwrap();
    assert_eq!(all[0].state, DeliveryState::Dead);
}
