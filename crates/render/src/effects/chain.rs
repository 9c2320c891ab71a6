//! The effects of a layer, one after another.

use filmpress_evaluate::frame::Effects;

use super::{Draws, Space, Stage, read};
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// How far beyond what shows effects are given input, pixels.
const MARGIN: i32 = 2048;

/// The effects of a layer with their values and how much of each shows.
pub(crate) struct Chain(Vec<Link>);

struct Link {
    effect: Box<dyn Draws>,
    opacity: f32,
    /// Number of its place.
    origin: u32,
}

impl Chain {
    pub fn new(effects: &Effects) -> Self {
        let list = effects.list.iter();
        Self(
            list.filter_map(|effect| {
                Some(Link {
                    effect: read(effect)?,
                    opacity: effect.opacity,
                    origin: effect.origin,
                })
            })
            .collect(),
        )
    }

    /// The pixels that may show, when those of the input may show inside `ink`.
    pub fn reach(&self, ink: IRect, space: &Space) -> IRect {
        self.0.iter().fold(ink, |ink, link| link.effect.reach(ink, space))
    }

    /// The rectangles to compute for `out`: the input's, then each effect's.
    pub fn plan(&self, ink: IRect, out: IRect, space: &Space) -> Vec<IRect> {
        let most = out.inflate(MARGIN);
        let mut plan = vec![ink.intersect(most)];
        for link in &self.0 {
            let ink = link.effect.reach(plan[plan.len() - 1], space).intersect(most);
            plan.push(if ink.is_empty() { IRect::default() } else { ink });
        }
        let mut out = out;
        for (i, link) in self.0.iter().enumerate().rev() {
            plan[i + 1] = plan[i + 1].intersect(out);
            if plan[i + 1].is_empty() {
                plan[i + 1] = IRect::default();
            }
            out = if plan[i + 1].is_empty() {
                IRect::default()
            } else {
                link.effect.needs(plan[i + 1], space)
            };
        }
        plan[0] = plan[0].intersect(out);
        if plan[0].is_empty() {
            plan[0] = IRect::default();
        }
        plan
    }

    /// Applies the effects to `picture`, which holds the first rectangle of `plan`.
    pub fn draw(&self, picture: Raster, plan: &[IRect], stage: &mut Stage) -> Raster {
        let mut picture = picture;
        for (link, out) in self.0.iter().zip(&plan[1..]) {
            if let Some(meter) = &mut stage.draw.meter {
                meter.enter(link.origin);
            }
            let before = (link.opacity < 1.0).then(|| stage.copy(&picture, *out));
            picture = link.effect.draw(picture, *out, stage);
            if let Some(before) = before {
                picture.mix(&before, 1.0 - link.opacity);
                stage.give(before);
            }
            if let Some(meter) = &mut stage.draw.meter {
                meter.leave();
            }
        }
        picture
    }
}
