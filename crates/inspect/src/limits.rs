//! How long a report may get. What is cut is told by a warning of kind `limit`.

/// Compositions told of.
pub const COMPOSITIONS: usize = 2000;
/// Layers told of, over all compositions.
pub const LAYERS: usize = 50_000;
/// Entries of each other list: slots, texts, effects, expressions, footage ...
pub const ENTRIES: usize = 5000;
/// Warnings told of.
pub const WARNINGS: usize = 2000;
/// Characters of a text layer's text.
pub const TEXT: usize = 2000;
/// Characters of an expression.
pub const EXPRESSION: usize = 4000;
/// Characters of a name, a path, a comment.
pub const NAME: usize = 1000;
/// Runs of a text, animated properties of a layer, markers, choices, folders.
pub const INNER: usize = 200;
/// Layers named behind a font or a shortcoming.
pub const NAMED: usize = 20;
/// Shortcomings of a kind told of in one verdict.
pub const FINDINGS: usize = 100;
/// Steps through nested compositions to come to all verdicts.
pub const STEPS: usize = 5_000_000;
