//! Gradients: stops to colours, courses to offsets.

use std::sync::Arc;

use fearless_simd::{Level, Simd, dispatch};
use filmpress_composition::Gradient;
use filmpress_evaluate::frame::GradientShape;
use filmpress_pixels::premultiply;
use kurbo::Affine;

use crate::paint::Shader;

/// Colours in a table; fine enough that steps of a gradient across a whole 8K picture stay below one 8-bit level.
const COLORS: usize = 1024;
/// Index of the last colour.
const LAST: f32 = (COLORS - 1) as f32;
/// Tables kept.
const KEPT: usize = 16;

/// Premultiplied colours along a gradient.
#[derive(Debug)]
pub(crate) struct Colors {
    table: Box<[[u8; 4]; COLORS]>,
    /// Whether every colour is opaque.
    opaque: bool,
}

/// Colour tables of gradients seen lately.
#[derive(Debug, Default)]
pub(crate) struct ColorTables(Vec<(Arc<Gradient>, Arc<Colors>)>);

impl ColorTables {
    /// The colours of `gradient`.
    pub fn get(&mut self, gradient: &Arc<Gradient>) -> Arc<Colors> {
        if let Some(i) = self
            .0
            .iter()
            .position(|(g, _)| Arc::ptr_eq(g, gradient) || **g == **gradient)
        {
            self.0[..=i].rotate_right(1);
            return Arc::clone(&self.0[0].1);
        }
        let colors = Arc::new(Colors::new(gradient));
        self.0.truncate(KEPT - 1);
        self.0.insert(0, (Arc::clone(gradient), Arc::clone(&colors)));
        colors
    }
}

/// How far from one stop to the next a colour is mixed, at `t` of the way, both 0..1.
///
/// The half-way mix lies at the midpoint. Between is one power curve, steep at the stop the midpoint is near
/// (ae-truth/shape-style/gradient-linear-midpoint: midpoint 0.2; properties/gradient-linear: midpoint 0.6).
pub(crate) fn mix_at(t: f64, midpoint: f64) -> f64 {
    let m = midpoint.clamp(0.001, 0.999);
    if m == 0.5 {
        t
    } else if m < 0.5 {
        1.0 - libm::pow(1.0 - t, libm::log(0.5) / libm::log(1.0 - m))
    } else {
        libm::pow(t, libm::log(0.5) / libm::log(m))
    }
}

/// The value at `offset` of a list of stops: (offset, midpoint, value).
fn at_offset<const N: usize>(
    stops: impl Iterator<Item = (f64, f64, [f64; N])> + Clone,
    offset: f64,
    empty: [f64; N],
) -> [f64; N] {
    let mut before: Option<(f64, f64, [f64; N])> = None;
    for stop in stops {
        if stop.0 > offset {
            let Some((o, midpoint, from)) = before else {
                return stop.2;
            };
            let k = mix_at((offset - o) / (stop.0 - o), midpoint);
            return std::array::from_fn(|c| from[c] + (stop.2[c] - from[c]) * k);
        }
        before = Some(stop);
    }
    before.map_or(empty, |b| b.2)
}

impl Colors {
    fn new(gradient: &Gradient) -> Self {
        let mut opaque = true;
        let byte = |v: f64| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
        let mut table = Box::new([[0; 4]; COLORS]);
        for (i, color) in table.iter_mut().enumerate() {
            let offset = i as f64 / f64::from(LAST);
            let rgb = at_offset(
                gradient.colors.iter().map(|s| (s.offset, s.midpoint, s.rgb)),
                offset,
                [1.0; 3],
            );
            let [alpha] = at_offset(
                gradient.alphas.iter().map(|s| (s.offset, s.midpoint, [s.alpha])),
                offset,
                [1.0],
            );
            let a = byte(alpha);
            opaque &= a == 255;
            *color = premultiply([byte(rgb[0]), byte(rgb[1]), byte(rgb[2]), a]);
        }
        Self { table, opaque }
    }

    /// The colour at an offset; the first below 0 and for NaN, the last above 1.
    #[inline(always)]
    pub fn at(&self, t: f32) -> [u8; 4] {
        // The cast saturates and makes NaN 0.
        let i = (t * LAST + 0.5) as usize;
        self.table[i.min(COLORS - 1)]
    }

    /// Colours along a straight line of offsets, from `t` on in steps of `step`.
    fn line(&self, t: f64, step: f64, out: &mut [[u8; 4]]) {
        const ONE: f64 = (1u64 << 32) as f64;
        let last = f64::from(LAST);
        // Places in the table, with 32 bits of fraction; clamped far outside.
        let place = |t: f64| ((t * last + 0.5).clamp(-1e6, 1e6) * ONE) as i64;
        let (mut at, by) = (place(t), (step * last).clamp(-1e6, 1e6) * ONE);
        let by = by as i64;
        for pixel in out {
            let i = (at >> 32).clamp(0, COLORS as i64 - 1) as usize;
            *pixel = self.table[i & (COLORS - 1)];
            at = at.wrapping_add(by);
        }
    }
}

/// A gradient as a source of pixels.
#[derive(Debug)]
pub(crate) struct GradientShader {
    colors: Arc<Colors>,
    course: Course,
}

#[derive(Debug)]
enum Course {
    /// Offset = x * .0 + y * .1 + .2
    Linear([f64; 3]),
    /// Device to a space where the circle has radius 1 around (0, 0) and the highlight is at `focus` on the x axis.
    Radial { to_unit: [f64; 6], focus: f64 },
}

