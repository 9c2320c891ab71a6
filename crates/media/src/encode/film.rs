//! Frames in, one film file out.

use std::path::{Path, PathBuf};

use filmpress_pixels::{Pixmap, Yuv420};

use super::ffmpeg::{Killer, Pipe};
use super::{Codec, CodecKind, FilmCodec, FilmSettings, Layout};
use crate::{Expected, MediaError, verify};

/// A film that has been written and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// Where it is.
    pub path: PathBuf,
    /// How many frames it has.
    pub frames: u64,
    /// Size of the file, in bytes.
    pub bytes: u64,
}

/// A frame as a film encoder reads it: converted once, on any thread, and written as often as it shows.
#[derive(Clone, Debug, Default)]
pub struct FilmFrame {
    /// Size of the picture.
    width: u32,
    height: u32,
    planes: Planes,
}

#[derive(Clone, Debug)]
enum Planes {
    Yuv(Yuv420),
    Rgba(Vec<u8>),
}

impl Default for Planes {
    fn default() -> Self {
        Self::Yuv(Yuv420::new())
    }
}

impl FilmFrame {
    /// A picture as encoders of `layout` read it.
    pub fn of(picture: &Pixmap, layout: Layout) -> Self {
        let mut frame = Self::default();
        frame.convert(picture, layout);
        frame
    }

    /// Takes over a picture, in the memory of what was here before. For codecs without alpha it must have been drawn over
    /// its background.
    pub fn convert(&mut self, picture: &Pixmap, layout: Layout) {
        (self.width, self.height) = (picture.width(), picture.height());
        match (layout, &mut self.planes) {
            (Layout::Yuv420, Planes::Yuv(yuv)) => yuv.convert(picture),
            (Layout::Yuv420, planes) => {
                let mut yuv = Yuv420::new();
                yuv.convert(picture);
                *planes = Planes::Yuv(yuv);
            }
            (Layout::StraightRgba, Planes::Rgba(bytes)) => straight(picture, bytes),
            (Layout::StraightRgba, planes) => {
                let mut bytes = Vec::new();
                straight(picture, &mut bytes);
                *planes = Planes::Rgba(bytes);
            }
        }
    }

    fn layout(&self) -> Layout {
        match self.planes {
            Planes::Yuv(_) => Layout::Yuv420,
            Planes::Rgba(_) => Layout::StraightRgba,
        }
    }

    fn bytes(&self) -> &[u8] {
        match &self.planes {
            Planes::Yuv(yuv) => yuv.bytes(),
            Planes::Rgba(bytes) => bytes,
        }
    }
}

fn straight(picture: &Pixmap, bytes: &mut Vec<u8>) {
    bytes.resize(picture.bytes().len(), 0);
    for (straight, pixel) in bytes.as_chunks_mut().0.iter_mut().zip(picture.pixels()) {
        *straight = filmpress_pixels::unpremultiply(*pixel);
    }
}

/// Writes a film frame by frame. Dropped before [`FilmEncoder::finish`], it leaves no file and no process behind.
pub struct FilmEncoder {
    pipe: Pipe,
    codec: FilmCodec,
    settings: FilmSettings,
    path: PathBuf,
    temporary: tempfile::TempPath,
    frames: u64,
}

impl FilmEncoder {
    /// Starts an encoder that will put its film at `path`, replacing what is there when it is done.
    pub fn start(codec: &Codec, path: &Path, settings: &FilmSettings) -> Result<Self, MediaError> {
        let CodecKind::Film(film) = codec.kind else {
            return Err(MediaError::Unsupported(format!(
                "the codec `{}` writes single pictures, not films",
                codec.id
            )));
        };
        let temporary = super::create_beside(path)?.into_temp_path();
        let arguments = arguments(film, settings, codec.extension, &temporary);
        Ok(Self {
            pipe: Pipe::start(&settings.programs.ffmpeg, &arguments)?,
            codec: film,
            settings: settings.clone(),
            path: path.to_owned(),
            temporary,
            frames: 0,
        })
    }

    /// What ends the encoder from another thread, should it no longer read.
    pub fn killer(&self) -> Killer {
        self.pipe.killer()
    }

    /// Adds a frame of the film's size and layout.
    pub fn push(&mut self, frame: &FilmFrame) -> Result<(), MediaError> {
        if (frame.width, frame.height) != (self.settings.width, self.settings.height) {
            return Err(MediaError::Encoder(format!(
                "a frame of {}x{} does not fit a film of {}x{}",
                frame.width, frame.height, self.settings.width, self.settings.height
            )));
        }
        if frame.layout() != self.codec.layout {
            return Err(MediaError::Encoder(format!(
                "a frame as {:?} for an encoder that reads {:?}",
                frame.layout(),
                self.codec.layout
            )));
        }
        self.frames += 1;
        self.pipe.write(frame.bytes())
    }

    /// Adds a frame whose planes are just as the encoder reads them.
    pub(crate) fn push_planes(&mut self, planes: &[u8]) -> Result<(), MediaError> {
        self.frames += 1;
        self.pipe.write(planes)
    }

    /// Frames added so far.
    pub(crate) fn frames(&self) -> u64 {
        self.frames
    }

    /// Waits for the encoder, verifies the film and puts it in its place.
    pub fn finish(self) -> Result<Encoded, MediaError> {
        if self.frames == 0 {
            return Err(MediaError::Encoder("a film needs at least one frame".to_owned()));
        }
        self.pipe.finish()?;
        let (width, height) = encoded_size(self.codec.layout, &self.settings);
        let expected = Expected {
            codec: self.codec.stream,
            width,
            height,
            frames: self.frames,
            frame_rate: self.settings.frame_rate,
        };
        verify(&self.temporary, &expected, &self.settings.programs)?;
        let bytes = std::fs::metadata(&self.temporary)
            .map_err(MediaError::io(&self.path))?
            .len();
        self.temporary
            .persist(&self.path)
            .map_err(|e| MediaError::io(&self.path)(e.error))?;
        Ok(Encoded {
            path: self.path,
            frames: self.frames,
            bytes,
        })
    }
}

/// The size of the film for frames of the size of `settings`.
fn encoded_size(layout: Layout, settings: &FilmSettings) -> (u32, u32) {
    match layout {
        Layout::Yuv420 => (settings.width.next_multiple_of(2), settings.height.next_multiple_of(2)),
        Layout::StraightRgba => (settings.width, settings.height),
    }
}

fn arguments(codec: FilmCodec, settings: &FilmSettings, extension: &str, to: &Path) -> Vec<String> {
    const BT709: [&str; 6] = [
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
    ];
    let (width, height) = encoded_size(codec.layout, settings);
    let mut all: Vec<String> = ["-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo"]
        .map(Into::into)
        .into();
    match codec.layout {
        Layout::Yuv420 => {
            all.extend(["-pix_fmt", "yuv420p", "-color_range", "tv"].map(Into::into));
            all.extend(BT709.map(Into::into));
        }
        Layout::StraightRgba => all.extend(["-pix_fmt", "rgba"].map(Into::into)),
    }
    all.extend(["-video_size".into(), format!("{width}x{height}")]);
    all.extend(["-framerate".into(), settings.frame_rate.to_string()]);
    all.extend(["-i", "pipe:0", "-an"].map(Into::into));
    all.extend((codec.arguments)(settings));
    all.extend(["-color_range", "tv"].map(Into::into));
    all.extend(BT709.map(Into::into));
    // The same input gives the same bytes: no encoder version or date in the file.
    all.extend(["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"].map(Into::into));
    all.extend(["-f".into(), extension.into(), to.display().to_string()]);
    all
}
