//! The output handed over.

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
    rendered: &Rendered,
    attempt: &Attempt,
) -> Result<(), JobError> {
    let mut pauses = PAUSES.iter();
    loop {
        match (
            shop.server.put(&claim.output.put_url, &rendered.file).await,
            pauses.next(),
        ) {
            (Ok(()), _) => break,
            (Err(error), Some(&pause)) if error.is_passing() => {
                tracing::warn!(job = attempt.job, %error, "output not taken; trying again");
                tokio::time::sleep(Duration::from_secs(pause)).await;
            }
            (Err(error), _) => return refused(attempt, "the output could not be handed over", &error),
        }
    }
    attempt.advance(99.0, attempt.frame(), attempt.frame());
    let finish = Finish {
        attempt: attempt.number(),
        render_duration: attempt.seconds(),
        warnings: rendered.warnings.iter().map(ToString::to_string).collect(),
        missing_fonts: rendered.missing_fonts.clone(),
        log: Some(attempt.log_text()),
    };
    match shop.server.finish(&attempt.job, &finish).await {
        Ok(()) => Ok(()),
        Err(error) => refused(attempt, "the end of the job could not be reported", &error),
    }
}

fn refused(attempt: &Attempt, what: &str, error: &ServerError) -> Result<(), JobError> {
    if matches!(error, ServerError::Stale) {
        attempt.stop(Stop::Unwanted);
    }
    let message = format!("{what}: {error}");
    Err(JobError::new(ErrorCode::PublishFailed, Phase::Publish, message))
}