impl GradientShader {
    /// A gradient in a space that `transform` maps to the device; `None` when the transform is flat.
    pub fn new(shape: &GradientShape, colors: Arc<Colors>, transform: Affine) -> Option<Self> {
        let inverse = (transform.determinant().abs() > 1e-12).then(|| transform.inverse())?;
        let course = match *shape {
            GradientShape::Linear { start, end } => {
                let d = [end[0] - start[0], end[1] - start[1]];
                let length2 = d[0] * d[0] + d[1] * d[1];
                if length2 > 0.0 {
                    let [a, b, c, e, tx, ty] = inverse.as_coeffs();
                    let k = [d[0] / length2, d[1] / length2];
                    Course::Linear([
                        a * k[0] + b * k[1],
                        c * k[0] + e * k[1],
                        (tx - start[0]) * k[0] + (ty - start[1]) * k[1],
                    ])
                } else {
                    Course::Linear([0.0, 0.0, 1.0])
                }
            }
            GradientShape::Radial {
                start,
                end,
                highlight_length,
                highlight_angle,
            } => {
                let d = [end[0] - start[0], end[1] - start[1]];
                let radius = (d[0] * d[0] + d[1] * d[1]).sqrt();
                if radius > 0.0 {
                    let turn = libm::atan2(d[1], d[0]) + highlight_angle.to_radians();
                    let to_unit =
                        Affine::scale(1.0 / radius) * Affine::rotate(-turn) * Affine::translate((-start[0], -start[1]));
                    Course::Radial {
                        to_unit: (to_unit * inverse).as_coeffs(),
                        focus: highlight_length.clamp(-0.999, 0.999),
                    }
                } else {
                    Course::Linear([0.0, 0.0, 1.0])
                }
            }
        };
        Some(Self { colors, course })
    }
}

impl Shader for GradientShader {
    fn opaque(&self) -> bool {
        self.colors.opaque
    }

    fn begins_anywhere(&self) -> bool {
        false
    }

    fn row(&self, x: i32, y: i32, out: &mut [[u8; 4]]) {
        // After Effects reads gradients at the corners of pixels, not at their centres: its frames of
        // ae-truth/properties/gradient-linear and shape-style/gradient-radial-highlight lie half a pixel down and right.
        let (px, py) = (f64::from(x), f64::from(y));
        match self.course {
            Course::Linear([a, b, c]) => {
                let t = a * px + b * py + c;
                if a == 0.0 {
                    out.fill(self.colors.at(t as f32));
                } else {
                    self.colors.line(t, a, out);
                }
            }
            Course::Radial {
                to_unit: [a, b, c, d, tx, ty],
                focus,
            } => {
                // Relative to the highlight: offset t solves |p - t (centre - focus)| = t.
                let u0 = (a * px + c * py + tx - focus) as f32;
                let v0 = (b * px + d * py + ty) as f32;
                let (du, dv) = (a as f32, b as f32);
                let course = Circle {
                    start: [u0, v0],
                    step: [du, dv],
                    focus: focus as f32,
                };
                dispatch!(Level::new(), simd => circle(simd, &self.colors, course, out));
            }
        }
    }
}

/// A row across a circular course: a place relative to the highlight, in radii, and its change from pixel to pixel.
#[derive(Clone, Copy)]
struct Circle {
    start: [f32; 2],
    step: [f32; 2],
    focus: f32,
}

/// Colours of a row across a circular course.
#[inline(always)]
fn circle<S: Simd>(_: S, colors: &Colors, course: Circle, out: &mut [[u8; 4]]) {
    const STEP: usize = 16;
    let Circle {
        start: [u0, v0],
        step: [du, dv],
        focus: f,
    } = course;
    let a = 1.0 - f * f;
    let by_a = LAST / a;
    for (chunk_index, chunk) in out.chunks_mut(STEP).enumerate() {
        let first = (chunk_index * STEP) as f32;
        // Offsets of all first, as vectors, then their colours.
        let mut at = [0i32; STEP];
        for (i, at) in at.iter_mut().enumerate() {
            let i = first + i as f32;
            let (u, v) = (u0 + du * i, v0 + dv * i);
            let b = -u * f;
            let t = ((b * b + a * (u * u + v * v)).sqrt() - b) * by_a + 0.5;
            *at = t.clamp(0.0, LAST + 0.5) as i32;
        }
        for (pixel, at) in chunk.iter_mut().zip(at) {
            *pixel = colors.table[at as usize & (COLORS - 1)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_way_mix_lies_at_the_midpoint() {
        for m in [0.05, 0.2, 0.5, 0.6, 0.95] {
            assert!((mix_at(m, m) - 0.5).abs() < 1e-12);
            assert_eq!((mix_at(0.0, m), mix_at(1.0, m)), (0.0, 1.0));
        }
        assert_eq!(mix_at(0.3, 0.5), 0.3);
    }

    #[test]
    fn between_it_is_after_effects_curve() {
        // Red of frame 0 of ae-truth/shape-style/gradient-linear-midpoint, from 255 to 0 over 69 pixels.
        for (x, red) in [(8, 174), (24, 67), (40, 17), (56, 1)] {
            let mixed = 255.0 * (1.0 - mix_at(f64::from(x) / 69.0, 0.2));
            assert!((mixed - f64::from(red)).abs() < 1.0, "{x}: {mixed}");
        }
    }
}
