//! Why a template could not be read at all.

/// Why a template could not be read at all, sorted by fault. One line each, fit for a person.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file breaks its own format beyond repair.
    #[error("{0}")]
    Malformed(String),
    /// A format, or a variety of one, that cannot be rendered here.
    #[error("{0}")]
    Unsupported(String),
    /// A documented limit (see [`crate::limits`]) was passed.
    #[error("{0}")]
    Limit(String),
    /// Something the file needs is not in it.
    #[error("{0}")]
    Missing(String),
}
