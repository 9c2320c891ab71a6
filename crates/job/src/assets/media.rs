//! What a job brings for a layer to show: a picture in memory, a film in a file.

use std::path::Path;
use std::sync::Arc;

use filmpress_composition::{Footage, FootageSource};

use super::image_header;

/// What was found at an asset's address.
#[derive(Clone, Debug)]
pub enum Media {
    /// The bytes of anything but a film.
    Bytes(Arc<[u8]>),
    /// A film: too large for memory, and looked at already.
    Film(FilmFile),
}

/// A film in a file of this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmFile {
    /// Where it is. It must stay there for as long as frames are drawn.
    pub path: Arc<Path>,
    /// Width in pixels, as shown.
    pub width: u32,
    /// Height in pixels, as shown.
    pub height: u32,
    /// Seconds.
    pub duration: f64,
    /// Frames per second.
    pub frame_rate: f64,
    /// Whether it has sound.
    pub has_audio: bool,
}

impl From<Arc<[u8]>> for Media {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self::Bytes(bytes)
    }
}

impl Media {
    /// The footage it makes; what is wrong with it if it makes none.
    pub(super) fn footage(self) -> Result<Footage, String> {
        match self {
            Self::Film(film) => Ok(Footage {
                source: FootageSource::Placed(film.path),
                width: film.width,
                height: film.height,
                duration: film.duration,
                frame_rate: film.frame_rate,
                native_frame_rate: film.frame_rate,
                has_audio: film.has_audio,
                ..Footage::default()
            }),
            Self::Bytes(bytes) => match image_header::read(&bytes) {
                Some((_, width, height)) => Ok(Footage {
                    source: FootageSource::Embedded(bytes),
                    width,
                    height,
                    ..Footage::default()
                }),
                None => Err("is not a picture or a film: expected PNG, JPEG, WebP, GIF, MP4, MOV or WebM".to_owned()),
            },
        }
    }
}
