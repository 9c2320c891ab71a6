//! Finished pictures seen under projective maps: layers in space, and motion blur, which is the average of a picture at
//! several places.
//!
//! Every pixel of the device looks back into the picture: bilinear where the picture is about as large as it is shown,
//! else into copies halved again and again, with as many looks along the way it is squeezed as that takes. Beyond its
//! sides a picture is transparent, which makes its edges smooth.

use filmpress_evaluate::frame::Projection;
use kurbo::{Point, Rect};

use crate::rect::IRect;
use crate::surface::{Surface, View};

/// A pixel with its channels in 16 bits each.
type Lanes = u64;

/// Most looks for one pixel.
const MOST_LOOKS: f64 = 8.0;
/// Pixels of the device that take the same halved copy.
const BLOCK: usize = 8;
/// How much a picture may be squeezed before halved copies are looked at.
const SQUEEZED: f64 = 1.25;

/// Memory that is used again from picture to picture.
#[derive(Debug, Default)]
pub(crate) struct Perspective {
    levels: Vec<Level>,
    sums: Vec<Lanes>,
    row: Vec<Lanes>,
}

/// A copy of the picture, halved.
#[derive(Debug, Default)]
struct Level {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

/// A picture to look into.
#[derive(Clone, Copy)]
struct Source<'a> {
    width: i64,
    height: i64,
    pixels: &'a [[u8; 4]],
}

#[inline(always)]
fn spread(pixel: [u8; 4]) -> Lanes {
    let p = u64::from(u32::from_le_bytes(pixel));
    let p = (p | p << 16) & 0x0000_ffff_0000_ffff;
    (p | p << 8) & 0x00ff_00ff_00ff_00ff
}

#[inline(always)]
fn gathered(lanes: Lanes) -> [u8; 4] {
    let p = (lanes | lanes >> 8) & 0x0000_ffff_0000_ffff;
    ((p | p >> 16) as u32).to_le_bytes()
}

/// Between two pixels, `t` 0..=256.
#[inline(always)]
fn between(a: Lanes, b: Lanes, t: u64) -> Lanes {
    ((a * (256 - t) + b * t + 0x0080_0080_0080_0080) >> 8) & 0x00ff_00ff_00ff_00ff
}

/// The mean of `count` pixels, from their sum.
#[inline(always)]
fn mean(sum: Lanes, count: u64) -> [u8; 4] {
    let lane = |shift: u32| (((sum >> shift & 0xffff) + count / 2) / count) as u8;
    [lane(0), lane(16), lane(32), lane(48)]
}

impl<'a> Source<'a> {
    fn of(picture: View<'a>) -> Self {
        Self {
            width: picture.rect.width() as i64,
            height: picture.rect.height() as i64,
            pixels: picture.pixels,
        }
    }

    #[inline(always)]
    fn pixel(&self, x: i64, y: i64) -> Lanes {
        if x < 0 || y < 0 || x >= self.width || y >= self.height {
            return 0;
        }
        spread(self.pixels[(y * self.width + x) as usize])
    }

    /// The picture at a point, in pixels of its own from its corner.
    #[inline(always)]
    fn at(&self, x: f64, y: f64) -> Lanes {
        // Shifted to where cutting off is rounding down.
        const FAR: f64 = (1i64 << 40) as f64;
        let fixed = |v: f64| ((v.clamp(-1e9, 1e9) - 0.5) * 256.0 + 0.5 + FAR) as i64 - (1i64 << 40);
        let (x, y) = (fixed(x), fixed(y));
        let (s, t) = ((x & 255) as u64, (y & 255) as u64);
        let (x, y) = (x >> 8, y >> 8);
        let (upper, lower) = if x >= 0 && y >= 0 && x + 1 < self.width && y + 1 < self.height {
            let i = (y * self.width + x) as usize;
            let below = i + self.width as usize;
            let [a, b] = [self.pixels[i], self.pixels[i + 1]].map(spread);
            let [c, d] = [self.pixels[below], self.pixels[below + 1]].map(spread);
            (between(a, b, s), between(c, d, s))
        } else {
            (
                between(self.pixel(x, y), self.pixel(x + 1, y), s),
                between(self.pixel(x, y + 1), self.pixel(x + 1, y + 1), s),
            )
        };
        between(upper, lower, t)
    }
}

