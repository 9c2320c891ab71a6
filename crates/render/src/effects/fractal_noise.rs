//! Fractal Noise: layers of smooth random values, each finer and weaker than the one before.

use kurbo::{Affine, Point, Rect, Vec2};

use super::blending::Blending;
use super::random::random;
use super::{Definition, Draws, Parameters, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Fractal Noise"],
    read: |p| Box::new(FractalNoise::read(p)),
};

/// Distance of the random values at a scale of 100, pixels of the layer. Other renderers measured it on After Effects'
/// output, as they did the next one.
const CELL: f64 = 64.0;
/// Sets of random values that evolution passes in a revolution.
const SETS: f64 = std::f64::consts::FRAC_PI_2;
/// Most random values of a layer of noise that are kept; where there would be more, each is made as it is needed.
const MOST_VALUES: f64 = 4e6;

/// How values between those of the lattice are found.
#[derive(Clone, Copy, Debug, PartialEq)]
enum NoiseType {
    Block,
    Linear,
    SoftLinear,
    Spline,
}

impl NoiseType {
    /// Weights of the values at -1, 0, 1 and 2, for a place from 0 up to 1.
    fn weights(self, t: f32) -> [f32; 4] {
        match self {
            Self::Block => [0.0, 1.0, 0.0, 0.0],
            Self::Linear => [0.0, 1.0 - t, t, 0.0],
            Self::SoftLinear => {
                let t = t * t * (3.0 - 2.0 * t);
                [0.0, 1.0 - t, t, 0.0]
            }
            Self::Spline => {
                // A cubic through the values.
                let (t2, t3) = (t * t, t * t * t);
                [
                    0.5 * (-t3 + 2.0 * t2 - t),
                    0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
                    0.5 * (-3.0 * t3 + 4.0 * t2 + t),
                    0.5 * (t3 - t2),
                ]
            }
        }
    }
}

/// What a layer of noise becomes before it is added.
#[derive(Clone, Copy, Debug, PartialEq)]
enum FractalType {
    Basic,
    TurbulentSmooth,
    TurbulentBasic,
    TurbulentSharp,
}

