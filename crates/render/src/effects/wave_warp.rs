//! Wave Warp: waves that run across the layer.

use std::f64::consts::TAU;

use super::remap::{Beyond, grown, warp};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Wave Warp"],
    read: |p| Box::new(WaveWarp::read(p)),
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Sine,
    Square,
    Triangle,
    Sawtooth,
    Circle,
    Semicircle,
    Uncircle,
    Noise,
    SmoothNoise,
}

/// The menu Wave Type.
const SHAPES: [Shape; 9] = [
    Shape::Sine,
    Shape::Square,
    Shape::Triangle,
    Shape::Sawtooth,
    Shape::Circle,
    Shape::Semicircle,
    Shape::Uncircle,
    Shape::Noise,
    Shape::SmoothNoise,
];

/// What stays in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Pinned {
    left: bool,
    top: bool,
    right: bool,
    bottom: bool,
    center: bool,
}

struct WaveWarp {
    shape: Shape,
    /// Pixels of the layer.
    height: f64,
    width: f64,
    /// The way the waves run.
    along: [f64; 2],
    /// Waves that have passed; any number.
    phase: f64,
    pinned: Pinned,
}

impl WaveWarp {
    fn read(p: &Parameters) -> Self {
        // Degrees clockwise from straight up.
        let angle = (p.number(4, 90.0) % 360.0).to_radians();
        Self {
            shape: SHAPES[(p.menu(1, 1).clamp(1, 9) - 1) as usize],
            height: p.number(2, 10.0).clamp(-32_000.0, 32_000.0),
            width: p.number(3, 40.0).max(1.0),
            along: [libm::sin(angle), -libm::cos(angle)],
            phase: p.number(7, 0.0) / 360.0 + p.number(5, 1.0) * p.effect().time,
            // Two entries of the menu are separators.
            pinned: match p.menu(6, 1) {
                2 => Pinned {
                    left: true,
                    top: true,
                    right: true,
                    bottom: true,
                    center: false,
                },
                3 => Pinned {
                    center: true,
                    ..Pinned::default()
                },
                5 => Pinned {
                    left: true,
                    ..Pinned::default()
                },
                6 => Pinned {
                    top: true,
                    ..Pinned::default()
                },
                7 => Pinned {
                    right: true,
                    ..Pinned::default()
                },
                8 => Pinned {
                    bottom: true,
                    ..Pinned::default()
                },
                10 => Pinned {
                    top: true,
                    bottom: true,
                    ..Pinned::default()
                },
                11 => Pinned {
                    left: true,
                    right: true,
                    ..Pinned::default()
                },
                _ => Pinned::default(),
            },
        }
    }
}

/// A number between -1 and 1 for each whole number.
fn random(i: f64) -> f64 {
    let mut h = (i.clamp(-1e15, 1e15) as i64 as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^= h >> 29;
    h = h.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h ^= h >> 32;
    (h >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

impl Shape {
    /// The wave at `x` wave widths, -1..1.
    fn at(self, x: f64) -> f64 {
        let t = x - x.floor();
        // The half wave: which way it goes, and from -1 to 1 across it.
        let (sign, half) = if t < 0.5 {
            (1.0, 4.0 * t - 1.0)
        } else {
            (-1.0, 4.0 * t - 3.0)
        };
        let arc = |v: f64| (1.0 - v * v).max(0.0).sqrt();
        match self {
            Self::Sine => libm::sin(t * TAU),
            Self::Square => sign,
            Self::Triangle => sign * (1.0 - half.abs()),
            Self::Sawtooth => 2.0 * t - 1.0,
            Self::Circle => sign * arc(half),
            Self::Semicircle => 2.0 * arc(2.0 * t - 1.0) - 1.0,
            Self::Uncircle => sign * (1.0 - arc(1.0 - half.abs())),
            Self::Noise => random((2.0 * x).floor()),
            Self::SmoothNoise => {
                let x = 2.0 * x;
                let (i, t) = (x.floor(), x - x.floor());
                let t = t * t * (3.0 - 2.0 * t);
                random(i) + (random(i + 1.0) - random(i)) * t
            }
        }
    }
}

impl Pinned {
    /// How freely a point of the layer moves, 0..1; edges hold what is nearer than `reach`.
    fn free(self, [x, y]: [f64; 2], [w, h]: [f64; 2], reach: f64) -> f64 {
        let mut free = 1.0;
        let mut hold = |on: bool, distance: f64| {
            if on {
                let t = (distance / reach).clamp(0.0, 1.0);
                free *= t * t * (3.0 - 2.0 * t);
            }
        };
        hold(self.left, x);
        hold(self.top, y);
        hold(self.right, w - x);
        hold(self.bottom, h - y);
        hold(self.center, libm::hypot(x - w / 2.0, y - h / 2.0));
        free
    }
}

impl Draws for WaveWarp {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        grown(ink, space.scale.map(|s| s * self.height.abs() + 1.0))
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        grown(out, space.scale.map(|s| s * self.height.abs() + 1.0))
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        if self.height == 0.0 {
            return stage.fit(input, out);
        }
        let size = stage.space.size;
        let [ax, ay] = self.along;
        warp(input, Beyond::Transparent, out, stage, |[x, y]| {
            let wave = self.shape.at((x * ax + y * ay) / self.width - self.phase);
            let mut far = self.height * wave;
            if self.pinned != Pinned::default() {
                far *= self.pinned.free([x, y], size, self.width);
            }
            // Across the way the waves run.
            [x - ay * far, y + ax * far]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(Shape::Sine.at(0.25), 1.0) && near(Shape::Sine.at(3.75), -1.0));
        assert!(near(Shape::Triangle.at(0.25), 1.0) && near(Shape::Triangle.at(0.125), 0.5));
        assert!(near(Shape::Circle.at(0.25), 1.0) && near(Shape::Circle.at(0.5), 0.0));
        assert!(near(Shape::Uncircle.at(0.25), 1.0) && near(Shape::Uncircle.at(0.0), 0.0));
        assert!(near(Shape::Sawtooth.at(-0.25), 0.5));
        for shape in SHAPES {
            for i in -50..50 {
                assert!(shape.at(f64::from(i) * 0.173).abs() <= 1.0 + 1e-9, "{shape:?}");
            }
        }
        assert_eq!(Shape::Noise.at(3.1), Shape::Noise.at(3.4));
        assert_ne!(Shape::Noise.at(3.1), Shape::Noise.at(3.6));
    }

    #[test]
    fn pinned_edges_stay() {
        let all = Pinned {
            left: true,
            right: true,
            ..Pinned::default()
        };
        assert_eq!(all.free([0.0, 50.0], [100.0, 100.0], 20.0), 0.0);
        assert_eq!(all.free([50.0, 0.0], [100.0, 100.0], 20.0), 1.0);
    }
}
