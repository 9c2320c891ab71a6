//! What is kept no longer: outputs, jobs, logs, idempotency keys, uploads that never ended.
//!
//! One server at a time does this. A file goes before its job forgets it: a server that goes down in between finds it
//! again, and removing what is gone is no mistake.

use std::sync::Arc;
use std::time::Duration;

use filmpress_queue::{Error, new_id};
use time::OffsetDateTime;

use crate::app::App;

/// A server that cleans up and falls silent is replaced after this long.
const TURN: Duration = Duration::from_mins(15);

/// So many jobs are seen to before looking at the clock again.
const PORTION: u32 = 200;

/// An upload that has not ended after so long never will.
const UPLOAD: Duration = Duration::from_hours(24);

/// The name of the turn.
const TASK: &str = "retention";

/// Cleans up now and then, until the server ends.
pub async fn clean_up(app: Arc<App>) {
    let me = new_id();
    loop {
        match app.queue.take_turn(TASK, &me, TURN).await {
            Ok(true) => {
                if let Err(error) = once(&app, &me).await {
                    tracing::error!("cleaning up: {error}");
                }
            }
            Ok(false) => {}
            Err(error) => tracing::error!("cleaning up: {error}"),
        }
        tokio::select! {
            () = tokio::time::sleep(app.config.clean_up_pause) => {}
            () = app.ends() => return,
        }
    }
}

async fn once(app: &App, me: &str) -> Result<(), Error> {
    let now = OffsetDateTime::now_utc();
    let policy = app.queue.policy();
    let (kept, idempotency) = (policy.retention, policy.idempotency);
    // A job's files go with it.
    let outputs = [kept.outputs, kept.jobs].into_iter().flatten().min();
    if let Some(age) = outputs {
        outputs_until(app, me, now - age).await?;
    }
    if let Some(age) = kept.jobs {
        jobs_until(app, me, now - age).await?;
    }
    if let Some(age) = kept.logs {
        match app.queue.redact(now - age).await? {
            0 => {}
            count => tracing::info!("forgot logs and values of {count} jobs"),
        }
    }
    app.queue.drop_idempotency(now - idempotency).await?;
    app.storage.remove_stale(UPLOAD).await;
    Ok(())
}

async fn outputs_until(app: &App, me: &str, before: OffsetDateTime) -> Result<(), Error> {
    while goes_on(app, me).await? {
        let expired = app.queue.expired(before, PORTION).await?;
        for old in &expired {
            for key in &old.keys {
                app.storage.remove(key).await;
            }
            // Attempts that were put and never reported, too.
            app.storage.remove_others(&format!("outputs/{}", old.job), &[]).await;
            app.queue.forget_outputs(&old.job).await?;
        }
        if !expired.is_empty() {
            tracing::info!("removed the outputs of {} jobs", expired.len());
        }
        if expired.len() < PORTION as usize {
            return Ok(());
        }
    }
    Ok(())
}

async fn jobs_until(app: &App, me: &str, before: OffsetDateTime) -> Result<(), Error> {
    while goes_on(app, me).await? {
        let old = app.queue.removable(before, PORTION).await?;
        if old.is_empty() {
            return Ok(());
        }
        let count = app.queue.remove_jobs(&old).await?;
        tracing::info!("removed {count} jobs");
        if count == 0 {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether it still is this server's turn, and the server is not about to end.
async fn goes_on(app: &App, me: &str) -> Result<bool, Error> {
    Ok(!*app.ending.borrow() && app.queue.take_turn(TASK, me, TURN).await?)
}
