//! Color Overlay: the layer's shape in one colour.

use super::Source;
use super::shape::Shape;
use crate::draw::Scratch;

pub(super) fn source(color: [f32; 3], shape: &Shape, scratch: &mut Scratch) -> Source {
    let mut plane = scratch.pool.plane(shape.alpha.rect.intersect(shape.wanted));
    plane.touch_all().fill(255);
    Source::flat(color, plane)
}
