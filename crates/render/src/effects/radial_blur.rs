//! Radial Blur: a picture that spins or comes nearer.

use super::remap::EVERYTHING;
use super::sweep::{Motion, Sweep};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Radial Blur"],
    read: |p| Box::new(RadialBlur::read(p)),
};

struct RadialBlur {
    center: Option<[f64; 2]>,
    motion: Motion,
}

impl RadialBlur {
    fn read(p: &Parameters) -> Self {
        let amount = p.number(1, 10.0).max(0.0);
        let motion = if p.menu(3, 1) == 2 {
            let half = (amount / 200.0).min(1.0);
            Motion::Zoom(1.0 - half, 1.0 + half)
        } else {
            let half = (amount / 2.0).min(180.0).to_radians();
            Motion::Turn(-half, half)
        };
        Self {
            center: p.point(2),
            motion,
        }
    }

    fn sweep(&self, space: &Space) -> Sweep {
        Sweep {
            center: space.point(self.center.unwrap_or(space.center())),
            scale: space.scale,
            motion: self.motion,
            spacing: 1.5,
            fading: false,
        }
    }
}

impl Draws for RadialBlur {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if ink.is_empty() {
            ink
        } else {
            ink.union(space.frame_pixels())
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        self.sweep(space).needs(out).intersect(EVERYTHING)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let sweep = self.sweep(&stage.space);
        sweep.draw(input, out, stage)
    }
}
