//! CC Radial Blur: zooms and turns around a point.
//!
//! Measured on After Effects' output by others: the motion is the amount in 200ths of the whole, and samples are 1.9
//! pixels apart at a quality of 50, which shows as steps near the centre.

use super::remap::EVERYTHING;
use super::sweep::{Motion, Sweep};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["CC Radial Blur"],
    read: |p| Box::new(CcRadialBlur::read(p)),
};

struct CcRadialBlur {
    center: Option<[f64; 2]>,
    /// `None`: the menu's separator is chosen, and nothing is drawn.
    motion: Option<Motion>,
    spacing: f64,
    fading: bool,
}

impl CcRadialBlur {
    fn read(p: &Parameters) -> Self {
        let share = (p.number(2, 0.0) / 200.0).clamp(-1.25, 1.25);
        let turn = share * std::f64::consts::TAU;
        let kind = p.menu(1, 6);
        let motion = match kind {
            1 | 2 => Some(Motion::Zoom(1.0, 1.0 - share)),
            3 => Some(Motion::Zoom(1.0 - share / 2.0, 1.0 + share / 2.0)),
            4 => None,
            7 => Some(Motion::Turn(0.0, turn)),
            _ => Some(Motion::Turn(-turn / 2.0, turn / 2.0)),
        };
        Self {
            center: p.point(4),
            motion,
            spacing: 1.9 * 50.0 / p.number(3, 50.0).clamp(10.0, 100.0),
            fading: matches!(kind, 2 | 7),
        }
    }

    fn sweep(&self, space: &Space) -> Option<Sweep> {
        Some(Sweep {
            center: space.point(self.center.unwrap_or(space.center())),
            scale: space.scale,
            motion: self.motion?,
            spacing: self.spacing,
            fading: self.fading,
        })
    }
}

impl Draws for CcRadialBlur {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if ink.is_empty() || self.motion.is_none() {
            IRect::default()
        } else {
            ink.union(space.frame_pixels())
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        self.sweep(space)
            .map_or(IRect::default(), |sweep| sweep.needs(out).intersect(EVERYTHING))
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        if let Some(sweep) = self.sweep(&stage.space) {
            return sweep.draw(input, out, stage);
        }
        stage.give(input);
        stage.raster(out)
    }
}
