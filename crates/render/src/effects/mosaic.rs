//! Mosaic: blocks of one colour.

use super::remap::{EVERYTHING, around};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Mosaic"],
    read: |p| Box::new(Mosaic::read(p)),
};

struct Mosaic {
    /// Blocks across and down the layer.
    blocks: [f64; 2],
    /// Blocks have the colour of a pixel, not of the mean.
    sharp: bool,
}

/// The blocks along one axis, in pixels.
struct Blocks {
    /// Where the first begins, and how long each is.
    start: f64,
    length: f64,
    count: f64,
}

/// What part of a pixel lies in which blocks.
struct Share {
    block: usize,
    /// Of the pixel, 0..1.
    first: f32,
    /// In the next block.
    second: f32,
}

impl Blocks {
    fn new(start: f64, end: f64, count: f64) -> Self {
        Self {
            start,
            length: (end - start) / count,
            count,
        }
    }

    /// The pixels of all blocks that `low..high` touches.
    fn whole(&self, low: i32, high: i32) -> (i32, i32) {
        if self.length.is_nan() || self.length <= 0.0 {
            return (low, high);
        }
        let block = |v: f64| ((v - self.start) / self.length).clamp(0.0, self.count);
        let (a, b) = (block(f64::from(low)).floor(), block(f64::from(high)).ceil());
        (
            ((self.start + a * self.length).floor() as i32).min(low),
            ((self.start + b * self.length).ceil() as i32).max(high),
        )
    }

    /// The first block that counts for pixels from `low` on.
    fn first(&self, low: i32) -> f64 {
        ((f64::from(low) - self.start) / self.length)
            .floor()
            .clamp(0.0, self.count - 1.0)
    }

    /// For each pixel of `low..high` its blocks, counted from `first`.
    fn shares(&self, low: i32, high: i32, first: f64) -> Vec<Share> {
        let last = self.count - 1.0;
        (low..high)
            .map(|pixel| {
                let (a, b) = (f64::from(pixel), f64::from(pixel) + 1.0);
                let block = ((a - self.start) / self.length).floor().clamp(first, last);
                let (from, to) = (
                    self.start + block * self.length,
                    self.start + (block + 1.0) * self.length,
                );
                let within = |from: f64, to: f64| (b.min(to) - a.max(from)).clamp(0.0, 1.0) as f32;
                Share {
                    block: (block - first) as usize,
                    first: within(from, to),
                    second: if block < last {
                        within(to, to + self.length)
                    } else {
                        0.0
                    },
                }
            })
            .collect()
    }
}

impl Mosaic {
    fn read(p: &Parameters) -> Self {
        let count = |number| p.number(number, 10.0).round().clamp(1.0, 4000.0);
        Self {
            blocks: [count(1), count(2)],
            sharp: p.flag(3, false),
        }
    }

    /// Blocks of a pixel and less are none: no more of them than pixels.
    fn axes(&self, space: &Space) -> [Blocks; 2] {
        let frame = space.frame();
        let [w, h] = [frame.width(), frame.height()].map(|v| v.floor().max(1.0));
        [
            Blocks::new(frame.x0, frame.x1, self.blocks[0].min(w)),
            Blocks::new(frame.y0, frame.y1, self.blocks[1].min(h)),
        ]
    }
}