/// How a pixel of the device looks into the picture.
#[derive(Clone, Copy)]
struct Footprint {
    /// The way the picture goes along the longer side of the pixel, pixels.
    along: [f64; 2],
    /// Which halved copy, and how much of the next one.
    level: usize,
    more: u64,
    looks: usize,
}

impl Footprint {
    /// At a pixel, from the way there, where the way back is `w` there.
    fn new(back: &Projection, [x, y]: [f64; 2], w: f64, halved: usize) -> Self {
        let [[a, b, _], [c, d, _], [g, h, _]] = back.0;
        let across = [(a - x * g) / w, (c - y * g) / w];
        let down = [(b - x * h) / w, (d - y * h) / w];
        let area = (across[0] * down[1] - across[1] * down[0]).abs();
        let length = |v: [f64; 2]| libm::hypot(v[0], v[1]);
        let (along, long) = if length(across) >= length(down) {
            (across, length(across))
        } else {
            (down, length(down))
        };
        let short = (area / long.max(1e-12)).max(long / MOST_LOOKS);
        let fine = libm::log2(short.clamp(1.0, 1e9)).min(halved as f64);
        let level = fine as usize;
        let size = libm::exp2(fine);
        Self {
            along,
            level,
            more: ((fine - level as f64) * 256.0) as u64,
            looks: (long / size - 0.01).ceil().clamp(1.0, MOST_LOOKS).max(1.0) as usize,
        }
    }

    /// What is seen at a point of the picture.
    fn look(&self, source: Source, levels: &[Level], u: f64, v: f64) -> Lanes {
        let at = |level: usize, x: f64, y: f64| {
            let size = 1.0 / (1u64 << level) as f64;
            let source = match level.checked_sub(1).and_then(|i| levels.get(i)) {
                Some(halved) => halved.source(),
                None => source,
            };
            source.at(x * size, y * size)
        };
        let mut sum = 0;
        for i in 0..self.looks {
            let s = (i as f64 + 0.5) / self.looks as f64 - 0.5;
            let (x, y) = (u + self.along[0] * s, v + self.along[1] * s);
            let mut seen = at(self.level, x, y);
            if self.more > 0 {
                seen = between(seen, at(self.level + 1, x, y), self.more);
            }
            sum += seen;
        }
        if self.looks == 1 {
            sum
        } else {
            spread(mean(sum, self.looks as u64))
        }
    }
}

impl Perspective {
    /// Draws `picture` as `maps` (from its pixels to the device's) show it, averaged, onto what must be transparent yet.
    /// No more than 256 maps.
    pub fn draw(&mut self, picture: View, maps: &[Projection], out: &mut Surface) {
        if picture.rect.is_empty() || out.rect.is_empty() {
            return;
        }
        if let [map] = maps {
            self.place(picture, map, out.rect, |y, x0, seen| {
                for (pixel, &lanes) in out.touch(y, x0, x0 + seen.len() as i32).iter_mut().zip(seen) {
                    *pixel = gathered(lanes);
                }
            });
            return;
        }
        let around = maps
            .iter()
            .map(|map| bounds(map, picture.rect, out.rect))
            .fold(IRect::default(), IRect::union);
        if around.is_empty() {
            return;
        }
        let width = around.width();
        let mut sums = std::mem::take(&mut self.sums);
        sums.clear();
        sums.resize(width * around.height(), 0);
        for map in maps.iter().take(256) {
            self.place(picture, map, around, |y, x0, seen| {
                let start = (y - around.y0) as usize * width + (x0 - around.x0) as usize;
                for (sum, lanes) in sums[start..start + seen.len()].iter_mut().zip(seen) {
                    *sum += lanes;
                }
            });
        }
        let count = maps.len().min(256) as u64;
        for (y, row) in (around.y0..around.y1).zip(sums.chunks_exact(width)) {
            let Some(first) = row.iter().position(|&sum| sum != 0) else {
                continue;
            };
            let last = row.iter().rposition(|&sum| sum != 0).unwrap_or(first);
            let (x0, x1) = (around.x0 + first as i32, around.x0 + last as i32 + 1);
            for (pixel, &sum) in out.touch(y, x0, x1).iter_mut().zip(&row[first..=last]) {
                *pixel = mean(sum, count);
            }
        }
        self.sums = sums;
    }

