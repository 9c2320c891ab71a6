//! Telling clients: takes what is due from the outbox and sends it.

use std::sync::Arc;
use std::time::Duration;

use filmpress_queue::{Delivery, Queue};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use time::OffsetDateTime;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::guard::{GuardedClient, all_causes};

/// So many receivers may be slow before others wait for them.
const AT_ONCE: u32 = 64;

/// Without news, look again after this long: another process may have written to the outbox.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Sends webhooks until the server ends.
pub async fn send_all(app: Arc<App>, client: GuardedClient) {
    let room = Arc::new(Semaphore::new(AT_ONCE as usize));
    loop {
        let news = app.queue.webhook_waits();
        let wait = match send_due(&app, &client, &room).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!("webhooks: {error}");
                LOOK_AGAIN
            }
        };
        tokio::select! {
            () = news => {}
            () = tokio::time::sleep(wait) => {}
            () = app.ends() => return,
        }
    }
}

/// Begins to send what is due; returns how long to wait for more.
async fn send_due(
    app: &Arc<App>,
    client: &GuardedClient,
    room: &Arc<Semaphore>,
) -> Result<Duration, filmpress_queue::Error> {
    let free = room.available_permits().min(AT_ONCE as usize) as u32;
    let due = app.queue.due_webhooks(free).await?;
    let is_full = due.len() as u32 == free;
    for delivery in due {
        let (app, client, room) = (app.clone(), client.clone(), room.clone());
        tokio::spawn(async move {
            let _place = room.acquire().await;
            deliver(&app.queue, &client, &delivery).await;
        });
    }
    if is_full {
        return Ok(Duration::from_millis(100));
    }
    let next = app.queue.until_next_webhook().await?;
    Ok(next.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN))
}

async fn deliver(queue: &Queue, client: &GuardedClient, delivery: &Delivery) {
    let noted = match send(client, delivery).await {
        Ok(status) => queue.webhook_delivered(&delivery.id, status).await,
        Err(error) => {
            let (id, job, attempt) = (&delivery.id, delivery.job.as_deref(), delivery.attempt);
            tracing::warn!(webhook = id, job, attempt, "not delivered: {error}");
            queue.webhook_failed(id, &error).await
        }
    };
    if let Err(error) = noted {
        // It is tried again when that is due: twice is better than never.
        tracing::error!(webhook = delivery.id, "noting a delivery: {error}");
    }
}

async fn send(client: &GuardedClient, delivery: &Delivery) -> Result<u16, String> {
    let method = Method::from_bytes(delivery.method.as_bytes()).map_err(|error| error.to_string())?;
    let has_body = method != Method::GET;
    let mut request = client.request(method, &delivery.url)?.headers(headers(delivery));
    if has_body {
        request = request.body(delivery.body.clone());
    }
    let response = request.send().await.map_err(|error| all_causes(&error.without_url()))?;
    if response.status().is_success() {
        Ok(response.status().as_u16())
    } else {
        Err(format!("the receiver answered {}", response.status()))
    }
}

/// The client's headers, but ours where both have one: receivers tell repeats by them.
fn headers(delivery: &Delivery) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let own = [
        ("webhook-id", delivery.id.clone()),
        (
            "webhook-timestamp",
            OffsetDateTime::now_utc().unix_timestamp().to_string(),
        ),
    ];
    let theirs = delivery.headers.iter().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.as_str(), value)
    });
    // The length and the framing are the client's business, not the sender's.
    let framing = ["content-length", "transfer-encoding", "connection", "host"];
    for (name, value) in theirs
        .filter(|(name, _)| !framing.contains(&name.to_ascii_lowercase().as_str()))
        .chain(own)
    {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            headers.insert(name, value);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use filmpress_queue::Delivery;
    use serde_json::json;

    use super::headers;

    #[test]
    fn clients_add_headers_but_do_not_forge_ours() {
        let theirs = json!({"X-Key": "k", "X-Count": 3, "Content-Type": "text/x", "Webhook-Id": "forged", "Host": "h"});
        let delivery = Delivery {
            id: "msg_1".into(),
            team: "T".into(),
            job: Some("J".into()),
            method: "POST".into(),
            url: "http://h/".into(),
            headers: theirs.as_object().unwrap().clone(),
            body: "{}".into(),
            attempt: 1,
        };
        let headers = headers(&delivery);
        assert_eq!(
            (&headers["x-key"], &headers["x-count"]),
            (&"k".parse().unwrap(), &"3".parse().unwrap())
        );
        assert_eq!(
            (&headers["content-type"], &headers["webhook-id"]),
            (&"text/x".parse().unwrap(), &"msg_1".parse().unwrap())
        );
        assert!(!headers.contains_key("host"));
    }
}
