//! Telling clients: takes what is due from the outbox and sends it, signed.

mod request;
mod signing;

use std::sync::Arc;
use std::time::{Duration, Instant};

use filmpress_queue::Delivery;
use tokio::sync::Semaphore;

pub use signing::{SigningSecret, of_team as secret_of_team};

use crate::app::App;
use crate::guard::all_causes;

/// So many receivers may be slow before others wait for them.
const AT_ONCE: u32 = 64;

/// Without news, look again after this long: another process may have written to the outbox.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Sends webhooks until the server ends.
pub async fn send_all(app: Arc<App>) {
    let room = Arc::new(Semaphore::new(AT_ONCE as usize));
    loop {
        let news = app.queue.webhook_waits();
        let wait = match send_due(&app, &room).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!("webhooks: {error}");
                LOOK_AGAIN
            }
        };
        tokio::select! {
            () = news => {}
            () = tokio::time::sleep(wait) => {}
            () = app.ends() => break,
        }
    }
    // What is on its way arrives, or is tried again by the next server: each was counted as tried when it was taken.
    let _ = tokio::time::timeout(app.config.webhook_timeout, room.acquire_many(AT_ONCE)).await;
}

/// Begins to send what is due; returns how long to wait for more.
async fn send_due(app: &Arc<App>, room: &Arc<Semaphore>) -> Result<Duration, filmpress_queue::Error> {
    let free = room.available_permits().min(AT_ONCE as usize) as u32;
    if free == 0 {
        return Ok(Duration::from_millis(100));
    }
    let due = app.queue.due_webhooks(free).await?;
    let is_full = due.len() as u32 == free;
    for delivery in due {
        // There is room: nobody else takes of it.
        let Ok(place) = room.clone().acquire_owned().await else {
            break;
        };
        let app = app.clone();
        tokio::spawn(async move {
            deliver(&app, &delivery).await;
            drop(place);
        });
    }
    if is_full {
        return Ok(Duration::from_millis(10));
    }
    let next = app.queue.until_next_webhook().await?;
    Ok(next.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN))
}

async fn deliver(app: &App, delivery: &Delivery) {
    let began = Instant::now();
    let sent = send(app, delivery).await;
    app.metrics.webhook(sent.is_ok(), began.elapsed());
    let (id, job, attempt) = (
        &delivery.id,
        delivery.job.as_deref().unwrap_or("none"),
        delivery.attempt,
    );
    let noted = match sent {
        Ok(status) => {
            tracing::debug!(webhook = id, job, attempt, status, "delivered");
            app.queue.webhook_delivered(id, status).await
        }
        Err(error) => {
            tracing::warn!(webhook = id, job, attempt, "not delivered: {error}");
            app.queue.webhook_failed(id, &error).await
        }
    };
    if let Err(error) = noted {
        // It is tried again when that is due: twice is better than never.
        tracing::error!(webhook = id, job, "noting a delivery: {error}");
    }
}

/// Sends it once; the status of a receiver that took it, or why it did not arrive, without the values of secrets.
async fn send(app: &App, delivery: &Delivery) -> Result<u16, String> {
    let filled = request::fill(app, delivery).await?;
    let signing = signing::of_team(app, &delivery.team).await?;
    let headers = request::headers(&filled, &signing);
    let mut request = app.client.request(filled.method.clone(), &filled.url)?.headers(headers);
    if let Some(body) = filled.body {
        request = request.body(body);
    }
    // The URL may have a secret in it.
    let response = request.send().await.map_err(|error| all_causes(&error.without_url()))?;
    if response.status().is_success() {
        Ok(response.status().as_u16())
    } else {
        Err(format!("the receiver answered {}", response.status()))
    }
}
