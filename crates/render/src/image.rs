//! Pictures as a source of pixels.

use std::cell::RefCell;
use std::sync::Arc;

use fearless_simd::{Level, Simd, dispatch};
use filmpress_evaluate::frame::Sampling;
use filmpress_pixels::Pixmap;
use kurbo::Affine;

use crate::paint::{EVERYWHERE, Shader};
use crate::rect::scales;

/// Reduced copies kept, in pictures.
const KEPT: usize = 8;

/// Halved copies of pictures, for drawing them much smaller.
#[derive(Debug, Default)]
pub(crate) struct Reductions(Vec<Known>);

/// A picture seen lately.
#[derive(Debug)]
struct Known {
    /// The picture itself, then its halves.
    levels: Vec<Reduced>,
    /// Whether every pixel is opaque.
    opaque: bool,
}

/// A picture and where in its rows something shows.
#[derive(Clone, Debug)]
struct Reduced {
    picture: Arc<Pixmap>,
    /// First column of each row that is not transparent, and the one after the last; `None` when all is opaque.
    shown: Option<Arc<[(u32, u32)]>>,
}

impl Reduced {
    fn new(picture: Arc<Pixmap>, opaque: bool) -> Self {
        let shown = (!opaque).then(|| (0..picture.height()).map(|y| shown_columns(picture.row(y))).collect());
        Self { picture, shown }
    }
}

/// The columns between which a row is not transparent; none when they are equal.
fn shown_columns(row: &[[u8; 4]]) -> (u32, u32) {
    let shows = |pixel: &[u8; 4]| *pixel != [0; 4];
    match (row.iter().position(shows), row.iter().rposition(shows)) {
        (Some(first), Some(last)) => (first as u32, last as u32 + 1),
        _ => (0, 0),
    }
}

impl Reductions {
    fn known(&mut self, picture: &Arc<Pixmap>) -> &mut Known {
        if let Some(i) = self.0.iter().position(|k| Arc::ptr_eq(&k.levels[0].picture, picture)) {
            self.0[..=i].rotate_right(1);
        } else {
            self.0.truncate(KEPT - 1);
            let opaque = picture.pixels().iter().all(|p| p[3] == 255);
            let known = Known {
                levels: vec![Reduced::new(Arc::clone(picture), opaque)],
                opaque,
            };
            self.0.insert(0, known);
        }
        &mut self.0[0]
    }

    /// Lets go of a picture that will not be seen again.
    pub fn forget(&mut self, picture: &Arc<Pixmap>) {
        self.0.retain(|known| !Arc::ptr_eq(&known.levels[0].picture, picture));
    }

    /// `picture` halved `times` times, or as often as it can be, and whether it is opaque.
    fn get(&mut self, picture: &Arc<Pixmap>, times: usize) -> (Reduced, bool) {
        let known = self.known(picture);
        let opaque = known.opaque;
        let levels = &mut known.levels;
        while levels.len() <= times {
            let last = &levels[levels.len() - 1].picture;
            if last.width() == 1 && last.height() == 1 {
                break;
            }
            let Some(half) = halved(last) else { break };
            levels.push(Reduced::new(Arc::new(half), opaque));
        }
        (levels[times.min(levels.len() - 1)].clone(), opaque)
    }
}

/// Each pixel the mean of four; an odd last row or column is the mean of two.
fn halved(picture: &Pixmap) -> Option<Pixmap> {
    let (w, h) = (picture.width().div_ceil(2), picture.height().div_ceil(2));
    let mut out = Pixmap::new(w, h).ok()?;
    for y in 0..h {
        let upper = picture.row(2 * y);
        let lower = picture.row((2 * y + 1).min(picture.height() - 1));
        for (x, pixel) in out.row_mut(y).iter_mut().enumerate() {
            let right = (2 * x + 1).min(upper.len() - 1);
            for c in 0..4 {
                let sum = u32::from(upper[2 * x][c])
                    + u32::from(upper[right][c])
                    + u32::from(lower[2 * x][c])
                    + u32::from(lower[right][c]);
                pixel[c] = ((sum + 2) / 4) as u8;
            }
        }
    }
    Some(out)
}

