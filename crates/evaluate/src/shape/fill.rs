//! Fill: one colour inside.

use filmpress_composition::Group;

use super::{Look, Painter};
use crate::compile::Compile;
use crate::frame::{FillRule, Paint, PathStyle};
use crate::interpolate::{Blended, Number, Track};

#[derive(Debug)]
struct Fill {
    rule: FillRule,
    color: Track<Blended<[f64; 4]>>,
    opacity: Track<Number>,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Painter> {
    Box::new(Fill {
        rule: rule(c, item),
        color: c.color(item, "ADBE Vector Fill Color"),
        opacity: c.number(item, "ADBE Vector Fill Opacity"),
    })
}

/// Which points are inside.
pub(super) fn rule(c: &mut Compile, item: &Group) -> FillRule {
    if c.menu(item, "ADBE Vector Fill Rule") == 2 {
        FillRule::EvenOdd
    } else {
        FillRule::NonZero
    }
}

/// An opacity in percent as 0..1; `None` at 0, where nothing shows.
pub(super) fn visible(percent: f64) -> Option<f32> {
    let opacity = (percent / 100.0).min(1.0) as f32;
    (opacity > 0.0).then_some(opacity)
}

impl Painter for Fill {
    fn look(&self, time: f64) -> Option<Look> {
        Some(Look {
            opacity: visible(self.opacity.at(time))?,
            style: PathStyle::Fill(self.rule),
            paint: Paint::Solid(self.color.at(time).map(|x| x.clamp(0.0, 1.0) as f32)),
        })
    }

    fn is_animated(&self) -> bool {
        self.color.is_animated() || self.opacity.is_animated()
    }
}
