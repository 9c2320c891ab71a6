//! Where frames go.

use std::io::Write;
use std::path::{Path, PathBuf};

use filmpress_media::encode::{
    Codec, CodecKind, FilmEncoder, FilmFrame, FilmSettings, Killer, Layout, create_beside, write_whole,
};
use filmpress_media::{FrameRate, MediaError};
use filmpress_pixels::Pixmap;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{FilmError, FilmRequest, Output};

/// Makes the bytes of a still.
type Encode = fn(&Pixmap) -> Result<Vec<u8>, MediaError>;

/// A picture made ready for a sink, on the thread that drew it.
#[derive(Debug, Default)]
pub(super) enum Product {
    #[default]
    Nothing,
    Film(FilmFrame),
    Still(Vec<u8>),
}

/// How pictures are made ready for a sink.
#[derive(Clone, Copy)]
pub(super) enum Develop {
    Film(Layout),
    Still(Encode),
}

impl Develop {
    pub(super) fn of(codec: &Codec) -> Self {
        match codec.kind {
            CodecKind::Film(film) => Self::Film(film.layout),
            CodecKind::Still(encode) => Self::Still(encode),
        }
    }

    /// Makes a picture ready, in the memory of the product before.
    pub(super) fn develop(self, picture: &Pixmap, product: &mut Product) -> Result<(), MediaError> {
        match (self, &mut *product) {
            (Self::Film(layout), Product::Film(frame)) => frame.convert(picture, layout),
            (Self::Film(layout), _) => *product = Product::Film(FilmFrame::of(picture, layout)),
            (Self::Still(encode), _) => *product = Product::Still(encode(picture)?),
        }
        Ok(())
    }
}

/// Where frames go.
pub(super) enum Sink {
    Film(Box<FilmEncoder>),
    Stills {
        path: PathBuf,
        numbered: bool,
        files: Vec<PathBuf>,
    },
    Archive {
        extension: &'static str,
        path: PathBuf,
        zip: Box<ZipWriter<tempfile::NamedTempFile>>,
    },
}

impl Sink {
    pub(super) fn open(
        request: &FilmRequest,
        (width, height): (u32, u32),
        frame_rate: f64,
        indices: &[u32],
    ) -> Result<Self, FilmError> {
        let id = request.codec.id;
        let refuse = |text: String| Err(FilmError::Output(text));
        match (&request.output, request.codec.kind) {
            (Output::File(path), CodecKind::Film(_)) => {
                let settings = FilmSettings {
                    width,
                    height,
                    frame_rate: FrameRate::new(frame_rate)?,
                    draft: request.draft,
                    programs: request.programs.clone(),
                };
                make_folder(path)?;
                let encoder = FilmEncoder::start(request.codec, path, &settings)?;
                Ok(Self::Film(Box::new(encoder)))
            }
            (output, CodecKind::Film(_)) => refuse(format!(
                "`{id}` writes all frames into one film; {} is for single pictures",
                described(output)
            )),
            (Output::File(_), CodecKind::Still(_)) if indices.len() != 1 => refuse(format!(
                "{} frames do not fit into one picture; choose one frame, or a numbered name such as frames/%05d.{}",
                indices.len(),
                request.codec.extension
            )),
            (Output::File(path), CodecKind::Still(_)) => Ok(Self::stills(path, false)),
            (Output::Numbered(path), CodecKind::Still(_)) => {
                if numbered(path, 0).is_none() {
                    return refuse(format!(
                        "`{}` has no place for the frame's number; write one as %05d",
                        path.display()
                    ));
                }
                Ok(Self::stills(path, true))
            }
            (Output::Archive(path), CodecKind::Still(_)) => {
                make_folder(path)?;
                Ok(Self::Archive {
                    extension: request.codec.extension,
                    path: path.clone(),
                    zip: Box::new(ZipWriter::new(create_beside(path)?)),
                })
            }
        }
    }

    fn stills(path: &Path, numbered: bool) -> Self {
        Self::Stills {
            path: path.to_owned(),
            numbered,
            files: Vec::new(),
        }
    }

    /// What ends an encoder that holds up [`Sink::push`].
    pub(super) fn killer(&self) -> Option<Killer> {
        match self {
            Self::Film(encoder) => Some(encoder.killer()),
            Self::Stills { .. } | Self::Archive { .. } => None,
        }
    }

