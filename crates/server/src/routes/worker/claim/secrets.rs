//! The values of the secrets that the job names. They are opened for this answer alone.
//!
//! A secret that is not there any more is left out: the worker says so in the job's error.

use filmpress_job::protocol::Secrets;
use filmpress_job::{ErrorCode, JobError, Phase};
use filmpress_queue::JobRecord;

use super::Lack;
use crate::app::App;

pub(super) async fn of(app: &App, job: &JobRecord) -> Result<Secrets, Lack> {
    let names: Vec<String> = job.payload.secret_names().into_iter().collect();
    if names.is_empty() {
        return Ok(Secrets::default());
    }
    let mut values = Secrets::default();
    for (name, sealed) in app.queue.sealed_secrets(&job.team, &names).await? {
        match app.sealer.open(&job.team, &name, &sealed) {
            Ok(value) => drop(values.0.insert(name, value)),
            Err(error) => {
                tracing::error!(job = job.id, secret = name, %error, "secret not opened");
                let text = format!("the secret `{name}` cannot be opened: {error}");
                let error = JobError::new(ErrorCode::SecretMissing, Phase::Fetch, text);
                let hint = "remove the secret and make it again, or give the server the key it was sealed with";
                return Err(Lack::Job(error.hint(hint)));
            }
        }
    }
    Ok(values)
}
