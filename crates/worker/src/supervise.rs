//! Looks after a running attempt from outside: time, frames, disk. What is over its limit is stopped.

use std::path::Path;
use std::time::{Duration, Instant};

use filmpress_job::{ErrorCode, JobError, Phase};

use crate::attempt::{Attempt, Stop};
use crate::limits::Limits;

/// Stops the attempt once it is over a limit; never returns, drop it when the attempt has ended.
pub(crate) async fn supervise(attempt: &Attempt, limits: &Limits) {
    let shortest = [
        limits.frame,
        limits.fetch,
        limits.prepare,
        limits.render,
        limits.publish,
    ];
    let shortest = shortest.into_iter().min().unwrap_or_default();
    let pause = (shortest / 10).clamp(Duration::from_millis(10), Duration::from_secs(1));
    let mut phase = (attempt.phase(), Instant::now());
    let mut frame = (attempt.frame(), Instant::now());
    loop {
        tokio::time::sleep(pause).await;
        let now = Instant::now();
        if attempt.phase() != phase.0 {
            phase = (attempt.phase(), now);
            frame.1 = now;
        }
        if attempt.frame() != frame.0 {
            frame = (attempt.frame(), now);
        }
        if let Some(error) = over(attempt, limits, phase.0, now - phase.1, now - frame.1) {
            attempt.stop(Stop::Failed(error));
            return std::future::pending().await;
        }
    }
}

fn over(
    attempt: &Attempt,
    limits: &Limits,
    phase: Phase,
    in_phase: Duration,
    without_frame: Duration,
) -> Option<JobError> {
    let draws = matches!(phase, Phase::Prepare | Phase::Render);
    if draws && without_frame >= limits.frame {
        let (seconds, frame) = (limits.frame.as_secs(), attempt.frame());
        let message = format!("no progress for {seconds} s after frame {frame}");
        return Some(JobError::new(ErrorCode::Timeout, phase, message));
    }
    let limit = limits.of(phase);
    if in_phase >= limit {
        let message = format!("{} took longer than {} s", phase.as_str(), limit.as_secs());
        return Some(JobError::new(ErrorCode::Timeout, phase, message));
    }
    let used = if limits.scratch == 0 {
        0
    } else {
        size(attempt.scratch())
    };
    (used > limits.scratch).then(|| {
        let message = format!(
            "the job's files took more than {} on the worker",
            amount(limits.scratch)
        );
        JobError::new(ErrorCode::ScratchLimit, phase, message)
            .hint("fewer frames, a smaller composition or a codec that packs better")
    })
}

/// Bytes of the files in a folder and the folders inside.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let of = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(about) if about.is_dir() => size(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    };
    entries.flatten().map(of).sum()
}

/// Bytes as people say them.
pub(crate) fn amount(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{bytes} bytes"),
        1_048_576..10_737_418_240 => format!("{} MB", bytes >> 20),
        _ => format!("{} GB", bytes >> 30),
    }
}
