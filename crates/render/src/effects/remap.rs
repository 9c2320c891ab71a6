//! Effects that move pixels: every pixel of the output is taken from a place of the input.

use kurbo::Rect;

use super::{Space, Stage};
use crate::raster_picture::{Raster, floor};
use crate::rect::IRect;

/// Needed of the input when any of it may count.
pub(super) const EVERYTHING: IRect = IRect {
    x0: -30_000,
    y0: -30_000,
    x1: 30_000,
    y1: 30_000,
};
/// Most samples in a row of those that make one pixel.
const MOST: u32 = 8;
/// Neighbours that come from further apart than this have an edge between them; that is no reason for more samples.
const EDGE: f64 = 64.0;

/// What lies beyond a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Beyond {
    /// Nothing.
    Transparent,
    /// The nearest pixel of this rectangle.
    Repeat(IRect),
    /// The opposite side of this rectangle.
    Wrap(IRect),
    /// The opposite side of this rectangle left and right, nothing above and below.
    Sideways(IRect),
}

/// How many samples make a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Samples {
    /// One, and more where the picture shrinks.
    AsNeeded,
    /// So many in x and y.
    Fixed(u32, u32),
}

/// Whole pixels that hold `rect`.
pub(super) fn around(rect: Rect) -> IRect {
    let rect = IRect::around(rect);
    if rect.is_empty() { IRect::default() } else { rect }
}

/// `rect` grown by lengths that need not be whole, in x and y.
pub(super) fn grown(rect: IRect, [x, y]: [f64; 2]) -> IRect {
    if rect.is_empty() {
        return rect;
    }
    // Casts saturate.
    let (x, y) = (x.abs().ceil() as i32, y.abs().ceil() as i32);
    IRect::new(
        rect.x0.saturating_sub(x),
        rect.y0.saturating_sub(y),
        rect.x1.saturating_add(x),
        rect.y1.saturating_add(y),
    )
}

/// The rectangle as numbers.
pub(super) fn numbers(rect: IRect) -> Rect {
    Rect::new(
        f64::from(rect.x0),
        f64::from(rect.y0),
        f64::from(rect.x1),
        f64::from(rect.y1),
    )
}

/// Whole pixels that an ellipse of the layer covers, and one more on each side.
pub(super) fn ellipse(space: &Space, [cx, cy]: [f64; 2], [rx, ry]: [f64; 2]) -> IRect {
    let corners = [space.point([cx - rx, cy - ry]), space.point([cx + rx, cy + ry])];
    around(Rect::new(corners[0][0], corners[0][1], corners[1][0], corners[1][1])).inflate(1)
}

/// What counts for `out` of an effect inside an ellipse of the layer: what it covers, if it is touched, and `out`.
pub(super) fn lens(out: IRect, space: &Space, center: [f64; 2], radii: [f64; 2]) -> IRect {
    let own = ellipse(space, center, radii);
    if out.intersect(own).is_empty() {
        out
    } else {
        out.union(own)
    }
}

/// Draws `out` with a map of the layer's own coordinates.
pub(super) fn warp(
    input: Raster,
    beyond: Beyond,
    out: IRect,
    stage: &mut Stage,
    map: impl Fn([f64; 2]) -> [f64; 2],
) -> Raster {
    let space = stage.space;
    let map = |x: f64, y: f64| Some(space.point(map(space.unpoint([x, y]))));
    let picture = remap(&input, beyond, Samples::AsNeeded, out, stage, map);
    stage.give(input);
    picture
}

/// Draws `out` with a map of the layer's own coordinates that moves nothing outside of `within`.
pub(super) fn warp_within(
    within: IRect,
    input: Raster,
    out: IRect,
    stage: &mut Stage,
    map: impl Fn([f64; 2]) -> [f64; 2],
) -> Raster {
    let moved = out.intersect(within);
    if moved == out {
        return warp(input, Beyond::Transparent, out, stage, map);
    }
    let space = stage.space;
    let map = |x: f64, y: f64| Some(space.point(map(space.unpoint([x, y]))));
    let mut picture = stage.raster(out);
    picture.copy_from(&input);
    draw(&mut picture, moved, &input, Beyond::Transparent, Samples::AsNeeded, map);
    stage.give(input);
    picture
}

