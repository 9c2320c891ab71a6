//! Masks: outlines combined into one plane of alpha.

use filmpress_composition::{LineCap, LineJoin, MaskMode};
use filmpress_evaluate::frame::{FillRule, Mask, StrokeStyle};
use filmpress_pixels::mul_div_255;
use kurbo::Affine;

use crate::blur::{self, BoxBlur};
use crate::draw::Scratch;
use crate::paint::PlaneOver;
use crate::raster::{Spans, as_rectangle, fill, fill_rectangle};
use crate::rect::{IRect, scales};
use crate::surface::Plane;

/// Standard deviation of the Gaussian a feather falls off by, for each pixel of feather: half of it lies inside of the
/// edge and half outside, and a little reaches further, as After Effects' documentation says.
const FEATHER_SIGMA: f64 = 0.38;
/// Largest feather, pixels of the device.
const MAX_FEATHER: f64 = 2000.0;

/// True when nothing but the coverage of the mask's outline counts.
fn is_sharp(mask: &Mask) -> bool {
    !mask.inverted && mask.feather == [0.0; 2] && mask.expansion == 0.0
}

/// True when the masks are one sharp outline.
pub(crate) fn is_plain(masks: &[Mask]) -> bool {
    matches!(masks, [m] if is_sharp(m)
        && matches!(m.mode, MaskMode::Add | MaskMode::Intersect | MaskMode::Lighten | MaskMode::Darken))
}

/// The pixels the masks may leave, at most `bounds`.
pub(crate) fn bounds(masks: &[Mask], transform: Affine, bounds: IRect) -> IRect {
    let mut reach = IRect::default();
    for (i, mask) in masks.iter().enumerate() {
        let takes_away = matches!(mask.mode, MaskMode::Subtract | MaskMode::Darken | MaskMode::Intersect);
        if takes_away && i > 0 {
            continue;
        }
        if mask.inverted || mask.mode == MaskMode::Subtract {
            return bounds;
        }
        let Some(rect) = mask.outline.bounds else { continue };
        let [sx, sy] = scales(&transform);
        let [fx, fy] = sigmas(mask, &transform);
        let grow = f64::from(mask.expansion).max(0.0) * sx.max(sy) * 2.0;
        let rect = transform
            .transform_rect_bbox(rect)
            .inflate(grow + 3.0 * fx, grow + 3.0 * fy);
        reach = reach.union(IRect::around(rect).inflate(1));
    }
    reach.intersect(bounds)
}

/// The masks over `rect`, in a space that `transform` maps to the device.
pub(crate) fn plane(masks: &[Mask], transform: Affine, rect: IRect, scratch: &mut Scratch) -> Plane {
    let mut all = scratch.pool.plane(rect);
    // Masks that take away start from everything.
    if matches!(masks.first(), Some(m) if matches!(m.mode, MaskMode::Subtract | MaskMode::Intersect | MaskMode::Darken))
    {
        all.touch_all().fill(255);
    }
    for mask in masks {
        let opacity = (mask.opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
        let changes_inside_only = matches!(
            mask.mode,
            MaskMode::Add | MaskMode::Subtract | MaskMode::Lighten | MaskMode::Difference
        );
        if is_sharp(mask) && changes_inside_only {
            let mut out = Combine {
                plane: &mut all,
                mode: mask.mode,
                opacity,
            };
            if let Some(rectangle) = as_rectangle(&mask.outline.path, transform) {
                fill_rectangle(rectangle, rect, &mut out);
            } else {
                scratch.lines.start(rect);
                fill(&mask.outline.path, transform, &mut scratch.lines);
                scratch.sweep.fill(&scratch.lines, FillRule::NonZero, &mut out);
            }
            continue;
        }
        let one = coverage(mask, transform, rect, scratch);
        for y in rect.y0..rect.y1 {
            let add = one.row(y, rect.x0, rect.x1);
            let sum = all.touch(y, rect.x0, rect.x1);
            for (a, &m) in sum.iter_mut().zip(add) {
                let m = mul_div_255(if mask.inverted { 255 - m } else { m }, opacity);
                *a = combine(mask.mode, *a, m);
            }
        }
        scratch.pool.give_plane(one);
    }
    all
}

/// One more mask `m` on the masks `a` so far.
#[inline(always)]
fn combine(mode: MaskMode, a: u8, m: u8) -> u8 {
    match mode {
        MaskMode::None => a,
        MaskMode::Add => a + mul_div_255(255 - a, m),
        MaskMode::Subtract => mul_div_255(a, 255 - m),
        MaskMode::Intersect => mul_div_255(a, m),
        MaskMode::Lighten => a.max(m),
        MaskMode::Darken => a.min(m),
        MaskMode::Difference => a.abs_diff(m),
    }
}

/// A sharp mask combined where it lies.
struct Combine<'a> {
    plane: &'a mut Plane,
    mode: MaskMode,
    opacity: u8,
}