    /// Looks at `picture` through one map: hands what it touches of every row of `clip` to `row`, with the row's number
    /// and the first column.
    fn place(&mut self, picture: View, map: &Projection, clip: IRect, mut row: impl FnMut(i32, i32, &[Lanes])) {
        let Some(back) = map.inverse() else { return };
        let own = picture.rect;
        let outline = map.outline(around(own));
        let outline = outline.points();
        if outline.is_empty() {
            return;
        }
        let squeezed = largest_squeeze(&back, own, outline, clip);
        self.halve(
            picture,
            if squeezed > SQUEEZED {
                libm::log2(squeezed).ceil() as usize
            } else {
                0
            },
        );
        let source = Source::of(picture);
        let corner = [f64::from(own.x0), f64::from(own.y0)];
        let mut seen = std::mem::take(&mut self.row);
        for y in clip.y0..clip.y1 {
            let Some((x0, x1)) = columns(outline, y, clip) else {
                continue;
            };
            seen.clear();
            seen.resize((x1 - x0) as usize, 0);
            let [[a, b, e], [c, d, f], [g, h, i]] = back.0;
            let centre = f64::from(y) + 0.5;
            // What does not change along the row.
            let (u0, v0, w0) = (b * centre + e, d * centre + f, h * centre + i);
            let [left, top] = corner;
            let look = |x: i32| {
                let x = f64::from(x) + 0.5;
                let w = g * x + w0;
                ((a * x + u0) / w - left, (c * x + v0) / w - top, w)
            };
            if self.levels.is_empty() {
                for (lanes, x) in seen.iter_mut().zip(x0..) {
                    let (u, v, w) = look(x);
                    if w > 0.0 {
                        *lanes = source.at(u, v);
                    }
                }
            } else {
                for (block, x) in seen.chunks_mut(BLOCK).zip((x0..).step_by(BLOCK)) {
                    let (u, v, w) = look(x + block.len() as i32 / 2);
                    let print = Footprint::new(&back, [u + left, v + top], w, self.levels.len());
                    for (lanes, x) in block.iter_mut().zip(x..) {
                        let (u, v, w) = look(x);
                        if w > 0.0 {
                            *lanes = print.look(source, &self.levels, u, v);
                        }
                    }
                }
            }
            row(y, x0, &seen);
        }
        self.row = seen;
    }

    /// Makes halved copies, as many as asked for or as there can be.
    fn halve(&mut self, picture: View, count: usize) {
        let mut made = 0;
        while made < count {
            if self.levels.len() <= made {
                self.levels.push(Level::default());
            }
            let (finer, rest) = self.levels.split_at_mut(made);
            let source = finer.last().map_or_else(|| Source::of(picture), Level::source);
            if source.width <= 1 && source.height <= 1 {
                break;
            }
            rest[0].half_of(source);
            made += 1;
        }
        self.levels.truncate(made);
    }
}

impl Level {
    fn source(&self) -> Source<'_> {
        Source {
            width: self.width as i64,
            height: self.height as i64,
            pixels: &self.pixels,
        }
    }

    /// Each pixel the mean of four; beyond the sides there is nothing.
    fn half_of(&mut self, source: Source) {
        let (width, height) = ((source.width + 1) / 2, (source.height + 1) / 2);
        self.width = width as usize;
        self.height = height as usize;
        self.pixels.clear();
        self.pixels.reserve(self.width * self.height);
        for y in 0..height {
            for x in 0..width {
                let (x, y) = (2 * x, 2 * y);
                let sum =
                    source.pixel(x, y) + source.pixel(x + 1, y) + source.pixel(x, y + 1) + source.pixel(x + 1, y + 1);
                self.pixels.push(mean(sum, 4));
            }
        }
    }
}

/// A picture's rectangle with the soft edge that looking between pixels gives it.
fn around(own: IRect) -> Rect {
    Rect::new(
        f64::from(own.x0) - 0.5,
        f64::from(own.y0) - 0.5,
        f64::from(own.x1) + 0.5,
        f64::from(own.y1) + 0.5,
    )
}

/// The pixels inside `clip` that a picture over `own` may touch through a map.
pub(crate) fn bounds(map: &Projection, own: IRect, clip: IRect) -> IRect {
    if own.is_empty() {
        return IRect::default();
    }
    map.bounds(around(own))
        .map_or(IRect::default(), IRect::around)
        .intersect(clip)
}

