//! Stroke: a line of one width along the edge of the shape, outside, inside or half and half. Corners of its outside are
//! round, as everything at one distance from a corner is.

use filmpress_evaluate::frame::StrokePosition;

use super::shape::Shape;
use crate::draw::Scratch;
use crate::surface::Plane;

/// How wide the parts outside and inside of the edge are.
fn widths(size: f64, position: StrokePosition) -> (f64, f64) {
    match position {
        StrokePosition::Outside => (size, 0.0),
        StrokePosition::Inside => (0.0, size),
        StrokePosition::Center => (size / 2.0, size / 2.0),
    }
}

/// The shape with what lies outside of it; `None` when nothing does.
pub(super) fn outer(size: f64, position: StrokePosition, shape: &Shape, scratch: &mut Scratch) -> Option<Plane> {
    let (width, _) = widths(size, position);
    (width > 0.0).then(|| shape.grown([0.0; 2], width, 0.0, scratch))
}

/// What lies inside, as a share of the shape; `None` when nothing does.
pub(super) fn inner(size: f64, position: StrokePosition, shape: &Shape, scratch: &mut Scratch) -> Option<Plane> {
    let (_, width) = widths(size, position);
    if width <= 0.0 {
        return None;
    }
    let rest = shape.shrunk([0.0; 2], width, 0.0, scratch);
    let rect = shape.alpha.rect.intersect(shape.wanted);
    let mut out = scratch.pool.plane(rect);
    for y in rect.y0..rect.y1 {
        for (out, x) in out.touch(y, rect.x0, rect.x1).iter_mut().zip(rect.x0..) {
            let (own, rest) = (u32::from(shape.alpha.at(x, y)), u32::from(rest.at(x, y)));
            *out = 255 - (rest * 255 / own.max(1)).min(255) as u8;
        }
    }
    scratch.pool.give_plane(rest);
    Some(out)
}