impl Draws for Mosaic {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        self.needs(ink, space)
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        let out = out.intersect(around(space.frame()));
        if out.is_empty() {
            return IRect::default();
        }
        let [x, y] = self.axes(space);
        let ((x0, x1), (y0, y1)) = (x.whole(out.x0, out.x1), y.whole(out.y0, out.y1));
        IRect::new(x0, y0, x1, y1)
            .intersect(around(space.frame()))
            .intersect(EVERYTHING)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let space = stage.space;
        let mut picture = stage.raster(out);
        let all = self.needs(out, &space);
        let [x, y] = self.axes(&space);
        if all.is_empty() || input.rect().is_empty() {
            stage.give(input);
            return picture;
        }
        let (left, top) = (x.first(all.x0), y.first(all.y0));
        let columns = x.shares(all.x0, all.x1, left);
        let rows = y.shares(all.y0, all.y1, top);
        let width = columns.last().map_or(0, |s| s.block + 2);
        let height = rows.last().map_or(0, |s| s.block + 2);
        let colors = if self.sharp {
            pixels(&input, &space, [&x, &y], [left, top], [width, height])
        } else {
            means(&input, all, &columns, &rows, [width, height])
        };
        for (py, row) in picture.rows_mut() {
            let Some(down) = (py >= all.y0).then(|| rows.get((py - all.y0) as usize)).flatten() else {
                continue;
            };
            for (px, pixel) in (out.x0..).zip(row) {
                let Some(across) = (px >= all.x0).then(|| columns.get((px - all.x0) as usize)).flatten() else {
                    continue;
                };
                let mut mixed = [0.5; 4];
                for (j, v) in [(0, down.first), (1, down.second)] {
                    for (i, u) in [(0, across.first), (1, across.second)] {
                        let color = colors[(down.block + j) * width + across.block + i];
                        for c in 0..4 {
                            mixed[c] += color[c] * u * v;
                        }
                    }
                }
                *pixel = mixed.map(|v| v as u8);
            }
        }
        stage.give(input);
        picture
    }
}

/// The mean of every block, premultiplied, 0..255.
fn means(input: &Raster, all: IRect, columns: &[Share], rows: &[Share], [width, height]: [usize; 2]) -> Vec<[f32; 4]> {
    let mut sums = vec![[0.0_f32; 4]; width * height];
    let mut line = vec![[0.0_f32; 4]; width];
    let (mut across, mut down) = (vec![0.0_f32; width], vec![0.0_f32; height]);
    for share in columns {
        across[share.block] += share.first;
        across[share.block + 1] += share.second;
    }
    for share in rows {
        down[share.block] += share.first;
        down[share.block + 1] += share.second;
    }
    for (y, row) in (all.y0..all.y1).zip(rows) {
        if y < input.rect().y0 || y >= input.rect().y1 {
            continue;
        }
        line.fill([0.0; 4]);
        for (x, share) in (all.x0..).zip(columns) {
            let pixel = input.pixel(x, y);
            if pixel[3] == 0 {
                continue;
            }
            for c in 0..4 {
                let v = f32::from(pixel[c]);
                line[share.block][c] += v * share.first;
                line[share.block + 1][c] += v * share.second;
            }
        }
        for (j, weight) in [(0, row.first), (1, row.second)] {
            let into = &mut sums[(row.block + j) * width..][..width];
            for (sum, line) in into.iter_mut().zip(&line) {
                for c in 0..4 {
                    sum[c] += line[c] * weight;
                }
            }
        }
    }
    for (j, line) in sums.chunks_exact_mut(width).enumerate() {
        for (i, sum) in line.iter_mut().enumerate() {
            let area = across[i] * down[j];
            *sum = sum.map(|v| if area > 0.0 { v / area } else { 0.0 });
        }
    }
    sums
}

/// The last pixel of every block, as After Effects takes it.
fn pixels(
    input: &Raster,
    space: &Space,
    [x, y]: [&Blocks; 2],
    [left, top]: [f64; 2],
    [width, height]: [usize; 2],
) -> Vec<[f32; 4]> {
    // The middle of the layer's pixel.
    let last = |blocks: &Blocks, first: f64, i: usize, scale: f64| {
        (blocks.start + (first + i as f64 + 1.0) * blocks.length - scale / 2.0).floor() as i32
    };
    let mut colors = Vec::with_capacity(width * height);
    for j in 0..height {
        let py = last(y, top, j, space.scale[1]);
        colors.extend((0..width).map(|i| input.pixel(last(x, left, i, space.scale[0]), py).map(f32::from)));
    }
    colors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_on_a_boundary_belong_to_both_blocks() {
        // 10 pixels, 4 blocks of 2.5.
        let blocks = Blocks::new(0.0, 10.0, 4.0);
        let shares = blocks.shares(0, 10, 0.0);
        assert_eq!((shares[2].block, shares[2].first, shares[2].second), (0, 0.5, 0.5));
        assert_eq!((shares[5].block, shares[5].first, shares[5].second), (2, 1.0, 0.0));
        assert_eq!((shares[9].block, shares[9].first, shares[9].second), (3, 1.0, 0.0));
        assert_eq!(blocks.whole(3, 4), (2, 5));
        assert_eq!(blocks.first(6), 2.0);
    }
}