/// A picture under a transform. Pixels beyond its sides repeat the nearest, the shape cuts them off.
#[derive(Debug)]
pub(crate) struct ImageShader {
    picture: Arc<Pixmap>,
    /// Where in its rows something shows; everywhere without.
    shown: Option<Arc<[(u32, u32)]>>,
    /// Device to picture pixels.
    inverse: [f64; 6],
    way: Way,
    opaque: bool,
    /// A row of the picture mixed with the next.
    mixed: RefCell<Vec<[u8; 4]>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// Whole pixels moved by whole pixels.
    Copy(i32, i32),
    Nearest,
    Bilinear,
    Bicubic,
}

impl ImageShader {
    /// `picture` stretched to `size` in a space that `transform` maps to the device; `None` when nothing shows.
    pub fn new(
        picture: &Arc<Pixmap>,
        size: [f64; 2],
        transform: Affine,
        sampling: Sampling,
        reductions: &mut Reductions,
    ) -> Option<Self> {
        if !(size[0] > 0.0 && size[1] > 0.0) || transform.determinant().abs() < 1e-12 {
            return None;
        }
        let to_device = |p: &Pixmap| {
            transform * Affine::scale_non_uniform(size[0] / f64::from(p.width()), size[1] / f64::from(p.height()))
        };
        let full = to_device(picture);
        let [sx, sy] = scales(&full);
        let mut times = 0;
        let mut shrink = 1.0 / sx.max(sy);
        while sampling != Sampling::Nearest && shrink >= 1.9 && times < 16 {
            shrink /= 2.0;
            times += 1;
        }
        let (Reduced { picture, shown }, opaque) = reductions.get(picture, times);
        let forward = to_device(&picture);
        let [a, b, c, d, tx, ty] = forward.as_coeffs();
        let whole = |v: f64| (v - v.round()).abs() < 1e-4 && v.abs() < 1e6;
        let unit = (a - 1.0).abs() < 1e-7 && (d - 1.0).abs() < 1e-7 && b.abs() < 1e-7 && c.abs() < 1e-7;
        let way = if unit && whole(tx) && whole(ty) {
            Way::Copy(tx.round() as i32, ty.round() as i32)
        } else {
            match sampling {
                Sampling::Nearest => Way::Nearest,
                Sampling::Bilinear => Way::Bilinear,
                Sampling::Bicubic => Way::Bicubic,
            }
        };
        Some(Self {
            picture,
            shown,
            inverse: forward.inverse().as_coeffs(),
            way,
            opaque,
            mixed: RefCell::default(),
        })
    }
}

impl ImageShader {
    /// Whether its pixels are worth keeping, and the same wherever a row of them begins.
    pub fn is_costly(&self) -> bool {
        self.way == Way::Bilinear
    }
}

/// Weights of four neighbours at `t` between the middle two (Catmull-Rom).
fn cubic_weights(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        -0.5 * t3 + t2 - 0.5 * t,
        1.5 * t3 - 2.5 * t2 + 1.0,
        -1.5 * t3 + 2.0 * t2 + 0.5 * t,
        0.5 * t3 - 0.5 * t2,
    ]
}

impl Shader for ImageShader {
    fn opaque(&self) -> bool {
        self.opaque
    }