impl Spans for Combine<'_> {
    fn run(&mut self, y: i32, x0: i32, x1: i32, alpha: u8) {
        let m = mul_div_255(alpha, self.opacity);
        let row = self.plane.touch(y, x0, x1);
        match (self.mode, m) {
            (MaskMode::Add | MaskMode::Lighten, 255) => row.fill(255),
            (MaskMode::Subtract, 255) => row.fill(0),
            (mode, m) => {
                for a in row {
                    *a = combine(mode, *a, m);
                }
            }
        }
    }

    fn edge(&mut self, y: i32, x: i32, alphas: &[u8]) {
        let row = self.plane.touch(y, x, x + alphas.len() as i32);
        for (a, &alpha) in row.iter_mut().zip(alphas) {
            *a = combine(self.mode, *a, mul_div_255(alpha, self.opacity));
        }
    }
}

/// Standard deviations of a mask's feather along the device's axes. Exact for layers that are not turned, turned by right
/// angles or feathered alike in both directions.
fn sigmas(mask: &Mask, transform: &Affine) -> [f64; 2] {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let [fx, fy] = mask.feather.map(|f| f64::from(f).max(0.0));
    let sigma = |x: f64, y: f64| {
        let pixels = libm::hypot(x * fx, y * fy);
        if pixels.is_finite() {
            pixels.min(MAX_FEATHER) * FEATHER_SIGMA
        } else {
            0.0
        }
    };
    [sigma(a, c), sigma(b, d)]
}

/// How much of each pixel of `rect` lies inside the mask, grown and feathered.
fn coverage(mask: &Mask, transform: Affine, rect: IRect, scratch: &mut Scratch) -> Plane {
    let sigmas = sigmas(mask, &transform);
    let margin = (3.0 * sigmas[0].max(sigmas[1])).ceil() as i32;
    // A blur reads what lies outside.
    let wide = rect.inflate(margin);
    let mut plane = scratch.pool.plane(wide);
    scratch.lines.start(wide);
    fill(&mask.outline.path, transform, &mut scratch.lines);
    let cover = |plane: &mut Plane, scratch: &mut Scratch| {
        let mut out = PlaneOver { plane, alpha: 255 };
        scratch.sweep.fill(&scratch.lines, FillRule::NonZero, &mut out);
    };
    cover(&mut plane, scratch);
    let expansion = f64::from(mask.expansion);
    if expansion != 0.0 && expansion.is_finite() {
        // A band along the outline, added or taken away.
        let style = StrokeStyle {
            width: 2.0 * expansion.abs(),
            cap: LineCap::Round,
            join: LineJoin::Miter,
            miter_limit: 4.0,
            dashes: Vec::new(),
            dash_offset: 0.0,
            profile: None,
        };
        let mut band = scratch.pool.plane(wide);
        scratch.lines.start(wide);
        let mut outline = mask.outline.path.clone();
        if !outline.is_empty() && !matches!(outline.elements().last(), Some(kurbo::PathEl::ClosePath)) {
            outline.close_path();
        }
        scratch.stroker.stroke(&outline, transform, &style, &mut scratch.lines);
        cover(&mut band, scratch);
        for (a, &b) in plane.touch_all().iter_mut().zip(&*band.touch_all()) {
            *a = if expansion > 0.0 {
                (*a).max(b)
            } else {
                (*a).min(255 - b)
            };
        }
        scratch.pool.give_plane(band);
    }
    if margin > 0 {
        let blurs = sigmas.map(|sigma| {
            if mask.linear_falloff {
                // One box as wide as the feather makes a straight ramp of an edge.
                BoxBlur::boxes((sigma / FEATHER_SIGMA - 1.0) / 2.0, 1)
            } else {
                BoxBlur::gaussian(sigma)
            }
        });
        blur::plane_by(&mut plane, blurs, &mut scratch.blur);
    }
    plane
}
