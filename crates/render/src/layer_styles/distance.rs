//! Distances from the edge of a shape given by its antialiased alpha.

use crate::rect::IRect;
use crate::surface::Plane;

/// Memory of distance fields; reused.
#[derive(Debug, Default)]
pub(crate) struct DistanceScratch {
    /// Distance of each pixel's centre from the edge, pixels.
    distances: Vec<f32>,
    /// From each pixel to the pixel its distance is measured to.
    steps: Vec<[i16; 2]>,
}

/// Distances over a rectangle.
pub(super) struct Distances<'a> {
    rect: IRect,
    values: &'a [f32],
}

impl Distances<'_> {
    /// Row `y`, one value a pixel: the distance of its centre from the edge, negative inside within a pixel of it.
    pub fn row(&self, y: i32) -> &[f32] {
        let width = self.rect.width();
        &self.values[(y - self.rect.y0) as usize * width..][..width]
    }
}

/// How far from a pixel's centre the edge is that leaves the share `alpha` of the pixel inside, seen from outside in
/// direction `(x, y)`, pixels; negative when the edge lies before the centre.
///
/// A straight edge across that direction cuts a corner off the pixel, runs through two opposite sides, or leaves a corner.
fn edge(x: f32, y: f32, alpha: f32) -> f32 {
    let (mut u, mut v) = (x.abs(), y.abs());
    if u < v {
        std::mem::swap(&mut u, &mut v);
    }
    if v == 0.0 {
        return 0.5 - alpha;
    }
    let length = (u * u + v * v).sqrt();
    let (u, v) = (u / length, v / length);
    // The share of the pixel in the corner up to where the edge reaches the next one.
    let corner = 0.5 * v / u;
    if alpha < corner {
        0.5 * (u + v) - (2.0 * u * v * alpha).sqrt()
    } else if alpha <= 1.0 - corner {
        (0.5 - alpha) * u
    } else {
        (2.0 * u * v * (1.0 - alpha)).sqrt() - 0.5 * (u + v)
    }
}

/// Distances over `rect` from the shape in `alpha`, or, `inverted`, from everything around it. Beyond `most` pixels they are
/// only known to be more.
pub(super) fn distances<'a>(
    alpha: &Plane,
    inverted: bool,
    rect: IRect,
    most: f32,
    scratch: &'a mut DistanceScratch,
) -> Distances<'a> {
    let (width, height) = (rect.width(), rect.height());
    let DistanceScratch { distances, steps } = scratch;
    distances.clear();
    distances.resize(width * height, f32::INFINITY);
    steps.clear();
    steps.resize(width * height, [0; 2]);
    let at = |x: i32, y: i32| {
        let value = alpha.at(rect.x0 + x, rect.y0 + y);
        f32::from(if inverted { 255 - value } else { value }) / 255.0
    };
    for y in 0..height {
        for x in 0..width {
            let a = at(x as i32, y as i32);
            if a > 0.0 {
                distances[y * width + x] = 0.5 - a;
            }
        }
    }
    let (w, h) = (width as i32, height as i32);
    // Looks whether the neighbour at (dx, dy) knows a nearer pixel of the shape.
    let look = |distances: &mut [f32], steps: &mut [[i16; 2]], x: i32, y: i32, dx: i32, dy: i32| {
        let (nx, ny) = (x + dx, y + dy);
        if nx < 0 || ny < 0 || nx >= w || ny >= h {
            return;
        }
        let (own, other) = ((y * w + x) as usize, (ny * w + nx) as usize);
        if distances[other] > most || distances[other] > distances[own] + 1.0 {
            return;
        }
        let step = [
            steps[other][0].saturating_add(dx as i16),
            steps[other][1].saturating_add(dy as i16),
        ];
        let (sx, sy) = (f32::from(step[0]), f32::from(step[1]));
        let seed = at(x + i32::from(step[0]), y + i32::from(step[1]));
        let distance = (sx * sx + sy * sy).sqrt() + edge(sx, sy, seed);
        if distance < distances[own] {
            distances[own] = distance;
            steps[own] = step;
        }
    };
    for y in 0..h {
        for x in 0..w {
            for (dx, dy) in [(-1, 0), (0, -1), (-1, -1), (1, -1)] {
                look(distances, steps, x, y, dx, dy);
            }
        }
        for x in (0..w).rev() {
            look(distances, steps, x, y, 1, 0);
        }
    }
    for y in (0..h).rev() {
        for x in (0..w).rev() {
            for (dx, dy) in [(1, 0), (0, 1), (1, 1), (-1, 1)] {
                look(distances, steps, x, y, dx, dy);
            }
        }
        for x in 0..w {
            look(distances, steps, x, y, -1, 0);
        }
    }
    Distances {
        rect,
        values: distances,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::Pool;

    /// A disc of radius 20 around (40.3, 40.6), antialiased by 8 x 8 samples.
    fn disc() -> Plane {
        let rect = IRect::new(0, 0, 80, 80);
        let mut plane = Pool::default().plane(rect);
        for (i, value) in plane.touch_all().iter_mut().enumerate() {
            let (x, y) = ((i % 80) as f32, (i / 80) as f32);
            let mut inside = 0;
            for s in 0..64 {
                let (sx, sy) = (x + (s % 8) as f32 / 8.0 + 0.0625, y + (s / 8) as f32 / 8.0 + 0.0625);
                inside += u32::from(libm::hypotf(sx - 40.3, sy - 40.6) < 20.0);
            }
            *value = (inside * 255 / 64) as u8;
        }
        plane
    }

    #[test]
    fn distances_from_a_disc_are_exact_to_a_fraction_of_a_pixel() {
        let plane = disc();
        for inverted in [false, true] {
            let mut scratch = DistanceScratch::default();
            let found = distances(&plane, inverted, plane.rect, 100.0, &mut scratch);
            let (mut sum, mut count) = (0.0, 0.0);
            for y in 0..80 {
                for x in 0..80 {
                    let wanted = libm::hypotf(x as f32 + 0.5 - 40.3, y as f32 + 0.5 - 40.6) - 20.0;
                    let wanted = if inverted { -wanted } else { wanted };
                    let got = found.row(y)[x as usize];
                    if wanted > 0.0 {
                        assert!((got - wanted).abs() < 0.2, "({x}, {y}): {got} instead of {wanted}");
                        sum += (got - wanted).abs();
                        count += 1.0;
                    }
                }
            }
            assert!(sum / count < 0.04, "{}", sum / count);
        }
    }

    #[test]
    fn nothing_is_infinitely_far_and_edges_know_their_share() {
        let plane = Pool::default().plane(IRect::new(0, 0, 4, 4));
        let mut scratch = DistanceScratch::default();
        let found = distances(&plane, false, plane.rect, 10.0, &mut scratch);
        assert!(found.row(2).iter().all(|d| d.is_infinite()));
        assert_eq!(edge(1.0, 0.0, 1.0), -0.5);
        assert!((edge(1.0, 1.0, 0.5)).abs() < 1e-6);
        assert!((edge(1.0, 1.0, 1.0) + 0.5f32.sqrt()).abs() < 1e-6);
        assert!((edge(-3.0, 4.0, 0.0) - 0.7).abs() < 1e-6);
    }
}
