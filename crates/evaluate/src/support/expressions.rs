//! Expressions.

use super::Topic::Expression;
use super::{Feature, not_drawn};

pub(super) const EXPRESSIONS: &[Feature] = &[not_drawn(
    Expression,
    "expression",
    "Expressions, JavaScript and ExtendScript",
    "expression not evaluated; the property's own value is used",
)];