    fn shown(&self, y: i32) -> (i32, i32) {
        let Some(rows) = &self.shown else {
            return EVERYWHERE;
        };
        let (last_x, last_y) = (self.picture.width(), i64::from(self.picture.height()) - 1);
        let [a, b, c, d, tx, ty] = self.inverse;
        let columns = match self.way {
            Way::Copy(_, ty) => rows[i64::from(y - ty).clamp(0, last_y) as usize],
            Way::Bilinear if b == 0.0 && c == 0.0 => {
                let v = fixed(d * (f64::from(y) + 0.5) + ty - 0.5) >> FIXED;
                let [upper, lower] = [v, v + 1].map(|v| rows[v.clamp(0, last_y) as usize]);
                match (upper.0 < upper.1, lower.0 < lower.1) {
                    (true, true) => (upper.0.min(lower.0), upper.1.max(lower.1)),
                    (true, false) => upper,
                    _ => lower,
                }
            }
            _ => return EVERYWHERE,
        };
        if columns.0 >= columns.1 {
            return (0, 0);
        }
        // The outermost columns go on for ever. A pixel is mixed of columns less than one away from its place.
        let place = |column: f64| (column - tx) / a - 0.5;
        let first = if columns.0 == 0 {
            f64::NEG_INFINITY
        } else {
            f64::from(columns.0) - 0.5
        };
        let last = if columns.1 == last_x {
            f64::INFINITY
        } else {
            f64::from(columns.1) + 0.5
        };
        let (from, to) = (place(first).min(place(last)), place(first).max(place(last)));
        // A little more, for what rounding does; casts saturate.
        (
            (from - 0.01).floor() as i32,
            ((to + 0.01).ceil() as i32).saturating_add(1),
        )
    }

    fn begins_anywhere(&self) -> bool {
        matches!(self.way, Way::Copy(..) | Way::Bilinear)
    }

    fn row(&self, x: i32, y: i32, out: &mut [[u8; 4]]) {
        let p = &*self.picture;
        let (last_x, last_y) = (p.width() as i32 - 1, p.height() as i32 - 1);
        if let Way::Copy(tx, ty) = self.way {
            let row = p.row((y - ty).clamp(0, last_y) as u32);
            let start = x - tx;
            if start >= 0 && start as usize + out.len() <= row.len() {
                out.copy_from_slice(&row[start as usize..][..out.len()]);
            } else {
                for (i, pixel) in out.iter_mut().enumerate() {
                    *pixel = row[(start + i as i32).clamp(0, last_x) as usize];
                }
            }
            return;
        }
        let [a, b, c, d, tx, ty] = self.inverse;
        let (px, py) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
        let (u0, v0) = (a * px + c * py + tx, b * px + d * py + ty);
        // Counted from column 0: a pixel is the same wherever its row begins.
        let start = |step: f64, other: f64, shift: f64| {
            fixed(step * 0.5 + other * py + shift - 0.5) + fixed_step(step) * i64::from(x)
        };
        match self.way {
            Way::Nearest | Way::Copy(..) => {
                for (i, pixel) in out.iter_mut().enumerate() {
                    let i = i as f64;
                    let u = (u0 + a * i).floor() as i32;
                    let v = (v0 + b * i).floor() as i32;
                    *pixel = p.row(v.clamp(0, last_y) as u32)[u.clamp(0, last_x) as usize];
                }
            }
            Way::Bilinear if b == 0.0 && c == 0.0 => self.upright_row(start(a, 0.0, tx), fixed(v0 - 0.5), out),
            Way::Bilinear => {
                let place = [start(a, c, tx), start(b, d, ty)];
                let step = [fixed_step(a), fixed_step(b)];
                dispatch!(Level::new(), simd => turned_row(simd, p, place, step, out));
            }
            Way::Bicubic => {
                for (i, pixel) in out.iter_mut().enumerate() {
                    let i = i as f64;
                    let (u, v) = (u0 + a * i - 0.5, v0 + b * i - 0.5);
                    let (xi, yi) = (u.floor(), v.floor());
                    let (wx, wy) = (cubic_weights((u - xi) as f32), cubic_weights((v - yi) as f32));
                    let (xi, yi) = (xi as i32, yi as i32);
                    let mut sum = [0f32; 4];
                    for (j, wy) in wy.into_iter().enumerate() {
                        let row = p.row(yi.saturating_add(j as i32 - 1).clamp(0, last_y) as u32);
                        for (k, wx) in wx.into_iter().enumerate() {
                            let from = row[xi.saturating_add(k as i32 - 1).clamp(0, last_x) as usize];
                            for c in 0..4 {
                                sum[c] += f32::from(from[c]) * wx * wy;
                            }
                        }
                    }
                    let alpha = (sum[3] + 0.5) as u8;
                    *pixel = [
                        ((sum[0] + 0.5) as u8).min(alpha),
                        ((sum[1] + 0.5) as u8).min(alpha),
                        ((sum[2] + 0.5) as u8).min(alpha),
                        alpha,
                    ];
                }
            }
        }
    }
}

