//! Satin: the shape blurred and moved both ways along its angle; shaded is where the two differ, or, inverted, where they
//! agree.

use filmpress_evaluate::frame::Shadow;

use super::Source;
use super::shape::Shape;
use crate::draw::Scratch;

pub(super) fn source(shadow: &Shadow, inverted: bool, shape: &Shape, scratch: &mut Scratch) -> Source {
    let [x, y] = shadow.offset;
    let one = shape.grown([x, y], 0.0, shadow.size, scratch);
    let other = shape.grown([-x, -y], 0.0, shadow.size, scratch);
    let rect = shape.alpha.rect.intersect(shape.wanted);
    let mut out = scratch.pool.plane(rect);
    for row in rect.y0..rect.y1 {
        for (out, x) in out.touch(row, rect.x0, rect.x1).iter_mut().zip(rect.x0..) {
            let apart = one.at(x, row).abs_diff(other.at(x, row));
            *out = if inverted { 255 - apart } else { apart };
        }
    }
    scratch.pool.give_plane(one);
    scratch.pool.give_plane(other);
    Source::flat(shadow.color, out)
}
