//! `/api/v2/webhooks`: the secret they are signed with, what was sent and what was not, sending again.

mod deliveries;
mod redeliver;
mod secret;
mod test;

use std::sync::Arc;

use filmpress_job::public::instant;
use filmpress_queue::DeliveryRecord;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(deliveries::get))
        .routes(routes!(redeliver::post))
        .routes(routes!(secret::get))
        .routes(routes!(secret::rotate))
        .routes(routes!(test::post))
}

/// A webhook, sent or on its way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    /// The same as the header `webhook-id` of each try.
    id: String,
    /// The job it tells of; none for a test.
    job_id: Option<String>,
    /// What happened: `finished`, `error`, `manually_cancelled`, or `ping` for a test.
    event: String,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    method: String,
    /// Where it goes, with the names of secrets as they were given.
    url: String,
    /// `waiting`, `delivered`, or `dead` when it was given up.
    state: String,
    /// How often it was sent so far.
    tries: u32,
    /// When it is sent next.
    #[serde(with = "instant::option")]
    next_at: Option<OffsetDateTime>,
    /// When it was taken.
    #[serde(with = "instant::option")]
    delivered_at: Option<OffsetDateTime>,
    /// What the receiver answered last.
    last_status: Option<u16>,
    /// Why the last try failed.
    last_error: Option<String>,
    /// When it came to be.
    #[serde(with = "instant")]
    created_at: OffsetDateTime,
}

impl From<DeliveryRecord> for WebhookDelivery {
    fn from(record: DeliveryRecord) -> Self {
        Self {
            id: record.id,
            job_id: record.job,
            event: record.event,
            method: record.method,
            url: record.url,
            state: record.state.as_str().to_owned(),
            tries: record.tries,
            next_at: record.next_at,
            delivered_at: record.delivered_at,
            last_status: record.last_status,
            last_error: record.last_error,
            created_at: record.created_at,
        }
    }
}