/// The columns of row `y` inside `clip` that an outline may touch.
fn columns(outline: &[Point], y: i32, clip: IRect) -> Option<(i32, i32)> {
    let (top, bottom) = (f64::from(y), f64::from(y) + 1.0);
    let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
    for (i, &a) in outline.iter().enumerate() {
        let b = outline[(i + 1) % outline.len()];
        let (a, b) = if a.y <= b.y { (a, b) } else { (b, a) };
        if b.y < top || a.y > bottom {
            continue;
        }
        let at = |y: f64| {
            let s = if b.y > a.y {
                ((y - a.y) / (b.y - a.y)).clamp(0.0, 1.0)
            } else {
                0.0
            };
            a.x + (b.x - a.x) * s
        };
        for x in if b.y > a.y { [at(top), at(bottom)] } else { [a.x, b.x] } {
            left = left.min(x);
            right = right.max(x);
        }
    }
    let x0 = left.floor().max(f64::from(clip.x0));
    let x1 = right.ceil().min(f64::from(clip.x1));
    (x0 < x1).then_some((x0 as i32, x1 as i32))
}

/// How many pixels of the picture one of the device holds at most, along the shorter of the ways it is squeezed; where
/// that is far outside of `clip` it does not count.
fn largest_squeeze(back: &Projection, own: IRect, outline: &[Point], clip: IRect) -> f64 {
    let mut largest: f64 = 1.0;
    for point in outline {
        let inside = Point::new(
            point.x.clamp(f64::from(clip.x0), f64::from(clip.x1)),
            point.y.clamp(f64::from(clip.y0), f64::from(clip.y1)),
        );
        for point in [*point, inside] {
            let far = (point.x - inside.x).abs().max((point.y - inside.y).abs());
            let [u, v, w] = back.apply(point);
            if w <= 0.0 || far > 4.0 * (clip.width() + clip.height()) as f64 {
                continue;
            }
            let [[a, b, _], [c, d, _], [g, h, _]] = back.0;
            let (u, v) = (u / w, v / w);
            let across = libm::hypot(a - u * g, c - v * g) / w;
            let down = libm::hypot(b - u * h, d - v * h) / w;
            largest = largest.max(across).max(down);
        }
    }
    // There is no copy smaller than a pixel.
    largest.min((own.width().max(own.height()) as f64) * 2.0)
}

#[cfg(test)]
mod tests {
    use kurbo::Affine;

    use super::*;
    use crate::surface::{Buffer, Pool};

    fn buffer(pool: &mut Pool, rect: IRect, f: impl Fn(i32, i32) -> [u8; 4]) -> Buffer {
        let mut buffer = pool.buffer(rect);
        let mut surface = buffer.surface();
        for y in rect.y0..rect.y1 {
            for (x, pixel) in (rect.x0..rect.x1).zip(surface.touch(y, rect.x0, rect.x1)) {
                *pixel = f(x, y);
            }
        }
        buffer
    }

    /// A picture of `from` seen over 20x20 pixels.
    fn seen(from: IRect, f: impl Fn(i32, i32) -> [u8; 4], maps: &[Projection]) -> Vec<Vec<[u8; 4]>> {
        let mut pool = Pool::default();
        let mut picture = buffer(&mut pool, from, f);
        let mut out = pool.buffer(IRect::new(0, 0, 20, 20));
        let mut surface = out.surface();
        Perspective::default().draw(picture.surface().view(), maps, &mut surface);
        (0..20).map(|y| surface.view().row(y, 0, 20).to_vec()).collect()
    }

    const WHITE: [u8; 4] = [255; 4];

    #[test]
    fn pixels_moved_by_whole_pixels_stay_what_they_are() {
        let color = |x: i32, y: i32| [x as u8 * 9, y as u8 * 11, (x * y) as u8, 255];
        let map = Affine::translate((3.0, 5.0)).into();
        let out = seen(IRect::new(1, 2, 8, 9), color, &[map]);
        for y in 0..20i32 {
            for x in 0..20i32 {
                let inside = (4..11).contains(&x) && (7..14).contains(&y);
                let wanted = if inside { color(x - 3, y - 5) } else { [0; 4] };
                assert_eq!(out[y as usize][x as usize], wanted, "{x} {y}");
            }
        }
    }

