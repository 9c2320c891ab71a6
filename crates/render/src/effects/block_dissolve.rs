//! Block Dissolve: blocks vanish in a random order.

use super::cover::{cover, transition};
use super::gaussian_blur::SIGMA;
use super::random::random;
use super::{Definition, Draws, Parameters, Stage};
use crate::blur::{self, BoxBlur};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Block Dissolve"],
    read: |p| Box::new(BlockDissolve::read(p)),
};

struct BlockDissolve {
    /// 0..1.
    completion: f32,
    /// Of a block, pixels of the layer.
    block: [f64; 2],
    /// Standard deviation of the edges, pixels of the layer.
    sigma: f64,
}

impl BlockDissolve {
    fn read(p: &Parameters) -> Self {
        Self {
            completion: (p.number(1, 0.0) / 100.0).clamp(0.0, 1.0) as f32,
            block: [2, 3].map(|number| p.number(number, 1.0).max(1.0)),
            sigma: p.number(4, 0.0).max(0.0) * SIGMA,
        }
    }
}

impl Draws for BlockDissolve {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        transition(input, out, f64::from(self.completion), stage, |picture, stage| {
            let space = stage.space;
            let sigmas = space.scale.map(|s| s * self.sigma);
            let around = blur::reach(out, &sigmas.map(BoxBlur::gaussian));
            let mut left = stage.draw.scratch.pool.plane(around);
            let [bw, bh] = self.block;
            let columns: Vec<i32> = (around.x0..around.x1)
                .map(|x| (space.unpoint([f64::from(x) + 0.5, 0.0])[0] / bw).floor() as i32)
                .collect();
            for y in around.y0..around.y1 {
                let row = (space.unpoint([0.0, f64::from(y) + 0.5])[1] / bh).floor() as i32;
                let mut last = (i32::MIN, 0);
                for (alpha, column) in left.touch(y, around.x0, around.x1).iter_mut().zip(&columns) {
                    if *column != last.0 {
                        let gone = random(*column, row, 1) < self.completion;
                        last = (*column, if gone { 0 } else { 255 });
                    }
                    *alpha = last.1;
                }
            }
            stage.blur_plane(&mut left, sigmas);
            cover(picture, stage, |y, x0, row| {
                row.copy_from_slice(left.row(y, x0, x0 + row.len() as i32));
            });
            stage.give_plane(left);
        })
    }
}
