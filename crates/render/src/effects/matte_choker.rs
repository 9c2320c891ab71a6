//! Matte Choker: alpha blurred and shrunk or spread, in two steps, several times.

use super::matte::{self, Ramp};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Matte Choker"],
    read: |p| Box::new(MatteChoker::read(p)),
};

/// Most times both steps are done.
const MOST_ITERATIONS: u32 = 20;

struct MatteChoker {
    steps: [Step; 2],
    iterations: u32,
}

#[derive(Clone, Copy)]
struct Step {
    /// Geometric softness, pixels.
    softness: f64,
    /// -127..127, below 0 it spreads.
    choke: f64,
    /// Grey level softness, 0..1.
    grey: f64,
}

impl Step {
    fn sigmas(&self, space: &Space) -> [f64; 2] {
        space.scale.map(|s| s * self.softness / 2.0)
    }

    fn ramp(&self) -> Ramp {
        let level = 0.5 + self.choke / 254.0;
        Ramp::new(level - self.grey / 2.0, level + self.grey / 2.0)
    }
}

impl MatteChoker {
    fn read(p: &Parameters) -> Self {
        let step = |first: u32, softness: f64, choke: f64, grey: f64| Step {
            softness: p.number(first, softness).clamp(0.0, 100.0),
            choke: p.number(first + 1, choke).clamp(-127.0, 127.0),
            grey: p.number(first + 2, grey).clamp(0.0, 1.0),
        };
        Self {
            steps: [step(1, 4.0, 75.0, 0.1), step(4, 0.0, 0.0, 1.0)],
            iterations: p.number(7, 1.0).round().clamp(1.0, f64::from(MOST_ITERATIONS)) as u32,
        }
    }

    /// All steps in order.
    fn all(&self) -> impl Iterator<Item = &Step> {
        (0..self.iterations).flat_map(|_| &self.steps)
    }

    fn blurred(&self, rect: IRect, space: &Space) -> IRect {
        self.all().fold(rect, |rect, step| {
            blur::reach(rect, &step.sigmas(space).map(BoxBlur::gaussian))
        })
    }
}

impl Draws for MatteChoker {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        matte::grown(ink, self.blurred(ink, space), space)
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        self.blurred(out, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let source = self.blurred(out, &stage.space);
        let mut alphas = stage.alphas(&input, source);
        for step in self.all() {
            stage.blur_plane(&mut alphas, step.sigmas(&stage.space));
            step.ramp().apply(alphas.touch_all());
        }
        let picture = matte::with_alpha(input, out, false, stage, |x, y| alphas.at(x, y));
        stage.give_plane(alphas);
        picture
    }
}