impl ImageShader {
    /// Bilinear pixels of a row along a row of the picture: mixed downwards once, then along.
    fn upright_row(&self, u: i64, v: i64, out: &mut [[u8; 4]]) {
        let p = &*self.picture;
        let (last_x, last_y) = (p.width() as i32 - 1, p.height() as i32 - 1);
        let yi = (v >> FIXED) as i32;
        let upper = p.row(yi.clamp(0, last_y) as u32);
        let lower = p.row((yi + 1).clamp(0, last_y) as u32);
        let du = fixed_step(self.inverse[0]);
        let end = u + du * (out.len() as i64 - 1);
        let column = |u: i64| ((u >> FIXED).clamp(-1, i64::from(last_x))) as i32;
        let (first, last) = (column(u.min(end)), column(u.max(end)) + 1);
        let mut mixed = self.mixed.borrow_mut();
        mixed.clear();
        // Columns `first..=last`; beyond the picture's sides they are its outermost ones.
        mixed.resize((last - first + 1) as usize, [0; 4]);
        let (from, to) = (first.max(0), last.min(last_x));
        let (before, inside) = mixed.split_at_mut((from - first) as usize);
        let (inside, after) = inside.split_at_mut((to - from + 1) as usize);
        let columns = from as usize..to as usize + 1;
        let (upper, lower) = (&upper[columns.clone()], &lower[columns]);
        dispatch!(Level::new(), simd => mix_rows(simd, upper, lower, fraction(v), inside));
        if let [leftmost, .., rightmost] | [leftmost @ rightmost] = &*inside {
            before.fill(*leftmost);
            after.fill(*rightmost);
        }
        dispatch!(Level::new(), simd => along_row(simd, &mixed, u - (i64::from(first) << FIXED), du, out));
    }
}

/// Pixels worked on at once.
const STEP: usize = 16;

/// The mix of two rows, `f` of 256 towards the lower one; all of the same length.
#[inline(always)]
fn mix_rows<S: Simd>(_: S, upper: &[[u8; 4]], lower: &[[u8; 4]], f: u32, out: &mut [[u8; 4]]) {
    if f == 0 {
        out.copy_from_slice(upper);
        return;
    }
    let (steps, rest) = out.as_chunks_mut::<STEP>();
    let (upper_steps, upper_rest) = upper.as_chunks::<STEP>();
    let (lower_steps, lower_rest) = lower.as_chunks::<STEP>();
    for ((out, upper), lower) in steps.iter_mut().zip(upper_steps).zip(lower_steps) {
        for i in 0..STEP {
            out[i] = between(u32::from_le_bytes(upper[i]), u32::from_le_bytes(lower[i]), f).to_le_bytes();
        }
    }
    for ((out, upper), lower) in rest.iter_mut().zip(upper_rest).zip(lower_rest) {
        *out = between(u32::from_le_bytes(*upper), u32::from_le_bytes(*lower), f).to_le_bytes();
    }
}

/// Pixels along a row of a picture from the place `u` on, in steps of `du`; places beyond its ends are at them.
#[inline(always)]
fn along_row<S: Simd>(_: S, row: &[[u8; 4]], mut u: i64, du: i64, out: &mut [[u8; 4]]) {
    let last = row.len() as i64 - 2;
    for out in out.chunks_mut(STEP) {
        let (mut left, mut right, mut f) = ([0; STEP], [0; STEP], [0; STEP]);
        for i in 0..STEP {
            let at = (u >> FIXED).clamp(0, last) as usize;
            if let Some(&[l, r]) = row.get(at..at + 2) {
                (left[i], right[i]) = (u32::from_le_bytes(l), u32::from_le_bytes(r));
            }
            f[i] = fraction(u);
            u += du;
        }
        let mut mixed = [0; STEP];
        for i in 0..STEP {
            mixed[i] = between(left[i], right[i], f[i]);
        }
        for (out, mixed) in out.iter_mut().zip(mixed) {
            *out = mixed.to_le_bytes();
        }
    }
}

