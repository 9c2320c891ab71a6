//! Inner Shadow: what is around the shape, grown into it by the choke, blurred over the rest of the size, away from the
//! light.

use filmpress_evaluate::frame::Shadow;

use super::Source;
use super::shape::Shape;
use crate::draw::Scratch;

pub(super) fn source(shadow: &Shadow, shape: &Shape, scratch: &mut Scratch) -> Source {
    let solid = shadow.size * shadow.spread;
    let lit = shape.shrunk(shadow.offset, solid, shadow.size - solid, scratch);
    Source::flat(shadow.color, around(lit, shape, scratch))
}

/// The complement of a plane, wherever styles are wanted inside the layer.
pub(super) fn around(plane: crate::surface::Plane, shape: &Shape, scratch: &mut Scratch) -> crate::surface::Plane {
    let rect = shape.alpha.rect.intersect(shape.wanted);
    let mut out = scratch.pool.plane(rect);
    for y in rect.y0..rect.y1 {
        for (out, x) in out.touch(y, rect.x0, rect.x1).iter_mut().zip(rect.x0..) {
            *out = 255 - plane.at(x, y);
        }
    }
    scratch.pool.give_plane(plane);
    out
}
