//! Clips brought and put one after another.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use filmpress_job::protocol::Claim;
use filmpress_job::{ErrorCode, JobError, JoinCreation, Phase};
use filmpress_media::join::{Join, JoinError, join};
use filmpress_media::{MediaError, encode};
use serde_json::Value;

use super::files::{Origin, bring};
use super::render::Rendered;
use super::{Ended, Shop};
use crate::attempt::Attempt;

/// Brings all clips; gives their files in order.
pub(super) async fn fetch(
    shop: &Shop,
    claim: &Claim,
    job: &JoinCreation,
    scratch: &Path,
) -> Result<Vec<PathBuf>, JobError> {
    let origin = |(number, clip): (usize, &Value)| {
        let member = |name: &str| clip.get(name).and_then(Value::as_str);
        if member("type") == Some("job") {
            return Origin::of_child(claim, number);
        }
        member("src").map(|src| Origin::Job(src.to_owned())).ok_or_else(|| {
            let message = format!("assets[{number}] has neither a `src` nor a nested job");
            JobError::new(ErrorCode::Unsupported, Phase::Fetch, message)
        })
    };
    let origins: Vec<Origin> = job.assets.iter().enumerate().map(origin).collect::<Result<_, _>>()?;
    let files = bring(shop, scratch, origins.iter().cloned()).await?;
    Ok(origins.iter().filter_map(|origin| files.get(origin).cloned()).collect())
}

/// Joins them.
pub(super) fn render(shop: &Shop, clips: &[PathBuf], attempt: &Attempt) -> Result<Rendered, Ended> {
    let failed = |code, message: String| JobError::new(code, Phase::Render, message);
    let codec =
        encode::codec(encode::DEFAULT_CODEC).map_err(|error| failed(ErrorCode::Unsupported, error.to_string()))?;
    let file = attempt.scratch().join("output.mp4");
    let request = Join {
        clips,
        codec,
        output: &file,
        programs: &shop.config.programs,
    };
    let joined = join(&request, &attempt.stopping, |done, total| {
        let part = done as f64 / total.max(1) as f64;
        attempt.advance(12.0 + 83.0 * part, done, total);
    });
    let joined = joined.map_err(|error| {
        // A program that was ended to stop it gives an error of its own.
        if attempt.stopping.load(Ordering::Relaxed) {
            return Ended::Stopped;
        }
        Ended::Failed(match &error {
            JoinError::Clip {
                error: MediaError::MissingProgram { .. } | MediaError::Io { .. },
                ..
            } => failed(ErrorCode::Internal, error.to_string()),
            JoinError::Clip {
                error: MediaError::Encoder(_),
                ..
            } => failed(ErrorCode::EncodeFailed, error.to_string()).retryable(true),
            JoinError::Clip { clip, .. } => failed(ErrorCode::AssetInvalid, format!("assets[{clip}]: {error}")),
            JoinError::Media(MediaError::Unsound(_)) => {
                failed(ErrorCode::OutputInvalid, error.to_string()).retryable(true)
            }
            JoinError::Media(_) => failed(ErrorCode::EncodeFailed, error.to_string()).retryable(true),
        })
    })?;
    let (width, height) = joined.size;
    attempt.log(&format!(
        "{} clips, {} frames of {width}x{height} at {} a second, {}",
        clips.len(),
        joined.frames,
        joined.frame_rate,
        if joined.has_audio {
            "with sound"
        } else {
            "without sound"
        },
    ));
    Ok(Rendered {
        file,
        poster: None,
        frames: joined.frames,
        warnings: Vec::new(),
        missing_fonts: Vec::new(),
    })
}
