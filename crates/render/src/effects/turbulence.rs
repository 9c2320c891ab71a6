//! Soft noise that moves: random numbers on a grid, splines between them, octaves on top of each other.

use std::f64::consts::TAU;

/// Distance between the numbers, in sizes of the turbulence.
const SPACING: f64 = 1.12;
/// An octave's size and strength beside the one before.
const FINER: f64 = 0.56;
const WEAKER: f64 = 0.7;
/// Most octaves.
const OCTAVES: u32 = 10;
/// Makes the deviation of one octave 0.27.
const STRENGTH: f64 = 0.8;
/// Most numbers of an octave.
const MOST: usize = 1 << 23;

/// What the noise is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    /// Pixels.
    pub size: f64,
    /// Octaves; the last may count in part.
    pub complexity: f64,
    /// Revolutions; any number.
    pub evolution: f64,
    /// The noise is the same again after so many revolutions.
    pub cycle: Option<f64>,
    pub seed: u32,
}

/// Noise over a rectangle.
pub(super) struct Turbulence(Vec<Octave>);

struct Octave {
    /// Pixels between numbers.
    spacing: f64,
    /// Of the first number.
    column: f64,
    row: f64,
    width: usize,
    numbers: Vec<f32>,
    weight: f64,
}

fn hash(mut h: u64) -> u64 {
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}

/// The number of a place of the grid, -1..1.
fn number(column: i64, row: i64, salt: u64, look: &Look) -> f32 {
    let h = hash(salt ^ hash((column as u64) ^ hash(row as u64)));
    let part = |bits: u64| (bits & 0xff_ffff) as f64 / f64::from(1 << 24);
    // Every number turns by itself, some faster, some backwards.
    let mut rate = part(h >> 32) * 2.0 - 1.0;
    if let Some(cycle) = look.cycle {
        rate = (rate * cycle).round() / cycle;
    }
    let turns = part(h) + rate * look.evolution;
    libm::sin((turns - turns.floor()) * TAU) as f32
}

/// Weights of four numbers for a share of the way between the middle two, and their derivatives.
fn spline(t: f64) -> ([f64; 4], [f64; 4]) {
    let s = 1.0 - t;
    (
        [
            s * s * s / 6.0,
            (4.0 - 6.0 * t * t + 3.0 * t * t * t) / 6.0,
            (4.0 - 6.0 * s * s + 3.0 * s * s * s) / 6.0,
            t * t * t / 6.0,
        ],
        [
            -0.5 * s * s,
            (3.0 * t * t - 4.0 * t) / 2.0,
            -(3.0 * s * s - 4.0 * s) / 2.0,
            0.5 * t * t,
        ],
    )
}

impl Turbulence {
    /// Noise for points between `from` and `to`, pixels; `smallest` is the length below which nothing shows.
    pub fn new(look: &Look, channel: u32, from: [f64; 2], to: [f64; 2], smallest: f64) -> Self {
        let mut octaves = Vec::new();
        let (mut spacing, mut strength, mut all) = (look.size * SPACING, 1.0, 0.0);
        for i in 0..OCTAVES {
            let part = (look.complexity - f64::from(i)).clamp(0.0, 1.0) * strength;
            if part <= 0.0 {
                break;
            }
            all += part;
            let salt = hash(u64::from(look.seed) << 16 | u64::from(channel) << 8 | u64::from(i));
            octaves.extend(Octave::new(look, salt, spacing, part, from, to, smallest));
            spacing *= FINER;
            strength *= WEAKER;
        }
        for octave in &mut octaves {
            octave.weight *= STRENGTH / all.max(1e-9);
        }
        Self(octaves)
    }

    /// No noise.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// The noise at a point, and how it rises in x and y over the distance between numbers of the first octave.
    pub fn at(&self, x: f64, y: f64) -> [f64; 3] {
        let mut sum = [0.0; 3];
        let first = self.0.first().map_or(1.0, |o| o.spacing);
        for octave in &self.0 {
            let [value, dx, dy] = octave.at(x, y);
            let steep = octave.weight * first / octave.spacing;
            sum[0] += value * octave.weight;
            sum[1] += dx * steep;
            sum[2] += dy * steep;
        }
        sum
    }
}

