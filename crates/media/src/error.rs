//! What can go wrong with media, sorted by fault.

/// What can go wrong with media. One line each, fit for a person.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The bytes break their own format.
    #[error("not a readable {format} picture: {reason}")]
    Malformed {
        /// The format recognised by content.
        format: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// A format, or a variety of one, that is not read or written here.
    #[error("{0}")]
    Unsupported(String),
    /// A size or count over a documented limit.
    #[error("{0}")]
    Limit(String),
    /// A program that must be installed is not.
    #[error("the program `{program}` was not found; install ffmpeg (Debian: apt-get install ffmpeg) or name its place")]
    MissingProgram {
        /// What was looked for.
        program: String,
    },
    /// The encoder stopped or refused.
    #[error("the encoder failed: {0}")]
    Encoder(String),
    /// An output that is not what was asked for.
    #[error("the output is not sound: {0}")]
    Unsound(String),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl MediaError {
    /// A program that did not start.
    pub(crate) fn start(program: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let name = program.display().to_string();
        move |source| match source.kind() {
            std::io::ErrorKind::NotFound => Self::MissingProgram { program: name },
            _ => Self::Io { path: name, source },
        }
    }

    pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::Io { path, source }
    }
}

impl From<filmpress_pixels::SizeError> for MediaError {
    fn from(error: filmpress_pixels::SizeError) -> Self {
        Self::Limit(error.to_string())
    }
}
