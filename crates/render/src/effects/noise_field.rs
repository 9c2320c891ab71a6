//! Fields of smooth random values: layers of noise, each finer and weaker than the one before.

use kurbo::{Affine, Point, Rect, Vec2};

use super::random::random;
use crate::rect::IRect;

/// Distance of the random values at a scale of 100, pixels of the layer. Other renderers measured it on After Effects'
/// output, as they did the next one.
pub(super) const CELL: f64 = 64.0;
/// Sets of random values that evolution passes in a revolution.
const SETS: f64 = std::f64::consts::FRAC_PI_2;
/// Most random values of a layer of noise that are kept; where there would be more, each is made as it is needed.
const MOST_VALUES: f64 = 4e6;

/// How values between those of the lattice are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum NoiseType {
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
pub(super) enum FractalType {
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

/// Between which sets of random values the noise is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evolution {
    seeds: [u32; 2],
    /// How much of each there is; squares add up to 1, so that the noise is always as strong.
    shares: [f32; 2],
}

impl Evolution {
    /// `cycle` is the number of revolutions after which it begins again.
    pub fn new(degrees: f64, cycle: Option<f64>, seed: f64) -> Self {
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

/// What a field of noise is made of.
#[derive(Clone, Debug)]
pub(super) struct Noise {
    pub kind: NoiseType,
    pub fractal: FractalType,
    /// From pixels of the layer to units of the first lattice: whole numbers are its points.
    pub map: Affine,
    /// Layers of noise; the last one counts in part.
    pub complexity: f64,
    /// Weight of each layer of noise relative to the one before.
    pub influence: f64,
    /// From the units of a layer of noise to those of the next.
    pub finer: Affine,
    pub evolution: Evolution,
}

/// A field of noise over a rectangle of pixels.
pub(super) struct Field {
    octaves: Vec<Octave>,
    /// One by the weight of all layers.
    share: f32,
    rect: IRect,
    between: Vec<f32>,
}

impl Field {
    /// The field over `rect` of pixels that `transform` maps the layer to.
    pub fn new(noise: &Noise, transform: Affine, rect: IRect) -> Self {
        let mut map = noise.map * transform.inverse();
        let mut octaves: Vec<Octave> = Vec::new();
        let mut weight = 1.0;
        let mut left = noise.complexity.clamp(1.0, 20.0);
        let mut salt = 0u32;
        while left > 1e-6 && weight > 1e-4 {
            let share = weight * left.min(1.0);
            octaves.push(Octave::new(map, share as f32, salt, noise, rect));
            left -= 1.0;
            weight *= noise.influence;
            map = noise.finer * map;
            salt = salt.wrapping_add(0x3c6e_f372);
        }
        let whole: f32 = octaves.iter().map(|octave| octave.weight).sum();
        Self {
            octaves,
            share: if whole > 0.0 { 1.0 / whole } else { 0.0 },
            rect,
            between: Vec::new(),
        }
    }

    /// Row `y` of the field, about 0..1; `out` is as long as the rectangle is wide.
    pub fn row(&mut self, y: i32, out: &mut [f32]) {
        out.fill(0.0);
        for octave in &self.octaves {
            octave.add(self.rect, y, out, &mut self.between);
        }
        for value in out {
            *value *= self.share;
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
    fn new(map: Affine, weight: f32, salt: u32, of: &Noise, rect: IRect) -> Self {
        // Blocks lie between the points of the lattice, all others have their values at the middles of cells.
        let shift = if of.kind == NoiseType::Block { 0.0 } else { -0.5 };
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
            noise: of.kind,
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
                    (first as u32, of.kind.weights((u - whole) as f32))
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
