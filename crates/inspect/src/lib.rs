//! What is in a template: for the command line, for the server's introspection, for tests that throw broken files at
//! the readers.
//!
//! Bytes or a template in, a [`Report`] out; no IO. Fonts come as evaluation's `FontBook`, files are looked for by a
//! closure ([`Surroundings`]).
//!
//! | part | file |
//! |---|---|
//! | the report's form, and the JSON Schema of it | `report/` |
//! | how it is filled: a file a list | `gather/` |
//! | which functions expressions use | `expression/` |
//! | the property tree as text | `tree` |
//! | `docs/compatibility.md` | `compatibility` |

mod expression;
mod gather;
pub mod limits;
pub mod report;
mod surroundings;
mod tree;

use filmpress_composition::Warned;
use filmpress_formats::{ReadError, Template};

pub use report::Report;
pub use surroundings::{FootageFile, Search, Surroundings};
pub use tree::{TreeError, tree};

/// Reads a template of any supported format and says what is in it. `name` is the file's, for the report and errors.
pub fn inspect_bytes(bytes: &[u8], name: &str, around: &Surroundings<'_>) -> Result<Report, ReadError> {
    Ok(inspect(&filmpress_formats::read(bytes, name)?, name, around))
}

/// Says what is in a template. Never fails: what cannot be used is part of the report.
pub fn inspect(template: &Warned<Template>, name: &str, around: &Surroundings<'_>) -> Report {
    gather::report(template, name, around)
}

/// The JSON Schema of a [`Report`]: what `docs/inspect.schema.json` holds.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