    /// Takes what [`Develop::develop`] made of a frame.
    pub(super) fn push(&mut self, index: u32, product: &Product) -> Result<(), FilmError> {
        match (self, product) {
            (Self::Film(encoder), Product::Film(frame)) => encoder.push(frame)?,
            (
                Self::Stills {
                    path,
                    numbered: is_numbered,
                    files,
                },
                Product::Still(bytes),
            ) => {
                let path = if *is_numbered { numbered(path, index) } else { None }.unwrap_or_else(|| path.clone());
                if files.is_empty() {
                    make_folder(&path)?;
                }
                write_whole(&path, bytes)?;
                files.push(path);
            }
            (Self::Archive { extension, path, zip }, Product::Still(bytes)) => {
                // The pictures are packed already; packing them again would only take time.
                let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
                zip.start_file(format!("{index:05}.{extension}"), options)
                    .map_err(std::io::Error::other)
                    .and_then(|()| zip.write_all(bytes))
                    .map_err(|source| io(path, source))?;
            }
            _ => return Err(FilmError::Output("a picture made ready for another output".to_owned())),
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<PathBuf>, FilmError> {
        match self {
            Self::Film(encoder) => Ok(vec![encoder.finish()?.path]),
            Self::Stills { files, .. } => Ok(files),
            Self::Archive { path, zip, .. } => {
                let file = zip.finish().map_err(|e| io(&path, std::io::Error::other(e)))?;
                file.persist(&path).map_err(|e| io(&path, e.error))?;
                Ok(vec![path])
            }
        }
    }
}

fn described(output: &Output) -> &'static str {
    match output {
        Output::File(_) => "one file",
        Output::Numbered(_) => "a numbered name",
        Output::Archive(_) => "an archive",
    }
}

fn io(path: &Path, source: std::io::Error) -> MediaError {
    MediaError::Io {
        path: path.display().to_string(),
        source,
    }
}

fn make_folder(path: &Path) -> Result<(), MediaError> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            std::fs::create_dir_all(folder).map_err(|source| io(folder, source))
        }
        _ => Ok(()),
    }
}

/// The path of one picture: `%05d` (any width, or none) in the file's name becomes the frame's number.
fn numbered(pattern: &Path, index: u32) -> Option<PathBuf> {
    /// More digits than any frame number has.
    const MAX_WIDTH: usize = 20;
    let name = pattern.file_name()?.to_str()?;
    for (at, _) in name.match_indices('%') {
        let (before, rest) = (&name[..at], &name[at + 1..]);
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (digits, after) = rest.split_at(digits);
        let Some(after) = after.strip_prefix('d') else { continue };
        let width = digits.parse().unwrap_or(0).min(MAX_WIDTH);
        return Some(pattern.with_file_name(format!("{before}{index:0width$}{after}")));
    }
    None
}

/// Whether a path has a place for the frame's number, such as `%05d`.
pub fn is_pattern(path: &Path) -> bool {
    numbered(path, 0).is_some()
}

impl Output {
    /// The output a path of the command line means: a pattern with `%05d` is a file a frame, `.zip` an archive.
    pub fn from_path(path: &Path) -> Self {
        let is_zip = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
        match () {
            () if is_pattern(path) => Self::Numbered(path.to_owned()),
            () if is_zip => Self::Archive(path.to_owned()),
            () => Self::File(path.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_where_the_pattern_has_them() {
        let of = |pattern: &str| numbered(Path::new(pattern), 42).map(|p| p.display().to_string());
        assert_eq!(of("out/%05d.png").unwrap(), "out/00042.png");
        assert_eq!(of("a%db.png").unwrap(), "a42b.png");
        assert_eq!(of("100%_%3d.png").unwrap(), "100%_042.png");
        assert_eq!(of("out%05d/a.png"), None);
        assert_eq!(of("a.png"), None);
        assert_eq!(of("50%.png"), None);
        assert!(of("%99999999999999999999999d.png").unwrap().len() < 40);
        assert_eq!(Output::from_path(Path::new("a.ZIP")), Output::Archive("a.ZIP".into()));
        assert_eq!(
            Output::from_path(Path::new("%d.zip")),
            Output::Numbered("%d.zip".into())
        );
        assert_eq!(Output::from_path(Path::new("a.mp4")), Output::File("a.mp4".into()));
    }
}
