//! What is in a template: for the command line, for the server's introspection, for tests that throw broken files at
//! the readers.
//!
//! Bytes or a template in, a [`Report`] out; no IO. Fonts come as evaluation's `FontBook`, files are looked for by a
//! closure ([`Surroundings`]).

mod report;
mod surroundings;

use filmpress_composition::Warned;
use filmpress_formats::{ReadError, Template};

pub use report::{
    CompositionReport, EffectReport, ExpressionReport, FontReport, FootageReport, LayerReport, MatteReport, Report,
    SCHEMA, TextReport, WarningReport,
};
pub use surroundings::{Search, Surroundings};

/// Reads a template of any supported format and says what is in it. `name` is the file's, for the report and errors.
pub fn inspect_bytes(bytes: &[u8], name: &str, around: &Surroundings<'_>) -> Result<Report, ReadError> {
    Ok(inspect(&filmpress_formats::read(bytes, name)?, name, around))
}

/// Says what is in a template. Never fails: what cannot be used is part of the report.
pub fn inspect(template: &Warned<Template>, name: &str, around: &Surroundings<'_>) -> Report {
    Report::new(template, name, around)
}