impl FractalType {
    #[inline(always)]
    fn apply(self, n: f32) -> f32 {
        let ridge = || (2.0 * n - 1.0).abs();
        match self {
            Self::Basic => n,
            Self::TurbulentSmooth => ridge() * ridge(),
            Self::TurbulentBasic => ridge(),
            Self::TurbulentSharp => ridge().sqrt(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Overflow {
    Clip,
    SoftClamp,
    WrapBack,
}

struct FractalNoise {
    fractal: FractalType,
    noise: NoiseType,
    inverted: bool,
    /// 1 is After Effects' 100.
    contrast: f32,
    brightness: f32,
    overflow: Overflow,
    /// Degrees clockwise.
    rotation: f64,
    /// 1 is After Effects' 100.
    scale: [f64; 2],
    offset: Option<[f64; 2]>,
    /// Layers of noise; the last one counts in part.
    complexity: f64,
    /// Weight and size of each layer of noise relative to the one before.
    sub_influence: f64,
    sub_scaling: f64,
    /// Degrees clockwise.
    sub_rotation: f64,
    sub_offset: [f64; 2],
    evolution: Evolution,
    /// 0..1.
    opacity: f64,
    blending: Blending,
}

/// Between which sets of random values the noise is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Evolution {
    seeds: [u32; 2],
    /// How much of each there is; squares add up to 1, so that the noise is always as strong.
    shares: [f32; 2],
}

impl Evolution {
    /// `cycle` is the number of revolutions after which it begins again.
    fn new(degrees: f64, cycle: Option<f64>, seed: f64) -> Self {
        let revolutions = degrees / 360.0;
        let (at, period) = match cycle {
            Some(cycle) => {
                // As many sets as fit the cycle best.
                let cycle = cycle.round().max(1.0);
                let sets = (cycle * SETS).round().max(1.0);
                (revolutions / cycle * sets, Some(sets))
            }
            None => (revolutions * SETS, None),
        };
        let whole = at.floor();
        let quarter = (at - whole) * std::f64::consts::FRAC_PI_2;
        let set = |number: f64| {
            let number = period.map_or(number, |period| number.rem_euclid(period));
            // Casts saturate.
            (number as i32 as u32).wrapping_mul(0x0068_bc21) ^ (seed as i32 as u32).wrapping_mul(0x02e5_be93)
        };
        Self {
            seeds: [set(whole), set(whole + 1.0)],
            shares: [libm::cos(quarter) as f32, libm::sin(quarter) as f32],
        }
    }

    #[inline(always)]
    fn value(self, x: i32, y: i32, salt: u32) -> f32 {
        let [a, b] = self.seeds.map(|seed| random(x, y, seed ^ salt) - 0.5);
        (0.5 + a * self.shares[0] + b * self.shares[1]).clamp(0.0, 1.0)
    }
}

impl FractalNoise {
    fn read(p: &Parameters) -> Self {
        let percent = |number, default| p.number(number, default) / 100.0;
        let size = |number| percent(number, 100.0).clamp(1e-3, 1e4);
        let scale = if p.flag(9, true) {
            [size(10), size(10)]
        } else {
            [size(11), size(12)]
        };
        let cycle = p.flag(25, false).then(|| p.number(26, 1.0));
        Self {
            fractal: match p.menu(1, 1) {
                3 => FractalType::TurbulentSmooth,
                4 => FractalType::TurbulentBasic,
                5 => FractalType::TurbulentSharp,
                _ => FractalType::Basic,
            },
            noise: match p.menu(2, 3) {
                1 => NoiseType::Block,
                2 => NoiseType::Linear,
                4 => NoiseType::Spline,
                _ => NoiseType::SoftLinear,
            },
            inverted: p.flag(3, false),
            contrast: percent(4, 100.0) as f32,
            brightness: percent(5, 0.0) as f32,
            overflow: match p.menu(6, 4) {
                2 => Overflow::SoftClamp,
                3 => Overflow::WrapBack,
                _ => Overflow::Clip,
            },
            rotation: p.number(8, 0.0),
            scale,
            offset: p.point(13),
            complexity: p.number(15, 6.0).clamp(1.0, 20.0),
            sub_influence: percent(17, 70.0).clamp(0.0, 100.0),
            sub_scaling: percent(18, 56.0).clamp(0.1, 100.0),
            sub_rotation: p.number(19, 0.0),
            sub_offset: p.point(20).unwrap_or([0.0; 2]),
            evolution: Evolution::new(p.number(23, 0.0), cycle, p.number(27, 0.0)),
            opacity: percent(29, 100.0).clamp(0.0, 1.0),
            blending: Blending::of_noise(p, 30, 2),
        }
    }

    /// The layers of noise over `rect`.
    fn octaves(&self, rect: IRect, stage: &Stage) -> Vec<Octave> {
        let space = stage.space;
        let [x, y] = self.offset.unwrap_or_else(|| space.center());
        // From pixels to the lattice.
        let mut map = Affine::scale(1.0 / CELL)
            * Affine::rotate(-self.rotation.to_radians())
            * Affine::scale_non_uniform(1.0 / self.scale[0], 1.0 / self.scale[1])
            * Affine::translate((-x, -y))
            * space.transform().inverse();
        let [ox, oy] = self.sub_offset.map(|v| v / CELL);
        let finer = Affine::scale(1.0 / self.sub_scaling)
            * Affine::rotate(-self.sub_rotation.to_radians())
            * Affine::translate((-ox, -oy));
        let mut octaves = Vec::new();
        let mut weight = 1.0;
        let mut left = self.complexity;
        let mut salt = 0u32;
        while left > 1e-6 && weight > 1e-4 {
            let share = weight * left.min(1.0);
            octaves.push(Octave::new(map, share as f32, salt, self, rect));
            left -= 1.0;
            weight *= self.sub_influence;
            map = finer * map;
            salt = salt.wrapping_add(0x3c6e_f372);
        }
        octaves
    }

    /// The grey of a sum of noise, 0..1.
    #[inline(always)]
    fn grey(&self, n: f32) -> f32 {
        let n = if self.inverted { 1.0 - n } else { n };
        let v = (n - 0.5) * self.contrast + 0.5 + self.brightness;
        match self.overflow {
            Overflow::Clip => v,
            Overflow::SoftClamp => {
                let s = 2.0 * v - 1.0;
                0.5 + 0.5 * s / (1.0 + s * s).sqrt()
            }
            Overflow::WrapBack => {
                let t = v.rem_euclid(2.0);
                if t > 1.0 { 2.0 - t } else { t }
            }
        }
    }
}

/// One layer of noise over a rectangle of pixels.
struct Octave {
    /// From pixels to the lattice.
    map: Affine,
    weight: f32,
    salt: u32,
    noise: NoiseType,
    fractal: FractalType,
    evolution: Evolution,
    /// The lattice's values that count, and where the first of them is.
    table: Vec<f32>,
    first: [i32; 2],
    width: usize,
    /// Of an upright lattice: for each column of pixels the first of its four values, and their weights.
    columns: Vec<(u32, [f32; 4])>,
}

impl Octave {
    fn new(map: Affine, weight: f32, salt: u32, of: &FractalNoise, rect: IRect) -> Self {
        // Blocks lie between the points of the lattice, all others have their values at the middles of cells.
        let shift = if of.noise == NoiseType::Block { 0.0 } else { -0.5 };
        let map = Affine::translate(Vec2::new(shift, shift)) * map;
        let pixels = Rect::new(
            f64::from(rect.x0),
            f64::from(rect.y0),
            f64::from(rect.x1),
            f64::from(rect.y1),
        );
        let reach = map.transform_rect_bbox(pixels);
        let mut octave = Self {
            map,
            weight,
            salt,
            noise: of.noise,
            fractal: of.fractal,
            evolution: of.evolution,
            table: Vec::new(),
            first: [0; 2],
            width: 0,
            columns: Vec::new(),
        };
        let [w, h] = [reach.width() + 6.0, reach.height() + 6.0];
        let near = [reach.x0, reach.y0, reach.x1, reach.y1].iter().all(|v| v.abs() < 1e9);
        if near && w * h <= MOST_VALUES {
            let (x0, y0) = (reach.x0.floor() as i32 - 2, reach.y0.floor() as i32 - 2);
            let (w, h) = (w as usize + 1, h as usize + 1);
            octave.first = [x0, y0];
            octave.width = w;
            octave.table.reserve(w * h);
            for y in 0..h as i32 {
                let row = (0..w as i32).map(|x| of.evolution.value(x0 + x, y0 + y, salt));
                octave.table.extend(row);
            }
            let [_, b, c, ..] = map.as_coeffs();
            if b == 0.0 && c == 0.0 {
                octave.columns.extend((rect.x0..rect.x1).map(|x| {
                    let u = (map * Point::new(f64::from(x) + 0.5, 0.0)).x;
                    let whole = u.floor();
                    let first = (whole as i32 - 1 - x0).clamp(0, w as i32 - 4);
                    (first as u32, of.noise.weights((u - whole) as f32))
                }));
            }
        }
        octave
    }

    #[inline(always)]
    fn value(&self, x: i32, y: i32) -> f32 {
        let (tx, ty) = (x.wrapping_sub(self.first[0]), y.wrapping_sub(self.first[1]));
        if tx >= 0
            && (tx as usize) < self.width
            && ty >= 0
            && let Some(value) = self.table.get(ty as usize * self.width + tx as usize)
        {
            return *value;
        }
        self.evolution.value(x, y, self.salt)
    }

    /// Adds a row of this layer of noise to `sums`; `between` is memory for a row of the lattice.
    fn add(&self, rect: IRect, y: i32, sums: &mut [f32], between: &mut Vec<f32>) {
        if self.columns.is_empty() {
            return self.add_turned(rect, y, sums);
        }
        let v = (self.map * Point::new(0.0, f64::from(y) + 0.5)).y;
        let whole = v.floor();
        let weights = self.noise.weights((v - whole) as f32);
        let row = whole as i32 - 1 - self.first[1];
        between.clear();
        between.resize(self.width, 0.0);
        for (k, weight) in weights.into_iter().enumerate().filter(|(_, weight)| *weight != 0.0) {
            let start = (row + k as i32).max(0) as usize * self.width;
            if let Some(values) = self.table.get(start..start + self.width) {
                for (sum, value) in between.iter_mut().zip(values) {
                    *sum += weight * value;
                }
            }
        }
        for (sum, (first, weights)) in sums.iter_mut().zip(&self.columns) {
            let values = &between[*first as usize..*first as usize + 4];
            let n = weights[0] * values[0] + weights[1] * values[1] + weights[2] * values[2] + weights[3] * values[3];
            *sum += self.weight * self.fractal.apply(n);
        }
    }

    fn add_turned(&self, rect: IRect, y: i32, sums: &mut [f32]) {
        let [a, b, ..] = self.map.as_coeffs();
        let start = self.map * Point::new(f64::from(rect.x0) + 0.5, f64::from(y) + 0.5);
        for (i, sum) in sums.iter_mut().enumerate() {
            let (u, v) = (start.x + a * i as f64, start.y + b * i as f64);
            let (x, y) = (u.floor(), v.floor());
            let across = self.noise.weights((u - x) as f32);
            let down = self.noise.weights((v - y) as f32);
            // Casts saturate.
            let (x, y) = (x as i32, y as i32);
            let mut n = 0.0;
            for (k, wy) in down.into_iter().enumerate().filter(|(_, w)| *w != 0.0) {
                for (j, wx) in across.into_iter().enumerate().filter(|(_, w)| *w != 0.0) {
                    let value = self.value(
                        x.wrapping_add(j as i32).wrapping_sub(1),
                        y.wrapping_add(k as i32).wrapping_sub(1),
                    );
                    n += wx * wy * value;
                }
            }
            *sum += self.weight * self.fractal.apply(n);
        }
    }
}

impl Draws for FractalNoise {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let layer = stage.fit(input, out);
        let mut drawn = stage.raster(out);
        let octaves = self.octaves(out, stage);
        let whole: f32 = octaves.iter().map(|octave| octave.weight).sum();
        let share = if whole > 0.0 { 1.0 / whole } else { 0.0 };
        let opaque = self.opacity as f32 * 255.0;
        let mut sums = vec![0.0f32; out.width()];
        let mut between = Vec::new();
        for (y, line) in drawn.rows_mut() {
            if layer.row(y).iter().all(|pixel| pixel[3] == 0) {
                continue;
            }
            sums.fill(0.0);
            for octave in &octaves {
                octave.add(out, y, &mut sums, &mut between);
            }
            for (pixel, sum) in line.iter_mut().zip(&sums) {
                let grey = (self.grey(sum * share).clamp(0.0, 1.0) * opaque + 0.5) as u8;
                *pixel = [grey, grey, grey, (opaque + 0.5) as u8];
            }
        }
        self.blending.combine(layer, drawn, true, stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_add_up_and_pass_through_the_values() {
        for noise in [
            NoiseType::Block,
            NoiseType::Linear,
            NoiseType::SoftLinear,
            NoiseType::Spline,
        ] {
            for t in [0.0, 0.25, 0.5, 0.9] {
                let sum: f32 = noise.weights(t).iter().sum();
                assert!((sum - 1.0).abs() < 1e-5, "{noise:?} {t} {sum}");
            }
            assert_eq!(noise.weights(0.0)[1], 1.0);
        }
    }

    #[test]
    fn evolution_comes_round_after_its_cycle() {
        for cycle in [1.0, 2.0, 5.0] {
            let at = |degrees| Evolution::new(degrees, Some(cycle), 3.0);
            assert_eq!(at(0.0), at(360.0 * cycle));
            assert_ne!(at(0.0), at(180.0 * cycle));
        }
        assert_ne!(Evolution::new(0.0, None, 0.0), Evolution::new(0.0, None, 1.0));
        // Numbers from strangers.
        let _ = Evolution::new(1e7, Some(-5.0), 1e7);
        let _ = Evolution::new(-1e7, None, -1e7);
    }
}
