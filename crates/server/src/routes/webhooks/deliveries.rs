//! `GET /api/v2/webhooks/deliveries`: what was sent and what was not; `state=dead` are the dead letters.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use filmpress_job::Problem;
use filmpress_queue::{DeliveryFilter, DeliveryState};

use super::WebhookDelivery;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::fields::page_limit;

/// Lists webhooks of the team, the newest first.
#[utoipa::path(get, path = "/deliveries", operation_id = "list-webhook-deliveries", tag = "Webhooks",
    security(("token" = [])),
    params(
        ("state" = Option<String>, Query, description = "`waiting`, `delivered` or `dead`",
            pattern = "^(waiting|delivered|dead)?$"),
        ("job" = Option<String>, Query, description = "Only those of this job"),
        ("limit" = Option<u32>, Query, description = "How many to give, 1 to 1000", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, body = Vec<WebhookDelivery>), (status = 400, body = ErrorBody),
        (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<Vec<WebhookDelivery>>> {
    let mut problems = Vec::new();
    let given = |key: &str| query.get(key).map(String::as_str).filter(|text| !text.is_empty());
    let state = given("state").and_then(|word| {
        let state = DeliveryState::from_word(word);
        if state.is_none() {
            let text = format!("must be `waiting`, `delivered` or `dead`, not `{word}`");
            problems.push(Problem::new("state", text));
        }
        state
    });
    let limit = page_limit(query.get("limit").map(String::as_str), &mut problems);
    if !problems.is_empty() {
        return Err(ApiError::invalid(problems));
    }
    let filter = DeliveryFilter {
        job: given("job").map(str::to_owned),
        state,
        limit,
    };
    let found = app.queue.deliveries(&team, &filter).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}
