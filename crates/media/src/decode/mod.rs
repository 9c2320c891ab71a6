//! Footage bytes to pixmaps. Formats are recognised by content, never by a file's name.
//!
//! Films are read by the `ffmpeg` program (`film`).
//!
//! To add a still format: a file with `FORMAT`, `mod x;` and its line in [`FORMATS`].

mod film;
mod gif;
mod jpeg;
mod png;
mod webp;

use std::panic::{AssertUnwindSafe, catch_unwind};

use filmpress_pixels::{MAX_SIDE, Pixmap, premultiply};

use crate::MediaError;

pub use film::{Film, FilmFootage, container, containers};

/// Most pixels of a still: 128 Mi, half a gigabyte in memory.
pub const MAX_PIXELS: u64 = 1 << 27;

/// How a file's alpha channel is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alpha {
    /// Colours do not contain alpha.
    #[default]
    Straight,
    /// Colours are already multiplied, over a background of this colour.
    Premultiplied([u8; 3]),
    /// There is none: opaque.
    Ignore,
}

/// Straight RGBA, row by row.
type Pixels = Vec<[u8; 4]>;

/// What a decoder says when it cannot go on.
type Outcome<T> = Result<T, String>;

/// A still format.
struct Format {
    name: &'static str,
    /// Whether these bytes begin like it.
    matches: fn(&[u8]) -> bool,
    /// Width and height, from the header alone.
    size: fn(&[u8]) -> Outcome<(u32, u32)>,
    /// The pixels of a picture whose size has been found acceptable.
    decode: fn(&[u8], Size) -> Outcome<Pixels>,
}

/// Width and height, in pixels.
#[derive(Clone, Copy)]
struct Size {
    width: u32,
    height: u32,
}

impl Size {
    fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }
}

const FORMATS: &[Format] = &[png::FORMAT, jpeg::FORMAT, webp::FORMAT, gif::FORMAT];

/// Beginnings of formats that are known and not read, to name them in errors: offset, bytes, name.
const OTHERS: &[(usize, &[u8], &str)] = &[
    (4, b"ftyp", "an MP4, QuickTime or HEIF file"),
    (4, b"moov", "a QuickTime film"),
    (4, b"mdat", "a QuickTime film"),
    (0, b"\x1A\x45\xDF\xA3", "a WebM or Matroska film"),
    (8, b"AVI ", "an AVI film"),
    (8, b"WAVE", "a WAV sound"),
    (0, b"ID3", "an MP3 sound"),
    (0, b"OggS", "an Ogg file"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"%PDF", "a PDF or Illustrator document"),
    (0, b"%!PS", "a PostScript or Illustrator document"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"v/1\x01", "an OpenEXR picture"),
    (0, b"<svg", "an SVG picture"),
    (0, b"<?xml", "an XML document"),
    (0, b"<!DOCTYPE", "an HTML page"),
    (0, b"<html", "an HTML page"),
];

/// Names of the still formats that are read.
pub fn still_formats() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|format| format.name)
}

fn format_of(bytes: &[u8]) -> Result<&'static Format, MediaError> {
    if let Some(format) = FORMATS.iter().find(|f| (f.matches)(bytes)) {
        return Ok(format);
    }
    let other = OTHERS
        .iter()
        .find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    let found = match other {
        Some((_, _, name)) => name,
        None if bytes.is_empty() => "an empty file",
        None => "an unknown format",
    };
    let names: Vec<_> = FORMATS.iter().map(|f| f.name).collect();
    Err(MediaError::Unsupported(format!(
        "{found} is not read as a picture; read are {}",
        names.join(", ")
    )))
}

/// Decoders are other people's code fed with anything: even their panics become errors.
fn guarded<T>(format: &Format, f: impl FnOnce() -> Outcome<T>) -> Result<T, MediaError> {
    catch_unwind(AssertUnwindSafe(f))
        .unwrap_or_else(|_| Err("the decoder gave up on it".to_owned()))
        .map_err(|reason| MediaError::Malformed {
            format: format.name,
            reason,
        })
}

fn checked_size(format: &Format, bytes: &[u8]) -> Result<Size, MediaError> {
    let (width, height) = guarded(format, || (format.size)(bytes))?;
    let side = 1..=MAX_SIDE;
    if !side.contains(&width) || !side.contains(&height) || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(MediaError::Limit(format!(
            "a {} picture of {width}x{height} is over the limit of {MAX_SIDE} a side and {MAX_PIXELS} pixels",
            format.name
        )));
    }
    Ok(Size { width, height })
}

/// Width and height of a still, in pixels, from its header alone.
pub fn probe_still(bytes: &[u8]) -> Result<(u32, u32), MediaError> {
    let size = checked_size(format_of(bytes)?, bytes)?;
    Ok((size.width, size.height))
}

/// Decodes a still to 8 bits a channel. Of an animation, the first frame. Colour profiles, gamma and EXIF orientation
/// are not applied.
pub fn still(bytes: &[u8], alpha: Alpha) -> Result<Pixmap, MediaError> {
    let format = format_of(bytes)?;
    let size = checked_size(format, bytes)?;
    let mut data = guarded(format, || {
        let data = (format.decode)(bytes, size)?;
        if data.len() == size.pixels() {
            Ok(data)
        } else {
            Err("the picture is not as large as its header says".to_owned())
        }
    })?;
    alpha.apply(&mut data);
    Ok(Pixmap::from_premultiplied(size.width, size.height, data)?)
}

impl Alpha {
    /// Makes premultiplied pixels of a file's.
    fn apply(self, data: &mut [[u8; 4]]) {
        match self {
            Self::Straight => data.iter_mut().for_each(|p| *p = premultiply(*p)),
            Self::Premultiplied(matte) => data.iter_mut().for_each(|p| *p = without_matte(*p, matte)),
            Self::Ignore => data.iter_mut().for_each(|p| p[3] = 255),
        }
    }
}

/// Takes the matte colour's share out of a pixel that was composited over it.
fn without_matte([r, g, b, a]: [u8; 4], matte: [u8; 3]) -> [u8; 4] {
    let channel = |c: u8, m: u8| c.saturating_sub(filmpress_pixels::mul_div_255(m, 255 - a)).min(a);
    [channel(r, matte[0]), channel(g, matte[1]), channel(b, matte[2]), a]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_named() {
        let mp4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41";
        for (bytes, words) in [
            (&mp4[..], "MP4"),
            (b"8BPS\0\x01", "Photoshop"),
            (b"", "empty"),
            (b"hello", "unknown format"),
            (b"<!DOCTYPE html>", "HTML"),
        ] {
            let error = still(bytes, Alpha::Straight).unwrap_err().to_string();
            assert!(
                error.contains(words) && error.contains("PNG, JPEG, WebP, GIF"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_matte_colour_is_taken_out() {
        assert_eq!(without_matte([255, 255, 255, 0], [255; 3]), [0; 4]);
        // Half-transparent black over white.
        assert_eq!(without_matte([127, 127, 127, 128], [255; 3]), [0, 0, 0, 128]);
        assert_eq!(without_matte([64, 0, 0, 128], [0; 3]), [64, 0, 0, 128]);
    }
}
