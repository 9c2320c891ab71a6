//! Pixmaps to files: films and stills.
//!
//! Films are written to a temporary name in the folder of the result and renamed when they are whole, so that a file
//! under its final name is never half a film; stills likewise.
//!
//! To add a codec: a file with its `CODECS`, `mod x;` and its line in [`TABLES`].

mod ffmpeg;
mod film;
mod h264;
mod jpeg;
mod png;
mod prores;

use std::io::Write;
use std::path::Path;

use filmpress_pixels::Pixmap;

use crate::{FrameRate, MediaError, Programs};

pub use ffmpeg::Killer;
pub use film::{Encoded, FilmEncoder, FilmFrame};

/// A way to write the result of a job.
#[derive(Clone, Copy, Debug)]
pub struct Codec {
    /// The id jobs name it by.
    pub id: &'static str,
    /// Extension of the files it writes, without the dot.
    pub extension: &'static str,
    /// One line for lists of codecs.
    pub summary: &'static str,
    /// Whether transparency is kept; where it is not, the picture must be drawn over its background.
    pub alpha: bool,
    /// How it writes.
    pub kind: CodecKind,
}

/// How a codec writes.
#[derive(Clone, Copy, Debug)]
pub enum CodecKind {
    /// All frames in one file.
    Film(FilmCodec),
    /// Each frame its own file: these bytes.
    Still(fn(&Pixmap) -> Result<Vec<u8>, MediaError>),
}

/// What distinguishes one film codec from another.
#[derive(Clone, Copy, Debug)]
pub struct FilmCodec {
    /// The name `ffprobe` has for the stream.
    pub stream: &'static str,
    /// What the frames look like on their way to the encoder.
    pub layout: Layout,
    /// The encoder's arguments, between input and output.
    pub arguments: fn(&FilmSettings) -> Vec<String>,
}

/// What frames look like on their way to the encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Planar 4:2:0, BT.709, limited range, even size: an odd width or height is padded by repeating the last column
    /// or row, so that nothing of the picture is lost.
    Yuv420,
    /// RGBA with straight alpha, the size as it is.
    StraightRgba,
}

/// What a film is to be like.
#[derive(Clone, Debug)]
pub struct FilmSettings {
    /// Width of the frames, in pixels.
    pub width: u32,
    /// Height of the frames, in pixels.
    pub height: u32,
    /// Frames per second.
    pub frame_rate: FrameRate,
    /// Encode faster at the price of quality for the same bytes.
    pub draft: bool,
    /// The programs to encode with.
    pub programs: Programs,
}

const TABLES: &[&[Codec]] = &[h264::CODECS, prores::CODECS, png::CODECS, jpeg::CODECS];

/// The codec of a job that names none.
pub const DEFAULT_CODEC: &str = "video_h264_vbr_15mbps";

/// All codecs.
pub fn codecs() -> impl Iterator<Item = &'static Codec> {
    TABLES.iter().copied().flatten()
}

/// The codec with this id; the id may leave out `video_` or `image_`.
pub fn codec(id: &str) -> Result<&'static Codec, MediaError> {
    let is_meant = |codec: &&Codec| {
        let bare = codec.id.strip_prefix("video_").or(codec.id.strip_prefix("image_"));
        codec.id == id || bare == Some(id)
    };
    codecs().find(is_meant).ok_or_else(|| {
        let ids: Vec<_> = codecs().map(|codec| format!("`{}`", codec.id)).collect();
        MediaError::Unsupported(format!("there is no codec `{id}`; codecs are {}", ids.join(", ")))
    })
}

/// Writes a whole file under a temporary name beside `path`, then renames it to `path`.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), MediaError> {
    let mut file = create_beside(path)?;
    file.write_all(bytes).map_err(MediaError::io(path))?;
    file.persist(path).map_err(|e| MediaError::io(path)(e.error))?;
    Ok(())
}

/// A new file beside `path`, to be renamed to it when it is whole, and removed if that never happens. Its name keeps
/// the extension, from which encoders tell formats.
pub fn create_beside(path: &Path) -> Result<tempfile::NamedTempFile, MediaError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let mut builder = tempfile::Builder::new();
    let suffix = format!(".part.{extension}");
    builder.prefix(".filmpress-").suffix(&suffix);
    // As any new file, not as a secret one.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(MediaError::io(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_with_and_without_prefix_and_never_twice() {
        let mut ids: Vec<_> = codecs().map(|c| c.id).collect();
        assert!(codec(DEFAULT_CODEC).is_ok());
        assert_eq!(codec("prores_4444").unwrap().id, "video_prores_4444");
        assert_eq!(codec("image_png").unwrap().extension, "png");
        let error = codec("video_vp9").unwrap_err().to_string();
        assert!(
            error.contains("`video_vp9`") && error.contains("`video_h264_vbr_40mbps`"),
            "{error}"
        );
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        write_whole(&path, b"old").unwrap();
        write_whole(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let missing = folder.path().join("no/such/folder/a.bin");
        assert!(
            write_whole(&missing, b"x")
                .unwrap_err()
                .to_string()
                .contains("no/such/folder")
        );
    }
}
