//! Blurs around a point: the mean of a picture as it grows or turns.

use super::Stage;
use super::remap::rounded;
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// Most samples of a pixel.
const MOST: usize = 256;

/// How the picture moves, from .0 to .1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Motion {
    /// It is seen from these shares of the distance from the centre.
    Zoom(f64, f64),
    /// It is turned by these angles, radians clockwise.
    Turn(f64, f64),
}

/// A blur around a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sweep {
    /// The centre, pixels.
    pub center: [f64; 2],
    /// Pixels here in a pixel of the layer, in x and y: turning is round in the layer.
    pub scale: [f64; 2],
    pub motion: Motion,
    /// Pixels between samples.
    pub spacing: f64,
    /// Samples count less and less, down to nothing at the end of the motion.
    pub fading: bool,
}

/// A pixel before a place, and one after; casts saturate.
fn low_pixel(v: f64) -> i32 {
    (v.floor() as i32).saturating_sub(1)
}

fn high_pixel(v: f64) -> i32 {
    (v.ceil() as i32).saturating_add(1)
}

impl Sweep {
    /// The pixels of the input that count for `out`.
    pub fn needs(&self, out: IRect) -> IRect {
        if out.is_empty() {
            return out;
        }
        let [cx, cy] = self.center;
        match self.motion {
            Motion::Zoom(from, to) => {
                // Each side where it is and at both ends of the motion.
                let side = |low: i32, high: i32, c: f64| {
                    let mut range = (f64::INFINITY, f64::NEG_INFINITY);
                    for v in [f64::from(low), f64::from(high)] {
                        for s in [from, to] {
                            let v = c + (v - c) * s;
                            range = (range.0.min(v), range.1.max(v));
                        }
                    }
                    (low_pixel(range.0), high_pixel(range.1))
                };
                let (x0, x1) = side(out.x0, out.x1, cx);
                let (y0, y1) = side(out.y0, out.y1, cy);
                IRect::new(x0, y0, x1, y1)
            }
            Motion::Turn(from, to) => {
                if from == to {
                    return out;
                }
                // All that turning may bring: a square (of the layer) around the centre.
                let reach = |low: i32, high: i32, c: f64, scale: f64| {
                    (f64::from(low) - c).abs().max((f64::from(high) - c).abs()) / scale
                };
                let far = libm::hypot(
                    reach(out.x0, out.x1, cx, self.scale[0]),
                    reach(out.y0, out.y1, cy, self.scale[1]),
                );
                let [rx, ry] = self.scale.map(|s| far * s);
                IRect::new(
                    low_pixel(cx - rx),
                    low_pixel(cy - ry),
                    high_pixel(cx + rx),
                    high_pixel(cy + ry),
                )
            }
        }
    }

    /// Draws `out`.
    pub fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let (from, to) = match self.motion {
            Motion::Zoom(from, to) | Motion::Turn(from, to) => (from, to),
        };
        if from == to && matches!(self.motion, Motion::Turn(..)) || (from, to) == (1.0, 1.0) {
            return stage.fit(input, out);
        }
        let mut picture = stage.raster(out);
        if input.rect().is_empty() {
            return picture;
        }
        let [cx, cy] = self.center;
        let spacing = self.spacing.max(0.1);
        let range = (to - from).abs();
        // Turning by the first angle, and by each step for every count of samples.
        let first = (libm::cos(from), libm::sin(from));
        let steps: Vec<(f64, f64)> = (0..=MOST)
            .map(|n| {
                let step = (to - from) / n.max(1) as f64;
                (libm::cos(step), libm::sin(step))
            })
            .collect();
        let [sx, sy] = self.scale;
        for (y, row) in picture.rows_mut() {
            let dy = f64::from(y) + 0.5 - cy;
            for (x, pixel) in (out.x0..).zip(row) {
                let dx = f64::from(x) + 0.5 - cx;
                let streak = range * (dx * dx + dy * dy).sqrt();
                // As many samples as the streak is long.
                let n = ((streak / spacing).ceil() as usize).clamp(1, MOST);
                let mut sum = [0.0_f32; 4];
                let mut weights = 0.0;
                let mut add = |x: f64, y: f64, weight: f32| {
                    let one = input.at(x, y);
                    for c in 0..4 {
                        sum[c] += one[c] * weight;
                    }
                    weights += weight;
                };
                let weight = |i: usize| {
                    if self.fading {
                        1.0 - (i as f32 + 0.5) / (n as f32 + 1.0)
                    } else {
                        1.0
                    }
                };
                match self.motion {
                    Motion::Zoom(..) => {
                        let step = (to - from) / n as f64;
                        for i in 0..n {
                            let s = from + step * i as f64;
                            add(cx + dx * s, cy + dy * s, weight(i));
                        }
                    }
                    Motion::Turn(..) => {
                        // In the layer, where circles are round.
                        let (lx, ly) = (dx / sx, dy / sy);
                        let (mut x, mut y) = (lx * first.0 - ly * first.1, lx * first.1 + ly * first.0);
                        let (c, s) = steps[n];
                        for i in 0..=n {
                            add(cx + x * sx, cy + y * sy, weight(i));
                            (x, y) = (x * c - y * s, x * s + y * c);
                        }
                    }
                }
                *pixel = rounded(sum.map(|v| v / weights));
            }
        }
        stage.give(input);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_within_the_motion() {
        let sweep = |motion| Sweep {
            center: [50.0, 50.0],
            scale: [1.0, 1.0],
            motion,
            spacing: 1.0,
            fading: false,
        };
        let out = IRect::new(60, 40, 100, 60);
        let zoom = sweep(Motion::Zoom(0.5, 1.0)).needs(out);
        assert!(zoom.contains(out) && zoom.contains(IRect::new(55, 45, 100, 55)) && zoom.x1 <= 101);
        let turn = sweep(Motion::Turn(-0.1, 0.1)).needs(out);
        assert!(turn.contains(IRect::new(0, 0, 100, 100)) && turn.x0 >= -3);
        assert_eq!(sweep(Motion::Turn(0.0, 0.0)).needs(out), out);
    }
}