/// Pixels across a picture from the place `at` (x, y) on, in steps of `by`; places beyond its sides are at them.
#[inline(always)]
fn turned_row<S: Simd>(_: S, picture: &Pixmap, at: [i64; 2], by: [i64; 2], out: &mut [[u8; 4]]) {
    let (width, pixels) = (picture.width() as usize, picture.pixels());
    let (last_x, last_y) = (i64::from(picture.width()) - 1, i64::from(picture.height()) - 1);
    let [mut u, mut v] = at;
    for out in out.chunks_mut(STEP) {
        // Upper and lower neighbours, left and right ones.
        let mut four = [[0; STEP]; 4];
        let (mut fx, mut fy) = ([0; STEP], [0; STEP]);
        for i in 0..STEP {
            let (x, y) = (u >> FIXED, v >> FIXED);
            let (l, r) = (x.clamp(0, last_x) as usize, (x + 1).clamp(0, last_x) as usize);
            let upper = y.clamp(0, last_y) as usize * width;
            let lower = (y + 1).clamp(0, last_y) as usize * width;
            for (four, at) in four.iter_mut().zip([upper + l, upper + r, lower + l, lower + r]) {
                four[i] = u32::from_le_bytes(pixels[at]);
            }
            (fx[i], fy[i]) = (fraction(u), fraction(v));
            u += by[0];
            v += by[1];
        }
        let mut mixed = [0; STEP];
        for i in 0..STEP {
            let left = between(four[0][i], four[2][i], fy[i]);
            let right = between(four[1][i], four[3][i], fy[i]);
            mixed[i] = between(left, right, fx[i]);
        }
        for (out, mixed) in out.iter_mut().zip(mixed) {
            *out = mixed.to_le_bytes();
        }
    }
}

/// Bits of fraction of a place in a picture.
const FIXED: u32 = 32;

const ONE: f64 = (1u64 << FIXED) as f64;

/// A place in a picture; far away is far enough.
fn fixed(v: f64) -> i64 {
    (v.clamp(-1e6, 1e6) * ONE).floor() as i64
}

/// A step from pixel to pixel in a picture; more than a picture is as good as a picture.
fn fixed_step(v: f64) -> i64 {
    (v.clamp(-32e3, 32e3) * ONE).round() as i64
}

/// The place between two pixels, of 256.
#[inline(always)]
fn fraction(v: i64) -> u32 {
    (v >> (FIXED - 8)) as u32 & 255
}

