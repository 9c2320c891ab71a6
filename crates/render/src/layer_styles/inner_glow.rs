//! Inner Glow: like an outer glow, from the edges inwards; from the center, the complement of that.

use filmpress_evaluate::frame::Glow;

use super::Source;
use super::inner_shadow::around;
use super::outer_glow::{falling, stretched};
use super::shape::{Shape, map};
use crate::draw::Scratch;

pub(super) fn source(glow: &Glow, from_center: bool, shape: &Shape, scratch: &mut Scratch) -> Source {
    let solid = glow.size * glow.spread;
    let plane = if glow.precise {
        let (size, solid) = (shape.length(glow.size), shape.length(solid));
        let from_edge = falling(size, solid, glow.range);
        shape.by_distance(true, size, scratch, |distance| {
            let value = from_edge(distance);
            if from_center { 1.0 - value } else { value }
        })
    } else {
        let inner = shape.shrunk([0.0; 2], solid, glow.size - solid, scratch);
        let mut plane = around(inner, shape, scratch);
        let from_edge = stretched(glow.range);
        map(&mut plane, |value| {
            let value = from_edge(value);
            if from_center { 255 - value } else { value }
        });
        plane
    };
    Source::flat(glow.color, plane)
}
