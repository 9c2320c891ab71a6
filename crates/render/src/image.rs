//! Pictures as a source of pixels.

use std::cell::RefCell;
use std::sync::Arc;

use filmpress_evaluate::frame::Sampling;
use filmpress_pixels::Pixmap;
use kurbo::Affine;

use crate::paint::Shader;
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
    levels: Vec<Arc<Pixmap>>,
    /// Whether every pixel is opaque.
    opaque: bool,
}

impl Reductions {
    fn known(&mut self, picture: &Arc<Pixmap>) -> &mut Known {
        if let Some(i) = self.0.iter().position(|k| Arc::ptr_eq(&k.levels[0], picture)) {
            self.0[..=i].rotate_right(1);
        } else {
            self.0.truncate(KEPT - 1);
            let known = Known {
                levels: vec![Arc::clone(picture)],
                opaque: picture.pixels().iter().all(|p| p[3] == 255),
            };
            self.0.insert(0, known);
        }
        &mut self.0[0]
    }

    /// Lets go of a picture that will not be seen again.
    pub fn forget(&mut self, picture: &Arc<Pixmap>) {
        self.0.retain(|known| !Arc::ptr_eq(&known.levels[0], picture));
    }

    /// `picture` halved `times` times, or as often as it can be, and whether it is opaque.
    fn get(&mut self, picture: &Arc<Pixmap>, times: usize) -> (Arc<Pixmap>, bool) {
        let known = self.known(picture);
        let levels = &mut known.levels;
        while levels.len() <= times {
            let last = &levels[levels.len() - 1];
            if last.width() == 1 && last.height() == 1 {
                break;
            }
            let Some(half) = halved(last) else { break };
            levels.push(Arc::new(half));
        }
        (Arc::clone(&levels[times.min(levels.len() - 1)]), known.opaque)
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
    /// Device to picture pixels.
    inverse: [f64; 6],
    way: Way,
    opaque: bool,
    /// A row of the picture mixed with the next: each pixel and its right neighbour, spread.
    mixed: RefCell<Vec<[u64; 2]>>,
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
        let (picture, opaque) = reductions.get(picture, times);
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
            inverse: forward.inverse().as_coeffs(),
            way,
            opaque,
            mixed: RefCell::default(),
        })
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
        match self.way {
            Way::Nearest | Way::Copy(..) => {
                for (i, pixel) in out.iter_mut().enumerate() {
                    let i = i as f64;
                    let u = (u0 + a * i).floor() as i32;
                    let v = (v0 + b * i).floor() as i32;
                    *pixel = p.row(v.clamp(0, last_y) as u32)[u.clamp(0, last_x) as usize];
                }
            }
            Way::Bilinear if b == 0.0 && c == 0.0 => self.upright_row(u0, v0, out),
            Way::Bilinear => {
                let (mut u, mut v) = (fixed(u0 - 0.5), fixed(v0 - 0.5));
                let (du, dv) = (fixed(a), fixed(b));
                for pixel in out.iter_mut() {
                    let (xi, yi) = ((u >> FIXED) as i32, (v >> FIXED) as i32);
                    let (fx, fy) = (fraction(u), fraction(v));
                    u += du;
                    v += dv;
                    let upper = p.row(yi.clamp(0, last_y) as u32);
                    let lower = p.row((yi + 1).clamp(0, last_y) as u32);
                    let (l, r) = (xi.clamp(0, last_x) as usize, (xi + 1).clamp(0, last_x) as usize);
                    let left = between(spread(upper[l]), spread(lower[l]), fy);
                    let right = between(spread(upper[r]), spread(lower[r]), fy);
                    *pixel = gather(between(left, right, fx));
                }
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
    fn upright_row(&self, u0: f64, v0: f64, out: &mut [[u8; 4]]) {
        let p = &*self.picture;
        let (last_x, last_y) = (p.width() as i32 - 1, p.height() as i32 - 1);
        let v = fixed(v0 - 0.5);
        let yi = (v >> FIXED) as i32;
        let upper = p.row(yi.clamp(0, last_y) as u32);
        let lower = p.row((yi + 1).clamp(0, last_y) as u32);
        let fy = fraction(v);
        let (mut u, du) = (fixed(u0 - 0.5), fixed(self.inverse[0]));
        let end = u + du * (out.len() as i64 - 1);
        let column = |u: i64| ((u >> FIXED).clamp(-1, i64::from(last_x))) as i32;
        let (first, last) = (column(u.min(end)), column(u.max(end)) + 1);
        let mut mixed = self.mixed.borrow_mut();
        mixed.clear();
        let mut left = None;
        for x in first..=last {
            let x = x.clamp(0, last_x) as usize;
            let (up, low) = (upper[x], lower[x]);
            let right = if up == low {
                spread(up)
            } else {
                between(spread(up), spread(low), fy)
            };
            if let Some(left) = left {
                mixed.push([left, right]);
            }
            left = Some(right);
        }
        for pixel in out {
            let i = (column(u) - first) as usize;
            *pixel = match mixed.get(i) {
                Some(&[left, right]) if left | right != 0 => gather(between(left, right, fraction(u))),
                _ => [0; 4],
            };
            u += du;
        }
    }
}

/// Bits of fraction of a place in a picture.
const FIXED: u32 = 24;

/// A place in a picture; far away is far enough.
fn fixed(v: f64) -> i64 {
    (v.clamp(-1e6, 1e6) * f64::from(1 << FIXED)).floor() as i64
}

/// The place between two pixels, of 256.
#[inline(always)]
fn fraction(v: i64) -> u64 {
    (v >> (FIXED - 8)) as u64 & 255
}

/// The four channels in 16 bits each, even ones first.
#[inline(always)]
fn spread(pixel: [u8; 4]) -> u64 {
    let p = u64::from(u32::from_le_bytes(pixel));
    (p & 0x00ff_00ff) | (p & 0xff00_ff00) << 24
}

/// Back from [`spread`].
#[inline(always)]
fn gather(channels: u64) -> [u8; 4] {
    ((channels | channels >> 24) as u32).to_le_bytes()
}

/// The mix of two spread pixels, `f` of 256 towards the second.
#[inline(always)]
fn between(from: u64, to: u64, f: u64) -> u64 {
    const HALF: u64 = 0x0080_0080_0080_0080;
    ((from * (256 - f) + to * f + HALF) >> 8) & 0x00ff_00ff_00ff_00ff
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
}
