//! The effects of a layer, one after another.

use filmpress_evaluate::frame::Effects;

use super::{Draws, Space, Stage, read};
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// How far beyond what shows effects are given input, pixels.
const MARGIN: i32 = 2048;

/// The effects of a layer with their values and how much of each shows.
pub(crate) struct Chain(Vec<(Box<dyn Draws>, f32)>);

impl Chain {
    pub fn new(effects: &Effects) -> Self {
        let list = effects.list.iter();
        Self(
            list.filter_map(|effect| Some((read(effect)?, effect.opacity)))
                .collect(),
        )
    }

    /// The pixels that may show, when those of the input may show inside `ink`.
    pub fn reach(&self, ink: IRect, space: &Space) -> IRect {
        self.0.iter().fold(ink, |ink, (effect, _)| effect.reach(ink, space))
    }

    /// The rectangles to compute for `out`: the input's, then each effect's.
    pub fn plan(&self, ink: IRect, out: IRect, space: &Space) -> Vec<IRect> {
        let most = out.inflate(MARGIN);
        let mut plan = vec![ink.intersect(most)];
        for (effect, _) in &self.0 {
            let ink = effect.reach(plan[plan.len() - 1], space).intersect(most);
            plan.push(if ink.is_empty() { IRect::default() } else { ink });
        }
        let mut out = out;
        for (i, (effect, _)) in self.0.iter().enumerate().rev() {
            plan[i + 1] = plan[i + 1].intersect(out);
            if plan[i + 1].is_empty() {
                plan[i + 1] = IRect::default();
            }
            out = if plan[i + 1].is_empty() {
                IRect::default()
            } else {
                effect.needs(plan[i + 1], space)
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
        for ((effect, opacity), out) in self.0.iter().zip(&plan[1..]) {
            let before = (*opacity < 1.0).then(|| stage.copy(&picture, *out));
            picture = effect.draw(picture, *out, stage);
            if let Some(before) = before {
                picture.mix(&before, 1.0 - opacity);
                stage.give(before);
            }
        }
        picture
    }
}
