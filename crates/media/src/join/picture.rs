//! A clip to frames of the film it becomes part of.

use std::process::Command;

use super::reader::{Reader, Watch};
use crate::decode::{Film, FilmFootage};
use crate::{FrameRate, MediaError, Programs};

/// Size of a film's frames, in even numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub width: u32,
    pub height: u32,
}

/// A clip's place in the frames of the film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fit {
    size: (u32, u32),
    at: (u32, u32),
}

impl Shape {
    /// That of a clip, with square pixels.
    pub(super) fn of(footage: &FilmFootage) -> Self {
        let width = (f64::from(footage.width) * footage.pixel_aspect).round() as u32;
        Self {
            width: width.max(1).next_multiple_of(2),
            height: footage.height.next_multiple_of(2),
        }
    }

    /// As large as fits, in the middle.
    fn fit(self, footage: &FilmFootage) -> Fit {
        let (width, height) = (
            f64::from(footage.width) * footage.pixel_aspect,
            f64::from(footage.height),
        );
        let scale = (f64::from(self.width) / width).min(f64::from(self.height) / height);
        let even = |side: f64, most: u32| (((side * scale / 2.0).round() as u32) * 2).clamp(2, most);
        let size = (even(width, self.width), even(height, self.height));
        let margin = |whole: u32, part: u32| (whole - part) / 4 * 2;
        Fit {
            size,
            at: (margin(self.width, size.0), margin(self.height, size.1)),
        }
    }
}

/// Calls `push` with the planes of each frame of a clip, at the film's size and rate.
pub(super) fn each_frame(
    clip: &Film,
    shape: Shape,
    rate: FrameRate,
    programs: &Programs,
    watch: &Watch,
    mut push: impl FnMut(&[u8]) -> Result<(), MediaError>,
) -> Result<(), MediaError> {
    let footage = clip.footage();
    let fit = shape.fit(&footage);
    let mut command = Command::new(&programs.ffmpeg);
    command.args(["-hide_banner", "-loglevel", "error", "-nostdin"]);
    clip.input(&mut command);
    let FrameRate { numerator, denominator } = rate;
    let matrix = if clip.is_untagged_hd() {
        "in_color_matrix=bt709:"
    } else {
        ""
    };
    // Transparent clips over black, as players show them.
    let (over_black, matrix) = if footage.has_alpha {
        (
            format!(",scale={matrix}flags=bicubic,format=gbrap,premultiply=inplace=1"),
            "",
        )
    } else {
        (String::new(), matrix)
    };
    let Fit {
        size: (w, h),
        at: (x, y),
    } = fit;
    let Shape { width, height } = shape;
    let filter = format!(
        "fps={numerator}/{denominator}:start_time=0{over_black},\
         scale={w}:{h}:{matrix}out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p,\
         pad={width}:{height}:{x}:{y}:black"
    );
    command.args([
        "-map", "0:v:0", "-an", "-vf", &filter, "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1",
    ]);
    let mut reader = Reader::start(command, &programs.ffmpeg, watch)?;
    let mut planes = vec![0; width as usize * height as usize / 2 * 3];
    while reader.fill(&mut planes)? == planes.len() {
        push(&planes)?;
    }
    reader.finish()
}

#[cfg(test)]
mod tests {
    use super::{Fit, Shape};
    use crate::decode::FilmFootage;

    fn footage(width: u32, height: u32, pixel_aspect: f64) -> FilmFootage {
        FilmFootage {
            width,
            height,
            frame_rate: 25.0,
            duration: 1.0,
            pixel_aspect,
            has_alpha: false,
            has_audio: false,
        }
    }

    #[test]
    fn clips_fit_whole_and_in_the_middle() {
        let shape = Shape::of(&footage(639, 361, 1.0));
        assert_eq!((shape.width, shape.height), (640, 362));
        let shape = Shape {
            width: 640,
            height: 360,
        };
        let fit = |w, h, aspect| shape.fit(&footage(w, h, aspect));
        assert_eq!(
            fit(1920, 1080, 1.0),
            Fit {
                size: (640, 360),
                at: (0, 0)
            }
        );
        assert_eq!(
            fit(100, 100, 1.0),
            Fit {
                size: (360, 360),
                at: (140, 0)
            }
        );
        assert_eq!(
            fit(2000, 100, 1.0),
            Fit {
                size: (640, 32),
                at: (0, 164)
            }
        );
        assert_eq!(
            fit(320, 360, 2.0),
            Fit {
                size: (640, 360),
                at: (0, 0)
            }
        );
        assert_eq!(fit(1, 10_000, 1.0).size, (2, 360));
    }
}
