//! A job, stage by stage.
//!
//! | stage | what it does | file |
//! |---|---|---|
//! | fetch | template, assets and fonts of a render; clips of a join | `fetch`, `join`; `files` for both |
//! | prepare | template read, assets applied, composition staged | `prepare` |
//! | render | frames drawn or clips joined, encoded, verified; the poster | `render`, `join` |
//! | publish | output handed over | `publish` |
//!
//! Secrets are put in their places before the first stage; from then on only the attempt's redactor stands between them
//! and what is said of the job.
//!
//! Each gives a [`JobError`] with its phase, or stops when the attempt is stopped. Files of the job go into
//! [`Attempt::scratch`]. Time, memory and disk are watched from outside (`supervise`, `children`); nothing here reports to
//! the server: stages run where there is no token.

mod fetch;
mod files;
mod join;
mod prepare;
mod publish;
mod render;

use std::sync::Arc;
use std::time::Duration;

use filmpress_job::protocol::{Claim, Finish, TemplateSource};
use filmpress_job::{ErrorCode, JobCreation, JobError, JoinCreation, Payload, Phase};

use crate::attempt::Attempt;
use crate::shop::Shop;
use render::Rendered;

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
fn render_of(claim: &Claim) -> Result<(&JobCreation, &TemplateSource), JobError> {
    claim.payload.render().zip(claim.template.as_ref()).ok_or_else(|| {
        let message = "the server named no template for the job";
        JobError::new(ErrorCode::Internal, Phase::Fetch, message)
    })
}

/// Runs all stages of a job; gives what is to be reported once the output has been put.
pub async fn run(shop: &Shop, claim: Arc<Claim>, attempt: &Arc<Attempt>) -> Result<Finish, Ended> {
    attempt.enter(Phase::Fetch, 0.0);
    let claim = with_secrets(&claim)?;
    let rendered = match &claim.payload {
        Payload::Render(_) => rendered(shop, &claim, attempt).await?,
        Payload::Join(join) => joined(shop, &claim, join, attempt).await?,
    };
    for warning in &rendered.warnings {
        attempt.log(&format!("warning: {warning}"));
    }
    attempt.enter(Phase::Publish, 95.0);
    unless_stopped(attempt, publish::publish(shop, &claim, rendered, attempt)).await
}

/// The claim with the values of secrets where the payload names them.
fn with_secrets(claim: &Arc<Claim>) -> Result<Arc<Claim>, JobError> {
    let payload = claim.payload.with_secrets(&claim.secrets).map_err(|missing| {
        JobError::new(ErrorCode::SecretMissing, Phase::Fetch, missing.to_string())
            .hint("it was there when the job was made; make it again and retry the job")
    })?;
    Ok(Arc::new(Claim {
        payload,
        ..Claim::clone(claim)
    }))
}

async fn rendered(shop: &Shop, claim: &Arc<Claim>, attempt: &Arc<Attempt>) -> Result<Rendered, Ended> {
    let fetched = unless_stopped(attempt, fetch::fetch(shop, claim, attempt.scratch())).await?;
    attempt.enter(Phase::Prepare, 8.0);
    let prepared = {
        let (shop, claim, attempt_there) = (shop.clone(), claim.clone(), attempt.clone());
        blocking(attempt, move || {
            prepare::prepare(&shop, &claim, attempt_there.scratch(), fetched)
        })
        .await?
    };
    attempt.enter(Phase::Render, 12.0);
    let (shop, claim, attempt_there) = (shop.clone(), claim.clone(), attempt.clone());
    blocking(attempt, move || render::render(&shop, &claim, prepared, &attempt_there)).await
}

async fn joined(shop: &Shop, claim: &Claim, job: &JoinCreation, attempt: &Arc<Attempt>) -> Result<Rendered, Ended> {
    let clips = unless_stopped(attempt, join::fetch(shop, claim, job, attempt.scratch())).await?;
    attempt.enter(Phase::Render, 12.0);
    let (shop, attempt_there) = (shop.clone(), attempt.clone());
    blocking(attempt, move || join::render(&shop, &clips, &attempt_there)).await
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
        let said = attempt.redactor().clean(&panic_text(error)).into_owned();
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
