//! A job, stage by stage.
//!
//! | stage | what it does | file |
//! |---|---|---|
//! | fetch | template, assets and fonts as bytes | `fetch` |
//! | prepare | template read, assets applied, composition staged | `prepare` |
//! | render | frames drawn, encoded, verified | `render` |
//! | publish | output handed over | `publish` |
//!
//! Each gives a [`JobError`] with its phase, or stops when the attempt is stopped. Files of the job go into
//! [`Attempt::scratch`]. Time, memory and disk are watched from outside (`supervise`, `children`); nothing here reports to
//! the server: stages run where there is no token.

mod fetch;
mod prepare;
mod publish;
mod render;

use std::sync::Arc;
use std::time::Duration;

use filmpress_job::protocol::{Claim, Finish, TemplateSource};
use filmpress_job::{ErrorCode, JobCreation, JobError, Phase};

use crate::attempt::Attempt;
use crate::shop::Shop;

/// How long a stopped drawing thread is waited for; it looks up between frames.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a stage did not come to its end.
#[derive(Debug)]
pub enum Ended {
    /// It failed.
    Failed(JobError),
    /// The attempt was stopped.
    Stopped,
}

impl From<JobError> for Ended {
    fn from(error: JobError) -> Self {
        Self::Failed(error)
    }
}

/// The render that a claim asks for.
fn job(claim: &Claim) -> Result<(&JobCreation, &TemplateSource), JobError> {
    claim.payload.render().zip(claim.template.as_ref()).ok_or_else(|| {
        let message = "this worker does not join films";
        JobError::new(ErrorCode::Unsupported, Phase::Fetch, message)
    })
}

/// Runs all stages of a job; gives what is to be reported once the output has been put.
pub async fn run(shop: &Shop, claim: Arc<Claim>, attempt: &Arc<Attempt>) -> Result<Finish, Ended> {
    attempt.enter(Phase::Fetch, 0.0);
    let fetched = unless_stopped(attempt, fetch::fetch(shop, &claim)).await?;
    attempt.enter(Phase::Prepare, 8.0);
    let prepared = {
        let (shop, claim) = (shop.clone(), claim.clone());
        blocking(attempt, move || prepare::prepare(&shop, &claim, fetched)).await?
    };
    for warning in &prepared.warnings {
        attempt.log(&format!("warning: {warning}"));
    }
    attempt.enter(Phase::Render, 12.0);
    let rendered = {
        let (shop, claim, attempt_there) = (shop.clone(), claim.clone(), attempt.clone());
        blocking(attempt, move || render::render(&shop, &claim, prepared, &attempt_there)).await?
    };
    attempt.enter(Phase::Publish, 95.0);
    unless_stopped(attempt, publish::publish(shop, &claim, rendered, attempt)).await
}

async fn unless_stopped<T>(attempt: &Attempt, work: impl Future<Output = Result<T, JobError>>) -> Result<T, Ended> {
    tokio::select! {
        biased;
        _ = attempt.until_stopped() => Err(Ended::Stopped),
        result = work => Ok(result?),
    }
}

/// Runs work that takes its time on a thread of its own. A panic there is an error here. Once the attempt is stopped, it
/// is waited for a little, then left to itself.
async fn blocking<T: Send + 'static>(
    attempt: &Arc<Attempt>,
    work: impl FnOnce() -> Result<T, Ended> + Send + 'static,
) -> Result<T, Ended> {
    let mut handle = tokio::task::spawn_blocking(work);
    let joined = tokio::select! {
        joined = &mut handle => Some(joined),
        _ = attempt.until_stopped() => None,
    };
    let Some(joined) = joined else {
        let _ = tokio::time::timeout(PATIENCE, handle).await;
        return Err(Ended::Stopped);
    };
    joined.unwrap_or_else(|error| {
        let said = panic_text(error);
        tracing::error!(job = attempt.job, said, "panic");
        let message = format!("an internal error stopped the job: {said}");
        let error = JobError::new(ErrorCode::Internal, attempt.phase(), message);
        Err(error
            .hint("this is a fault of the program; please report it with the template")
            .into())
    })
}

/// What a panic said.
pub fn panic_text(error: tokio::task::JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else {
        return "it was ended".to_owned();
    };
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it panicked without words").chars().take(300).collect()
}