/// `v` as often further on or back as it takes to be in `low..high`.
#[inline]
fn wrapped(v: i32, low: i32, high: i32) -> i32 {
    let (v, low, high) = (i64::from(v), i64::from(low), i64::from(high));
    (low + (v - low).rem_euclid(high - low)) as i32
}

/// A pixel of a picture with something beyond its sides.
#[inline]
fn pixel(input: &Raster, beyond: Beyond, x: i32, y: i32) -> [u8; 4] {
    match beyond {
        Beyond::Transparent => input.pixel(x, y),
        Beyond::Repeat(r) => input.pixel(x.clamp(r.x0, r.x1 - 1), y.clamp(r.y0, r.y1 - 1)),
        Beyond::Wrap(r) => input.pixel(wrapped(x, r.x0, r.x1), wrapped(y, r.y0, r.y1)),
        Beyond::Sideways(r) => input.pixel(wrapped(x, r.x0, r.x1), y),
    }
}

/// The picture at a point between pixels (their centres are at halves), premultiplied, 0..255.
#[inline]
pub(super) fn at(input: &Raster, beyond: Beyond, x: f64, y: f64) -> [f32; 4] {
    match beyond {
        Beyond::Transparent => return input.at(x, y),
        Beyond::Repeat(r) | Beyond::Wrap(r) | Beyond::Sideways(r) if r.is_empty() => return [0.0; 4],
        _ => {}
    }
    if !(x.abs() < 1e9 && y.abs() < 1e9) {
        return [0.0; 4];
    }
    let (x, y) = (x - 0.5, y - 0.5);
    let (x0, y0) = (floor(x), floor(y));
    let (u, v) = ((x - f64::from(x0)) as f32, (y - f64::from(y0)) as f32);
    let (a, b) = (pixel(input, beyond, x0, y0), pixel(input, beyond, x0 + 1, y0));
    let (c, d) = (pixel(input, beyond, x0, y0 + 1), pixel(input, beyond, x0 + 1, y0 + 1));
    let mut out = [0.0; 4];
    for i in 0..4 {
        let upper = f32::from(a[i]) + (f32::from(b[i]) - f32::from(a[i])) * u;
        let lower = f32::from(c[i]) + (f32::from(d[i]) - f32::from(c[i])) * u;
        out[i] = upper + (lower - upper) * v;
    }
    out
}

/// Rounds a premultiplied pixel, 0..255.
#[inline]
pub(super) fn rounded(pixel: [f32; 4]) -> [u8; 4] {
    pixel.map(|v| (v + 0.5) as u8)
}

/// Draws `out`: `map` says where in the input a point of the output comes from, `None` where nothing is.
pub(super) fn remap(
    input: &Raster,
    beyond: Beyond,
    samples: Samples,
    out: IRect,
    stage: &mut Stage,
    map: impl Fn(f64, f64) -> Option<[f64; 2]>,
) -> Raster {
    let mut picture = stage.raster(out);
    draw(&mut picture, out, input, beyond, samples, map);
    picture
}

