//! Filled outlines to lines.

use kurbo::{Affine, BezPath, PathEl, Point};

use super::lines::Lines;
use crate::rect::IRect;

/// Farthest a line may be from its curve, pixels: at most 8 of 255 in one edge pixel, and half that on
/// average.
pub(super) const TOLERANCE: f64 = 1.0 / 32.0;
/// Most lines for one curve, whatever its size.
const MAX_LINES: f64 = 500.0;

/// How many equal steps of its parameter keep a cubic's lines within `tolerance` (Wang's bound).
#[inline]
pub(super) fn cubic_steps(p: [Point; 4], tolerance: f64) -> f64 {
    let d1 = p[0] - p[1] - (p[1] - p[2]);
    let d2 = p[1] - p[2] - (p[2] - p[3]);
    let worst = d1.hypot2().max(d2.hypot2()).sqrt();
    (0.75 * worst / tolerance).sqrt()
}

/// Steps as a count.
#[inline]
pub(super) fn count(steps: f64) -> u32 {
    // NaN becomes 1.
    steps.clamp(1.0, MAX_LINES).ceil() as u32
}

/// Adds the area inside `path` to `lines`; open parts are closed.
pub(crate) fn fill(path: &BezPath, transform: Affine, lines: &mut Lines) {
    let clip = lines.clip();
    let mut start = Point::ZERO;
    let mut at = Point::ZERO;
    for el in path.elements() {
        match *el {
            PathEl::MoveTo(p) => {
                lines.line(at, start);
                start = transform * p;
                at = start;
            }
            PathEl::LineTo(p) => {
                let to = transform * p;
                lines.line(at, to);
                at = to;
            }
            PathEl::QuadTo(p1, p2) => {
                let (p1, p2) = (transform * p1, transform * p2);
                let c1 = at + (p1 - at) * (2.0 / 3.0);
                let c2 = p2 + (p1 - p2) * (2.0 / 3.0);
                cubic([at, c1, c2, p2], clip, lines);
                at = p2;
            }
            PathEl::CurveTo(p1, p2, p3) => {
                let p3 = transform * p3;
                cubic([at, transform * p1, transform * p2, p3], clip, lines);
                at = p3;
            }
            PathEl::ClosePath => {
                lines.line(at, start);
                at = start;
            }
        }
    }
    lines.line(at, start);
}

fn cubic(p: [Point; 4], clip: IRect, lines: &mut Lines) {
    let [p0, p1, p2, p3] = p;
    let top = p0.y.min(p1.y).min(p2.y.min(p3.y));
    let bottom = p0.y.max(p1.y).max(p2.y.max(p3.y));
    if bottom <= f64::from(clip.y0) || top >= f64::from(clip.y1) {
        return;
    }
    let left = p0.x.min(p1.x).min(p2.x.min(p3.x));
    let right = p0.x.max(p1.x).max(p2.x.max(p3.x));
    if right < f64::from(clip.x0) || left > f64::from(clip.x1) {
        // Beside the clip only the height counts.
        lines.line(p0, p3);
        return;
    }
    let n = count(cubic_steps(p, TOLERANCE));
    let c = (p1 - p0) * 3.0;
    let b = (p2 - p1) * 3.0 - c;
    let a = p3 - p0 - c - b;
    let step = 1.0 / f64::from(n);
    let mut at = p0;
    for i in 1..n {
        let t = f64::from(i) * step;
        let to = p0 + ((a * t + b) * t + c) * t;
        lines.line(at, to);
        at = to;
    }
    lines.line(at, p3);
}
