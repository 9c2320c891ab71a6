//! A footage item's file, found and looked at.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use filmpress_composition::{AlphaInterpretation, Footage, FootageSource, Kind};
use filmpress_evaluate::FootageInfo;
use filmpress_evaluate::digest::Digester;
use filmpress_media::decode::{self, Alpha, Film};
use filmpress_media::{MediaError, Programs};
use filmpress_pixels::Pixmap;

use super::relink::Tree;

/// Largest still read, in bytes. Films are read by and by.
const MAX_STILL: u64 = 512 << 20;
/// Bytes enough to tell a film.
pub(super) const HEAD: usize = 64;

/// A footage item that has a picture.
#[derive(Debug)]
pub(super) struct Picture {
    /// The item's name.
    pub name: String,
    pub info: FootageInfo,
    pub content: Content,
}

/// Where the pixels come from.
#[derive(Debug)]
pub(super) enum Content {
    Still {
        bytes: Arc<[u8]>,
        alpha: Alpha,
        pixels: OnceLock<Option<Arc<Pixmap>>>,
    },
    Film {
        film: Box<Film>,
        /// The file of a film that came as bytes; removed with it.
        _file: Option<tempfile::NamedTempFile>,
    },
}

/// Where a file is.
enum Found {
    File(PathBuf),
    Bytes(Arc<[u8]>),
}

/// What sort of fault, and what to say.
type Fault = (Kind, String);

impl Picture {
    /// Finds an item's file and reads its header.
    pub(super) fn find(
        name: &str,
        footage: &Footage,
        tree: Option<&Tree>,
        programs: &Programs,
        scratch: Option<&Path>,
    ) -> Result<Self, Fault> {
        if footage.is_sequence() {
            return Err((Kind::Unsupported, "image sequences are not read yet".to_owned()));
        }
        let found = find(footage, tree)?;
        let unreadable = |error: std::io::Error| (Kind::Missing, format!("it cannot be read: {error}"));
        let head = head(&found).map_err(unreadable)?;
        let (alpha, key) = match footage.alpha {
            AlphaInterpretation::Straight => (Alpha::Straight, 0),
            AlphaInterpretation::Ignore => (Alpha::Ignore, 1),
            AlphaInterpretation::Premultiplied(matte) => {
                let [r, g, b] = matte.map(u64::from);
                (Alpha::Premultiplied(matte), 2 | r << 8 | g << 16 | b << 24)
            }
        };
        let digester = Digester::new(key);
        // A GIF is a film to After Effects, and a still where it has one frame or there is no program to read more.
        let gif = decode::container(&head) == Some("gif");
        if let Some(container) = decode::container(&head) {
            match film(&found, container, alpha, (programs, scratch), digester.clone()) {
                Ok((info, content)) if !gif || info.duration * info.frame_rate > 1.5 => {
                    return Ok(Self {
                        name: name.to_owned(),
                        info,
                        content,
                    });
                }
                Err(error) if !gif => return Err((kind_of(&error), error.to_string())),
                Ok(_) | Err(_) => {}
            }
        }
        let bytes = match found {
            Found::Bytes(bytes) => bytes,
            Found::File(path) => read(&path).map_err(unreadable)?,
        };
        let (width, height) = decode::probe_still(&bytes).map_err(|error| (kind_of(&error), error.to_string()))?;
        let content = digester.clone().bytes(&bytes).finish();
        Ok(Self {
            name: name.to_owned(),
            info: FootageInfo {
                width,
                height,
                frame_rate: 0.0,
                duration: 0.0,
                content,
            },
            content: Content::Still {
                bytes,
                alpha,
                pixels: OnceLock::new(),
            },
        })
    }
}

fn find(footage: &Footage, tree: Option<&Tree>) -> Result<Found, Fault> {
    match &footage.source {
        FootageSource::Embedded(bytes) => Ok(Found::Bytes(bytes.clone())),
        FootageSource::Placed(path) => Ok(Found::File(path.to_path_buf())),
        FootageSource::Placeholder => Err((Kind::Missing, "a placeholder that nothing fills".to_owned())),
        FootageSource::File(path) => tree.and_then(|tree| tree.find(path)).map(Found::File).ok_or_else(|| {
            let message = format!("the file `{path}` was not found in the template's folder");
            (Kind::Missing, message)
        }),
    }
}

fn head(found: &Found) -> std::io::Result<Vec<u8>> {
    match found {
        Found::Bytes(bytes) => Ok(bytes[..bytes.len().min(HEAD)].to_vec()),
        Found::File(path) => {
            let mut head = Vec::new();
            std::fs::File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
            Ok(head)
        }
    }
}

fn film(
    found: &Found,
    container: &'static str,
    alpha: Alpha,
    (programs, scratch): (&Programs, Option<&Path>),
    mut digester: Digester,
) -> Result<(FootageInfo, Content), MediaError> {
    let io = |path: &Path, source| MediaError::Io {
        path: path.display().to_string(),
        source,
    };
    let (path, file) = match found {
        Found::File(path) => {
            // Films are large: who they are by place, size and time, not by every byte.
            let about = std::fs::metadata(path).map_err(|e| io(path, e))?;
            let time = about
                .modified()
                .ok()
                .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
            digester.bytes(path.as_os_str().as_encoded_bytes()).u64(about.len());
            digester.u64(time.map_or(0, |t| t.as_nanos() as u64));
            (path.clone(), None)
        }
        Found::Bytes(bytes) => {
            let file = match scratch {
                Some(folder) => tempfile::NamedTempFile::new_in(folder),
                None => tempfile::NamedTempFile::new(),
            };
            let file = file.map_err(|e| io(scratch.unwrap_or(&std::env::temp_dir()), e))?;
            std::fs::write(file.path(), bytes).map_err(|e| io(file.path(), e))?;
            digester.bytes(bytes);
            (file.path().to_owned(), Some(file))
        }
    };
    let film = Film::open(&path, container, alpha, programs)?;
    let footage = film.footage();
    let info = FootageInfo {
        width: footage.width,
        height: footage.height,
        frame_rate: footage.frame_rate,
        duration: footage.duration,
        content: digester.finish(),
    };
    let content = Content::Film {
        film: Box::new(film),
        _file: file,
    };
    Ok((info, content))
}

fn kind_of(error: &MediaError) -> Kind {
    match error {
        MediaError::Unsupported(_) => Kind::Unsupported,
        MediaError::Limit(_) => Kind::Limit,
        MediaError::MissingProgram { .. } => Kind::Missing,
        _ => Kind::Malformed,
    }
}

pub(super) fn read(path: &Path) -> std::io::Result<Arc<[u8]>> {
    let length = std::fs::metadata(path)?.len();
    if length > MAX_STILL {
        return Err(std::io::Error::other(format!(
            "its {length} bytes are over the limit of {MAX_STILL}"
        )));
    }
    Ok(std::fs::read(path)?.into())
}
