//! The output handed over, and what is to be reported of the job.

use std::time::Duration;

use filmpress_job::protocol::{Claim, Finish};
use filmpress_job::{ErrorCode, JobError, Phase};

use super::Shop;
use super::render::Rendered;
use crate::attempt::{Attempt, Stop};
use crate::server::ServerError;

/// Pauses before each further try.
const PAUSES: [u64; 4] = [1, 3, 9, 20];

pub(super) async fn publish(
    shop: &Shop,
    claim: &Claim,
    rendered: Rendered,
    attempt: &Attempt,
) -> Result<Finish, JobError> {
    let mut pauses = PAUSES.iter();
    loop {
        match (
            shop.transfer.put(&claim.output.put_url, &rendered.file).await,
            pauses.next(),
        ) {
            (Ok(()), _) => break,
            (Err(error), Some(&pause)) if error.is_passing() => {
                tracing::warn!(job = attempt.job, %error, "output not taken; trying again");
                tokio::time::sleep(Duration::from_secs(pause)).await;
            }
            (Err(error), _) => return Err(refused(attempt, &error)),
        }
    }
    attempt.advance(99.0, attempt.frame(), attempt.frame());
    Ok(Finish {
        attempt: attempt.number(),
        render_duration: attempt.seconds(),
        warnings: rendered.warnings.iter().map(ToString::to_string).collect(),
        missing_fonts: rendered.missing_fonts,
        log: Some(attempt.log_text()),
    })
}

fn refused(attempt: &Attempt, error: &ServerError) -> JobError {
    if matches!(error, ServerError::Stale) {
        attempt.stop(Stop::Unwanted);
    }
    let message = format!("the output could not be handed over: {error}");
    JobError::new(ErrorCode::PublishFailed, Phase::Publish, message)
}
