//! Simple Choker: alpha shrunk or spread.

use super::matte::{self, Ramp};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Simple Choker"],
    read: |p| Box::new(SimpleChoker::read(p)),
};

/// A blur of alpha and a steep ramp at a level away from the middle. The numbers were measured on what After Effects
/// draws for chokes of a few pixels.
struct SimpleChoker {
    /// Pixels of the layer, roughly; below 0 it spreads.
    choke: f64,
    /// Alpha is shown as grey.
    matte: bool,
}

impl SimpleChoker {
    fn read(p: &Parameters) -> Self {
        Self {
            choke: p.number(2, 0.0).clamp(-100.0, 100.0),
            matte: p.menu(1, 1) == 2,
        }
    }

    fn sigmas(&self, space: &Space) -> [f64; 2] {
        space.scale.map(|s| s * (0.635 * self.choke.abs()).sqrt())
    }

    fn blurs(&self, space: &Space) -> [BoxBlur; 2] {
        self.sigmas(space).map(BoxBlur::gaussian)
    }

    fn ramp(&self) -> Ramp {
        let level = if self.choke > 0.0 { 0.875 } else { 0.125 };
        let half = 0.375 / self.choke.abs().max(1e-3);
        Ramp::new(level - half, level + half)
    }
}

impl Draws for SimpleChoker {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if self.matte {
            ink.union(space.frame_pixels())
        } else if self.choke < 0.0 {
            matte::grown(ink, blur::reach(ink, &self.blurs(space)), space)
        } else {
            ink
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        blur::reach(out, &self.blurs(space))
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let source = blur::reach(out, &self.blurs(&stage.space));
        let mut alphas = stage.alphas(&input, source);
        stage.blur_plane(&mut alphas, self.sigmas(&stage.space));
        let ramp = self.ramp();
        let picture = matte::with_alpha(input, out, self.matte, stage, |x, y| ramp.at(alphas.at(x, y)));
        stage.give_plane(alphas);
        picture
    }
}