impl Octave {
    fn new(
        look: &Look,
        salt: u64,
        spacing: f64,
        weight: f64,
        from: [f64; 2],
        to: [f64; 2],
        smallest: f64,
    ) -> Option<Self> {
        let place = |v: f64| (v / spacing).floor().clamp(-1e12, 1e12);
        let (column, row) = (place(from[0]) - 1.0, place(from[1]) - 1.0);
        let count = |low: f64, high: f64| (place(high) + 3.0 - low).clamp(4.0, 1e6) as usize;
        let (width, height) = (count(column, to[0]), count(row, to[1]));
        if spacing.is_nan() || spacing < smallest || width.checked_mul(height)? > MOST {
            return None;
        }
        let mut numbers = Vec::with_capacity(width * height);
        for j in 0..height {
            numbers.extend((0..width).map(|i| number(column as i64 + i as i64, row as i64 + j as i64, salt, look)));
        }
        Some(Self {
            spacing,
            column,
            row,
            width,
            numbers,
            weight,
        })
    }

    fn at(&self, x: f64, y: f64) -> [f64; 3] {
        let (u, v) = (x / self.spacing, y / self.spacing);
        let (wx, dx) = spline(u - u.floor());
        let (wy, dy) = spline(v - v.floor());
        // Casts saturate.
        let (i, j) = ((u.floor() - self.column) as i64, (v.floor() - self.row) as i64);
        let mut sum = [0.0; 3];
        for k in 0..4 {
            // Points beyond what was asked for have the noise of the rim.
            let row = (j.saturating_add(k - 1).max(0) as usize).min(self.numbers.len() / self.width - 1);
            let row = &self.numbers[row * self.width..][..self.width];
            let (mut value, mut rise) = (0.0, 0.0);
            for m in 0..4 {
                let column = (i.saturating_add(m - 1).max(0) as usize).min(self.width - 1);
                value += f64::from(row[column]) * wx[m as usize];
                rise += f64::from(row[column]) * dx[m as usize];
            }
            sum[0] += value * wy[k as usize];
            sum[1] += rise * wy[k as usize];
            sum[2] += value * dy[k as usize];
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look {
        size: 20.0,
        complexity: 1.0,
        evolution: 0.0,
        cycle: None,
        seed: 0,
    };

    fn noise(look: &Look) -> Turbulence {
        Turbulence::new(look, 0, [0.0; 2], [1000.0; 2], 1.0)
    }

    #[test]
    fn as_strong_as_measured() {
        let noise = noise(&LOOK);
        let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
        for y in (0..1000).step_by(7) {
            for x in (0..1000).step_by(7) {
                let v = noise.at(f64::from(x), f64::from(y))[0];
                sum += v;
                squares += v * v;
                n += 1.0;
            }
        }
        let deviation = (squares / n - (sum / n) * (sum / n)).sqrt();
        assert!((deviation - 0.27).abs() < 0.03, "{deviation}");
    }

    #[test]
    fn a_part_is_as_the_whole() {
        let part = Turbulence::new(&LOOK, 0, [333.0, 500.0], [340.0, 520.0], 1.0);
        for (x, y) in [(333.0, 500.0), (339.9, 519.9), (336.5, 507.25)] {
            assert_eq!(part.at(x, y), noise(&LOOK).at(x, y));
        }
    }

    #[test]
    fn cycles_come_back_and_slopes_are_slopes() {
        let look = |evolution| Look {
            evolution,
            cycle: Some(2.0),
            ..LOOK
        };
        let (a, b) = (noise(&look(0.25)), noise(&look(2.25)));
        assert!((a.at(40.0, 50.0)[0] - b.at(40.0, 50.0)[0]).abs() < 1e-5);
        assert!((a.at(40.0, 50.0)[0] - noise(&look(0.75)).at(40.0, 50.0)[0]).abs() > 1e-3);
        let step = 1e-4;
        let slope = (a.at(40.0 + step, 50.0)[0] - a.at(40.0, 50.0)[0]) / step * (20.0 * SPACING);
        assert!((slope - a.at(40.0, 50.0)[1]).abs() < 1e-3);
    }
}
