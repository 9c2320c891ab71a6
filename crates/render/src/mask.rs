//! Masks: outlines combined into one plane of alpha.

use filmpress_composition::{LineCap, LineJoin, MaskMode};
use filmpress_evaluate::frame::{FillRule, Mask, StrokeStyle};
use filmpress_pixels::mul_div_255;
use kurbo::Affine;

use crate::blur::blur;
use crate::draw::Scratch;
use crate::paint::ToPlane;
use crate::raster::fill;
use crate::rect::{IRect, scales};
use crate::surface::Plane;

/// Standard deviation of the blur that looks like a feather, for each pixel of feather.
const FEATHER_SIGMA: f64 = 0.3;
/// Largest feather, pixels of the device.
const MAX_FEATHER: f64 = 2000.0;

/// True when the masks are one plain outline: nothing but its coverage counts.
pub(crate) fn is_plain(masks: &[Mask]) -> bool {
    matches!(masks, [m] if matches!(m.mode, MaskMode::Add | MaskMode::Intersect | MaskMode::Lighten | MaskMode::Darken)
        && !m.inverted && m.feather == [0.0; 2] && m.expansion == 0.0)
}

/// The pixels the masks may leave, at most `bounds`.
pub(crate) fn bounds(masks: &[Mask], transform: Affine, bounds: IRect) -> IRect {
    let mut reach = IRect::default();
    for mask in masks {
        let grows = match mask.mode {
            MaskMode::Add | MaskMode::Lighten => !mask.inverted,
            MaskMode::Subtract | MaskMode::Darken | MaskMode::Intersect if !reach.is_empty() => continue,
            _ => false,
        };
        if !grows {
            return bounds;
        }
        let Some(rect) = mask.outline.bounds else { continue };
        let [sx, sy] = scales(&transform);
        let grow = f64::from(mask.expansion).max(0.0) * sx.max(sy) * 2.0
            + 3.0
                * FEATHER_SIGMA
                * (f64::from(mask.feather[0]) * sx)
                    .max(f64::from(mask.feather[1]) * sy)
                    .min(MAX_FEATHER);
        let rect = transform.transform_rect_bbox(rect).inflate(grow, grow);
        reach = reach.union(IRect::around(rect).inflate(1));
    }
    reach.intersect(bounds)
}

/// The masks over `rect`, in a space that `transform` maps to the device.
pub(crate) fn plane(masks: &[Mask], transform: Affine, rect: IRect, scratch: &mut Scratch) -> Plane {
    // Masks that take away start from everything.
    let from = match masks.first() {
        Some(m) if matches!(m.mode, MaskMode::Subtract | MaskMode::Intersect | MaskMode::Darken) => 255,
        _ => 0,
    };
    let mut all = scratch.pool.plane(rect, from);
    for mask in masks {
        let one = coverage(mask, transform, rect, scratch);
        let opacity = (mask.opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
        for y in rect.y0..rect.y1 {
            let add = one.row(y, rect.x0, rect.x1);
            let sum = all.row_mut(y, rect.x0, rect.x1);
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

/// How much of each pixel of `rect` lies inside the mask, grown and feathered.
fn coverage(mask: &Mask, transform: Affine, rect: IRect, scratch: &mut Scratch) -> Plane {
    let [sx, sy] = scales(&transform);
    let sigma = |feather: f32, scale: f64| {
        let pixels = f64::from(feather) * scale;
        if pixels > 0.0 {
            pixels.min(MAX_FEATHER) * FEATHER_SIGMA
        } else {
            0.0
        }
    };
    let sigmas = [sigma(mask.feather[0], sx), sigma(mask.feather[1], sy)];
    let margin = (3.0 * sigmas[0].max(sigmas[1])).ceil() as i32;
    // A blur reads what lies outside.
    let wide = rect.inflate(margin);
    let mut plane = scratch.pool.plane(wide, 0);
    scratch.lines.start(wide);
    fill(&mask.outline.path, transform, &mut scratch.lines);
    scratch
        .sweep
        .fill(&scratch.lines, FillRule::NonZero, &mut ToPlane(&mut plane));
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
        };
        let mut band = scratch.pool.plane(wide, 0);
        scratch.lines.start(wide);
        let mut outline = mask.outline.path.clone();
        if !outline.is_empty() && !matches!(outline.elements().last(), Some(kurbo::PathEl::ClosePath)) {
            outline.close_path();
        }
        scratch.stroker.stroke(&outline, transform, &style, &mut scratch.lines);
        scratch
            .sweep
            .fill(&scratch.lines, FillRule::NonZero, &mut ToPlane(&mut band));
        for (a, &b) in plane.data.iter_mut().zip(&band.data) {
            *a = if expansion > 0.0 {
                (*a).max(b)
            } else {
                (*a).min(255 - b)
            };
        }
        scratch.pool.give_plane(band);
    }
    if margin > 0 {
        blur(&mut plane, sigmas, &mut scratch.blur);
    }
    plane
}
