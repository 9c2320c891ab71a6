//! Why an asset could not be applied.

use filmpress_composition::lookup;

use crate::error::ErrorCode;

/// Most names listed in an error text.
const MAX_LISTED: usize = 20;

/// Why an asset could not be applied. The first words of the first three are Nexrender's own, because its users'
/// programs read the names out of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// No composition answers to the specification.
    #[error("nexrender: Couldn't find any compositions by provided name ({name}); {}", list("compositions", name, .there))]
    CompositionNotFound {
        /// The specification.
        name: String,
        /// The compositions of the project.
        there: Vec<String>,
    },
    /// No layer answers to the name or index.
    #[error(
        "nexrender: Couldn't find any layers by provided name ({name}) inside a composition: {composition}; {}",
        list("layers", name, .there)
    )]
    LayerNotFound {
        /// The layer's name, or its index.
        name: String,
        /// The composition specification.
        composition: String,
        /// The layers of the compositions looked in.
        there: Vec<String>,
    },
    /// The layer has no such property or attribute.
    #[error("nexrender: Can't find a property sequence {path} for key: {key}within layer: {layer}; {hint}")]
    PropertyNotFound {
        /// The whole path, keys joined with dots.
        path: String,
        /// The key that led nowhere.
        key: String,
        /// The layer.
        layer: String,
        /// What is there instead.
        hint: String,
    },
    /// The value does not fit the property.
    #[error("property `{path}` of layer `{layer}` takes {expected}; the job gives {given}")]
    Value {
        /// The whole path.
        path: String,
        /// The layer.
        layer: String,
        /// What would fit.
        expected: String,
        /// The value, shortened.
        given: String,
    },
    /// A picture that is not one.
    #[error("{src}: {message}")]
    Media {
        /// Where it came from.
        src: String,
        /// What is wrong with it.
        message: String,
    },
    /// No control of the Essential Graphics panel has this name.
    #[error("no control of the Essential Graphics panel is called `{name}`; {}", list("controls", name, .there))]
    ControlNotFound {
        /// The name.
        name: String,
        /// The controls there are.
        there: Vec<String>,
    },
    /// Something that is not built yet.
    #[error("{0}")]
    Unsupported(String),
}

impl AssetError {
    /// The published code.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::CompositionNotFound { .. } => ErrorCode::CompositionNotFound,
            Self::LayerNotFound { .. } => ErrorCode::LayerNotFound,
            Self::PropertyNotFound { .. } | Self::Value { .. } | Self::ControlNotFound { .. } => {
                ErrorCode::PropertyNotFound
            }
            Self::Media { .. } => ErrorCode::AssetInvalid,
            Self::Unsupported(_) => ErrorCode::Unsupported,
        }
    }

    /// Whether `continueOnMissing` covers it.
    pub fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::CompositionNotFound { .. }
                | Self::LayerNotFound { .. }
                | Self::PropertyNotFound { .. }
                | Self::ControlNotFound { .. }
        )
    }
}

/// `layers there: ..., did you mean ...`
pub(super) fn list(what: &str, name: &str, names: &[String]) -> String {
    if names.is_empty() {
        return format!("there are no {what} there");
    }
    let listed: Vec<_> = names.iter().take(MAX_LISTED).map(|n| format!("`{n}`")).collect();
    let more = match names.len() {
        n if n > MAX_LISTED => format!(" and {} more", n - MAX_LISTED),
        _ => String::new(),
    };
    let meant = match lookup::closest(name, names.iter().map(String::as_str)) {
        Some(close) => format!("; did you mean `{close}`?"),
        None => String::new(),
    };
    format!("{what} there: {}{more}{meant}", listed.join(", "))
}