/// The mix of two pixels, `f` of 256 towards the second: two channels at once in the halves of a word.
#[inline(always)]
fn between(from: u32, to: u32, f: u32) -> u32 {
    const PAIR: u32 = 0x00ff_00ff;
    const HALF: u32 = 0x0080_0080;
    let even = (from & PAIR) * (256 - f) + (to & PAIR) * f + HALF;
    let odd = (from >> 8 & PAIR) * (256 - f) + (to >> 8 & PAIR) * f + HALF;
    (even >> 8 & PAIR) | (odd & (PAIR << 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checker() -> Arc<Pixmap> {
        let data = vec![[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [255; 4]];
        Arc::new(Pixmap::from_premultiplied(2, 2, data).unwrap())
    }

    fn row(transform: Affine, sampling: Sampling, x: i32, y: i32, n: usize) -> Vec<[u8; 4]> {
        let shader = ImageShader::new(&checker(), [2.0, 2.0], transform, sampling, &mut Reductions::default()).unwrap();
        let mut out = vec![[0; 4]; n];
        shader.row(x, y, &mut out);
        out
    }

    #[test]
    fn whole_moves_copy() {
        for sampling in [Sampling::Nearest, Sampling::Bilinear, Sampling::Bicubic] {
            let out = row(Affine::translate((5.0, -3.0)), sampling, 5, -2, 2);
            assert_eq!(out, [[0, 0, 255, 255], [255; 4]]);
        }
    }

    #[test]
    fn half_moves_mix_evenly() {
        let out = row(Affine::translate((0.5, 0.0)), Sampling::Bilinear, 1, 0, 1);
        assert_eq!(out, [[128, 128, 0, 255]]);
    }

    #[test]
    fn a_reduced_picture_is_the_mean() {
        let out = row(Affine::scale(0.5), Sampling::Bilinear, 0, 0, 1);
        assert_eq!(out, [[128, 128, 128, 255]]);
    }

    #[test]
    fn flat_pictures_draw_nothing() {
        let flat = Affine::new([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(
            ImageShader::new(
                &checker(),
                [2.0, 2.0],
                flat,
                Sampling::Bilinear,
                &mut Reductions::default()
            )
            .is_none()
        );
    }

    /// A disc of noise in the middle of nothing.
    fn island(width: u32, height: u32) -> Arc<Pixmap> {
        let (cx, cy) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
        let data = (0..width * height).map(|i| {
            let (x, y) = (f64::from(i % width) - cx, f64::from(i / width) - cy);
            let inside = x * x + y * y < cx.min(cy) * cx.min(cy) / 3.0;
            let [r, g, b, a] = i.wrapping_mul(2_654_435_761).to_le_bytes();
            if inside {
                filmpress_pixels::premultiply([r, g, b, a | 1])
            } else {
                [0; 4]
            }
        });
        Arc::new(Pixmap::from_premultiplied(width, height, data.collect()).unwrap())
    }

    const WAYS: [[f64; 6]; 7] = [
        [1.0, 0.0, 0.0, 1.0, 7.0, -3.0],
        [0.81, 0.0, 0.0, 0.81, 11.3, 4.7],
        [3.7, 0.0, 0.0, 2.9, -20.6, -9.1],
        [-1.3, 0.0, 0.0, 1.7, 90.2, 0.4],
        [0.3, 0.0, 0.0, 0.3, 5.5, 5.5],
        [0.9, 0.4, -0.4, 0.9, 20.0, -5.0],
        [40.0, 0.0, 0.0, 40.0, -700.3, -900.9],
    ];

    #[test]
    fn a_pixel_is_the_same_wherever_its_row_begins() {
        let picture = island(50, 60);
        for way in WAYS {
            let transform = Affine::new(way);
            let reductions = &mut Reductions::default();
            let shader = ImageShader::new(&picture, [50.0, 60.0], transform, Sampling::Bilinear, reductions).unwrap();
            for y in -5..80 {
                let mut whole = vec![[0; 4]; 150];
                shader.row(-20, y, &mut whole);
                for start in [1, 2, 7, 16, 33, 90] {
                    let mut part = vec![[0; 4]; 41];
                    shader.row(start - 20, y, &mut part);
                    assert!(part == whole[start as usize..][..41], "{way:?} row {y} from {start}");
                }
            }
        }
    }

    #[test]
    fn nothing_shows_beyond_where_it_is_said_to() {
        let picture = island(50, 60);
        for way in WAYS {
            let transform = Affine::new(way);
            let reductions = &mut Reductions::default();
            let shader = ImageShader::new(&picture, [50.0, 60.0], transform, Sampling::Bilinear, reductions).unwrap();
            let upright = way[1] == 0.0;
            let mut cut = 0;
            for y in -5..80 {
                let mut whole = vec![[0; 4]; 150];
                shader.row(-20, y, &mut whole);
                let (x0, x1) = shader.shown(y);
                for (x, pixel) in (-20..).zip(&whole) {
                    if x < x0 || x >= x1 {
                        assert_eq!(*pixel, [0; 4], "{way:?} at {x}, {y}, shown {x0}..{x1}");
                        cut += 1;
                    }
                }
            }
            assert!(cut > 2000 || !upright || way[0] == 40.0, "{way:?}: {cut}");
        }
    }
}