    #[test]
    fn halves_of_pixels_make_soft_edges() {
        let map = Affine::translate((0.5, 0.0)).into();
        let out = seen(IRect::new(4, 4, 8, 8), |_, _| WHITE, &[map]);
        assert_eq!(out[5][3..10], [[0; 4], [128; 4], WHITE, WHITE, WHITE, [128; 4], [0; 4]]);
    }

    #[test]
    fn perspective_halves_what_is_twice_as_far() {
        // Rows further down are nearer: w goes from 2 at y = 0 to 1 at y = 20 of the picture.
        let map = Projection([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, -0.05, 2.0]]);
        let checks = |x: i32, _: i32| if x % 8 < 4 { WHITE } else { [0, 0, 0, 255] };
        let out = seen(IRect::new(0, 0, 40, 20), checks, &[map]);
        // Bars are two pixels wide at the top and almost four at the bottom.
        let top: Vec<u8> = out[0][..8].iter().map(|p| p[0] / 128).collect();
        assert_eq!(top, [1, 1, 0, 0, 1, 1, 0, 0]);
        let bottom: Vec<u8> = out[19][..8].iter().map(|p| p[0] / 128).collect();
        assert_eq!(bottom, [1, 1, 1, 1, 0, 0, 0, 0]);
    }

    #[test]
    fn motion_is_the_average_of_its_places() {
        let maps: Vec<Projection> = (0..4).map(|i| Affine::translate((f64::from(i), 0.0)).into()).collect();
        let out = seen(IRect::new(4, 4, 6, 6), |_, _| WHITE, &maps);
        let alphas: Vec<u8> = out[4].iter().map(|p| p[3]).collect();
        assert_eq!(alphas[3..11], [0, 64, 128, 128, 128, 64, 0, 0]);
        // Places where it does not show count as nothing.
        let mut maps = maps;
        maps[3] = Projection::NOTHING;
        let out = seen(IRect::new(4, 4, 6, 6), |_, _| WHITE, &maps);
        assert_eq!(out[4][6][3], 128);
        assert_eq!(out[4][7][3], 64);
    }

    #[test]
    fn the_sum_of_256_places_does_not_overflow() {
        let maps = vec![Projection::IDENTITY; 300];
        let out = seen(IRect::new(0, 0, 9, 9), |_, _| WHITE, &maps);
        assert_eq!(out[4][4], WHITE);
    }

    #[test]
    fn fine_patterns_seen_from_afar_are_their_mean() {
        let checks = |x: i32, y: i32| if (x + y) % 2 == 0 { WHITE } else { [0, 0, 0, 255] };
        let map = Affine::scale(0.1).into();
        let out = seen(IRect::new(0, 0, 200, 200), checks, &[map]);
        for row in &out[2..18] {
            for pixel in &row[2..18] {
                assert!((i32::from(pixel[0]) - 128).abs() < 3 && pixel[3] == 255, "{pixel:?}");
            }
        }
        // Squeezed along one way only: bars along the other stay.
        let bars = |_: i32, y: i32| if y % 2 == 0 { WHITE } else { [0, 0, 0, 255] };
        let map = Affine::scale_non_uniform(0.2, 1.0).into();
        let out = seen(IRect::new(0, 0, 100, 20), bars, &[map]);
        assert!(
            out[10][10][0] > 250 && out[11][10][0] < 5,
            "{:?} {:?}",
            out[10][10],
            out[11][10]
        );
    }

    #[test]
    fn survives_any_map() {
        for x in [f64::NAN, f64::INFINITY, 1e300, -1e300, 1e-300, 0.0, 1e9] {
            for place in 0..9 {
                let mut rows = Projection::IDENTITY.0;
                rows[place / 3][place % 3] = x;
                let map = Projection(rows);
                seen(IRect::new(0, 0, 9, 9), |_, _| WHITE, &[map]);
                seen(IRect::new(0, 0, 9, 9), |_, _| WHITE, &[map, map]);
            }
        }
        // It passes the camera.
        let past = Projection([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-0.1, 0.0, 1.0]]);
        let out = seen(IRect::new(0, 0, 20, 9), |_, _| WHITE, &[past]);
        assert_eq!(out[3][19], WHITE);
    }
}