/// Draws the part `out` of a picture.
fn draw(
    picture: &mut Raster,
    out: IRect,
    input: &Raster,
    beyond: Beyond,
    samples: Samples,
    map: impl Fn(f64, f64) -> Option<[f64; 2]>,
) {
    if input.rect().is_empty() || out.is_empty() {
        return;
    }
    let center = |v: i32| f64::from(v) + 0.5;
    let needed = samples == Samples::AsNeeded;
    // Where the row above and the pixel to the left came from; so a part of a picture is the same as in the whole.
    let mut above: Vec<Option<[f64; 2]>> = Vec::new();
    if needed {
        above.extend((out.x0..out.x1).map(|x| map(center(x), center(out.y0 - 1))));
    }
    let columns = (out.x0 - picture.rect().x0) as usize..(out.x1 - picture.rect().x0) as usize;
    let rows = picture.rows_mut().filter(|(y, _)| (out.y0..out.y1).contains(y));
    for (y, row) in rows {
        let row = &mut row[columns.clone()];
        let cy = center(y);
        let mut left = if needed { map(center(out.x0 - 1), cy) } else { None };
        for (i, (x, pixel)) in (out.x0..).zip(row).enumerate() {
            let cx = center(x);
            let (nx, ny) = match samples {
                Samples::Fixed(nx, ny) => (nx, ny),
                Samples::AsNeeded => {
                    let here = map(cx, cy);
                    let n = footprint(here, left, above[i]);
                    left = here;
                    above[i] = here;
                    if n == 1 {
                        if let Some([x, y]) = here {
                            *pixel = rounded(at(input, beyond, x, y));
                        }
                        continue;
                    }
                    (n, n)
                }
            };
            let mut sum = [0.0; 4];
            for j in 0..ny {
                let sy = f64::from(y) + (f64::from(j) + 0.5) / f64::from(ny);
                for i in 0..nx {
                    let sx = f64::from(x) + (f64::from(i) + 0.5) / f64::from(nx);
                    if let Some([x, y]) = map(sx, sy) {
                        let one = at(input, beyond, x, y);
                        for c in 0..4 {
                            sum[c] += one[c];
                        }
                    }
                }
            }
            let whole = 1.0 / (nx * ny) as f32;
            *pixel = rounded(sum.map(|v| v * whole));
        }
    }
}

/// Samples in a row for a pixel that comes from `here`, with its neighbours' places.
#[inline]
fn footprint(here: Option<[f64; 2]>, left: Option<[f64; 2]>, above: Option<[f64; 2]>) -> u32 {
    let Some(here) = here else { return 1 };
    let mut far = 0.0_f64;
    for other in [left, above].into_iter().flatten() {
        let away = (here[0] - other[0]).abs().max((here[1] - other[1]).abs());
        if away < EDGE {
            far = far.max(away);
        }
    }
    // Bilinear sampling is enough up to here.
    if far <= 1.6 {
        1
    } else {
        ((far - 1e-6).ceil() as u32).min(MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::Pool;

    fn ramp() -> Raster {
        let mut raster = Raster::new(Pool::default().buffer(IRect::new(0, 0, 4, 1)));
        for (i, pixel) in raster.pixels_mut().iter_mut().enumerate() {
            *pixel = [10 * i as u8, 0, 0, 100];
        }
        raster
    }

    #[test]
    fn beyond_the_sides() {
        let raster = ramp();
        let rect = raster.rect();
        assert_eq!(at(&raster, Beyond::Transparent, -1.5, 0.5)[3], 0.0);
        assert_eq!(at(&raster, Beyond::Repeat(rect), 9.0, 7.0)[0], 30.0);
        assert_eq!(at(&raster, Beyond::Wrap(rect), 5.5, 0.5)[0], 10.0);
        // Across the seam: half of the last and half of the first.
        assert_eq!(at(&raster, Beyond::Wrap(rect), 4.0, 0.5)[0], 15.0);
        for v in [f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(at(&raster, Beyond::Repeat(rect), v, v), [0.0; 4]);
        }
        assert_eq!(at(&raster, Beyond::Wrap(IRect::default()), 0.0, 0.0), [0.0; 4]);
    }

    #[test]
    fn more_samples_where_the_picture_shrinks() {
        assert_eq!(footprint(Some([5.0, 5.0]), Some([4.0, 5.0]), Some([5.0, 4.0])), 1);
        assert_eq!(footprint(Some([5.0, 5.0]), Some([2.0, 5.0]), None), 3);
        assert_eq!(footprint(Some([5.0, 5.0]), Some([500.0, 5.0]), None), 1);
        assert_eq!(footprint(None, Some([2.0, 5.0]), None), 1);
    }
}
