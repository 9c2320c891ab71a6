//! Minimax: every channel the least or the greatest of those in a square around it.

use filmpress_pixels::{premultiply, unpremultiply};

use super::{Definition, Draws, Parameters, Space, Stage, matte};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Minimax"],
    read: |p| Box::new(Minimax::read(p)),
};

struct Minimax {
    /// One or two after another; true for the greatest.
    stages: Vec<bool>,
    /// Half of the square's side, pixels of the layer.
    radius: f64,
    /// Which of red, green, blue and alpha change.
    channels: [bool; 4],
    horizontal: bool,
    vertical: bool,
    /// What lies beyond the layer does not count.
    keep_edges: bool,
}

impl Minimax {
    fn read(p: &Parameters) -> Self {
        let direction = p.menu(4, 1);
        Self {
            stages: match p.menu(1, 2) {
                1 => vec![false],
                3 => vec![false, true],
                4 => vec![true, false],
                _ => vec![true],
            },
            radius: p.number(2, 0.0).clamp(0.0, 32_000.0),
            channels: match p.menu(3, 1) {
                2 => [true; 4],
                3 => [true, false, false, false],
                4 => [false, true, false, false],
                5 => [false, false, true, false],
                6 => [false, false, false, true],
                _ => [true, true, true, false],
            },
            horizontal: direction != 3,
            vertical: direction != 2,
            keep_edges: p.flag(5, false),
        }
    }

    /// Pixels in x and y.
    fn radii(&self, space: &Space) -> [i32; 2] {
        let at = |on: bool, scale: f64| {
            if on {
                (self.radius * scale).round().min(4000.0) as i32
            } else {
                0
            }
        };
        [at(self.horizontal, space.scale[0]), at(self.vertical, space.scale[1])]
    }

    fn around(&self, rect: IRect, space: &Space, times: usize) -> IRect {
        let [x, y] = self.radii(space).map(|r| r.saturating_mul(times as i32));
        IRect::new(
            rect.x0.saturating_sub(x),
            rect.y0.saturating_sub(y),
            rect.x1.saturating_add(x),
            rect.y1.saturating_add(y),
        )
    }
}

impl Draws for Minimax {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if self.channels[3] && self.stages.contains(&true) {
            matte::grown(ink, self.around(ink, space, 1), space)
        } else {
            ink
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        self.around(out, space, self.stages.len())
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let space = stage.space;
        let [rx, ry] = self.radii(&space).map(|r| r as usize);
        let rect = self
            .around(out, &space, self.stages.len())
            .intersect(space.frame_pixels().union(out));
        if out.is_empty() || (rx == 0 && ry == 0) {
            return stage.fit(input, out);
        }
        // Straight colours: those of thin pixels count as much as others.
        let mut picture = stage.fit(input, rect);
        for pixel in picture.pixels_mut() {
            *pixel = unpremultiply(*pixel);
        }
        for greatest in &self.stages {
            slide(&mut picture, [rx, ry], *greatest, self.channels, self.keep_edges);
        }
        for pixel in picture.pixels_mut() {
            *pixel = premultiply(*pixel);
        }
        stage.fit(picture, out)
    }
}

/// The least or the greatest of a rectangle around every pixel, along x, then along y; beyond the picture there is 0.
pub(super) fn slide(picture: &mut Raster, radii: [usize; 2], greatest: bool, channels: [bool; 4], keep_edges: bool) {
    let (width, height) = (picture.rect().width(), picture.rect().height());
    if width == 0 || height == 0 {
        return;
    }
    let mut window = Window::default();
    window.start(greatest, channels, keep_edges);
    if radii[0] > 0 {
        for row in picture.pixels_mut().chunks_exact_mut(width) {
            window.slide(row, 0, 1, width, radii[0]);
        }
    }
    if radii[1] > 0 {
        for x in 0..width {
            window.slide(picture.pixels_mut(), x, width, height, radii[1]);
        }
    }
}

/// Least or greatest values under a sliding window, in constant time for each: of every block as long as the window the
/// best from its start and the best to its end are known; a window is the end of one block and the start of the next.
#[derive(Default)]
struct Window {
    greatest: bool,
    channels: [bool; 4],
    /// What lies beyond the line.
    beyond: u8,
    line: Vec<[u8; 4]>,
    from_start: Vec<[u8; 4]>,
    to_end: Vec<[u8; 4]>,
}

impl Window {
    fn start(&mut self, greatest: bool, channels: [bool; 4], keep_edges: bool) {
        self.greatest = greatest;
        self.channels = channels;
        self.beyond = if keep_edges && !greatest { 255 } else { 0 };
    }

    fn best(&self, a: [u8; 4], b: [u8; 4]) -> [u8; 4] {
        if self.greatest {
            [0, 1, 2, 3].map(|i| a[i].max(b[i]))
        } else {
            [0, 1, 2, 3].map(|i| a[i].min(b[i]))
        }
    }

    /// Replaces `count` pixels from `first` on, `step` apart, each by the best within `radius`.
    fn slide(&mut self, pixels: &mut [[u8; 4]], first: usize, step: usize, count: usize, radius: usize) {
        let size = 2 * radius + 1;
        // Whole blocks.
        let length = (count + 2 * radius).div_ceil(size) * size;
        self.line.clear();
        self.line.resize(length, [self.beyond; 4]);
        for (i, pixel) in pixels.iter().skip(first).step_by(step).take(count).enumerate() {
            self.line[radius + i] = *pixel;
        }
        self.from_start.clear();
        self.from_start.extend_from_slice(&self.line);
        self.to_end.clear();
        self.to_end.extend_from_slice(&self.line);
        for i in 1..length {
            if i % size != 0 {
                self.from_start[i] = self.best(self.from_start[i - 1], self.from_start[i]);
            }
            let k = length - 1 - i;
            if k % size != size - 1 {
                self.to_end[k] = self.best(self.to_end[k + 1], self.to_end[k]);
            }
        }
        for (i, pixel) in pixels.iter_mut().skip(first).step_by(step).take(count).enumerate() {
            let best = self.best(self.to_end[i], self.from_start[i + 2 * radius]);
            for c in 0..4 {
                if self.channels[c] {
                    pixel[c] = best[c];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_find_the_least_and_the_greatest() {
        let values: Vec<u8> = (0..37u32).map(|i| (i * 7919 % 251) as u8).collect();
        for radius in [1_usize, 2, 5, 18, 40] {
            for greatest in [false, true] {
                let mut window = Window::default();
                window.start(greatest, [true, true, true, false], true);
                let mut line: Vec<[u8; 4]> = values.iter().map(|v| [*v, 0, 0, 9]).collect();
                window.slide(&mut line, 0, 1, 37, radius);
                for i in 0..values.len() {
                    let near = &values[i.saturating_sub(radius)..(i + radius + 1).min(37)];
                    let expected = if greatest { near.iter().max() } else { near.iter().min() };
                    assert_eq!(Some(&line[i][0]), expected, "{i} {radius} {greatest}");
                    assert_eq!(line[i][3], 9);
                }
            }
        }
    }

    #[test]
    fn what_lies_beyond_is_least_unless_edges_are_kept() {
        for (keep, expected) in [(false, 0), (true, 5)] {
            let mut window = Window::default();
            window.start(false, [true; 4], keep);
            let mut line = [[5; 4]; 3];
            window.slide(&mut line, 0, 1, 3, 1);
            assert_eq!(line[0], [expected; 4]);
            assert_eq!(line[1], [5; 4]);
        }
    }
}
