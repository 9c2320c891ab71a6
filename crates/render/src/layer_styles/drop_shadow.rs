//! Drop Shadow: the shape grown by the spread, blurred over the rest of the size, away from the light.

use filmpress_evaluate::frame::Shadow;

use super::Source;
use super::shape::Shape;
use crate::draw::Scratch;

pub(super) fn source(shadow: &Shadow, shape: &Shape, scratch: &mut Scratch) -> Source {
    let solid = shadow.size * shadow.spread;
    Source::flat(
        shadow.color,
        shape.grown(shadow.offset, solid, shadow.size - solid, scratch),
    )
}
