//! Frames drawn, encoded and verified.

use std::path::PathBuf;

use filmpress_job::protocol::Claim;
use filmpress_job::settings::{Frames as JobFrames, Quality};
use filmpress_job::{ErrorCode, JobCreation, JobError, Phase};
use filmpress_media::{MediaError, encode};

use super::prepare::Prepared;
use super::{Ended, Shop};
use crate::attempt::Attempt;
use crate::film::{self, Background, FilmError, FilmRequest, Frames, Output};
use crate::stage::Stage;

/// Longest width of a preview, in pixels.
const PREVIEW_WIDTH: u32 = 640;

/// A job's output, still in the attempt's scratch folder.
pub(super) struct Rendered {
    pub file: PathBuf,
    /// A JPEG, where one is wanted.
    pub poster: Option<PathBuf>,
    pub frames: u64,
    pub warnings: Vec<String>,
    pub missing_fonts: Vec<String>,
}

pub(super) fn render(shop: &Shop, claim: &Claim, prepared: Prepared, attempt: &Attempt) -> Result<Rendered, Ended> {
    let failed = |code, message: String| JobError::new(code, Phase::Render, message);
    let (job, _) = super::render_of(claim)?;
    let output = job.output();
    let codec = encode::codec(output.codec.id()).map_err(|error| failed(ErrorCode::Unsupported, error.to_string()))?;
    let file = attempt.scratch().join(format!("output.{}", output.extension()));
    let own = prepared.stage.scene.size();
    let request = FilmRequest {
        profile: false,
        frames: frames(output.frames)?,
        size: output.preview.then(|| preview_size(own)),
        background: Background::Automatic,
        threads: shop.threads,
        codec,
        output: match output.extension() {
            "zip" => Output::Archive(file.clone()),
            _ => Output::File(file.clone()),
        },
        draft: output.quality == Quality::Draft,
        programs: shop.config.programs.clone(),
    };
    let mut warnings = prepared.warnings;
    let drawn = film::draw(&prepared.stage, &request, &shop.drawn, &attempt.stopping, |progress| {
        let part = f64::from(progress.done) / f64::from(progress.total.max(1));
        attempt.advance(12.0 + 83.0 * part, progress.done.into(), progress.total.into());
    });
    let finished = drawn.map_err(|error| film_error(&error))?.unpack(&mut warnings);
    attempt.log(&format!(
        "{} frames of {}x{} in {:.2} s",
        finished.frames, finished.size.0, finished.size.1, finished.seconds
    ));
    let poster = if job.makes_poster() {
        Some(poster(&prepared.stage, &request, job, shop, attempt)?)
    } else {
        None
    };
    let mut all = prepared.notes;
    all.extend(warnings.iter().map(ToString::to_string));
    Ok(Rendered {
        file,
        poster,
        frames: finished.frames.into(),
        warnings: all,
        missing_fonts: prepared.missing_fonts,
    })
}

/// A still of the film: of the frame asked for (`posterFrame`, counted as `settings.frames` are), or the nearest there is,
/// else of the one in the middle.
fn poster(
    stage: &Stage,
    film: &FilmRequest,
    job: &JobCreation,
    shop: &Shop,
    attempt: &Attempt,
) -> Result<PathBuf, Ended> {
    let failed = |error: FilmError| film_error(&error);
    let frames = film.frames.resolve(stage).map_err(|error| failed(error.into()))?;
    let middle = frames.get(frames.len() / 2).copied().unwrap_or(0);
    let frame = match job.poster_frame {
        Some(wanted) => frames
            .iter()
            .copied()
            .min_by_key(|frame| u64::from(*frame).abs_diff(wanted))
            .unwrap_or(middle),
        None => middle,
    };
    let path = attempt.scratch().join("poster.jpg");
    let request = FilmRequest {
        frames: Frames::List(vec![frame]),
        codec: encode::codec("image_jpeg").map_err(|error| failed(error.into()))?,
        output: Output::File(path.clone()),
        ..film.clone()
    };
    film::draw(stage, &request, &shop.drawn, &attempt.stopping, |_| {}).map_err(failed)?;
    Ok(path)
}

fn frames(frames: Option<JobFrames>) -> Result<Frames, JobError> {
    let number = |n: u64| {
        u32::try_from(n).map_err(|_| {
            let message = format!("there is no frame {n}");
            JobError::new(ErrorCode::RenderFailed, Phase::Render, message)
        })
    };
    Ok(match frames {
        None => Frames::WorkArea,
        Some(JobFrames::One(n)) => Frames::List(vec![number(n)?]),
        Some(JobFrames::Range([first, last])) => Frames::Range(number(first)?, number(last)?),
    })
}

/// The composition's size, at most [`PREVIEW_WIDTH`] wide, in even numbers.
fn preview_size((width, height): (u32, u32)) -> (u32, u32) {
    let scale = (f64::from(PREVIEW_WIDTH) / f64::from(width.max(1))).min(1.0);
    let even = |side: u32| ((f64::from(side) * scale / 2.0).round() as u32 * 2).max(2);
    (even(width), even(height))
}

fn film_error(error: &FilmError) -> Ended {
    let code = match error {
        FilmError::Cancelled => return Ended::Stopped,
        FilmError::Frames(_) | FilmError::Output(_) => ErrorCode::RenderFailed,
        FilmError::Media(MediaError::Unsound(_)) => ErrorCode::OutputInvalid,
        FilmError::Media(MediaError::Io { .. }) => ErrorCode::Internal,
        FilmError::Media(_) => ErrorCode::EncodeFailed,
    };
    let failed = JobError::new(code, Phase::Render, error.to_string());
    Ended::Failed(match error {
        FilmError::Frames(_) => failed.hint("`settings.frames` counts from 0 at the composition's start"),
        FilmError::Media(MediaError::Io { .. }) => failed.hint("is the worker's disk full?"),
        // Killed for want of memory, an encoder may live next time.
        FilmError::Media(MediaError::Encoder(_) | MediaError::Unsound(_)) => failed.retryable(true),
        _ => failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previews_are_small_even_and_of_the_same_shape() {
        assert_eq!(preview_size((1920, 1080)), (640, 360));
        assert_eq!(preview_size((1080, 1920)), (640, 1138));
        assert_eq!(preview_size((301, 201)), (302, 202));
        assert_eq!(preview_size((30_000, 1)), (640, 2));
    }
}
