//! A file that came for a job, looked at: a film stays where it is, anything else goes into memory.

use std::io::Read;
use std::path::Path;

use filmpress_job::assets::{FilmFile, Media};
use filmpress_media::decode::{self, Alpha, Film};
use filmpress_media::{MediaError, Programs};

use super::picture::{HEAD, read};

/// A file as an asset takes it, and what cannot be done with it though it is taken.
pub fn look(path: &Path, programs: &Programs) -> Result<(Media, Option<&'static str>), MediaError> {
    let io = |source| MediaError::Io {
        path: "the file".to_owned(),
        source,
    };
    let mut head = Vec::new();
    let file = std::fs::File::open(path).map_err(io)?;
    file.take(HEAD as u64).read_to_end(&mut head).map_err(io)?;
    if let Some(container) = decode::container(&head) {
        let gif = container == "gif";
        match Film::open(path, container, Alpha::Straight, programs) {
            // A GIF of one picture is a still.
            Ok(film) if !gif || film.footage().duration * film.footage().frame_rate > 1.5 => {
                let footage = film.footage();
                let film = FilmFile {
                    path: path.into(),
                    width: footage.width,
                    height: footage.height,
                    duration: footage.duration,
                    frame_rate: footage.frame_rate,
                    has_audio: footage.has_audio,
                };
                return Ok((Media::Film(film), None));
            }
            Err(error) if !gif => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
    let bytes = read(path).map_err(io)?;
    let warning = is_moving_webp(&bytes).then_some("an animated WebP shows its first picture only");
    Ok((Media::Bytes(bytes), warning))
}

/// The flag in the header of an extended WebP.
fn is_moving_webp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF")
        && bytes.get(8..16) == Some(b"WEBPVP8X")
        && bytes.get(20).is_some_and(|flags| flags & 2 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anything");
        let look = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            look(&path, &Programs::default())
        };
        let (media, warning) = look(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\0\0\0\0\0\0").unwrap();
        assert!(matches!(media, Media::Bytes(_)) && warning.is_some());
        let (media, warning) = look(b"plain text").unwrap();
        assert!(matches!(media, Media::Bytes(_)) && warning.is_none());
        assert!(look(b"\0\0\0\x18ftypmp42 but then nothing of the kind").is_err());
    }
}
